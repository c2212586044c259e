//! `nas suggest`: proposals against an enumeration of all settings of small networks, and what it writes for every built-in spec.

use std::path::PathBuf;
use std::process::Command;

use nas::analyze::Dial;
use nas::analyze::Goal;
use nas::analyze::Proposal;
use nas::analyze::Proposed;
use nas::analyze::Suggested;
use nas::analyze::suggest;
use nas::base::Shape;
use nas::cli::BUILT_IN;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Multilinear;
use nas::op::Conv;
use proptest::prelude::*;
use serde_json::Value;

/// Layers of 1 x 1 with biases on four pixels, one after the other, ending in ten classes; with `twice`, each reads the layer before the
/// one above as well.
fn net(widths: &[u32], twice: bool) -> Graph {
    let mut net = GraphBuilder::new("net");
    let mut last = net.input("image", Shape::new(3, 2, 2));
    let mut before = None;
    for (at, &width) in widths.iter().chain(&[10]).enumerate() {
        let source = match before.filter(|_| twice) {
            Some(before) => net.add(nas::op::Concat, &[before, last]),
            None => last,
        };
        before = Some(last);
        last = net.layer(&format!("l{at}"), [Conv::new(width, 1).into()], &[source]);
    }
    net.output("main", last);
    net.finish().expect("fits")
}

/// Multiply-adds and parameters of that network, by hand.
fn totals(widths: &[u32], twice: bool) -> (i128, i128) {
    let (mut links, mut biases) = (0, 0);
    let chain: Vec<i128> = [3].into_iter().chain(widths.iter().copied()).chain([10]).map(i128::from).collect();
    for at in 1..chain.len() {
        let more = if twice && at > 1 { chain[at - 2] } else { 0 };
        links += (chain[at - 1] + more) * chain[at];
        biases += chain[at];
    }
    (4 * links, links + biases)
}

/// A sum of shares as one fraction over the product of the widths.
fn shares(widths: &[u32], to: &[u32]) -> (i128, i128) {
    let whole: i128 = widths.iter().map(|&width| i128::from(width)).product();
    let part = widths.iter().zip(to).map(|(&from, &to)| i128::from(from - to) * whole / i128::from(from)).sum();
    (part, whole)
}

/// Every setting: each width as it is, or a smaller multiple.
fn settings(widths: &[u32], multiple: u32) -> Vec<Vec<u32>> {
    widths.iter().fold(vec![Vec::new()], |all, &width| {
        let values = || (1..width).filter(|to| to % multiple == 0).chain([width]);
        all.iter().flat_map(|start| values().map(|to| start.iter().copied().chain([to]).collect())).collect()
    })
}

/// All widths by the largest factor that is enough, tried one by one over a denominator at which every number changes.
fn scaled(widths: &[u32], multiple: u32, enough: impl Fn(&[u32]) -> bool) -> Option<Vec<u32>> {
    let parts: u64 = 2 * widths.iter().map(|&width| u64::from(width)).product::<u64>();
    (0..parts).rev().find_map(|part| {
        let nearest = |&width: &u32| {
            let values = (1..width).filter(|to| to % multiple == 0).chain([width]);
            // Distances times the denominator; the lower of two comes first.
            values.min_by_key(|&to| (u64::from(to) * parts).abs_diff(u64::from(width) * part)).expect("its own width")
        };
        let to: Vec<u32> = widths.iter().map(nearest).collect();
        enough(&to).then_some(to)
    })
}

fn widths_of(proposal: &Proposal, widths: &[u32]) -> Vec<u32> {
    let mut to = widths.to_vec();
    proposal.changes.iter().for_each(|&(dial, width)| to[dial] = width);
    to
}

fn hold(widths: &[u32], twice: bool, multiple: u32, madds: Option<u64>, params: Option<u64>) -> Result<(), TestCaseError> {
    let form = Multilinear::of(&net(widths, twice));
    let now = totals(widths, twice);
    prop_assert_eq!((form.totals().madds, form.totals().params), now);
    let enough = |to: &[u32]| {
        let (there, learned) = totals(to, twice);
        madds.is_none_or(|most| there <= i128::from(most)) && params.is_none_or(|most| learned <= i128::from(most))
    };
    let Suggested { proposals, lower } = suggest(&form, &Dial::knobs(&form), Goal { madds, params, multiple });
    if enough(widths) {
        prop_assert!(proposals.is_empty());
        return Ok(());
    }
    let all = settings(widths, multiple);
    let changed = |to: &[u32]| to.iter().zip(widths).filter(|(to, from)| to != from).count();
    let cheapest = |count: &dyn Fn(usize) -> bool| {
        let fitting = all.iter().filter(|to| count(changed(to)) && enough(to));
        fitting.map(|to| shares(widths, to).0).min()
    };
    let find = |kind: Proposed| proposals.iter().find(|proposal| proposal.kind == kind);
    for proposal in &proposals {
        let to = widths_of(proposal, widths);
        prop_assert!(enough(&to), "{proposal:?}");
        prop_assert_eq!((proposal.totals.madds, proposal.totals.params), totals(&to, twice), "{:?}", proposal);
        let (part, whole) = shares(widths, &to);
        let ratio = proposal.relative;
        prop_assert_eq!(part * ratio.whole.cast_signed(), whole * ratio.part.cast_signed(), "{:?}", proposal);
    }
    let price = |kind: Proposed| find(kind).map(|proposal| shares(widths, &widths_of(proposal, widths)).0);
    prop_assert_eq!(price(Proposed::Single), cheapest(&|count| count == 1));
    prop_assert_eq!(price(Proposed::Pair), cheapest(&|count| count == 2));
    prop_assert_eq!(price(Proposed::Mixed), cheapest(&|_| true));
    prop_assert_eq!(find(Proposed::Mixed).map(|mixed| mixed.relative), lower);
    let uniform = find(Proposed::Uniform).map(|uniform| widths_of(uniform, widths));
    prop_assert_eq!(uniform, scaled(widths, multiple, enough));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn proposals_are_those_of_an_enumeration(
        widths in prop::collection::vec(2u32..=26, 1..=3),
        twice in any::<bool>(),
        multiple in prop::sample::select(vec![1u32, 4, 8]),
        shares in [40u64..110, 40u64..110],
        limited in 0usize..3,
    ) {
        let (madds, params) = totals(&widths, twice);
        let most = |total: i128, share: u64| (total as u64 * share / 100).max(1);
        let madds = (limited != 1).then(|| most(madds, shares[0]));
        let params = (limited != 0).then(|| most(params, shares[1]));
        hold(&widths, twice, multiple, madds, params)?;
    }
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_nas"))
        .args(args)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env_remove("COLUMNS")
        .output()
        .expect("runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(args);
    assert_eq!(code, Some(0), "{args:?}: {err}");
    serde_json::from_str(&out).expect("JSON")
}

/// The text with a mark in the place of each number at one of these places.
fn marked(text: &str, places: &[(usize, usize)], numbers: &[u64]) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    // From the end, so that columns before stay.
    let mut all: Vec<_> = places.iter().zip(numbers).collect();
    all.sort_unstable();
    for (&(line, column), number) in all.into_iter().rev() {
        let digits = number.to_string();
        let line = &mut lines[line - 1];
        let start = line.char_indices().nth(column - 1).expect("is in the line").0;
        assert_eq!(&line[start..start + digits.len()], digits, "{line}");
        line.replace_range(start..start + digits.len(), "#");
    }
    lines.join("\n")
}

/// Every proposal is written so that it counts what it promises, and changes nothing but its numbers.
#[test]
fn what_is_written_counts_what_was_promised_and_keeps_all_else() {
    let mut written = 0;
    for (name, text) in BUILT_IN {
        let madds = json(&["analyze", name, "--format", "json"])["totals"]["madds"].as_u64().expect("an integer");
        let budget = (madds * 97 / 100).to_string();
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("suggested-{name}.yaml"));
        let _ = std::fs::remove_file(&path);
        let file = path.to_str().expect("UTF-8");
        let (code, out, err) = run(&["suggest", name, "--budget", &budget, "--format", "json", "--take", "uniform", "-o", file]);
        let found: Value = serde_json::from_str(&out).expect("JSON");
        let proposals = found["proposals"].as_array().expect("a list");
        let sum = |proposal: &Value| proposal["relative_change"].as_f64().expect("a number");
        let mixed = proposals.iter().find(|proposal| proposal["kind"] == "mixed");
        for proposal in proposals {
            assert!(proposal["madds"].as_u64() <= budget.parse().ok(), "{name}: {proposal}");
            assert!(sum(mixed.expect("where one fits, a set does")) <= sum(proposal), "{name}: {proposal}");
        }
        assert!(found["lower_bound"].as_f64() <= mixed.map(sum), "{name}");
        let Some(uniform) = proposals.iter().find(|proposal| proposal["kind"] == "uniform") else {
            // Nothing of it can be changed where it stands: then every width is told to be written elsewhere.
            assert_eq!(code, Some(2), "{name}: {err}");
            assert!(!path.exists() && !found["not_editable"].as_array().expect("a list").is_empty(), "{name}");
            continue;
        };
        assert_eq!(code, Some(0), "{name}: {err}");
        let changed = std::fs::read_to_string(&path).expect("is written");
        let totals = &json(&["analyze", file, "--format", "json"])["totals"];
        assert_eq!((&totals["madds"], &totals["params"]), (&uniform["madds"], &uniform["params"]), "{name}");
        let changes = uniform["changes"].as_array().expect("a list");
        let number = |change: &Value, key: &str| change[key].as_u64().expect("an integer");
        let before: Vec<(usize, usize)> =
            changes.iter().map(|change| (number(change, "line") as usize, number(change, "column") as usize)).collect();
        let [from, to] = ["from", "to"].map(|key| changes.iter().map(|change| number(change, key)).collect::<Vec<u64>>());
        // In the new text a column has moved by what the numbers before it in their line have lost.
        let digits = |number: u64| number.to_string().len();
        let after: Vec<(usize, usize)> = before
            .iter()
            .map(|&(line, column)| {
                let earlier = (0..before.len()).filter(|&other| before[other].0 == line && before[other].1 < column);
                (line, column - earlier.map(|other| digits(from[other]) - digits(to[other])).sum::<usize>())
            })
            .collect();
        assert_eq!(marked(text, &before, &from), marked(&changed, &after, &to), "{name}");
        written += 1;
    }
    assert!(written >= 25, "{written}");
}

#[test]
fn googlenet_fits_with_a_quarter_of_one_reduction_less() {
    let found = json(&["suggest", "googlenet", "--format", "json"]);
    // 16 filters less in `reduce2` save 16 * 3136 * (64 + 9 * 192): see tests/check.rs.
    let madds = 1_582_671_872_u64 - 16 * 3136 * (64 + 9 * 192);
    for kind in ["single", "mixed"] {
        let proposals = found["proposals"].as_array().expect("a list");
        let proposal = proposals.iter().find(|proposal| proposal["kind"] == kind).expect("is there");
        assert_eq!(proposal["madds"], madds);
        assert_eq!(proposal["changes"][0]["layers"][0], serde_json::json!({"path": "reduce2", "from": 64, "to": 48}));
        assert_eq!(proposal["relative_change"], 0.25);
    }
    assert_eq!(found["lower_bound"], 0.25);
}

/// A number that several layers share is changed once; what a formula makes of it follows.
#[test]
fn a_shared_number_moves_all_that_hangs_on_it() {
    let spec = "nas: 1   # first
input: {image: [3, 8, 8]}
vars: {n: 32}                # shared
modules:
  block: {args: {w: required}, net: {a: {conv: w}, b: {conv: 2 * w}}}
net:
  stem: {conv: n}            # by name
  body: {block: {w: 24}, repeat: 2}
  twin: {conv: \"n\"}
  last: {fc: 10}
";
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let [from, to] = ["shared.yaml", "shared-less.yaml"].map(|name| folder.join(name));
    std::fs::write(&from, spec).expect("is written");
    let [from, to] = [&from, &to].map(|path| path.to_str().expect("UTF-8"));
    let madds = json(&["analyze", from, "--format", "json"])["totals"]["madds"].as_u64().expect("an integer");
    let budget = (madds * 60 / 100).to_string();
    let found = json(&["suggest", from, "--budget", &budget, "--take", "pair", "--format", "json", "-o", to]);
    assert_eq!(found["not_editable"], serde_json::json!([]));
    let changed = std::fs::read_to_string(to).expect("is written");
    let pair = found["proposals"].as_array().expect("a list").iter().find(|proposal| proposal["kind"] == "pair").expect("a pair");
    let [n, w] = [0, 1].map(|at| pair["changes"][at]["to"].as_u64().expect("an integer"));
    assert_eq!(changed, spec.replace("n: 32", &format!("n: {n}")).replace("w: 24", &format!("w: {w}")));
    let layers = |at: usize| pair["changes"][at]["layers"].as_array().expect("a list").len();
    assert_eq!((layers(0), layers(1)), (2, 4));
}

#[test]
fn what_cannot_be_is_said() {
    for (args, code, says) in [
        (&["suggest", "lenet5"][..], 2, "`lenet5` has no budget; give one"),
        (&["suggest", "googlenet", "--budget", "madd=1G"], 2, "a budget has no `madd`"),
        (&["suggest", "googlenet", "--budget", "memory=1M"], 2, "memory is no sum over layers"),
        (&["suggest", "googlenet", "--budget", "0"], 2, "must be at least 1"),
        (&["suggest", "googlenet", "--budget", "10k"], 1, "nothing fits"),
        (&["suggest", "googlenet-sepconv"], 0, "inside the budget"),
        (&["suggest", "googlenet-sepconv", "--budget", "1G"], 1, "googlenet.yaml, which the spec extends"),
    ] {
        let (found, out, err) = run(args);
        assert_eq!(found, Some(code), "{args:?}: {err}");
        assert!((out + &err).replace('\n', " ").contains(says), "{args:?}: {err}");
    }
}

/// A spec with a head of three lines and these below, as a file.
fn spec(name: &str, rest: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, format!("nas: 1\ninput: {{image: [3, 32, 32]}}\n{rest}")).expect("is written");
    path.to_str().expect("UTF-8").to_owned()
}

fn changes(found: &Value, kind: &str) -> Vec<(u64, u64)> {
    let proposals = found["proposals"].as_array().expect("a list");
    let proposal = proposals.iter().find(|proposal| proposal["kind"] == kind).expect("is there");
    let number = |change: &Value, key: &str| change[key].as_u64().expect("an integer");
    proposal["changes"].as_array().expect("a list").iter().map(|change| (number(change, "from"), number(change, "to"))).collect()
}

/// A width that follows its number part of the way goes that way, and nothing is proven then.
#[test]
fn a_number_is_taken_as_far_as_its_width_follows() {
    let rest = "vars: {w: 64}
net: {a: {conv: 'max(w, 48)', kernel: 3}, b: {conv: 64, kernel: 3}, d: {from: a, conv: 128, kernel: 3}, j: {concat: [b, d]}, c: {fc: 10}}
";
    let file = spec("part-of-the-way.yaml", rest);
    let found = json(&["suggest", &file, "--budget", "84M", "--format", "json"]);
    // 1024 * 27 * 48 + 1024 * 9 * 48 * (64 + 112) + 1024 * 176 * 10 = 80 986 112, for a quarter and an eighth.
    assert_eq!(changes(&found, "mixed"), [(64, 48), (128, 112)]);
    let mixed = found["proposals"].as_array().and_then(|all| all.last()).expect("is there");
    assert_eq!((&mixed["madds"], &mixed["relative_change"]), (&80_986_112.into(), &0.375.into()));
    assert_eq!(found["lower_bound"], Value::Null);
    let because = "follows its number only down to 48";
    let fixed = serde_json::json!([{"path": "a", "width": 64, "is_cut_short": true, "because": because}]);
    assert_eq!(found["not_editable"], fixed);
    let (_, out, _) = run(&["suggest", &file, "--budget", "84M"]);
    assert!(out.contains("mixed is not proven least") && out.contains(&format!("editable in part: a; {because}")), "{out}");
}

/// A combination that is no network of the form hides no number that is enough alone.
#[test]
fn an_untrue_combination_proves_nothing_and_hides_no_single_change() {
    let rest = "vars: {w: 64, v: 64}
net: {a: {conv: w if w + v > 100 else 64, kernel: 3}, b: {conv: v, kernel: 3}, c: {fc: 10}}
";
    let file = spec("together.yaml", rest);
    let found = json(&["suggest", &file, "--budget", "15M", "--format", "json"]);
    // 1024 * (27 * 64 + 9 * 64 * v + 10 * v) multiply-adds: 11.4 M at v = 16, 16.2 M at 24; 25 M with v = 64 and w as low as 40.
    assert_eq!(changes(&found, "single"), [(64, 16)]);
    assert_eq!(found["lower_bound"], Value::Null);
}

/// A large number may stand for a small width.
#[test]
fn numbers_of_ten_digits_are_counted_down() {
    let rest = "vars: {w: 4000000000}
net: {a: {conv: w - 3999999936, kernel: 3}, b: {conv: w - 3999999936, kernel: 3}, v: {conv: 64}, c: {fc: 10}}
";
    // 1024 * (27 w + 9 w w + 64 w + 640) multiply-adds: 4.5 M at a width of 16, 8.2 M at 24.
    let found = json(&["suggest", &spec("ten-digits.yaml", rest), "--budget", "5M", "--format", "json"]);
    assert_eq!(changes(&found, "uniform").first(), Some(&(4_000_000_000, 3_999_999_952)));
}

/// The image's shape is no width, though the number that sets it sets one as well.
#[test]
fn the_channels_of_an_input_stay() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("input-too.yaml");
    let text = "nas: 1\nvars: {w: 16}\ninput: {image: [w, 32, 32]}\n\
                net: {a: {conv: w, kernel: 3}, b: {conv: 64, kernel: 3}, c: {fc: 10}}\n";
    std::fs::write(&path, text).expect("is written");
    let found = json(&["suggest", path.to_str().expect("UTF-8"), "--budget", "5M", "--format", "json"]);
    assert_eq!(found["not_editable"][0]["path"], "a");
    assert_eq!(found["lower_bound"], 0.75);
}

/// Where the shares have no common denominator that is small enough, equal roundings prove nothing.
#[test]
fn what_is_rounded_is_not_proven() {
    let primes = [1009, 1013, 1019, 1021, 1031];
    let form = Multilinear::of(&net(&primes, false));
    let madds = totals(&primes, false).0 as u64 * 9 / 10;
    let found = suggest(&form, &Dial::knobs(&form), Goal { madds: Some(madds), params: None, multiple: 64 });
    assert_eq!(found.proposals.len(), 4);
    for proposal in &found.proposals {
        // Its true sum is no less than what is proven, and no more than what is told.
        let (part, whole) = shares(&primes, &widths_of(proposal, &primes));
        let (lower, told) = (found.lower.expect("is bounded"), proposal.relative);
        assert!(lower.part.cast_signed() * whole <= part * lower.whole.cast_signed(), "{proposal:?}");
        assert!(part * told.whole.cast_signed() < told.part.cast_signed() * whole, "{proposal:?}");
        assert_ne!(Some(told), found.lower);
    }
}

//! Extremes found stretch by stretch against those of all candidates, counted one by one or by hand.

use proptest::prelude::*;

use super::extremes::Certainty;
use super::extremes::Corners;
use super::extremes::corners;
use super::extremes::corners_by;
use super::extremes::tests::spec;
use super::step::Extent;
use super::stretches::Manner;
use super::stretches::all_ways;
use crate::base::Sources;
use crate::expr::Decisions;
use crate::spec::Space;
use crate::spec::Spec;
use crate::spec::lower::Purpose;
use crate::spec::lower::lower;

/// What a drawn layer is made from: its form, then what it picks.
type Draw = (u8, u8, u8, u8);

const VARS: &str = "vars: {u: true | false, s: small | big | odd, w: 4 | 8, v: 2 * w, k: 3 | 1, d: 12 - w}
defaults: {max: {stride: 1 | 2}}
modules:
  skip: {args: {n: in, t: 1}, net: {one: {conv: n, kernel: k, when: s != odd}, two: {depthwise | conv: 3, stride: t}, \
sum: {add: [two, in], when: in == n and t < 2 and s != big}}}
  deep: {args: {q: 4 | 8}, net: {a: {skip: {n: q, t: 2}}, b: {conv: 2 * in, when: true | false, stride: 2}, c: {skip: {}}}}
  pair: {inputs: [x, y], net: {p: {from: y, conv: x, kernel: 1 | 3}, q: {add: [p, x]}}}
";

/// The text of a layer that stands below `at` others.
fn layer(at: usize, (form, a, b, c): Draw) -> String {
    let pick = |of: &[&str], which: u8| of[usize::from(which) % of.len()].to_owned();
    let width = pick(&["4", "8", "4 | 8", "w", "v", "4 .. 8 by 4", "2 * in", "12 - w", "d"], a);
    let when = pick(&["", "", ", when: true | false", ", when: u", ", when: in == 4", ", when: not u or s == small"], b);
    let more = pick(
        &[
            "",
            ", stride: 1 | 2",
            ", kernel: 3 | 1",
            ", kernel: k, pad: 1 | 0",
            ", groups: 1 | 2 | 3",
            ", kernel: 3, dilation: 1 | 2",
        ],
        c,
    );
    let above = |which: u8| format!("l{}", usize::from(which) % at.max(1));
    match form % 13 {
        0..=2 => format!("{{conv: {width}{more}{when}}}"),
        3 => format!("{{conv | depthwise: 3{when}}}"),
        4 => format!("{{max | avg: 2, pad: 0{}{when}}}", pick(&["", ", by: \"max if u else avg\""], c)),
        5 => format!("{{conv: {width}, repeat: {}{when}}}", pick(&["1 | 2", "2", "0 .. 2", "3 if u else 1"], c)),
        6 => format!("{{skip: {{n: {width}}}, repeat: {}{when}}}", pick(&["1", "2", "1 | 2"], c)),
        7 => format!("{{deep: {{}}{when}}}"),
        8 if at > 0 => format!("{{add: [{}, {}]{when}}}", above(a), above(c)),
        9 if at > 0 => format!("{{concat: [{}, {}]{when}}}", above(a), above(c)),
        10 if at > 0 => format!("{{from: {}, conv: {width}{when}}}", above(c)),
        11 if at > 0 => format!("{{pair: {{}}, from: [{}, {}]{when}}}", above(a), above(c)),
        12 if at > 0 => format!(
            "{{inception: {{a: [{{conv: {width}{more}}}], b: [{{from: {}, conv: 4, when: u}}, {{skip: {{}}}}]}}{when}}}",
            above(a)
        ),
        _ => format!("{{net: {{a: {{conv: {width}{when}}}, b: {{conv: 4 | 6{more}}}, c: {{concat: [a, in]}}}}}}"),
    }
}

/// A space whose start is valid and that can be counted one by one.
fn space(layers: &[Draw], heads: u8) -> Option<(Spec, Space)> {
    let lines: Vec<String> = layers.iter().enumerate().map(|(at, &draw)| format!("  l{at}: {}\n", layer(at, draw))).collect();
    let last = layers.len() - 1;
    let heads = match heads % 4 {
        0 => format!("heads: {{x: {{fc: 3, from: l{last}}}, y: {{fc: 5, from: l0, train_only: true}}}}\n"),
        1 => format!("heads: {{x: {{fc: 3 | 4, from: l{last}}}, y: {{fc: 5, from: l{}, when: u}}}}\n", last / 2),
        _ => String::new(),
    };
    let text = format!("nas: 1\ninput: {{image: [4, 8, 8]}}\n{VARS}net:\n{}{heads}", lines.concat());
    let mut sources = Sources::default();
    let file = sources.add("spec", text);
    let spec = crate::spec::load(&mut sources, file, &mut |_, _| Err("none".to_owned())).spec?;
    lower(&spec, Decisions::default(), None).graph?;
    let space = Space::of(&spec);
    (space.points()? <= 4_000).then_some((spec, space))
}

fn contains(wide: &Corners, narrow: &Corners) -> bool {
    let within = |[least, most]: [u64; 2], [low, high]: [u64; 2]| least <= low && high <= most;
    within(wide.madds, narrow.madds) && within(wide.params, narrow.params)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stretches_hold_all_candidates(layers in prop::collection::vec(any::<Draw>(), 1..6), heads in any::<u8>()) {
        let drawn = space(&layers, heads);
        prop_assume!(drawn.is_some());
        let (spec, space) = drawn.unwrap();
        let one_by_one = corners(&spec, &space).unwrap();
        let stretches = corners_by(&spec, &space, 0).unwrap();
        if stretches.certainty == Certainty::Exact {
            prop_assert_eq!((one_by_one.madds, one_by_one.params), (stretches.madds, stretches.params));
        }
        prop_assert!(contains(&stretches, &one_by_one), "{:?} {:?}", stretches, one_by_one);
        for manner in [Manner::Whole, Manner::Forgetful] {
            let Extent { madds, params } = all_ways(&spec, Purpose::Candidate, &Vec::new(), manner).unwrap().extent.unwrap();
            let found = Corners { madds: madds.map(|n| n as u64), params: params.map(|n| n as u64), ..one_by_one.clone() };
            prop_assert!(contains(&found, &one_by_one), "{:?}: {:?} {:?}", manner, found, one_by_one);
            prop_assert!(manner == Manner::Forgetful || contains(&one_by_one, &found), "{:?} {:?}", found, one_by_one);
        }
    }
}

/// 2^18 networks, each counted here: a layer that is left out hands on what lies above it.
#[test]
fn layers_that_may_be_left_out_are_exact() {
    let width = |at: u64| 8 + 4 * (at % 3);
    let lines: Vec<String> = (0..18).map(|at| format!("l{at}: {{conv: {}, kernel: 3, when: true | false}}", width(at))).collect();
    let spec = spec(&format!("net: {{{}, b: {{fc: 3}}}}\n", lines.join(", ")));
    let (mut madds, mut params) = ([u64::MAX, 0], [u64::MAX, 0]);
    for net in 0u32..1 << 18 {
        let (mut channels, mut counts) = (8, [0, 0]);
        for at in (0..18).filter(|at| net >> at & 1 == 1) {
            counts = [counts[0] + 81 * 9 * channels * width(at), counts[1] + (9 * channels + 1) * width(at)];
            channels = width(at);
        }
        counts = [counts[0] + 81 * channels * 3, counts[1] + 81 * channels * 3 + 3];
        madds = [madds[0].min(counts[0]), madds[1].max(counts[0])];
        params = [params[0].min(counts[1]), params[1].max(counts[1])];
    }
    let found = corners(&spec, &Space::of(&spec)).unwrap();
    assert_eq!((found.points, found.certainty, found.counted), (Some(1 << 18), Certainty::Exact, None));
    assert_eq!((found.madds, found.params), (madds, params));
}

/// As [`spec`], of a built-in spec's text.
fn built_in(text: &str) -> Spec {
    let mut sources = Sources::default();
    let file = sources.add("spec", text.to_owned());
    crate::spec::load(&mut sources, file, &mut |_, _| Err("none".to_owned())).spec.unwrap()
}

/// All 6 561 networks of NAS-Bench-Macro.
#[test]
fn a_chain_of_blocks_is_exact_without_counting() {
    let spec = built_in(include_str!("../../../specs/nas-bench-macro.yaml"));
    let (one_by_one, stretches) = (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
    assert_eq!(one_by_one.counted.unwrap().walked, 6_561);
    assert_eq!(stretches, Corners { counted: None, ..one_by_one });
}

/// The table was made by another calculator.
#[test]
fn shares_are_bounds_without_counting() {
    let table = include_str!("../../../tests/fixtures/truth/corners.csv");
    let row = table.lines().find_map(|line| line.strip_prefix("tiny-space,")).unwrap();
    let row: Vec<u64> = row.split(',').map(|number| number.parse().unwrap()).collect();
    let spec = built_in(include_str!("../../../specs/tiny-space.yaml"));
    let bound = corners_by(&spec, &Space::of(&spec), 0).unwrap();
    let exact = Corners { madds: [row[1], row[2]], params: [row[3], row[4]], ..bound.clone() };
    assert!(bound.certainty == Certainty::Bound && contains(&bound, &exact), "{bound:?}");
}

/// 3^200 networks: a module with three kinds, two hundred times. Padding by `same`, so that only kernels and widths matter.
#[test]
fn copies_are_walked_one_after_the_other() {
    let spec = spec(
        "modules: {block: {args: {n: required}, skip | thin | wide: {n: n}}, skip: {args: {n: required}, net: {none: {}}}, \
thin: {args: {n: required}, conv: n}, wide: {args: {n: required}, conv: n, kernel: 3}}
net: {a: {block: {n: 8}, repeat: 200}, b: {fc: 3}}
",
    );
    let found = corners(&spec, &Space::of(&spec)).unwrap();
    let head = 81 * 8 * 3;
    assert_eq!((found.points, found.certainty), (None, Certainty::Exact));
    assert_eq!((found.madds, found.params), ([head, head + 200 * 81 * 576], [head + 3, head + 3 + 200 * 584]));
}

/// What a reader of only one of two layers leaves unread costs nothing.
#[test]
fn what_leads_to_no_output_costs_nothing() {
    let spec = spec(
        "vars: {u: true | false}
net: {a: {conv: 8, kernel: 3}, b: {from: a, conv: 16}, c: {from: a, conv: 2, when: u}, d: {fc: 3, from: c, when: true | false}}
",
    );
    let found = corners_by(&spec, &Space::of(&spec), 0).unwrap();
    let (a, c, fc) = (81 * 576, 81 * 16, 3 * 81);
    // All but `b` of a, c and d, whose input is c or a; or a alone.
    assert_eq!((found.madds, found.certainty), ([a, a + fc * 8], Certainty::Exact));
    assert!(a + c + fc * 2 < a + fc * 8);
}

/// Twenty variables that the first and the last layer ask for are two million states in between.
#[test]
fn what_is_too_much_at_once_is_a_bound() {
    let vars: Vec<String> = (0..20).map(|at| format!("u{at}: true | false")).collect();
    let lines = |name: &str| -> String {
        (0..20).map(|at| format!("{name}{at}: {{conv: 8, kernel: 3, when: u{at}}}, ")).collect::<Vec<_>>().concat()
    };
    let spec = spec(&format!("vars: {{{}}}\nnet: {{{}{}b: {{fc: 3}}}}\n", vars.join(", "), lines("l"), lines("m")));
    let found = corners(&spec, &Space::of(&spec)).unwrap();
    assert_eq!(found.certainty, Certainty::Bound);
    assert_eq!(found.madds, [81 * 8 * 3, 81 * 8 * 3 + 40 * 81 * 576]);
}

//! Comparisons: what aligns with what, and laws over all built-in specs.

use nas::analyze::Comparison;
use nas::analyze::Difference;
use nas::analyze::Fate;
use nas::analyze::Subject;
use nas::analyze::compare;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;

use crate::network;
use crate::network::Network;

fn of_text(text: &str) -> Network {
    network::of("net.yaml", &format!("nas: 1\ninput: {{image: [8, 8, 8]}}\n{text}"), Decisions::default())
}

fn compared(base: &Network, other: &Network) -> Comparison {
    let [old, new] = [base, other].map(Network::analysis);
    let subjects = [Subject::network("base", &base.graph, &old), Subject::network("other", &other.graph, &new)];
    compare(&subjects[0], &subjects[1..])
}

/// Every row as its fate and its paths, inner ones behind it.
fn rows(rows: &[Difference]) -> Vec<(Fate, String, String)> {
    let path = |side: &Option<nas::analyze::ComparedRow>| side.as_ref().map(|row| row.path.clone()).unwrap_or_default();
    rows.iter()
        .flat_map(|row| {
            let inner = self::rows(&row.children);
            std::iter::once((row.fate, path(&row.base), path(&row.other))).chain(inner)
        })
        .collect()
}

#[track_caller]
fn check(base: &str, other: &str, expected: &[(Fate, &str, &str)]) {
    let comparison = compared(&of_text(base), &of_text(other)).differing();
    let found = rows(&comparison.others[0].rows);
    let found: Vec<(Fate, &str, &str)> = found.iter().map(|(fate, base, other)| (*fate, &**base, &**other)).collect();
    assert_eq!(found, expected);
}

const MODULES: &str = "modules:\n  \
     m: {args: {r: 4}, inception: {1x1: 4, 3x3: [r, 8], pool: 4}}\n  \
     x: {net: {a: {conv: 16, kernel: 5}, b: {conv: 16, norm: batch}}}\n";

#[test]
fn a_renamed_module_aligns() {
    let base = format!("{MODULES}net: {{a: {{m: 4}}, b: {{m: 2}}, c: {{conv: 4}}}}");
    let other = format!("{MODULES}net: {{a: {{m: 4}}, second: {{m: 2}}, c: {{conv: 4}}}}");
    check(&base, &other, &[(Fate::Renamed, "b", "second")]);
}

#[test]
fn an_inserted_module_moves_nothing() {
    let base = format!("{MODULES}net: {{a: {{m: 4}}, b: {{m: 4}}, c: {{m: 2}}, d: {{conv: 4}}}}");
    let other = format!("{MODULES}net: {{a: {{m: 4}}, b: {{x: {{}}}}, c: {{m: 4}}, d: {{m: 2}}, e: {{conv: 4}}}}");
    // Behind the insertion every layer has the name that the next one had.
    let comparison = compared(&of_text(&base), &of_text(&other));
    let found = rows(&comparison.others[0].rows);
    let top: Vec<_> = found.iter().filter(|(_, base, other)| !base.contains('/') && !other.contains('/')).collect();
    let paths: Vec<(&str, &str)> = top.iter().map(|(_, base, other)| (&**base, &**other)).collect();
    assert_eq!(paths, [("a", "a"), ("", "b"), ("b", "c"), ("c", "d"), ("d", "e")]);
    assert_eq!(top[1].0, Fate::Inserted);
    // 16 of 5x5 on 16 channels and 16 of 1x1, at 64 positions.
    assert_eq!(comparison.others[0].difference.madds, 16 * 16 * 25 * 64 + 16 * 16 * 64);
}

#[test]
fn a_renamed_and_changed_module_aligns() {
    let base = format!("{MODULES}net: {{a: {{m: 4}}, b: {{m: 2}}, c: {{conv: 4}}}}");
    let other = format!("{MODULES}net: {{a: {{m: 4}}, second: {{m: 3}}, c: {{conv: 4}}}}");
    check(
        &base,
        &other,
        &[
            (Fate::Changed, "b", "second"),
            (Fate::Changed, "b/3x3", "second/3x3"),
            (Fate::Changed, "b/3x3/reduce", "second/3x3/reduce"),
            (Fate::Changed, "b/3x3", "second/3x3"),
        ],
    );
}

#[test]
fn a_layer_that_became_a_module_is_the_layer_at_its_end() {
    check(
        "net: {a: {conv: 8, kernel: 3}, b: {conv: 4}}",
        "net: {a: {net: {dw: {depthwise: 3}, pw: {conv: 8}}}, b: {conv: 4}}",
        &[(Fate::Changed, "a", "a"), (Fate::Inserted, "", "a/dw"), (Fate::Changed, "a", "a/pw")],
    );
}

/// A setting that changes no count is a change all the same.
#[test]
fn an_activation_that_costs_nothing_differs() {
    check("net: {a: {conv: 8, act: relu}}", "net: {a: {conv: 8, act: tanh}}", &[(Fate::Changed, "a", "a")]);
    check("net: {a: {conv: 8}}", "net: {b: {conv: 8}}", &[(Fate::Renamed, "a", "b")]);
    check("net: {a: {conv: 8}}", "net: {a: {conv: 8}, b: {lrn: 5}}", &[(Fate::Inserted, "", "b")]);
}

/// Layers that read something else are not equal, though no count differs; what reads the result of an insertion is.
#[test]
fn layers_that_read_something_else_differ() {
    let of = |join: &str| {
        format!("net: {{a: {{conv: 8, kernel: 3}}, b: {{conv: 8, kernel: 3}}, c: {{{join}}}, d: {{conv: 8}}, e: {{fc: 3}}}}")
    };
    check(&of("concat: [a, b]"), &of("concat: [b, a]"), &[(Fate::Rewired, "c", "c")]);
    check(&of("add: [a, b, a]"), &of("add: [a, b, b]"), &[(Fate::Rewired, "c", "c")]);
    let layers = |names: [&str; 4], from: &str| {
        let [a, b, c, d] = names;
        format!(
            "net: {{{a}: {{conv: 8}}, {b}: {{conv: 8, kernel: 3}}, {c}: {{conv: 8, kernel: 5, from: {from}}}, {d}: {{fc: 3}}}}"
        )
    };
    // A rename stays one.
    let [before, after] = [layers(["a", "b", "c", "d"], "b"), layers(["a", "x", "y", "d"], "x")];
    check(&before, &after, &[(Fate::Renamed, "b", "x"), (Fate::Renamed, "c", "y")]);
    check("net: {a: {conv: 8}, c: {fc: 3}}", "net: {a: {conv: 8}, b: {lrn: 5}, c: {fc: 3}}", &[(Fate::Inserted, "", "b")]);
    check(
        "net: {a: {conv: 8}, b: {conv: 8, act: relu}, c: {fc: 3}}",
        "net: {a: {conv: 8}, b: {conv: 8}, s: {add: [a, b]}, c: {fc: 3}}",
        &[(Fate::Changed, "b", "b"), (Fate::Inserted, "", "s")],
    );
}

/// Within a module, and between what the module reads.
#[test]
fn modules_that_are_wired_otherwise_differ() {
    let of =
        |join: &str| format!("net: {{m: {{net: {{a: {{conv: 8}}, b: {{conv: 8, kernel: 3}}, c: {{{join}}}}}}}, d: {{fc: 3}}}}");
    check(&of("concat: [a, b]"), &of("concat: [b, a]"), &[(Fate::Rewired, "m", "m"), (Fate::Rewired, "m/c", "m/c")]);
}

#[test]
fn heads_that_differ_are_told_of() {
    let of = |heads: &str| format!("net: {{a: {{conv: 8}}, b: {{conv: 8, kernel: 3}}, c: {{fc: 3}}}}\nheads: {{{heads}}}");
    let remarks = |base: &str, other: &str| {
        let comparison = compared(&of_text(&of(base)), &of_text(&of(other)));
        let against = &comparison.others[0];
        (against.remarks.clone(), against.heads.iter().map(|row| row.fate).collect::<Vec<Fate>>())
    };
    let head =
        |from: &str, weight: &str| format!("main: {{from: c}}, x: {{fc: 3, from: {from}, train_only: true, weight: {weight}}}");
    let says = |text: &str| vec![text.to_owned()];
    assert_eq!(remarks(&head("a", "0.3"), &head("a", "0.3")), (Vec::new(), vec![Fate::Equal]));
    assert_eq!(
        remarks(&head("a", "0.3"), &head("a", "0.9")),
        (says("the head `x` weighs 0.3 in the loss here, 0.9 there"), vec![Fate::Equal])
    );
    assert_eq!(remarks(&head("a", "0.3"), &head("b", "0.3")), (Vec::new(), vec![Fate::Rewired]));
    assert_eq!(remarks("main: {from: c}", "last: {from: c}").0, says("the head `main` is called `last` there"));
    assert_eq!(remarks("main: {from: c}, s: {from: a}", "main: {from: c}").0, says("the head `s` is here alone"));
    assert_eq!(
        remarks("main: {from: c}, s: {from: a}", "main: {from: c}, s: {from: b, train_only: true}").0,
        says("the head `s` is for training only there, is the result of another layer there")
    );
}

/// The layer that a branch ends with has the bytes and the field of its own nodes, not the branch's.
#[test]
fn an_end_has_its_own_measures() {
    let of = |reduce: u32| {
        let modules = format!("modules:\n  m: {{inception: {{1x1: 4, 3x3: [{reduce}, 8]}}}}\n");
        of_text(&format!("{modules}net: {{a: {{m: {{}}}}, b: {{conv: 4}}}}"))
    };
    let (base, other) = (of(64), of(63));
    let comparison = compared(&base, &other);
    let branch = comparison.others[0].rows[0].children.iter().find(|row| row.base.as_ref().is_some_and(|row| row.name == "3x3"));
    let branch = branch.expect("a branch");
    let [reduce, end] = &branch.children[..] else { panic!("{branch:?}") };
    let live = |row: &Difference| row.base.as_ref().map_or(0, |row| row.measures.live_bytes);
    let analysis = base.analysis();
    let row = analysis.tree.find("a/3x3").expect("a row");
    let own = row.nodes.iter().map(|node| node.live_bytes).max();
    assert_eq!(live(branch), live(reduce).max(live(end)));
    assert_eq!(Some(live(end)), own);
    assert_eq!(row.end().map(|end| end.live_bytes), own);
}

#[test]
fn heads_for_training_are_compared_apart() {
    let net = "net: {a: {conv: 8}, b: {conv: 4}}\nheads: {main: {from: b}, aux: {fc: 3, from: a, train_only: true}}";
    let comparison = compared(&of_text("net: {a: {conv: 8}, b: {conv: 4}}"), &of_text(net));
    let against = &comparison.others[0];
    assert_eq!(against.difference, nas::analyze::Change::default());
    assert_eq!(rows(&against.heads), [(Fate::Inserted, String::new(), "aux".to_owned())]);
    assert_eq!(against.heads[0].difference.madds, 8 * 64 * 3);
}

/// The law of sums: rows add up to what they are in.
fn check_sums(rows: &[Difference], whole: nas::analyze::Change, place: &str) {
    let sum = |field: fn(&Difference) -> i128| rows.iter().map(field).sum::<i128>();
    assert_eq!((sum(|row| row.difference.madds), sum(|row| row.difference.params)), (whole.madds, whole.params), "{place}");
    for row in rows.iter().filter(|row| !row.children.is_empty()) {
        let path = row.base.as_ref().map(|row| &*row.path).unwrap_or_default();
        check_sums(&row.children, row.difference, &format!("{place}: {path}"));
    }
}

/// Rows with their figures turned round, in an order of their own.
fn turned(rows: &[Difference], turn: bool) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .iter()
        .flat_map(|row| {
            let (base, other, sign) = if turn { (&row.other, &row.base, -1) } else { (&row.base, &row.other, 1) };
            let fate = match (row.fate, turn) {
                (Fate::Inserted, true) => Fate::Removed,
                (Fate::Removed, true) => Fate::Inserted,
                (fate, _) => fate,
            };
            let change = &row.difference;
            let figures = [change.madds, change.params, change.live_bytes, change.receptive_field[0]].map(|change| change * sign);
            std::iter::once(format!("{fate:?} {base:?} {other:?} {figures:?}")).chain(turned(&row.children, turn))
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn laws_of_all_built_in_specs() {
    let all: Vec<Network> = BUILT_IN.iter().map(|(name, _)| network::built_in(name)).collect();
    for (at, base) in all.iter().enumerate() {
        let name = BUILT_IN[at].0;
        let itself = compared(base, base);
        assert_eq!(itself.others[0].difference, nas::analyze::Change::default());
        assert_eq!(itself.differing().others[0].rows, [], "{name} differs from itself");
        for step in [1, 7] {
            let (other, beside) = (&all[(at + step) % all.len()], BUILT_IN[(at + step) % all.len()].0);
            let place = format!("{beside} against {name}");
            let [there, back] = [compared(base, other), compared(other, base)];
            let [there, back] = [&there.others[0], &back.others[0]];
            assert_eq!(turned(&there.rows, true), turned(&back.rows, false), "{place}");
            assert_eq!(turned(&there.heads, true), turned(&back.heads, false), "{place}");
            check_sums(&there.rows, there.difference, &place);
            let measured = i128::from(other.analysis().totals.madds) - i128::from(base.analysis().totals.madds);
            assert_eq!(there.difference.madds, measured, "{place}");
        }
    }
}

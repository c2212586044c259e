//! Writing and reading are inverse; documented defaults are the real ones.

use std::collections::BTreeSet;

use nas::base::Diagnostic;
use nas::base::Sources;
use nas::expr::Decisions;
use nas::expr::Environment;
use nas::expr::Place;
use nas::op::Defaults;
use nas::op::Entry;
use nas::op::Fields;
use nas::op::Op;
use nas::op::Reading;
use nas::op::Role;
use nas::op::Term;
use nas::op::Times;
use nas::op::Written;
use nas::yaml::Key;
use proptest::prelude::*;

use crate::run::Case;

/// One layer's own entries.
fn entries(text: &str) -> Vec<(Key, Term)> {
    let mut sources = Sources::default();
    let file = sources.add("line", text);
    let (node, faults) = nas::yaml::parse(&sources, file);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    let node = node.unwrap_or_else(|| panic!("{text}: empty"));
    let map = node.map().unwrap_or_else(|| panic!("{text}: no map"));
    map.iter().map(|(key, value)| (key.clone(), Term::new(value))).collect()
}

/// Reads a layer that has one word, as lowering would.
pub(crate) fn read_with(text: &str, defaults: &str, cancels_bias: bool) -> (Op, Vec<Diagnostic>) {
    let mut settings = entries(text);
    let (key, value) = settings.remove(0);
    let role = match &*key.text {
        "norm" => Role::Norm,
        "act" => Role::Act,
        _ => Role::Kind,
    };
    let word = if role == Role::Kind { key.text.to_string() } else { value.text().unwrap_or_default().to_owned() };
    let entry = Entry::find(role, &word).unwrap_or_else(|| panic!("{text}: no operator has this word"));
    let (env, place, mut faults) = (Environment::default(), Place { up: None, name: "layer", copy: None }, Vec::new());
    let given = entries(defaults);
    let defaults = [Defaults { settings: &given, env: &env, place: None }];
    let mut fields = Fields {
        manual: (entry.manual)(),
        word: &word,
        span: key.span,
        main: (role == Role::Kind).then_some(&value),
        written: &settings,
        defaults: &defaults,
        cancels_bias,
        reading: Reading { env: &env, place: &place, decisions: &mut Decisions::default(), faults: &mut faults, failed: false },
    };
    let op = (entry.read)(&mut fields);
    (op, faults)
}

pub(crate) fn read(text: &str) -> Op {
    let (op, faults) = read_with(text, "{}", false);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    op
}

/// The layer's line with these of its settings.
fn line(role: Role, written: &Written, settings: &[(&str, &str)]) -> String {
    let head = match role {
        Role::Norm => format!("norm: {}", written.word),
        Role::Act => format!("act: {}", written.word),
        Role::Kind if written.main.is_empty() => format!("{}: [a, b]", written.word),
        Role::Kind => format!("{}: {}", written.word, written.main),
    };
    let settings = settings.iter().map(|(name, value)| format!("{name}: {value}"));
    let entries: Vec<String> = std::iter::once(head).chain(settings).collect();
    format!("{{{}}}", entries.join(", "))
}

/// Held on the examples here, on random windows in `windows`.
pub(crate) fn writes_what_it_reads(op: &Op) {
    let written = op.write();
    let settings: Vec<_> = written.settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = line(op.manual().role, &written, &settings);
    assert_eq!(&read(&text), op, "{text}");
}

#[test]
fn writing_and_reading_are_inverse() {
    for case in Case::all() {
        writes_what_it_reads(&case.op);
    }
}

#[test]
fn every_documented_setting_is_written_in_its_order() {
    for entry in Op::ENTRIES {
        let manual = (entry.manual)();
        let documented: Vec<&str> = manual.settings.iter().map(|setting| setting.name).collect();
        let mut met = BTreeSet::new();
        for (op, _) in (entry.examples)() {
            let written = op.write();
            assert!(manual.words.contains(&written.word), "{op:?} writes the word `{}`", written.word);
            assert_eq!(op.word(), written.word);
            let places: Vec<_> =
                written.settings.iter().map(|(name, _)| documented.iter().position(|known| known == name)).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{op:?} writes {:?}", written.settings);
            met.extend(written.settings.into_iter().map(|(name, _)| name));
        }
        assert_eq!(met, documented.into_iter().collect(), "{:?}: settings that some example writes", manual.words);
    }
}

#[test]
fn documented_defaults_are_the_real_ones() {
    for case in Case::all() {
        let (written, manual) = (case.op.write(), case.op.manual());
        // An even kernel is refused with the default padding, and must be refused with it written out.
        let read = |settings: &[(&str, &str)]| {
            let (op, faults) = read_with(&line(manual.role, &written, settings), "{}", false);
            (op, faults.iter().map(|fault| fault.code).collect::<Vec<_>>())
        };
        let bare = read(&[]);
        for setting in manual.settings.iter().filter(|setting| setting.default != "-") {
            assert_eq!(read(&[(setting.name, setting.default)]), bare, "`{}: {}`", setting.name, setting.default);
        }
    }
}

#[test]
fn manuals_are_complete_and_their_examples_read() {
    let mut words = BTreeSet::new();
    for entry in Op::ENTRIES {
        let manual = (entry.manual)();
        for &word in manual.words {
            assert!(words.insert((format!("{:?}", manual.role), word)), "`{word}` is owned twice");
        }
        let text = manual.example;
        assert!(text.starts_with('{') && manual.words.iter().any(|word| text.contains(word)), "{text}");
        assert!(!entries(text).is_empty());
    }
    let of = |role: &str| words.iter().filter(|(found, _)| found == role).map(|&(_, word)| word).collect::<Vec<_>>();
    let kinds = "add avg concat conv depthwise dropout droppath fc flatten lrn max mul shuffle softmax take times";
    assert_eq!(of("Kind").join(" "), kinds);
    assert_eq!(of("Norm").join(" "), "affine batch layer scale");
    assert_eq!(of("Act").join(" "), "gelu hsigmoid hswish leaky relu relu6 sigmoid swish tanh");
}

#[test]
fn a_bias_is_cancelled_by_batch_norm_unless_it_is_written() {
    for (layer, defaults, cancels, bias) in [
        ("", "{}", false, "true"),
        ("", "{}", true, "false"),
        (", bias: auto", "{}", true, "false"),
        (", bias: true", "{}", true, "true"),
        (", bias: false", "{}", false, "false"),
        ("", "{bias: true}", true, "true"),
    ] {
        for kind in ["conv: 4", "depthwise: 3", "fc: 4"] {
            let (op, faults) = read_with(&format!("{{{kind}{layer}}}"), defaults, cancels);
            assert!(faults.is_empty());
            assert!(op.write().settings.contains(&("bias", bias.to_owned())), "{kind}{layer} with {defaults}, {cancels}: {op:?}");
        }
    }
}

#[test]
fn a_global_pool_ignores_defaults_but_not_its_own_line() {
    assert_eq!(read_with("{max: global}", "{stride: 2, ceil: true, pad: 1}", false), (read("{max: global}"), Vec::new()));
    assert_eq!(read("{avg: global, stride: 1, pad: 0, ceil: false, count_pad: false}"), read("{avg: global}"));
    for setting in ["stride: 2", "pad: same", "ceil: true"] {
        let (_, faults) = read_with(&format!("{{avg: global, {setting}}}"), "{}", false);
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code.name()).collect();
        assert_eq!(codes, ["E0217"], "{setting}");
    }
}

#[test]
fn what_is_refused_while_reading() {
    for (text, code) in [
        ("{conv: 0}", "E0303"),
        ("{conv: 4, kernel: 2}", "E0310"),
        ("{depthwise: 4}", "E0310"),
        ("{avg: 2, pad: same}", "E0310"),
        ("{conv: 4, groups: 2, table: [[1], [2], [1], [2]]}", "E0217"),
        ("{conv: 4, table: [[1], [2]]}", "E0303"),
        ("{lrn: 4}", "E0303"),
        ("{lrn: 5, alpha: -1}", "E0303"),
        ("{norm: batch, eps: 0}", "E0303"),
        ("{norm: batch, momentum: 1.5}", "E0303"),
        ("{dropout: 70}", "E0303"),
        ("{droppath: -0.1}", "E0303"),
        ("{times: relu}", "E0303"),
        ("{times: 1e-20}", "E0303"),
        ("{times: 1e20}", "E0303"),
        ("{softmax: 3}", "E0200"),
        ("{flatten: [1]}", "E0200"),
        ("{max: whole}", "E0303"),
        ("{take: 1, after: -1}", "E0303"),
        ("{avg: 3, count_pad: 1}", "E0302"),
        ("{conv: 4, trainable: 1}", "E0302"),
        ("{conv: 4, kernel: 3, init: orthogonal}", "E0305"),
        ("{conv: 4, kernel: 3, init: 0}", "E0305"),
        ("{fc: 4, init: gabor}", "E0305"),
        ("{conv: 4, init: gabor}", "E0217"),
        ("{conv: 4, kernel: [1, 5], init: gabor}", "E0217"),
        ("{depthwise: [3, 1], init: gabor}", "E0217"),
    ] {
        let (_, faults) = read_with(text, "{}", false);
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code.name()).collect();
        assert_eq!(codes, [code], "{text}: {faults:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Also those whose decimals the division of two rounded integers would miss.
    #[test]
    fn reals_are_written_exactly(size in -14.9_f64..14.9, digits in 1.0_f64..10.0, minus: bool) {
        let factor = digits * 10_f64.powf(size);
        prop_assume!(factor <= nas::op::MAX_REAL);
        let factor = nas::base::Real64::new(if minus { -factor } else { factor });
        writes_what_it_reads(&Op::Times(Times { factor }));
    }
}

//! `nas explain`: pages and formulas pinned as text in `tests/fixtures/explain`, one for each command; `NAS_UPDATE=1` rewrites them.

use std::path::Path;
use std::process::Command;

use nas::base::Code;
use nas::op::Op;
use nas::spec::PAGES;

fn explain(arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", "100")
        .arg("explain")
        .args(arguments)
        .args(["--color", "never"]);
    let output = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("the program ends by itself"))
}

#[test]
fn pages_and_formulas_read_as_pinned() {
    let mut wrong = Vec::new();
    for (name, arguments, exit) in [
        ("everything", &[][..], 0),
        ("code", &["e0403"], 0),
        ("kind", &["conv"], 0),
        ("pool", &["avg"], 0),
        ("norm-word", &["batch"], 0),
        ("act-word", &["relu"], 0),
        ("norms", &["norm"], 0),
        ("inception", &["inception"], 0),
        ("net", &["net"], 0),
        ("repeat", &["repeat"], 0),
        ("then", &["then"], 0),
        ("share", &["share"], 0),
        ("place", &["place"], 0),
        ("alternatives", &["|"], 0),
        ("range", &[".."], 0),
        ("start", &["of"], 0),
        ("by", &["by"], 0),
        ("heads", &["heads"], 0),
        ("train", &["train"], 0),
        ("search", &["search"], 0),
        ("setting", &["stride"], 0),
        ("setting-of-several", &["momentum"], 0),
        ("setting-and-page", &["table"], 0),
        ("when", &["when"], 0),
        ("extends", &["extends"], 0),
        ("branch", &["specs/googlenet.yaml", "3b/3x3"], 0),
        ("module", &["specs/googlenet.yaml", "3b"], 0),
        ("layer", &["specs/lenet5.yaml", "s2"], 0),
        ("node", &["specs/googlenet.yaml", "3b/3x3/reduce:conv"], 0),
        ("head", &["specs/googlenet.yaml", "aux1/fc"], 0),
        ("extended", &["specs/googlenet-sepconv.yaml", "conv1/2"], 0),
        ("copies", &["specs/tiny-space.yaml", "body", "--set", "body:repeat=2"], 0),
        ("no-topic", &["conf"], 2),
        ("no-topic-at-all", &["transformer"], 2),
        ("no-path-given", &["googlenet"], 2),
        ("no-path", &["specs/googlenet.yaml", "3b/3x4"], 2),
        ("no-path-in-a-module", &["specs/googlenet.yaml", "3b/tower"], 2),
        ("no-node", &["specs/googlenet.yaml", "3b/3x3:norm"], 2),
    ] {
        let (shown, said, ended) = explain(arguments);
        assert_eq!(ended, exit, "{arguments:?}: {said}");
        let told = if exit == 0 { shown } else { said };
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/explain/{name}.txt"));
        if std::env::var_os("NAS_UPDATE").is_some() {
            std::fs::write(&pinned, &told).expect("the text can be written");
        }
        let text = std::fs::read_to_string(&pinned).unwrap_or_default();
        if text != told {
            wrong.push(format!("{name}.txt has\n{text}\nbut `nas explain {}` says\n{told}", arguments.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// By hand, and as in Caffe's and the paper's tables.
#[test]
fn formulas_give_known_numbers() {
    for (path, madds, params) in [
        ("conv1", 64 * 3 * 7 * 7 * 112 * 112, 9472),
        ("3b", 304_267_264, 388_736),
        ("3b/3x3:conv", 192 * 128 * 9 * 28 * 28, 221_376),
        ("5b/pool", 832 * 128 * 7 * 7, 106_624),
        ("logits", 1_024_000, 1_025_000),
    ] {
        let (text, said, _) = explain(&["googlenet", path]);
        let number = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{path}: {text}{said}"));
            let digits = line[name.len()..].trim_start().split("   ").next().unwrap_or_default().replace(' ', "");
            digits.parse::<u64>().unwrap_or_else(|_| panic!("{line}"))
        };
        assert_eq!((number("madds"), number("params")), (madds, params), "{path}");
    }
}

#[test]
fn every_word_has_a_page() {
    let words = Op::ENTRIES.iter().flat_map(|entry| (entry.manual)().words).chain(PAGES.iter().flat_map(|page| page.words));
    for word in
        words.copied().chain(nas::report::settings()).chain(Code::ALL.iter().map(|code| code.name())).chain(["norm", "act"])
    {
        let (text, said, exit) = explain(&[word]);
        assert!(exit == 0 && text.contains('\n'), "{word}: {said}");
    }
}

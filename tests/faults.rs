//! Every fault as the user sees it: `tests/fixtures/faults/NAME.yaml` is checked by the program, and what it says is `NAME.txt`.
//!
//! `NAS_UPDATE=1 cargo test --test faults` rewrites the texts; read the difference before committing it. A first line
//! `# nas VERB: ARGUMENTS` gives another verb or further arguments. A file whose name begins with `_` is only extended by others.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use nas::base::Code;
use nas::base::Severity;

/// What the program said of one file.
struct Told {
    text: String,
    /// The codes of the findings, in order.
    codes: Vec<Code>,
    exit: i32,
    /// The exit code when warnings are denied.
    denied: i32,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/faults")
}

fn names(extension: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder of fixtures");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let wanted = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    let stems = wanted.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned());
    stems.filter(|name| !name.starts_with('_')).collect()
}

fn run(name: &str, more: &[&str]) -> (String, i32) {
    let file = format!("{name}.yaml");
    let bytes = std::fs::read(folder().join(&file)).expect("a fixture");
    let text = String::from_utf8_lossy(&bytes);
    let comment = text.lines().next().and_then(|line| line.strip_prefix("# nas ")).unwrap_or("check: ");
    let (verb, arguments) = comment.split_once(": ").expect("a verb and its arguments");
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.env("COLUMNS", "100");
    command.current_dir(folder()).args([verb, &file, "--color", "never"]).args(more).args(arguments.split_whitespace());
    let output = command.output().expect("the program runs");
    (String::from_utf8(output.stderr).expect("findings are UTF-8"), output.status.code().expect("the program ends by itself"))
}

fn tell(name: &str) -> Told {
    let (text, exit) = run(name, &[]);
    let (_, denied) = run(name, &["--deny", "warnings"]);
    let code = |line: &str| {
        let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
        Code::find(rest.split(']').next()?)
    };
    Told { codes: text.lines().filter_map(code).collect(), text, exit, denied }
}

/// Whether every error lies in the value of `--set`, or is that the spec does not offer it.
fn is_of_usage(text: &str) -> bool {
    let errors = text.split("\n\n").filter(|finding| finding.starts_with("error["));
    errors.into_iter().all(|error| error.starts_with("error[E0311]") || error.contains("\n --> --set:"))
}

#[test]
fn every_fault_reads_as_pinned() {
    let update = std::env::var_os("NAS_UPDATE").is_some();
    let mut wrong = Vec::new();
    for name in names("yaml") {
        let told = tell(&name);
        let pinned = folder().join(format!("{name}.txt"));
        if update {
            std::fs::write(&pinned, &told.text).expect("the text can be written");
        }
        match std::fs::read_to_string(&pinned) {
            Ok(text) if text == told.text => {}
            Ok(text) => wrong.push(format!("{name}.txt has\n{text}\nbut the program says\n{}", told.text)),
            Err(_) => wrong.push(format!("{name}.yaml has no {name}.txt; the program says\n{}", told.text)),
        }
        let worst = told.codes.iter().map(|code| code.severity()).min();
        let exits = match worst {
            Some(Severity::Error) if is_of_usage(&told.text) => (2, 2),
            Some(Severity::Error) => (3, 3),
            Some(Severity::Budget) => (1, 1),
            Some(Severity::Warning) => (0, 1),
            None => {
                wrong.push(format!("{name}.yaml has no fault"));
                continue;
            }
        };
        if (told.exit, told.denied) != exits {
            wrong.push(format!("{name}: exit codes {:?}, not {exits:?}", (told.exit, told.denied)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_text_has_its_spec() {
    let lonely: Vec<String> = names("txt").difference(&names("yaml")).cloned().collect();
    assert!(lonely.is_empty(), "no .yaml for {lonely:?}");
}

#[test]
fn every_code_has_a_fixture() {
    let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
    for name in names("yaml") {
        for code in tell(&name).codes {
            *shown.entry(code).or_default() += 1;
        }
    }
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !shown.contains_key(code)).collect();
    assert!(missing.is_empty(), "no fixture shows {missing:?}");
}

/// All faults of a file are told in one run, whatever phase finds them.
#[test]
fn five_independent_faults_are_five_findings() {
    let codes: Vec<&str> = tell("five-faults").codes.into_iter().map(Code::name).collect();
    assert_eq!(codes, ["E0206", "E0301", "E0205", "E0303", "E0203"]);
}

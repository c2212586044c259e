//! `docs/codes.md`: a section for every code, whose first example gives exactly this code and whose second gives none.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use nas::base::Code;

const PAGE: &str = include_str!("../docs/codes.md");

/// The heading and the text below it, of each section.
fn sections() -> Vec<(&'static str, &'static str)> {
    PAGE.split("\n## ").skip(1).map(|section| section.split_once('\n').expect("a heading and a text")).collect()
}

fn examples(text: &str) -> Vec<&str> {
    let blocks = text.split("```yaml\n").skip(1);
    blocks.map(|block| block.split("```").next().expect("a block")).collect()
}

/// The codes that `nas check` finds, or the verb that the example's first line names, each once.
fn found(spec: &str) -> Vec<Code> {
    let comment = spec.lines().next().and_then(|line| line.strip_prefix("# nas ")).unwrap_or("check: ");
    let (verb, arguments) = comment.split_once(": ").expect("a verb and its arguments");
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args([verb, "-", "--diagnostics", "json"]).args(arguments.split_whitespace());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(spec.as_bytes()).expect("the program reads");
    let output = child.wait_with_output().expect("the program ends");
    let code = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no finding: {line}"));
        finding["code"].as_str().and_then(Code::find).expect("a code")
    };
    let mut codes: Vec<Code> = String::from_utf8(output.stderr).expect("UTF-8").lines().map(code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn every_code_has_its_section_in_order() {
    let headings: Vec<String> = sections().iter().map(|(heading, _)| (*heading).to_owned()).collect();
    let wanted: Vec<String> = Code::ALL.iter().map(|code| format!("{code} {}", code.title())).collect();
    assert_eq!(headings, wanted);
}

#[test]
fn the_first_example_is_wrong_and_the_second_right() {
    for (heading, text) in sections() {
        let code = heading.split(' ').next().and_then(Code::find).expect("a code");
        let [wrong, right] = examples(text)[..] else { panic!("{code} has other than two examples") };
        assert_eq!(found(wrong), [code], "the wrong example of {code}");
        assert_eq!(found(right), [], "the right example of {code}");
    }
}

//! The forms: three pinned as text; SARIF by what it says of a finding, its shape in `tests/sarif.rs`.

use proptest::prelude::*;

use super::*;
use crate::base::{Code, FileId, Span};

const SPEC: &str = "nas: 1\nbudget: {madds: 1.5G}\nnet:\n  conv1: {conv: 64, kernel: 7, strid: 2}\n  pool1: {max: 3}\n  conv2: {conv: 192, kernel: 3}\n";

/// The span of the `nth` (from 0) place where a text stands.
fn find(sources: &Sources, file: FileId, text: &str, nth: usize) -> Span {
    let start = sources.get(file).text.match_indices(text).nth(nth).unwrap().0;
    Span { file, start: start as u32, end: (start + text.len()) as u32 }
}

fn setting() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("specs/mine.yaml", SPEC);
    let base = sources.add("specs/base.yaml", "é:\n  w: 7\n");
    let over = Diagnostic::new(Code::B0001, find(&sources, file, "1.5G", 0), "over budget: 1.583 G of 1.5 G", "the budget")
        .with_label(find(&sources, file, "conv2", 0), "21.9 % of the network")
        .with_label(find(&sources, file, "192", 0), "one filter less saves 1.555 M")
        .with_note("one of these is enough\nconv2 192 -> 74")
        .with_help("`nas suggest specs/mine.yaml` looks for smaller changes");
    let unknown = Diagnostic::new(Code::E0205, find(&sources, file, "strid", 0), "`conv` has no setting `strid`", "")
        .with_patch("did you mean `stride`?", "stride");
    let unused = Diagnostic::new(Code::W0001, find(&sources, base, "w", 0), "nobody reads `w`", "defined here")
        .with_label(find(&sources, file, "nas: 1", 0), "used by this, 100 %");
    // Out of order: the rendering sorts.
    (sources, vec![unused, unknown, over])
}

#[test]
fn the_human_form() {
    let (sources, found) = setting();
    let expected = "\
error[B0001]: over budget: 1.583 G of 1.5 G
 --> specs/mine.yaml:2:17
  |
2 | budget: {madds: 1.5G}
  |                 ^^^^ the budget
...
6 |   conv2: {conv: 192, kernel: 3}
  |   -----         --- one filter less saves 1.555 M
  |   |
  |   21.9 % of the network
  |
  = note: one of these is enough
          conv2 192 -> 74
  = help: `nas suggest specs/mine.yaml` looks for smaller changes

error[E0205]: `conv` has no setting `strid`
 --> specs/mine.yaml:4:32
  |
4 |   conv1: {conv: 64, kernel: 7, strid: 2}
  |                                ^^^^^
  |
help: did you mean `stride`?
  |
4 |   conv1: {conv: 64, kernel: 7, stride: 2}
  |                                     +

warning[W0001]: nobody reads `w`
 --> specs/base.yaml:2:3
  |
2 |   w: 7
  |   ^ defined here
  |
 ::: specs/mine.yaml:1:1
  |
1 | nas: 1
  | ------ used by this, 100 %
";
    assert_eq!(render(&sources, &found, Format::Human, false), expected);
    assert_eq!(render(&sources, &[], Format::Human, true), "");
    assert!(render(&sources, &found, Format::Human, true).contains("\u{1b}[1m\u{1b}[91merror[B0001]"));
}

#[test]
fn the_json_form() {
    let (sources, found) = setting();
    let expected = concat!(
        r#"{"severity":"error","code":"E0205","message":"`conv` has no setting `strid`","#,
        r#""file":"specs/mine.yaml","line":4,"column":32,"end_line":4,"end_column":37,"#,
        r#""labels":[{"file":"specs/mine.yaml","line":4,"column":32,"end_line":4,"end_column":37,"text":"","primary":true}],"#,
        r#""notes":[],"help":[],"#,
        r#""patch":{"file":"specs/mine.yaml","line":4,"column":32,"end_line":4,"end_column":37,"#,
        r#""text":"stride","title":"did you mean `stride`?"}}"#,
        "\n"
    );
    assert_eq!(render(&sources, &found[1..2], Format::Json, false), expected);
    let all = render(&sources, &found, Format::Json, false);
    let lines: Vec<serde_json::Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heads: Vec<_> = lines.iter().map(|line| ["code", "severity"].map(|key| line[key].as_str().unwrap())).collect();
    assert_eq!(heads, [["B0001", "error"], ["E0205", "error"], ["W0001", "warning"]]);
}

#[test]
fn the_github_form() {
    let (mut sources, mut found) = setting();
    let odd = sources.add("a,b:c.yaml", "x:\n  y\n");
    found.push(Diagnostic::new(Code::E0200, sources.whole(odd), "a map is wanted", ""));
    let expected = "\
::error file=specs/mine.yaml,line=2,col=17,endLine=2,endColumn=21,title=B0001::over budget: 1.583 G of 1.5 G\
%0Aspecs/mine.yaml:2: the budget%0Aspecs/mine.yaml:6: 21.9 %25 of the network%0Aspecs/mine.yaml:6: one filter less saves 1.555 M\
%0Anote: one of these is enough%0Aconv2 192 -> 74%0Ahelp: `nas suggest specs/mine.yaml` looks for smaller changes
::error file=specs/mine.yaml,line=4,col=32,endLine=4,endColumn=37,title=E0205::`conv` has no setting `strid`\
%0Ahelp: did you mean `stride`?
::warning file=specs/base.yaml,line=2,col=3,endLine=2,endColumn=4,title=W0001::nobody reads `w`\
%0Aspecs/base.yaml:2: defined here%0Aspecs/mine.yaml:1: used by this, 100 %25
::error file=a%2Cb%3Ac.yaml,line=1,endLine=3,title=E0200::a map is wanted
";
    assert_eq!(render(&sources, &found, Format::Github, false), expected);
}

#[test]
fn a_label_of_several_lines_marks_the_first() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "é:\r\n  b: 1\r\n  c: 2\r\n");
    let map = Span { file, start: 7, end: 20 };
    let found = Diagnostic::new(Code::E0200, map, "text is wanted, not a map", "a map")
        .with_label(find(&sources, file, "é", 0), "of this");
    let expected = "\
error[E0200]: text is wanted, not a map
 --> a.yaml:2:3
  |
1 | é:
  | - of this
2 |   b: 1
  |   ^^^^ a map
";
    assert_eq!(render(&sources, &[found], Format::Human, false), expected);
}

#[test]
fn a_very_long_line_is_cut_around_its_label() {
    let mut sources = Sources::default();
    let text = format!("{{a: 1, {}é: 2, a: 3, {}}}", "bé: 1, ".repeat(150_000), "c: 1, ".repeat(150_000));
    let file = sources.add("a.yaml", &*text);
    let second = find(&sources, file, "a", 1);
    let found = Diagnostic::new(Code::E0101, second, "`a` is defined twice", "again here")
        .with_label(find(&sources, file, "a", 0), "first here")
        .with_patch("did you mean `d`?", "d");
    let expected = "\
error[E0101]: `a` is defined twice
 --> a.yaml:1:1050014
  |
1 | ... 1, bé: 1, bé: 1, bé: 1, bé: 1, bé: 1, bé: 1, bé: 1, é: 2, a: 3, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1, c: 1,...
  |                                                               ^ again here
  |
  = note: a.yaml:1:2: first here
  = help: did you mean `d`?
";
    assert_eq!(render(&sources, &[found], Format::Human, false), expected);
}

#[test]
fn labels_far_apart_have_excerpts_of_their_own() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", format!("k: 1\n{}k: 2\n", "# c\n".repeat(5000)));
    let found = Diagnostic::new(Code::E0101, find(&sources, file, "k", 1), "`k` is defined twice", "again here")
        .with_label(find(&sources, file, "k", 0), "first here");
    let expected = "\
error[E0101]: `k` is defined twice
    --> a.yaml:5002:1
     |
5002 | k: 2
     | ^ again here
     |
    ::: a.yaml:1:1
     |
   1 | k: 1
     | - first here
";
    assert_eq!(render(&sources, &[found], Format::Human, false), expected);
}

#[test]
fn the_sarif_form() {
    let mut sources = Sources::default();
    // One character of two UTF-16 code units, one of one; a path that no URI may hold as it is.
    let file = sources.add("specs/my net.yaml", "a: 1\n\u{1F600}é: [2]\nb: 3\n");
    let span = find(&sources, file, "[2]", 0);
    let found = Diagnostic::new(Code::W0001, span, "`{x}` is wrong", "")
        .with_label(find(&sources, file, "b: 3", 0), "see [2]")
        .with_label(find(&sources, file, "b: 3", 0), "see [2]")
        .with_note("a note")
        .with_patch("is it `4`?", "4");
    let text = render(&sources, &[found], Format::Sarif, false);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let region = |line: u32, column: u32, length: u32, offset: u32| {
        serde_json::json!({
            "startLine": line, "startColumn": column, "endLine": line, "endColumn": column + length,
            "charOffset": offset, "charLength": length,
        })
    };
    let artifact = serde_json::json!({"uri": "specs/my%20net.yaml"});
    let index = Code::ALL.iter().position(|code| *code == Code::W0001).unwrap();
    let expected = serde_json::json!([{
        "ruleId": "W0001",
        "ruleIndex": index,
        "level": "warning",
        "message": {"text": "`{x}` is wrong\n[see \\[2\\]](1)\nnote: a note\nhelp: is it `4`?"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region(2, 6, 3, 10)}}],
        "relatedLocations": [{
            "id": 1,
            "physicalLocation": {"artifactLocation": artifact, "region": region(3, 1, 4, 14)},
            "message": {"text": "see [2]"},
        }],
        "fixes": [{
            "description": {"text": "is it `4`?"},
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{"deletedRegion": region(2, 6, 3, 10), "insertedContent": {"text": "4"}}],
            }],
        }],
    }]);
    assert_eq!(run["results"], expected);
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "W0001");
}

#[test]
fn text_of_a_user_cannot_steer_the_terminal() {
    let mut sources = Sources::default();
    let file = sources.add("a\u{1b}.yaml", "a: \u{1b}[31m\n");
    let red = "\u{1b}[31m";
    let found = Diagnostic::new(Code::E0300, sources.whole(file), red, red).with_note(red).with_help(red).with_patch(red, red);
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        let text = render(&sources, std::slice::from_ref(&found), format, false);
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}

#[test]
fn many_findings_in_a_large_text_are_quick_to_write() {
    let mut sources = Sources::default();
    let text = format!("{{{}}}", "a: 1, ".repeat(2_600_000));
    let end = text.len() as u32;
    let file = sources.add("a.yaml", text);
    let found: Vec<_> = (1..=100)
        .map(|index| {
            let span = Span { file, start: end - 100 * index, end };
            Diagnostic::new(Code::E0101, span, "`a` is defined twice", "again")
                .with_label(Span { file, start: 1, end: 2 }, "first")
        })
        .collect();
    let text = render(&sources, &found, Format::Human, false);
    assert!(text.len() < 100_000, "{}", text.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    /// Spans may lie anywhere, even outside the text: the part of a text behind an alias does.
    #[test]
    fn any_finding_can_be_written(
        text in "([ab é猫\t\r\n:]|\u{1b}|\u{85}){0,60}",
        spans in prop::collection::vec((0_u32..120, 0_u32..60, ".{0,5}"), 1..5),
        message in ".{0,20}",
    ) {
        let mut sources = Sources::default();
        let files = [sources.add("a", text.clone()), sources.add("b", format!("{}\n{text}", "x".repeat(4000)))];
        let span = |index: usize, start: u32, length: u32| Span { file: files[index % 2], start: start * (1 + 50 * (index as u32 % 2)), end: start * (1 + 50 * (index as u32 % 2)) + length };
        let mut found = Diagnostic::new(Code::E0300, span(0, spans[0].0, spans[0].1), message.clone(), "");
        for (index, (start, length, label)) in spans.iter().enumerate() {
            found = found.with_label(span(index, *start, *length), label.clone());
        }
        let found = found.with_patch(message.clone(), message);
        for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
            prop_assert!(!render(&sources, std::slice::from_ref(&found), format, true).is_empty());
        }
    }
}

//! Findings for programs: JSON lines, and the workflow commands of GitHub (`::error file=...::message`).

use serde::Serialize;

use super::name_severity;
use super::place::Places;
use crate::base::{Diagnostic, Span};

#[derive(Serialize)]
struct Finding<'run> {
    severity: &'static str,
    code: &'static str,
    message: &'run str,
    #[serde(flatten)]
    place: Place<'run>,
    labels: Vec<LabelText<'run>>,
    notes: &'run [String],
    help: &'run [String],
    patch: Option<PatchText<'run>>,
}

#[derive(Serialize)]
struct Place<'run> {
    file: &'run str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct LabelText<'run> {
    #[serde(flatten)]
    place: Place<'run>,
    text: &'run str,
    primary: bool,
}

#[derive(Serialize)]
struct PatchText<'run> {
    #[serde(flatten)]
    place: Place<'run>,
    text: &'run str,
    title: &'run str,
}

fn place<'run>(places: &Places<'run>, span: Span) -> Place<'run> {
    let range = places.range(span);
    let (line, column) = places.position(span.file, range.start);
    let (end_line, end_column) = places.position(span.file, range.end);
    Place { file: places.name(span.file), line, column, end_line, end_column }
}

/// One JSON object on one line, keys in fixed order.
pub(super) fn write_json(places: &Places, found: &Diagnostic) -> String {
    let labels = found.labels.iter();
    let finding = Finding {
        severity: name_severity(found.severity()),
        code: found.code.name(),
        message: &found.message,
        place: place(places, found.span()),
        labels: labels.map(|it| LabelText { place: place(places, it.span), text: &it.text, primary: it.primary }).collect(),
        notes: &found.notes,
        help: &found.help,
        patch: found.patch.as_ref().map(|it| PatchText { place: place(places, it.span), text: &it.text, title: &it.title }),
    };
    serde_json::to_string(&finding).expect("texts and integers are always JSON")
}

/// A run's failure, which has no place: as a finding without one.
pub(super) fn write_json_failure(message: &str) -> String {
    #[derive(Serialize)]
    struct Failure<'run> {
        severity: &'static str,
        message: &'run str,
    }
    serde_json::to_string(&Failure { severity: "error", message }).expect("texts are always JSON")
}

/// The same as a workflow command.
pub(super) fn write_github_failure(message: &str) -> String {
    format!("::error title=nas::{}", escape(message))
}

/// One workflow command. GitHub takes columns only for a place within one line.
pub(super) fn write_github(places: &Places, found: &Diagnostic) -> String {
    let Place { file, line, column, end_line, end_column } = place(places, found.span());
    let mut text = found.message.clone();
    let mut add = |line: &str| {
        text.push('\n');
        text.push_str(line);
    };
    for label in found.labels.iter().filter(|label| !label.text.is_empty()) {
        let Place { file, line, .. } = place(places, label.span);
        add(&format!("{file}:{line}: {}", label.text));
    }
    found.notes.iter().for_each(|note| add(&format!("note: {note}")));
    found.help.iter().chain(found.patch.iter().map(|patch| &patch.title)).for_each(|help| add(&format!("help: {help}")));
    let at = if line == end_line {
        format!("line={line},col={column},endLine={end_line},endColumn={end_column}")
    } else {
        format!("line={line},endLine={end_line}")
    };
    let (command, file) = (name_severity(found.severity()), escape_property(file));
    format!("::{command} file={file},{at},title={}::{}", found.code, escape(&text))
}

/// Line breaks are written as GitHub reads them; other control characters, which would reach the terminal of the log, are replaced.
fn escape(text: &str) -> String {
    let shown = |char: char| if char.is_control() && !matches!(char, '\r' | '\n') { '\u{FFFD}' } else { char };
    text.chars().map(shown).collect::<String>().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

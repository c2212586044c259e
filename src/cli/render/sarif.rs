//! The findings of a run as one SARIF 2.1.0 document (OASIS Standard, 28 March 2020): what code scanning of GitHub and editors read.
//!
//! Every code is a rule, in the order of `docs/codes.md`, so that a rule's index is the same in every document. Lines and columns count
//! from 1, ends are exclusive (3.30.8), characters are UTF-16 code units, as `columnKind` says (3.14.27). A label is a related
//! location; the message names it by a link (3.11.6), without which GitHub would not show it. Messages have no arguments, and
//! braces stand in them as they are, where 3.11.5 would double them: no viewer known to us halves them again.

use serde::Serialize;

use super::place::Places;
use super::{name_severity, sorted};
use crate::base::{Code, Diagnostic, Label, Patch, Sources, Span};
use crate::cli::codes;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The findings of a run, until the document is written.
#[derive(Default)]
pub(in crate::cli) struct Log {
    results: Vec<Finding>,
    failures: Vec<String>,
}

impl Log {
    /// Adds the findings about some texts, sorted by file and place.
    pub(in crate::cli) fn add(&mut self, sources: &Sources, found: &[Diagnostic]) {
        let found = sorted(found);
        let places = Places::new(sources, &found);
        self.results.extend(found.iter().map(|found| finding(&places, found)));
    }

    /// Adds what kept a part of the run from its end.
    pub(in crate::cli) fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// The document.
    pub(in crate::cli) fn finish(self) -> String {
        let notifications = self.failures.iter().map(|text| Notification { level: "error", message: Message::new(text) });
        let run = Run {
            tool: Tool { driver: driver() },
            invocations: vec![Invocation {
                execution_successful: self.failures.is_empty(),
                tool_execution_notifications: notifications.collect(),
            }],
            column_kind: "utf16CodeUnits",
            results: self.results,
        };
        let document = Document { schema: SCHEMA, version: "2.1.0", runs: vec![run] };
        serde_json::to_string_pretty(&document).expect("texts and integers are always JSON") + "\n"
    }
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: Vec<Invocation>,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    full_name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    default_configuration: Configuration,
    help: Message,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

/// `message` and `multiformatMessageString`, which agree in what is used of them.
#[derive(Clone, Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

impl Message {
    fn new(text: impl Into<String>) -> Message {
        Message { text: text.into(), markdown: None }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    char_offset: usize,
    char_length: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

/// The program, with a rule for each code. Its page on the web is the one that the package names, if it names one.
fn driver() -> Driver {
    Driver {
        name: env!("CARGO_PKG_NAME"),
        full_name: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: match env!("CARGO_PKG_HOMEPAGE") {
            "" => env!("CARGO_PKG_REPOSITORY"),
            homepage => homepage,
        },
        rules: Code::ALL.iter().map(|&code| rule(code)).collect(),
    }
}

fn rule(code: Code) -> Rule {
    let page = codes::text(code).unwrap_or(code.title());
    let first = page.split("\n\n").next().unwrap_or(page);
    Rule {
        id: code.name(),
        short_description: Message::new(code.title()),
        full_description: Message::new(first.split_whitespace().collect::<Vec<_>>().join(" ")),
        default_configuration: Configuration { level: name_severity(code.severity()) },
        help: Message { text: page.to_owned(), markdown: Some(page.to_owned()) },
    }
}

fn finding(places: &Places, found: &Diagnostic) -> Finding {
    let mut text = found.message.clone();
    let mut related: Vec<Location> = Vec::new();
    let mut seen: Vec<&Label> = Vec::new();
    for label in found.labels.iter().skip(1) {
        // The standard asks for places that differ.
        if seen.contains(&label) {
            continue;
        }
        seen.push(label);
        let id = seen.len();
        if !label.text.is_empty() {
            text += &format!("\n[{}]({id})", link_text(&label.text));
        }
        related.push(Location { id: Some(id), ..location(places, label) });
    }
    found.notes.iter().for_each(|note| text += &format!("\nnote: {note}"));
    found.help.iter().chain(found.patch.iter().map(|patch| &patch.title)).for_each(|help| text += &format!("\nhelp: {help}"));
    Finding {
        rule_id: found.code.name(),
        rule_index: Code::ALL.iter().position(|code| *code == found.code).expect("`ALL` has every code"),
        level: name_severity(found.severity()),
        message: Message::new(text),
        locations: vec![location(places, &found.labels[0])],
        related_locations: related,
        fixes: found.patch.iter().map(|patch| fix(places, patch)).collect(),
    }
}

fn location(places: &Places, label: &Label) -> Location {
    Location {
        id: None,
        place: PhysicalLocation { artifact_location: artifact(places, label.span), region: region(places, label.span) },
        message: (!label.text.is_empty()).then(|| Message::new(&*label.text)),
    }
}

fn fix(places: &Places, patch: &Patch) -> Fix {
    let replacement =
        Replacement { deleted_region: region(places, patch.span), inserted_content: Content { text: patch.text.clone() } };
    let change = Change { artifact_location: artifact(places, patch.span), replacements: vec![replacement] };
    Fix { description: Message::new(&*patch.title), artifact_changes: vec![change] }
}

fn region(places: &Places, span: Span) -> Region {
    let (text, range) = (places.text(span.file), places.range(span));
    let [(start_line, start_column), (end_line, end_column)] = [range.start, range.end].map(|at| {
        let line = places.line(span.file, at);
        (line + 1, units(&text[places.line_range(span.file, line).start..at]) + 1)
    });
    let char_offset = units(&text[..range.start]);
    Region { start_line, start_column, end_line, end_column, char_offset, char_length: units(&text[range]) }
}

/// The length of a text in UTF-16 code units: one for each character, one more for each that takes four bytes.
fn units(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
}

/// A label's text inside the brackets of a link.
fn link_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn artifact(places: &Places, span: Span) -> Artifact {
    Artifact { uri: uri(places.name(span.file)) }
}

/// The name of a text as a URI reference (RFC 3986): a whole path is a `file:` URI, and what no path may hold is escaped, as in
/// `%3Cstdin%3E`.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    if std::path::Path::new(name).is_absolute() {
        uri += if name.starts_with('/') { "file://" } else { "file:///" };
    }
    for byte in name.replace(std::path::MAIN_SEPARATOR, "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

//! Diagnostics to text: for people with the source under them, as JSON lines, as annotations of a GitHub run, or as SARIF.
//!
//! Findings are sorted by file and place. Whatever the text holds, a finding stays small: an excerpt shows the lines of its
//! labels, and of a very long line only what is around them.

mod excerpt;
mod machine;
mod place;
mod sarif;

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Snippet};

use self::excerpt::Excerpt;
use self::place::Places;
pub(super) use self::sarif::Log;
use crate::base::{Diagnostic, Severity, Sources};

/// The widest message, note or help, in characters.
const MAX_MESSAGE: usize = 2000;
/// The widest text at a label, in characters.
const MAX_LABEL: usize = 300;

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// With the source lines, for people.
    Human,
    /// One JSON object a line; places count from 1, columns in characters, ends are one past the last.
    Json,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
    /// One SARIF 2.1.0 document, also without a finding; columns in UTF-16 code units.
    Sarif,
}

/// All findings as text, sorted by file and place; each ends with a line break, and only SARIF writes something for none. `colour` adds terminal codes to the human form.
pub fn render(sources: &Sources, found: &[Diagnostic], format: Format, colour: bool) -> String {
    let sorted = sorted(found);
    let places = Places::new(sources, &sorted);
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let findings = sorted.iter();
    match format {
        Format::Human => findings.map(|found| write_human(&places, found, &renderer) + "\n").collect::<Vec<_>>().join("\n"),
        Format::Json => findings.map(|found| machine::write_json(&places, found) + "\n").collect(),
        Format::Github => findings.map(|found| machine::write_github(&places, found) + "\n").collect(),
        Format::Sarif => {
            let mut log = Log::default();
            log.add(sources, found);
            log.finish()
        }
    }
}

/// What kept a part of a run from its end, such as a file that is not there; SARIF has it in its [`Log`].
pub(super) fn render_failure(message: &str, format: Format) -> String {
    match format {
        Format::Human | Format::Sarif => format!("nas: {message}\n"),
        Format::Json => machine::write_json_failure(message) + "\n",
        Format::Github => machine::write_github_failure(message) + "\n",
    }
}

/// Findings by file and place.
fn sorted(found: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = found.iter().collect();
    sorted.sort_by_key(|found| (found.span().file, found.span().start));
    sorted
}

/// The word for a severity. Over budget is an error in the sense of the exit code.
fn name_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error | Severity::Budget => "error",
        Severity::Warning => "warning",
    }
}

fn write_human(places: &Places, found: &Diagnostic, renderer: &Renderer) -> String {
    let level = match found.severity() {
        Severity::Error | Severity::Budget => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (excerpts, mut notes) = excerpt::cut(places, &found.labels);
    notes.extend(found.notes.iter().cloned());
    let mut help = found.help.clone();
    let title = level.primary_title(clean(&found.message, MAX_MESSAGE)).id(found.code.name());
    let mut group = Group::with_title(title);
    for excerpt in &excerpts {
        let annotations = excerpt.marks.iter().map(|mark| {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = Some(clean_line(&mark.text)).filter(|text| !text.is_empty());
            kind.span(mark.range.clone()).label(text)
        });
        let snippet = Snippet::source(&*excerpt.text).line_start(excerpt.line).path(places.shown_name(excerpt.file));
        group = group.element(snippet.annotations(annotations));
    }
    let patch = found.patch.as_ref().and_then(|patch| {
        let excerpt = excerpt::cut_patch(places, patch.span);
        if excerpt.is_none() {
            help.push(patch.title.clone());
        }
        Some((excerpt?, patch))
    });
    let messages = notes.iter().map(|note| Level::NOTE.message(clean(note, MAX_MESSAGE)));
    let messages = messages.chain(help.iter().map(|help| Level::HELP.message(clean(help, MAX_MESSAGE))));
    let mut groups = vec![group.elements(messages)];
    if let Some((Excerpt { file, line, text, marks, .. }, patch)) = &patch {
        let patches = marks.iter().map(|mark| Patch::new(mark.range.clone(), clean_line(&patch.text)));
        let snippet = Snippet::source(&**text).line_start(*line).path(places.shown_name(*file)).patches(patches);
        groups.push(Level::HELP.secondary_title(clean(&patch.title, MAX_MESSAGE)).element(snippet));
    }
    let mut text = renderer.render(&groups);
    for (shown, real) in excerpts.iter().filter_map(|excerpt| excerpt.moved.as_ref()) {
        text = text.replacen(shown, real, 1);
    }
    text
}

/// A text without control characters but line breaks, of at most `limit` characters.
fn clean(text: &str, limit: usize) -> String {
    let shown = |char: char| if char.is_control() && char != '\n' { '\u{FFFD}' } else { char };
    let mut out: String = text.chars().take(limit).map(shown).collect();
    if text.chars().nth(limit).is_some() {
        out.push_str("...");
    }
    out
}

/// The same for a text that stands on one line.
fn clean_line(text: &str) -> String {
    clean(text, MAX_LABEL).replace('\n', " ")
}

#[cfg(test)]
mod tests;

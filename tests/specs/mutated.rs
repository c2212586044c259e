//! Valid specs with something broken in them: no panic, every finding in its text, and what is still valid follows the laws.

use nas::base::Severity;
use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::cli::Format;
use nas::cli::render;
use nas::expr::Decisions;
use proptest::prelude::*;

use crate::expansion;
use crate::generated;
use crate::network;

/// What is put in somewhere.
const PIECES: [&str; 44] = [
    "",
    " ",
    "\n",
    "\n  ",
    "\t",
    ":",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "- ",
    "#",
    "'",
    "\"",
    "&a ",
    "*a",
    "<<: ",
    "!!x ",
    "|",
    " | ",
    " .. ",
    " of ",
    " then ",
    " if 1 else ",
    "(",
    ")",
    "0",
    "-1",
    "1/0",
    "1e30",
    "9223372036854775808",
    "in",
    "i",
    "w",
    "repeat: ",
    "from: ",
    "when: ",
    "same",
    "conv: ",
    "é",
    "\u{feff}",
    "\u{1F600}",
];

/// One change of a text, its places as fractions of the length.
#[derive(Clone, Debug)]
enum Change {
    Insert(f64, &'static str),
    Replace(f64, f64, &'static str),
    Repeat(f64, f64),
    Cut(f64),
    SwapLines(f64, f64),
    Digits(f64, u64),
}

fn change() -> impl Strategy<Value = Change> {
    let place = || 0.0..1.0f64;
    let piece = || prop::sample::select(PIECES.to_vec());
    let length = || 0.0..0.02f64;
    prop_oneof![
        3 => (place(), piece()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        3 => (place(), length(), piece()).prop_map(|(at, length, piece)| Change::Replace(at, length, piece)),
        1 => (place(), length()).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => place().prop_map(Change::Cut),
        2 => (place(), place()).prop_map(|(one, other)| Change::SwapLines(one, other)),
        3 => (place(), any::<u64>()).prop_map(|(at, number)| Change::Digits(at, number)),
    ]
}

impl Change {
    fn apply(&self, text: &mut String) {
        let place = |at: f64| {
            let at = (at * text.len() as f64) as usize;
            (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
        };
        match *self {
            Change::Insert(at, piece) => text.insert_str(place(at), piece),
            Change::Replace(at, length, piece) => text.replace_range(place(at)..place((at + length).min(1.0)), piece),
            Change::Repeat(at, length) => {
                let (start, end) = (place(at), place((at + length).min(1.0)));
                let part = text[start..end].to_owned();
                text.insert_str(end, &part);
            }
            Change::Cut(at) => text.truncate(place(at)),
            Change::SwapLines(one, other) => {
                let mut lines: Vec<&str> = text.lines().collect();
                let line = |at: f64| (at * lines.len() as f64) as usize;
                if !lines.is_empty() {
                    let (one, other) = (line(one), line(other));
                    lines.swap(one, other);
                    *text = lines.join("\n") + "\n";
                }
            }
            Change::Digits(at, number) => {
                let start = place(at);
                let Some(digit) = text[start..].find(|char: char| char.is_ascii_digit()) else { return };
                let start = start + digit;
                let end = text[start..].find(|char: char| !char.is_ascii_digit()).map_or(text.len(), |end| start + end);
                // Small numbers more often than large ones.
                let number = number >> (number % 64);
                text.replace_range(start..end, &number.to_string());
            }
        }
    }
}

fn check(text: &str) {
    let mut sources = Sources::default();
    let found = match network::read(&mut sources, "broken.yaml", text, Decisions::default()) {
        Ok(network) if network.graph.nodes().len() < 2000 => {
            expansion::check(text, &network);
            network.found
        }
        Ok(network) => network.found,
        Err(found) => {
            assert!(found.iter().any(|finding| finding.severity() == Severity::Error), "refused without an error:\n{text}");
            found
        }
    };
    for finding in &found {
        let patch = finding.patch.iter().map(|patch| patch.span);
        for span in finding.labels.iter().map(|label| label.span).chain(patch) {
            let inside = sources.get(span.file).text.get(span.start as usize..span.end as usize);
            assert!(inside.is_some(), "{finding:?} lies outside\n{text}");
        }
    }
    for format in [Format::Human, Format::Json, Format::Github] {
        assert_eq!(render(&sources, &found, format, false).is_empty(), found.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_built_in_spec_is_told(at in 0..BUILT_IN.len(), changes in prop::collection::vec(change(), 1..4)) {
        let mut text = BUILT_IN[at].1.to_owned();
        for change in &changes {
            change.apply(&mut text);
        }
        check(&text);
    }

    #[test]
    fn a_broken_drawn_spec_is_told(text in generated::spec(), changes in prop::collection::vec(change(), 1..4)) {
        let mut text = text;
        for change in &changes {
            change.apply(&mut text);
        }
        check(&text);
    }
}

//! Bytes to text: at most 16 MiB of UTF-8 without control characters, a byte order mark at the start allowed.

use crate::base::{Code, Diagnostic, FileId, Sources, Span};

/// The largest text that is read, in bytes. Who reads a file may stop one byte later.
pub const MAX_BYTES: usize = 16 << 20;

/// How much of a text that is too large is kept to show where it starts, in bytes.
const SHOWN_BYTES: usize = 200;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Bytes that are no text a spec can have, with as much of them as is needed to show the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadText {
    shown: String,
    at: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    TooLarge,
    Encoding { byte: u8, utf16: bool },
}

/// The text of a file: checks its size and that it is UTF-8, and takes off a byte order mark.
pub fn read_bytes(mut bytes: Vec<u8>) -> Result<String, BadText> {
    if bytes.len() > MAX_BYTES {
        bytes.truncate(SHOWN_BYTES);
        let shown = String::from_utf8_lossy(bytes.strip_prefix(BOM).unwrap_or(&bytes)).lines().next().unwrap_or("").to_owned();
        return Err(BadText { shown, at: 0, fault: Fault::TooLarge });
    }
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let rest = &bytes[at..];
        let line = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let shown = String::from_utf8_lossy(&bytes[..at + line]).into_owned();
        let utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        BadText { shown, at, fault: Fault::Encoding { byte: rest[0], utf16 } }
    })
}

impl BadText {
    /// The finding, at its place in what can be shown of the file; that text is added to the sources under `name`.
    pub fn report(self, sources: &mut Sources, name: impl Into<String>) -> Diagnostic {
        // Only the first character that could not be read is marked: the replacement character.
        let marked = self.shown[self.at..].chars().next().map_or(0, char::len_utf8);
        let file = sources.add(name, self.shown);
        let span = Span { file, start: self.at as u32, end: (self.at + marked) as u32 };
        match self.fault {
            Fault::TooLarge => Diagnostic::new(Code::E0104, span, "the file is larger than 16 MiB", "it starts here")
                .with_help("a spec is a few kilobytes of YAML; is this the right file?"),
            Fault::Encoding { utf16: true, .. } => Diagnostic::new(Code::E0103, span, "the file is UTF-16, not UTF-8", "")
                .with_help("save the file with the encoding UTF-8"),
            Fault::Encoding { byte, utf16: false } => Diagnostic::new(
                Code::E0103,
                span,
                "the file is not valid UTF-8",
                format!("the byte 0x{byte:02X} cannot stand here"),
            )
            .with_help("save the file with the encoding UTF-8"),
        }
    }
}

/// The first control character that YAML does not allow in a text, as a finding.
pub(super) fn find_control(text: &str, file: FileId) -> Option<Diagnostic> {
    let (at, char) = text.char_indices().find(|&(_, char)| is_control(char))?;
    let span = Span { file, start: at as u32, end: (at + char.len_utf8()) as u32 };
    let more = text[at..].chars().filter(|&char| is_control(char)).count() - 1;
    let name = if char == '\0' { "a NUL byte".to_owned() } else { format!("the control character U+{:04X}", char as u32) };
    let mut found = Diagnostic::new(Code::E0103, span, format!("the text contains {name}"), "").with_help("remove it");
    if more > 0 {
        found =
            found.with_note(format!("{more} more control character{} after it", if more == 1 { " stands" } else { "s stand" }));
    }
    Some(found)
}

/// Whether a character is unprintable for YAML (production `c-printable`).
pub(super) fn is_control(char: char) -> bool {
    match char {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{FFFE}' | '\u{FFFF}' => true,
        _ => char.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(bytes: &[u8]) -> (Code, String, (usize, usize), String) {
        let mut sources = Sources::default();
        let found = read_bytes(bytes.to_vec()).unwrap_err().report(&mut sources, "a.yaml");
        (found.code, found.message.clone(), sources.place(found.span()), sources.text(found.span()).to_owned())
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(read_bytes(b"\xEF\xBB\xBFnas: 1".to_vec()).unwrap(), "nas: 1");
        assert_eq!(read_bytes(Vec::new()).unwrap(), "");
    }

    #[test]
    fn bytes_that_are_not_utf8_have_a_line() {
        let found = report(b"nas: 1\nname: caf\xE9 au lait\nx: \xFF");
        assert_eq!(found, (Code::E0103, "the file is not valid UTF-8".to_owned(), (2, 10), "\u{FFFD}".to_owned()));
        assert_eq!(report(b"a\xC3").2, (1, 2));
        assert_eq!(report(b"\xFF\xFEn\0a\0").1, "the file is UTF-16, not UTF-8");
    }

    #[test]
    fn a_file_has_at_most_16_mib() {
        assert!(read_bytes(vec![b'#'; MAX_BYTES]).is_ok());
        let mut bytes = vec![b'#'; MAX_BYTES + 1];
        assert_eq!(report(&bytes).0, Code::E0104);
        bytes.fill(0xE9);
        assert_eq!(report(&bytes).0, Code::E0104);
    }

    #[test]
    fn control_characters_are_found_and_counted() {
        let found = find_control("a: b\u{1b}[31m\0", FileId(0)).unwrap();
        assert_eq!(found.message, "the text contains the control character U+001B");
        assert_eq!(found.notes, ["1 more control character stands after it"]);
        assert_eq!(find_control("tab\t crlf\r\n é \u{85}", FileId(0)), None);
    }
}

//! Names: which ones layers, modules and variables may bear.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::op::Entry;
use crate::op::Op;
use crate::op::Role;
use crate::spec::read::Reader;
use crate::spec::vocabulary::OF_LAYERS;
use crate::spec::vocabulary::OF_NODES;
use crate::spec::vocabulary::names;
use crate::yaml::Key;

/// Names that no layer, module or variable may bear.
pub const RESERVED: [&str; 9] = ["in", "kind", "on", "off", "yes", "no", "true", "false", "null"];

/// Further words that no variable may bear, beside the keywords of expressions.
const TAKEN: [&str; 6] = ["i", "required", "rest", "from", "repeat", "when"];

impl Reader<'_> {
    /// A name of one step: of a branch, module, input or head.
    pub(super) fn check_name(&mut self, key: &Key) {
        if let Err(because) = name_fault(&key.text) {
            let fault = Diagnostic::new(Code::E0212, key.span, format!("`{}` cannot be a name: {because}", key.text), "");
            self.fault(
                fault.with_help("a name is made of letters, digits, `_`, `+` and `-`, has a letter, and begins with no sign"),
            );
        }
    }

    /// The name of a layer of the file; a whole path as `expand` writes it, positions in lists included, is one too.
    pub(super) fn check_path(&mut self, key: &Key) {
        let of_path = |step: &str| {
            let name = step.rsplit_once('.').filter(|(_, copy)| is_position(copy)).map_or(step, |(name, _)| name);
            is_position(name) || name_fault(name).is_ok()
        };
        // A bare number is a position only in quotes, where no other tool takes it for a number.
        let bare = is_position(&key.text) && !self.is_quoted(key.span);
        if bare || !key.text.split('/').all(of_path) {
            self.check_name(key);
        }
    }

    fn is_quoted(&self, span: Span) -> bool {
        let before = self.sources.get(span.file).text.as_bytes()[..span.start as usize].last();
        matches!(before, Some(b'"' | b'\''))
    }

    /// The name of a variable or argument.
    pub(super) fn check_variable(&mut self, key: &Key) {
        let text = &*key.text;
        let formed = text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
            && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
        let taken = no_variables().contains(&text);
        let because = match (formed, taken) {
            (false, _) => "it is made of letters, digits and `_`, and begins with no digit",
            (_, true) => "the language uses it",
            (true, false) => return,
        };
        self.fault(Diagnostic::new(Code::E0212, key.span, format!("`{text}` cannot be a variable: {because}"), ""));
    }
}

/// Every word that no variable or argument may bear.
pub fn no_variables() -> Vec<&'static str> {
    let functions = crate::expr::Function::ALL.into_iter().map(crate::expr::Function::name);
    RESERVED.into_iter().chain(TAKEN).chain(crate::expr::KEYWORDS).chain(functions).collect()
}

/// Every word that no module may bear, beside [`RESERVED`]: kinds, and settings of layers.
pub fn no_modules() -> Vec<&'static str> {
    let manuals = || Op::ENTRIES.iter().map(|entry| (entry.manual)());
    let kinds = manuals().filter(|manual| manual.role == Role::Kind).flat_map(|manual| manual.words).copied();
    let settings = manuals().flat_map(|manual| manual.settings).map(|setting| setting.name);
    let of_layers = names(OF_LAYERS).chain(names(OF_NODES));
    let mut words: Vec<&str> = kinds.chain(["inception", "net"]).chain(settings).chain(of_layers).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether settings take it as a word, which an input of that name would hide.
pub fn is_word(text: &str) -> bool {
    let of_role = |role| text == "none" || Entry::find(role, text).is_some();
    matches!(text, "same" | "global") || of_role(Role::Norm) || of_role(Role::Act)
}

fn is_position(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn name_fault(text: &str) -> Result<(), &'static str> {
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '_';
    if RESERVED.contains(&text) {
        Err("the language or YAML uses it")
    } else if !text.chars().any(|char| char.is_ascii_alphabetic()) {
        Err("it has no letter, other tools would take it for a number")
    } else if !text.starts_with(plain) || !text.chars().all(|char| plain(char) || char == '+' || char == '-') {
        Err("it has a character that names do not have")
    } else {
        Ok(())
    }
}

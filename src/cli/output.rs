//! Standard output and standard error: results on the one, findings and complaints on the other.

use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;

use crate::cli::files;
use crate::report::Colours;
use crate::report::Paint;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl When {
    fn for_stream(self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto => !set("NO_COLOR") && (is_terminal || set("CLICOLOR_FORCE")),
        }
    }

    /// How results are drawn.
    pub(super) fn paint(self) -> Paint {
        let terminal = std::io::stdout().is_terminal();
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|_| terminal);
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let all = set("COLORTERM").is_some_and(|value| matches!(&*value, "truecolor" | "24bit"));
        Paint {
            colours: match self.for_stream(terminal) {
                false => Colours::None,
                true if all => Colours::All,
                true => Colours::Sixteen,
            },
            unicode: !terminal || locale.is_none_or(|locale| is_utf8(&locale)),
            width: columns.or_else(measured).unwrap_or(Paint::PLAIN.width),
        }
    }

    /// Whether findings are coloured.
    pub(super) fn on_stderr(self) -> bool {
        self.for_stream(std::io::stderr().is_terminal())
    }
}

/// Whether a terminal in this locale shows more than ASCII. Files and pipes are UTF-8 in every locale.
fn is_utf8(locale: &str) -> bool {
    match locale.split_once('.') {
        Some((_, charset)) => charset.to_ascii_lowercase().replace('-', "").starts_with("utf8"),
        None => !matches!(locale, "C" | "POSIX"),
    }
}

/// Prints a result, or writes it to a file. A reader that closed the pipe has seen enough: the verdict stays what it is.
pub(super) fn give(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    give_bytes(text.as_bytes(), file)
}

/// The same of what need not be text.
pub(super) fn give_bytes(bytes: &[u8], file: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = file else {
        let mut stdout = std::io::stdout().lock();
        return match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            printed => printed.context("cannot write to standard output"),
        };
    };
    files::write(path, bytes)
}

/// Refuses a file in a folder that does not exist, before the work whose result it is to hold.
pub(super) fn check_place(output: Option<&Path>) -> anyhow::Result<()> {
    let folder = output.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => anyhow::bail!("cannot write into `{}`: there is no such folder", folder.display()),
        None => Ok(()),
    }
}

/// Prints a finding or complaint; that nobody reads it changes nothing.
pub(super) fn complain(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stderr.write_all(b"\n");
    }
}

/// Shows on a terminal what is being done, over what was shown before; nothing wipes it away.
pub(super) fn passing(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[2K{text}").and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_without_utf8_get_ascii() {
        for locale in ["C", "POSIX", "de_DE.ISO-8859-1", "ja_JP.eucJP"] {
            assert!(!is_utf8(locale), "{locale}");
        }
        for locale in ["C.UTF-8", "en_US.utf8", "en_US.UTF-8@euro", "en_US"] {
            assert!(is_utf8(locale), "{locale}");
        }
    }
}

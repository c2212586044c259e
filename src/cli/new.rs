//! `nas new`: a short commented spec to start from.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Exit;
use crate::cli::output;

/// Arguments of `nas new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  nas new mynet -o mynet.yaml
  nas new mynet | nas analyze -")]
pub(super) struct New {
    /// What the network is called
    #[arg(value_name = "NAME", value_parser = name)]
    name: String,
    /// Writes the spec to a file, which must not exist yet
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn name(text: &str) -> Result<String, String> {
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
    if text.starts_with(|char: char| char.is_ascii_alphabetic()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("a name is made of letters, digits, `_` and `-`, and begins with a letter".to_owned())
    }
}

/// The template; `NAME` is replaced.
const TEMPLATE: &str = include_str!("new.yaml");

impl New {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        if let Some(path) = self.output.as_deref().filter(|path| path.exists()) {
            anyhow::bail!("`{}` exists already", path.display());
        }
        output::give(&TEMPLATE.replace("NAME", &self.name), self.output.as_deref())?;
        Ok(Exit::Ok)
    }
}

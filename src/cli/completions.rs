//! `nas completions`: completion scripts for shells.

use clap::Args;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::cli::Exit;
use crate::cli::output;

/// Arguments of `nas completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  nas completions bash > ~/.local/share/bash-completion/completions/nas")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "nas", &mut script);
        output::give(&String::from_utf8(script)?, None)?;
        Ok(Exit::Ok)
    }
}

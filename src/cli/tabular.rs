//! The forms of a result that is a table: which one is meant, by flag or by the ending of the output's name.

use std::path::Path;

use anyhow::bail;
use clap::ValueEnum;

use crate::cli::ending::ending;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal
    Table,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
    /// For a pull request
    #[value(alias = "md")]
    Markdown,
}

impl Format {
    /// The form that is asked for, else that of the output's ending, else a table.
    pub(super) fn of(asked: Option<Format>, output: Option<&Path>) -> anyhow::Result<Format> {
        match (asked, output.map(ending).as_deref()) {
            (Some(format), _) => Ok(format),
            (None, None | Some("txt")) => Ok(Format::Table),
            (None, Some("json")) => Ok(Format::Json),
            (None, Some("csv")) => Ok(Format::Csv),
            (None, Some("md")) => Ok(Format::Markdown),
            (None, Some(_)) => {
                bail!("the extension of the output names no form; use .txt, .md, .json or .csv, or give --format")
            }
        }
    }
}

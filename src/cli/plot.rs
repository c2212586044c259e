//! `nas plot`: pictures of an analysis.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::analyze;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::output;
use crate::report;

/// Arguments of `nas plot`.
#[derive(Debug, Args)]
#[command(after_help = "The picture shows which module costs what, which branch of it, and whether the network fits its budget.

Examples:
  nas plot googlenet -o googlenet.svg
  nas plot mine.yaml --theme dark --width column -o mine.svg")]
pub(super) struct Plot {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    reading: Reading,
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Printed width
    #[arg(long, value_enum, default_value_t = Width::Page)]
    width: Width,
    /// Writes the picture to a file, as SVG
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Theme {
    /// Dark on white
    Light,
    /// Light on near black
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Width {
    /// 85 mm, one of two columns
    Column,
    /// 174 mm
    Page,
}

impl Plot {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.draw(findings))
    }

    fn draw(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let is_svg = |path: &PathBuf| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
        if let Some(path) = self.output.as_ref().filter(|path| !is_svg(path)) {
            anyhow::bail!("`{}`: pictures are written as SVG; end the file's name in .svg", path.display());
        }
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let theme = match self.theme {
            Theme::Light => report::Theme::Light,
            Theme::Dark => report::Theme::Dark,
        };
        let width = match self.width {
            Width::Column => report::Width::Column,
            Width::Page => report::Width::Page,
        };
        let picture = report::cost_by_module(&analyze::analysis(&network, 1), theme, width);
        output::give(&picture, self.output.as_deref())?;
        Ok(outcome.exit)
    }
}

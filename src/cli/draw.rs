//! `nas draw`: the network itself as a picture, or as text for other programs that draw.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::analyze::Analysis;
use crate::base::nearest;
use crate::cli::Exit;
use crate::cli::analyze;
use crate::cli::arguments::Looks;
use crate::cli::arguments::Reading;
use crate::cli::ending::ending;
use crate::cli::explain;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::twin;
use crate::graph::Twin;
use crate::report;
use crate::report::Picture;

/// Arguments of `nas draw`.
#[derive(Debug, Args)]
#[command(
    after_help = "Branches stand in written order, boxes are as high as they cost, ribbons as wide as what flows through them. \
Equal modules one behind the other are drawn once, in a double frame with their number.

Examples:
  nas draw googlenet -o googlenet.svg
  nas draw inception-v4 --theme dark -o inception-v4.png
  nas draw googlenet --module 3b --naive --width column -o 3b.svg
  nas draw densenet121 --all -o densenet121.svg
  nas draw googlenet --format dot | dot -Tpdf -o googlenet.pdf
  nas draw mine.yaml -o mine.md"
)]
pub(super) struct Draw {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Draws one module, branch or layer alone, such as `3b`
    #[arg(long, value_name = "PATH")]
    module: Option<String>,
    /// With `--module`: draws its naive form on the same input beside it
    #[arg(long, requires = "module")]
    naive: bool,
    /// Draws equal modules one by one
    #[arg(long, conflicts_with = "module")]
    all: bool,
    #[command(flatten)]
    reading: Reading,
    /// Form of the drawing [default: by the end of the file's name, else svg]
    #[arg(short, long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    looks: Looks,
    /// Writes the drawing to a file: .svg, .png, .dot (or .gv), .mmd, or .md with a Mermaid block
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture that scales, its texts as texts
    Svg,
    /// A picture in pixels
    Png,
    /// The language of Graphviz
    Dot,
    /// A flowchart as wikis and code hosts draw it
    Mermaid,
}

impl Draw {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.draw(findings))
    }

    fn draw(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let format = self.form()?;
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let analysis = analyze::analysis(&network, 1);
        let (theme, width) = (self.looks.theme(), self.looks.width());
        let twin = if self.naive {
            match twin::of(&self.spec, &network, &self.reading, findings)? {
                Ok(twin) => Some(twin),
                Err(found) => return Ok(outcome.exit.max(found)),
            }
        } else {
            None
        };
        let picture = || self.picture(&network, &analysis, twin.as_ref(), width);
        let bytes = match format {
            Format::Svg => self.looks.svg(&picture()?),
            Format::Png => self.looks.png(&picture()?),
            Format::Dot => report::dot(&network.graph, &analysis, theme).into_bytes(),
            Format::Mermaid => {
                let chart = report::mermaid(&network.graph, &analysis, theme);
                let is_page = self.output.as_deref().is_some_and(|path| ending(path) == "md");
                if is_page { format!("```mermaid\n{chart}```\n").into_bytes() } else { chart.into_bytes() }
            }
        };
        output::give_bytes(&bytes, self.output.as_deref())?;
        Ok(outcome.exit)
    }

    fn picture(
        &self,
        network: &Network,
        analysis: &Analysis,
        twin: Option<&Twin>,
        width: report::Width,
    ) -> anyhow::Result<Picture> {
        let Some(path) = &self.module else {
            return Ok(report::draw(&network.graph, analysis, report::Drawing { width, all: self.all }));
        };
        let Some(scope) = network.graph.scopes().find(path).filter(|_| !path.is_empty()) else {
            anyhow::bail!(explain::unknown_path(network, path));
        };
        let Some(twin) = twin else { return Ok(report::draw_module(&network.graph, analysis, scope, width)) };
        let Some(module) = twin.modules.iter().find(|module| module.path == *path) else {
            let known = twin.modules.iter().map(|module| &*module.path);
            let near = nearest(path, known.clone()).map_or_else(
                || format!("those that have one: {}", crate::base::listed(&known.collect::<Vec<_>>())),
                |near| format!("did you mean `{near}`?"),
            );
            anyhow::bail!("`{path}` of `{}` has no naive form; {near}", network.graph.name());
        };
        Ok(report::draw_twins(twin, module, width))
    }

    /// The form that is asked for, or that the file's name tells.
    fn form(&self) -> anyhow::Result<Format> {
        let told = self.output.as_deref().map(ending);
        let by_name = match told.as_deref() {
            Some("svg") => Some(Format::Svg),
            Some("png") => Some(Format::Png),
            Some("dot" | "gv") => Some(Format::Dot),
            Some("mmd" | "md" | "mermaid") => Some(Format::Mermaid),
            Some(_) | None => None,
        };
        if let (Some(path), None, None) = (&self.output, by_name, self.format) {
            anyhow::bail!("`{}`: end the file's name in .svg, .png, .dot, .mmd or .md, or say `--format`", path.display());
        }
        let format = self.format.or(by_name).unwrap_or(Format::Svg);
        anyhow::ensure!(
            format == Format::Png || self.looks.dpi.is_none(),
            "`--dpi` is for PNG, the only form that has pixels; name a file with `-o FILE.png`"
        );
        let is_text = matches!(format, Format::Dot | Format::Mermaid);
        anyhow::ensure!(
            !(is_text && self.module.is_some()),
            "`--module` is for pictures; DOT and Mermaid have the whole network"
        );
        Ok(format)
    }
}

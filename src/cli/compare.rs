//! `nas compare`: specs against one another, variants in one spec, a network against its naive twin.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::analyze;
use crate::analyze::Analysis;
use crate::analyze::Comparison;
use crate::analyze::Naive;
use crate::analyze::Subject;
use crate::cli::Exit;
use crate::cli::analyze as analyze_verb;
use crate::cli::arguments::Reading;
use crate::cli::ending::ending;
use crate::cli::fail_above;
use crate::cli::fail_above::Allowance;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::twin;
use crate::report;
use crate::report::Detail;
use crate::report::Paint;

/// Arguments of `nas compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each further spec is set against the first. Layers are aligned by what they do, so that one that was inserted moves nothing \
and one that was renamed is found. A spec alone is taken with the layers that its `compare` section names. \
`PATH@REV` is a spec as it is in a git revision, here and wherever a spec is read.

Examples:
  nas compare googlenet googlenet-sepconv
  nas compare mine.yaml@HEAD~1 mine.yaml --fail-above madds=+1% --fail-above params=+10k
  nas compare resnet18 resnet50 --all --format csv -o rows.csv
  nas compare naive-vs-reduced
  nas compare googlenet --naive
  nas compare googlenet --naive --format markdown -o naive.md"
)]
pub(super) struct Compare {
    /// Spec files, `-`, names of built-in specs, or `PATH@REV`
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Sets each spec against its naive twin: every `inception` without its reductions and projections, on the same input and on
    /// what has grown before it
    #[arg(long)]
    naive: bool,
    /// Shows layers that are equal too
    #[arg(long, conflicts_with = "naive")]
    all: bool,
    /// Exits with 1 if madds, params or memory rise by more than this, as in `madds=+1%` or `params=+100k`
    #[arg(long, value_name = "QUANTITY=AMOUNT", value_delimiter = ',', conflicts_with = "naive")]
    fail_above: Vec<String>,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// For a pull request
    Markdown,
    /// nas.compare/1, with --naive nas.naive/1
    Json,
    /// For a spreadsheet
    Csv,
}

impl Format {
    /// The form that was asked for, or that the file's extension asks for.
    fn of(asked: Option<Format>, path: Option<&std::path::Path>) -> anyhow::Result<Format> {
        let Some(path) = path.filter(|_| asked.is_none()) else { return Ok(asked.unwrap_or(Format::Table)) };
        match &*ending(path) {
            "txt" => Ok(Format::Table),
            "md" => Ok(Format::Markdown),
            "json" => Ok(Format::Json),
            "csv" => Ok(Format::Csv),
            _ => anyhow::bail!("the extension of the output names no form; use .txt, .md, .json or .csv, or give --format"),
        }
    }
}

impl Compare {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.compare(findings))
    }

    fn compare(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let format = Format::of(self.format, self.output.as_deref())?;
        if self.naive {
            return self.naive(format, findings);
        }
        let allowances: Vec<Allowance> = self.fail_above.iter().map(|text| Allowance::read(text)).collect::<Result<_, _>>()?;
        anyhow::ensure!(
            self.specs.iter().filter(|spec| *spec == "-").count() < 2,
            "standard input can be read once; give the others by their paths"
        );
        let mut exit = Exit::Ok;
        let mut networks: Vec<(&str, Network)> = Vec::with_capacity(self.specs.len());
        for named in &self.specs {
            let outcome = loading::network(named, &self.reading, findings);
            exit = exit.max(outcome.exit);
            networks.extend(outcome.network.map(|network| (&**named, network)));
        }
        if networks.len() < self.specs.len() {
            return Ok(exit);
        }
        let analyses: Vec<Analysis> = networks.iter().map(|(_, network)| analyze_verb::analysis(network, 1)).collect();
        let comparison = match (&networks[..], &analyses[..]) {
            ([(named, network)], [analysis]) => variants(named, network, analysis)?,
            _ => {
                let nets = networks.iter().zip(&analyses);
                let subjects: Vec<Subject<'_>> =
                    nets.map(|((named, network), analysis)| Subject::network(named, &network.graph, analysis)).collect();
                analyze::compare(&subjects[0], &subjects[1..])
            }
        };
        let risen = fail_above::risen(&comparison, &allowances)?;
        let detail = if self.all { Detail::All } else { Detail::Costs };
        let comparison = if self.all { comparison } else { comparison.differing() };
        let text = match format {
            Format::Table => report::comparison_table(&comparison, detail, &self.paint()),
            Format::Markdown => report::comparison_markdown(&comparison, detail),
            Format::Json => report::json(&[comparison]),
            Format::Csv => report::comparison_csv(&comparison),
        };
        output::give(&text, self.output.as_deref())?;
        for one in &risen {
            findings.fail(&anyhow::anyhow!("{one}"));
            exit = exit.max(Exit::Findings);
        }
        Ok(exit)
    }

    fn paint(&self) -> Paint {
        if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() }
    }

    fn naive(&self, format: Format, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let mut exit = Exit::Ok;
        let mut all: Vec<Naive> = Vec::with_capacity(self.specs.len());
        for named in &self.specs {
            let outcome = loading::network(named, &self.reading, findings);
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            match twin::of(named, &network, &self.reading, findings) {
                Ok(Ok(twin)) => {
                    all.push(analyze::naive(&twin).with_limits(network.limits()));
                }
                Ok(Err(found)) => exit = exit.max(found),
                Err(error) => exit = exit.max(findings.fail(&error)),
            }
        }
        if all.is_empty() {
            return Ok(exit);
        }
        let text = match format {
            Format::Table => all.iter().map(|naive| report::naive_table(naive, &self.paint())).collect::<Vec<_>>().join("\n\n"),
            Format::Markdown => all.iter().map(report::naive_markdown).collect::<Vec<_>>().join("\n"),
            Format::Json => report::json(&all),
            Format::Csv => report::naive_csv(&all),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(exit)
    }
}

/// The layers that a spec's `compare` section names, against the first of them.
fn variants(named: &str, network: &Network, analysis: &Analysis) -> anyhow::Result<Comparison> {
    let graph = &network.graph;
    let wanted = &network.spec.compare;
    anyhow::ensure!(
        !wanted.is_empty(),
        "`{named}` stands alone; name a second spec, ask for `--naive`, or give it a `compare` section"
    );
    anyhow::ensure!(wanted.len() > 1, "the `compare` section of `{named}` names one layer; it takes a second to compare");
    let results = &graph.outputs()[graph.outputs().len() - wanted.len()..];
    // A name may stand for the last copy of a layer: then the layer that the result lies in has the path.
    let paths: Vec<String> = results
        .iter()
        .map(|result| {
            let whole = graph.scopes().path(graph.node(result.node).scope);
            let steps: Vec<&str> = whole.split('/').take(result.name.split('/').count()).collect();
            if analysis.tree.find(&result.name).is_some() { result.name.clone() } else { steps.join("/") }
        })
        .collect();
    let subject = |path| {
        Subject::part(path, graph, analysis)
            .ok_or_else(|| anyhow::anyhow!("`{path}` in the `compare` section of `{named}` has no layers of its own"))
    };
    let subjects = paths.iter().map(|path| subject(path)).collect::<anyhow::Result<Vec<Subject<'_>>>>()?;
    Ok(analyze::compare(&subjects[0], &subjects[1..]))
}

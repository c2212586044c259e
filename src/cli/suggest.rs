//! `nas suggest`: the least changes of widths that fit a budget, and the spec with them.

mod proposing;

use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::analyze::Proposed;
use crate::analyze::Suggestion;
use crate::base::Quantity;
use crate::base::Sources;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::rewriting;
use crate::expr::parse_quantity;
use crate::report;

/// Arguments of `nas suggest`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "A change is measured by the sum, over the numbers that change, of the share by which each goes down. Numbers are \
changed where they are written; one that several layers share moves all of them.

Exit code 0 if something fits or nothing has to change, 1 if nothing fits.

Examples:
  nas suggest googlenet
  nas suggest googlenet --budget 1.4G --take pair -o smaller.yaml
  nas suggest mine.yaml --budget madds=300M --budget params=2M --multiple 4"
)]
pub(super) struct Suggest {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    reading: Reading,
    /// The most multiply-adds, as in `1.5G`, or a limit by name, as in `params=7M`; the spec's budget unless given
    #[arg(long, value_name = "LIMIT")]
    budget: Vec<String>,
    /// Changed widths are multiples of this
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1024))]
    multiple: u32,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Writes the spec with the proposal that `--take` names; comments and everything else stay
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Which proposal is written
    #[arg(long, value_enum, default_value_t = Take::Mixed)]
    take: Take,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.suggest/1
    Json,
    /// One line a change
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Take {
    /// One number
    Single,
    /// Two numbers
    Pair,
    /// All numbers by one factor
    Uniform,
    /// The set with the least sum of changes
    Mixed,
}

impl Take {
    fn kind(self) -> Proposed {
        match self {
            Take::Single => Proposed::Single,
            Take::Pair => Proposed::Pair,
            Take::Uniform => Proposed::Uniform,
            Take::Mixed => Proposed::Mixed,
        }
    }
}

impl Suggest {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.suggest(findings))
    }

    fn suggest(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let given: Vec<(Quantity, u64)> = self.budget.iter().map(|text| limit(text)).collect::<anyhow::Result<_>>()?;
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let limits = self.limits(given, &network)?;
        let (found, texts) = proposing::propose(&network, &limits, self.multiple)?;
        let text = match self.format {
            Format::Table => report::suggestions_table(&found, &self.reading.showing.color.paint()),
            Format::Json => report::json(std::slice::from_ref(&found)),
            Format::Csv => report::suggestions_csv(std::slice::from_ref(&found)),
        };
        output::give(&text, None)?;
        if let Some(path) = &self.output {
            let wanted = self.take.kind();
            let text = match texts.iter().find(|(kind, _)| *kind == wanted) {
                Some((_, text)) => Some(&**text),
                None if found.inside => Some(rewriting::text_of(&network)),
                None => None,
            };
            match text {
                Some(text) => {
                    let now = network.graph.inference_totals();
                    let totals = |found: &Suggestion| (found.madds, found.params);
                    let promised = found.find(wanted).map_or((units::whole(now.cost.madds), units::whole(now.params)), totals);
                    rewriting::check(&network, path, text, promised)?;
                    output::give(text, Some(path))?;
                }
                None => bail!("there is no {} change that fits, so that `{}` is not written", wanted.name(), path.display()),
            }
        }
        let fits = found.inside || !found.proposals.is_empty();
        Ok(outcome.exit.max(if fits { Exit::Ok } else { Exit::Findings }))
    }

    /// The limits that are asked for.
    fn limits(&self, given: Vec<(Quantity, u64)>, network: &Network) -> anyhow::Result<Vec<(Quantity, u64)>> {
        let limits = if given.is_empty() { network.limits() } else { given };
        let spec = &self.spec;
        ensure!(!limits.is_empty(), "`{spec}` has no budget; give one, as in `nas suggest {spec} --budget 1.5G`");
        let is_sum = |&(quantity, _): &(Quantity, u64)| quantity != Quantity::Memory;
        ensure!(
            limits.iter().any(is_sum),
            "`{spec}` limits only memory, which is no sum over layers; give `--budget` with multiply-adds or parameters"
        );
        Ok(limits)
    }
}

/// `1.5G` or `params=7M`.
pub(super) fn limit(text: &str) -> anyhow::Result<(Quantity, u64)> {
    let (word, number) = text.split_once('=').unwrap_or((Quantity::Madds.word(), text));
    let quantity = Quantity::find(word).with_context(|| format!("a budget has no `{word}`; it limits madds or params"))?;
    ensure!(
        quantity != Quantity::Memory,
        "memory is no sum over layers, so no widths are suggested for it; limit madds or params"
    );
    let mut sources = Sources::default();
    let file = sources.add_argument("--budget", number);
    let most = parse_quantity(number, sources.whole(file)).map_err(|fault| anyhow::anyhow!("--budget: {}", fault.message))?;
    let most = most.floor().to_integer().and_then(|most| u64::try_from(most).ok()).filter(|&most| most > 0);
    Ok((quantity, most.with_context(|| format!("--budget: `{number}` must be at least 1 and fit 64 bits"))?))
}

//! `nas cluster --table`: dense blocks of a connection table, what they cost, and how long each form takes.

mod forms;
mod sources;

use anyhow::bail;
use clap::Args;

use crate::cli::arguments::Computing;
use crate::cli::look::Look;
use crate::cli::tables::forms::Forms;
use crate::cli::tables::sources::Given;
use crate::graph::NodeIndex;
use crate::propose::blocks::Blocks;
use crate::propose::blocks::Mode;
use crate::propose::blocks::Search;
use crate::propose::blocks::Summary;
use crate::propose::blocks::gather_price;

/// A copied element costs as much as so many multiply-adds.
const COPY: f64 = 8.0;

/// Which table, and what blocks may be.
#[derive(Debug, Args)]
pub(super) struct Tables {
    /// Dense blocks of a connection table: a file of 0 and 1, `lenet-c3`, or `cover:RECIPE`
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["run", "planted", "layers", "controls", "threshold", "replicates", "plots"])]
    pub(super) table: Option<String>,
    /// The table of a run's convolution: its largest links, this part of all
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["planted", "table", "controls", "threshold", "replicates", "plots"], value_parser = part)]
    pub(super) keep: Option<f64>,
    /// Columns that less than this share of a group's rows read are dropped
    #[arg(long, value_name = "SHARE", value_parser = part)]
    least: Option<f64>,
    /// So many groups alike in size, each column in one of them: a grouped convolution
    #[arg(long, value_name = "N", conflicts_with = "least", value_parser = clap::value_parser!(u32).range(1..))]
    groups: Option<u32>,
    /// What a group costs beside its links, in links [default: what gathering takes]
    #[arg(long, value_name = "LINKS", value_parser = price)]
    price: Option<f64>,
    /// Taps along a side, of a cover's table or a file's [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=31))]
    kernel: Option<u32>,
    /// Rows and columns of the map, of a cover's table or a file's [default: 14x14]
    #[arg(long, value_name = "HxW", value_parser = map)]
    map: Option<[u32; 2]>,
    /// Times sparse, blocks and dense on this machine, so many rounds
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "15", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    measure: Option<u32>,
}

/// How blocks are searched and measured, and whether the spec that computes them is wanted.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) computing: &'a Computing,
    pub(super) seed: u64,
    pub(super) spec: bool,
}

impl Tables {
    /// Whether a table is asked for.
    pub(super) fn are_asked(&self) -> bool {
        self.table.is_some() || self.keep.is_some()
    }

    /// Blocks of a table that was named, and the spec that computes them.
    pub(super) fn named(&self, named: &str, asked: Asked<'_>) -> anyhow::Result<(Summary, Option<String>)> {
        asked.computing.pool()?.install(|| {
            let given = sources::named(named, self.kernel, self.map, asked.seed)?;
            self.blocks(&given, asked)
        })
    }

    /// The same of a convolution's largest links.
    pub(super) fn pruned(
        &self,
        look: &Look<'_>,
        (layer, node): (&str, NodeIndex),
        asked: Asked<'_>,
    ) -> anyhow::Result<(Summary, Option<String>)> {
        let given = sources::pruned(look.subject.graph, look.state, layer, node, self.keep.unwrap_or(1.0))?;
        self.blocks(&given, asked)
    }

    fn blocks(&self, given: &Given, asked: Asked<'_>) -> anyhow::Result<(Summary, Option<String>)> {
        let table = &given.table;
        let price = self.price.unwrap_or_else(|| gather_price(table, given.kernel, COPY));
        let search = Search { seed: asked.seed, ..Search::new(price) };
        let (mode, blocks) = match (self.least, self.groups) {
            (Some(least), _) => (Mode::Lossy, Blocks::lossy(table, least, None, &search)?),
            (None, Some(groups)) => (Mode::Disjoint, Blocks::disjoint(table, groups as usize, &search)?),
            (None, None) => (Mode::Lossless, Blocks::lossless(table, &search)?),
        };
        let mut summary = Summary::of(given.source.clone(), mode, table, &blocks, given.kernel, given.map)?;
        summary.kept = given.kept;
        summary.least = self.least;
        let forms = Forms { table, blocks: &blocks, kernel: given.kernel, map: given.map };
        if let Some(rounds) = self.measure {
            summary.measured = Some(forms.measure(asked.computing.arch()?, rounds as usize, &summary)?);
        }
        Ok((summary, if asked.spec { Some(forms.blocks(true)?) } else { None }))
    }

    /// Refuses what is about a table where there is none.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let given = [
            ("--least", self.least.is_some()),
            ("--groups", self.groups.is_some()),
            ("--price", self.price.is_some()),
            ("--measure", self.measure.is_some()),
        ];
        if let Some((name, _)) = given.iter().find(|(_, is_given)| *is_given && !self.are_asked()) {
            bail!("`{name}` is about a table: name one with `--table`, or `--keep` with a run");
        }
        match [("--kernel", self.kernel.is_some()), ("--map", self.map.is_some())].iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) if self.table.is_none() => {
                bail!("`{name}` is about a table that is named with `--table`; a run has its own")
            }
            _ => Ok(()),
        }
    }
}

/// A share above 0.
fn part(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&share: &f64| share > 0.0 && share <= 1.0).ok_or_else(|| "a number above 0, at most 1".to_owned())
}

fn price(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&price: &f64| price.is_finite() && price >= 0.0).ok_or_else(|| "a number from 0 on".to_owned())
}

/// `14x14`.
fn map(text: &str) -> Result<[u32; 2], String> {
    let sides: Vec<u32> = text.split('x').filter_map(|side| side.parse().ok()).collect();
    match sides[..] {
        [height, width] if (1..=4096).contains(&height) && (1..=4096).contains(&width) && text.matches('x').count() == 1 => {
            Ok([height, width])
        }
        _ => Err("write rows x columns, as in 14x14".to_owned()),
    }
}

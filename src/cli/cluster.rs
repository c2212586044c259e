//! `nas cluster`: what correlations say of a layer, and how much of planted networks clustering finds again.

use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::cli::Exit;
use crate::cli::arguments::Showing;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::layers;
use crate::cli::look::Looking;
use crate::cli::output;
use crate::cli::planted;
use crate::cli::progress;
use crate::cli::train::stopping::Stopping;
use crate::propose::Benchmark;
use crate::propose::LayerClusters;
use crate::propose::Method;
use crate::propose::benchmark;
use crate::report;
use crate::report::Paint;

/// Arguments of `nas cluster`.
#[derive(Debug, Args)]
#[command(
    after_help = "Of a run, or of activations in a .npy or .safetensors file, [image, channel, row, column]: clusters of highly correlated units by the
filter that covers them, 1x1, 3x3 or 5x5, of activations and of innovations, which are what a channel's own neighbourhood does not
foretell; and the ranks that reductions before 3x3 and 5x5 need. docs/clustering.md.

A RECIPE is keys and values with commas between, the name of a tier of docs/clustering.md, or both: `O2,noise=0.1`.
  n         observed units
  m         hidden units of each layer; without `d` groups that do not overlap
  d         edges of a hidden unit in the mean, of both signs
  rho       how often a topmost hidden unit is on
  noise     a 1 is erased with this probability, a 0 set with this times the mean density [default: 0]
  samples   samples; several as in `500/1000/2000`
  layers    1 or 2 hidden layers [default: 1]

Examples:
  nas cluster runs/cifar --layer 3a --layer 3b --images 2000
  nas cluster 3a.npy --format json -o 3a.json
  nas cluster --planted n=500,m=250,d=16,rho=0.02,noise=0,samples=5000 --seeds 5
  nas cluster --planted P2 --seeds 20 --method cover --method pivot
  nas cluster --planted O1,samples=500/1000/2000 --seeds 3 --format csv -o found.csv"
)]
pub(super) struct Cluster {
    /// A run's folder, or a file of activations
    #[arg(value_name = "RUN|FILE", required_unless_present = "planted")]
    run: Option<PathBuf>,
    #[command(flatten)]
    looking: Looking,
    /// Units of a cluster correlate by more than this, from 0 to 1
    #[arg(long, value_name = "R", default_value_t = 0.5, value_parser = correlation)]
    threshold: f32,
    /// Draws networks by this recipe and says how much of them each method finds in their samples
    #[arg(long, value_name = "RECIPE", conflicts_with_all = ["run", "layers"])]
    planted: Option<String>,
    /// Networks, each with a seed of its own
    #[arg(long, requires = "planted", value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    seeds: u64,
    /// The first seed
    #[arg(long, value_name = "N", default_value_t = 0, requires = "planted")]
    seed: u64,
    /// A method; give it again for more [default: all]
    #[arg(long = "method", value_parser = methods(), value_name = "NAME", requires = "planted")]
    methods: Vec<Method>,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    showing: Showing,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.clusters/1, or nas.planted/1
    Json,
    /// One line a layer, or a method and network
    Csv,
}

impl Cluster {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let format = self.format()?;
        let Some(run) = &self.run else { return self.planted(self.planted.as_deref().unwrap_or_default(), format) };
        let give = |found: &[LayerClusters]| {
            let text = match format {
                Format::Table => report::clusters_table(found, &self.paint()),
                Format::Json => report::json(found),
                Format::Csv => report::clusters_csv(found),
            };
            output::give(&text, self.output.as_deref())
        };
        if layers::is_file_of_arrays(run)? {
            let arch = self.looking.computing.arch()?;
            let pool = self.looking.computing.pool()?;
            give(&pool.install(|| layers::of_file(run, &self.looking.layers, arch, self.threshold))?)?;
            return Ok(Exit::Ok);
        }
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| {
            let pool = self.looking.computing.pool()?;
            pool.install(|| layers::of_run(&self.looking, run, &self.showing, findings, self.threshold, give))
        })
    }

    fn paint(&self) -> Paint {
        if self.output.is_some() { Paint::PLAIN } else { self.showing.color.paint() }
    }

    fn planted(&self, text: &str, format: Format) -> anyhow::Result<Exit> {
        let recipes = planted::recipes(text)?;
        let methods = if self.methods.is_empty() { &Method::ALL[..] } else { &self.methods };
        for (at, method) in methods.iter().enumerate() {
            ensure!(!methods[..at].contains(method), "`--method {}` is given twice", method.name());
        }
        let stopping = Stopping::listen()?;
        let shown = progress::networks(recipes.len() * methods.len() * self.seeds as usize);
        let pool = self.looking.computing.pool()?;
        let mut all: Vec<Benchmark> = Vec::new();
        let mut done = 0;
        for recipe in &recipes {
            let after = |_, _| {
                done += 1;
                shown.at(done);
                !stopping.is_asked()
            };
            let found = pool.install(|| benchmark(recipe, methods, self.seed, self.seeds, after));
            let Some(found) = found.with_context(|| format!("`--planted {text}`"))? else {
                return Ok(Exit::Interrupted);
            };
            all.push(found);
        }
        drop(shown);
        let result = match format {
            Format::Table => {
                let paint = self.paint();
                all.iter().map(|found| report::planted_table(found, &paint)).collect::<Vec<String>>().join("\n")
            }
            Format::Json => report::json(&all),
            Format::Csv => report::planted_csv(&all),
        };
        output::give(&result, self.output.as_deref())?;
        Ok(Exit::Ok)
    }

    fn format(&self) -> anyhow::Result<Format> {
        let by_ending = self.output.as_deref().map(ending);
        Ok(match (self.format, by_ending.as_deref()) {
            (Some(format), _) => format,
            (None, Some("json")) => Format::Json,
            (None, Some("csv")) => Format::Csv,
            (None, None | Some("txt" | "")) => Format::Table,
            (None, Some(other)) => {
                bail!("`.{other}` is no form of a result; end the file's name in .txt, .json or .csv, or say `--format`")
            }
        })
    }
}

/// A method by its name.
fn methods() -> impl TypedValueParser<Value = Method> {
    let names = Method::ALL.map(|method| PossibleValue::new(method.name()).help(method.about()));
    let find = |name: String| Method::ALL.into_iter().find(|method| method.name() == name);
    PossibleValuesParser::new(names).try_map(move |name| find(name).ok_or("there is no such method"))
}

/// A correlation from 0 to 1.
fn correlation(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "a number from 0 to 1".to_owned())
}

//! `nas cluster`: what correlations say of a layer, and how much of planted networks clustering finds again.

use std::path::Path;
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
use crate::cli::layers::Layer;
use crate::cli::layers::Watching;
use crate::cli::look::Look;
use crate::cli::look::Looking;
use crate::cli::output;
use crate::cli::pictures;
use crate::cli::planted;
use crate::cli::progress;
use crate::cli::tables::Asked;
use crate::cli::tables::Tables;
use crate::cli::train::stopping::Stopping;
use crate::graph::NodeIndex;
use crate::propose::Benchmark;
use crate::propose::LayerClusters;
use crate::propose::Method;
use crate::propose::Resampling;
use crate::propose::benchmark;
use crate::propose::blocks::Summary;
use crate::report;
use crate::report::Colouring;
use crate::report::Paint;
use crate::report::Theme;
use crate::report::Width;

/// Arguments of `nas cluster`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Of a run, or of activations in a .npy or .safetensors file, [image, channel, row, column]: clusters of highly correlated units by the \
filter that covers them, 1x1, 3x3 or 5x5, of activations and of innovations, which are what a channel's own neighbourhood does not \
foretell; and the ranks that reductions before 3x3 and 5x5 need. docs/clustering.md.

A RECIPE is keys and values with commas between, the name of a tier of docs/clustering.md, or both: `O2,noise=0.1`.
  n         observed units
  m         hidden units of each layer; without `d` groups that do not overlap
  d         edges of a hidden unit in the mean, of both signs
  weights   `signs`, +1 and -1, or `real`, from -1 to 1, a unit being on where its rectifier is [default: signs]
  rho       how often a topmost hidden unit is on
  noise     a 1 is erased with this probability, a 0 set with this times the mean density [default: 0]
  samples   samples; several as in `500/1000/2000`
  layers    1 or 2 hidden layers [default: 1]
  spread    in place of `m`: no hidden units, densities log-normal about `rho` with this deviation; nothing should be found

Examples:
  nas cluster runs/cifar --layer 3a --layer 3b --images 2000
  nas cluster runs/cifar --layer pool1 --layer pool2 --controls 5 --plots plots
  nas cluster 3a.npy --format json -o 3a.json
  nas cluster --table lenet-c3 --measure
  nas cluster runs/cifar --layer 3a/3x3 --keep 0.1 --least 0.3 -o blocks.yaml
  nas cluster --planted n=500,m=250,d=16,rho=0.02,noise=0,samples=5000 --seeds 5
  nas cluster --planted P2 --seeds 20 --method cover --method pivot
  nas cluster --planted O1,samples=500/1000/2000 --seeds 3 -o found.svg"
)]
pub(super) struct Cluster {
    /// A run's folder, or a file of activations
    #[arg(value_name = "RUN|FILE", required_unless_present_any = ["planted", "table"])]
    run: Option<PathBuf>,
    #[command(flatten)]
    looking: Looking,
    /// Units of a cluster correlate by more than this, from 0 to 1
    #[arg(long, value_name = "R", default_value_t = layers::THRESHOLD, value_parser = correlation)]
    threshold: f32,
    /// So many untrained forms of the network beside it, each from other numbers
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "planted", value_parser = clap::value_parser!(u32).range(0..=100))]
    controls: u32,
    /// Replicates of the images, for intervals and stability; 0 for none
    #[arg(long, value_name = "N", default_value_t = layers::REPLICATES, conflicts_with = "planted", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    replicates: u32,
    /// Draws networks by this recipe and says how much of them each method finds in their samples
    #[arg(long, value_name = "RECIPE", conflicts_with_all = ["run", "layers"])]
    planted: Option<String>,
    /// Networks, each with a seed of its own
    #[arg(long, requires = "planted", value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    seeds: u64,
    /// The first seed: of networks, of controls, of replicates
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=u64::from(u32::MAX)))]
    seed: u64,
    /// A method; give it again for more [default: all]
    #[arg(long = "method", value_parser = methods(), value_name = "NAME", requires = "planted")]
    methods: Vec<Method>,
    #[command(flatten)]
    tables: Tables,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    showing: Showing,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draws pictures into a folder: shares.svg, and of each layer its clusters
    #[arg(long, value_name = "FOLDER", conflicts_with = "planted")]
    plots: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.clusters/1, or nas.planted/1
    Json,
    /// One line a layer, or a method and network; not of a table
    Csv,
    /// Of a table: a spec that computes its blocks
    Yaml,
    /// Of planted networks: F1 by samples
    Svg,
}

/// What draws a result.
type Drawn<T> = fn(&[T], &Paint) -> String;

impl Format {
    fn of_layers(self) -> anyhow::Result<Drawn<LayerClusters>> {
        match self {
            Format::Table => Ok(report::clusters_table),
            Format::Json => Ok(|found, _| report::json(found)),
            Format::Csv => Ok(|found, _| report::clusters_csv(found)),
            Format::Yaml => bail!("only blocks of a table are a spec: name one with `--table`, or `--keep` with a run"),
            Format::Svg => bail!("clusters are told as a table, JSON or CSV; `--plots FOLDER` draws them"),
        }
    }

    fn of_planted(self) -> anyhow::Result<Drawn<Benchmark>> {
        match self {
            Format::Table => Ok(report::planted_table),
            Format::Json => Ok(|found, _| report::json(found)),
            Format::Csv => Ok(|found, _| report::planted_csv(found)),
            Format::Svg => {
                Ok(|found, _| report::svg(&report::found_by_samples(found, Width::Page), Colouring::Theme(Theme::Light)))
            }
            Format::Yaml => bail!("what is found of planted networks is no spec"),
        }
    }

    /// Nothing where the spec is asked for.
    fn of_blocks(self) -> anyhow::Result<Option<Drawn<Summary>>> {
        match self {
            Format::Table => Ok(Some(|found, paint| found.iter().map(|found| report::blocks_table(found, paint)).collect())),
            Format::Json => Ok(Some(|found, _| report::json(found))),
            Format::Yaml => Ok(None),
            Format::Csv | Format::Svg => bail!("blocks are told as a table or as JSON, and written as a spec"),
        }
    }
}

impl Cluster {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let format = self.format()?;
        self.tables.check()?;
        output::check_place(self.output.as_deref())?;
        pictures::check_place(self.plots.as_deref())?;
        if let Some(text) = &self.planted {
            return self.planted(text, format);
        }
        if let Some(named) = &self.tables.table {
            let drawn = format.of_blocks()?;
            let (found, spec) = self.tables.named(named, self.of_blocks(drawn.is_none()))?;
            self.give_blocks(found, spec, drawn)?;
            return Ok(Exit::Ok);
        }
        let run = self.run.as_deref().context("name a run, or a file of activations")?;
        if layers::is_file_of_arrays(run)? {
            ensure!(self.tables.keep.is_none(), "`--keep` prunes a run's convolution; a file of arrays has no weights");
            ensure!(self.controls == 0, "`--controls` are untrained forms of a run's network; a file of arrays has none");
            let drawn = format.of_layers()?;
            let arch = self.looking.glance.computing.arch()?;
            let pool = self.looking.glance.computing.pool()?;
            self.give(&pool.install(|| layers::of_file(run, &self.looking.layers, arch, self.watching()))?, drawn)?;
            return Ok(Exit::Ok);
        }
        if self.tables.keep.is_some() {
            ensure!(self.looking.layers.len() == 1, "`--keep` prunes one convolution of a run: name one `--layer`");
            let drawn = format.of_blocks()?;
            return self.look(run, |look, nodes| {
                let layer = (&*self.looking.layers[0], nodes[0]);
                let (found, spec) = self.tables.pruned(look, layer, self.of_blocks(drawn.is_none()))?;
                self.give_blocks(found, spec, drawn)?;
                Ok(Exit::Ok)
            });
        }
        let drawn = format.of_layers()?;
        self.look(run, |look, nodes| {
            let named = self.looking.layers.iter().zip(nodes);
            let layers: Vec<Layer<'_>> = named.map(|(name, &node)| Layer { name, node }).collect();
            let stopping = Stopping::listen()?;
            let Some(found) = layers::of_look(look, &layers, self.watching(), &stopping)? else {
                return Ok(Exit::Interrupted);
            };
            self.give(&found, drawn)?;
            Ok(Exit::Ok)
        })
    }

    /// Shows a run the images.
    fn look(
        &self,
        run: &Path,
        shown: impl FnOnce(&Look<'_>, &[NodeIndex]) -> anyhow::Result<Exit> + Send,
    ) -> anyhow::Result<Exit> {
        Findings::gather(&self.showing, |findings| {
            let pool = self.looking.glance.computing.pool()?;
            pool.install(|| self.looking.look(run, &self.showing, findings, shown))
        })
    }

    /// Clusters of layers.
    fn give(&self, found: &[LayerClusters], drawn: Drawn<LayerClusters>) -> anyhow::Result<()> {
        output::give(&drawn(found, &self.paint()), self.output.as_deref())?;
        self.plots.as_deref().map_or(Ok(()), |folder| pictures::draw(folder, found))
    }

    /// Blocks of a table: a spec goes to the file, and what is to be said of it is shown; without a file the spec is printed.
    fn give_blocks(&self, found: Summary, spec: Option<String>, drawn: Option<Drawn<Summary>>) -> anyhow::Result<()> {
        let output = self.output.as_deref();
        if let Some(drawn) = drawn {
            return output::give(&drawn(&[found], &self.paint()), output);
        }
        output::give(&spec.unwrap_or_default(), output)?;
        if output.is_some() { output::give(&report::blocks_table(&found, &self.showing.color.paint()), None) } else { Ok(()) }
    }

    fn of_blocks(&self, spec: bool) -> Asked<'_> {
        Asked { computing: &self.looking.glance.computing, seed: self.seed, spec }
    }

    fn watching(&self) -> Watching {
        Watching {
            threshold: self.threshold,
            groups: layers::GROUPS,
            resampling: Resampling { replicates: self.replicates.into(), seed: self.seed },
            controls: self.controls,
            untrained: false,
        }
    }

    fn paint(&self) -> Paint {
        if self.output.is_some() { Paint::PLAIN } else { self.showing.color.paint() }
    }

    fn planted(&self, text: &str, format: Format) -> anyhow::Result<Exit> {
        let drawn = format.of_planted()?;
        let recipes = planted::recipes(text)?;
        let asked = if self.methods.is_empty() { &Method::ALL[..] } else { &self.methods };
        let applies = |method: &Method| recipes.iter().all(|recipe| method.applies(recipe));
        if let Some(method) = self.methods.iter().find(|method| !applies(method)) {
            bail!("`--method {}` is told of hidden units, and `{text}` has none", method.name());
        }
        let methods: Vec<Method> = asked.iter().copied().filter(applies).collect();
        for (at, method) in methods.iter().enumerate() {
            ensure!(!methods[..at].contains(method), "`--method {}` is given twice", method.name());
        }
        ensure!(
            format != Format::Svg || recipes.iter().all(|recipe| recipe.hidden > 0),
            "where nothing is planted there is no F1 to draw"
        );
        let stopping = Stopping::listen()?;
        let shown = progress::networks(recipes.len() * methods.len() * self.seeds as usize);
        let pool = self.looking.glance.computing.pool()?;
        let mut all: Vec<Benchmark> = Vec::new();
        let mut done = 0;
        for recipe in &recipes {
            let after = |_, _| {
                done += 1;
                shown.at(done);
                !stopping.is_asked()
            };
            let found = pool.install(|| benchmark(recipe, &methods, self.seed, self.seeds, after));
            let Some(found) = found.with_context(|| format!("`--planted {text}`"))? else {
                return Ok(Exit::Interrupted);
            };
            all.push(found);
        }
        drop(shown);
        output::give(&drawn(&all, &self.paint()), self.output.as_deref())?;
        Ok(Exit::Ok)
    }

    fn format(&self) -> anyhow::Result<Format> {
        let by_ending = self.output.as_deref().map(ending);
        Ok(match (self.format, by_ending.as_deref()) {
            (Some(format), Some("yaml" | "yml")) if format != Format::Yaml => {
                bail!("a file that ends in .yaml is for the spec of blocks, and `--format` asks for something else")
            }
            (Some(format), _) => format,
            (None, Some("json")) => Format::Json,
            (None, Some("csv")) => Format::Csv,
            (None, Some("yaml" | "yml")) => Format::Yaml,
            (None, Some("svg")) => Format::Svg,
            (None, None | Some("txt" | "")) => Format::Table,
            (None, Some(other)) => {
                bail!(
                    "`.{other}` is no form of a result; end the file's name in .txt, .json, .csv, .yaml or .svg, or say `--format`"
                )
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
pub(super) fn correlation(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| "a number from 0 to 1".to_owned())
}

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
use crate::cli::layers::Layer;
use crate::cli::layers::Watching;
use crate::cli::look::Looking;
use crate::cli::output;
use crate::cli::pictures;
use crate::cli::planted;
use crate::cli::progress;
use crate::cli::tables;
use crate::cli::tables::Tables;
use crate::cli::train::stopping::Stopping;
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
    #[arg(long, value_name = "N", default_value_t = 0)]
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
    /// One line a layer, or a method and network
    Csv,
    /// Of a table: a spec that computes its blocks
    Yaml,
    /// Of planted networks: F1 by samples
    Svg,
}

impl Cluster {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let format = self.format()?;
        tables::check(&self.tables, self.run.is_some(), self.looking.layers.len())?;
        if self.tables.table.is_some() {
            return self.tables.named(
                &self.looking.glance.computing,
                self.seed,
                |found| self.give_blocks(found, format),
                self.spec(),
            );
        }
        ensure!(
            format != Format::Svg || self.planted.is_some(),
            "a picture in the place of a result is of planted networks; `--plots FOLDER` draws clusters"
        );
        ensure!(
            format != Format::Yaml || self.tables.are_asked(),
            "only blocks of a table are a spec: name one with `--table`, or `--keep` with a run"
        );
        let Some(run) = &self.run else { return self.planted(self.planted.as_deref().unwrap_or_default(), format) };
        let give = |found: &[LayerClusters]| {
            let text = match format {
                Format::Table => report::clusters_table(found, &self.paint()),
                Format::Json => report::json(found),
                Format::Csv => report::clusters_csv(found),
                Format::Yaml | Format::Svg => bail!("clusters are told as a table, JSON or CSV; `--plots` draws them"),
            };
            output::give(&text, self.output.as_deref())?;
            self.plots.as_deref().map_or(Ok(()), |folder| pictures::draw(folder, found))
        };
        if layers::is_file_of_arrays(run)? {
            let arch = self.looking.glance.computing.arch()?;
            let pool = self.looking.glance.computing.pool()?;
            ensure!(self.controls == 0, "`--controls` are untrained forms of a run's network; a file of arrays has none");
            give(&pool.install(|| layers::of_file(run, &self.looking.layers, arch, self.watching()))?)?;
            return Ok(Exit::Ok);
        }
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| {
            let pool = self.looking.glance.computing.pool()?;
            pool.install(|| {
                self.looking.look(run, &self.showing, findings, |look, nodes| {
                    if self.tables.are_asked() {
                        let layer = (&*self.looking.layers[0], nodes[0]);
                        let give = |found: &Summary| self.give_blocks(found, format);
                        return self.tables.pruned(look, layer, &self.looking.glance.computing, self.seed, give, self.spec());
                    }
                    let named = self.looking.layers.iter().zip(nodes);
                    let layers: Vec<Layer<'_>> = named.map(|(name, &node)| Layer { name, node }).collect();
                    let stopping = Stopping::listen()?;
                    let Some(found) = layers::of_look(look, &layers, self.watching(), &stopping)? else {
                        return Ok(Exit::Interrupted);
                    };
                    give(&found)?;
                    Ok(Exit::Ok)
                })
            })
        })
    }

    /// Where the spec of blocks goes.
    fn spec(&self) -> Option<&PathBuf> {
        let is_spec = |path: &&PathBuf| matches!(&*ending(path), "yaml" | "yml");
        self.output.as_ref().filter(is_spec)
    }

    fn give_blocks(&self, found: &Summary, format: Format) -> anyhow::Result<()> {
        let text = match format {
            // The spec is written, what is said of it is shown.
            Format::Table | Format::Yaml => report::blocks_table(found, &self.paint()),
            Format::Json => report::json(std::slice::from_ref(found)),
            Format::Csv | Format::Svg => bail!("blocks are told as a table or as JSON, and written as a spec"),
        };
        output::give(&text, if format == Format::Yaml { None } else { self.output.as_deref() })
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
        let recipes = planted::recipes(text)?;
        let methods = if self.methods.is_empty() { &Method::ALL[..] } else { &self.methods };
        for (at, method) in methods.iter().enumerate() {
            ensure!(!methods[..at].contains(method), "`--method {}` is given twice", method.name());
        }
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
            Format::Yaml => bail!("what is found again is no spec"),
            Format::Svg => report::svg(&report::found_by_samples(&all, Width::Page), Colouring::Theme(Theme::Light)),
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

//! `nas propose`: widths for a network's Inception modules, from what its layers' activations say.

mod rivals;
mod same;

use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::base::Quantity;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::choices;
use crate::cli::cluster::correlation;
use crate::cli::ending::ending;
use crate::cli::eval::Of;
use crate::cli::findings::Findings;
use crate::cli::layers;
use crate::cli::layers::Layer;
use crate::cli::layers::Watching;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::look::Glance;
use crate::cli::look::Look;
use crate::cli::output;
use crate::cli::pictures;
use crate::cli::rewriting;
use crate::cli::suggest::limit;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained::Opened;
use crate::propose::LayerClusters;
use crate::propose::Resampling;
use crate::propose::widths::Aim;
use crate::propose::widths::Alternative;
use crate::propose::widths::Basis;
use crate::propose::widths::Evidence;
use crate::propose::widths::Fitted;
use crate::propose::widths::Goal;
use crate::propose::widths::ModuleWidths;
use crate::propose::widths::PROPOSAL;
use crate::propose::widths::Problem;
use crate::propose::widths::Proposal;
use crate::propose::widths::RankOf;
use crate::propose::widths::Rival;
use crate::propose::widths::annotated;
use crate::propose::widths::notes;
use crate::report;
use crate::spec::Written;

/// At least so many ten-thousandths of the budget.
const LEAST: u64 = 9980;

/// Arguments of `nas propose`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Of each Inception module the layer that it reads is looked at: clusters of correlated units by extent say how wide its branches are to be \
beside each other, as far as they differ from those of untrained networks; ranks say how wide its reductions; the rest stays in \
the proportion that the spec has. All is then scaled, and repaired by single widths, until it takes the budget's multiply-adds \
within 0.2 %. docs/clustering.md.

With `-o new.yaml` the spec is written with these widths, what speaks for each above its module, and new.json beside it; \
of each rival, new-NAME.yaml.

Examples:
  nas propose cifar.yaml --checkpoint runs/cifar -o proposal.yaml
  nas propose mine.yaml --checkpoint runs/mine --data images --budget 1.5G --align 16 -o proposal.yaml
  nas propose mine.yaml --checkpoint runs/mine --compare googlenet,uniform,random:10 -o proposal.yaml"
)]
pub(super) struct Propose {
    /// A spec file or the name of a built-in spec, whose widths are proposed
    #[arg(value_name = "SPEC")]
    spec: String,
    /// A run of this spec
    #[arg(long, value_name = "RUN")]
    checkpoint: PathBuf,
    /// Multiply-adds of an image, as in `1.5G` [default: the spec's budget, or what it takes now]
    #[arg(long, value_name = "MADDS")]
    budget: Option<String>,
    /// Widths are multiples of this
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1024))]
    align: u32,
    /// Each module keeps its share of the budget; all get one factor otherwise
    #[arg(long)]
    per_module: bool,
    /// Which shares are followed
    #[arg(long, default_value = Basis::Excess.name(), value_parser = choices::basis(), value_name = "NAME")]
    basis: Basis,
    /// Which rank a reduction has
    #[arg(long, default_value = RankOf::Coherent.name(), value_parser = choices::rank(), value_name = "NAME")]
    rank: RankOf,
    /// Rules to set beside it, with commas between: googlenet, uniform, random or random:N
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    compare: Vec<String>,
    /// Looks at an untrained network in the place of the run's: what the rule makes of architecture and images alone
    #[arg(long)]
    untrained: bool,
    /// Untrained networks beside it
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=100))]
    controls: u32,
    /// Units of a cluster correlate by more than this, from 0 to 1
    #[arg(long, value_name = "R", default_value_t = layers::THRESHOLD, value_parser = correlation)]
    threshold: f32,
    /// Replicates of the images, for intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = layers::REPLICATES, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    replicates: u32,
    /// The first seed: of controls, of replicates, of random rivals
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=u64::from(u32::MAX)))]
    seed: u64,
    /// Which images; not those that it will be judged by
    #[arg(long, value_enum, default_value_t = Of::Train, value_name = "PART")]
    part: Of,
    /// So many of them, of each class its share
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(2..))]
    images: u32,
    #[command(flatten)]
    glance: Glance,
    #[command(flatten)]
    reading: Reading,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Writes the spec with the proposed widths
    #[arg(short, long, value_name = "FILE.yaml")]
    output: Option<PathBuf>,
    /// Draws pictures into a folder: shares.svg, and of each module's input its clusters
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.proposal/1
    Json,
}

impl Propose {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.glance.computing.pool()?.install(|| self.propose(findings)))
    }

    fn propose(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        if let Some(path) = &self.output {
            ensure!(
                matches!(&*ending(path), "yaml" | "yml"),
                "`{}`: a proposal is a spec; end the file's name in .yaml, its numbers go to .json beside it",
                path.display()
            );
        }
        output::check_place(self.output.as_deref())?;
        pictures::check_place(self.plots.as_deref())?;
        let rivals = rivals::asked(&self.compare, self.seed)?;
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let goal = Goal { budget: self.budget(&network)?, least: LEAST, align: self.align, per_module: self.per_module };
        let written = rewriting::written(&network, self.align)?;
        let problem = Problem::of(&network.graph, &written);
        ensure!(
            !problem.modules().is_empty(),
            "`{}` has no Inception module: no branches side by side that a concatenation joins",
            self.spec
        );
        // What does not hang on images is told before any is looked at.
        problem.fit(&Alternative::Uniform.aims(&problem), goal)?;
        let opened = match Opened::at(&self.checkpoint, &self.reading.showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        same::check(&network.graph, &opened.network.graph, &self.spec, &self.checkpoint)?;
        self.glance.look(&opened, self.part, Some(self.images), findings, |look| {
            let is_little = !self.untrained && same::warn_if_untrained(&opened, look.subject.classes)?;
            let Some(proposed) = self.look(look, &problem, goal)? else { return Ok(Exit::Interrupted) };
            let mut proposal = self.proposal(look, &problem, goal, &proposed);
            let mut texts = vec![(String::new(), proposed.fitted.clone())];
            for &rival in &rivals {
                let aims = rival.aims(&problem);
                let fitted = problem.fit(&aims, goal).with_context(|| format!("`{}`", rival.name()))?;
                proposal.rivals.push(Rival::of(rival.name(), &problem, &aims, &fitted));
                texts.push((format!("-{}", rival.name()), fitted));
            }
            let json = report::json(std::slice::from_ref(&proposal));
            if let Some(path) = &self.output {
                Propose::write(path, &network, &problem, &written, &proposal, &texts)?;
                output::give(&json, Some(&path.with_extension("json")))?;
            }
            if let Some(folder) = &self.plots {
                pictures::draw(folder, &proposed.found)?;
            }
            match self.format {
                Format::Table => output::give(&report::proposal_table(&proposal, &self.reading.showing.color.paint()), None)?,
                Format::Json => output::give(&json, None)?,
            }
            let is_denied = is_little && self.reading.showing.deny.is_some();
            Ok(if is_denied { outcome.exit.max(Exit::Findings) } else { outcome.exit })
        })
    }

    fn budget(&self, network: &Network) -> anyhow::Result<u64> {
        if let Some(text) = &self.budget {
            let (quantity, most) = limit(text)?;
            ensure!(
                quantity == Quantity::Madds,
                "`--budget {text}`: widths are scaled to multiply-adds; write a number, as in 1.5G"
            );
            return Ok(most);
        }
        let limits = network.limits().into_iter().filter(|(quantity, _)| *quantity == Quantity::Madds);
        let now = u64::try_from(network.graph.inference_totals().cost.madds).unwrap_or(u64::MAX);
        Ok(limits.map(|(_, most)| most).min().unwrap_or(now))
    }

    /// Looks at the layers that the modules read, and scales what follows; nothing if it was asked to stop.
    fn look(&self, look: &Look<'_>, problem: &Problem<'_>, goal: Goal) -> anyhow::Result<Option<Proposed>> {
        let layers: Vec<Layer<'_>> =
            problem.modules().iter().map(|module| Layer { name: &module.path, node: module.input }).collect();
        let watching = Watching {
            threshold: self.threshold,
            groups: layers::GROUPS,
            resampling: Resampling { replicates: self.replicates.into(), seed: self.seed },
            controls: self.controls,
            untrained: self.untrained,
        };
        let Some(found) = layers::of_look(look, &layers, watching, &Stopping::listen()?)? else { return Ok(None) };
        let evidence: Vec<Evidence> = (problem.modules().iter().zip(&found))
            .map(|(module, layer)| {
                Evidence::of(&module.covers(), layer, &Aim::of(look.subject.graph, module), self.basis, self.rank)
            })
            .collect();
        let aims: Vec<Aim> = evidence.iter().map(|evidence| evidence.aim.clone()).collect();
        let fitted = problem.fit(&aims, goal)?;
        Ok(Some(Proposed { found, evidence, fitted }))
    }

    fn proposal(&self, look: &Look<'_>, problem: &Problem<'_>, goal: Goal, proposed: &Proposed) -> Proposal {
        let Proposed { found, evidence, fitted } = proposed;
        let module =
            |number: usize| ModuleWidths::of(problem, number, &evidence[number], found[number].clone(), self.rank, fitted);
        let before = problem.totals();
        let counted = |count: i128| u64::try_from(count).unwrap_or(u64::MAX);
        Proposal {
            schema: PROPOSAL,
            name: look.subject.graph.name().to_owned(),
            untrained: self.untrained,
            part: look.part.to_owned(),
            images: look.places.len(),
            controls: self.controls,
            threshold: self.threshold,
            basis: self.basis,
            rank: self.rank,
            seed: self.seed,
            budget: goal.budget,
            align: self.align,
            madds_before: counted(before.madds),
            params_before: counted(before.params),
            madds: fitted.madds,
            params: fitted.params,
            unaligned: fitted.unaligned,
            modules: (0..found.len()).map(module).collect(),
            rivals: Vec::new(),
        }
    }

    /// Writes the specs, each counted again as it is written.
    fn write(
        path: &Path,
        network: &Network,
        problem: &Problem<'_>,
        written: &[Written],
        proposal: &Proposal,
        texts: &[(String, Fitted)],
    ) -> anyhow::Result<()> {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for (suffix, fitted) in texts {
            let path = path.with_file_name(format!("{stem}{suffix}.{}", ending(path)));
            let mut edits = rewriting::named(network, if suffix.is_empty() { "-proposed" } else { suffix });
            edits.extend(rewriting::budgeted(network, proposal.budget));
            let mut places: Vec<Option<usize>> = vec![None; problem.modules().len()];
            for (dial, &place) in problem.places().iter().enumerate() {
                let span = written[place].site.span;
                edits.push((span.start as usize..span.end as usize, fitted.numbers[dial].to_string()));
                for target in problem.sets(dial) {
                    let first = places[target.module].get_or_insert(span.start as usize);
                    *first = (*first).min(span.start as usize);
                }
            }
            let is_proposal = suffix.is_empty();
            let of_module = |(place, module): (&Option<usize>, &ModuleWidths)| Some(((*place)?, notes(module)));
            let notes: Vec<_> = places.iter().zip(&proposal.modules).filter_map(of_module).filter(|_| is_proposal).collect();
            let head = if is_proposal { proposal.head() } else { vec![rivals::head(&suffix[1..], fitted, proposal.budget)] };
            let text = annotated(rewriting::text_of(network), &edits, &head, &notes);
            rewriting::check(network, &path, &text, (fitted.madds, fitted.params))?;
            output::give(&text, Some(&path))?;
        }
        Ok(())
    }
}

/// What came of looking.
struct Proposed {
    found: Vec<LayerClusters>,
    evidence: Vec<Evidence>,
    fitted: Fitted,
}

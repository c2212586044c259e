//! `nas grow`: a network built layer by layer, each module by what correlations say of the layer before it.

mod asked;
mod candidate;
mod ended;
mod next;
mod place;
mod stage;

use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use anyhow::anyhow;
use clap::Args;

use crate::base::Severity;
use crate::base::Sources;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::arguments::Reading;
use crate::cli::arguments::Showing;
use crate::cli::files;
use crate::cli::findings::Findings;
use crate::cli::grow::asked::Given;
use crate::cli::grow::candidate::Seed;
use crate::cli::grow::ended::Ended;
use crate::cli::grow::ended::Outcome;
use crate::cli::grow::next::Next;
use crate::cli::grow::place::Place;
use crate::cli::grow::stage::Growing;
use crate::cli::grow::stage::Images;
use crate::cli::images;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::train::flags::Flags;
use crate::cli::train::plan;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::kernel::Arch;
use crate::propose::Asked;
use crate::propose::GROW;
use crate::propose::Grown;
use crate::propose::Stopped;
use crate::propose::Tip;
use crate::report;
use crate::spec;
use crate::spec::train_with;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::Subject;
use crate::train::digest;

/// Arguments of `nas grow`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "The layer-wise construction of \"Going Deeper with Convolutions\", section 4: the seed, a spec that ends in a global pool and a \
classifier, is trained as it is. Then, stage by stage, the last map before its head is looked at, clusters of correlated units say \
how wide the branches of one more Inception module are, and the network is trained on with it: layers that were there keep their \
numbers, the module and the classifier begin anew. It ends after --stages, or when half of another module would exceed the budget, \
which is the spec's unless given. docs/clustering.md.

FOLDER/0, FOLDER/1, ... are runs as of `nas train`; FOLDER/grow.json is what was asked, added and reached. The same command again, \
or `nas grow FOLDER`, goes on where it was stopped or killed.

Examples:
  nas grow seed.yaml --data shapes --stages 2 -o grown
  nas grow seed.yaml --data cifar10.tar.gz --budget 60M --width 1.5 --epochs 20 --augment cifar -o grown
  nas grow grown"
)]
pub(super) struct Grow {
    /// A seed, as a spec file or the name of a built-in spec, or the folder of a growth to go on with
    #[arg(value_name = "SPEC")]
    spec: String,
    /// What to learn from: a folder or archive of images, or `shapes`
    #[arg(long, value_name = "DATA")]
    data: Option<String>,
    /// The folder of the growth: new, empty, or with one of the same command
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// Threads; the result does not hang on them [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Instruction set: scalar, neon, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME")]
    arch: Option<String>,
    /// Seconds between two checkpoints within an epoch
    #[arg(long, value_name = "N", default_value_t = 120)]
    keep_every: u64,
    /// Of the generated set `shapes`: images for training [default: 5000]
    #[arg(long, value_name = "N", help_heading = "Images")]
    images: Option<usize>,
    #[command(flatten)]
    of_images: images::ImageReading,
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    showing: Showing,
}

impl Grow {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| {
            arguments::pool(self.threads)?.install(|| match self.grow(findings) {
                Ok(exit) | Err(Ended::Told(exit)) => Ok(exit),
                Err(Ended::Failed(error)) => Err(error),
                Err(Ended::Training(error)) => Ok(trained::fail(&error, findings)),
                Err(Ended::Data(error)) => Ok(trained::fail_of_data(&error, findings)),
            })
        })
    }

    fn grow(&self, findings: &mut Findings<'_>) -> Outcome<Exit> {
        let mut place = Place::of(&self.spec, self.output.as_deref())?;
        let named = if place.grown.is_some() { place.seed().display().to_string() } else { self.spec.clone() };
        let reading = Reading { set: Vec::new(), input: None, showing: self.showing.clone() };
        let outcome = loading::network(&named, &reading, findings);
        let network = outcome.network.ok_or(outcome.exit)?;
        let arch = self.arch(&place)?;
        let (train, asked) = self.asked(&place, &network, arch, findings)?;
        if let Some(grown) = place.grown.as_ref().filter(|grown| grown.is_over() && self.data.is_none()) {
            // Nothing is left to do that wants images.
            output::give(&report::growth_table(grown, &self.showing.color.paint()), None)?;
            return Ok(Exit::Ok);
        }
        let subject = Subject::of(&network.graph)?;
        let tip = Tip::of(&network.graph).map_err(|error| anyhow!(error))?;
        let seed = Seed::of(&network, tip, train, asked.budget)?;
        plan::fits(&network.graph, &seed.train)?;
        let source = self.data.clone().unwrap_or_else(|| asked.data.clone());
        let dataset = images::read(&source, asked.images, &self.of_images, &subject, seed.train.augment)?;
        let normalisation = Normalisation::of(&dataset.train().statistics(), subject.image.c as usize);
        // What cannot be trained is told before anything is written.
        Material::of(&dataset, &subject, &seed.train, &normalisation)?;
        let images = Images { dataset: &dataset, normalisation: &normalisation };
        let grown = match &place.grown {
            Some(grown) => {
                same_images(grown, &digest(&dataset), &source)?;
                grown.clone()
            }
            None => {
                place.begin(&network)?;
                let name = network.graph.name().to_owned();
                let schema = GROW.to_owned();
                Grown { schema, name, asked: asked.clone(), digest: digest(&dataset), stages: Vec::new(), stopped: None }
            }
        };
        let stopping = Stopping::listen()?;
        let folder = &place.folder;
        let mut growing =
            Growing { folder, seed, images, arch, keep_every: Duration::from_secs(self.keep_every), stopping, grown };
        growing.write()?;
        let exit = growing.go_on()?;
        if exit == Exit::Ok {
            output::give(&report::growth_table(&growing.grown, &self.showing.color.paint()), None)?;
        } else {
            output::give(&format!("stopped; `nas grow {}` goes on\n", files::as_argument(folder)), None)?;
        }
        Ok(exit)
    }

    /// The instruction set: the one that a growth began with, unless the command line names another, which is then refused.
    fn arch(&self, place: &Place) -> anyhow::Result<Arch> {
        let began = place.grown.as_ref().filter(|_| place.alone).map(|grown| &*grown.asked.arch);
        arguments::arch(self.arch.as_deref().or(began))
    }

    /// Settings of training, and all that is asked; of a growth that was begun what it began with, if nothing else is asked now.
    fn asked(&self, place: &Place, network: &Network, arch: Arch, findings: &mut Findings<'_>) -> Outcome<(spec::Train, Asked)> {
        let mut sources = Sources::default();
        let began = place.grown.as_ref().map(|grown| &grown.asked);
        let written = began.filter(|_| place.alone).map(asked::written);
        let flags: Vec<(&str, &str)> = written.into_iter().flatten().chain(self.flags.written()).collect();
        let (train, found) = train_with(network.spec.train.as_ref(), &asked::last(flags), &mut sources);
        if found.iter().any(|finding| finding.severity() == Severity::Error) {
            return Err(Ended::Told(findings.show(&sources, &found)));
        }
        let base = match began.filter(|_| place.alone) {
            Some(asked) => asked.clone(),
            None => asked::usual(self.data.as_deref(), network)?,
        };
        let base = Asked { arch: arch.name().to_owned(), images: self.images.or(base.images), ..base };
        let asked = self.given.over(base, &train)?;
        if let Some(began) = began {
            if !place.alone {
                place.same_text(&self.spec)?;
            }
            asked::same(began, &asked, &place.folder)?;
            return Ok((train, began.clone()));
        }
        Ok((train, asked))
    }
}

fn same_images(grown: &Grown, digest: &str, source: &str) -> anyhow::Result<()> {
    anyhow::ensure!(grown.digest == digest, "the images of `{source}` are not those that the growth began with");
    Ok(())
}

impl Growing<'_> {
    /// Stage after stage, until one is the last, or it is asked to stop.
    fn go_on(&mut self) -> Outcome<Exit> {
        loop {
            let begun = Instant::now();
            if self.grown.stages.last().is_none_or(|stage| stage.trained) {
                if self.grown.is_over() {
                    return Ok(Exit::Ok);
                }
                match self.next()? {
                    Next::Stage(stage) => self.grown.stages.push(*stage),
                    Next::Over(why) => self.grown.stopped = Some(why),
                    Next::Interrupted => return Ok(Exit::Interrupted),
                }
                self.write()?;
                if self.grown.stopped.is_some() {
                    continue;
                }
            }
            if !self.train(begun)? {
                return Ok(Exit::Interrupted);
            }
            self.write()?;
        }
    }

    fn write(&self) -> anyhow::Result<()> {
        let text = report::json(std::slice::from_ref(&self.grown));
        files::write(&self.folder.join(place::GROWN), text.as_bytes())
    }

    /// What has to hold of a stage before another is thought of.
    fn is_over(&self) -> Option<Stopped> {
        let modules = self.grown.stages.len().saturating_sub(1) as u32;
        let last = self.grown.stages.last().and_then(|stage| stage.added.as_ref());
        if self.grown.asked.stages.is_some_and(|stages| modules >= stages) {
            Some(Stopped::Stages)
        } else {
            last.filter(|added| added.is_narrowed()).map(|_| Stopped::Budget)
        }
    }
}

/// What the seed takes, against the budget.
fn within(madds: u128, budget: Option<u64>, name: &str) -> anyhow::Result<()> {
    let Some(budget) = budget.filter(|&budget| madds > u128::from(budget)) else { return Ok(()) };
    let [madds, budget] = [madds, budget.into()].map(units::grouped);
    anyhow::bail!(
        "the seed `{name}` takes {madds} multiply-adds, more than the budget of {budget}; take a larger one, or a smaller seed"
    )
}

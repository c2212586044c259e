//! A study's beginning: every network read and checked, then `study.json` and the specs are written.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use clap::ValueEnum;

use crate::base::Digest;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::arguments::Reading;
use crate::cli::arguments::Showing;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::images::ImageReading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::train::flags::Flags;
use crate::cli::train::reading;
use crate::cli::train::running;
use crate::cli::trained;
use crate::data::Dataset;
use crate::spec;
use crate::train::Arm;
use crate::train::Draw;
use crate::train::MOST_SEEDS;
use crate::train::Material;
use crate::train::NOTABLE_COST;
use crate::train::Normalisation;
use crate::train::Plan;
use crate::train::STUDY;
use crate::train::StudyFolder;
use crate::train::Subject;
use crate::train::Test;
use crate::train::TrainError;
use crate::train::name_fault;
use crate::train::test_digest;

/// Thousandths by which costs may differ with `--equal madds`.
const EQUAL: u64 = 2;

/// What a study is begun with.
#[derive(Debug, Args)]
pub(super) struct Beginning {
    /// A network and its name; several of one name are draws of one arm, which seeds take in turn
    #[arg(long = "arm", value_name = "NAME=SPEC", value_parser = arm_flag)]
    pub(super) arms: Vec<ArmFlag>,
    /// What to learn from: a folder or archive of images, or `shapes`; images that have moved may be named anew
    #[arg(long, value_name = "DATA")]
    pub(super) data: Option<String>,
    /// How many seeds, from `--seed` on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_SEEDS)))]
    pub(super) seeds: Option<u16>,
    /// The arm that the others are compared with [default: the first]
    #[arg(long, value_name = "NAME")]
    pub(super) reference: Option<String>,
    /// Trains all specs of an arm with every seed; a seed's value is their mean
    #[arg(long)]
    pub(super) every_draw: bool,
    /// What the study is to find out, kept with it
    #[arg(long, value_name = "TEXT")]
    pub(super) purpose: Option<String>,
    /// Refuses networks whose multiply-adds differ by more than 0.2 %
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) equal: Option<Equal>,
    /// Instruction set: scalar, neon, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME")]
    pub(super) arch: Option<String>,
    /// Of the generated set `shapes`: images for training [default: 5000]
    #[arg(long, value_name = "N", help_heading = "Images")]
    pub(super) images: Option<usize>,
    #[command(flatten)]
    pub(super) flags: Flags,
}

/// `NAME=SPEC`.
#[derive(Clone, Debug)]
pub(super) struct ArmFlag {
    pub(super) name: String,
    pub(super) spec: String,
}

/// What must be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Equal {
    /// Multiply-adds of one image in inference
    Madds,
}

fn arm_flag(text: &str) -> Result<ArmFlag, String> {
    let Some((name, spec)) = text.split_once('=') else {
        return Err("an arm is NAME=SPEC, as in `naive=cifar-naive.yaml`".to_owned());
    };
    match name_fault(name) {
        Some(fault) => Err(fault.to_owned()),
        None if spec.is_empty() => Err(format!("`{name}` has no spec; an arm is NAME=SPEC")),
        None => Ok(ArmFlag { name: name.to_owned(), spec: spec.to_owned() }),
    }
}

impl Beginning {
    /// Whether a flag asks for what only a beginning says.
    pub(super) fn is_asked(&self) -> bool {
        let asked = [&self.data, &self.reference, &self.purpose, &self.arch].into_iter().any(Option::is_some);
        let counted = self.images.is_some() || self.seeds.is_some() || self.equal.is_some() || self.every_draw;
        asked || counted || !self.arms.is_empty() || !self.flags.written().is_empty()
    }

    /// The arms with their specs, in the order in which they are first named.
    pub(super) fn grouped(&self) -> Vec<(&str, Vec<&str>)> {
        let mut arms: Vec<(&str, Vec<&str>)> = Vec::new();
        for ArmFlag { name, spec } in &self.arms {
            match arms.iter_mut().find(|(known, _)| known == name) {
                Some((_, specs)) => specs.push(spec),
                None => arms.push((name, vec![spec])),
            }
        }
        arms
    }

    /// Reads and checks all that the study needs, and writes it down; gives the images as well, which need not be read again.
    pub(super) fn begin(
        &self,
        path: &Path,
        of_images: &ImageReading,
        showing: &Showing,
        findings: &mut Findings<'_>,
    ) -> Result<(StudyFolder, Dataset), Exit> {
        StudyFolder::may_begin(path).map_err(|error| trained::fail(&error, findings))?;
        let grouped = self.grouped();
        let asked = self.asked(&grouped).map_err(|error| findings.fail(&error))?;
        let arch = arguments::arch(self.arch.as_deref()).map_err(|error| findings.fail(&error))?;
        let reading = Reading { set: Vec::new(), input: None, showing: showing.clone() };
        let mut arms: Vec<(&str, Vec<Network>)> = Vec::new();
        let mut agreed: Option<(String, spec::Train)> = None;
        for (name, specs) in &grouped {
            let mut networks = Vec::new();
            for named in specs {
                let (network, settings) = reading::network(named, &reading, &self.flags, findings)?;
                match &agreed {
                    None => agreed = Some(((*name).to_owned(), settings)),
                    Some((first, known)) => {
                        same_settings((first, known), (name, &settings)).map_err(|error| findings.fail(&error))?;
                    }
                }
                networks.push(network);
            }
            arms.push((name, networks));
        }
        let Some((_, settings)) = agreed else { return Err(findings.fail(&anyhow!("a study has arms"))) };
        let checked = checked(&arms).and_then(|()| Subject::of(&arms[0].1[0].graph));
        let subject = checked.map_err(|error| trained::fail(&error, findings))?;
        let dataset = images::read(asked.data, self.images, of_images, &subject, settings.augment)
            .map_err(|error| trained::fail_of_data(&error, findings))?;
        let counts = fitting(&arms, &dataset, &settings).map_err(|error| trained::fail(&error, findings))?;
        let (last, seeds) = (settings.seed.checked_add(u32::from(asked.seeds) - 1), settings.seed);
        let Some(last) = last else {
            return Err(findings.fail(&anyhow!("seeds end at 4294967295; begin with a lower `--seed`")));
        };
        let (written, texts): (Vec<Arm>, Vec<Vec<String>>) = arms.iter().map(|(name, networks)| arm(name, networks)).unzip();
        warn_of_twins(&written, &texts);
        let plan = Plan {
            schema: STUDY.to_owned(),
            purpose: self.purpose.clone(),
            arms: written,
            reference: asked.reference.to_owned(),
            every_draw: self.every_draw,
            seeds: (seeds..=last).collect(),
            settings: (settings.written().into_iter().filter(|(name, _)| *name != "seed"))
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            arch: arch.name().to_owned(),
            data: running::data_of(&dataset, asked.data, counts, self.images),
            test_digest: test_digest(&dataset),
            headline: Plan::headline(),
            test: Test::default(),
        };
        if let Some(name) = plan.clash() {
            return Err(findings.fail(&anyhow!("two runs or specs would be called `{name}`; give the arms other names")));
        }
        self.costs(&plan).map_err(|error| findings.fail(&error))?;
        let made = StudyFolder::create(path, &plan, &texts.concat());
        Ok((made.map_err(|error| trained::fail(&error, findings))?, dataset))
    }

    /// What must be said, and is.
    fn asked<'a>(&'a self, arms: &[(&'a str, Vec<&str>)]) -> anyhow::Result<Asked<'a>> {
        let (Some(data), Some(seeds)) = (self.data.as_deref(), self.seeds) else {
            anyhow::bail!("a study begins with `--arm NAME=SPEC` twice or more, `--data DATA` and `--seeds N`")
        };
        let names: Vec<&str> = arms.iter().map(|(name, _)| *name).collect();
        anyhow::ensure!(names.len() > 1, "a study compares two arms or more; `--arm NAME=SPEC` names {}", names.len());
        let reference = self.reference.as_deref().unwrap_or(names[0]);
        anyhow::ensure!(names.contains(&reference), "`--reference {reference}` is no arm; the arms are {}", names.join(", "));
        Ok(Asked { data, seeds, reference })
    }

    /// Says that networks differ in cost, or refuses them.
    pub(super) fn costs(&self, plan: &Plan) -> anyhow::Result<()> {
        let Some([(dearest, most), (cheapest, least)]) = plan.costs() else { return Ok(()) };
        let more = units::fixed(u128::from(most - least) * 100, u128::from(least).max(1), 2);
        let [most, least] = [most, least].map(|madds| units::grouped(madds.into()));
        let words = format!("`{dearest}` costs {most} multiply-adds an image, `{cheapest}` {least}: {more} % more");
        anyhow::ensure!(self.equal.is_none() || !plan.costs_differ(EQUAL), "{words}; `--equal madds` allows 0.2 %");
        if plan.costs_differ(NOTABLE_COST) {
            output::complain(&format!("nas: {words}; a difference in accuracy may be one of cost"));
        }
        Ok(())
    }
}

/// What must be said.
struct Asked<'a> {
    data: &'a str,
    seeds: u16,
    reference: &'a str,
}

/// One set of settings holds for all.
fn same_settings((first, known): (&str, &spec::Train), (name, settings): (&str, &spec::Train)) -> anyhow::Result<()> {
    match known.written().into_iter().zip(settings.written()).find(|(known, other)| known != other) {
        None => Ok(()),
        Some(((setting, known), (_, other))) => {
            let flag = setting.replace('_', "-");
            let what = format!("`{setting}` is {known} in the spec of `{first}` and {other} in one of `{name}`");
            Err(anyhow!("{what}; a study has one set of settings: give `--{flag}`"))
        }
    }
}

/// Refuses networks that are not shown the same or do not tell as many classes apart.
fn checked(arms: &[(&str, Vec<Network>)]) -> Result<(), TrainError> {
    let mut known: Option<(&str, Subject<'_>)> = None;
    for (name, network) in arms.iter().flat_map(|(name, networks)| networks.iter().map(move |network| (*name, network))) {
        let subject = Subject::of(&network.graph)?;
        let Some((first, other)) = &known else {
            known = Some((name, subject));
            continue;
        };
        if subject.image != other.image {
            let [here, there] = [subject.image, other.image];
            return Err(TrainError::Unfit(format!("`{name}` is shown {here}, `{first}` {there}; all arms see the same images")));
        }
        if subject.classes != other.classes {
            let [here, there] = [subject.classes, other.classes];
            let what = format!("`{name}` tells {here} classes apart, `{first}` {there}; all arms tell the same apart");
            return Err(TrainError::Unfit(what));
        }
    }
    Ok(())
}

/// Refuses images that are not for these networks; gives how many there are to learn from, to choose by and to judge by.
fn fitting(arms: &[(&str, Vec<Network>)], dataset: &Dataset, settings: &spec::Train) -> Result<[usize; 3], TrainError> {
    if dataset.test().is_empty() {
        let what = "the data set has no images for testing, by which a study compares";
        return Err(TrainError::Unfit(what.to_owned()));
    }
    let mut counts = [0; 3];
    for network in arms.iter().flat_map(|(_, networks)| networks) {
        let subject = Subject::of(&network.graph)?;
        let normalisation = Normalisation::of(&dataset.train().statistics(), subject.image.c as usize);
        let material = Material::of(dataset, &subject, settings, &normalisation)?;
        counts = [material.learned.len(), material.validation.len(), dataset.test().len()];
    }
    Ok(counts)
}

/// An arm as the plan has it, and the texts of its specs.
fn arm(name: &str, networks: &[Network]) -> (Arm, Vec<String>) {
    let draw = |(number, network): (usize, &Network)| {
        let text = spec::expand(&network.spec, &network.graph);
        let totals = network.graph.inference_totals();
        let number = if networks.len() > 1 { format!("-{}", number + 1) } else { String::new() };
        let draw = Draw {
            spec: format!("specs/{name}{number}.yaml"),
            network: network.graph.name().to_owned(),
            digest: Digest::of(text.as_bytes()).to_string(),
            madds: units::whole(totals.cost.madds),
            params: units::whole(totals.params),
        };
        (draw, text)
    };
    let (draws, texts) = networks.iter().enumerate().map(draw).unzip();
    (Arm { name: name.to_owned(), draws }, texts)
}

/// Tells of arms that are one network under two names: nothing can differ between them.
fn warn_of_twins(arms: &[Arm], texts: &[Vec<String>]) {
    let body = |text: &String| text.lines().filter(|line| !line.starts_with("name:")).collect::<Vec<&str>>().join("\n");
    let bodies: Vec<Vec<String>> = texts.iter().map(|texts| texts.iter().map(body).collect()).collect();
    for (at, arm) in arms.iter().enumerate() {
        if let Some(twin) = bodies[..at].iter().position(|other| *other == bodies[at]) {
            output::complain(&format!(
                "nas: the arms `{}` and `{}` are one network: they cannot differ",
                arms[twin].name, arm.name
            ));
        }
    }
}

//! Runs side by side, and what they say together: runs that differ in their seed alone are one group.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::train::error::TrainError;
use crate::train::files;
use crate::train::folder::Run;
use crate::train::record::Epoch;
use crate::train::record::Judgement;

/// Name of the form of [`Series`].
pub const RUNS: &str = "nas.runs/1";
/// Where `nas eval` writes.
const TEST: &str = "test/evaluation.json";

/// Some runs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Series {
    /// [`RUNS`].
    #[schemars(extend("const" = RUNS))]
    pub schema: &'static str,
    /// Each run.
    pub runs: Vec<Entry>,
    /// Runs that differ in their seed alone, where two or more of them are over.
    pub groups: Vec<Group>,
    /// What cannot be read.
    pub broken: Vec<Broken>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// All epochs are done.
    Finished,
    /// It ended by its setting `patience`.
    Early,
    /// Somebody trains it now.
    Training,
    /// It has epochs left and nobody trains it.
    Stopped,
}

impl Standing {
    /// Its word, in tables and files.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Finished => "finished",
            Standing::Early => "early",
            Standing::Training => "training",
            Standing::Stopped => "stopped",
        }
    }
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Entry {
    /// Its folder.
    pub run: String,
    /// The network's name.
    pub name: String,
    /// The name with what tells its settings from those of other runs of that name.
    pub label: String,
    /// Multiply-adds of one image in inference.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
    /// The seed.
    pub seed: u32,
    /// How it stands.
    pub standing: Standing,
    /// Epochs that are over.
    pub epochs: u32,
    /// Epochs that it is to have.
    pub planned: u32,
    /// The best epoch.
    pub best_epoch: Option<u32>,
    /// What it reached on the images set aside.
    pub validation_accuracy: Option<f64>,
    /// What `nas eval` found on the images for testing: the share taken for what they are.
    pub test_accuracy: Option<f64>,
    /// Images learned from a second, the median over epochs.
    pub images_per_second: Option<f64>,
    /// What runs of one group have in common.
    #[serde(skip)]
    pub key: String,
    /// Its settings but the seed.
    #[serde(skip)]
    pub settings: BTreeMap<String, String>,
    /// Its log.
    #[serde(skip)]
    pub log: Vec<Epoch>,
}

/// Runs that differ in their seed alone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Group {
    /// The network's name, with the settings that tell the group from others.
    pub label: String,
    /// Folders of those that are over; of runs with one seed the first.
    pub runs: Vec<String>,
    /// Their best accuracies on the images set aside.
    pub validation_accuracy: Option<Spread>,
    /// Their accuracies on the images for testing.
    pub test_accuracy: Option<Spread>,
}

/// Mean and deviation over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The deviation of a sample; none of a single seed.
    pub deviation: Option<f64>,
    /// Seeds that have a value.
    pub seeds: usize,
}

/// A run that cannot be read, or a folder that cannot be looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Broken {
    /// Its folder.
    pub run: String,
    /// Why.
    pub reason: String,
}

impl Broken {
    /// A folder that an error belongs to.
    pub fn new(folder: &Path, error: &TrainError) -> Broken {
        Broken { run: folder.display().to_string(), reason: error.to_string() }
    }
}

impl Series {
    /// Reads what [`crate::train::find_runs`] found; what cannot be read is listed.
    pub fn read(found: Vec<Result<PathBuf, Broken>>) -> Series {
        let (mut runs, mut broken) = (Vec::new(), Vec::new());
        for found in found {
            match found.and_then(|folder| Entry::read(&folder).map_err(|error| Broken::new(&folder, &error))) {
                Ok(entry) => runs.push(entry),
                Err(found) => broken.push(found),
            }
        }
        label(&mut runs);
        let mut keys: Vec<&str> = Vec::new();
        for run in &runs {
            if !keys.contains(&&*run.key) {
                keys.push(&run.key);
            }
        }
        let groups = keys.into_iter().filter_map(|key| Group::of(&runs.iter().filter(|run| run.key == key).collect::<Vec<_>>()));
        Series { schema: RUNS, groups: groups.collect(), runs, broken }
    }
}

impl Entry {
    /// Reads one run; its label is its name.
    pub(super) fn read(folder: &Path) -> Result<Entry, TrainError> {
        let run = Run::open(folder)?;
        let log = run.log()?;
        let about = &run.about;
        let whole = |name: &str| about.setting(name).parse::<u32>();
        let (Ok(seed), Ok(planned), Ok(patience)) = (whole("seed"), whole("epochs"), whole("patience")) else {
            let reason = "is no run that is known: `run.json` lacks the settings `seed`, `epochs` or `patience`".to_owned();
            return Err(TrainError::Foreign { path: folder.to_owned(), reason });
        };
        let best = log.iter().rev().find(|epoch| epoch.best);
        let epochs = log.last().map_or(0, |epoch| epoch.epoch);
        let idle = epochs.saturating_sub(best.map_or(0, |epoch| epoch.epoch));
        let standing = match () {
            () if epochs >= planned => Standing::Finished,
            () if patience > 0 && idle >= patience => Standing::Early,
            () if run.is_training() => Standing::Training,
            () => Standing::Stopped,
        };
        let mut settings = about.settings.clone();
        settings.remove("seed");
        Ok(Entry {
            run: folder.display().to_string(),
            name: about.name.clone(),
            label: about.name.clone(),
            madds: about.madds,
            params: about.params,
            seed,
            standing,
            epochs,
            planned,
            best_epoch: best.map(|epoch| epoch.epoch),
            validation_accuracy: best.and_then(|epoch| epoch.validation_accuracy),
            test_accuracy: test_accuracy(folder)?,
            images_per_second: median(log.iter().map(|epoch| epoch.images_per_second).filter(|&rate| rate > 0.0).collect()),
            key: key(&run, &settings)?,
            settings,
            log,
        })
    }

    /// Whether it comes to no more epochs.
    pub fn is_over(&self) -> bool {
        matches!(self.standing, Standing::Finished | Standing::Early)
    }
}

/// What `nas eval` found, if it was asked.
fn test_accuracy(folder: &Path) -> Result<Option<f64>, TrainError> {
    let path = folder.join(TEST);
    if !path.exists() {
        return Ok(None);
    }
    let told =
        |error: serde_json::Error| TrainError::Foreign { path: path.clone(), reason: format!("is no evaluation: {error}") };
    let found: Judgement = serde_json::from_slice(&files::read(&path)?).map_err(told)?;
    Ok(Some(found.top1 as f64 / found.images.max(1) as f64))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (first, second) = (values.get(values.len().saturating_sub(1) / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*first, *second))
}

/// All that is the same in runs that differ in their seed alone: the spec but for the seed, the images, the instruction set and what it
/// began with.
fn key(run: &Run, settings: &BTreeMap<String, String>) -> Result<String, TrainError> {
    let spec = files::read(&run.spec())?;
    let spec = String::from_utf8_lossy(&spec);
    // Settings of training stand in `run.json` as well; the rest of the spec is the network.
    let network: Vec<&str> = spec.lines().filter(|line| !line.starts_with("train:")).collect();
    let about = &run.about;
    Ok(format!("{:?}", (network, settings, &about.data.digest, about.data.images, &about.arch, &about.began_with)))
}

/// Tells apart runs of one name that are no group, by the settings in which they differ, else by number.
fn label(runs: &mut [Entry]) {
    let all: Vec<(String, String, BTreeMap<String, String>)> =
        runs.iter().map(|run| (run.name.clone(), run.key.clone(), run.settings.clone())).collect();
    for run in runs {
        let mut keys: Vec<(&str, &BTreeMap<String, String>)> = Vec::new();
        for (_, key, settings) in all.iter().filter(|(name, ..)| *name == run.name) {
            if !keys.iter().any(|(known, _)| known == key) {
                keys.push((key, settings));
            }
        }
        if keys.len() == 1 {
            continue;
        }
        let differs = |name: &&String| keys.iter().any(|(_, other)| other.get(*name) != run.settings.get(*name));
        let told: Vec<String> =
            run.settings.keys().filter(differs).map(|name| format!("{name} {}", run.settings[name])).collect();
        let alike: Vec<&str> = keys.iter().filter(|(_, settings)| **settings == run.settings).map(|(key, _)| *key).collect();
        let number = alike.iter().position(|key| *key == run.key).unwrap_or(0) + 1;
        let number = if alike.len() > 1 { format!(" ({number})") } else { String::new() };
        run.label = [vec![run.name.clone()], told].concat().join(", ") + &number;
    }
}

impl Group {
    fn of(runs: &[&Entry]) -> Option<Group> {
        let mut seeds: Vec<&Entry> = Vec::new();
        for run in runs.iter().filter(|run| run.is_over()) {
            if !seeds.iter().any(|known| known.seed == run.seed) {
                seeds.push(run);
            }
        }
        let [first, _, ..] = seeds[..] else { return None };
        let over =
            |value: fn(&Entry) -> Option<f64>| Spread::of(&seeds.iter().filter_map(|run| value(run)).collect::<Vec<f64>>());
        Some(Group {
            label: first.label.clone(),
            runs: seeds.iter().map(|run| run.run.clone()).collect(),
            validation_accuracy: over(|run| run.validation_accuracy),
            test_accuracy: over(|run| run.test_accuracy),
        })
    }
}

impl Spread {
    /// Of some values; the squares are divided by one less than there are.
    pub(super) fn of(values: &[f64]) -> Option<Spread> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let deviation = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
        (!values.is_empty()).then_some(Spread { mean, deviation, seeds: values.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 over 2.
        let spread = Spread::of(&[2.0, 4.0, 9.0]).unwrap();
        let deviation = spread.deviation.unwrap();
        assert!((spread.mean - 5.0).abs() < 1e-12 && (deviation * deviation - 13.0).abs() < 1e-12, "{spread:?}");
        assert_eq!((Spread::of(&[]), Spread::of(&[1.0]).unwrap().deviation), (None, None));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![4.0, 1.0])), (Some(2.0), Some(2.5)));
        assert_eq!(median(Vec::new()), None);
    }
}

//! Runs side by side, and what they say together: runs that differ in their seed alone are one group.

use std::path::Path;
use std::path::PathBuf;

use serde::Serialize;

use crate::train::error::TrainError;
use crate::train::files;
use crate::train::folder::Run;
use crate::train::record::About;
use crate::train::record::Epoch;
use crate::train::record::Judgement;

/// Name of the form of [`Series`].
pub const RUNS: &str = "nas.runs/1";
/// Folders in folders, at most.
const MOST_DEPTH: usize = 4;
/// Where `nas eval` writes.
const TEST: &str = "test/evaluation.json";

/// Some runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// [`RUNS`].
    pub schema: &'static str,
    /// Each run.
    pub runs: Vec<Entry>,
    /// Runs that differ in their seed alone, where there are several.
    pub groups: Vec<Group>,
    /// Folders that look like runs and cannot be read, with the reason.
    pub broken: Vec<(String, String)>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Its folder.
    pub run: String,
    /// The network's name.
    pub name: String,
    /// Multiply-adds of one image in inference.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
    /// The seed.
    pub seed: String,
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
    /// Images learned from a second, of the epoch in the middle.
    pub images_per_second: Option<f64>,
    /// What runs of one group have in common.
    #[serde(skip)]
    pub key: String,
    /// Its log.
    #[serde(skip)]
    pub log: Vec<Epoch>,
}

/// Runs that differ in their seed alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The network's name.
    pub name: String,
    /// Their folders.
    pub runs: Vec<String>,
    /// Mean and deviation (of a sample) of the accuracy of validation, where all have one.
    pub validation_accuracy: Option<[f64; 2]>,
    /// The same of testing.
    pub test_accuracy: Option<[f64; 2]>,
}

/// The folders of runs in these folders and those in them, in the order of their names.
pub fn find_runs(roots: &[PathBuf]) -> Result<Vec<PathBuf>, TrainError> {
    let mut found = Vec::new();
    let mut open: Vec<(PathBuf, usize)> = roots.iter().rev().map(|root| (root.clone(), 0)).collect();
    while let Some((folder, depth)) = open.pop() {
        if folder.join("run.json").exists() {
            found.push(folder);
            continue;
        }
        if depth >= MOST_DEPTH {
            continue;
        }
        let entries = std::fs::read_dir(&folder).map_err(files::failed("read", &folder))?;
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.map_err(files::failed("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        open.extend(folders.into_iter().rev().map(|folder| (folder, depth + 1)));
    }
    Ok(found)
}

impl Series {
    /// Reads these runs; what cannot be read is listed.
    pub fn read(folders: &[PathBuf]) -> Series {
        let (mut runs, mut broken) = (Vec::new(), Vec::new());
        for folder in folders {
            match Entry::read(folder) {
                Ok(entry) => runs.push(entry),
                Err(error) => broken.push((folder.display().to_string(), error.to_string())),
            }
        }
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
    fn read(folder: &Path) -> Result<Entry, TrainError> {
        let run = Run::open(folder)?;
        let log = run.log()?;
        let about = &run.about;
        let best = log.iter().rev().find(|epoch| epoch.best);
        let mut rates: Vec<f64> = log.iter().map(|epoch| epoch.images_per_second).filter(|&rate| rate > 0.0).collect();
        rates.sort_by(f64::total_cmp);
        let test = folder.join(TEST);
        let judged: Option<Judgement> = if test.exists() {
            let told = |error: serde_json::Error| TrainError::Foreign {
                path: test.clone(),
                reason: format!("is no evaluation: {error}"),
            };
            Some(serde_json::from_slice(&files::read(&test)?).map_err(told)?)
        } else {
            None
        };
        Ok(Entry {
            run: folder.display().to_string(),
            name: about.name.clone(),
            madds: about.madds,
            params: about.params,
            seed: about.setting("seed").to_owned(),
            epochs: log.last().map_or(0, |epoch| epoch.epoch),
            planned: about.setting("epochs").parse().unwrap_or(0),
            best_epoch: best.map(|epoch| epoch.epoch),
            validation_accuracy: best.and_then(|epoch| epoch.validation_accuracy),
            test_accuracy: judged.map(|judged| judged.top1 as f64 / judged.images.max(1) as f64),
            images_per_second: rates.get(rates.len() / 2).copied(),
            key: key(about),
            log,
        })
    }
}

/// All that is the same in runs that differ in their seed alone. What is set aside hangs on the seed, and so does nothing else here.
fn key(about: &About) -> String {
    let settings = about.settings.iter().filter(|(name, _)| *name != "seed");
    let settings: Vec<String> = settings.map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {} {} {} {}", about.name, about.madds, about.params, about.data.digest, settings.join(" "))
}

impl Group {
    fn of(runs: &[&Entry]) -> Option<Group> {
        let [first, _, ..] = runs else { return None };
        let over = |value: fn(&Entry) -> Option<f64>| -> Option<[f64; 2]> {
            let values: Option<Vec<f64>> = runs.iter().map(|run| value(run)).collect();
            values.map(|values| mean_and_deviation(&values))
        };
        Some(Group {
            name: first.name.clone(),
            runs: runs.iter().map(|run| run.run.clone()).collect(),
            validation_accuracy: over(|run| run.validation_accuracy),
            test_accuracy: over(|run| run.test_accuracy),
        })
    }
}

/// Of a sample: the squares are divided by one less than there are values.
fn mean_and_deviation(values: &[f64]) -> [f64; 2] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    [mean, (squares / (count - 1.0).max(1.0)).sqrt()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 over 2.
        let [mean, deviation] = mean_and_deviation(&[2.0, 4.0, 9.0]);
        assert!((mean - 5.0).abs() < 1e-12 && (deviation * deviation - 13.0).abs() < 1e-12, "{mean} and {deviation}");
    }
}

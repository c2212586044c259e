//! A run is a folder.
//!
//! | file | what it holds |
//! |---|---|
//! | `spec.yaml` | the network and all settings, written out flat |
//! | `last.safetensors` | the training as it stands: weights, averages, the optimizer's numbers, position |
//! | `run.json` | what it was started with, see [`About`]; written last, so that who has it has all of the above |
//! | `log.jsonl` | one line an epoch, see [`Epoch`] |
//! | `best.safetensors` | weights and averages of the best epoch |
//! | `lock` | held while somebody trains here |

use std::fs::File;
use std::fs::TryLockError;
use std::path::Path;
use std::path::PathBuf;

use crate::train::checkpoint::Checkpoint;
use crate::train::error::TrainError;
use crate::train::files;
use crate::train::record::About;
use crate::train::record::Epoch;
use crate::train::record::RUN;

const SPEC: &str = "spec.yaml";
const ABOUT: &str = "run.json";
const LOG: &str = "log.jsonl";
/// The file that [`lock`] holds.
pub const LOCK: &str = "lock";
const LAST: &str = "last.safetensors";
const BEST: &str = "best.safetensors";
/// What a start that was cut short may have left; anything else is somebody's.
const OF_A_START: [&str; 6] = [SPEC, LOCK, LAST, "spec.yaml.tmp", "run.json.tmp", "last.safetensors.tmp"];

/// A run's folder, held for training.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

/// A run's folder, to look into.
#[derive(Clone, Debug)]
pub struct Run {
    path: PathBuf,
    /// What it was started with.
    pub about: About,
}

impl RunFolder {
    /// Begins a run in a new or empty folder: with its spec and its first checkpoint.
    pub fn create(path: &Path, spec: &str, about: &About, start: &Checkpoint) -> Result<RunFolder, TrainError> {
        RunFolder::may_begin(path)?;
        std::fs::create_dir_all(path).map_err(files::failed("make", path))?;
        let folder = RunFolder { path: path.to_owned(), _lock: lock(path)? };
        files::write(&path.join(SPEC), spec.as_bytes())?;
        start.write(&path.join(LAST))?;
        let about = serde_json::to_string_pretty(about).expect("plain data is JSON") + "\n";
        files::write(&path.join(ABOUT), about.as_bytes())?;
        Ok(folder)
    }

    /// Whether a run may begin there; to be asked before the work that comes before.
    pub fn may_begin(path: &Path) -> Result<(), TrainError> {
        let refused = |reason| Err(TrainError::Refused { path: path.to_owned(), reason });
        if path.join(ABOUT).exists() {
            return refused("holds a run already; go on with it by `--resume`, or name another folder");
        }
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(files::failed("read", path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(files::failed("read", path))?;
            if !OF_A_START.iter().any(|name| entry.file_name() == *name) {
                return refused("is a folder with other files; name one that is new or empty");
            }
        }
        Ok(())
    }

    /// Takes up a run that was begun.
    pub fn resume(path: &Path) -> Result<(RunFolder, Run), TrainError> {
        let run = Run::open(path)?;
        Ok((RunFolder { path: path.to_owned(), _lock: lock(path)? }, run))
    }

    /// Keeps the training as it stands.
    pub fn keep_last(&self, checkpoint: &Checkpoint) -> Result<(), TrainError> {
        checkpoint.write(&self.path.join(LAST))
    }

    /// Keeps the best epoch.
    pub fn keep_best(&self, checkpoint: &Checkpoint) -> Result<(), TrainError> {
        checkpoint.write(&self.path.join(BEST))
    }

    /// Writes the log anew.
    pub fn write_log(&self, epochs: &[Epoch]) -> Result<(), TrainError> {
        let line = |epoch: &Epoch| serde_json::to_string(epoch).expect("plain data is JSON") + "\n";
        files::write(&self.path.join(LOG), epochs.iter().map(line).collect::<String>().as_bytes())
    }
}

impl Run {
    /// Reads what a run was started with.
    pub fn open(path: &Path) -> Result<Run, TrainError> {
        let foreign = |reason: String| TrainError::Foreign { path: path.to_owned(), reason };
        let file = path.join(ABOUT);
        if !file.exists() {
            let reason = if path.exists() { "is no run: it has no `run.json`" } else { "does not exist" };
            return Err(TrainError::Refused { path: path.to_owned(), reason });
        }
        let bytes = files::read(&file)?;
        let told = |error: serde_json::Error| foreign(format!("is no run that is known: `run.json`: {error}"));
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(told)?;
        if let Some(schema) = value.get("schema").and_then(serde_json::Value::as_str).filter(|schema| *schema != RUN) {
            return Err(foreign(format!("has the form `{schema}`, this version reads `{RUN}`")));
        }
        Ok(Run { path: path.to_owned(), about: serde_json::from_value(value).map_err(told)? })
    }

    /// Whether a folder says that it is a run.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(ABOUT).exists()
    }

    /// Whether a folder has what only a run leaves, and does not say that it is one.
    pub(super) fn is_remnant(folder: &Path) -> bool {
        !Run::is_in(folder) && [LOG, LAST].iter().all(|file| folder.join(file).exists())
    }

    /// Whether somebody trains here now, as far as the file system's locks tell.
    pub fn is_training(&self) -> bool {
        let Ok(file) = File::open(self.path.join(LOCK)) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The network and all settings.
    pub fn spec(&self) -> PathBuf {
        self.path.join(SPEC)
    }

    /// The training as it stands.
    pub fn last(&self) -> PathBuf {
        self.path.join(LAST)
    }

    /// The best epoch, which is there after the first.
    pub fn best(&self) -> PathBuf {
        self.path.join(BEST)
    }

    /// The file with the weights of a run's folder, its best epoch if there is one; what is no folder is taken for such a file.
    pub fn weights(named: &Path) -> PathBuf {
        if !named.is_dir() {
            return named.to_owned();
        }
        let best = named.join(BEST);
        if best.exists() { best } else { named.join(LAST) }
    }

    /// The epochs that are over. A last line that was cut short is none.
    pub fn log(&self) -> Result<Vec<Epoch>, TrainError> {
        let file = self.path.join(LOG);
        if !file.exists() {
            return Ok(Vec::new());
        }
        let bytes = files::read(&file)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut epochs = Vec::new();
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(epoch) => epochs.push(epoch),
                Err(_) if number + 1 == text.lines().count() && !text.ends_with('\n') => {}
                Err(error) => {
                    let reason = format!("is no log of a run: line {}: {error}", number + 1);
                    return Err(TrainError::Foreign { path: file, reason });
                }
            }
        }
        Ok(epochs)
    }
}

/// Holds a folder for training as long as the file is open.
///
/// # Errors
/// The folder's lock cannot be made, or another process holds it.
pub fn lock(path: &Path) -> Result<File, TrainError> {
    let file = path.join(LOCK);
    let open = File::options().create(true).append(true).open(&file).map_err(files::failed("write", &file))?;
    match open.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(TrainError::Refused { path: path.to_owned(), reason: "is being trained by another process" })
        }
        // Not every file system has locks; a run there is the user's to watch over.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(open),
    }
}

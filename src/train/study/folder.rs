//! A study is a folder.
//!
//! | file | what it holds |
//! |---|---|
//! | `specs/` | the networks and all settings, written out flat |
//! | `study.json` | what is to be done, see [`Plan`]; written last, so that who has it has all of the above |
//! | `runs/` | a folder a run, as `nas train` makes it |
//! | `rows.csv` | one line a finished run, see [`Row`]; lines are added, and none is changed |
//! | `lock` | held while somebody trains here |

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::base::Digest;
use crate::train::error::TrainError;
use crate::train::files;
use crate::train::folder::LOCK;
use crate::train::folder::Run;
use crate::train::folder::lock;
use crate::train::study::plan::Plan;
use crate::train::study::plan::PlannedRun;
use crate::train::study::plan::STUDY;
use crate::train::study::rows;
use crate::train::study::rows::Row;

/// The file by which a folder is a study.
pub const STUDY_FILE: &str = "study.json";
const SPECS: &str = "specs";
const ROWS: &str = "rows.csv";

/// What stays of a finished run's checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All of them.
    All,
    /// Those of the last epoch.
    Last,
    /// None; the log, the evaluation and the row stay.
    None,
}

/// A study's folder, to look into.
#[derive(Clone, Debug)]
pub struct StudyFolder {
    path: PathBuf,
    /// What is to be done.
    pub plan: Plan,
}

impl StudyFolder {
    /// Whether a folder says that it is a study.
    pub fn is_in(path: &Path) -> bool {
        path.join(STUDY_FILE).exists()
    }

    /// Begins a study in a new or empty folder, with the text of each spec in the order of the plan.
    pub fn create(path: &Path, plan: &Plan, specs: &[String]) -> Result<StudyFolder, TrainError> {
        StudyFolder::may_begin(path)?;
        std::fs::create_dir_all(path).map_err(files::failed("make", path))?;
        let held = lock(path)?;
        std::fs::create_dir_all(path.join(SPECS)).map_err(files::failed("make", path))?;
        let draws = plan.arms.iter().flat_map(|arm| &arm.draws);
        for (draw, text) in draws.zip(specs) {
            files::write(&path.join(&draw.spec), text.as_bytes())?;
        }
        let text = serde_json::to_string_pretty(plan).expect("plain data is JSON") + "\n";
        files::write(&path.join(STUDY_FILE), text.as_bytes())?;
        drop(held);
        Ok(StudyFolder { path: path.to_owned(), plan: plan.clone() })
    }

    /// Whether a study may begin there; to be asked before the work that comes before.
    pub fn may_begin(path: &Path) -> Result<(), TrainError> {
        let refused = |reason| Err(TrainError::Refused { path: path.to_owned(), reason });
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(files::failed("read", path)(error)),
        };
        for entry in entries {
            let name = entry.map_err(files::failed("read", path))?.file_name();
            // What a beginning that was cut short may have left: it makes the lock before it writes specs.
            let is_held = path.join(LOCK).exists();
            if !(name == LOCK || name == "study.json.tmp" || name == SPECS && is_held) {
                return refused("is a folder with other files; name one that is new or empty");
            }
        }
        Ok(())
    }

    /// Reads what a study is to do.
    pub fn open(path: &Path) -> Result<StudyFolder, TrainError> {
        let foreign = |reason: String| TrainError::Foreign { path: path.to_owned(), reason };
        if !StudyFolder::is_in(path) {
            let reason = if path.exists() { "is no study: it has no `study.json`" } else { "does not exist" };
            return Err(TrainError::Refused { path: path.to_owned(), reason });
        }
        let bytes = files::read(&path.join(STUDY_FILE))?;
        let told = |error: serde_json::Error| foreign(format!("is no study that is known: `study.json`: {error}"));
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(told)?;
        if let Some(schema) = value.get("schema").and_then(serde_json::Value::as_str).filter(|schema| *schema != STUDY) {
            return Err(foreign(format!("has the form `{schema}`, this version reads `{STUDY}`")));
        }
        let plan: Plan = serde_json::from_value(value).map_err(told)?;
        if plan.arms.iter().any(|arm| arm.draws.is_empty()) || !plan.arms.iter().any(|arm| arm.name == plan.reference) {
            return Err(foreign("is no study that is known: an arm has no spec, or the reference is no arm".to_owned()));
        }
        Ok(StudyFolder { path: path.to_owned(), plan })
    }

    /// Keeps others from training here as long as the result lives.
    pub fn hold(&self) -> Result<File, TrainError> {
        lock(&self.path)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of a run.
    pub fn run(&self, run: &PlannedRun) -> PathBuf {
        self.path.join("runs").join(&run.name)
    }

    /// The file of a spec, which must be as it was written.
    pub fn spec(&self, arm: usize, draw: usize) -> Result<PathBuf, TrainError> {
        let draw = &self.plan.arms[arm].draws[draw];
        let path = self.path.join(&draw.spec);
        if Digest::of(&files::read(&path)?).to_string() != draw.digest {
            let reason = "is not as the study was begun with it; its digest differs from that in `study.json`".to_owned();
            return Err(TrainError::Foreign { path, reason });
        }
        Ok(path)
    }

    /// The runs that are over, each of which must be planned, once.
    pub fn rows(&self) -> Result<Vec<Row>, TrainError> {
        let path = self.path.join(ROWS);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let rows = rows::parse(&path, &String::from_utf8_lossy(&files::read(&path)?))?;
        let runs = self.plan.runs();
        for (at, row) in rows.iter().enumerate() {
            let again = rows[..at].iter().any(|other| (&other.arm, other.draw, other.seed) == (&row.arm, row.draw, row.seed));
            if again || !runs.iter().any(|run| self.is_of(row, run)) {
                let what = if again { "has twice" } else { "has" };
                let (arm, seed) = (&row.arm, row.seed);
                let reason = format!("{what} the run of `{arm}` with seed {seed}, which `study.json` does not plan so");
                return Err(TrainError::Foreign { path, reason });
            }
        }
        Ok(rows)
    }

    /// Whether a row is a run's.
    pub fn is_of(&self, row: &Row, run: &PlannedRun) -> bool {
        row.arm == self.plan.arms[run.arm].name && row.draw == run.draw + 1 && row.seed == run.seed
    }

    /// Adds a run that is over, in one write. What is left of a line that was cut short goes first.
    pub fn append(&self, row: &Row) -> Result<(), TrainError> {
        let path = self.path.join(ROWS);
        let text = if path.exists() { files::read(&path)? } else { Vec::new() };
        let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let line = if whole == 0 { format!("{}\n{}", rows::HEAD, row.line()) } else { row.line() };
        let file = File::options().create(true).append(true).open(&path);
        let added = file.and_then(|mut file| {
            if whole < text.len() {
                file.set_len(whole as u64)?;
            }
            file.write_all(line.as_bytes())?;
            file.sync_all()
        });
        added.map_err(files::failed("write", &path))
    }

    /// Takes away what is not to stay of a finished run.
    pub fn tidy(&self, run: &PlannedRun, keep: Keep) -> Result<(), TrainError> {
        let Ok(run) = Run::open(&self.run(run)) else { return Ok(()) };
        let gone = match keep {
            Keep::All => Vec::new(),
            Keep::Last => vec![run.best()],
            Keep::None => vec![run.best(), run.last()],
        };
        for file in gone.into_iter().filter(|file| file.exists()) {
            std::fs::remove_file(&file).map_err(files::failed("remove", &file))?;
        }
        Ok(())
    }
}

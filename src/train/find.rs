//! Runs in folders, and in folders in them.

use std::path::Path;
use std::path::PathBuf;

use crate::train::error::TrainError;
use crate::train::files;
use crate::train::folder::Run;
use crate::train::series::Broken;

/// Folders in folders, at most.
const MOST_DEPTH: usize = 4;

/// The folders of runs among these and in them, each once, a root's in the order of their names. Nobody looks for runs in a run.
///
/// # Errors
/// A root that is not there or cannot be read. What cannot be read further in is told in its place.
pub fn find_runs(roots: &[PathBuf]) -> Result<Vec<Result<PathBuf, Broken>>, TrainError> {
    let mut found: Vec<Result<PathBuf, Broken>> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    for root in roots {
        let mut open = vec![(root.clone(), 0)];
        while let Some((folder, depth)) = open.pop() {
            if Run::is_in(&folder) {
                let real = std::fs::canonicalize(&folder).map_err(files::failed("read", &folder))?;
                if !seen.contains(&real) {
                    seen.push(real);
                    found.push(Ok(folder));
                }
                continue;
            }
            if Run::is_remnant(&folder) {
                let reason = "has a run's files and no `run.json`";
                found.push(Err(Broken::new(&folder, &TrainError::Refused { path: folder.clone(), reason })));
                continue;
            }
            match folders(&folder) {
                Ok(inside) if depth < MOST_DEPTH => open.extend(inside.into_iter().rev().map(|inside| (inside, depth + 1))),
                Ok(_) => {}
                Err(error) if depth == 0 => return Err(error),
                Err(error) => found.push(Err(Broken::new(&folder, &error))),
            }
        }
    }
    Ok(found)
}

/// The folders in a folder, in order.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, TrainError> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(files::failed("read", folder))? {
        let entry = entry.map_err(files::failed("read", folder))?;
        // Of the many files of a data set nothing is asked; a link may lead to a folder.
        let kind = entry.file_type().map_err(files::failed("read", folder))?;
        if kind.is_dir() || kind.is_symlink() && entry.path().is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

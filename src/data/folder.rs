//! The files of a folder, those of its folders too, in the order of their paths.

use std::path::Path;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::gather::Content;
use crate::data::gather::Gatherer;
use crate::data::gather::Role;
use crate::data::gather::role;
use crate::data::options::Options;

/// Folders in folders, at most; links may form circles.
const MOST_DEPTH: usize = 12;

/// A file, as far as it is known without reading it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed {
    /// From the root, with slashes.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    /// Nanoseconds since 1970, 0 if nobody knows.
    pub(super) modified: u128,
}

impl Listed {
    pub(super) fn new(name: String, path: PathBuf, found: &std::fs::Metadata) -> Listed {
        let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Listed { name, path, bytes: found.len(), modified: modified.map_or(0, |time| time.as_nanos()) }
    }
}

/// The files of a data set below `root`, in the order of their names.
pub(super) fn list(root: &Path) -> Result<Vec<Listed>, DataError> {
    let mut files = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, name, depth)) = folders.pop() {
        let failed = |source| DataError::Files { action: "read", path: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let name = format!("{name}{}", entry.file_name().to_string_lossy());
            // A link that leads nowhere is met again, and named, when it is read.
            let found = std::fs::metadata(&path).or_else(|_| entry.metadata()).map_err(failed)?;
            if !found.is_dir() {
                if role(&name) != Role::Other {
                    files.push(Listed::new(name, path, &found));
                }
            } else if depth < MOST_DEPTH && !name.starts_with('.') {
                folders.push((path, name + "/", depth + 1));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the files of a folder.
pub(super) fn read(root: &Path, files: &[Listed], options: &Options) -> Result<Dataset, DataError> {
    if files.is_empty() {
        let reason = "it has no images, no CIFAR batches and no IDX files";
        return Err(DataError::Unknown { path: root.to_owned(), reason });
    }
    let mut gatherer = Gatherer::new(options);
    files.iter().try_for_each(|file| gatherer.take(file.name.clone(), Content::At(file.path.clone())))?;
    gatherer.finish(root)
}

//! Opens a data set, whatever its form.

use std::fmt::Write as _;
use std::path::Path;

use crate::base::Digest;
use crate::data::archive;
use crate::data::cache;
use crate::data::cache::CacheUse;
use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::folder;
use crate::data::folder::Listed;
use crate::data::options::Options;

/// Reads a folder, or a `.tar`, `.tar.gz` or `.tgz` of one: CIFAR-10 or CIFAR-100 in their binary versions, IDX, or a folder of images for
/// each class, `train/CLASS`, `val/CLASS` and `test/CLASS`, or `CLASS` alone. Same files and options, same data set, byte for byte.
pub fn open(path: &Path, options: &Options) -> Result<Dataset, DataError> {
    if options.size.is_some_and(|size| size.contains(&0) || size.iter().any(|&pixels| pixels > 1 << 14)) {
        return Err(DataError::Settings("a size is from 1 to 16384 pixels"));
    }
    let failed = |source| DataError::Files { action: "read", path: path.to_owned(), source };
    let found = std::fs::metadata(path).map_err(failed)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let files = if found.is_dir() {
        folder::list(path)?
    } else if [".tar", ".tar.gz", ".tgz"].iter().any(|end| name.to_ascii_lowercase().ends_with(end)) {
        vec![Listed::new(name, path.to_owned(), &found)]
    } else {
        let reason = "it is neither a folder nor a .tar, .tar.gz or .tgz";
        return Err(DataError::Unknown { path: path.to_owned(), reason });
    };
    let read = || if found.is_dir() { folder::read(path, &files, options) } else { archive::read(path, options) };
    let Some(folder) = &options.cache else { return read() };
    let key = key(&files, found.is_dir(), options);
    let kept = folder.join(format!("{}.nasdata", &key.to_string()[..32]));
    match cache::load(&kept, key) {
        cache::Loaded::Whole(dataset) => Ok(*dataset),
        cache::Loaded::Missing => kept_anew(read()?, &kept, key, CacheUse::Written, options),
        cache::Loaded::Damaged => kept_anew(read()?, &kept, key, CacheUse::Rebuilt, options),
    }
}

fn kept_anew(mut dataset: Dataset, kept: &Path, key: Digest, done: CacheUse, options: &Options) -> Result<Dataset, DataError> {
    dataset.cache = match cache::store(&dataset, kept, key) {
        Ok(()) => done,
        Err(error) if options.cache_is_required => return Err(error),
        Err(_) => CacheUse::Unwritable,
    };
    Ok(dataset)
}

/// What the decoded images hang on: names, sizes and times of files, the wanted size, what becomes of bad files. Times are in it because a
/// batch of CIFAR has the same size whatever it holds.
fn key(files: &[Listed], is_folder: bool, options: &Options) -> Digest {
    let mut text = format!("{is_folder} {:?} {:?}\n", options.size, options.on_bad);
    for file in files {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{:?} {} {}", file.name, file.bytes, file.modified);
    }
    Digest::of(text.as_bytes())
}

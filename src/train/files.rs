//! Files that are there whole or not at all.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::train::error::TrainError;

/// What an error of the system becomes.
pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> TrainError {
    let path = path.to_owned();
    move |cause| TrainError::Files { action, path, cause }
}

/// Writes under another name, waits for the disk, renames. A failure leaves what was there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&temporary, path));
    if renamed.is_err() {
        // The error of writing is told; that half of a file may stay is the lesser one.
        let _ = std::fs::remove_file(&temporary);
    }
    renamed.map_err(failed("write", path))?;
    // The new name is on the disk when its folder is; not every system lets a folder be opened.
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    std::fs::read(path).map_err(failed("read", path))
}

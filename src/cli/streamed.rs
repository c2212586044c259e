//! A file that is written bit by bit under another name, and has its own once it is whole.

use std::fs::File;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::ensure;

/// The file so far; what is not finished goes when it is dropped.
#[derive(Debug)]
pub(super) struct Streamed {
    path: PathBuf,
    temporary: PathBuf,
    /// Until it is finished.
    file: Option<File>,
}

impl Streamed {
    /// Begins a file; what `path` is stays as it is. A link is followed.
    pub(super) fn begin(path: &Path) -> anyhow::Result<Streamed> {
        let told = || format!("cannot write `{}`", path.display());
        let found = std::fs::metadata(path).ok();
        ensure!(
            found.as_ref().is_none_or(std::fs::Metadata::is_file),
            "`{}` is no file; numbers are written to a file and nothing else",
            path.display()
        );
        let path = if found.is_some() { std::fs::canonicalize(path).with_context(told)? } else { path.to_owned() };
        let mut name = path.file_name().with_context(|| format!("`{}` names no file", path.display()))?.to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        let file = File::create(&temporary).with_context(told)?;
        Ok(Streamed { path, temporary, file: Some(file) })
    }

    /// Writes bytes at a place.
    pub(super) fn write_at(&mut self, place: u64, bytes: &[u8]) -> anyhow::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let written = file.seek(SeekFrom::Start(place)).and_then(|_| file.write_all(bytes));
        written.with_context(|| format!("cannot write `{}`", self.path.display()))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let done = file.sync_all().and_then(|()| std::fs::rename(&self.temporary, &self.path));
        if done.is_err() {
            let _ = std::fs::remove_file(&self.temporary);
        }
        done.with_context(|| format!("cannot write `{}`", self.path.display()))
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // That half of a file may stay is the lesser evil.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

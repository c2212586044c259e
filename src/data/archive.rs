//! The files of a tar archive, plain or compressed, as they stream by.

use std::cell::Cell;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use tar::EntryType;

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::gather::Content;
use crate::data::gather::Gatherer;
use crate::data::gather::Role;
use crate::data::gather::role;
use crate::data::options::Options;

/// Bytes of a block, in which archives are counted.
const BLOCK: u64 = 512;

/// Counts what is read.
struct Counting<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(out)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Reads an archive. One that ends before its two closing blocks is damaged, even where it ends between two files.
pub(super) fn read(path: &Path, options: &Options) -> Result<Dataset, DataError> {
    let failed = |source| DataError::Files { action: "read", path: path.to_owned(), source };
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let is_gzip = file.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    if is_gzip { stream(MultiGzDecoder::new(file), path, options) } else { stream(file, path, options) }
}

fn stream(from: impl Read, path: &Path, options: &Options) -> Result<Dataset, DataError> {
    let damaged = |reason: String| DataError::Archive { path: path.to_owned(), reason };
    let told = |error: std::io::Error| damaged(error.to_string());
    let count = Rc::new(Cell::new(0));
    let mut archive = tar::Archive::new(Counting { inner: from, count: Rc::clone(&count) });
    let mut gatherer = Gatherer::new(options);
    let mut end = 0;
    for entry in archive.entries().map_err(told)? {
        let mut entry = entry.map_err(told)?;
        let size = entry.size();
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() == EntryType::GNUSparse {
            return Err(damaged(format!("`{name}` is stored with holes, which is not read")));
        }
        end = entry.raw_file_position() + size.div_ceil(BLOCK) * BLOCK;
        let name: Vec<&str> = name.split('/').filter(|step| !matches!(*step, "" | "." | "..")).collect();
        let name = name.join("/");
        if !entry.header().entry_type().is_file() || role(&name) == Role::Other {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(told)?;
        if bytes.len() as u64 != size {
            return Err(damaged(format!("it ends within `{name}`")));
        }
        gatherer.take(name, Content::Here(bytes))?;
    }
    // What is left is read too: the checksum of a compressed archive stands at its end.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(told)?;
    if count.get() < end + 2 * BLOCK {
        return Err(damaged("it ends before its closing blocks".to_owned()));
    }
    gatherer.finish(path)
}

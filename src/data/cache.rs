//! Decoded images in a file: a line of JSON that describes them, labels, pixels, and the digest of all that.

use std::fs::File;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest as _;
use sha2::Sha256;

use crate::base::Digest;
use crate::data::dataset::Dataset;
use crate::data::dataset::Kind;
use crate::data::dataset::SizeMet;
use crate::data::error::BadFile;
use crate::data::error::DataError;
use crate::data::images::Images;

/// How each file begins.
const MAGIC: [u8; 8] = *b"nasdata1";

/// What the cache did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheUse {
    /// None was asked for.
    #[default]
    None,
    /// There was none; now there is.
    Written,
    /// The images come from it.
    Used,
    /// The folder cannot be written to, which was allowed.
    Unwritable,
    /// What was there was damaged, and was written anew.
    Rebuilt,
}

/// What a file is found to be.
pub(super) enum Loaded {
    Missing,
    Damaged,
    Whole(Box<Dataset>),
}

#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    kind: Kind,
    classes: Vec<String>,
    shape: [usize; 3],
    images: [usize; 3],
    sizes: Vec<SizeMet>,
    bad: Vec<BadFile>,
}

/// Writes a data set under a temporary name and renames it, so that it is there whole or not at all.
pub(super) fn store(dataset: &Dataset, path: &Path, key: Digest) -> Result<(), DataError> {
    let failed = |source| DataError::Files { action: "write", path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = write(dataset, &temporary, key).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // That a half-written file may stay is the lesser trouble.
        let _ = std::fs::remove_file(&temporary);
        failed(error)
    })
}

fn write(dataset: &Dataset, path: &Path, key: Digest) -> std::io::Result<()> {
    let head = Head {
        key: key.to_string(),
        kind: dataset.kind,
        classes: dataset.classes.clone(),
        shape: dataset.shape(),
        images: dataset.parts.each_ref().map(Images::len),
        sizes: dataset.sizes.clone(),
        bad: dataset.bad.clone(),
    };
    let head = serde_json::to_vec(&head)?;
    let mut out = BufWriter::new(File::create(path)?);
    let mut sum = Sha256::new();
    let mut put = |bytes: &[u8]| {
        sum.update(bytes);
        out.write_all(bytes)
    };
    put(&MAGIC)?;
    put(&(head.len() as u64).to_le_bytes())?;
    put(&head)?;
    for images in &dataset.parts {
        let labels: Vec<u8> = images.labels().iter().flat_map(|label| label.to_le_bytes()).collect();
        put(&labels)?;
        put(images.pixels())?;
    }
    out.write_all(&sum.finalize())?;
    out.into_inner()?.sync_all()
}

/// Reads a data set if the file is whole and of this key.
pub(super) fn load(path: &Path, key: Digest) -> Loaded {
    match File::open(path) {
        Err(_) => Loaded::Missing,
        Ok(file) => read(&file, key).map_or(Loaded::Damaged, |dataset| Loaded::Whole(Box::new(dataset))),
    }
}

fn read(file: &File, key: Digest) -> Option<Dataset> {
    let length = file.metadata().ok()?.len();
    let mut from = Summed { inner: BufReader::new(file), sum: Sha256::new(), left: length };
    if from.bytes(8)? != MAGIC {
        return None;
    }
    let head = u64::from_le_bytes(from.bytes(8)?.try_into().ok()?);
    let head: Head = serde_json::from_slice(&from.bytes(head)?).ok()?;
    if head.key != key.to_string() {
        return None;
    }
    let [channels, height, width] = head.shape;
    let len = channels.checked_mul(height)?.checked_mul(width)?;
    let mut parts = [Images::default(), Images::default(), Images::default()];
    for (part, images) in parts.iter_mut().zip(head.images) {
        let labels = from.bytes((images as u64).checked_mul(2)?)?;
        let labels: Vec<u16> = labels.chunks_exact(2).map(|label| u16::from_le_bytes([label[0], label[1]])).collect();
        if labels.iter().any(|&label| usize::from(label) >= head.classes.len()) {
            return None;
        }
        *part = Images::new(head.shape, labels, from.bytes((images as u64).checked_mul(len as u64)?)?)?;
    }
    let sum = from.sum.clone().finalize();
    let is_whole = from.left == 32 && from.bytes(32)? == sum[..];
    let dataset =
        Dataset { kind: head.kind, classes: head.classes, parts, sizes: head.sizes, bad: head.bad, cache: CacheUse::Used };
    is_whole.then_some(dataset)
}

/// A reader that sums what it reads, and never asks for more than the file has.
struct Summed<R> {
    inner: R,
    sum: Sha256,
    left: u64,
}

impl<R: Read> Summed<R> {
    fn bytes(&mut self, count: u64) -> Option<Vec<u8>> {
        self.left = self.left.checked_sub(count)?;
        let mut bytes = vec![0; usize::try_from(count).ok()?];
        self.inner.read_exact(&mut bytes).ok()?;
        self.sum.update(&bytes);
        Some(bytes)
    }
}

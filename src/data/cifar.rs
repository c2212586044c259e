//! The binary versions of CIFAR-10 and CIFAR-100: records of labels and 3 x 32 x 32 bytes.

use std::path::Path;

use crate::data::cache::CacheUse;
use crate::data::dataset::Dataset;
use crate::data::dataset::Kind;
use crate::data::dataset::Part;
use crate::data::dataset::SizeMet;
use crate::data::error::DataError;
use crate::data::error::Fault;
use crate::data::gather::Complaints;
use crate::data::gather::Whole;
use crate::data::images::Images;

/// Of each image.
const SHAPE: [usize; 3] = [3, 32, 32];
/// Bytes of each image.
const PIXELS: usize = 3 * 32 * 32;

/// Whether a file of this name belongs to CIFAR.
pub(super) fn is_part(name: &str) -> bool {
    holds(name).is_some() || matches!(name, "batches.meta.txt" | "fine_label_names.txt")
}

/// What a file of records holds.
fn holds(name: &str) -> Option<(Kind, Part)> {
    match name {
        "train.bin" => Some((Kind::Cifar100, Part::Train)),
        "test.bin" => Some((Kind::Cifar100, Part::Test)),
        "test_batch.bin" => Some((Kind::Cifar10, Part::Test)),
        _ if name.strip_suffix(".bin")?.starts_with("data_batch_") => Some((Kind::Cifar10, Part::Train)),
        _ => None,
    }
}

/// Reads files in the order of their paths.
pub(super) fn read(
    files: Vec<Whole>,
    size: Option<[usize; 2]>,
    mut complaints: Complaints,
    path: &Path,
) -> Result<Dataset, DataError> {
    let kinds: Vec<Kind> = files.iter().filter_map(|file| holds(file.name())).map(|(kind, _)| kind).collect();
    let Some(&kind) = kinds.first() else {
        return Err(DataError::Unknown { path: path.to_owned(), reason: "names of CIFAR's classes, but no batches" });
    };
    if kinds.iter().any(|other| *other != kind) {
        return Err(DataError::Unknown { path: path.to_owned(), reason: "batches of CIFAR-10 and of CIFAR-100 lie in it" });
    }
    let (names, labels) = if kind == Kind::Cifar10 { ("batches.meta.txt", 1) } else { ("fine_label_names.txt", 2) };
    let named = files.iter().find(|file| file.name() == names).map(|file| lines(&file.bytes));
    let numbered = || (0..if kind == Kind::Cifar10 { 10 } else { 100 }).map(|class: usize| class.to_string()).collect();
    let classes: Vec<String> = named.filter(|named| !named.is_empty()).unwrap_or_else(numbered);
    let mut parts = Part::ALL.map(|_| Images::empty(SHAPE));
    for file in files {
        let Some((_, part)) = holds(file.name()) else { continue };
        match check(&file.bytes, labels, classes.len()) {
            Err(fault) => complaints.note(file.path, fault)?,
            Ok(()) => {
                let images = &mut parts[part as usize];
                for record in file.bytes.chunks_exact(labels + PIXELS) {
                    images.push(u16::from(record[labels - 1]), &record[labels..]);
                }
            }
        }
    }
    let images = parts.iter().map(Images::len).sum();
    let dataset = Dataset {
        kind,
        classes,
        parts: parts.map(|images| images.resized(size.unwrap_or([SHAPE[1], SHAPE[2]]))),
        sizes: vec![SizeMet { height: SHAPE[1], width: SHAPE[2], images }],
        bad: complaints.sorted(),
        cache: CacheUse::None,
    };
    dataset.checked(path)
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Whole records, and of each the last label, the fine one, among the classes.
fn check(bytes: &[u8], labels: usize, classes: usize) -> Result<(), Fault> {
    let record = labels + PIXELS;
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if !bytes.len().is_multiple_of(record) {
        let expected = (bytes.len().div_ceil(record) * record) as u64;
        return Err(Fault::Length { expected, found: bytes.len() as u64 });
    }
    let mut read = bytes.chunks_exact(record).map(|record| usize::from(record[labels - 1])).enumerate();
    let wrong = read.find(|(_, label)| *label >= classes);
    wrong.map_or(Ok(()), |(record, label)| Err(Fault::Label { record, label, classes }))
}

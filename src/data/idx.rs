//! IDX, the form of MNIST, Fashion-MNIST and their kin: a file of grey images and one of labels for each part, plain or compressed.

use std::io::Read;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

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

/// Bytes in three dimensions: images, rows, columns.
const IMAGES: u32 = 0x0000_0803;
/// Bytes in one dimension.
const LABELS: u32 = 0x0000_0801;

/// Parts and how their files' names begin.
const PARTS: [(Part, &str); 2] = [(Part::Train, "train"), (Part::Test, "t10k")];
/// How names go on: images and labels.
const ENDS: [&str; 2] = ["images-idx3-ubyte", "labels-idx1-ubyte"];

/// Whether a file of this name belongs to a data set in IDX.
pub(super) fn is_part(name: &str) -> bool {
    PARTS.iter().any(|(_, begins)| ENDS.iter().any(|end| is_named(name, begins, end)))
}

/// Whether a name is `train-images-idx3-ubyte`, or `train-images.idx3-ubyte` as some archives have it, or either with `.gz`.
fn is_named(name: &str, begins: &str, end: &str) -> bool {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.strip_prefix(begins).and_then(|rest| rest.strip_prefix('-')).is_some_and(|rest| rest.replace('.', "-") == end)
}

/// Grey images of a file.
struct Grey {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
}

/// Reads the files of both parts. Classes are as many as the largest label asks for, and named by their numbers.
pub(super) fn read(
    files: &[Whole],
    size: Option<[usize; 2]>,
    mut complaints: Complaints,
    path: &Path,
) -> Result<Dataset, DataError> {
    let mut read: [Option<(Grey, Vec<u16>)>; 3] = [None, None, None];
    for (part, begins) in PARTS {
        let [images, labels] = ENDS.map(|end| files.iter().find(|file| is_named(file.name(), begins, end)));
        match (images, labels) {
            (None, None) => {}
            (Some(alone), None) => complaints.note(alone.path.clone(), Fault::Alone(format!("{begins}-{}", ENDS[1])))?,
            (None, Some(alone)) => complaints.note(alone.path.clone(), Fault::Alone(format!("{begins}-{}", ENDS[0])))?,
            (Some(images), Some(labels)) => match (grey(&images.bytes), numbers(&labels.bytes)) {
                (Err(fault), _) => complaints.note(images.path.clone(), fault)?,
                (_, Err(fault)) => complaints.note(labels.path.clone(), fault)?,
                (Ok((count, _)), Ok(labels)) if count != labels.len() => {
                    complaints.note(images.path.clone(), Fault::Pairing { images: count, labels: labels.len() })?;
                }
                (Ok((_, grey)), Ok(labels)) => read[part as usize] = Some((grey, labels)),
            },
        }
    }
    let met: Vec<[usize; 3]> = read.iter().flatten().map(|(grey, labels)| [grey.height, grey.width, labels.len()]).collect();
    let classes = read.iter().flatten().flat_map(|(_, labels)| labels).max().map_or(0, |&label| usize::from(label) + 1);
    let natural = met.first().map_or([0; 2], |met| [met[0], met[1]]);
    if let Some(other) = met.iter().find(|other| size.is_none() && [other[0], other[1]] != natural) {
        let name = |begins: &str| format!("{begins}-{}", ENDS[0]);
        let sizes = [natural, [other[0], other[1]]];
        return Err(DataError::MixedSizes { first: name(PARTS[0].1), other: name(PARTS[1].1), sizes });
    }
    let size = size.unwrap_or(natural);
    let parts = read.map(|read| {
        let images = read.and_then(|(grey, labels)| Images::new([1, grey.height, grey.width], labels, grey.pixels));
        images.unwrap_or(Images::empty([1, size[0], size[1]])).resized(size)
    });
    let mut sizes: Vec<SizeMet> = Vec::new();
    for [height, width, images] in met {
        match sizes.iter_mut().find(|met| [met.height, met.width] == [height, width]) {
            Some(met) => met.images += images,
            None => sizes.push(SizeMet { height, width, images }),
        }
    }
    let classes = (0..classes).map(|class| class.to_string()).collect();
    Dataset { kind: Kind::Idx, classes, parts, sizes, bad: complaints.sorted(), cache: CacheUse::None }.checked(path)
}

/// Images of a file, and how many they are.
fn grey(bytes: &[u8]) -> Result<(usize, Grey), Fault> {
    let ([count, height, width], pixels) = array(bytes, IMAGES)?;
    if height == 0 || width == 0 {
        return Err(Fault::Empty);
    }
    Ok((count, Grey { height, width, pixels }))
}

fn numbers(bytes: &[u8]) -> Result<Vec<u16>, Fault> {
    let ([_], labels) = array(bytes, LABELS)?;
    Ok(labels.into_iter().map(u16::from).collect())
}

/// The dimensions and bytes of a file, which has exactly as many as its head says.
fn array<const N: usize>(bytes: &[u8], magic: u32) -> Result<([usize; N], Vec<u8>), Fault> {
    if bytes.starts_with(&[0x1f, 0x8b]) { numbered(MultiGzDecoder::new(bytes), magic) } else { numbered(bytes, magic) }
}

fn numbered<const N: usize>(mut from: impl Read, magic: u32) -> Result<([usize; N], Vec<u8>), Fault> {
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Fault::Truncated,
        _ => Fault::Unreadable(error.to_string()),
    };
    let mut word = || {
        let mut word = [0; 4];
        from.read_exact(&mut word).map_err(told)?;
        Ok(u32::from_be_bytes(word))
    };
    let found = word()?;
    if found != magic {
        return Err(Fault::Magic { expected: magic, found });
    }
    let mut dimensions = [0; N];
    for dimension in &mut dimensions {
        *dimension = word()? as usize;
    }
    let head = 4 + 4 * N as u64;
    let expected = dimensions.iter().try_fold(1_u64, |product, &dimension| product.checked_mul(dimension as u64));
    let expected = expected.filter(|expected| *expected <= 1 << 40).ok_or(Fault::Truncated)?;
    let mut bytes = Vec::new();
    // One byte more shows that the file is longer than it says.
    from.take(expected + 1).read_to_end(&mut bytes).map_err(told)?;
    match bytes.len() as u64 {
        found if found == expected => Ok((dimensions, bytes)),
        found => Err(Fault::Length { expected: head + expected, found: head + found }),
    }
}

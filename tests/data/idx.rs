//! IDX files.

use std::path::PathBuf;

use nas::data::DataError;
use nas::data::Fault;
use nas::data::Kind;
use nas::data::OnBad;
use nas::data::Options;
use nas::data::open;

use crate::made::folder;
use crate::made::gzip;
use crate::made::put;

const TRAIN: &str = "train-images-idx3-ubyte";
const TRAIN_LABELS: &str = "train-labels-idx1-ubyte";

/// Three images of 2 x 3.
fn images() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3];
    bytes.extend(1..=18);
    bytes
}

fn labels() -> Vec<u8> {
    vec![0, 0, 8, 1, 0, 0, 0, 3, 4, 0, 2]
}

fn whole(name: &str) -> PathBuf {
    let folder = folder(name);
    put(&folder, TRAIN, &images());
    put(&folder, TRAIN_LABELS, &labels());
    put(&folder, "t10k-images-idx3-ubyte", &[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 50, 51, 52, 53, 54, 55]);
    put(&folder, "t10k-labels-idx1-ubyte", &[0, 0, 8, 1, 0, 0, 0, 1, 3]);
    folder
}

#[test]
fn files_are_read_as_they_are_written() {
    let plain = open(&whole("idx"), &Options::default()).unwrap();
    assert_eq!((plain.kind, plain.shape()), (Kind::Idx, [1, 2, 3]));
    assert_eq!(plain.classes, ["0", "1", "2", "3", "4"]);
    assert_eq!(plain.train().labels(), [4, 0, 2]);
    assert_eq!(plain.train().image(1), [7, 8, 9, 10, 11, 12]);
    assert_eq!((plain.test().labels(), plain.test().image(0)), (&[3][..], &[50, 51, 52, 53, 54, 55][..]));
    assert_eq!((plain.sizes[0].height, plain.sizes[0].width, plain.sizes[0].images), (2, 3, 4));
}

#[test]
fn compressed_files_and_the_other_spelling_give_the_same() {
    let folder = folder("idx-gz");
    put(&folder, "raw/train-images.idx3-ubyte.gz", &gzip(&images()));
    put(&folder, "raw/train-labels.idx1-ubyte", &labels());
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!(data.train().pixels(), (1..=18).collect::<Vec<u8>>());
    assert!(data.test().is_empty());
}

fn fault(folder: &std::path::Path) -> (String, Fault) {
    match open(folder, &Options::default()).unwrap_err() {
        DataError::Bad(bad) => (bad.path, bad.fault),
        other => panic!("{other}"),
    }
}

#[test]
fn files_that_end_early_are_named() {
    for length in [0, 3, 4, 8, 12, 15] {
        let folder = whole("idx-head");
        put(&folder, TRAIN, &images()[..length]);
        assert_eq!(fault(&folder), (TRAIN.to_owned(), Fault::Truncated), "{length} bytes");
    }
    for length in [16, 17, 22, 33] {
        let folder = whole("idx-pixels");
        put(&folder, TRAIN, &images()[..length]);
        assert_eq!(fault(&folder), (TRAIN.to_owned(), Fault::Length { expected: 34, found: length as u64 }));
    }
    for length in [0, 4, 7, 8, 10] {
        let folder = whole("idx-labels");
        put(&folder, TRAIN_LABELS, &labels()[..length]);
        assert_eq!(fault(&folder).0, TRAIN_LABELS, "{length} bytes");
    }
    let packed = gzip(&images());
    for length in [2, 10, packed.len() - 9, packed.len() - 8, packed.len() - 1] {
        let folder = whole("idx-gz-short");
        std::fs::remove_file(folder.join(TRAIN)).unwrap();
        put(&folder, "train-images-idx3-ubyte.gz", &packed[..length]);
        assert_eq!(fault(&folder).1, Fault::Truncated, "{length} of {} bytes", packed.len());
    }
}

#[test]
fn wrong_heads_are_named() {
    let folder = whole("idx-magic");
    put(&folder, TRAIN, &labels());
    assert_eq!(fault(&folder).1, Fault::Magic { expected: 0x803, found: 0x801 });
    let folder = whole("idx-long");
    put(&folder, TRAIN, &[images(), vec![0]].concat());
    assert_eq!(fault(&folder).1, Fault::Length { expected: 34, found: 35 });
    let folder = whole("idx-huge");
    put(&folder, TRAIN, &[0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    assert_eq!(fault(&folder).1, Fault::Truncated);
    let folder = whole("idx-flat");
    put(&folder, TRAIN, &[0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3]);
    assert_eq!(fault(&folder).1, Fault::Empty);
    let folder = whole("idx-pairs");
    put(&folder, TRAIN_LABELS, &[0, 0, 8, 1, 0, 0, 0, 2, 4, 0]);
    assert_eq!(fault(&folder).1, Fault::Pairing { images: 3, labels: 2 });
    let folder = whole("idx-alone");
    std::fs::remove_file(folder.join(TRAIN_LABELS)).unwrap();
    assert_eq!(fault(&folder), (TRAIN.to_owned(), Fault::Alone(TRAIN_LABELS.to_owned())));
}

#[test]
fn a_bad_part_can_be_left_out() {
    let folder = whole("idx-skip");
    put(&folder, "t10k-labels-idx1-ubyte", b"no");
    let data = open(&folder, &Options { on_bad: OnBad::Skip, ..Options::default() }).unwrap();
    assert_eq!((data.train().len(), data.test().len(), data.bad.len()), (3, 0, 1));
    assert_eq!(data.bad[0].path, "t10k-labels-idx1-ubyte");
}

#[test]
fn parts_of_two_sizes_need_a_wanted_size() {
    let folder = whole("idx-sizes");
    put(&folder, "t10k-images-idx3-ubyte", &[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9]);
    let error = open(&folder, &Options::default()).unwrap_err();
    assert!(matches!(error, DataError::MixedSizes { sizes: [[2, 3], [1, 1]], .. }), "{error}");
    let data = open(&folder, &Options { size: Some([2, 2]), ..Options::default() }).unwrap();
    assert_eq!(data.test().image(0), [9, 9, 9, 9]);
    assert_eq!(data.sizes.len(), 2);
}

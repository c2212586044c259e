//! Archives of data sets.

use nas::data::DataError;
use nas::data::Options;
use nas::data::open;

use crate::made::folder;
use crate::made::grey;
use crate::made::gzip;
use crate::made::put;
use crate::made::tar;

fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("./set/train/dog/2.png", grey([1, 1], &[2])),
        ("./set/train/cat/1.png", grey([1, 1], &[1])),
        ("./set/readme.txt", vec![b'x'; 700]),
        ("./set/test/cat/1.png", grey([1, 1], &[3])),
        ("./set/train/dog/1.png", grey([1, 1], &[4])),
    ]
}

fn archive(files: &[(&'static str, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    tar(&files)
}

#[test]
fn an_archive_is_its_folder() {
    let folder = folder("tar");
    put(&folder, "a.tar", &archive(&files()));
    put(&folder, "a.tar.gz", &gzip(&archive(&files())));
    files().iter().for_each(|(name, bytes)| put(&folder, name, bytes));
    let plain = open(&folder.join("a.tar"), &Options::default()).unwrap();
    assert_eq!(plain.classes, ["cat", "dog"]);
    assert_eq!(plain.train().pixels(), [1, 4, 2]);
    assert_eq!((plain.test().pixels(), plain.test().labels()), (&[3][..], &[0][..]));
    assert_eq!(open(&folder.join("a.tar.gz"), &Options::default()).unwrap(), plain);
    assert_eq!(open(&folder.join("set"), &Options::default()).unwrap(), plain);
}

#[test]
fn other_forms_are_read_from_archives_too() {
    let folder = folder("tar-idx");
    let images: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6];
    let labels: &[u8] = &[0, 0, 8, 1, 0, 0, 0, 2, 1, 0];
    put(&folder, "mnist.tgz", &gzip(&tar(&[("m/train-labels-idx1-ubyte", labels), ("m/train-images-idx3-ubyte", images)])));
    let data = open(&folder.join("mnist.tgz"), &Options::default()).unwrap();
    assert_eq!((data.train().labels(), data.train().pixels()), (&[1, 0][..], &[5, 6][..]));
}

#[test]
fn a_file_that_comes_twice_counts_once_as_it_came_last() {
    let folder = folder("tar-twice");
    let mut files = files();
    files.push(("./set/train/cat/1.png", grey([1, 1], &[9])));
    put(&folder, "a.tar", &archive(&files));
    assert_eq!(open(&folder.join("a.tar"), &Options::default()).unwrap().train().pixels(), [9, 4, 2]);
}

/// Every block begins a head, a file's bytes, what fills a block, or the end; and within each.
#[test]
fn archives_that_end_early_are_damaged() {
    let folder = folder("tar-short");
    let whole = archive(&files());
    let lengths = (0..whole.len()).filter(|length| [0, 1, 100, 511].contains(&(length % 512)));
    let mut tried = 0;
    for length in lengths {
        put(&folder, "a.tar", &whole[..length]);
        let error = open(&folder.join("a.tar"), &Options::default()).unwrap_err();
        assert!(matches!(error, DataError::Archive { .. }), "{length} of {} bytes: {error}", whole.len());
        tried += 1;
    }
    assert!(tried > 40);
    let packed = gzip(&whole);
    for length in (0..packed.len()).step_by(7).chain([packed.len() - 8, packed.len() - 1]) {
        put(&folder, "a.tar.gz", &packed[..length]);
        let error = open(&folder.join("a.tar.gz"), &Options::default()).unwrap_err();
        assert!(matches!(error, DataError::Archive { .. }), "{length} of {} bytes: {error}", packed.len());
    }
}

#[test]
fn archives_that_are_changed_are_damaged() {
    let folder = folder("tar-changed");
    let mut head = archive(&files());
    head[10] ^= 1;
    put(&folder, "a.tar", &head);
    assert!(matches!(open(&folder.join("a.tar"), &Options::default()), Err(DataError::Archive { .. })));
    let mut packed = gzip(&archive(&files()));
    let at = packed.len() - 6;
    packed[at] ^= 1;
    put(&folder, "a.tar.gz", &packed);
    assert!(matches!(open(&folder.join("a.tar.gz"), &Options::default()), Err(DataError::Archive { .. })), "the checksum");
    put(&folder, "a.tar", b"no archive at all");
    assert!(matches!(open(&folder.join("a.tar"), &Options::default()), Err(DataError::Archive { .. })));
}

//! CIFAR's binary versions.

use nas::data::DataError;
use nas::data::Fault;
use nas::data::Kind;
use nas::data::OnBad;
use nas::data::Options;
use nas::data::SizeMet;
use nas::data::open;

use crate::made::folder;
use crate::made::put;

/// A record: labels, then 1024 red, green and blue values.
fn record(labels: &[u8], [red, green, blue]: [u8; 3]) -> Vec<u8> {
    [labels, &[red; 1024], &[green; 1024], &[blue; 1024]].concat()
}

fn ten(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    put(&folder, "batches.meta.txt", b"ant\nbee\ncow\n\n");
    put(&folder, "data_batch_2.bin", &record(&[0], [7, 8, 9]));
    put(&folder, "data_batch_1.bin", &[record(&[2], [1, 2, 3]), record(&[1], [4, 5, 6])].concat());
    put(&folder, "test_batch.bin", &record(&[1], [10, 11, 12]));
    put(&folder, "readme.html", b"not a part");
    folder
}

#[test]
fn ten_is_read_as_it_is_written() {
    let mut first = record(&[2], [1, 2, 3]);
    // The second value of the first row, and the first of the second row.
    (first[1 + 1], first[1 + 32]) = (100, 200);
    let folder = ten("cifar10");
    put(&folder, "data_batch_1.bin", &[first, record(&[1], [4, 5, 6])].concat());
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!(data.kind, Kind::Cifar10);
    assert_eq!(data.classes, ["ant", "bee", "cow"]);
    assert_eq!(data.shape(), [3, 32, 32]);
    assert_eq!(data.train().labels(), [2, 1, 0], "batches in the order of their names");
    assert_eq!(data.test().labels(), [1]);
    let image = data.train().image(0);
    assert_eq!(image[..3], [1, 100, 1]);
    assert_eq!([image[32], image[1024], image[2048], image[3071]], [200, 2, 3, 3]);
    assert_eq!(data.train().image(2)[2047..2049], [8, 9]);
    assert_eq!(data.test().image(0)[0], 10);
    assert_eq!(data.train().counts(3), [1, 1, 1]);
    assert_eq!(data.sizes, [SizeMet { height: 32, width: 32, images: 4 }]);
}

#[test]
fn a_hundred_has_fine_labels() {
    let folder = folder("cifar100");
    put(&folder, "cifar-100-binary/train.bin", &[record(&[9, 77], [1, 2, 3]), record(&[3, 99], [4, 5, 6])].concat());
    put(&folder, "cifar-100-binary/test.bin", &record(&[0, 5], [7, 8, 9]));
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!((data.kind, data.classes.len()), (Kind::Cifar100, 100));
    assert_eq!(data.classes[77], "77");
    assert_eq!(data.train().labels(), [77, 99]);
    assert_eq!(data.test().image(0)[..2], [7, 7]);
    assert_eq!(data.train().image(1)[3071], 6);
}

#[test]
fn images_come_at_the_wanted_size() {
    let data = open(&ten("cifar-size"), &Options { size: Some([16, 8]), ..Options::default() }).unwrap();
    assert_eq!(data.shape(), [3, 16, 8]);
    assert_eq!(data.train().image(1)[127..129], [4, 5], "a plane of one value keeps it");
    assert_eq!(data.sizes[0].height, 32);
}

/// Within a record, at the end of its label, of each colour, one byte before the end.
#[test]
fn batches_that_end_early_are_named() {
    let whole = record(&[2], [1, 2, 3]);
    for length in [1, 1025, 2049, 3072, 3074] {
        let folder = ten("cifar-short");
        let bytes = [whole.clone(), whole.clone()].concat();
        put(&folder, "data_batch_1.bin", &bytes[..length]);
        let error = open(&folder, &Options::default()).unwrap_err();
        let expected = if length < 3073 { 3073 } else { 6146 };
        let DataError::Bad(bad) = &error else { panic!("{error}") };
        assert_eq!(bad.path, "data_batch_1.bin");
        assert_eq!(bad.fault, Fault::Length { expected, found: length as u64 });
    }
    let folder = ten("cifar-empty");
    put(&folder, "test_batch.bin", b"");
    let error = open(&folder, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "`test_batch.bin`: it is empty");
}

#[test]
fn labels_of_no_class_are_named_or_skipped() {
    let folder = ten("cifar-label");
    put(&folder, "data_batch_3.bin", &[record(&[0], [0; 3]), record(&[3], [0; 3])].concat());
    let error = open(&folder, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "`data_batch_3.bin`: record 1 has the label 3, there are 3 classes");
    let data = open(&folder, &Options { on_bad: OnBad::Skip, ..Options::default() }).unwrap();
    assert_eq!(data.bad.len(), 1);
    assert_eq!(data.train().len(), 3);
}

#[test]
fn batches_alone_do_not_make_a_data_set() {
    let only_test = folder("cifar-test");
    put(&only_test, "test_batch.bin", &record(&[1], [0; 3]));
    assert!(matches!(open(&only_test, &Options::default()), Err(DataError::NoImages { .. })));
    let one = folder("cifar-one");
    put(&one, "data_batch_1.bin", &record(&[4], [0; 3]));
    assert!(matches!(open(&one, &Options::default()), Err(DataError::OneClass { class, .. }) if class == "4"));
    let names = folder("cifar-names");
    put(&names, "batches.meta.txt", b"ant\nbee\n");
    assert!(matches!(open(&names, &Options::default()), Err(DataError::Unknown { .. })));
    let both = ten("cifar-both");
    put(&both, "train.bin", &record(&[0, 1], [0; 3]));
    assert!(matches!(open(&both, &Options::default()), Err(DataError::Unknown { .. })));
    let mixed = ten("cifar-mixed");
    put(&mixed, "a/1.png", &crate::made::grey([1, 1], &[0]));
    assert!(matches!(open(&mixed, &Options::default()), Err(DataError::Unknown { .. })));
}

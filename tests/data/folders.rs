//! Folders of images for each class.

use std::path::Path;

use nas::data::DataError;
use nas::data::Fault;
use nas::data::Kind;
use nas::data::OnBad;
use nas::data::Options;
use nas::data::Part;
use nas::data::open;
use png::BitDepth;
use png::ColorType;

use crate::made::folder;
use crate::made::grey;
use crate::made::jpeg;
use crate::made::png;
use crate::made::put;

/// Name, form, pixels, and what is read of them where three channels are wanted.
type Row = (&'static str, ColorType, BitDepth, &'static [u8], [u8; 6]);

const SKIP: Options = Options { size: None, on_bad: OnBad::Skip, cache: None, cache_is_required: false };

fn fault(folder: &Path) -> (String, Fault) {
    match open(folder, &Options::default()).unwrap_err() {
        DataError::Bad(bad) => (bad.path, bad.fault),
        other => panic!("{other}"),
    }
}

#[test]
fn parts_classes_and_names_give_the_order() {
    let folder = folder("folders");
    for (name, value) in [
        ("train/dog/b.png", 1),
        ("train/dog/a.png", 2),
        ("train/cat/10.png", 3),
        ("train/cat/deep/9.png", 4),
        ("val/cat/x.png", 5),
        ("test/emu/y.PNG", 6),
        ("train/.hidden/z.png", 7),
    ] {
        put(&folder, name, &grey([1, 2], &[value, 0]));
    }
    put(&folder, "train/dog/notes.txt", b"passed over");
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!((data.kind, data.shape()), (Kind::Folders, [1, 1, 2]));
    assert_eq!(data.classes, ["cat", "dog", "emu"]);
    assert_eq!(data.train().pixels(), [3, 0, 4, 0, 2, 0, 1, 0]);
    assert_eq!(data.train().labels(), [0, 0, 1, 1]);
    assert_eq!((data.part(Part::Validation).labels(), data.test().labels()), (&[0][..], &[2][..]));
    assert_eq!(data.test().pixels(), [6, 0]);
}

#[test]
fn classes_alone_are_for_training_also_below_a_folder() {
    let folder = folder("classes");
    put(&folder, "flowers/rose/1.png", &grey([1, 1], &[1]));
    put(&folder, "flowers/lily/1.png", &grey([1, 1], &[2]));
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!(data.classes, ["lily", "rose"]);
    assert_eq!(data.train().pixels(), [2, 1]);
}

#[test]
fn every_form_of_png_is_read() {
    let folder = folder("png");
    let table: [Row; 6] = [
        ("a/grey.png", ColorType::Grayscale, BitDepth::Eight, &[10, 20], [10, 20, 10, 20, 10, 20]),
        ("a/grey1.png", ColorType::Grayscale, BitDepth::One, &[0b0100_0000], [0, 255, 0, 255, 0, 255]),
        ("a/grey16.png", ColorType::Grayscale, BitDepth::Sixteen, &[10, 255, 20, 0], [10, 20, 10, 20, 10, 20]),
        ("b/rgb.png", ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]),
        ("b/rgba.png", ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 0, 4, 5, 6, 255], [1, 4, 2, 5, 3, 6]),
        ("b/two.png", ColorType::GrayscaleAlpha, BitDepth::Eight, &[7, 0, 8, 9], [7, 8, 7, 8, 7, 8]),
    ];
    for (name, colour, depth, pixels, _) in table {
        put(&folder, name, &png(colour, depth, [1, 2], pixels));
    }
    let data = open(&folder, &Options::default()).unwrap();
    for (at, (name, .., expected)) in table.into_iter().enumerate() {
        assert_eq!(data.train().image(at), expected, "{name}");
    }
}

#[test]
fn jpegs_are_read() {
    let folder = folder("jpeg");
    put(&folder, "a/1.jpg", &jpeg(&[&[50], &[200]]));
    put(&folder, "b/1.JPEG", &jpeg(&[&[128, 128, 228], &[77, 128, 128]]));
    let data = open(&folder, &Options::default()).unwrap();
    assert_eq!(data.shape(), [3, 8, 16]);
    let grey = data.train().image(0);
    assert_eq!((grey[0], grey[7], grey[8], grey[127], grey[383]), (50, 50, 200, 200, 200));
    let colour = data.train().image(1);
    // R = 128 + 1.402 * 100, cut at 255; G = 128 - 0.71414 * 100 = 56.6; B = 128.
    assert_eq!((colour[0], colour[256]), (255, 128));
    assert!(colour[128].abs_diff(57) <= 1, "{}", colour[128]);
    assert_eq!((colour[8], colour[136], colour[264]), (77, 77, 77));
}

/// At every length of the file, which has every border of its structure.
#[test]
fn images_that_end_early_are_named() {
    let whole = jpeg(&[&[50], &[200]]);
    let picture = grey([2, 2], &[1, 2, 3, 4]);
    for (name, bytes) in [("a/x.jpg", whole), ("a/x.png", picture)] {
        let folder = folder("short");
        for length in 0..bytes.len() {
            put(&folder, name, &bytes[..length]);
            let (path, fault) = fault(&folder);
            assert_eq!(path, name, "{length} of {} bytes: {fault}", bytes.len());
        }
        put(&folder, name, &bytes);
        assert!(matches!(open(&folder, &Options::default()), Err(DataError::OneClass { .. })), "whole, it is read");
    }
}

#[test]
fn what_cannot_be_used_is_named_with_its_reason() {
    let folder = folder("bad");
    put(&folder, "a/good.png", &grey([1, 1], &[1]));
    put(&folder, "b/good.png", &grey([1, 1], &[2]));
    put(&folder, "b/cmyk.jpg", &jpeg(&[&[1, 2, 3, 4]]));
    put(&folder, "b/text.jpg", b"<html>");
    put(&folder, "b/old.gif", b"GIF89a");
    put(&folder, "loose.png", &grey([1, 1], &[3]));
    let data = open(&folder, &SKIP).unwrap();
    let told: Vec<String> = data.bad.iter().map(ToString::to_string).collect();
    let expected = [
        "`b/cmyk.jpg`: a JPEG in CMYK, only grey and colour images are read",
        "`b/old.gif`: it is neither JPEG nor PNG",
        "`b/text.jpg`: it is neither JPEG nor PNG",
        "`loose.png`: it lies in no folder of a class",
    ];
    assert_eq!(told, expected);
    assert_eq!(data.train().pixels(), [1, 2]);
    assert_eq!(fault(&folder), ("b/old.gif".to_owned(), Fault::Format), "the first that is met");
}

#[test]
fn a_damaged_png_is_named() {
    let folder = folder("crc");
    let mut bytes = grey([2, 2], &[1, 2, 3, 4]);
    let at = bytes.windows(4).position(|name| name == b"IDAT").unwrap() + 8;
    bytes[at] ^= 0x55;
    put(&folder, "a/1.png", &bytes);
    assert!(matches!(fault(&folder).1, Fault::Png(_)));
}

#[test]
fn several_sizes_need_a_wanted_one() {
    let folder = folder("sizes");
    put(&folder, "a/1.png", &grey([2, 4], &[0, 80, 80, 0, 0, 80, 80, 0]));
    put(&folder, "b/1.png", &grey([4, 4], &[9; 16]));
    let error = open(&folder, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "`a/1.png` is 2x4 and `b/1.png` is 4x4 (height x width): name a size");
    let data = open(&folder, &Options { size: Some([2, 2]), ..Options::default() }).unwrap();
    assert_eq!(data.shape(), [1, 2, 2]);
    assert_eq!(data.train().image(0), [80; 4], "the middle is kept");
    assert_eq!(data.train().image(1), [9; 4]);
    let met: Vec<[usize; 3]> = data.sizes.iter().map(|met| [met.height, met.width, met.images]).collect();
    assert_eq!(met, [[2, 4, 1], [4, 4, 1]]);
    assert!(matches!(open(&folder, &Options { size: Some([0, 2]), ..Options::default() }), Err(DataError::Settings(_))));
}

#[test]
fn nothing_to_learn_is_an_error() {
    let empty = folder("empty");
    assert!(matches!(open(&empty, &Options::default()), Err(DataError::Unknown { .. })));
    assert!(matches!(open(&empty.join("no"), &Options::default()), Err(DataError::Files { .. })));
    put(&empty, "a.png", b"");
    assert!(matches!(open(&empty, &SKIP), Err(DataError::NoImages { .. })));
    assert!(matches!(open(&empty.join("a.png"), &SKIP), Err(DataError::Unknown { .. })));
    let one = folder("one");
    put(&one, "train/a/1.png", &grey([1, 1], &[1]));
    put(&one, "test/b/1.png", &grey([1, 1], &[1]));
    assert!(matches!(open(&one, &Options::default()), Err(DataError::OneClass { class, .. }) if class == "a"));
}

//! Decoded images between runs.

use std::path::Path;
use std::path::PathBuf;

use nas::data::CacheUse;
use nas::data::Dataset;
use nas::data::OnBad;
use nas::data::Options;
use nas::data::open;

use crate::made::folder;
use crate::made::grey;
use crate::made::put;

fn set(name: &str) -> (PathBuf, Options) {
    let folder = folder(name);
    put(&folder, "set/train/cat/1.png", &grey([2, 1], &[1, 2]));
    put(&folder, "set/train/dog/1.png", &grey([2, 1], &[3, 4]));
    put(&folder, "set/test/dog/1.png", &grey([2, 1], &[5, 6]));
    put(&folder, "set/test/dog/bad.png", b"no");
    let options = Options { size: None, on_bad: OnBad::Skip, cache: Some(folder.join("cache")), cache_is_required: true };
    (folder.join("set"), options)
}

/// The files of the cache.
fn kept(options: &Options) -> Vec<PathBuf> {
    std::fs::read_dir(options.cache.as_ref().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn opened(path: &Path, options: &Options, expected: CacheUse) -> Dataset {
    let mut data = open(path, options).unwrap();
    assert_eq!(std::mem::take(&mut data.cache), expected);
    data
}

#[test]
fn a_cache_gives_back_what_was_read() {
    let (path, options) = set("cache");
    let read = opened(&path, &Options { cache: None, ..options.clone() }, CacheUse::None);
    assert_eq!(opened(&path, &options, CacheUse::Written), read);
    assert_eq!(kept(&options).len(), 1, "no temporary file stays");
    assert_eq!(opened(&path, &options, CacheUse::Used), read);
    assert_eq!((read.bad.len(), read.train().pixels()), (1, &[1, 2, 3, 4][..]));
}

#[test]
fn other_files_sizes_and_options_are_other_caches() {
    let (path, options) = set("cache-key");
    opened(&path, &options, CacheUse::Written);
    let small = Options { size: Some([1, 1]), ..options.clone() };
    assert_eq!(opened(&path, &small, CacheUse::Written).shape(), [1, 1, 1]);
    assert!(open(&path, &Options { on_bad: OnBad::Fail, ..options.clone() }).is_err(), "a cache does not hide bad files");
    put(&path, "train/cat/2.png", &grey([2, 1], &[7, 8]));
    assert_eq!(opened(&path, &options, CacheUse::Written).train().len(), 3);
    // The same name and size, other pixels, another time.
    let changed = grey([2, 1], &[9, 8]);
    assert_eq!(changed.len(), grey([2, 1], &[7, 8]).len());
    put(&path, "train/cat/2.png", &changed);
    let file = std::fs::File::options().write(true).open(path.join("train/cat/2.png")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
    assert_eq!(opened(&path, &options, CacheUse::Written).train().image(1), [9, 8]);
}

/// Each byte changed, each length too short, one byte too many.
#[test]
fn a_damaged_cache_is_written_anew() {
    let (path, options) = set("cache-damage");
    let read = opened(&path, &options, CacheUse::Written);
    let file = kept(&options).remove(0);
    let whole = std::fs::read(&file).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        std::fs::write(&file, changed).unwrap();
        assert_eq!(opened(&path, &options, CacheUse::Rebuilt), read, "byte {at}");
        std::fs::write(&file, &whole[..at]).unwrap();
        assert_eq!(opened(&path, &options, CacheUse::Rebuilt), read, "{at} bytes");
    }
    std::fs::write(&file, [&whole[..], &[0]].concat()).unwrap();
    assert_eq!(opened(&path, &options, CacheUse::Rebuilt), read);
    assert_eq!(std::fs::read(&file).unwrap(), whole, "the same bytes again");
}

#[test]
fn a_cache_that_cannot_be_written_is_told() {
    let (path, options) = set("cache-file");
    let file = path.join("no-folder");
    std::fs::write(&file, b"").unwrap();
    let allowed = Options { cache: Some(file.clone()), cache_is_required: false, ..options.clone() };
    assert_eq!(open(&path, &allowed).unwrap().cache, nas::data::CacheUse::Unwritable);
    let error = open(&path, &Options { cache: Some(file), ..options }).unwrap_err();
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
}

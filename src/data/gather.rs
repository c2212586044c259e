//! Files one after another, from a folder or an archive: images are decoded in parallel as they come, files of other forms kept whole.

use std::path::Path;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::data::assemble;
use crate::data::cifar;
use crate::data::dataset::Dataset;
use crate::data::decode;
use crate::data::error::BadFile;
use crate::data::error::DataError;
use crate::data::error::Fault;
use crate::data::idx;
use crate::data::options::OnBad;
use crate::data::options::Options;
use crate::data::picture::Picture;

/// Files that wait to be decoded, at most.
const MOST_WAITING: usize = 1024;
/// Their bytes, about.
const MOST_BYTES: usize = 1 << 26;

/// Bad files, or the first of them.
#[derive(Debug)]
pub(super) struct Complaints {
    on_bad: OnBad,
    bad: Vec<BadFile>,
}

impl Complaints {
    pub(super) fn new(on_bad: OnBad) -> Complaints {
        Complaints { on_bad, bad: Vec::new() }
    }

    /// Ends the reading, or lists the file.
    pub(super) fn note(&mut self, path: String, fault: Fault) -> Result<(), DataError> {
        let bad = BadFile { path, fault };
        match self.on_bad {
            OnBad::Fail => Err(bad.into()),
            OnBad::Skip => {
                self.bad.push(bad);
                Ok(())
            }
        }
    }

    /// By path.
    pub(super) fn sorted(mut self) -> Vec<BadFile> {
        self.bad.sort_by(|a, b| a.path.cmp(&b.path));
        self.bad
    }
}

/// Where a file's bytes are.
pub(super) enum Content {
    Here(Vec<u8>),
    At(PathBuf),
}

impl Content {
    fn bytes(self) -> Result<Vec<u8>, Fault> {
        match self {
            Content::Here(bytes) => Ok(bytes),
            Content::At(path) => std::fs::read(path).map_err(|error| Fault::Unreadable(error.to_string())),
        }
    }
}

/// A file of CIFAR or IDX, whole.
pub(super) struct Whole {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

impl Whole {
    /// The last step of its path.
    pub(super) fn name(&self) -> &str {
        base(&self.path)
    }
}

fn base(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// What a file is by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Image,
    /// Of CIFAR or IDX.
    Whole,
    /// Of an image that is not read.
    Foreign,
    /// Anything else; not a part of the data set.
    Other,
}

/// What a file is by its path. Hidden files, and what systems leave beside files, are nothing.
pub(super) fn role(path: &str) -> Role {
    if path.split('/').any(|step| step.starts_with('.') || step == "__MACOSX") {
        return Role::Other;
    }
    let name = base(path);
    if cifar::is_part(name) || idx::is_part(name) {
        return Role::Whole;
    }
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("jpg" | "jpeg" | "png") => Role::Image,
        Some("gif" | "bmp" | "webp" | "tif" | "tiff" | "ppm" | "pgm" | "avif" | "heic" | "jp2") => Role::Foreign,
        _ => Role::Other,
    }
}

/// Takes files and makes a data set of them.
pub(super) struct Gatherer {
    size: Option<[usize; 2]>,
    complaints: Complaints,
    waiting: Vec<(String, Content)>,
    waiting_bytes: usize,
    read: Vec<(String, Picture)>,
    whole: Vec<Whole>,
}

impl Gatherer {
    pub(super) fn new(options: &Options) -> Gatherer {
        Gatherer {
            size: options.size,
            complaints: Complaints::new(options.on_bad),
            waiting: Vec::new(),
            waiting_bytes: 0,
            read: Vec::new(),
            whole: Vec::new(),
        }
    }

    /// Takes a file whose path from the root has slashes.
    pub(super) fn take(&mut self, path: String, content: Content) -> Result<(), DataError> {
        match role(&path) {
            Role::Other => Ok(()),
            Role::Foreign => self.complaints.note(path, Fault::Format),
            Role::Whole => match content.bytes() {
                Ok(bytes) => {
                    self.whole.push(Whole { path, bytes });
                    Ok(())
                }
                Err(fault) => self.complaints.note(path, fault),
            },
            Role::Image => {
                if let Content::Here(bytes) = &content {
                    self.waiting_bytes += bytes.len();
                }
                self.waiting.push((path, content));
                if self.waiting.len() >= MOST_WAITING || self.waiting_bytes >= MOST_BYTES { self.decode() } else { Ok(()) }
            }
        }
    }

    fn decode(&mut self) -> Result<(), DataError> {
        let size = self.size;
        let decoded: Vec<(String, Result<Picture, Fault>)> = std::mem::take(&mut self.waiting)
            .into_par_iter()
            .map(|(path, content)| {
                let picture = content.bytes().and_then(|bytes| decode::decode(&bytes));
                (path, picture.map(|picture| picture.resized(size)))
            })
            .collect();
        self.waiting_bytes = 0;
        for (path, picture) in decoded {
            match picture {
                Ok(picture) => self.read.push((path, picture)),
                Err(fault) => self.complaints.note(path, fault)?,
            }
        }
        Ok(())
    }

    /// The data set of all that was taken from `path`.
    pub(super) fn finish(mut self, path: &Path) -> Result<Dataset, DataError> {
        self.decode()?;
        self.whole.sort_by(|a, b| a.path.cmp(&b.path));
        let is = |part: fn(&str) -> bool| self.whole.iter().any(|file| part(file.name()));
        match (is(cifar::is_part), is(idx::is_part), self.read.is_empty()) {
            (false, false, _) => assemble::assemble(self.read, self.complaints, path),
            (true, false, true) => cifar::read(self.whole, self.size, self.complaints, path),
            (false, true, true) => idx::read(&self.whole, self.size, self.complaints, path),
            _ => Err(DataError::Unknown { path: path.to_owned(), reason: "files of several forms lie in it" }),
        }
    }
}

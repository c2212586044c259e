//! A data set: classes, images of each part, and what was met while reading.

use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::data::cache::CacheUse;
use crate::data::error::BadFile;
use crate::data::error::DataError;
use crate::data::images::Images;

/// What images are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To learn from.
    Train,
    /// To choose by, where the data set sets them aside itself.
    Validation,
    /// To judge by.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

    /// Its name, in tables and as a folder.
    pub fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "val",
            Part::Test => "test",
        }
    }
}

/// The form of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The binary version of CIFAR-10.
    Cifar10,
    /// The binary version of CIFAR-100.
    Cifar100,
    /// IDX, the form of MNIST.
    Idx,
    /// A folder of images for each class.
    Folders,
    /// Generated.
    Shapes,
}

impl Kind {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Cifar10 => "CIFAR-10 binary",
            Kind::Cifar100 => "CIFAR-100 binary",
            Kind::Idx => "IDX",
            Kind::Folders => "image folders",
            Kind::Shapes => "generated shapes",
        }
    }
}

/// How many images had one size in their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SizeMet {
    /// In pixels.
    pub height: usize,
    /// In pixels.
    pub width: usize,
    /// As many images.
    pub images: usize,
}

/// A data set in memory. Its order hangs on names alone: parts, in each the order of the files or of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// What it was read from.
    pub kind: Kind,
    /// Names of the classes; a label is a place in this list.
    pub classes: Vec<String>,
    /// Images of each part, all of one shape.
    pub parts: [Images; 3],
    /// Sizes of the images in their files, by height and width.
    pub sizes: Vec<SizeMet>,
    /// Files that were left out, by path.
    pub bad: Vec<BadFile>,
    /// What the cache did.
    pub cache: CacheUse,
}

impl Dataset {
    /// The images of a part.
    pub fn part(&self, part: Part) -> &Images {
        &self.parts[part as usize]
    }

    /// The images to learn from.
    pub fn train(&self) -> &Images {
        self.part(Part::Train)
    }

    /// The images to judge by.
    pub fn test(&self) -> &Images {
        self.part(Part::Test)
    }

    /// Channels, height and width of each image.
    pub fn shape(&self) -> [usize; 3] {
        self.train().shape()
    }

    /// The same if there is something to learn: images for training, of two classes at least.
    pub(super) fn checked(self, path: &Path) -> Result<Dataset, DataError> {
        if self.train().is_empty() {
            return Err(DataError::NoImages { path: path.to_owned() });
        }
        let counts = self.train().counts(self.classes.len());
        let mut present = self.classes.iter().zip(counts).filter(|(_, count)| *count > 0);
        if let (Some((class, _)), None) = (present.next(), present.next()) {
            return Err(DataError::OneClass { path: path.to_owned(), class: class.clone() });
        }
        Ok(self)
    }
}

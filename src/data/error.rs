//! What may be wrong with a data set as a whole, and with one of its files.

use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

/// Why a data set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file or folder cannot be read or written.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Files {
        /// `read` or `write`.
        action: &'static str,
        /// What was meant.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What stands there is no data set that is known.
    #[error("`{}` is no data set: {reason}", path.display())]
    Unknown {
        /// What was meant.
        path: PathBuf,
        /// What is missing.
        reason: &'static str,
    },
    /// A bad file where none is allowed.
    #[error(transparent)]
    Bad(#[from] BadFile),
    /// The archive ends early or is damaged.
    #[error("`{}` is damaged: {reason}", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What was met.
        reason: String,
    },
    /// Nothing to learn from.
    #[error("`{}` has no images for training", path.display())]
    NoImages {
        /// The data set.
        path: PathBuf,
    },
    /// Nothing to tell apart.
    #[error("all images for training in `{}` are of one class, `{class}`", path.display())]
    OneClass {
        /// The data set.
        path: PathBuf,
        /// The class.
        class: String,
    },
    /// More classes than a label can name.
    #[error("{classes} classes, at most 65536 can be told apart")]
    Classes {
        /// As many were met.
        classes: usize,
    },
    /// Images of several sizes where no size is wanted.
    #[error("`{first}` is {}x{} and `{other}` is {}x{} (height x width): name a size", sizes[0][0], sizes[0][1], sizes[1][0], sizes[1][1])]
    MixedSizes {
        /// The first image.
        first: String,
        /// The first image that differs from it.
        other: String,
        /// Heights and widths of both in pixels.
        sizes: [[usize; 2]; 2],
    },
    /// Settings that cannot be met.
    #[error("{0}")]
    Settings(&'static str),
}

/// A file of a data set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("`{path}`: {fault}")]
pub struct BadFile {
    /// From the data set's root, with slashes.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    /// The system does not give it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// Another length than its head or its records say.
    #[error("it has {found} bytes, {expected} are expected")]
    Length {
        /// Bytes that its head or whole records would take.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// Ends before its end.
    #[error("it ends early")]
    Truncated,
    /// Another beginning than its name says.
    #[error("it begins with {found:#010x}, expected is {expected:#010x}")]
    Magic {
        /// What the format asks for.
        expected: u32,
        /// What is there.
        found: u32,
    },
    /// A label of no class.
    #[error("record {record} has the label {label}, there are {classes} classes")]
    Label {
        /// Counted from 0.
        record: usize,
        /// As it stands there.
        label: usize,
        /// As many are named.
        classes: usize,
    },
    /// Images and labels that do not pair.
    #[error("{images} images, but {labels} labels")]
    Pairing {
        /// In the file of images.
        images: usize,
        /// In the file of labels.
        labels: usize,
    },
    /// Images without their labels, or the other way round.
    #[error("`{0}` is not beside it")]
    Alone(String),
    /// Neither JPEG nor PNG by its first bytes.
    #[error("it is neither JPEG nor PNG")]
    Format,
    /// A JPEG that cannot be decoded.
    #[error("a damaged JPEG: {0}")]
    Jpeg(String),
    /// A PNG that cannot be decoded.
    #[error("a damaged PNG: {0}")]
    Png(String),
    /// A JPEG for printing.
    #[error("a JPEG in {0}, only grey and colour images are read")]
    Colours(String),
    /// More pixels than anybody wants decoded.
    #[error("{width}x{height} pixels are too many")]
    TooLarge {
        /// In pixels.
        width: usize,
        /// In pixels.
        height: usize,
    },
    /// Colour where grey is wanted, or another mismatch.
    #[error("it has {found} channels, {wanted} are wanted")]
    Channels {
        /// Of the image.
        found: usize,
        /// Of the network.
        wanted: usize,
    },
    /// An image outside the folders of classes.
    #[error("it lies in no folder of a class")]
    Place,
}

//! Labelled images in memory: readers of data sets, a generated one, splits, statistics, a cache of what was decoded.

mod archive;
mod assemble;
mod cache;
mod cifar;
mod dataset;
mod decode;
mod error;
mod folder;
mod gather;
mod idx;
mod images;
mod layout;
mod loose;
mod open;
mod options;
mod picture;
mod resize;
mod shapes;
mod sheet;
mod split;
mod statistics;

pub use cache::CacheUse;
pub use dataset::{Dataset, Kind, Part, SizeMet};
pub use error::{BadFile, DataError, Fault};
pub use images::Images;
pub use loose::{decoded, image_files};
pub use open::open;
pub use options::{OnBad, Options};
pub use shapes::Shapes;
pub use sheet::{sheet, sheet_of};
pub use split::{Manner, Split, split};
pub use statistics::Statistics;

//! How a data set is read.

use std::path::PathBuf;

use serde::Serialize;

/// What becomes of a file that cannot be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum OnBad {
    /// Reading ends with its name and the reason.
    #[default]
    Fail,
    /// It is left out and listed.
    Skip,
}

/// How a data set is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Wanted height and width in pixels. Other images are scaled until they cover it, and cut around the centre. Without it all images
    /// must have one size.
    pub size: Option<[usize; 2]>,
    /// What becomes of bad files.
    pub on_bad: OnBad,
    /// The folder in which decoded images are kept between runs.
    pub cache: Option<PathBuf>,
    /// Whether images that cannot be kept there end the reading; else that is told by [`crate::data::CacheUse`].
    pub cache_is_required: bool,
}

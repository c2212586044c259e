//! Images for a network: a data set by its path, or the generated one, at the size that the network wants.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::data::Bad;
use crate::cli::files;
use crate::cli::output;
use crate::cli::progress;
use crate::data;
use crate::data::DataError;
use crate::data::Dataset;
use crate::data::Options;
use crate::data::Shapes;
use crate::spec::Augment;
use crate::train::Subject;
use crate::train::stored_size;

/// The name of the generated set.
pub(super) const SHAPES: &str = "shapes";

/// How images are read.
#[derive(Clone, Debug, Args)]
pub(super) struct ImageReading {
    /// What becomes of an image file that cannot be used
    #[arg(long, value_enum, default_value_t, value_name = "WHAT", help_heading = "Images")]
    pub(super) on_bad: Bad,
    /// Keeps decoded images in this folder, and takes them from there next time [default: `nas/data` in the user's cache folder]
    #[arg(long, value_name = "DIR", help_heading = "Images")]
    cache: Option<PathBuf>,
    /// Keeps no decoded images
    #[arg(long, conflicts_with = "cache", help_heading = "Images")]
    no_cache: bool,
}

/// Reads the set `named`, or makes the generated one of `generated` images, as the network wants it.
pub(super) fn read(
    named: &str,
    generated: Option<usize>,
    reading: &ImageReading,
    subject: &Subject<'_>,
    augment: Augment,
) -> Result<Dataset, DataError> {
    let size = stored_size(subject.image, augment);
    if named == SHAPES {
        let default = Shapes::default();
        let train = generated.unwrap_or(default.train);
        let channels = subject.image.c as usize;
        return Shapes { classes: subject.classes, channels, size, train, test: train / 5, ..default }.generate();
    }
    if generated.is_some() {
        return Err(DataError::Settings("--images belongs to the generated set, `shapes`"));
    }
    let _shown = progress::reading(named);
    let cache =
        reading.cache.clone().or_else(|| if reading.no_cache { None } else { files::cache_folder().map(|dir| dir.join("data")) });
    let (on_bad, cache_is_required) = (reading.on_bad.choice(), reading.cache.is_some());
    let dataset = data::open(Path::new(named), &Options { size: Some(size), on_bad, cache, cache_is_required })?;
    if !dataset.bad.is_empty() {
        let files = if dataset.bad.len() == 1 { "file" } else { "files" };
        output::complain(&format!(
            "nas: {} {files} of `{named}` cannot be used, and left out; `nas data` lists them",
            dataset.bad.len()
        ));
    }
    Ok(dataset)
}

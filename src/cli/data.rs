//! `nas data`: what a data set holds.

pub(super) mod summary;

use std::path::Path;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::data::summary::Summary;
use crate::cli::files;
use crate::cli::output;
use crate::data;
use crate::data::DataError;
use crate::data::Dataset;
use crate::data::OnBad;
use crate::data::Options;
use crate::data::Shapes;

/// Columns of a contact sheet.
const COLUMNS: usize = 16;

/// Arguments of `nas data`.
#[derive(Debug, Args)]
#[command(
    after_help = "A PATH is a folder, a .tar or a .tar.gz. `shapes` is a generated set; a folder of that name is `./shapes`.

Examples:
  nas data cifar-10-batches-bin
  nas data flowers.tar.gz --size 64 --on-bad skip --cache cache --sheet flowers.png
  nas data shapes --classes 4 --size 24 --channels 1 --sheet shapes.png"
)]
pub(super) struct Data {
    /// CIFAR binary, IDX as of MNIST, folders of JPEG or PNG for each class; or `shapes`
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Height and width of every image in pixels: scaled to cover it, cut around the centre
    #[arg(long, value_name = "N")]
    size: Option<usize>,
    /// What becomes of a file that cannot be used
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    on_bad: Bad,
    /// Keeps decoded images in this folder, and takes them from there next time
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Writes a contact sheet, a row a class, as PNG
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Of `shapes`: classes [default: 10]
    #[arg(long, value_name = "N", help_heading = "Shapes")]
    classes: Option<usize>,
    /// Of `shapes`: channels [default: 3]
    #[arg(long, value_name = "N", help_heading = "Shapes")]
    channels: Option<usize>,
    /// Of `shapes`: images for training [default: 5000], a fifth as many for testing
    #[arg(long, value_name = "N", help_heading = "Shapes")]
    images: Option<usize>,
    /// Of `shapes`: what all is drawn from [default: 0]
    #[arg(long, value_name = "N", help_heading = "Shapes")]
    seed: Option<u64>,
}

/// What becomes of a file that cannot be used.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Bad {
    /// Ends with its name and the reason
    #[default]
    Fail,
    /// Leaves it out and lists it
    Skip,
}

impl Bad {
    pub(super) fn choice(self) -> OnBad {
        match self {
            Bad::Fail => OnBad::Fail,
            Bad::Skip => OnBad::Skip,
        }
    }
}

impl Data {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let dataset = match self.read()? {
            Ok(dataset) => dataset,
            Err(error) => {
                output::complain(&format!("nas: {}", told(&error)));
                return Ok(exit(&error));
            }
        };
        if let Some(file) = &self.sheet {
            files::write(file, &data::sheet(&dataset, COLUMNS)?)?;
        }
        let summary = Summary::new(&dataset);
        let text = if self.json { serde_json::to_string_pretty(&summary)? + "\n" } else { summary.table() };
        output::give(&text, self.output.as_deref())?;
        Ok(Exit::Ok)
    }

    fn read(&self) -> anyhow::Result<Result<Dataset, DataError>> {
        if self.path == Path::new("shapes") {
            return Ok(self.shapes().generate());
        }
        if self.classes.is_some() || self.channels.is_some() || self.images.is_some() || self.seed.is_some() {
            bail!("--classes, --channels, --images and --seed belong to `shapes`");
        }
        let on_bad = self.on_bad.choice();
        let size = self.size.map(|size| [size, size]);
        Ok(data::open(&self.path, &Options { size, on_bad, cache: self.cache.clone(), cache_is_required: true }))
    }

    fn shapes(&self) -> Shapes {
        let default = Shapes::default();
        let train = self.images.unwrap_or(default.train);
        Shapes {
            classes: self.classes.unwrap_or(default.classes),
            channels: self.channels.unwrap_or(default.channels),
            size: self.size.map_or(default.size, |size| [size, size]),
            train,
            test: train / 5,
            seed: self.seed.unwrap_or(default.seed),
        }
    }
}

/// An error with the flag that helps, if there is one.
pub(super) fn told(error: &DataError) -> String {
    match error {
        DataError::Bad(_) => format!("{error}; `--on-bad skip` leaves out files that cannot be used, and counts them"),
        _ => error.to_string(),
    }
}

/// What the system refuses, and what is no data set, is a matter of usage; what is wrong inside one is invalid.
pub(super) fn exit(error: &DataError) -> Exit {
    match error {
        DataError::Files { .. } | DataError::Unknown { .. } | DataError::Settings(_) => Exit::Usage,
        DataError::Bad(_)
        | DataError::Archive { .. }
        | DataError::NoImages { .. }
        | DataError::OneClass { .. }
        | DataError::Classes { .. }
        | DataError::MixedSizes { .. } => Exit::Invalid,
    }
}

//! `nas predict`: what a run's network takes images for.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::cli::Exit;
use crate::cli::arguments::Computing;
use crate::cli::arguments::Showing;
use crate::cli::findings::Findings;
use crate::cli::output;
use crate::cli::trained;
use crate::cli::trained::Opened;
use crate::cli::trained::Which;
use crate::data::Images;
use crate::data::decoded;
use crate::data::image_files;
use crate::train;
use crate::train::Feed;
use crate::train::Viewer;
use crate::train::softmax;
use crate::train::stored_size;

/// Images at a time.
const BATCH: usize = 32;

/// Arguments of `nas predict`.
#[derive(Debug, Args)]
#[command(
    after_help = "Images are JPEG or PNG of any size: scaled to cover what the network is shown, and cut around the centre. A file that cannot \
be used is named, and the exit code is 3 once all others are done. JSON is one object a line.

Examples:
  nas predict runs/cifar cat.jpg
  nas predict runs/cifar photos --top 3 --json"
)]
pub(super) struct Predict {
    /// A run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Image files, and folders of them
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// So many classes of each image
    #[arg(long, value_name = "K", default_value_t = 5)]
    top: usize,
    /// Which weights
    #[arg(long, value_enum, default_value_t = Which::Best)]
    which: Which,
    #[command(flatten)]
    computing: Computing,
    /// Prints one JSON object an image
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    showing: Showing,
}

/// What an image was taken for, the most likely class first.
#[derive(Serialize)]
struct Prediction<'p> {
    image: &'p str,
    classes: Vec<Likely<'p>>,
}

#[derive(Serialize)]
struct Likely<'p> {
    class: &'p str,
    probability: f64,
}

impl Predict {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| self.computing.pool()?.install(|| self.predict(findings)))
    }

    fn predict(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let opened = match Opened::at(&self.run, &self.showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        let files = match image_files(&self.images) {
            Ok(files) => files,
            Err(error) => return Ok(trained::fail_of_data(&error, findings)),
        };
        let (subject, state) = match opened.weights(self.which, findings) {
            Ok(found) => found,
            Err(exit) => return Ok(exit),
        };
        let [height, width] = stored_size(subject.image, opened.augment());
        let shape = [subject.image.c as usize, height, width];
        let by_taps = self.computing.by_taps(&opened.network)?;
        let showing = train::Showing { batch: BATCH.min(files.len()), kernels: self.computing.kernels(&by_taps)? };
        let mut viewer = Viewer::new(&subject, &state, showing);
        let normalisation = opened.normalisation();
        let mut exit = Exit::Ok;
        for files in files.chunks(showing.batch.max(1)) {
            let (mut names, mut pixels) = (Vec::new(), Vec::new());
            for (file, found) in files.iter().zip(decoded(files, shape)) {
                match found {
                    Ok(found) => {
                        names.push(file.display().to_string());
                        pixels.extend(found);
                    }
                    Err(bad) => {
                        findings.fail(&bad.into());
                        exit = Exit::Invalid;
                    }
                }
            }
            let images = Images::new(shape, vec![0; names.len()], pixels).context("images of one shape")?;
            let feed = Feed::new(&images, subject.image, &normalisation)?;
            let logits = viewer.logits(&feed, &(0..names.len()).collect::<Vec<usize>>());
            for (name, row) in names.iter().zip(logits.chunks_exact(subject.classes)) {
                output::give(&self.shown(name, row, &opened.run.about.classes)?, None)?;
            }
        }
        Ok(exit)
    }

    fn shown(&self, name: &str, row: &[f32], classes: &[String]) -> anyhow::Result<String> {
        let shares = softmax(row);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|&a, &b| row[b].total_cmp(&row[a]).then(a.cmp(&b)));
        order.truncate(self.top);
        // A network may tell more classes apart than the run's images had.
        let numbers: Vec<String> = order.iter().map(|class| format!("class {class}")).collect();
        let likely = order
            .iter()
            .zip(&numbers)
            .map(|(&class, number)| Likely { class: classes.get(class).unwrap_or(number), probability: shares[class] });
        let prediction = Prediction { image: name, classes: likely.collect() };
        if self.json {
            return Ok(serde_json::to_string(&prediction)? + "\n");
        }
        let likely = prediction.classes.iter().map(|likely| format!("{} {:.1} %", likely.class, likely.probability * 100.0));
        Ok(format!("{name}  {}\n", likely.collect::<Vec<String>>().join(", ")))
    }
}

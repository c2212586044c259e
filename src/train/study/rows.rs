//! What came of the runs of a study: `rows.csv`, a line a run.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::train::error::TrainError;
use crate::train::folder::Run;
use crate::train::series::Entry;

/// The first line of the file.
pub(super) const HEAD: &str =
    "arm,draw,seed,epochs,best_epoch,madds,params,test_accuracy,test_accuracy_last,train_loss,seconds,images_per_second";

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The arm.
    pub arm: String,
    /// Which of the arm's specs, from 1.
    pub draw: usize,
    /// The seed.
    pub seed: u32,
    /// Epochs that it had.
    pub epochs: u32,
    /// The best of them.
    pub best_epoch: u32,
    /// Multiply-adds of one image in inference.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
    /// Share of the images for testing that the best epoch tells right: what arms are compared by.
    pub test_accuracy: f64,
    /// The same of the last epoch, its running average where one is kept.
    pub test_accuracy_last: f64,
    /// Mean loss of the last epoch's images, in training mode.
    pub train_loss: f64,
    /// Seconds of learning, validation left out; an epoch whose speed is not known at that of the epoch in the middle.
    pub seconds: Option<f64>,
    /// Images learned from a second, the median over epochs.
    pub images_per_second: Option<f64>,
}

impl Row {
    /// Of a finished run's folder, which has been shown the images for testing.
    pub fn of(run: &Run, arm: &str, draw: usize, test_accuracy_last: f64) -> Result<Row, TrainError> {
        let entry = Entry::read(run.path())?;
        let unfinished = || TrainError::Foreign { path: run.path().to_owned(), reason: "is no finished run".to_owned() };
        let last = entry.log.last().filter(|_| entry.is_over()).ok_or_else(unfinished)?;
        Ok(Row {
            arm: arm.to_owned(),
            draw,
            seed: entry.seed,
            epochs: entry.epochs,
            best_epoch: entry.best_epoch.ok_or_else(unfinished)?,
            madds: entry.madds,
            params: entry.params,
            test_accuracy: entry.test_accuracy.ok_or_else(unfinished)?,
            test_accuracy_last,
            train_loss: last.loss,
            seconds: seconds(&entry, run.about.setting("batch").parse().map_err(|_| unfinished())?),
            images_per_second: entry.images_per_second,
        })
    }

    /// The line of the file, with its end.
    pub(super) fn line(&self) -> String {
        let optional = |value: Option<f64>| value.map(|value| format!("{value:.3}")).unwrap_or_default();
        let cells = [
            self.arm.clone(),
            self.draw.to_string(),
            self.seed.to_string(),
            self.epochs.to_string(),
            self.best_epoch.to_string(),
            self.madds.to_string(),
            self.params.to_string(),
            self.test_accuracy.to_string(),
            self.test_accuracy_last.to_string(),
            self.train_loss.to_string(),
            optional(self.seconds),
            optional(self.images_per_second),
        ];
        cells.join(",") + "\n"
    }

    /// A line read back.
    pub(super) fn parse(line: &str) -> Option<Row> {
        let cells: Vec<&str> = line.split(',').collect();
        let [arm, draw, seed, epochs, best, madds, params, test, last, loss, seconds, rate] = cells[..] else { return None };
        let finite = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        let optional = |text: &str| if text.is_empty() { Some(None) } else { finite(text).map(Some) };
        Some(Row {
            arm: arm.to_owned(),
            draw: draw.parse().ok()?,
            seed: seed.parse().ok()?,
            epochs: epochs.parse().ok()?,
            best_epoch: best.parse().ok()?,
            madds: madds.parse().ok()?,
            params: params.parse().ok()?,
            test_accuracy: finite(test)?,
            test_accuracy_last: finite(last)?,
            train_loss: finite(loss)?,
            seconds: optional(seconds)?,
            images_per_second: optional(rate)?,
        })
    }
}

/// Images of every epoch over its speed.
fn seconds(entry: &Entry, batch: u64) -> Option<f64> {
    let usual = entry.images_per_second?;
    let (mut before, mut seconds) = (0, 0.0);
    for epoch in &entry.log {
        let images = epoch.steps.saturating_sub(before) * batch;
        let rate = if epoch.images_per_second > 0.0 { epoch.images_per_second } else { usual };
        seconds += images as f64 / rate;
        before = epoch.steps;
    }
    Some(seconds)
}

/// All lines of a file; a last one that was cut short is none.
pub(super) fn parse(path: &Path, text: &str) -> Result<Vec<Row>, TrainError> {
    let foreign = |number: usize| TrainError::Foreign {
        path: path.to_owned(),
        reason: format!("is no list of a study's runs: line {number} is not as this version writes it"),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut lines = whole.lines().enumerate();
    match lines.next() {
        None => return Ok(Vec::new()),
        Some((_, HEAD)) => {}
        Some(_) => return Err(foreign(1)),
    }
    lines.map(|(number, line)| Row::parse(line).ok_or_else(|| foreign(number + 1))).collect()
}

#[cfg(test)]
pub(in crate::train::study) mod tests {
    use super::*;

    /// A row with this accuracy.
    pub(in crate::train::study) fn row(arm: &str, draw: usize, seed: u32, test_accuracy: f64) -> Row {
        let (test_accuracy_last, train_loss) = (test_accuracy - 0.01, 1.5);
        let (seconds, images_per_second) = (Some(2.5), None);
        let (epochs, best_epoch, madds, params, arm) = (3, 2, 1000, 10, arm.to_owned());
        Row {
            arm,
            draw,
            seed,
            epochs,
            best_epoch,
            madds,
            params,
            test_accuracy,
            test_accuracy_last,
            train_loss,
            seconds,
            images_per_second,
        }
    }

    #[test]
    fn lines_are_read_back_and_a_cut_one_is_none() {
        let rows = [row("a", 1, 0, 0.7), row("b-1", 2, 4_294_967_295, 1.0 / 3.0)];
        let text = format!("{HEAD}\n{}{}", rows[0].line(), rows[1].line());
        assert_eq!(text.lines().nth(1), Some("a,1,0,3,2,1000,10,0.7,0.69,1.5,2.500,"));
        let read = |text: &str| parse(Path::new("rows.csv"), text).map_err(|error| error.to_string());
        assert_eq!(read(&text), Ok(rows.to_vec()));
        assert_eq!(read(&text[..text.len() - 4]), Ok(rows[..1].to_vec()));
        assert_eq!((read(""), read(&HEAD[..9])), (Ok(Vec::new()), Ok(Vec::new())));
        for wrong in [text.replace(",0.7,", ",x,"), text.replace(",0.7,", ",NaN,"), text.replace("arm,draw", "draw,arm")] {
            assert!(read(&wrong).unwrap_err().contains("is no list of a study's runs: line "), "{wrong}");
        }
    }
}

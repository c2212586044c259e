//! What is shown while something takes its time: bars on a terminal only; of a training one line an epoch everywhere.

use std::time::Duration;

use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

use crate::cli::output;
use crate::train::Epoch;
use crate::train::Event;
use crate::train::Position;

/// What bars are made of.
const CHARS: &str = "█▉▊▋▌▍▎▏ ";

/// Shows that images are read until it is dropped, where standard error is a terminal.
pub(super) fn reading(named: &str) -> Ended {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    bar.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("a template"));
    bar.set_message(format!("reading the images of `{named}`"));
    bar.enable_steady_tick(Duration::from_millis(100));
    Ended(bar)
}

/// A bar over images, where standard error is a terminal; it goes when it is dropped.
pub(super) fn images(of: usize) -> Ended {
    bar(of, "{wide_bar} {pos}/{len} images, {per_sec}, {eta} left")
}

/// The same over networks.
pub(super) fn networks(of: usize) -> Ended {
    bar(of, "{wide_bar} {pos}/{len} networks and methods, {eta} left")
}

/// The same over rounds of timing.
pub(super) fn rounds(of: usize) -> Ended {
    bar(of, "{wide_bar} {pos}/{len} rounds, {eta} left")
}

fn bar(of: usize, template: &str) -> Ended {
    let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template(template).expect("a template");
    bar.set_style(style.progress_chars(CHARS));
    Ended(bar)
}

/// A bar that goes when it is dropped.
#[derive(Debug)]
pub(super) struct Ended(ProgressBar);

impl Ended {
    /// So many are done.
    pub(super) fn at(&self, done: usize) {
        self.0.set_position(done as u64);
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line, and a bar where somebody looks.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    epochs: u32,
}

impl Progress {
    /// Of a training over so many epochs.
    pub(super) fn new(epochs: u32) -> Progress {
        // It draws nothing where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}").expect("a template");
        bar.set_style(style.progress_chars(CHARS));
        Progress { bar, epochs }
    }

    /// Shows what happened.
    pub(super) fn show(&self, event: &Event<'_>) {
        match event {
            Event::Step { position, of, images_per_second } => {
                self.bar.set_prefix(format!("epoch {}/{}", position.epoch + 1, self.epochs));
                self.bar.set_length(*of);
                self.bar.set_position(position.step);
                let left = (*of - position.step) + u64::from(self.epochs - position.epoch - 1) * of;
                let batch = position.seen as f64 / position.step.max(1) as f64;
                let seconds = left as f64 * batch / images_per_second.max(f64::MIN_POSITIVE);
                let (loss, accuracy) = means(position);
                let left = duration(seconds);
                self.bar.set_message(format!("loss {loss:.4}, {accuracy:.1} %, {images_per_second:.0} images/s, {left} left"));
            }
            Event::Validated { done, of } => {
                self.bar.set_length(*of as u64);
                self.bar.set_position(*done as u64);
                self.bar.set_message("validation");
            }
            Event::Epoch(epochs) => {
                let Some(epoch) = epochs.last() else { return };
                let text = line(epoch, self.epochs);
                // That nobody reads it is no reason to stop training.
                self.bar.suspend(|| output::give(&text, None)).unwrap_or_default();
            }
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn means(position: &Position) -> (f64, f64) {
    let seen = position.seen.max(1) as f64;
    (position.loss.get() / seen, position.correct as f64 * 100.0 / seen)
}

/// `2 h 05 min`, `3 min 20 s`, `12 s`.
pub(super) fn duration(seconds: f64) -> String {
    let whole = seconds.clamp(0.0, 1e9).round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

/// An epoch in a line; the star marks the best so far.
fn line(epoch: &Epoch, epochs: u32) -> String {
    let width = epochs.to_string().len();
    let mut text =
        format!("epoch {:width$}/{epochs}  loss {:.4}  accuracy {:6.2} %", epoch.epoch, epoch.loss, epoch.accuracy * 100.0);
    if let (Some(loss), Some(accuracy)) = (epoch.validation_loss, epoch.validation_accuracy) {
        text += &format!("  validation {loss:.4}  {:6.2} %", accuracy * 100.0);
    }
    text + &format!("  lr {:.5}  {:.0} images/s{}\n", epoch.lr, epoch.images_per_second, if epoch.best { "  *" } else { "" })
}

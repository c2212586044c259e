//! How well a network tells classes apart.

use crate::exec::Kernels;
use crate::graph::State;
use crate::train::feed::Feed;
use crate::train::loss::argmax;
use crate::train::loss::cross_entropy;
use crate::train::loss::softmax;
use crate::train::probe::Probe;
use crate::train::subject::Subject;

/// Classes among which the right one counts as found.
pub const TOP: usize = 5;

/// What was made of one image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The image's place in its store.
    pub place: usize,
    /// What it is.
    pub label: u16,
    /// What it was taken for.
    pub class: u16,
    /// How sure: the softmax of the class.
    pub probability: f64,
    /// How many classes had a higher logit than the right one, or the same and a lower number.
    pub rank: usize,
}

/// How well a network did on some images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy, labels not smoothed.
    pub loss: f64,
    /// One verdict an image, in the order in which they were asked for.
    pub verdicts: Vec<Verdict>,
}

impl Evaluation {
    /// How many images are among the first `top` classes.
    pub fn within(&self, top: usize) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.rank < top).count()
    }

    /// Share of images that were taken for what they are.
    pub fn accuracy(&self) -> f64 {
        self.within(1) as f64 / self.verdicts.len().max(1) as f64
    }
}

/// How a network is shown images.
#[derive(Clone, Copy, Debug)]
pub struct Showing<'a> {
    /// Images at a time.
    pub batch: usize,
    /// What kernels are chosen from.
    pub kernels: Kernels<'a>,
}

/// A trained network, ready to be shown images.
#[derive(Debug)]
pub struct Viewer(Probe);

impl Viewer {
    /// Of a network with these numbers.
    pub fn new(subject: &Subject<'_>, state: &State, showing: Showing<'_>) -> Viewer {
        Viewer(Probe::new(subject, state, &[subject.graph.outputs()[subject.main].node], showing))
    }

    /// The logits of some images as they are, `[image, class]`: no more of them than are shown at a time.
    ///
    /// # Panics
    /// If there are more.
    pub fn logits(&mut self, feed: &Feed<'_>, places: &[usize]) -> Vec<f32> {
        self.0.values(feed, places).remove(0)
    }
}

/// Shows a network images as they are; `after` is told how many are done and says whether to go on. `None` if it does not.
pub fn evaluate(
    subject: &Subject<'_>,
    state: &State,
    feed: &Feed<'_>,
    places: &[usize],
    showing: Showing<'_>,
    mut after: impl FnMut(usize) -> bool,
) -> Option<Evaluation> {
    let batch = showing.batch.min(places.len()).max(1);
    let mut viewer = Viewer::new(subject, state, Showing { batch, ..showing });
    let mut evaluation = Evaluation::default();
    let mut sum = 0.0;
    for places in places.chunks(batch) {
        let logits = viewer.logits(feed, places);
        let labels = feed.labels(places);
        sum += cross_entropy(&logits, &labels, 0.0, 1.0, None).sum;
        for ((&place, &label), row) in places.iter().zip(&labels).zip(logits.chunks_exact(subject.classes)) {
            let class = argmax(row);
            let right = row[usize::from(label)];
            let before = |other: &usize| row[*other].total_cmp(&right).then(label.cmp(&(*other as u16))).is_gt();
            let rank = (0..row.len()).filter(before).count();
            evaluation.verdicts.push(Verdict { place, label, class: class as u16, probability: softmax(row)[class], rank });
        }
        if !after(evaluation.verdicts.len()) {
            return None;
        }
    }
    evaluation.loss = sum / places.len().max(1) as f64;
    Some(evaluation)
}

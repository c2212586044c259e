//! Norms of a network that was not trained: their running statistics brought to those of its images, weights as they are.

use crate::exec::Kernels;
use crate::exec::Training;
use crate::graph::Learning;
use crate::graph::State;
use crate::train::feed::Feed;
use crate::train::subject::Subject;

/// Batches after which a running statistic with the usual momentum of 0.1 keeps 3 % of where it began.
const BATCHES: usize = 32;

/// Images of a batch; what norms know hangs on it.
const BATCH: usize = 64;

/// Runs batches of the images through a network in training mode, forward alone, so that norms know what they meet. A network without norms stays as it is.
pub fn settle(subject: &Subject<'_>, state: &mut State, feed: &Feed<'_>, places: &[usize], kernels: Kernels<'_>) {
    let keeps = |tensor: &crate::graph::Tensor| !tensor.param.role.is_parameter();
    if places.is_empty() || !state.layout().tensors().iter().any(keeps) {
        return;
    }
    let batch = BATCH.min(places.len());
    let mut engine = Training::new(subject.graph, &Learning::of(subject.graph), batch, kernels);
    let mut images = vec![0.0; batch * subject.image.elements() as usize];
    for step in 0..BATCHES {
        // Evenly over all images, each batch others, the first again after the last.
        let place = |at: usize| places[(at * BATCHES + step) * places.len() / (batch * BATCHES)];
        let chosen: Vec<usize> = (0..batch).map(place).collect();
        feed.plain(&chosen, &mut images);
        engine.forward(state, &[&images], 0, step as u64);
    }
}

//! Networks with numbers, run naively in `f64`.

use std::sync::Arc;

use nas::base::Shape;
use nas::cli::BUILT_IN;
use nas::exec::Inference;
use nas::graph::Graph;
use nas::graph::Layout;
use nas::graph::NodeIndex;
use nas::graph::State;
use nas::kernel::Arch;
use nas::op::Forward;
use nas::op::ParamRole;
use nas::op::View;
use nas::op::ViewMut;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The instruction sets to try.
pub(crate) fn archs() -> Vec<Arch> {
    match std::env::var("NAS_ARCH") {
        Ok(name) => vec![Arch::named(&name).expect("an instruction set of this processor")],
        Err(_) => Arch::all(),
    }
}

/// The networks to try.
pub(crate) fn nets() -> Vec<&'static str> {
    let wanted = std::env::var("NAS_NET").ok();
    let is_wanted = |name: &&str| wanted.as_deref().is_none_or(|wanted| wanted == *name);
    BUILT_IN.iter().map(|(name, _)| *name).filter(is_wanted).collect()
}

/// So many images as the oracle computes with some millions of multiply-adds: `least` at least, and no more than four.
pub(crate) fn images(graph: &Graph, millions: u128, least: usize) -> usize {
    let madds: u128 = graph.nodes().map(|node| graph.cost(node).madds).sum();
    (millions * 1_000_000 / madds.max(1)).clamp(least as u128, 4) as usize
}

/// Numbers that keep activations near one in size: a network's own start would let them vanish under untrained norms.
pub(crate) fn numbers(graph: &Graph, seed: u64) -> State {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut state = State::zeros(Arc::new(Layout::of(graph)));
    for number in 0..state.layout().tensors().len() {
        let param = state.layout().tensors()[number].param;
        let spread = (3.0 / param.fan_in as f32).sqrt() * 1.4;
        let (low, high) = match param.role {
            ParamRole::Weight => (-spread, spread),
            ParamRole::Variance | ParamRole::Scale => (0.6, 1.4),
            ParamRole::Bias | ParamRole::Shift | ParamRole::Mean => (-0.3, 0.3),
        };
        state.tensor_mut(number).iter_mut().for_each(|value| *value = random.random_range(low..high));
    }
    state
}

/// A batch of images.
pub(crate) fn batch(shape: Shape, images: usize, seed: u64) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..images * shape.elements() as usize).map(|_| random.random_range(-1.0..1.0)).collect()
}

/// The values of all nodes that inference needs, in `f64`.
pub(crate) fn values(graph: &Graph, state: &State, inputs: &[Vec<f32>], images: usize) -> Vec<Vec<f64>> {
    let needed = graph.in_inference();
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); graph.nodes().len()];
    let mut inputs = inputs.iter();
    for node in graph.nodes() {
        let Some(op) = &graph.node(node).op else {
            values[node.index()] = inputs.next().expect("a batch for each input").iter().map(|&value| f64::from(value)).collect();
            continue;
        };
        if !needed[node.index()] {
            continue;
        }
        let sources = graph.sources(node);
        let view = |source: &NodeIndex| View { data: &values[source.index()][..], images, shape: graph.node(*source).shape };
        let views: Vec<View<'_, f64>> = sources.iter().map(view).collect();
        let params: Vec<Vec<f64>> =
            state.of_node(node).iter().map(|tensor| tensor.iter().map(|&value| f64::from(value)).collect()).collect();
        let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
        let shape = graph.node(node).shape;
        let mut data = vec![f64::NAN; images * shape.elements() as usize];
        op.forward(Forward::inference(&views, ViewMut { data: &mut data, images, shape }, &params));
        values[node.index()] = data;
    }
    values
}

/// The largest difference between two batches, as a share of the root of the mean square of the true one.
pub(crate) fn distance(ours: &[f32], truth: &[f64]) -> f64 {
    assert_eq!(ours.len(), truth.len());
    let size = (truth.iter().map(|value| value * value).sum::<f64>() / truth.len() as f64).sqrt();
    let apart = ours.iter().zip(truth).map(|(&ours, &truth)| (f64::from(ours) - truth).abs());
    apart.fold(0.0, |most, apart| if apart > most || apart.is_nan() { apart } else { most }) / size.max(1e-30)
}

/// Runs a batch.
pub(crate) fn run(inference: &mut Inference, inputs: &[Vec<f32>]) {
    inference.run(&inputs.iter().map(Vec::as_slice).collect::<Vec<&[f32]>>());
}

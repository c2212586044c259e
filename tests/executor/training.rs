//! A training step on every built-in network: results, gradients of all tensors, running statistics.

use std::io::Write;
use std::sync::Arc;

use nas::exec::Kernels;
use nas::exec::Training;
use nas::graph::Graph;
use nas::graph::Learning;
use nas::graph::State;
use nas::op::Backward;
use nas::op::Forward;
use nas::op::Key;
use nas::op::Mode;
use nas::op::View;
use nas::op::ViewMut;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use crate::built_in::built_in;
use crate::inference::reduced;
use crate::oracle::archs;
use crate::oracle::batch;
use crate::oracle::images;
use crate::oracle::nets;
use crate::oracle::numbers;

/// What the oracle gives.
pub(crate) struct Step {
    pub(crate) outputs: Vec<Vec<f64>>,
    /// For each tensor its gradient, or its value after the step if it is a statistic.
    pub(crate) tensors: Vec<Vec<f64>>,
}

const SEED: u64 = 5;
const STEP: u64 = 3;

/// The step in `f64`, by the operators' own forward and backward.
pub(crate) fn oracle(
    graph: &Graph,
    learning: &Learning,
    state: &State,
    inputs: &[Vec<f32>],
    d_outputs: &[Vec<f32>],
    images: usize,
) -> Step {
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let chosen = graph.leading_to(|_| true);
    let layout = state.layout();
    let mut tensors: Vec<Vec<f64>> = (0..layout.tensors().len()).map(|tensor| vec![0.0; state.tensor(tensor).len()]).collect();
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); graph.nodes().len()];
    let mut saved: Vec<Vec<f64>> = values.clone();
    let mut batches = inputs.iter();
    let mode = |node: nas::graph::NodeIndex| Mode::Train(Key { seed: SEED, step: STEP, node: node.index() as u32 });
    for node in graph.nodes() {
        let Some(op) = &graph.node(node).op else {
            values[node.index()] = wide(batches.next().expect("a batch for each input"));
            continue;
        };
        if !chosen[node.index()] {
            continue;
        }
        let sources = graph.sources(node);
        let views: Vec<View<'_, f64>> = sources
            .iter()
            .map(|source| View { data: &values[source.index()], images, shape: graph.node(*source).shape })
            .collect();
        let params: Vec<Vec<f64>> = state.of_node(node).into_iter().map(wide).collect();
        let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
        let statistics: Vec<usize> =
            layout.of_node(node).filter(|&tensor| !layout.tensors()[tensor].param.role.is_parameter()).collect();
        let mut running: Vec<Vec<f64>> = statistics.iter().map(|&tensor| wide(state.tensor(tensor))).collect();
        let shape = graph.node(node).shape;
        let mut data = vec![f64::NAN; images * shape.elements() as usize];
        let mut leavings = Vec::new();
        op.forward(Forward {
            inputs: &views,
            out: ViewMut { data: &mut data, images, shape },
            params: &params,
            mode: mode(node),
            running: running.iter_mut().map(Vec::as_mut_slice).collect(),
            saved: Some(&mut leavings),
        });
        for (&tensor, running) in statistics.iter().zip(running) {
            tensors[tensor] = running;
        }
        values[node.index()] = data;
        saved[node.index()] = leavings;
    }
    let mut gradients: Vec<Vec<f64>> = values.iter().map(|values| vec![0.0; values.len()]).collect();
    for (output, d_output) in graph.outputs().iter().zip(d_outputs) {
        gradients[output.node.index()].iter_mut().zip(d_output).for_each(|(sum, &more)| *sum += f64::from(more));
    }
    for node in graph.nodes().rev().filter(|node| chosen[node.index()] && learning.reaches(*node)) {
        let Some(op) = &graph.node(node).op else { continue };
        let sources = graph.sources(node);
        let shape_of = |source: &nas::graph::NodeIndex| graph.node(*source).shape;
        let views: Vec<View<'_, f64>> =
            sources.iter().map(|source| View { data: &values[source.index()], images, shape: shape_of(source) }).collect();
        let params: Vec<Vec<f64>> = state.of_node(node).into_iter().map(wide).collect();
        let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
        let mut d_inputs: Vec<Vec<f64>> = sources.iter().map(|source| vec![0.0; values[source.index()].len()]).collect();
        let own: Vec<usize> = layout.of_node(node).collect();
        let mut d_params: Vec<Vec<f64>> = own.iter().map(|&tensor| vec![0.0; state.tensor(tensor).len()]).collect();
        let shape = shape_of(&node);
        op.backward(Backward {
            inputs: &views,
            out: View { data: &values[node.index()], images, shape },
            d_out: View { data: &gradients[node.index()], images, shape },
            params: &params,
            saved: &saved[node.index()],
            mode: mode(node),
            d_inputs: d_inputs
                .iter_mut()
                .zip(&sources)
                .map(|(data, source)| learning.reaches(*source).then_some(ViewMut { data, images, shape: shape_of(source) }))
                .collect(),
            d_params: d_params
                .iter_mut()
                .zip(&own)
                .map(|(data, &tensor)| {
                    (learning.own(node) && layout.tensors()[tensor].param.trainable).then_some(data.as_mut_slice())
                })
                .collect(),
        });
        for (tensor, gradient) in own.into_iter().zip(d_params) {
            if layout.tensors()[tensor].param.role.is_parameter() {
                tensors[tensor] = gradient;
            }
        }
        for (source, d_input) in sources.iter().zip(d_inputs) {
            gradients[source.index()].iter_mut().zip(d_input).for_each(|(sum, more)| *sum += more);
        }
    }
    Step { outputs: graph.outputs().iter().map(|output| values[output.node.index()].clone()).collect(), tensors }
}

/// What rounding may do to a tensor's gradient, as a share of its length: that and no more in nine of ten tensors.
///
/// Where a rectifier's input is within rounding of zero, one element's gradient passes in one arithmetic and not in the other, and norms
/// over four images of few pixels carry that far. What is wrong rather than rounded is off by its whole length.
const TOLERANCE: f64 = 2e-2;
/// As [`TOLERANCE`] by Winograd's tiles, whose rounding is some ten times that of sums and flips more rectifiers.
const TILES_TOLERANCE: f64 = 5e-2;
/// What is borne in the tenth, and of a result behind up to two hundred norms.
const FLIPPED: f64 = 0.2;

/// Beyond this difference of results gradients are not compared: a hundred norms over few numbers have carried rounding everywhere.
const CHAOTIC: f64 = 2e-2;

/// Multiply-adds of a batch that the oracle is given unless all networks are asked for.
const HEAVY: u128 = 1_200_000_000;

/// The length of the difference as a share of the length of the truth, or of `least` where that is more.
fn distance(ours: &[f32], truth: &[f64], least: f64) -> f64 {
    let apart = length(ours.iter().zip(truth).map(|(&ours, &truth)| f64::from(ours) - truth));
    apart / length(truth.iter().copied()).max(least).max(1e-9)
}

fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

fn slices(batches: &[Vec<f32>]) -> Vec<&[f32]> {
    batches.iter().map(Vec::as_slice).collect()
}

fn compare(name: &str, graph: &Graph) {
    // Batch norms over few numbers divide by almost nothing: rounding grows from layer to layer.
    let images = images(graph, 100, 4);
    let state = numbers(graph, 7);
    let learning = Learning::of(graph);
    let inputs: Vec<Vec<f32>> = graph.inputs().map(|input| batch(graph.node(input).shape, images, 11)).collect();
    let d_outputs: Vec<Vec<f32>> =
        graph.outputs().iter().map(|output| batch(graph.node(output.node).shape, images, 13)).collect();
    let truth = oracle(graph, &learning, &state, &inputs, &d_outputs, images);
    // What is shifted in front of a norm has no gradient at all: nothing but rounding is left of it, and that grows with what cancels.
    let least = 1e-3 * length(truth.tensors.iter().flatten().copied()) / (state.layout().tensors().len() as f64).sqrt();
    let by_taps = archs().pop().map(|arch| Kernels { winograd: false, ..arch.into() });
    for kernels in archs().into_iter().map(Kernels::from).chain(by_taps) {
        let tolerance = if kernels.winograd { TILES_TOLERANCE } else { TOLERANCE };
        let mut training = Training::new(graph, &learning, images, kernels);
        // Twice: a second step finds what the first left in the arena.
        for _ in 0..2 {
            let mut after = state.clone();
            let mut gradients = State::zeros(Arc::clone(state.layout()));
            let mut is_chaotic = false;
            training.forward(&mut after, &slices(&inputs), SEED, STEP);
            for (number, output) in graph.outputs().iter().enumerate() {
                let apart = distance(&training.output(number), &truth.outputs[number], 0.0);
                assert!(apart < FLIPPED / 2.0, "{name}, {kernels:?}, `{}`: {apart:e}", output.name);
                is_chaotic |= apart > CHAOTIC;
            }
            if is_chaotic {
                let what = "its results differ so much by rounding alone that gradients tell nothing";
                writeln!(std::io::stderr(), "LEFT OUT, {name}, {kernels:?}: {what}").expect("standard error is open");
                break;
            }
            training.backward(&after, &slices(&d_outputs), &mut gradients);
            let mut flipped = Vec::new();
            for (number, tensor) in state.layout().tensors().iter().enumerate() {
                let ours = if tensor.param.role.is_parameter() { gradients.tensor(number) } else { after.tensor(number) };
                let apart = distance(ours, &truth.tensors[number], least);
                assert!(apart < FLIPPED, "{name}, {kernels:?}, `{}`: {apart:e}", tensor.path);
                if apart > tolerance {
                    flipped.push(format!("`{}`: {apart:e}", tensor.path));
                }
            }
            let most = state.layout().tensors().len() / 10;
            assert!(flipped.len() <= most, "{name}, {kernels:?}, {} tensors:\n{}", flipped.len(), flipped.join("\n"));
        }
    }
}

#[test]
fn networks_at_a_small_size() {
    let all = std::env::var("NAS_NETS").is_ok_and(|nets| nets == "all") || std::env::var_os("NAS_NET").is_some();
    let graphs: Vec<(&str, Graph)> = nets().into_iter().map(|name| (name, reduced(name))).collect();
    let is_heavy = |graph: &Graph| 4 * graph.nodes().map(|node| graph.cost(node).madds).sum::<u128>() > HEAVY;
    let (heavy, light): (Vec<_>, Vec<_>) = graphs.iter().partition(|(_, graph)| is_heavy(graph) && !all);
    for (name, _) in heavy {
        writeln!(std::io::stderr(), "LEFT OUT, trained with NAS_NETS=all only: {name}").expect("standard error is open");
    }
    light.par_iter().for_each(|(name, graph)| compare(name, graph));
    if all {
        for (name, _) in graphs.iter().filter(|(name, _)| ["googlenet", "cifar-inception"].contains(name)) {
            compare(name, &built_in(name));
        }
    }
}

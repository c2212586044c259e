//! One layer after another of odd shapes: channels that fill no block, one image and many, strides, dilation, groups, padding on one side
//! only; forward, gradients of weights and of inputs, by every instruction set, by tiles and tap by tap.

use std::sync::Arc;

use nas::base::Shape;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::exec::Kernels;
use nas::exec::Training;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Learning;
use nas::graph::State;
use nas::op::AvgPool;
use nas::op::Conv;
use nas::op::Depthwise;
use nas::op::Linear;
use nas::op::MaxPool;
use nas::op::Op;
use nas::op::Pad;
use nas::op::Window;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::oracle::archs;
use crate::oracle::batch;
use crate::oracle::distance;
use crate::oracle::numbers;
use crate::oracle::run;
use crate::training::oracle;

/// Layers that are drawn.
const LAYERS: usize = 160;
/// Multiply-adds of a batch that the oracle is given.
const MOST: u128 = 12_000_000;
/// What rounding may do, as a share of the size of a result; nothing is rectified, so nothing flips.
const TOLERANCE: f64 = 1e-4;

fn pick<T: Clone>(random: &mut ChaCha8Rng, from: &[T]) -> T {
    from[random.random_range(0..from.len())].clone()
}

/// A layer with the channels that it reads.
fn layer(random: &mut ChaCha8Rng) -> (Op, u32) {
    let kernel = pick(random, &[[1, 1], [3, 3], [3, 3], [5, 5], [7, 7], [1, 3], [4, 2]]);
    let reach = kernel[0].min(kernel[1]) - 1;
    let window = Window {
        kernel,
        stride: pick(random, &[[1, 1], [1, 1], [2, 2], [2, 1]]),
        dilation: pick(random, &[[1, 1], [1, 1], [1, 1], [2, 1]]),
        pad: Pad::Sides(pick(
            random,
            &[[[0, 0], [0, 0]], [[reach / 2, reach / 2], [reach / 2, reach / 2]], [[reach, 0], [0, reach]]],
        )),
        ceil: false,
    };
    let channels = pick(random, &[1, 3, 24, 112]);
    match random.random_range(0..8) {
        0 => (Depthwise { window, multiplier: pick(random, &[1, 2]), ..Depthwise::new(1) }.into(), channels),
        1 => (MaxPool { window: Some(window) }.into(), channels),
        2 => (AvgPool { window: Some(window), ..AvgPool::new(1, 1) }.into(), channels),
        3 => (Linear::new(pick(random, &[1, 17, 40])).into(), channels),
        4 => {
            let groups = if channels.is_multiple_of(8) { 8 } else { 1 };
            (Conv { window, groups, ..Conv::new(8 * pick(random, &[1, 3, 5]), 1) }.into(), channels)
        }
        _ => {
            (Conv { window, bias: random.random_bool(0.5), ..Conv::new(pick(random, &[1, 3, 16, 24, 112]), 1) }.into(), channels)
        }
    }
}

/// The layer behind a 1x1 convolution, whose gradients are those of the layer's input.
fn network(op: &Op, input: Shape) -> Option<Graph> {
    let mut net = GraphBuilder::new("layer");
    let image = net.input("image", input);
    let before = net.layer("before", [Conv::new(input.c, 1).into()], &[image]);
    let node = net.layer("layer", [op.clone()], &[before]);
    net.output("main", node);
    net.finish().ok()
}

fn near(ours: &[f32], truth: &[f64], what: impl FnOnce() -> String) {
    let apart = distance(ours, truth);
    assert!(apart < TOLERANCE, "{}: {apart:e}", what());
}

#[test]
fn layers_of_odd_shapes() {
    let mut random = ChaCha8Rng::seed_from_u64(23);
    let mut tried = 0;
    while tried < LAYERS {
        let (op, channels) = layer(&mut random);
        let [h, w] = pick(&mut random, &[[7, 7], [14, 9], [5, 12], [8, 8]]);
        let images = pick(&mut random, &[1, 3, 16]);
        let Some(graph) = network(&op, Shape::new(channels, h, w)) else { continue };
        let madds: u128 = graph.nodes().map(|node| graph.cost(node).madds).sum();
        if madds * images as u128 > MOST {
            continue;
        }
        tried += 1;
        let state = numbers(&graph, 7);
        let inputs = [batch(Shape::new(channels, h, w), images, 11)];
        let output = graph.node(graph.outputs()[0].node).shape;
        let d_outputs = [batch(output, images, 13)];
        let learning = Learning::of(&graph);
        let truth = oracle(&graph, &learning, &state, &inputs, &d_outputs, images);
        for kernels in archs().into_iter().flat_map(|arch| [true, false].map(|winograd| Kernels { winograd, ..arch.into() })) {
            let what = |part: &str| format!("{part} of {op:?} on {images} of {channels}x{h}x{w}, {kernels:?}");
            let mut inference = Inference::new(&graph, &state, &InferencePlan { images, kernels, keep: &[], fused: true });
            run(&mut inference, &inputs);
            near(&inference.output(0), &truth.outputs[0], || what("inference"));
            let mut after = state.clone();
            let mut training = Training::new(&graph, &learning, images, kernels);
            training.forward(&mut after, &[&inputs[0]], 0, 0);
            near(&training.output(0), &truth.outputs[0], || what("training"));
            let mut gradients = State::zeros(Arc::clone(state.layout()));
            training.backward(&after, &[&d_outputs[0]], &mut gradients);
            for (number, tensor) in state.layout().tensors().iter().enumerate() {
                near(gradients.tensor(number), &truth.tensors[number], || what(&format!("gradient of {}", tensor.path)));
            }
        }
    }
}

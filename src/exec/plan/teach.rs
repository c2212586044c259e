//! The fast step of each operator for training.

use std::sync::Arc;

use crate::exec::Kernels;
use crate::exec::geometry::table;
use crate::exec::map::Map;
use crate::exec::plan::Contract;
use crate::exec::plan::Lesson;
use crate::exec::plan::high_of;
use crate::exec::plan::lower::averages;
use crate::exec::plan::lower::contraction;
use crate::exec::plan::lower::forward_contraction;
use crate::exec::plan::lower::response;
use crate::exec::plan::lower::window_of_pool;
use crate::exec::plan::tiles::panels;
use crate::exec::plan::tiles::tiling;
use crate::exec::steps::BatchNorm;
use crate::exec::steps::Contraction;
use crate::exec::steps::Convolution;
use crate::exec::steps::Depthwise;
use crate::exec::steps::Weighing;
use crate::exec::steps::WeightGradients;
use crate::exec::steps::Winograd;
use crate::exec::steps::WinogradWeighing;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::kernel::Channels;
use crate::kernel::Clamp;
use crate::kernel::Direction;
use crate::kernel::LANES;
use crate::kernel::Links;
use crate::op::Op;
use crate::op::Window;

/// Blocks of output channels in a panel of gradients of weights.
const GRADIENT_BLOCKS: usize = 3;

/// What a node's step may take for granted.
#[derive(Clone, Copy, Debug)]
pub(in crate::exec) struct Setting<'a> {
    /// What kernels are chosen from.
    pub(in crate::exec) kernels: Kernels<'a>,
    /// Whether its tensors learn.
    pub(in crate::exec) learns: bool,
    /// Whether the gradient of an input is wanted.
    pub(in crate::exec) hands_back: bool,
    /// Where the rectifier ends that is computed with it.
    pub(in crate::exec) high: Option<f32>,
}

/// A node's step.
pub(in crate::exec) fn teach(op: &Op, inputs: &[Map], out: &Map, setting: Setting<'_>) -> Lesson {
    if let Some((window, links)) = contraction(op, inputs) {
        return Lesson::Contract(Box::new(contract(window, links, &inputs[0], out, setting)));
    }
    let same_lanes = inputs.iter().all(|input| input.channels == out.channels);
    match op {
        Op::Depthwise(depthwise) if same_lanes => {
            let input = &inputs[0];
            let (taps, _) = table(depthwise.window, input.shape, out.shape, out.images, out.shape.pixels());
            let back = setting.hands_back.then(|| back_table(depthwise.window, input, out).0);
            Lesson::Depthwise(Depthwise { taps, back })
        }
        Op::MaxPool(pool) if same_lanes => {
            let mut work = window_of_pool(pool.window, &inputs[0], out);
            work.back = setting.hands_back.then(|| back_table(window_on(pool.window, &inputs[0]), &inputs[0], out).0);
            Lesson::MaxPool(work)
        }
        Op::AvgPool(pool) if same_lanes => {
            let mut work = averages(pool, &inputs[0], out);
            if setting.hands_back {
                let input = &inputs[0];
                let window = window_on(pool.window, input);
                let (taps, group) = table(window, input.shape, out.shape, out.images, input.shape.pixels());
                let of_image = work.divisors[..out.pixels()].to_vec();
                work.divisors = of_image.repeat(group.max(work.divisors.len() / out.pixels()));
                work.back = Some(taps.readers());
            }
            Lesson::AvgPool(work)
        }
        Op::BatchNorm(norm) if same_lanes => {
            Lesson::BatchNorm(BatchNorm { eps: norm.eps.get(), momentum: norm.momentum.get(), high: setting.high })
        }
        Op::Activation(_) if same_lanes => match high_of(Some(op)) {
            Some(high) => Lesson::Rectify(high),
            None => Lesson::Naive(op.clone()),
        },
        Op::Add(_) if same_lanes => Lesson::Sum,
        Op::Lrn(lrn) if same_lanes => Lesson::Respond(response(lrn)),
        Op::Concat(_) => Lesson::Join,
        Op::Flatten(_) | Op::Take(_) if same_lanes && inputs[0].shape == out.shape => Lesson::Copy,
        _ => Lesson::Naive(op.clone()),
    }
}

/// How many elements a step leaves for its backward.
pub(in crate::exec) fn leaves(graph: &Graph, images: usize, node: NodeIndex, channels: &Arc<Channels>) -> usize {
    let Some(op) = &graph.node(node).op else { return 0 };
    let lanes = channels.blocks() * LANES;
    match op {
        Op::MaxPool(_) => lanes * images * graph.node(node).shape.pixels() as usize,
        Op::BatchNorm(_) => 2 * lanes,
        _ => {
            let keeps = op.keeps(&graph.input_shapes(node));
            keeps.per_image as usize * images + keeps.per_batch as usize
        }
    }
}

fn contract(window: Window, links: Links, input: &Map, out: &Map, setting: Setting<'_>) -> Contract {
    let Setting { kernels, hands_back, learns, high } = setting;
    let backward = hands_back.then(|| {
        let tiling = tiling(kernels, Direction::Backward, window, &links, [input, out]);
        let sides = [&out.channels, &input.channels];
        let panels = panels(tiling.as_ref(), links.clone(), Direction::Backward, sides, kernels.arch.blocks_of_panel());
        if let Some(tiling) = tiling {
            return Convolution::Tiles(Winograd::new(tiling, panels, out.images));
        }
        let (back, group) = back_table(window, input, out);
        let is_in_order = back.to().is_sorted();
        Convolution::Taps(Contraction::new(back, panels, out.images / group, is_in_order))
    });
    let weighing = learns.then(|| {
        let tiling = tiling(kernels, Direction::Forward, window, &links, [input, out]);
        let sides = [&input.channels, &out.channels];
        let panels = panels(tiling.as_ref(), links.clone(), Direction::Forward, sides, GRADIENT_BLOCKS);
        if let Some(tiling) = tiling {
            return WeightGradients::Tiles(WinogradWeighing::new(tiling, panels, out.images));
        }
        let (taps, group) = table(window, input.shape, out.shape, out.images, out.shape.pixels());
        WeightGradients::Taps(Weighing::new(&taps, panels, out.images / group, window.stride[1] as usize))
    });
    let forward = forward_contraction(kernels, window, links, input, out);
    Contract { forward, backward, weighing, clamp: high.map(|high| Clamp { low: 0.0, high }) }
}

/// The table that leads back, with its group of images.
fn back_table(window: Window, input: &Map, out: &Map) -> (crate::kernel::Taps, usize) {
    let (taps, group) = table(window, input.shape, out.shape, out.images, input.shape.pixels());
    (taps.reversed(), group)
}

fn window_on(window: Option<Window>, input: &Map) -> Window {
    window.unwrap_or(Window::of([input.shape.h, input.shape.w]))
}

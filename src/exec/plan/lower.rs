//! The fast step of each operator, for inference; and its numbers, batch norms folded in.

use crate::exec::Kernels;
use crate::exec::geometry::table;
use crate::exec::map::Map;
use crate::exec::plan::Fused;
use crate::exec::plan::Packed;
use crate::exec::plan::Work;
use crate::exec::plan::high_of;
use crate::exec::plan::tiles::panels;
use crate::exec::plan::tiles::tiling;
use crate::exec::steps::Contraction;
use crate::exec::steps::Convolution;
use crate::exec::steps::Depthwise;
use crate::exec::steps::Pool;
use crate::exec::steps::Winograd;
use crate::graph::Graph;
use crate::graph::State;
use crate::kernel::Channels;
use crate::kernel::Clamp;
use crate::kernel::Direction;
use crate::kernel::LANES;
use crate::kernel::Links;
use crate::kernel::Response;
use crate::op;
use crate::op::Op;
use crate::op::Window;

/// A step with its numbers.
pub(in crate::exec) fn lower(
    graph: &Graph,
    state: &State,
    kernels: Kernels<'_>,
    step: Fused,
    inputs: &[Map],
    out: &Map,
) -> (Work, Packed) {
    let op = graph.node(step.node).op.as_ref().expect("a step computes an operator");
    let tensors: Vec<Vec<f32>> = state.of_node(step.node).into_iter().map(<[f32]>::to_vec).collect();
    let clamp = step.rectifier.and_then(|node| high_of(graph.node(node).op.as_ref())).map(|high| Clamp { low: 0.0, high });
    let norm = step.norm.map(|node| {
        let Some(Op::BatchNorm(norm)) = &graph.node(node).op else { unreachable!("a batch norm is folded") };
        factors(norm, &state.of_node(node))
    });
    if let Some((window, links)) = contraction(op, inputs) {
        let (weights, bias) = folded(tensors, norm.as_ref(), out.shape.c as usize);
        let work = forward_contraction(kernels, window, links, &inputs[0], out);
        let mut packed = vec![0.0; work.elements()];
        work.pack(kernels.arch, &weights, &mut packed);
        let bias = out.channels.spread(&bias, 0.0);
        return (Work::Contract(work, clamp), Packed { weights: packed, bias, plain: Vec::new() });
    }
    let plain = |work| (work, Packed::default());
    let same_lanes = inputs.iter().all(|input| input.channels == out.channels);
    match op {
        Op::Depthwise(depthwise) if same_lanes => {
            let (weights, bias) = folded(tensors, norm.as_ref(), out.shape.c as usize);
            let (taps, _) = table(depthwise.window, inputs[0].shape, out.shape, out.images, out.shape.pixels());
            let mut packed = vec![0.0; out.channels.blocks() * taps.taps() * LANES];
            let work = Depthwise { taps, back: None };
            work.pack(&out.channels, &weights, &mut packed);
            let bias = out.channels.spread(&bias, 0.0);
            (Work::Depthwise(work, clamp), Packed { weights: packed, bias, plain: Vec::new() })
        }
        Op::MaxPool(pool) if same_lanes => {
            let pool = window_of_pool(pool.window, &inputs[0], out);
            plain(Work::MaxPool(Pool { taps: pool.taps.filled(), ..pool }))
        }
        Op::AvgPool(pool) if same_lanes => plain(Work::AvgPool(averages(pool, &inputs[0], out))),
        Op::BatchNorm(batch) if same_lanes => {
            let params: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
            let (factor, offset) = factors(batch, &params);
            (Work::Affine(clamp), by_lane(&out.channels, &factor, &offset))
        }
        Op::Affine(_) if same_lanes => (Work::Affine(clamp), by_lane(&out.channels, &tensors[0], &tensors[1])),
        Op::Scale(_) if same_lanes => {
            (Work::Affine(clamp), by_lane(&out.channels, &tensors[0], &vec![0.0; out.shape.c as usize]))
        }
        Op::Times(times) if same_lanes => {
            let channels = out.shape.c as usize;
            let packed = by_lane(&out.channels, &vec![times.factor.get() as f32; channels], &vec![0.0; channels]);
            (Work::Affine(None), packed)
        }
        Op::Activation(_) if same_lanes => match high_of(Some(op)) {
            Some(high) => plain(Work::Rectify(high)),
            None => plain(Work::Naive(op.clone())),
        },
        Op::Add(_) if same_lanes => plain(Work::Sum),
        Op::Mul(_) if inputs[0].channels == out.channels && inputs[1].channels == out.channels && inputs[1].pixels() == 1 => {
            plain(Work::Gate)
        }
        Op::Lrn(lrn) if same_lanes => plain(Work::Respond(response(lrn))),
        Op::Concat(_) => plain(Work::Join),
        Op::Dropout(_) | Op::DropPath(_) if same_lanes => plain(Work::Copy),
        Op::Flatten(_) | Op::Take(_) if same_lanes && inputs[0].shape == out.shape => plain(Work::Copy),
        _ => (Work::Naive(op.clone()), Packed { plain: tensors, ..Packed::default() }),
    }
}

/// The window and links of what a contraction can compute.
pub(in crate::exec) fn contraction(op: &Op, inputs: &[Map]) -> Option<(Window, Links)> {
    let input = inputs.first()?.shape;
    match op {
        Op::Conv(conv) => {
            let groups = conv.groups;
            let (out_of_group, in_of_group) = (conv.width / groups, input.c / groups);
            let taps = conv.window.taps() as usize;
            Some((conv.window, Links { out_of_group, in_of_group, taps, table: conv.table.clone() }))
        }
        Op::Depthwise(depthwise) if depthwise.multiplier > 1 => {
            let taps = depthwise.window.taps() as usize;
            Some((depthwise.window, Links { out_of_group: depthwise.multiplier, in_of_group: 1, taps, table: None }))
        }
        Op::Linear(linear) => {
            let window = Window::of([input.h, input.w]);
            let links = Links { out_of_group: linear.width, in_of_group: input.c, taps: input.pixels() as usize, table: None };
            Some((window, links))
        }
        _ => None,
    }
}

/// The contraction that gives the output.
pub(in crate::exec) fn forward_contraction(
    kernels: Kernels<'_>,
    window: Window,
    links: Links,
    input: &Map,
    out: &Map,
) -> Convolution {
    let tiling = tiling(kernels, Direction::Forward, window, &links, [input, out]);
    let sides = [&input.channels, &out.channels];
    let panels = panels(tiling.as_ref(), links, Direction::Forward, sides, kernels.arch.blocks_of_panel());
    if let Some(tiling) = tiling {
        return Convolution::Tiles(Winograd::new(tiling, panels, out.images));
    }
    let (taps, group) = table(window, input.shape, out.shape, out.images, out.shape.pixels());
    Convolution::Taps(Contraction::new(taps, panels, out.images / group, true))
}

/// A pool's window.
pub(in crate::exec) fn window_of_pool(window: Option<Window>, input: &Map, out: &Map) -> Pool {
    let window = window.unwrap_or(Window::of([input.shape.h, input.shape.w]));
    let (taps, _) = table(window, input.shape, out.shape, out.images, out.shape.pixels());
    Pool { taps, back: None, divisors: Vec::new() }
}

/// An average pool's window and divisors.
pub(in crate::exec) fn averages(pool: &op::AvgPool, input: &Map, out: &Map) -> Pool {
    let mut work = window_of_pool(pool.window, input, out);
    let of_image = pool.divisors(input.shape, out.shape);
    let group = work.taps.pixels() / of_image.len();
    work.divisors = (0..group).flat_map(|_| of_image.iter().map(|&divisor| divisor as f32)).collect();
    work
}

/// The constants of a response norm.
pub(in crate::exec) fn response(lrn: &op::Lrn) -> Response {
    Response {
        side: lrn.size as usize / 2,
        share: (lrn.alpha.get() / f64::from(lrn.size)) as f32,
        beta: lrn.beta.get() as f32,
        k: lrn.k.get() as f32,
    }
}

/// Factor and offset of each channel, from scale, shift, mean and variance.
fn factors(norm: &op::BatchNorm, params: &[&[f32]]) -> (Vec<f32>, Vec<f32>) {
    let &[scale, shift, mean, variance] = params else { unreachable!("a batch norm has four tensors") };
    let factor = |(&scale, &variance): (&f32, &f32)| (f64::from(scale) / (f64::from(variance) + norm.eps.get()).sqrt()) as f32;
    let factors: Vec<f32> = scale.iter().zip(variance).map(factor).collect();
    let offsets = shift.iter().zip(mean).zip(&factors).map(|((&shift, &mean), &factor)| shift - mean * factor).collect();
    (factors, offsets)
}

/// Weights and biases with a norm folded in.
fn folded(mut tensors: Vec<Vec<f32>>, norm: Option<&(Vec<f32>, Vec<f32>)>, width: usize) -> (Vec<f32>, Vec<f32>) {
    let mut weights = std::mem::take(&mut tensors[0]);
    let mut bias = tensors.get_mut(1).map_or_else(|| vec![0.0; width], std::mem::take);
    if let Some((factors, offsets)) = norm {
        let row = weights.len() / width;
        for (weights, &factor) in weights.chunks_exact_mut(row.max(1)).zip(factors) {
            weights.iter_mut().for_each(|weight| *weight *= factor);
        }
        for ((bias, &factor), &offset) in bias.iter_mut().zip(factors).zip(offsets) {
            *bias = *bias * factor + offset;
        }
    }
    (weights, bias)
}

fn by_lane(channels: &Channels, factors: &[f32], offsets: &[f32]) -> Packed {
    Packed { weights: channels.spread(factors, 0.0), bias: channels.spread(offsets, 0.0), plain: Vec::new() }
}

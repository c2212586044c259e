//! Layers as Inception networks have them, each timed as the executor runs it for one image.

use std::time::Duration;
use std::time::Instant;

use crate::base::KernelTime;
use crate::base::Shape;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::exec::Inference;
use crate::exec::InferencePlan;
use crate::exec::calibrate::gauge::Patience;
use crate::graph::GraphBuilder;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::op::AvgPool;
use crate::op::Conv;
use crate::op::Depthwise;
use crate::op::Linear;
use crate::op::Lrn;
use crate::op::MaxPool;
use crate::op::Op;
use crate::op::Pad;
use crate::op::Window;

/// A layer with the shape of its input.
pub(super) struct Layer {
    op: Op,
    input: Shape,
}

/// `[channels, side]` of the input, then `[width, kernel, stride]`.
const CONVOLUTIONS: [([u32; 2], [u32; 3]); 17] = [
    ([3, 224], [64, 7, 2]),
    ([64, 56], [64, 1, 1]),
    ([192, 28], [64, 1, 1]),
    ([192, 28], [16, 1, 1]),
    ([256, 28], [128, 1, 1]),
    ([480, 14], [192, 1, 1]),
    ([512, 14], [24, 1, 1]),
    ([832, 7], [384, 1, 1]),
    ([832, 7], [48, 1, 1]),
    ([64, 56], [192, 3, 1]),
    ([96, 28], [128, 3, 1]),
    ([128, 28], [192, 3, 1]),
    ([112, 14], [224, 3, 1]),
    ([192, 7], [384, 3, 1]),
    ([16, 28], [32, 5, 1]),
    ([32, 14], [64, 5, 1]),
    ([48, 7], [128, 5, 1]),
];
/// `[channels, side, kernel, stride]`.
const DEPTHWISE: [[u32; 4]; 3] = [[96, 56, 3, 2], [144, 56, 3, 1], [512, 14, 3, 1]];
const MAXIMA: [[u32; 4]; 5] = [[64, 112, 3, 2], [192, 28, 3, 1], [480, 28, 3, 2], [512, 14, 3, 1], [832, 7, 3, 1]];
/// `[channels, side]` of what local response normalisations read.
const NORMS: [[u32; 2]; 2] = [[64, 56], [192, 56]];

/// All of them, in order.
pub(super) fn layers() -> Vec<Layer> {
    let square = |channels: u32, side: u32| Shape::new(channels, side, side);
    let window = |kernel: u32, stride: u32| Window { stride: [stride; 2], pad: Pad::Same, ..Window::of([kernel; 2]) };
    let conv = |([channels, side], [width, kernel, stride]): ([u32; 2], [u32; 3])| Layer {
        op: Conv { window: window(kernel, stride), ..Conv::new(width, kernel) }.into(),
        input: square(channels, side),
    };
    let depthwise = |[channels, side, kernel, stride]: [u32; 4]| Layer {
        op: Depthwise { window: window(kernel, stride), ..Depthwise::new(kernel) }.into(),
        input: square(channels, side),
    };
    let max = |[channels, side, kernel, stride]: [u32; 4]| Layer {
        op: MaxPool { window: Some(window(kernel, stride)) }.into(),
        input: square(channels, side),
    };
    let mut layers: Vec<Layer> = CONVOLUTIONS.into_iter().map(conv).collect();
    layers.extend(DEPTHWISE.into_iter().map(depthwise));
    layers.extend(MAXIMA.into_iter().map(max));
    layers.extend(NORMS.map(|[channels, side]| Layer { op: Lrn::new(5).into(), input: square(channels, side) }));
    layers.push(Layer { op: AvgPool::new(7, 1).into(), input: square(1024, 7) });
    layers.push(Layer { op: Linear::new(1000).into(), input: square(1024, 1) });
    layers
}

/// A layer's time.
pub(super) fn timed(layer: &Layer, arch: Arch, patience: Patience) -> KernelTime {
    let Layer { op, input } = layer;
    let mut net = GraphBuilder::new("layer");
    let image = net.input("image", *input);
    let node = net.layer("layer", [op.clone()], &[image]);
    net.output("main", node);
    let graph = net.finish().expect("a layer that fits its input");
    let plan = InferencePlan { images: 1, kernels: arch.into(), keep: &[], fused: true };
    let mut inference = Inference::new(&graph, &initialise(&graph, 0), &plan);
    let values: Vec<f32> = (0..input.elements() as usize).map(|at| (at % 13) as f32 / 13.0).collect();
    let (out, madds) = (graph.node(node).shape, whole(graph.cost(node).madds));
    let begun = Instant::now();
    let mut times: Vec<Duration> = Vec::new();
    inference.run(&[&values]);
    while times.len() < patience.rounds || begun.elapsed() < patience.time {
        times.push(inference.run_timed(&[&values]).iter().sum());
    }
    times.sort_unstable();
    let median = times[(times.len() - 1) / 2];
    let [window, stride] = op.reach().window_on(*input);
    KernelTime {
        kind: op.word().to_owned(),
        window,
        stride,
        input: [input.c, input.h, input.w],
        output: [out.c, out.h, out.w],
        madds,
        products: Some(inference.steps().iter().flat_map(|step| &step.passes).map(|tiles| tiles.unwrap_or(madds)).sum()),
        bytes: whole((input.elements() + out.elements() + graph.params(node)) * u128::from(F32_BYTES)),
        ns: u64::try_from(median.as_nanos()).unwrap_or(u64::MAX).max(1),
    }
}

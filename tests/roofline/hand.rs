//! A small network whose every figure was worked out on paper.

use nas::analyze::Bound;
use nas::analyze::RoofStep;
use nas::analyze::Roofline;
use nas::analyze::roofline;
use nas::base::KernelTime;
use nas::base::Machine;
use nas::base::Shape;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::op::Activation;
use nas::op::Concat;
use nas::op::Conv;
use nas::op::Function;
use nas::op::Linear;
use nas::op::MaxPool;

use crate::tables;

/// A convolution with its rectifier, a pool, two branches that are joined, and a linear layer.
fn network() -> Graph {
    let mut net = GraphBuilder::new("small");
    let image = net.input("image", Shape::new(4, 6, 6));
    let relu = Activation { function: Function::Relu };
    let conv = net.layer("conv", [Conv::new(8, 3).into(), relu.into()], &[image]);
    let pool = net.layer("pool", [MaxPool::new(2, 2).into()], &[conv]);
    net.open("both", None);
    let two = net.layer("two", [Conv::new(2, 1).into()], &[pool]);
    let four = net.layer("four", [Conv::new(4, 1).into()], &[pool]);
    let joined = net.add(Concat, &[two, four]);
    net.close();
    let linear = net.layer("linear", [Linear::new(10).into()], &[joined]);
    net.output("main", linear);
    net.finish().expect("a network")
}

fn on(machine: &Machine, batch: u32) -> Roofline {
    roofline(&network(), machine, &machine.speeds[0], batch)
}

fn step<'r>(found: &'r Roofline, path: &str) -> &'r RoofStep {
    found.tree.all_steps().into_iter().map(|(_, step)| step).find(|step| step.path == path).expect("a step")
}

/// Multiply-adds, bytes in, out and of weights, time of each, and what is waited for.
type Figures = (u128, [u128; 3], [u128; 2], Bound);

#[test]
fn every_figure_is_the_one_on_paper() {
    let found = on(&tables::round(Vec::new()), 1);
    // 36 positions x 8 filters x 4 channels x 9 taps; 144 numbers in, 288 out, 288 weights and 8 biases.
    let table: [(&str, Figures); 5] = [
        ("conv:conv", (10_368, [576, 1152, 1184], [5184, 2912], Bound::Compute)),
        // 288 numbers in, 72 out.
        ("pool:max", (0, [1152, 288, 0], [0, 1440], Bound::Memory)),
        // 9 positions x 2 filters x 8 channels; 16 weights and 2 biases.
        ("both/two:conv", (144, [288, 72, 72], [72, 432], Bound::Memory)),
        ("both/four:conv", (288, [288, 144, 144], [144, 576], Bound::Memory)),
        // 54 numbers in, 10 out, 540 weights and 10 biases.
        ("linear:fc", (540, [216, 40, 2200], [270, 2456], Bound::Memory)),
    ];
    for (path, (madds, moved, times, bound)) in table {
        let step = step(&found, path);
        assert_eq!((step.madds, [step.input_bytes, step.output_bytes, step.weight_bytes]), (madds, moved), "{path}");
        assert_eq!(([step.compute_ns, step.memory_ns], step.bound), (times, Some(bound)), "{path}");
        assert_eq!(step.predicted_ns, times[0].max(times[1]), "{path}");
    }
    // The rectifier works on what is in registers, the concatenation is where its parts were written.
    assert_eq!(step(&found, "conv:conv").fused, ["relu"]);
    let joined = step(&found, "both:concat");
    assert_eq!((joined.bytes(), joined.predicted_ns, joined.bound), (0, 0, None));

    let tree = &found.tree;
    assert_eq!((tree.madds, tree.bytes), (11_340, 2912 + 1440 + 432 + 576 + 2456));
    assert_eq!((tree.predicted_ns, tree.memory_bound_ns), (5184 + 4904, 4904));
    assert_eq!(tree.bound, Some(Bound::Compute));
    assert!((found.memory_bound_share.get() - 4904.0 / 10_088.0).abs() < 1e-12);
    assert!((found.machine.ridge.get() - 2.0).abs() < 1e-12);
    assert!((step(&found, "conv:conv").intensity.expect("bytes").get() - 10_368.0 / 2912.0).abs() < 1e-12);
    assert_eq!((found.close_steps, found.timed_steps), (0, 5));
}

/// Two images move two inputs and outputs, and the weights once.
#[test]
fn weights_are_moved_once_a_batch() {
    let found = on(&tables::round(Vec::new()), 2);
    let conv = step(&found, "conv:conv");
    assert_eq!((conv.madds, conv.bytes(), conv.compute_ns), (20_736, 2 * (576 + 1152) + 1184, 10_368));
    assert_eq!(step(&found, "linear:fc").bytes(), 2 * (216 + 40) + 2200);
}

fn timed(channels: u32, ns: u64) -> KernelTime {
    KernelTime {
        kind: "conv".to_owned(),
        window: [3, 3],
        stride: [1, 1],
        input: [channels, 6, 6],
        output: [8, 6, 6],
        madds: 36 * 8 * 9 * u64::from(channels),
        products: None,
        bytes: 4 * (u64::from(channels) * (36 + 72) + 288 + 8),
        ns,
    }
}

/// A layer of close shape that ran slower than the roof is what is predicted, scaled by the multiply-adds.
#[test]
fn close_shapes_count() {
    let conv = |kernels: Vec<KernelTime>| step(&on(&tables::round(kernels), 1), "conv:conv").clone();
    let same = conv(vec![timed(8, 30_000), timed(4, 20_000)]);
    assert_eq!((same.predicted_ns, same.close), (20_000, Some(timed(4, 20_000))));
    assert_eq!(same.bound, Some(Bound::Compute), "the side of the ridge is that of the roof");
    let twice = conv(vec![timed(8, 30_000)]);
    assert_eq!((twice.predicted_ns, twice.close), (15_000, Some(timed(8, 30_000))));
    let far = conv(vec![timed(12, 90_000)]);
    assert_eq!((far.predicted_ns, far.close), (5184, None));
    let fast = conv(vec![timed(4, 1000)]);
    assert_eq!(fast.predicted_ns, 5184, "nothing is faster than the roof");
    let strided = conv(vec![KernelTime { stride: [2, 2], ..timed(4, 20_000) }]);
    assert_eq!(strided.close, None);
    let pool = KernelTime {
        kind: "max".to_owned(),
        window: [2, 2],
        stride: [2, 2],
        input: [16, 6, 6],
        output: [16, 3, 3],
        madds: 0,
        products: None,
        bytes: 2880,
        ns: 9000,
    };
    let found = on(&tables::round(vec![pool]), 1);
    assert_eq!(step(&found, "pool:max").predicted_ns, 4500, "by bytes where there are no multiply-adds");
    assert_eq!(found.close_steps, 1);
}

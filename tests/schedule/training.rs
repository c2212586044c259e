//! The laws of a training step's schedule: nothing is written over that somebody still wants, and what is live at each moment is what a
//! simulation finds that asks of each moment who wants what.

use nas::base::Shape;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Holds;
use nas::graph::Learning;
use nas::graph::NodeIndex;
use nas::graph::Phase;
use nas::graph::TrainingSchedule;
use nas::graph::live;
use nas::op;
use nas::op::Op;
use nas::op::Storage;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::nets::pick;
use crate::nets::random_net;

const RELU: op::Activation = op::Activation { function: op::Function::Relu };

/// An image of 48 elements, a convolution to 32, a rectifier over it, a convolution to 32.
fn small() -> (Graph, [NodeIndex; 4]) {
    let mut net = GraphBuilder::new("small");
    let image = net.input("image", Shape::new(3, 4, 4));
    let a = net.add(op::Conv::new(2, 1), &[image]);
    let relu = net.add(RELU, &[a]);
    let b = net.add(op::Conv::new(2, 1), &[relu]);
    net.output("main", b);
    (net.finish().expect("it fits"), [image, a, relu, b])
}

fn live_of(graph: &Graph, learning: &Learning) -> (TrainingSchedule, Vec<u128>) {
    let schedule = TrainingSchedule::new(graph, learning);
    let live = live(&schedule.buffers, 1, schedule.moments());
    (schedule, live)
}

/// Forward: 48, 80, 80 (in place), 112. The loss has the gradient of the result beside that: 144. Backward of `b` gives up the result
/// for the gradient of the rectifier's: 144; the rectifier's gradient turns into that of `a` in its place, the last one needs the
/// image. The image has no gradient.
#[test]
fn a_small_net_by_hand() {
    let (graph, [image, a, relu, b]) = small();
    let (schedule, live) = live_of(&graph, &Learning::of(&graph));
    assert_eq!(live, [48, 80, 80, 112, 144, 144, 112, 80, 0]);
    assert_eq!(schedule.peak(1), (Phase::Loss, 144));
    assert_eq!(schedule.peak(7), (Phase::Loss, 7 * 144));
    assert_eq!(schedule.kept(1), 48 + 32);
    assert_eq!(schedule.memory, [image, a, a, b]);
    assert_eq!(schedule.gradients, [None, Some(relu), Some(relu), Some(b)]);
}

/// With `a` frozen nothing before `b` learns: the image goes after its reader, the rectifier needs no output, only `b` its input.
#[test]
fn frozen_layers_keep_nothing() {
    let (graph, [_, a, _, b]) = small();
    let (schedule, live) = live_of(&graph, &Learning::without(&graph, |node| node == a));
    assert_eq!(live, [48, 80, 32, 64, 96, 64, 0, 0, 0]);
    assert_eq!(schedule.kept(1), 32);
    assert_eq!(schedule.gradients, [None, None, None, Some(b)]);
    // With `b` frozen instead its input is not wanted: a convolution's gradient by its input does not hang on the input. The
    // rectifier's output is the same memory and still is.
    let (schedule, _) = live_of(&graph, &Learning::without(&graph, |node| node == b));
    assert_eq!(schedule.kept(1), 48 + 32);
    assert!(Learning::without(&graph, |_| true) == Learning::without(&graph, |node| node == a || node == b));
}

/// A maximum keeps places, not values; batch norm its input and two numbers per channel, whatever the batch.
#[test]
fn leavings_are_counted_by_image_and_by_batch() {
    let mut net = GraphBuilder::new("leavings");
    let image = net.input("image", Shape::new(1, 4, 4));
    let conv = net.add(op::Conv::new(5, 1), &[image]);
    let norm = net.add(op::BatchNorm::default(), &[conv]);
    let pool = net.add(op::MaxPool { window: None }, &[norm]);
    net.output("main", pool);
    let graph = net.finish().expect("it fits");
    let schedule = TrainingSchedule::new(&graph, &Learning::of(&graph));
    // The image, the convolution's 80, the five places, and mean and deviation of five channels.
    assert_eq!(schedule.kept(1), 16 + 80 + 5 + 10);
    assert_eq!(schedule.kept(8), 8 * (16 + 80 + 5) + 10);
}

/// Whether a node or one before it has numbers that are learned and not frozen.
fn learns(graph: &Graph, frozen: &[bool], node: NodeIndex) -> bool {
    graph.nodes().filter(|other| before_or_at(graph, *other, node)).any(|other| own(graph, frozen, other))
}

fn own(graph: &Graph, frozen: &[bool], node: NodeIndex) -> bool {
    let params = graph.node(node).op.as_ref().map(|op| op.params(&graph.input_shapes(node))).unwrap_or_default();
    !frozen[node.index()] && params.iter().any(|param| param.trainable)
}

fn before_or_at(graph: &Graph, first: NodeIndex, then: NodeIndex) -> bool {
    first == then || graph.sources(then).into_iter().any(|source| before_or_at(graph, first, source))
}

/// All moments at which a node's value is wanted, its own among them.
fn wanted(graph: &Graph, frozen: &[bool], learning: &[bool], chosen: &[bool], value: NodeIndex) -> Vec<usize> {
    let count = graph.nodes().len();
    let mut moments = vec![value.index()];
    for reader in graph.readers(value).filter(|reader| chosen[reader.index()]) {
        moments.push(reader.index());
        let op = graph.node(reader).op.as_ref().expect("reads");
        let linear = matches!(op, Op::Conv(_) | Op::Linear(_) | Op::Depthwise(_));
        let backward_reads = op.keeps(&graph.input_shapes(reader)).inputs && (!linear || own(graph, frozen, reader));
        if learning[reader.index()] && backward_reads {
            moments.push(2 * count - reader.index());
        }
    }
    let op = graph.node(value).op.as_ref();
    if learning[value.index()] && op.is_some_and(|op| op.keeps(&graph.input_shapes(value)).output) {
        moments.push(2 * count - value.index());
    }
    if graph.outputs().iter().any(|output| output.node == value) {
        moments.push(count);
    }
    moments
}

fn check(graph: &Graph, frozen: &[bool]) {
    let count = graph.nodes().len();
    let chosen = graph.leading_to(|_| true);
    let learning: Vec<bool> = graph.nodes().map(|node| learns(graph, frozen, node)).collect();
    let (schedule, live) = live_of(graph, &Learning::without(graph, |node| frozen[node.index()]));
    let nodes: Vec<NodeIndex> = graph.nodes().filter(|node| chosen[node.index()]).collect();
    let size = |node: NodeIndex| graph.node(node).shape.elements();
    let backward = |node: NodeIndex| 2 * count - node.index();
    let wanted: Vec<Vec<usize>> = graph.nodes().map(|node| wanted(graph, frozen, &learning, &chosen, node)).collect();
    let mut expected = vec![0; 2 * count + 1];
    let mut count_live = |from: usize, until: usize, elements: u128| {
        expected[from..=until].iter_mut().for_each(|moment| *moment += elements);
    };
    for &home in &nodes {
        let tenants: Vec<NodeIndex> = nodes.iter().copied().filter(|node| schedule.memory[node.index()] == home).collect();
        for (at, &tenant) in tenants.iter().enumerate().skip(1) {
            let is_view = matches!(graph.node(tenant).op.as_ref().expect("no input").storage(true), Storage::View { .. });
            let spoilt = tenants[..at].iter().any(|old| wanted[old.index()].iter().any(|&moment| moment > tenant.index()));
            assert!(is_view || (!spoilt && graph.node(home).op.is_some()), "{} spoils a value", graph.path(tenant));
        }
        if let (Some(first), Some(until)) = (tenants.first(), tenants.iter().flat_map(|node| &wanted[node.index()]).max()) {
            count_live(first.index(), *until, size(home));
        }
        // From the first addition to the backward of the maker.
        let added = |node: NodeIndex| {
            let result = graph.outputs().iter().any(|output| output.node == node).then_some(count);
            graph.readers(node).filter(|reader| chosen[reader.index()]).map(backward).chain(result).min().expect("is read")
        };
        let heirs: Vec<NodeIndex> =
            nodes.iter().rev().copied().filter(|node| schedule.gradients[node.index()] == Some(home)).collect();
        for pair in heirs.windows(2) {
            assert!(graph.sources(pair[0]).contains(&pair[1]) && added(pair[1]) == backward(pair[0]), "an heir that had one");
            assert_eq!(size(pair[0]), size(pair[1]));
        }
        if let (Some(&first), Some(&last)) = (heirs.first(), heirs.last()) {
            assert_eq!(first, home);
            count_live(added(first), backward(last), size(home));
        }
        assert_eq!(schedule.gradients[home.index()].is_some(), learning[home.index()], "{}", graph.path(home));
        let keeps = graph.node(home).op.as_ref().map(|op| op.keeps(&graph.input_shapes(home)));
        if let Some(keeps) = keeps.filter(|_| learning[home.index()]) {
            count_live(home.index(), backward(home), u128::from(keeps.per_image + keeps.per_batch));
        }
    }
    assert_eq!(live, expected);
}

#[test]
fn random_networks_are_live_as_simulated() {
    for seed in 0..300 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let graph = random_net(&mut rng);
        let frozen: Vec<bool> = graph.nodes().map(|_| seed % 2 == 1 && pick(&mut rng, 2) == 0).collect();
        check(&graph, &frozen);
    }
}

/// Rectifiers and sums do work in place in training, and gradients are taken over.
#[test]
fn training_shares_memory_at_all() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let (mut values, mut gradients) = (0, 0);
    for _ in 0..100 {
        let graph = random_net(&mut rng);
        let schedule = TrainingSchedule::new(&graph, &Learning::of(&graph));
        values += usize::from(graph.nodes().any(|node| schedule.memory[node.index()] != node));
        gradients += usize::from(graph.nodes().any(|node| schedule.gradients[node.index()].is_some_and(|home| home != node)));
        assert!(schedule.buffers.iter().any(|buffer| buffer.holds == Holds::Gradient) || schedule.kept(1) == 0);
    }
    assert!(values > 30 && gradients > 30, "{values} {gradients}");
}

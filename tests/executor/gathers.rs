//! Takes, shuffles and concatenations of takes, in networks drawn around them: whole numbers everywhere, so that every result and every gradient
//! is exactly that of the operators' own code, by any instruction set and any number of threads.

use std::sync::Arc;

use nas::base::Shape;
use nas::exec::Algorithm;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::exec::Kernels;
use nas::exec::Training;
use nas::exec::profile_inference;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Layout;
use nas::graph::Learning;
use nas::graph::NodeIndex;
use nas::graph::State;
use nas::op::Activation;
use nas::op::Add;
use nas::op::BatchNorm;
use nas::op::Concat;
use nas::op::Conv;
use nas::op::Function;
use nas::op::Op;
use nas::op::Take;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::drawn::drawn;
use crate::oracle::archs;
use crate::oracle::batch;
use crate::oracle::distance;
use crate::oracle::numbers;
use crate::oracle::run;
use crate::oracle::values;
use crate::training::oracle;

/// Networks that are drawn.
const NETS: u64 = 250;
/// Whole numbers below this, and sums of them, are exact in `f32`.
const EXACT: f64 = 1_048_576.0;

/// Whole numbers, most of them zero.
fn whole(random: &mut ChaCha8Rng, values: &mut [f32]) {
    let drawn = |_| if random.random_bool(0.3) { f32::from(random.random_range(-2_i8..=2)) } else { 0.0 };
    values.iter_mut().zip((0..).map(drawn)).for_each(|(value, drawn)| *value = drawn);
}

/// The largest in size.
fn most<'a>(values: impl IntoIterator<Item = &'a Vec<f64>>) -> f64 {
    values.into_iter().flatten().fold(0.0, |most, value| most.max(value.abs()))
}

fn assert_same(ours: &[f32], truth: &[f64], what: impl Fn() -> String) {
    assert_eq!(ours.len(), truth.len(), "{}", what());
    for (at, (&ours, &truth)) in ours.iter().zip(truth).enumerate() {
        // Zeros are alike, whatever their sign.
        let [ours, truth] = [f64::from(ours), truth].map(|value| value + 0.0);
        assert!(ours.to_bits() == truth.to_bits(), "{}, {at}: {ours} for {truth}", what());
    }
}

/// Compares all that a network gives with what its operators give, to the last bit; not where numbers become too large to be exact, and says so.
fn is_exactly_the_same(graph: &Graph, seed: u64) -> bool {
    let mut random = ChaCha8Rng::seed_from_u64(seed + 1_000_000);
    let images = [1, 3, 16][random.random_range(0..3)];
    let mut state = State::zeros(Arc::new(Layout::of(graph)));
    (0..state.layout().tensors().len()).for_each(|tensor| whole(&mut random, state.tensor_mut(tensor)));
    let mut inputs = [vec![0.0; images * graph.node(NodeIndex::from(0)).shape.elements() as usize]];
    whole(&mut random, &mut inputs[0]);
    let mut d_outputs: Vec<Vec<f32>> =
        graph.outputs().iter().map(|output| vec![0.0; images * graph.node(output.node).shape.elements() as usize]).collect();
    d_outputs.iter_mut().for_each(|d_output| whole(&mut random, d_output));
    let learning = Learning::of(graph);
    let truth = values(graph, &state, &inputs, images);
    let step = oracle(graph, &learning, &state, &inputs, &d_outputs, images);
    if most(&truth).max(most(&step.tensors)) > EXACT {
        return false;
    }
    let chosen = graph.in_inference();
    let keep: Vec<NodeIndex> =
        graph.nodes().filter(|node| chosen[node.index()] && node.index() > 0 && random.random_bool(0.1)).collect();
    for (arch, threads) in archs().into_iter().flat_map(|arch| [(arch, 1), (arch, 3)]) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let kernels = Kernels { winograd: false, ..arch.into() };
            for (fused, keep) in [(true, &[][..]), (false, &[]), (true, &keep), (false, &keep)] {
                let what =
                    |part: &str| format!("net {seed}, {arch}, {threads} threads, fused: {fused}, {} kept, {part}", keep.len());
                let mut inference = Inference::new(graph, &state, &InferencePlan { images, kernels, keep, fused });
                // Twice: a second batch finds what the first left in the arena.
                for _ in 0..2 {
                    run(&mut inference, &inputs);
                    for (number, output) in graph.outputs().iter().enumerate() {
                        assert_same(&inference.output(number), &truth[output.node.index()], || what(&output.name));
                    }
                    for &node in keep {
                        assert_same(&inference.value(node), &truth[node.index()], || what(&graph.path(node)));
                    }
                }
            }
            let what = |part: &str| format!("net {seed}, {arch}, {threads} threads, training, {part}");
            let mut training = Training::new(graph, &learning, images, kernels);
            for _ in 0..2 {
                let mut gradients = State::zeros(Arc::clone(state.layout()));
                training.forward(&mut state.clone(), &[&inputs[0]], 0, 0);
                for (number, output) in graph.outputs().iter().enumerate() {
                    assert_same(&training.output(number), &step.outputs[number], || what(&output.name));
                }
                training.backward(&state, &d_outputs.iter().map(Vec::as_slice).collect::<Vec<&[f32]>>(), &mut gradients);
                for (number, tensor) in state.layout().tensors().iter().enumerate() {
                    assert_same(gradients.tensor(number), &step.tensors[number], || {
                        what(&format!("gradient of {}", tensor.path))
                    });
                }
            }
        });
    }
    true
}

#[test]
fn drawn_networks_give_what_their_operators_give() {
    let exact = (0..NETS).filter(|&seed| is_exactly_the_same(&drawn(seed), seed)).count();
    assert!(exact as u64 > NETS / 2, "{exact} networks stay within what is exact");
}

/// What stands between takes and their concatenation in the order of nodes: a sum that could be written over what the takes read, another
/// concatenation that reads it, and a convolution that reads one of the takes itself.
#[test]
fn takes_are_read_where_their_concatenation_stands() {
    for which in 0..3 {
        let mut net = GraphBuilder::new("between");
        let image = net.input("image", Shape::new(5, 4, 3));
        let base = net.add(Conv::new(20, 1), &[image]);
        let takes = [17, 2, 9].map(|after| net.add(Take { width: 3, after }, &[base]));
        let beside = match which {
            0 => net.add(Conv::new(20, 1), &[image]),
            1 => net.add(Concat, &[image, base]),
            _ => net.add(Conv::new(7, 1), &[takes[1]]),
        };
        let gather = net.add(Concat, &takes);
        let beside = if which == 0 { net.add(Add, &[base, beside]) } else { beside };
        let join = net.add(Concat, &[beside, gather]);
        let last = net.add(Conv::new(3, 1), &[join]);
        net.output("main", last);
        assert!(is_exactly_the_same(&net.finish().expect("fits"), which), "network {which} is exact");
    }
}

/// A norm whose rectifier is read by a gather and, before that, by what works in place over it: the gather's gradient comes first.
#[test]
fn a_gather_behind_a_norm_leaves_gradients_alone() {
    let mut net = GraphBuilder::new("norm");
    let image = net.input("image", Shape::new(20, 6, 5));
    let relu = |function| Op::from(Activation { function });
    let before = net.layer("before", [Conv::new(20, 1).into(), BatchNorm::default().into(), relu(Function::Relu)], &[image]);
    let takes = [3, 17, 4].map(|after| net.add(Take { width: 3, after }, &[before]));
    let above = net.layer("above", [relu(Function::Relu6)], &[before]);
    let gather = net.add(Concat, &takes);
    let join = net.add(Concat, &[gather, above]);
    let node = net.layer("behind", [Conv::new(4, 3).into()], &[join]);
    net.output("main", node);
    let graph = net.finish().expect("fits");
    let (images, state, learning) = (4, numbers(&graph, 7), Learning::of(&graph));
    let inputs = [batch(Shape::new(20, 6, 5), images, 11)];
    let d_outputs = [batch(graph.node(node).shape, images, 13)];
    let truth = oracle(&graph, &learning, &state, &inputs, &d_outputs, images);
    for arch in archs() {
        let mut training = Training::new(&graph, &learning, images, arch.into());
        let (mut after, mut gradients) = (state.clone(), State::zeros(Arc::clone(state.layout())));
        training.forward(&mut after, &[&inputs[0]], 0, 0);
        training.backward(&after, &[&d_outputs[0]], &mut gradients);
        for (number, tensor) in state.layout().tensors().iter().enumerate().filter(|(_, tensor)| tensor.param.role.is_parameter())
        {
            let apart = distance(gradients.tensor(number), &truth.tensors[number]);
            // A bias in front of a norm has no gradient but rounding.
            assert!(apart < 1e-4 || tensor.path.contains("bias"), "{arch}, gradient of {}: {apart:e}", tensor.path);
        }
    }
}

/// A concatenation of takes is one step, and one that only puts all channels in another order for a convolution is none.
#[test]
fn takes_are_computed_with_their_concatenation() {
    let mut net = GraphBuilder::new("gathers");
    let image = net.input("image", Shape::new(40, 4, 4));
    let some = [1, 30, 17].map(|after| net.add(Take { width: 2, after }, &[image]));
    let gather = net.add(Concat, &some);
    let conv = net.add(Conv::new(32, 1), &[gather]);
    let halves = [16, 0].map(|after| net.add(Take { width: 16, after }, &[conv]));
    let turned = net.add(Concat, &halves);
    let last = net.add(Conv::new(8, 1), &[turned]);
    net.output("main", last);
    let graph = net.finish().expect("fits");
    let state = numbers(&graph, 7);
    let mut inference =
        Inference::new(&graph, &state, &InferencePlan { images: 1, kernels: archs()[0].into(), keep: &[], fused: true });
    let profile = profile_inference(&graph, &mut inference, &[&batch(Shape::new(40, 4, 4), 1, 11)], None, |_| true);
    let steps: Vec<Algorithm> = profile.steps.iter().map(|step| step.algorithm).collect();
    assert_eq!(steps, [Algorithm::Gather, Algorithm::Pointwise, Algorithm::Nothing, Algorithm::Pointwise]);
}

/// Few channels in blocks of their own, as a concatenation leaves them, in front of a convolution that tiles would fold.
#[test]
fn few_channels_in_several_blocks_are_all_read() {
    let mut net = GraphBuilder::new("folded");
    let image = net.input("image", Shape::new(3, 24, 24));
    let parts = [1, 2].map(|width| net.add(Conv::new(width, 1), &[image]));
    let join = net.add(Concat, &parts);
    let node =
        net.add(Conv { window: nas::op::Window { stride: [2, 2], ..Conv::new(16, 7).window }, ..Conv::new(16, 7) }, &[join]);
    net.output("main", node);
    let graph = net.finish().expect("fits");
    let state = numbers(&graph, 7);
    let inputs = [batch(Shape::new(3, 24, 24), 2, 11)];
    let truth = values(&graph, &state, &inputs, 2);
    for arch in archs() {
        let mut inference =
            Inference::new(&graph, &state, &InferencePlan { images: 2, kernels: arch.into(), keep: &[], fused: true });
        run(&mut inference, &inputs);
        let apart = distance(&inference.output(0), &truth[node.index()]);
        assert!(apart < 1e-4, "{arch}: {apart:e}");
    }
}

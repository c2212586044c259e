//! Inference on every built-in network.

use nas::base::Shape;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::exec::Kernels;
use nas::graph::Graph;
use nas::graph::NodeIndex;

use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use crate::built_in::built_in;
use crate::oracle::archs;
use crate::oracle::batch;
use crate::oracle::distance;
use crate::oracle::images;
use crate::oracle::nets;
use crate::oracle::numbers;
use crate::oracle::run;
use crate::oracle::values;

/// What rounding in `f32` may do on the way through a network, as a share of the size of the result.
const TOLERANCE: f64 = 2e-3;
/// How many times the rounding of taps that of tiles may be: whole networks stay below four, modules of 5x5 windows alone do not.
const TILES: f64 = 6.0;
/// Rounding below which nothing is told from it.
const LEAST: f64 = 1e-6;

/// A network at the smallest of some input sizes that it takes.
pub(crate) fn reduced(name: &str) -> Graph {
    let graph = built_in(name);
    let inputs: Vec<NodeIndex> = graph.inputs().collect();
    let sizes = [33, 40, 48, 64, 75, 96, 139, 171, 203];
    let fitting = sizes.iter().find_map(|&size| {
        let shapes: Vec<(NodeIndex, Shape)> = inputs
            .iter()
            .map(|&input| (input, graph.node(input).shape))
            .map(|(input, shape)| (input, Shape::new(shape.c, size.min(shape.h), size.min(shape.w))))
            .collect();
        graph.with_inputs(&shapes).ok()
    });
    fitting.unwrap_or(graph)
}

fn compare(name: &str, graph: &Graph) {
    let images = images(graph, 400, 1);
    let state = numbers(graph, 7);
    let inputs: Vec<Vec<f32>> = graph.inputs().map(|input| batch(graph.node(input).shape, images, 11)).collect();
    let truth = values(graph, &state, &inputs, images);
    for arch in archs() {
        let mut apart_by = [Vec::new(), Vec::new()];
        for (fused, winograd) in [(true, true), (false, true), (true, false)] {
            let kernels = Kernels { winograd, ..arch.into() };
            let mut inference = Inference::new(graph, &state, &InferencePlan { images, kernels, keep: &[], fused });
            // Twice: a second batch finds what the first left in the arena.
            for _ in 0..2 {
                run(&mut inference, &inputs);
                let outputs = graph.outputs().iter().filter(|output| !output.train_only);
                for (number, output) in outputs.enumerate() {
                    let apart = distance(&inference.output(number), &truth[output.node.index()]);
                    assert!(apart < TOLERANCE, "{name}, {kernels:?}, fused: {fused}, `{}`: {apart:e}", output.name);
                    if fused {
                        apart_by[usize::from(winograd)].push(apart);
                    }
                }
            }
        }
        // Tiles round more than taps, and not by much.
        for (taps, tiles) in apart_by[0].iter().zip(&apart_by[1]) {
            assert!(*tiles <= TILES * taps.max(LEAST), "{name}, {arch}: {tiles:e} by tiles, {taps:e} tap by tap");
        }
    }
}

#[test]
fn every_network_at_a_small_size() {
    nets().par_iter().for_each(|name| compare(name, &reduced(name)));
}

/// Kept values are those of the oracle, whatever would have been fused with them or computed over them: all at once, and some alone.
#[test]
fn kept_values_are_not_overwritten() {
    let wanted = nets();
    let some = ["googlenet", "cifar-inception", "densenet121", "mobilenet_v2", "shufflenet_v2_x1_0", "inception-v4"];
    some.par_iter().filter(|name| wanted.contains(name)).for_each(|name| {
        let graph = reduced(name);
        let images = 1;
        let state = numbers(&graph, 7);
        let inputs: Vec<Vec<f32>> = graph.inputs().map(|input| batch(graph.node(input).shape, images, 11)).collect();
        let truth = values(&graph, &state, &inputs, images);
        let computed = graph.in_inference();
        let all: Vec<NodeIndex> = graph.nodes().filter(|&node| computed[node.index()] && graph.node(node).op.is_some()).collect();
        let alone = all.iter().step_by(all.len() / 12).map(std::slice::from_ref);
        for keep in alone.chain([&all[..]]) {
            for fused in [true, false] {
                let arch = archs()[0];
                let mut inference = Inference::new(&graph, &state, &InferencePlan { images, kernels: arch.into(), keep, fused });
                run(&mut inference, &inputs);
                for &node in keep {
                    let apart = distance(&inference.value(node), &truth[node.index()]);
                    assert!(apart < TOLERANCE, "{name}, {} kept, fused: {fused}, `{}`: {apart:e}", keep.len(), graph.path(node));
                }
            }
        }
    });
}

#[test]
fn two_networks_at_full_size() {
    let wanted = nets();
    for name in ["googlenet", "cifar-inception"].into_iter().filter(|name| wanted.contains(name)) {
        compare(name, &built_in(name));
    }
}

/// Three images are three groups here, for their values would not stay in the cache together and the weights are few: each is computed as it is
/// alone, to the last bit and by any number of threads, in as many arenas as there are threads for groups.
#[test]
fn a_batch_in_groups_is_its_images_one_by_one() {
    let wanted = nets();
    if !wanted.contains(&"googlenet-torchvision") {
        return;
    }
    let graph = built_in("googlenet-torchvision");
    let (state, kernels) = (numbers(&graph, 7), Kernels::from(archs()[0]));
    let image = graph.inputs().map(|input| graph.node(input).shape).next().unwrap();
    let inputs = batch(image, 3, 11);
    let plan = |images| InferencePlan { images, kernels, keep: &[], fused: true };
    let mut alone = Inference::new(&graph, &state, &plan(1));
    let mut expected = Vec::new();
    for input in inputs.chunks_exact(image.elements() as usize) {
        alone.run(&[input]);
        expected.extend(alone.output(0));
    }
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut together = Inference::new(&graph, &state, &plan(3));
            assert_eq!(together.room().arena, threads.min(3) as u64 * alone.room().arena);
            for _ in 0..2 {
                together.run(&[&inputs]);
                assert!(together.output(0) == expected, "{threads} threads");
            }
        });
    }
}

//! The schedule's law: a network run in shared memory, every dead tensor poisoned, reads at each step what a run with memory for
//! every tensor reads, and never has more alive than the schedule says. It runs twice: with a vector for each memory, and in one flat arena
//! at the offsets of `place`.

use std::collections::HashMap;

#[path = "../networks/built_in.rs"]
mod built_in;
mod nets;
mod placement;
mod training;

use nas::base::Shape;
use nas::graph::Extent;
use nas::graph::Graph;
use nas::graph::NodeIndex;
use nas::graph::Schedule;
use nas::graph::place;
use nas::op::Forward;
use nas::op::Op;
use nas::op::Storage;
use nas::op::View;
use nas::op::ViewMut;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::nets::number;
use crate::nets::random_net;

/// Values of one node, given those of its inputs.
fn run(op: &Op, shapes: &[Shape], inputs: &[&[f64]], out: Shape, params: &[Vec<f64>]) -> Vec<f64> {
    let views: Vec<View<'_, f64>> = inputs.iter().zip(shapes).map(|(data, &shape)| View { data, images: 1, shape }).collect();
    let params: Vec<&[f64]> = params.iter().map(Vec::as_slice).collect();
    let mut data = vec![f64::NAN; out.elements() as usize];
    op.forward(Forward::inference(&views, ViewMut { data: &mut data, images: 1, shape: out }, &params));
    data
}

fn tensors_of(op: &Op, shapes: &[Shape], rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let params = op.params(shapes);
    let filled = params.iter().map(|param| (0..param.dims.elements()).map(|_| number(rng).abs() + 0.5).collect());
    filled.collect()
}

/// Where a node's value begins in its memory: views begin later than their source.
fn offset(graph: &Graph, node: NodeIndex) -> usize {
    let op = graph.node(node).op.as_ref();
    match op.map(|op| op.storage(false)) {
        Some(Storage::View { after }) => {
            let source = graph.sources(node)[0];
            offset(graph, source) + after as usize * graph.node(node).shape.pixels() as usize
        }
        _ => 0,
    }
}

fn check(graph: &Graph, rng: &mut ChaCha8Rng) {
    let needed = graph.in_inference();
    let schedule = Schedule::inference(graph);
    let memory = |node: NodeIndex| schedule.memory[node.index()];
    let needed_nodes = || graph.nodes().filter(|node| needed[node.index()]);
    // When each memory is read for the last time, found from the readers alone.
    let mut last: HashMap<NodeIndex, usize> = HashMap::new();
    for node in needed_nodes() {
        let is_result = graph.outputs().iter().any(|output| output.node == node);
        let readers = graph.readers(node).filter(|reader| needed[reader.index()]).map(NodeIndex::index);
        let read = readers.chain([if is_result { usize::MAX } else { node.index() }]).max().expect("not empty");
        let entry = last.entry(memory(node)).or_default();
        *entry = read.max(*entry);
    }
    let mut steps = schedule.steps.iter().map(|step| (step.node, step.live)).collect::<HashMap<_, _>>();
    let extents: Vec<Extent> = schedule.buffers.iter().map(|buffer| buffer.extent(1, 1)).collect();
    let placed = place(&extents, 4);
    let begins: HashMap<NodeIndex, u64> =
        schedule.buffers.iter().zip(&placed.offsets).map(|(buffer, &offset)| (buffer.node, offset)).collect();
    let mut arena = vec![f64::NAN; placed.arena as usize];
    let flat = |node: NodeIndex, size: usize| {
        let start = begins[&memory(node)] as usize + offset(graph, node);
        start..start + size
    };
    let mut plain: HashMap<NodeIndex, Vec<f64>> = HashMap::new();
    let mut shared: HashMap<NodeIndex, Vec<f64>> = HashMap::new();
    for node in needed_nodes() {
        let shape = graph.node(node).shape;
        let size = shape.elements() as usize;
        match &graph.node(node).op {
            None => {
                let image: Vec<f64> = (0..size).map(|_| number(rng)).collect();
                arena[flat(node, size)].copy_from_slice(&image);
                plain.insert(node, image.clone());
                shared.insert(node, image);
            }
            Some(op) => {
                let (sources, shapes) = (graph.sources(node), graph.input_shapes(node));
                let tensors = tensors_of(op, &shapes, rng);
                for &source in &sources {
                    let start = offset(graph, source);
                    let seen = &shared[&memory(source)][start..start + plain[&source].len()];
                    assert_eq!(seen, &plain[&source][..], "{} reads {}", graph.path(node), graph.path(source));
                    let seen = &arena[flat(source, plain[&source].len())];
                    assert_eq!(seen, &plain[&source][..], "{} reads {} in the arena", graph.path(node), graph.path(source));
                }
                let inputs: Vec<&[f64]> = sources.iter().map(|source| &plain[source][..]).collect();
                let value = run(op, &shapes, &inputs, shape, &tensors);
                let start = offset(graph, node);
                let home = shared.entry(memory(node)).or_insert_with(|| vec![f64::NAN; size]);
                home[start..start + size].copy_from_slice(&value);
                arena[flat(node, size)].copy_from_slice(&value);
                plain.insert(node, value);
            }
        }
        if let Some(live) = steps.remove(&node) {
            let alive: usize = shared.values().map(Vec::len).sum();
            assert_eq!(alive as u64, live, "live at {}", graph.path(node));
        }
        shared.retain(|home, values| {
            let lives = last[home] > node.index();
            if !lives {
                let start = begins[home] as usize;
                arena[start..start + values.len()].fill(f64::NAN);
            }
            lives
        });
    }
    assert!(steps.is_empty(), "each step is a node of inference");
    for output in graph.outputs().iter().filter(|output| !output.train_only) {
        let start = offset(graph, output.node);
        let kept = &shared[&memory(output.node)][start..start + plain[&output.node].len()];
        assert_eq!(kept, &plain[&output.node][..], "result {}", output.name);
        assert_eq!(&arena[flat(output.node, kept.len())], kept, "result {} in the arena", output.name);
    }
}

#[test]
fn random_networks_run_in_shared_memory() {
    for seed in 0..400 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let graph = random_net(&mut rng);
        check(&graph, &mut rng);
    }
}

#[test]
fn memory_is_shared_at_all() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let shared = (0..100).filter(|_| {
        let graph = random_net(&mut rng);
        let schedule = Schedule::inference(&graph);
        graph.nodes().any(|node| schedule.memory[node.index()] != node)
    });
    assert!(shared.count() > 50);
}

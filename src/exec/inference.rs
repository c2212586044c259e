//! A network made ready to be run on batches of one size.

use std::time::Duration;
use std::time::Instant;

use crate::exec::Kernels;
use crate::exec::Room;
use crate::exec::arena::Arena;
use crate::exec::map::Map;
use crate::exec::plan::Fused;
use crate::exec::plan::Homes;
use crate::exec::plan::Packed;
use crate::exec::plan::Site;
use crate::exec::plan::fuse;
use crate::exec::plan::lower;
use crate::exec::profile::Timed;
use crate::exec::steps::unpacked;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Schedule;
use crate::graph::State;
use crate::kernel::Arch;

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct InferencePlan<'a> {
    /// Images of a batch.
    pub images: usize,
    /// What kernels are chosen from.
    pub kernels: Kernels,
    /// Nodes whose values can be read afterwards, beside the results.
    pub keep: &'a [NodeIndex],
    /// Whether nodes are fused and branches write into their concatenation; else every node is a step, and unless values are kept in the
    /// memory that the graph's schedule says.
    pub fused: bool,
}

/// A network ready to run.
#[derive(Debug)]
pub struct Inference {
    images: usize,
    arch: Arch,
    sites: Vec<(Site, Packed)>,
    maps: Vec<Option<Map>>,
    inputs: Vec<Map>,
    outputs: Vec<NodeIndex>,
    arena: Arena,
    room: Room,
}

impl Inference {
    /// Plans a network with these numbers; heads for training only are left out.
    pub fn new(graph: &Graph, state: &State, plan: &InferencePlan<'_>) -> Inference {
        let chosen = graph.in_inference();
        let mut kept = vec![false; chosen.len()];
        let outputs: Vec<NodeIndex> =
            graph.outputs().iter().filter(|output| !output.train_only).map(|output| output.node).collect();
        outputs.iter().chain(plan.keep).for_each(|node| kept[node.index()] = true);
        let last = last_readers(graph, &chosen, &kept);
        let alone = || graph.nodes().filter(|&node| chosen[node.index()] && graph.node(node).op.is_some()).map(Fused::alone);
        let steps: Vec<Fused> = if plan.fused { fuse(graph, &chosen, &kept) } else { alone().collect() };
        // The graph's schedule lets a node work in place over one that is kept.
        let homes = if plan.fused || !plan.keep.is_empty() {
            Homes::of_steps(graph, plan.images, &steps, &last)
        } else {
            Homes::of_schedule(graph, plan.images, &Schedule::inference(graph).memory, &last, &chosen)
        };
        let (maps, room) = homes.placed(graph);
        let map = |node: NodeIndex| maps[node.index()].clone().expect("a map for every value that is read");
        let site = |step: &Fused| {
            let inputs: Vec<Map> = graph.sources(step.node).into_iter().map(map).collect();
            let out = map(step.out());
            let (work, packed) = lower(graph, state, plan.kernels, *step, &inputs, &out);
            (Site { nodes: step.nodes(), work, inputs, out }, packed)
        };
        let sites: Vec<(Site, Packed)> = steps.iter().map(site).collect();
        let inputs = graph.inputs().filter_map(|input| maps[input.index()].clone()).collect();
        let arena = Arena::new((room.arena / size_of::<f32>() as u64) as usize);
        let packed = sites.iter().map(|(_, packed)| packed.elements() * size_of::<f32>()).sum::<usize>();
        let of_thread = sites.iter().map(|(site, _)| site.work.room()).max().unwrap_or(0) * size_of::<f32>();
        let scratch = (of_thread * rayon::current_num_threads()) as u64;
        let room = Room { packed: packed as u64, scratch, ..room };
        Inference { images: plan.images, arch: plan.kernels.arch, sites, maps, inputs, outputs, arena, room }
    }

    /// Runs a batch: for each of the network's inputs `[image, channel, row, column]`.
    ///
    /// # Panics
    /// If an input has another number of elements.
    pub fn run(&mut self, inputs: &[&[f32]]) {
        self.take(inputs);
        for (site, packed) in &self.sites {
            site.run(self.arch, packed, &mut self.arena);
        }
    }

    /// Lays a batch into the arena.
    fn take(&mut self, inputs: &[&[f32]]) {
        assert_eq!(inputs.len(), self.inputs.len(), "one batch for each input of the network");
        for (map, plain) in self.inputs.iter().zip(inputs) {
            assert_eq!(plain.len(), map.images * map.shape.elements() as usize, "a batch of {} images {}", map.images, map.shape);
            map.blocked().pack(plain, self.arena.get_mut(map.part()));
        }
    }

    /// Runs a batch as [`Self::run`] does, and takes the time of each step.
    pub(super) fn run_timed(&mut self, inputs: &[&[f32]]) -> Vec<Duration> {
        self.take(inputs);
        let timed = |(site, packed): &(Site, Packed)| {
            let begun = Instant::now();
            site.run(self.arch, packed, &mut self.arena);
            begun.elapsed()
        };
        self.sites.iter().map(timed).collect()
    }

    /// The steps, for a profile.
    pub(super) fn steps(&self) -> Vec<Timed> {
        let step = |(site, _): &(Site, Packed)| Timed { nodes: site.nodes.clone(), algorithm: site.algorithm(), passes: 1 };
        self.sites.iter().map(step).collect()
    }

    /// A result of the last batch, by its place among those of inference: `[image, channel, row, column]`.
    pub fn output(&self, number: usize) -> Vec<f32> {
        self.value(self.outputs[number])
    }

    /// The value of a result or a kept node for the last batch: `[image, channel, row, column]`.
    ///
    /// # Panics
    /// If the node's value is not computed; that of a node that was not kept may be overwritten.
    pub fn value(&self, node: NodeIndex) -> Vec<f32> {
        let map = self.maps[node.index()].as_ref().expect("a node that is computed");
        unpacked(map, self.arena.get(map.part()))
    }

    /// Images of a batch.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The instruction set.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Its memory.
    pub fn room(&self) -> Room {
        self.room
    }
}

/// For each node the last of the chosen that reads it; kept ones are read at the end.
fn last_readers(graph: &Graph, chosen: &[bool], kept: &[bool]) -> Vec<usize> {
    let mut last = vec![0; chosen.len()];
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        for source in graph.sources(node) {
            last[source.index()] = node.index();
        }
    }
    for (last, _) in last.iter_mut().zip(kept).filter(|(_, kept)| **kept) {
        *last = usize::MAX;
    }
    last
}

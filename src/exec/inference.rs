//! A network made ready to be run on batches of one size.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use rayon::iter::IndexedParallelIterator;
use rayon::iter::IntoParallelRefMutIterator;
use rayon::iter::ParallelIterator;

use crate::exec::Kernels;
use crate::exec::Room;
use crate::exec::arena::Arena;
use crate::exec::map::Map;
use crate::exec::plan::Fused;
use crate::exec::plan::Gathers;
use crate::exec::plan::Homes;
use crate::exec::plan::Packed;
use crate::exec::plan::Site;
use crate::exec::plan::Traffic;
use crate::exec::plan::Work;
use crate::exec::plan::fuse;
use crate::exec::plan::group;
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
    pub kernels: Kernels<'a>,
    /// Nodes whose values can be read afterwards, beside the results.
    pub keep: &'a [NodeIndex],
    /// Whether nodes are fused, branches write into their concatenation, and the batch is computed in groups of images unless nodes are kept; else every node is a step, and unless values are kept in the
    /// memory that the graph's schedule says.
    pub fused: bool,
}

/// A network ready to run.
#[derive(Debug)]
pub struct Inference {
    images: usize,
    arch: Arch,
    sites: Vec<(Site, Packed)>,
    /// Of a group of images.
    maps: Vec<Option<Map>>,
    inputs: Vec<Map>,
    outputs: Vec<NodeIndex>,
    /// Groups that a batch is computed in.
    groups: usize,
    /// For each group that is computed at a time the memory of its values.
    arenas: Vec<Arena>,
    /// The results of the last batch.
    results: Vec<Vec<f32>>,
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
        let gathers = if plan.fused { Gathers::of(graph, &chosen, &kept) } else { Gathers::none(graph) };
        let last = last_readers(graph, &chosen, &kept, &gathers);
        let alone = || graph.nodes().filter(|&node| chosen[node.index()] && graph.node(node).op.is_some()).map(Fused::alone);
        let steps: Vec<Fused> = if plan.fused { fuse(graph, &chosen, &kept, &gathers) } else { alone().collect() };
        // The graph's schedule lets a node work in place over one that is kept.
        let homes = |images: usize| {
            if plan.fused || !plan.keep.is_empty() {
                Homes::of_steps(graph, images, &steps, &gathers, &last)
            } else {
                Homes::of_schedule(graph, images, &Schedule::inference(graph).memory, &last, &chosen)
            }
        };
        let group = if plan.fused && plan.keep.is_empty() && plan.images > 1 {
            let (_, of_image) = homes(1).placed(graph);
            group(plan.images, &Traffic::of(graph, &steps, &gathers, of_image.arena))
        } else {
            plan.images
        };
        let groups = plan.images / group.max(1);
        let (maps, room) = homes(group).placed(graph);
        let map = |node: NodeIndex| maps[node.index()].clone().expect("a map for every value that is read");
        let site = |step: &Fused| {
            let inputs: Vec<Map> = step.sources(graph, &gathers).into_iter().map(map).collect();
            let out = map(step.out());
            let (work, packed) = match gathers.gathering(graph, step.node, &inputs, &out) {
                Some(gathering) => (Work::Gather(gathering), Packed::default()),
                None => lower(graph, state, plan.kernels.of(step.node), *step, &inputs, &out),
            };
            (Site { nodes: step.nodes(), work, inputs, out }, packed)
        };
        let sites: Vec<(Site, Packed)> = steps.iter().map(site).collect();
        let inputs = graph.inputs().filter_map(|input| maps[input.index()].clone()).collect();
        let together = groups.clamp(1, rayon::current_num_threads());
        let arena = (room.arena / size_of::<f32>() as u64) as usize;
        let arenas = (0..together).map(|_| Arena::new(arena)).collect();
        let packed = sites.iter().map(|(_, packed)| packed.elements() * size_of::<f32>()).sum::<usize>();
        let of_thread = sites.iter().map(|(site, _)| site.work.room()).max().unwrap_or(0) * size_of::<f32>();
        let scratch = (of_thread * rayon::current_num_threads()) as u64;
        let room = Room { packed: packed as u64, scratch, ..room.times(together as u64) };
        let results = Vec::new();
        Inference { images: plan.images, arch: plan.kernels.arch, sites, maps, inputs, outputs, groups, arenas, results, room }
    }

    /// Runs a batch: for each of the network's inputs `[image, channel, row, column]`.
    ///
    /// # Panics
    /// If an input has another number of elements.
    pub fn run(&mut self, inputs: &[&[f32]]) {
        self.check(inputs);
        let mut arenas = std::mem::take(&mut self.arenas);
        // Each arena takes the next group, so that nobody waits for anybody before the last one.
        let next = AtomicUsize::new(0);
        let run = |arena: &mut Arena| {
            let mut found = Vec::new();
            while let Some(group) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&group| group < self.groups) {
                self.run_group(inputs, group, arena, |site, packed, arena| site.run(self.arch, packed, arena));
                found.push((group, self.results_of(arena)));
            }
            found
        };
        let found = arenas.par_iter_mut().with_max_len(1).map(run).reduce(Vec::new, |all, more| [all, more].concat());
        self.results = self.joined(found);
        self.arenas = arenas;
    }

    fn check(&self, inputs: &[&[f32]]) {
        assert_eq!(inputs.len(), self.inputs.len(), "one batch for each input of the network");
        for (map, plain) in self.inputs.iter().zip(inputs) {
            assert_eq!(
                plain.len(),
                self.images * map.shape.elements() as usize,
                "a batch of {} images {}",
                self.images,
                map.shape
            );
        }
    }

    /// Lays a group into an arena and runs its steps by `step`.
    fn run_group(&self, inputs: &[&[f32]], group: usize, arena: &mut Arena, mut step: impl FnMut(&Site, &Packed, &mut Arena)) {
        for (map, plain) in self.inputs.iter().zip(inputs) {
            let count = map.images * map.shape.elements() as usize;
            map.blocked().pack(&plain[group * count..][..count], arena.get_mut(map.part()));
        }
        for (site, packed) in &self.sites {
            step(site, packed, arena);
        }
    }

    /// The results of a group.
    fn results_of(&self, arena: &Arena) -> Vec<Vec<f32>> {
        self.outputs.iter().map(|&node| self.unpacked(node, arena)).collect()
    }

    /// The results of a batch from those of its groups.
    fn joined(&self, mut found: Vec<(usize, Vec<Vec<f32>>)>) -> Vec<Vec<f32>> {
        found.sort_unstable_by_key(|(group, _)| *group);
        let result = |number: usize| found.iter().flat_map(|(_, results)| &results[number]).copied().collect();
        (0..self.outputs.len()).map(result).collect()
    }

    fn unpacked(&self, node: NodeIndex, arena: &Arena) -> Vec<f32> {
        let map = self.maps[node.index()].as_ref().expect("a node that is computed");
        unpacked(map, arena.get(map.part()))
    }

    /// Runs a batch group by group, and takes the time of each step, the sum over groups.
    pub(super) fn run_timed(&mut self, inputs: &[&[f32]]) -> Vec<Duration> {
        self.check(inputs);
        let mut arenas = std::mem::take(&mut self.arenas);
        let mut times = vec![Duration::ZERO; self.sites.len()];
        for group in 0..self.groups {
            let mut slots = times.iter_mut();
            self.run_group(inputs, group, &mut arenas[0], |site, packed, arena| {
                let begun = Instant::now();
                site.run(self.arch, packed, arena);
                *slots.next().expect("a time for each step") += begun.elapsed();
            });
        }
        self.arenas = arenas;
        times
    }

    /// Whether groups of a batch are computed side by side.
    pub(super) fn is_parallel(&self) -> bool {
        self.arenas.len() > 1
    }

    /// The steps, for a profile.
    pub(super) fn steps(&self) -> Vec<Timed> {
        let step = |(site, _): &(Site, Packed)| Timed {
            nodes: site.nodes.clone(),
            algorithm: site.algorithm(),
            passes: vec![site.work.products().map(|of_group| of_group * self.groups as u64)],
        };
        self.sites.iter().map(step).collect()
    }

    /// A result of the last batch, by its place among those of inference: `[image, channel, row, column]`.
    pub fn output(&self, number: usize) -> Vec<f32> {
        self.results[number].clone()
    }

    /// The value of a result or a kept node for the last batch: `[image, channel, row, column]`.
    ///
    /// # Panics
    /// If the node's value is not computed; that of a node that was not kept may be overwritten.
    pub fn value(&self, node: NodeIndex) -> Vec<f32> {
        match self.outputs.iter().position(|&output| output == node) {
            Some(number) => self.output(number),
            None => self.unpacked(node, &self.arenas[0]),
        }
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
fn last_readers(graph: &Graph, chosen: &[bool], kept: &[bool], gathers: &Gathers) -> Vec<usize> {
    let mut last = vec![0; chosen.len()];
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        for source in gathers.sources(graph, node) {
            last[source.index()] = node.index();
        }
    }
    for (last, _) in last.iter_mut().zip(kept).filter(|(_, kept)| **kept) {
        *last = usize::MAX;
    }
    last
}

//! A network made ready for training steps over batches of one size.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use crate::exec::Kernels;
use crate::exec::Room;
use crate::exec::arena::Arena;
use crate::exec::map::Map;
use crate::exec::plan::Done;
use crate::exec::plan::Gathers;
use crate::exec::plan::Lesson;
use crate::exec::plan::Lifetimes;
use crate::exec::plan::Rectifiers;
use crate::exec::plan::Setting;
use crate::exec::plan::TrainingSite;
use crate::exec::plan::Wanted;
use crate::exec::plan::high_of;
use crate::exec::plan::leaves;
use crate::exec::plan::teach;
use crate::exec::profile::Timed;
use crate::exec::running::Desk;
use crate::exec::running::Numbers;
use crate::exec::steps::unpacked;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::graph::TrainingSchedule;
use crate::kernel::Arch;
use crate::op::Keeps;
use crate::op::Key;
use crate::op::Mode;

/// A network ready to be trained: forward, then backward from the gradients of its results.
#[derive(Debug)]
pub struct Training {
    images: usize,
    arch: Arch,
    sites: Vec<TrainingSite>,
    numbers: Vec<Numbers>,
    inputs: Vec<Map>,
    /// For each result its value, and its gradient where one is wanted with whether it is added to another's.
    outputs: Vec<(Map, Option<Wanted>)>,
    arena: Arena,
    scratch: Vec<f32>,
    mode: Mode,
    room: Room,
}

impl Training {
    /// Plans steps over batches of so many images, with all heads.
    pub fn new(graph: &Graph, learning: &Learning, images: usize, kernels: Kernels<'_>) -> Training {
        let chosen = graph.leading_to(|_| true);
        let mut kept = vec![false; graph.nodes().len()];
        graph.outputs().iter().for_each(|output| kept[output.node.index()] = true);
        let gathers = Gathers::of(graph, &chosen, &kept);
        let rectifiers = Rectifiers::of(graph, &chosen, &TrainingSchedule::new(graph, learning), &gathers);
        // A norm that does the whole rectifier behind it computes the rectifier's output anew.
        let finds = |node: NodeIndex, keeps: Keeps| Keeps {
            output: keeps.output && rectifiers.done[node.index()] != Done::Both,
            ..keeps
        };
        let schedule = TrainingSchedule::finding(graph, learning, finds);
        let saves = |node: NodeIndex, channels: &_| leaves(graph, images, node, channels);
        let lifetimes = Lifetimes::new(graph, (learning, &gathers), images, &schedule, saves);
        let value = |node: NodeIndex| lifetimes.values[node.index()].clone().expect("a map for every value");
        let gradient = |node: NodeIndex| lifetimes.gradients[node.index()].clone();
        let mut started = vec![false; graph.nodes().len()];
        let mut outputs = Vec::new();
        for output in graph.outputs() {
            let wanted = gradient(output.node).map(|map| Wanted { map, adds: started[output.node.index()] });
            started[output.node.index()] = true;
            outputs.push((value(output.node), wanted));
        }
        let mut sites = Vec::new();
        for node in graph.nodes().rev().filter(|&node| chosen[node.index()] && !gathers.is_absorbed(node)) {
            let Some(op) = &graph.node(node).op else { continue };
            let sources = gathers.sources(graph, node);
            let inputs: Vec<Map> = sources.iter().map(|&source| value(source)).collect();
            let out = value(node);
            let d_out = gradient(node);
            let d_inputs: Vec<Option<Wanted>> = sources
                .iter()
                .map(|&source| {
                    let map = gradient(source).filter(|_| d_out.is_some())?;
                    let adds = started[source.index()];
                    started[source.index()] = true;
                    Some(Wanted { map, adds })
                })
                .collect();
            let learns = learning.own(node);
            let setting = Setting {
                kernels: kernels.of(node),
                learns,
                hands_back: d_inputs.iter().any(Option::is_some),
                high: rectifiers.behind[node.index()],
            };
            let lesson = match (rectifiers.done[node.index()], high_of(Some(op))) {
                (Done::Both, _) => Lesson::Nothing,
                (Done::Forward, Some(high)) => Lesson::RectifyBackward(high),
                _ => match gathers.gathering(graph, node, &inputs, &out) {
                    Some(gathering) => Lesson::Gather(gathering),
                    None => teach(op, &inputs, &out, setting),
                },
            };
            let saved = lifetimes.saved[node.index()].clone();
            sites.push(TrainingSite { node, lesson, inputs, d_inputs, out, d_out, saved, learns });
        }
        sites.reverse();
        let numbers: Vec<Numbers> = sites.iter().map(|site| Numbers::new(&site.lesson, &site.out)).collect();
        let scratch = sites.iter().map(|site| Numbers::scratch(&site.lesson, &site.out)).max().unwrap_or(0);
        let inputs = graph.inputs().map(value).collect();
        let arena = Arena::new((lifetimes.room.arena / size_of::<f32>() as u64) as usize);
        let mode = Mode::Train(Key { seed: 0, step: 0, node: 0 });
        let bytes = |elements: usize| (elements * size_of::<f32>()) as u64;
        let packed = bytes(numbers.iter().map(Numbers::elements).sum());
        let of_threads = sites.iter().map(|site| site.lesson.room()).max().unwrap_or(0) * rayon::current_num_threads();
        let room = Room { scratch: bytes(scratch + of_threads), packed, ..lifetimes.room };
        Training { images, arch: kernels.arch, sites, numbers, inputs, outputs, arena, scratch: vec![0.0; scratch], mode, room }
    }

    /// Runs a batch through all nodes: for each of the network's inputs `[image, channel, row, column]`. Running statistics in `state` are brought
    /// up to date; what is dropped hangs on `seed`, `step`, the node and the image.
    ///
    /// # Panics
    /// If an input has another number of elements.
    pub fn forward(&mut self, state: &mut State, inputs: &[&[f32]], seed: u64, step: u64) {
        self.forward_timed(state, inputs, seed, step);
    }

    /// [`Self::forward`], with the time of each step.
    pub(super) fn forward_timed(&mut self, state: &mut State, inputs: &[&[f32]], seed: u64, step: u64) -> Vec<Duration> {
        let mut times = Vec::with_capacity(self.sites.len());
        self.take(inputs);
        let mut begun = Instant::now();
        self.forward_watched(state, seed, step, |_, _| {
            times.push(begun.elapsed());
            begun = Instant::now();
        });
        times
    }

    /// Lays a batch into the arena.
    fn take(&mut self, inputs: &[&[f32]]) {
        assert_eq!(inputs.len(), self.inputs.len(), "one batch for each input of the network");
        for (map, plain) in self.inputs.iter().zip(inputs) {
            assert_eq!(plain.len(), map.images * map.shape.elements() as usize, "a batch of {} images {}", map.images, map.shape);
            map.blocked().pack(plain, self.arena.get_mut(map.part()));
        }
    }

    fn forward_watched(&mut self, state: &mut State, seed: u64, step: u64, mut after: impl FnMut(&TrainingSite, &Arena)) {
        self.mode = Mode::Train(Key { seed, step, node: 0 });
        for (site, numbers) in self.sites.iter().zip(&mut self.numbers) {
            site.forward(self.arch, numbers, &mut self.arena, state, of_node(self.mode, site.node));
            after(site, &self.arena);
        }
    }

    /// Runs a batch as [`Self::forward`] does, and looks at what each node gives: the first whose values are not all finite numbers.
    pub fn first_non_finite(&mut self, state: &mut State, inputs: &[&[f32]], seed: u64, step: u64) -> Option<NodeIndex> {
        let mut found = None;
        self.take(inputs);
        self.forward_watched(state, seed, step, |site, arena| {
            // Lanes of no channel are finite.
            let is_finite = arena.get(site.out.part()).iter().all(|value| value.is_finite());
            found = found.or_else(|| (!is_finite).then_some(site.node));
        });
        found
    }

    /// A result of the last forward, by its place among the graph's: `[image, channel, row, column]`. Backward writes over it.
    pub fn output(&self, number: usize) -> Vec<f32> {
        let (map, _) = &self.outputs[number];
        unpacked(map, self.arena.get(map.part()))
    }

    /// Adds the gradients of everything that learns, from those of each result, `[image, channel, row, column]`.
    pub fn backward(&mut self, state: &State, d_outputs: &[&[f32]], gradients: &mut State) {
        self.backward_timed(state, d_outputs, gradients);
    }

    /// [`Self::backward`], with the time of each step, in the order of forward.
    pub(super) fn backward_timed(&mut self, state: &State, d_outputs: &[&[f32]], gradients: &mut State) -> Vec<Duration> {
        assert_eq!(d_outputs.len(), self.outputs.len(), "a gradient for each result of the network");
        assert!(Arc::ptr_eq(state.layout(), gradients.layout()) || state.layout() == gradients.layout());
        for ((_, wanted), d_output) in self.outputs.iter().zip(d_outputs) {
            let Some(Wanted { map, adds }) = wanted else { continue };
            let mut packed = vec![0.0; map.elements()];
            map.blocked().pack(d_output, &mut packed);
            let target = self.arena.get_mut(map.part());
            if *adds {
                target.iter_mut().zip(packed).for_each(|(target, more)| *target += more);
            } else {
                target.copy_from_slice(&packed);
            }
        }
        let mut times = vec![Duration::ZERO; self.sites.len()];
        for ((site, numbers), time) in self.sites.iter().zip(&mut self.numbers).zip(&mut times).rev() {
            let begun = Instant::now();
            let mode = of_node(self.mode, site.node);
            let mut desk = Desk { arch: self.arch, arena: &mut self.arena, scratch: &mut self.scratch, mode };
            site.backward(&mut desk, numbers, state, gradients);
            *time = begun.elapsed();
        }
        times
    }

    /// The steps, for a profile.
    pub(super) fn steps(&self) -> Vec<Timed> {
        let step =
            |site: &TrainingSite| Timed { nodes: vec![site.node], algorithm: site.lesson.algorithm(), passes: site.passes() };
        self.sites.iter().map(step).collect()
    }

    /// Images of a batch.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The instruction set.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Its memory; weights, gradients and the optimizer's numbers are beside it.
    pub fn room(&self) -> Room {
        self.room
    }
}

/// The mode with a node's own random numbers.
fn of_node(mode: Mode, node: NodeIndex) -> Mode {
    match mode {
        Mode::Train(key) => Mode::Train(Key { node: node.index() as u32, ..key }),
        Mode::Infer => Mode::Infer,
    }
}

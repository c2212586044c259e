//! Forward and backward of training steps over the arena.

use crate::exec::arena::Arena;
use crate::exec::map::Map;
use crate::exec::pieces::for_pieces;
use crate::exec::plan::Contract;
use crate::exec::plan::Lesson;
use crate::exec::plan::TrainingSite;
use crate::exec::plan::Wanted;
use crate::exec::steps::Convolution;
use crate::exec::steps::Kept;
use crate::exec::steps::Operands;
use crate::exec::steps::Plain;
use crate::exec::steps::WeightGradients;
use crate::exec::steps::lrn_gradient;
use crate::exec::steps::naive_backward;
use crate::exec::steps::naive_forward;
use crate::exec::steps::rectify;
use crate::exec::steps::rectify_gradient;
use crate::exec::steps::respond;
use crate::exec::steps::sum;
use crate::exec::steps::sum_lanes;
use crate::graph::State;
use crate::kernel::Arch;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::kernel::add_in_place;
use crate::op::Mode;
use crate::op::Op;

/// What the steps of a backward share.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    /// The instruction set.
    pub(super) arch: Arch,
    /// Where values and gradients lie.
    pub(super) arena: &'a mut Arena,
    /// Memory for one step.
    pub(super) scratch: &'a mut [f32],
    /// Training, with the step's random numbers.
    pub(super) mode: Mode,
}

/// A step's tensors as its kernels read them, packed anew in each step.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    weights: Vec<f32>,
    turned: Vec<f32>,
}

impl Numbers {
    /// Room for them.
    pub(super) fn new(lesson: &Lesson, out: &Map) -> Numbers {
        match lesson {
            Lesson::Contract(contract) => Numbers {
                weights: vec![0.0; contract.forward.elements()],
                turned: vec![0.0; contract.backward.as_ref().map_or(0, Convolution::elements)],
            },
            Lesson::Depthwise(depthwise) => {
                Numbers { weights: vec![0.0; out.channels.blocks() * LANES * depthwise.taps.taps()], turned: Vec::new() }
            }
            _ => Numbers::default(),
        }
    }

    /// How many they are.
    pub(super) fn elements(&self) -> usize {
        self.weights.len() + self.turned.len()
    }

    /// Elements that the step needs beside.
    pub(super) fn scratch(lesson: &Lesson, out: &Map) -> usize {
        match lesson {
            Lesson::Contract(contract) => contract.weighing.as_ref().map_or(0, WeightGradients::scratch),
            Lesson::Depthwise(depthwise) => out.channels.blocks() * LANES * depthwise.taps.taps(),
            _ => 0,
        }
    }
}

impl TrainingSite {
    /// The planes of the first input and of the output.
    fn planes(&self) -> [usize; 2] {
        [self.inputs.first().map_or(0, Map::plane), self.out.plane()]
    }

    /// Computes the output, and what backward wants beside.
    pub(super) fn forward(&self, arch: Arch, numbers: &mut Numbers, arena: &mut Arena, state: &mut State, mode: Mode) {
        let planes = self.planes();
        let tensors = state.layout().of_node(self.node);
        match &self.lesson {
            Lesson::Nothing | Lesson::RectifyBackward(_) => {}
            Lesson::Contract(contract) => {
                contract.forward.pack(arch, state.tensor(tensors.start), &mut numbers.weights);
                let bias =
                    if tensors.len() > 1 { self.out.channels.spread(state.tensor(tensors.start + 1), 0.0) } else { Vec::new() };
                let (out, rest) = arena.split(self.out.part());
                let input = rest.get(self.inputs[0].part()).expect("an input beside the output");
                let operands = Operands { weights: &numbers.weights, bias: &bias, input, adds: false, clamp: contract.clamp };
                contract.forward.run(arch, &operands, planes, out);
            }
            Lesson::Depthwise(depthwise) => {
                depthwise.pack(&self.out.channels, state.tensor(tensors.start), &mut numbers.weights);
                let bias =
                    if tensors.len() > 1 { self.out.channels.spread(state.tensor(tensors.start + 1), 0.0) } else { Vec::new() };
                let (out, rest) = arena.split(self.out.part());
                let input = rest.get(self.inputs[0].part()).expect("an input beside the output");
                depthwise.run(arch, [&numbers.weights, &bias, input], planes, out);
            }
            Lesson::MaxPool(pool) => {
                let ([out, places], rest) = arena.split_two(&[self.out.part(), self.saved.clone()]);
                pool.max(arch, rest.get(self.inputs[0].part()), planes, out, places);
            }
            Lesson::AvgPool(pool) => {
                let (out, rest) = arena.split(self.out.part());
                pool.avg(arch, rest.get(self.inputs[0].part()).expect("an input beside the output"), planes, out);
            }
            Lesson::BatchNorm(norm) => {
                let [scale, shift] = [0, 1].map(|tensor| self.out.channels.spread(state.tensor(tensors.start + tensor), 0.0));
                let ([out, saved], rest) = arena.split_two(&[self.out.part(), self.saved.clone()]);
                let input = rest.get(self.inputs[0].part());
                // Where nothing up to here learns, no backward will ask for them.
                let mut unsaved = vec![0.0; if saved.is_empty() { 2 * scale.len() } else { 0 }];
                let saved = if saved.is_empty() { &mut unsaved } else { saved };
                let statistics = norm.forward(arch, &self.out, [input, &scale, &shift], out, saved);
                for (which, tensor) in [(0, tensors.start + 2), (1, tensors.start + 3)] {
                    let running = state.tensor_mut(tensor);
                    let (momentum, rest) = (norm.momentum as f32, (1.0 - norm.momentum) as f32);
                    for (statistic, &channel) in statistics.iter().zip(self.out.channels.of_lane()) {
                        if channel != Channels::NOBODY {
                            let running = &mut running[channel as usize];
                            *running = *running * rest + statistic[which] * momentum;
                        }
                    }
                }
            }
            Lesson::Rectify(high) => {
                let (out, rest) = arena.split(self.out.part());
                rectify(arch, rest.get(self.inputs[0].part()), *high, planes[1], out);
            }
            Lesson::Sum => {
                let (out, rest) = arena.split(self.out.part());
                let inputs: Vec<Option<&[f32]>> = self.inputs.iter().map(|map| rest.get(map.part())).collect();
                sum(arch, &inputs, planes[1], out);
            }
            Lesson::Respond(response) => {
                let (out, rest) = arena.split(self.out.part());
                respond(arch, *response, &self.out, rest.get(self.inputs[0].part()).expect("an input beside the output"), out);
            }
            Lesson::Join | Lesson::Copy => self.join(arena),
            Lesson::Gather(gathering) => {
                let (out, rest) = arena.split(self.out.part());
                let part = |map: &Map| rest.get(map.part()).expect("an input beside the output");
                let inputs: Vec<&[f32]> = self.inputs.iter().map(part).collect();
                gathering.run(arch, &inputs, planes[1], out);
            }
            Lesson::Naive(op) => self.naive_forward(op, arch, arena, state, mode),
        }
    }

    fn join(&self, arena: &mut Arena) {
        let mut begin = self.out.begin;
        for input in &self.inputs {
            let part = begin..begin + input.elements();
            begin = part.end;
            if part == input.part() {
                continue;
            }
            let (out, rest) = arena.split(part);
            let source = rest.get(input.part()).expect("a part beside what is joined");
            for_pieces(out, input.plane(), |block, at, out| {
                out.copy_from_slice(&source[block * input.plane() + at..][..out.len()]);
            });
        }
    }

    fn naive_forward(&self, op: &Op, arch: Arch, arena: &mut Arena, state: &mut State, mode: Mode) {
        let inputs: Vec<Plain> = self.inputs.iter().map(|map| Plain::of(map, arena.get(map.part()))).collect();
        let tensors = state.layout().of_node(self.node);
        let is_statistic = |tensor: &usize| !state.layout().tensors()[*tensor].param.role.is_parameter();
        let statistics: Vec<usize> = tensors.clone().filter(is_statistic).collect();
        let mut running: Vec<Vec<f32>> = statistics.iter().map(|&tensor| state.tensor(tensor).to_vec()).collect();
        let mut saved = Vec::new();
        let params: Vec<&[f32]> = tensors.map(|tensor| state.tensor(tensor)).collect();
        let slices = running.iter_mut().map(Vec::as_mut_slice).collect();
        let result = naive_forward(op, &inputs, &params, &self.out, mode, slices, Some(&mut saved));
        for (&tensor, running) in statistics.iter().zip(&running) {
            state.tensor_mut(tensor).copy_from_slice(running);
        }
        result.put(arch, arena.get_mut(self.out.part()), false);
        if !self.saved.is_empty() {
            arena.get_mut(self.saved.clone()).copy_from_slice(&saved);
        }
    }

    /// Adds the gradients that are wanted.
    pub(super) fn backward(&self, desk: &mut Desk<'_>, numbers: &mut Numbers, state: &State, gradients: &mut State) {
        let Some(d_out) = &self.d_out else { return };
        let (arch, arena, scratch) = (desk.arch, &mut *desk.arena, &mut *desk.scratch);
        let (planes, tensors) = (self.planes(), state.layout().of_node(self.node));
        let wanted = self.d_inputs.first().and_then(Option::as_ref);
        match &self.lesson {
            Lesson::Nothing => {}
            Lesson::Contract(contract) => self.contract_backward(contract, desk, numbers, state, gradients),
            Lesson::Depthwise(depthwise) => {
                if self.learns {
                    let [input, d_out] = [arena.get(self.inputs[0].part()), arena.get(d_out.part())];
                    let scratch = &mut scratch[..numbers.weights.len()];
                    let d_weights = gradients.tensor_mut(tensors.start);
                    depthwise.weight_gradient(arch, &self.out.channels, [input, d_out], planes, scratch, d_weights);
                    self.bias_gradient(arch, d_out, gradients);
                }
                if let Some(Wanted { map, adds }) = wanted {
                    let (d_input, rest) = arena.split(map.part());
                    let d_out = rest.get(d_out.part()).expect("a gradient beside the input's");
                    depthwise.input_gradient(arch, [&numbers.weights, d_out], planes, d_input, *adds);
                }
            }
            Lesson::MaxPool(pool) => {
                if let Some(Wanted { map, adds }) = wanted {
                    let (d_input, rest) = arena.split(map.part());
                    let [places, d_out] =
                        [self.saved.clone(), d_out.part()].map(|part| rest.get(part).expect("memory beside the gradient"));
                    pool.max_gradient(arch, [places, d_out], planes, d_input, *adds);
                }
            }
            Lesson::AvgPool(pool) => {
                if let Some(Wanted { map, adds }) = wanted {
                    let (d_input, rest) = arena.split(map.part());
                    let d_out = rest.get(d_out.part()).expect("a gradient beside the input's");
                    pool.avg_gradient(arch, d_out, planes, d_input, *adds);
                }
            }
            Lesson::BatchNorm(norm) => {
                let [scale, shift] = [0, 1].map(|tensor| self.out.channels.spread(state.tensor(tensors.start + tensor), 0.0));
                let parts = [self.inputs[0].part(), d_out.part(), self.saved.clone()];
                let sums = match wanted {
                    Some(Wanted { map, adds }) => {
                        let (d_input, rest) = arena.split(map.part());
                        let [input, d_out, saved] = parts.map(|part| rest.get(part).expect("memory beside the gradient"));
                        norm.backward(arch, &self.out, [input, d_out], [&scale, &shift, saved], Some((d_input, *adds)))
                    }
                    None => {
                        let [input, d_out, saved] = parts.map(|part| arena.get(part));
                        norm.backward(arch, &self.out, [input, d_out], [&scale, &shift, saved], None)
                    }
                };
                if self.learns {
                    for (tensor, sums) in tensors.zip(&sums) {
                        add_lanes(&self.out.channels, sums, gradients.tensor_mut(tensor));
                    }
                }
            }
            Lesson::Rectify(high) | Lesson::RectifyBackward(high) => {
                if let Some(Wanted { map, adds }) = wanted {
                    let (d_input, rest) = arena.split(map.part());
                    let out = rest.get(self.out.part()).expect("a value beside the gradient");
                    rectify_gradient(arch, out, rest.get(d_out.part()), *high, planes[1], d_input, *adds);
                }
            }
            Lesson::Sum | Lesson::Copy => {
                for Wanted { map, adds } in self.d_inputs.iter().flatten() {
                    pass(arch, arena, d_out.begin, map, *adds);
                }
            }
            Lesson::Respond(response) => {
                if let Some(Wanted { map, adds }) = wanted {
                    let (d_input, rest) = arena.split(map.part());
                    let [input, d_out] =
                        [self.inputs[0].part(), d_out.part()].map(|part| rest.get(part).expect("memory beside the gradient"));
                    lrn_gradient(arch, *response, &self.out, [input, d_out], d_input, *adds);
                }
            }
            Lesson::Join => {
                let mut begin = d_out.begin;
                for (input, wanted) in self.inputs.iter().zip(&self.d_inputs) {
                    if let Some(Wanted { map, adds }) = wanted {
                        pass(arch, arena, begin, map, *adds);
                    }
                    begin += input.elements();
                }
            }
            Lesson::Gather(gathering) => {
                for (input, wanted) in self.d_inputs.iter().enumerate() {
                    let Some(Wanted { map, adds }) = wanted else { continue };
                    let (d_input, rest) = arena.split(map.part());
                    let d_out = rest.get(d_out.part()).expect("a gradient beside the input's");
                    gathering.gradient(arch, input, d_out, planes[1], d_input, *adds);
                }
            }
            Lesson::Naive(op) => self.naive_backward(op, d_out, desk, state, gradients),
        }
    }

    fn contract_backward(
        &self,
        contract: &Contract,
        desk: &mut Desk<'_>,
        numbers: &mut Numbers,
        state: &State,
        gradients: &mut State,
    ) {
        let Desk { arch, arena, scratch, .. } = desk;
        let arch = *arch;
        let (Some(d_out), planes) = (&self.d_out, self.planes()) else { return };
        let tensor = state.layout().of_node(self.node).start;
        if let Some(weighing) = &contract.weighing {
            let [input, d_out] = [arena.get(self.inputs[0].part()), arena.get(d_out.part())];
            weighing.run(arch, [input, d_out], planes, scratch, gradients.tensor_mut(tensor));
            self.bias_gradient(arch, d_out, gradients);
        }
        if let (Some(backward), Some(Some(Wanted { map, adds }))) = (&contract.backward, self.d_inputs.first()) {
            backward.pack(arch, state.tensor(tensor), &mut numbers.turned);
            let (d_input, rest) = arena.split(map.part());
            let input = rest.get(d_out.part()).expect("a gradient beside the input's");
            let operands = Operands { weights: &numbers.turned, bias: &[], input, adds: *adds, clamp: None };
            backward.run(arch, &operands, [planes[1], planes[0]], d_input);
        }
    }

    /// Adds to the gradient of the bias, if the operator has one.
    fn bias_gradient(&self, arch: Arch, d_out: &[f32], gradients: &mut State) {
        let tensors = gradients.layout().of_node(self.node);
        if tensors.len() > 1 {
            add_lanes(&self.out.channels, &sum_lanes(arch, d_out, self.out.plane()), gradients.tensor_mut(tensors.start + 1));
        }
    }

    fn naive_backward(&self, op: &Op, d_out: &Map, desk: &mut Desk<'_>, state: &State, gradients: &mut State) {
        let Desk { arch, arena, mode, .. } = desk;
        let (arch, mode) = (*arch, *mode);
        let plain = |map: &Map| Plain::of(map, arena.get(map.part()));
        let inputs: Vec<Plain> = self.inputs.iter().map(plain).collect();
        let (out, d_out) = (plain(&self.out), plain(d_out));
        let tensors = state.layout().of_node(self.node);
        let params: Vec<&[f32]> = tensors.clone().map(|tensor| state.tensor(tensor)).collect();
        let saved = arena.get(self.saved.clone());
        let kept = Kept { inputs: &inputs, out: &out, d_out: &d_out, params: &params, saved, mode };
        let mut found: Vec<Option<Vec<f32>>> = tensors
            .clone()
            .map(|tensor| {
                (self.learns && state.layout().tensors()[tensor].param.trainable).then(|| vec![0.0; state.tensor(tensor).len()])
            })
            .collect();
        let d_params = found.iter_mut().map(|gradient| gradient.as_deref_mut()).collect();
        let wanted: Vec<bool> = self.d_inputs.iter().map(Option::is_some).collect();
        let d_inputs = naive_backward(op, &kept, &wanted, d_params);
        for (tensor, found) in tensors.zip(found) {
            for (gradient, more) in gradients.tensor_mut(tensor).iter_mut().zip(found.into_iter().flatten()) {
                *gradient += more;
            }
        }
        for (d_input, wanted) in d_inputs.iter().zip(&self.d_inputs) {
            if let (Some(d_input), Some(Wanted { map, adds })) = (d_input, wanted) {
                d_input.put(arch, arena.get_mut(map.part()), *adds);
            }
        }
    }
}

/// Hands a gradient on as it is.
fn pass(arch: Arch, arena: &mut Arena, begin: usize, map: &Map, adds: bool) {
    let source = begin..begin + map.elements();
    if source == map.part() {
        return;
    }
    let (d_input, rest) = arena.split(map.part());
    let (source, plane) = (rest.get(source).expect("a gradient beside the input's"), map.plane());
    for_pieces(d_input, plane, |block, at, out| {
        let part = &source[block * plane + at..][..out.len()];
        if adds { add_in_place(arch, out, part) } else { out.copy_from_slice(part) }
    });
}

/// Adds a number of each lane to that of its channel.
fn add_lanes(channels: &Channels, lanes: &[f32], of_channels: &mut [f32]) {
    for (&more, &channel) in lanes.iter().zip(channels.of_lane()) {
        if channel != Channels::NOBODY {
            of_channels[channel as usize] += more;
        }
    }
}

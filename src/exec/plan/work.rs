//! A step of inference: what is computed, from which maps into which.

use crate::exec::Algorithm;
use crate::exec::arena::Arena;
use crate::exec::map::Map;
use crate::exec::pieces::for_blocks;
use crate::exec::steps::Convolution;
use crate::exec::steps::Depthwise;
use crate::exec::steps::Gathering;
use crate::exec::steps::Operands;
use crate::exec::steps::Plain;
use crate::exec::steps::Pool;
use crate::exec::steps::affine;
use crate::exec::steps::gated;
use crate::exec::steps::naive_forward;
use crate::exec::steps::rectify;
use crate::exec::steps::respond;
use crate::exec::steps::sum;
use crate::graph::NodeIndex;
use crate::kernel::Arch;
use crate::kernel::Clamp;
use crate::kernel::Response;
use crate::op::Mode;
use crate::op::Op;

/// What a step computes.
#[derive(Debug)]
pub(in crate::exec) enum Work {
    /// A convolution or fully connected layer; onto a second input, if there is one.
    Contract(Convolution, Option<Clamp>),
    /// A depthwise convolution.
    Depthwise(Depthwise, Option<Clamp>),
    /// The largest of each window.
    MaxPool(Pool),
    /// The mean of each window.
    AvgPool(Pool),
    /// A factor and an offset for each channel.
    Affine(Option<Clamp>),
    /// A rectifier that ends at a number.
    Rectify(f32),
    /// A sum of maps.
    Sum,
    /// A map times a gate of one pixel.
    Gate,
    /// Local response normalisation.
    Respond(Response),
    /// A concatenation; the inputs that are not written in place are copied.
    Join,
    /// Channels in a new order; nothing where they lie in that order already.
    Gather(Gathering),
    /// The same value in other memory.
    Copy,
    /// The operator's own forward.
    Naive(Op),
}

/// Numbers of a step as it reads them.
#[derive(Clone, Debug, Default)]
pub(in crate::exec) struct Packed {
    /// Weights in panels, or a factor for each lane; for [`Work::Naive`] nothing.
    pub(in crate::exec) weights: Vec<f32>,
    /// A number for each output lane.
    pub(in crate::exec) bias: Vec<f32>,
    /// The operator's own tensors, for [`Work::Naive`].
    pub(in crate::exec) plain: Vec<Vec<f32>>,
}

impl Packed {
    /// All its numbers.
    pub(in crate::exec) fn elements(&self) -> usize {
        self.weights.len() + self.bias.len() + self.plain.iter().map(Vec::len).sum::<usize>()
    }
}

/// A step and where it works.
#[derive(Debug)]
pub(in crate::exec) struct Site {
    /// The nodes whose work it does.
    pub(in crate::exec) nodes: Vec<NodeIndex>,
    /// What it computes.
    pub(in crate::exec) work: Work,
    /// What it reads.
    pub(in crate::exec) inputs: Vec<Map>,
    /// What it writes.
    pub(in crate::exec) out: Map,
}

impl Work {
    /// Elements that each thread needs beside the arena.
    pub(in crate::exec) fn room(&self) -> usize {
        match self {
            Work::Contract(convolution, _) => convolution.room(),
            _ => 0,
        }
    }

    /// Multiply-adds that tiles take; `None` where they are those of the definition.
    pub(in crate::exec) fn products(&self) -> Option<u64> {
        match self {
            Work::Contract(convolution, _) => convolution.products(),
            _ => None,
        }
    }

    /// How it computes.
    pub(in crate::exec) fn algorithm(&self) -> Algorithm {
        match self {
            Work::Contract(contraction, _) => contraction.algorithm(),
            Work::Depthwise(..) => Algorithm::Depthwise,
            Work::MaxPool(_) => Algorithm::MaxPool,
            Work::AvgPool(_) => Algorithm::AvgPool,
            Work::Affine(_) => Algorithm::Affine,
            Work::Rectify(_) => Algorithm::Rectify,
            Work::Sum => Algorithm::Sum,
            Work::Gate => Algorithm::Gate,
            Work::Respond(_) => Algorithm::Lrn,
            Work::Join => Algorithm::Join,
            Work::Gather(_) => Algorithm::Gather,
            Work::Copy => Algorithm::Copy,
            Work::Naive(_) => Algorithm::Naive,
        }
    }
}

impl Site {
    /// How it computes; a value that lies where it is wanted takes nothing.
    pub(in crate::exec) fn algorithm(&self) -> Algorithm {
        let moves = match self.work {
            Work::Join | Work::Gather(_) | Work::Copy => !self.lies_there(),
            _ => true,
        };
        if moves { self.work.algorithm() } else { Algorithm::Nothing }
    }

    /// Whether the inputs lie one behind the other where the output does.
    fn lies_there(&self) -> bool {
        let mut begin = self.out.begin;
        self.inputs.iter().all(|input| {
            let expected = begin;
            begin += input.elements();
            input.begin == expected
        })
    }

    /// Computes the output.
    pub(in crate::exec) fn run(&self, arch: Arch, packed: &Packed, arena: &mut Arena) {
        if let Work::Join | Work::Copy = self.work {
            return self.copy(arena);
        }
        let (out, rest) = arena.split(self.out.part());
        let input = self.inputs.first().map(|map| rest.get(map.part()));
        let read = || input.flatten().expect("an input beside the output");
        let planes = [self.inputs.first().map_or(0, Map::plane), self.out.plane()];
        let Packed { weights, bias, plain } = packed;
        match &self.work {
            Work::Contract(contraction, clamp) => {
                let adds = self.inputs.get(1);
                if let Some(addend) = adds.filter(|addend| addend.begin != self.out.begin) {
                    let addend = rest.get(addend.part()).expect("an addend beside the output");
                    for_blocks(out, planes[1], |block, out| out.copy_from_slice(&addend[block * planes[1]..][..out.len()]));
                }
                let operands = Operands { weights, bias, input: read(), adds: adds.is_some(), clamp: *clamp };
                contraction.run(arch, &operands, planes, out);
            }
            Work::Depthwise(depthwise, clamp) => {
                depthwise.run(arch, [weights, bias, read()], planes, out);
                if let Some(Clamp { high, .. }) = clamp {
                    rectify(arch, None, *high, planes[1], out);
                }
            }
            Work::MaxPool(pool) => pool.max(arch, read(), planes, out, &mut []),
            Work::AvgPool(pool) => pool.avg(arch, read(), planes, out),
            Work::Affine(clamp) => affine(arch, input.flatten(), [weights, bias], planes[1], *clamp, out),
            Work::Rectify(high) => rectify(arch, input.flatten(), *high, planes[1], out),
            Work::Sum => {
                let inputs: Vec<Option<&[f32]>> = self.inputs.iter().map(|map| rest.get(map.part())).collect();
                sum(arch, &inputs, planes[1], out);
            }
            Work::Gate => {
                let gates = rest.get(self.inputs[1].part()).expect("a gate beside the output");
                let input = input.flatten().map_or_else(|| out.to_vec(), <[f32]>::to_vec);
                gated(arch, [&input, gates], planes[1], self.out.images, out);
            }
            Work::Respond(response) => respond(arch, *response, &self.out, read(), out),
            Work::Gather(_) if self.lies_there() => {}
            Work::Gather(gathering) => {
                let part = |map: &Map| rest.get(map.part()).expect("an input beside the output");
                let inputs: Vec<&[f32]> = self.inputs.iter().map(part).collect();
                gathering.run(arch, &inputs, planes[1], out);
            }
            Work::Naive(op) => {
                let plain_input = |map: &Map| Plain::of(map, rest.get(map.part()).unwrap_or(out));
                let inputs: Vec<Plain> = self.inputs.iter().map(plain_input).collect();
                let plain: Vec<&[f32]> = plain.iter().map(Vec::as_slice).collect();
                let result = naive_forward(op, &inputs, &plain, &self.out, Mode::Infer, Vec::new(), None);
                result.put(arch, out, false);
            }
            Work::Join | Work::Copy => {}
        }
    }

    /// Copies inputs that do not lie in their part of the output.
    fn copy(&self, arena: &mut Arena) {
        let mut begin = self.out.begin;
        for input in &self.inputs {
            let part = begin..begin + input.elements();
            begin = part.end;
            if part == input.part() {
                continue;
            }
            let (out, rest) = arena.split(part);
            let source = rest.get(input.part()).expect("a part beside what is joined");
            for_blocks(out, input.plane(), |block, out| out.copy_from_slice(&source[block * out.len()..][..out.len()]));
        }
    }
}

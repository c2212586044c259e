//! Channels of one map or several, in a new order: lanes are copied, and their gradients go back the same way.

use crate::exec::map::Map;
use crate::exec::pieces::for_pieces_of;
use crate::kernel::Arch;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::kernel::LaneRun;
use crate::kernel::add_lanes;
use crate::kernel::copy_lanes;

/// Elements that are written at a time: they stay in the innermost cache beside as many that are read.
const PIECE: usize = 1 << 12;

/// Where a channel comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exec) struct Origin {
    /// The number of the input.
    pub(in crate::exec) input: usize,
    /// Its channel.
    pub(in crate::exec) channel: u32,
}

/// Lanes that go from a block of an input to a block of the output.
#[derive(Clone, Copy, Debug)]
struct Move {
    input: usize,
    block: usize,
    to_block: usize,
    run: LaneRun,
}

/// Which lanes go where.
#[derive(Debug)]
pub(in crate::exec) struct Gathering {
    /// For each block of the output what comes into it.
    into: Vec<Vec<Move>>,
    /// For each block of each input what goes out of it.
    out_of: Vec<Vec<Vec<Move>>>,
    /// For each block of the output the lanes that carry nothing.
    empty: Vec<usize>,
}

impl Gathering {
    /// For each channel of the output its origin.
    pub(in crate::exec) fn new(origins: &[Origin], inputs: &[Map], out: &Map) -> Gathering {
        let places: Vec<Vec<[usize; 2]>> = inputs.iter().map(|input| input.channels.places()).collect();
        let mut into: Vec<Vec<Move>> = vec![Vec::new(); out.channels.blocks()];
        for (at, &channel) in out.channels.of_lane().iter().enumerate().filter(|&(_, &channel)| channel != Channels::NOBODY) {
            let Origin { input, channel } = origins[channel as usize];
            let ([block, from], [to_block, to]) = (places[input][channel as usize], [at / LANES, at % LANES]);
            match into[to_block].last_mut() {
                Some(last) if last.is_before(input, block, from) => last.run.width += 1,
                _ => into[to_block].push(Move { input, block, to_block, run: LaneRun { from, to, width: 1 } }),
            }
        }
        let mut out_of: Vec<Vec<Vec<Move>>> = inputs.iter().map(|input| vec![Vec::new(); input.channels.blocks()]).collect();
        into.iter().flatten().for_each(|&step| out_of[step.input][step.block].push(step));
        let empty = out.channels.lanes().iter().map(|&lanes| LANES - lanes as usize).collect();
        Gathering { into, out_of, empty }
    }

    /// Writes the output from the inputs; all have channel blocks of `plane` elements.
    pub(in crate::exec) fn run(&self, arch: Arch, inputs: &[&[f32]], plane: usize, out: &mut [f32]) {
        for_pieces_of(PIECE, out, plane, |block, at, out| {
            if self.empty[block] > 0 {
                out.chunks_exact_mut(LANES).for_each(|pixel| pixel[LANES - self.empty[block]..].fill(0.0));
            }
            for step in &self.into[block] {
                copy_lanes(arch, &inputs[step.input][step.block * plane + at..][..out.len()], step.run, out);
            }
        });
    }

    /// The gradient of an input from that of the output; `adds` says whether it is added to what stands there.
    pub(in crate::exec) fn gradient(
        &self,
        arch: Arch,
        input: usize,
        d_out: &[f32],
        plane: usize,
        d_input: &mut [f32],
        adds: bool,
    ) {
        for_pieces_of(PIECE, d_input, plane, |block, at, d_input| {
            if !adds {
                d_input.fill(0.0);
            }
            for &Move { to_block, run: LaneRun { from, to, width }, .. } in &self.out_of[input][block] {
                let back = LaneRun { from: to, to: from, width };
                add_lanes(arch, &d_out[to_block * plane + at..][..d_input.len()], back, d_input);
            }
        });
    }
}

impl Move {
    /// Whether a lane lies right behind those that are moved. Lanes of one block of the output come in order.
    fn is_before(&self, input: usize, block: usize, from: usize) -> bool {
        (self.input, self.block, self.run.from + self.run.width) == (input, block, from)
    }
}

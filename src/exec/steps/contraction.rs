//! Convolutions and fully connected layers, and the gradients of their inputs: panels of output channels times pieces of pixels.

use std::ops::Range;

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::exec::Algorithm;
use crate::kernel::Arch;
use crate::kernel::Clamp;
use crate::kernel::Contract;
use crate::kernel::LANES;
use crate::kernel::Panel;
use crate::kernel::Panels;
use crate::kernel::Taps;

/// Multiply-adds of a task, about: enough to outweigh handing it to a thread.
const TASK: usize = 1 << 19;
/// Pixels of a piece are a multiple of this, so that register blocks stay full.
const ROUND: usize = 48;

/// A contraction over a batch.
#[derive(Debug)]
pub(in crate::exec) struct Contraction {
    /// Where input pixels lie, for a group of images.
    taps: Taps,
    panels: Panels,
    /// Groups of images.
    groups: usize,
    /// The pieces of a group's output pixels.
    pieces: Vec<Range<usize>>,
}

/// What a contraction is run on.
pub(in crate::exec) struct Operands<'a> {
    /// Packed by [`Contraction::panels`].
    pub(in crate::exec) weights: &'a [f32],
    /// For each output lane; empty is nothing.
    pub(in crate::exec) bias: &'a [f32],
    /// The blocked input.
    pub(in crate::exec) input: &'a [f32],
    /// Whether sums are added to the output.
    pub(in crate::exec) adds: bool,
    /// Where sums end.
    pub(in crate::exec) clamp: Option<Clamp>,
}

/// Some pixels of some output blocks.
struct Task<'a, 'p> {
    panel: &'p Panel,
    group: usize,
    pixels: Range<usize>,
    begin: usize,
    out: Vec<&'a mut [f32]>,
}

impl Contraction {
    /// For a table of `group` images of a batch; `is_in_order` says whether it lists output pixels as they lie in memory.
    pub(in crate::exec) fn new(taps: Taps, panels: Panels, groups: usize, is_in_order: bool) -> Contraction {
        let rows: usize = panels.rows().lanes().iter().map(|&lanes| lanes as usize).sum();
        let of_pixel = rows * taps.taps() * LANES * panels.panels().iter().map(|panel| panel.columns.len()).max().unwrap_or(1);
        let size = (TASK / of_pixel.max(1)).next_multiple_of(ROUND).max(ROUND);
        let count = if is_in_order { (taps.pixels() / size).max(1) } else { 1 };
        let edge = |number: usize| {
            if number == count { taps.pixels() } else { (taps.pixels() * number / count).next_multiple_of(ROUND) }
        };
        let pieces = (0..count).map(|number| edge(number)..edge(number + 1)).collect();
        Contraction { taps, panels, groups, pieces }
    }

    /// How its weights are packed.
    pub(in crate::exec) fn panels(&self) -> &Panels {
        &self.panels
    }

    /// How it computes.
    pub(in crate::exec) fn algorithm(&self) -> Algorithm {
        if self.taps.taps() == 1 { Algorithm::Pointwise } else { Algorithm::Direct }
    }

    /// Computes the whole output.
    pub(in crate::exec) fn run(&self, arch: Arch, operands: &Operands<'_>, planes: [usize; 2], out: &mut [f32]) {
        let tasks = self.tasks(planes[1], out);
        let run = |mut task: Task<'_, '_>| {
            let end = task.panel.part.end;
            let lanes = task.panel.columns.start * LANES..task.panel.columns.end * LANES;
            let job = Contract {
                input: &operands.input[task.group * self.taps.reads()..],
                plane: planes[0],
                blocks: &task.panel.rows,
                lanes: self.panels.rows().lanes(),
                taps: &self.taps,
                weights: &operands.weights[task.panel.part.clone()],
                bias: if operands.bias.is_empty() { &[] } else { &operands.bias[lanes] },
                adds: operands.adds,
                clamp: operands.clamp,
                next: &operands.weights[end..(end + task.panel.part.len()).min(operands.weights.len())],
            };
            job.run(arch, task.pixels, task.begin, &mut task.out);
        };
        if tasks.len() == 1 {
            tasks.into_iter().for_each(run);
        } else {
            tasks.into_par_iter().for_each(run);
        }
    }

    /// The output cut up: panel by panel within a piece, so that neighbours in time read the same input.
    fn tasks<'a>(&self, plane: usize, out: &'a mut [f32]) -> Vec<Task<'a, '_>> {
        let slots = self.groups * self.pieces.len();
        let mut blocks: Vec<Vec<&mut [f32]>> = (0..slots).map(|_| Vec::with_capacity(self.panels.columns().blocks())).collect();
        for block in out.chunks_exact_mut(plane) {
            for (group, mut part) in block.chunks_exact_mut(self.taps.writes()).enumerate() {
                for (number, piece) in self.pieces.iter().enumerate() {
                    let (head, tail) = part.split_at_mut(piece.len() * LANES);
                    blocks[group * self.pieces.len() + number].push(head);
                    part = tail;
                }
            }
        }
        let mut tasks = Vec::with_capacity(slots * self.panels.panels().len());
        for (slot, blocks) in blocks.into_iter().enumerate() {
            let (group, piece) = (slot / self.pieces.len(), &self.pieces[slot % self.pieces.len()]);
            let mut blocks = blocks.into_iter();
            for panel in self.panels.panels() {
                let out = blocks.by_ref().take(panel.columns.len()).collect();
                tasks.push(Task { panel, group, pixels: piece.clone(), begin: piece.start * LANES, out });
            }
        }
        tasks
    }
}

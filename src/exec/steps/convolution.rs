//! A convolution or fully connected layer by whichever way the plan has chosen, and the gradients of its weights.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::exec::Algorithm;
use crate::exec::steps::Contraction;
use crate::exec::steps::Operands;
use crate::exec::steps::Weighing;
use crate::exec::steps::Winograd;
use crate::exec::steps::WinogradWeighing;
use crate::kernel::Arch;

/// The output, or the gradient of the input.
#[derive(Debug)]
pub(in crate::exec) enum Convolution {
    /// Tap by tap.
    Taps(Contraction),
    /// By tiles.
    Tiles(Winograd),
}

impl Convolution {
    /// How many its packed weights are.
    pub(in crate::exec) fn elements(&self) -> usize {
        match self {
            Convolution::Taps(contraction) => contraction.panels().elements(),
            Convolution::Tiles(winograd) => winograd.elements(),
        }
    }

    /// Elements that each thread needs beside.
    pub(in crate::exec) fn room(&self) -> usize {
        match self {
            Convolution::Taps(_) => 0,
            Convolution::Tiles(winograd) => winograd.room(),
        }
    }

    /// How it computes.
    pub(in crate::exec) fn algorithm(&self) -> Algorithm {
        match self {
            Convolution::Taps(contraction) => contraction.algorithm(),
            Convolution::Tiles(winograd) => Algorithm::Winograd(winograd.shape()),
        }
    }

    /// Multiply-adds that tiles take; `None` where they are those of the definition.
    pub(in crate::exec) fn products(&self) -> Option<u64> {
        match self {
            Convolution::Taps(_) => None,
            Convolution::Tiles(winograd) => Some(winograd.products()),
        }
    }

    /// Packs weights, `[out, in, kh, kw]`.
    pub(in crate::exec) fn pack(&self, arch: Arch, weights: &[f32], packed: &mut [f32]) {
        match self {
            Convolution::Taps(contraction) => {
                let panels = contraction.panels();
                let parts = panels.cut(panels.taps(), packed);
                parts.into_par_iter().for_each(|(panel, part)| panels.pack(panel, weights, part));
            }
            Convolution::Tiles(winograd) => winograd.pack(arch, weights, packed),
        }
    }

    /// Computes the whole output; `planes` are elements of a channel block of what is read and written.
    pub(in crate::exec) fn run(&self, arch: Arch, operands: &Operands<'_>, planes: [usize; 2], out: &mut [f32]) {
        match self {
            Convolution::Taps(contraction) => contraction.run(arch, operands, planes, out),
            Convolution::Tiles(winograd) => winograd.run(arch, operands, planes, out),
        }
    }
}

/// The gradients of the weights.
#[derive(Debug)]
pub(in crate::exec) enum WeightGradients {
    /// Tap by tap.
    Taps(Weighing),
    /// By tiles.
    Tiles(WinogradWeighing),
}

impl WeightGradients {
    /// Elements that are needed beside.
    pub(in crate::exec) fn scratch(&self) -> usize {
        match self {
            WeightGradients::Taps(weighing) => weighing.scratch(),
            WeightGradients::Tiles(weighing) => weighing.scratch(),
        }
    }

    /// Multiply-adds that tiles take; `None` where they are those of the definition.
    pub(in crate::exec) fn products(&self) -> Option<u64> {
        match self {
            WeightGradients::Taps(_) => None,
            WeightGradients::Tiles(weighing) => Some(weighing.products()),
        }
    }

    /// Adds to `d_weights`, from the input and the gradient of the output, whose channel blocks have `planes` elements.
    pub(in crate::exec) fn run(
        &self,
        arch: Arch,
        maps: [&[f32]; 2],
        planes: [usize; 2],
        scratch: &mut [f32],
        d_weights: &mut [f32],
    ) {
        match self {
            WeightGradients::Taps(weighing) => weighing.run(arch, maps, planes, scratch, d_weights),
            WeightGradients::Tiles(weighing) => weighing.run(arch, maps, planes, scratch, d_weights),
        }
    }
}

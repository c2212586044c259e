//! What callers of kernels see: a job is checked, then run by the chosen instruction set.

#![allow(unsafe_code)]

use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::arch::Arch;
use crate::kernel::arch::Contract;
use crate::kernel::arch::Filters;
use crate::kernel::arch::InputTiles;
use crate::kernel::arch::MaxPool;
use crate::kernel::arch::MaxPoolGradient;
use crate::kernel::arch::NormGradient;
use crate::kernel::arch::NormSums;
use crate::kernel::arch::OutputTiles;
use crate::kernel::arch::Product;
use crate::kernel::arch::WeightGradient;
use crate::kernel::arch::WindowGradient;
use crate::kernel::arch::choice::Set;
use crate::kernel::arch::dispatch::dispatch;

impl Contract<'_> {
    /// Computes some output pixels of a panel, by their place in [`crate::kernel::Taps::to`]. `out` has a slice for each block of the panel, which
    /// begins at the element `start` of its channel block.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch, pixels: Range<usize>, start: usize, out: &mut [&mut [f32]]) {
        self.check(&pixels, start, out);
        dispatch!(arch, contract(self, pixels, start, out));
    }
}

impl WeightGradient<'_> {
    /// Adds to `d_weights`, `[lane][panel's channels]`.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch, d_weights: &mut [f32]) {
        self.check(d_weights);
        dispatch!(arch, weight_gradient(self, d_weights));
    }
}

impl MaxPool<'_> {
    /// Finds the maxima.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, max_pool(self));
    }
}

impl MaxPoolGradient<'_> {
    /// Hands gradients back to where the maxima were.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, max_pool_gradient(self));
    }
}

impl NormSums<'_> {
    /// The sums over pixels of the gradients, and of the gradients times what the input is away from its mean.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch) -> [[f64; LANES]; 2] {
        self.check();
        dispatch!(arch, norm_sums(self))
    }
}

impl NormGradient<'_> {
    /// Writes the gradient of the input.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, norm_gradient(self));
    }
}

impl InputTiles<'_> {
    /// Transforms tiles of an input.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check(self.grid.input);
        dispatch!(arch, input_tiles(self));
    }

    /// Transforms tiles of the gradient of an output, as windows are transformed.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run_gradient(&mut self, arch: Arch) {
        self.check(self.grid.output);
        dispatch!(arch, gradient_tiles(self));
    }
}

impl OutputTiles<'_, '_> {
    /// Writes outputs.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, output_tiles(self));
    }
}

impl Filters<'_> {
    /// Transforms weights.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, filters(self));
    }
}

impl WindowGradient<'_> {
    /// Writes the gradient.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, window_gradient(self));
    }
}

impl Product<'_> {
    /// Writes the sums of all tiles.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch, sums: &mut [f32]) {
        self.check(sums);
        dispatch!(arch, product(self, sums));
    }
}

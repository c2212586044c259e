//! Spectra of a block of images.

use rayon::iter::IndexedParallelIterator;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;

use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::kernel::Run;
use crate::kernel::WeightGradient;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::spectrum::Part;

/// Some images, and how their channels are standardised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) arch: Arch,
    pub(super) shape: MapShape,
    /// `[image, channel, row, column]`.
    pub(super) values: &'a [f32],
    pub(super) images: usize,
    /// What is subtracted from a channel, and what it is multiplied with then.
    pub(super) mean: &'a [f64],
    pub(super) inverse: &'a [f64],
}

impl Block<'_> {
    /// Standardised values of a block of 16 channels, `[image, row, column][16]`; zeros where there is no channel.
    pub(super) fn standardise(&self, block: usize, plane: &mut [f32]) {
        let (positions, channels) = (self.shape.positions(), self.shape.channels);
        let first = block * LANES;
        let lanes = LANES.min(channels - first);
        plane.fill(0.0);
        for (image, map) in plane.chunks_exact_mut(positions * LANES).enumerate() {
            for lane in 0..lanes {
                let channel = first + lane;
                let (mean, inverse) = (self.mean[channel], self.inverse[channel]);
                let values = &self.values[(image * channels + channel) * positions..][..positions];
                // By index: pairs of iterators are not taken apart in every build, at ten times the time.
                for (position, &value) in values.iter().enumerate() {
                    map[position * LANES + lane] = ((f64::from(value) - mean) * inverse) as f32;
                }
            }
        }
    }

    /// Blocks of 16 channels.
    pub(super) fn blocks(&self) -> usize {
        self.shape.channels.div_ceil(LANES)
    }

    /// Numbers of a block of 16 channels in a part of the spectrum.
    pub(super) fn plane(&self, part: &Part) -> usize {
        part.frequencies * 2 * self.images * LANES
    }

    /// Writes a part of the spectrum, `[block of channels][frequency][real, imaginary][image][16]`.
    pub(super) fn transform(&self, part: &Part, spectra: &mut [f32]) {
        let plane = self.images * self.shape.positions() * LANES;
        let along = part.rows.coefficients() * self.shape.height * self.images * LANES;
        spectra.par_chunks_exact_mut(self.plane(part)).enumerate().for_each_init(
            || (vec![0.0; plane], vec![0.0; along]),
            |(plane, along), (block, spectra)| {
                self.standardise(block, plane);
                self.rows(part, plane, along);
                self.columns(part, along, spectra);
            },
        );
    }

    /// `[row][coefficient][image][16]`
    fn rows(&self, part: &Part, plane: &[f32], along: &mut [f32]) {
        let width = self.shape.width;
        let images: Vec<&[f32]> = plane.chunks_exact(self.shape.positions() * LANES).collect();
        along.fill(0.0);
        for (row, along) in along.chunks_exact_mut(part.rows.coefficients() * self.images * LANES).enumerate() {
            let runs = [Run { input: 0, output: (row * width * LANES) as u32, pixels: width as u32 }];
            for (first, lanes, table) in part.rows.iter() {
                let job = WeightGradient { input: table, step: LANES, lanes, d_out: &images, runs: &runs };
                let out = first * self.images * LANES..(first + lanes) * self.images * LANES;
                job.run(self.arch, &mut along[out]);
            }
        }
    }

    fn columns(&self, part: &Part, along: &[f32], spectra: &mut [f32]) {
        let coefficient = self.images * LANES;
        let images: Vec<&[f32]> = (0..self.images).map(|image| &along[image * LANES..]).collect();
        spectra.fill(0.0);
        let mut begin = 0;
        for (number, tables) in part.columns.iter().enumerate() {
            let run = |term: usize| {
                let at = term / 2 * part.rows.coefficients() + 2 * number + term % 2;
                Run { input: (term * LANES) as u32, output: (at * coefficient) as u32, pixels: 1 }
            };
            let runs: Vec<Run> = (0..2 * self.shape.height).map(run).collect();
            for (first, lanes, table) in tables.iter() {
                let job = WeightGradient { input: table, step: LANES, lanes, d_out: &images, runs: &runs };
                let out = begin + first * coefficient..begin + (first + lanes) * coefficient;
                job.run(self.arch, &mut spectra[out]);
            }
            begin += tables.coefficients() * coefficient;
        }
    }
}

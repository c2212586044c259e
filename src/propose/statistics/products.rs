//! Products of spectra, added up over the images of a block, and back to offsets.

use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::kernel::Run;
use crate::kernel::WeightGradient;
use crate::propose::statistics::spectrum::Part;
use crate::propose::statistics::spectrum::spaced;
use crate::propose::statistics::strips::Strip;

/// Products of a frequency: `A A' + B B'`, `B A'` and `A B'`.
const PRODUCTS: usize = 3;

/// What one thread computes the products of a strip in.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// `[frequency][product][16][columns]`
    products: Vec<f32>,
    /// `[kept offset][16][columns]`
    pub(super) even: Vec<f32>,
    /// `[kept offset][16][columns]`
    pub(super) odd: Vec<f32>,
}

impl Scratch {
    /// What a part of the spectrum, with so many numbers a block of channels, gives to the sums of a strip.
    pub(super) fn fill(&mut self, arch: Arch, part: &Part, strip: &Strip, spectra: &[f32], plane: usize) {
        let area = strip.area();
        let numbers = plane / part.frequencies;
        let half = numbers / 2;
        let pixels = (half / LANES) as u32;
        let runs = [
            [Run { input: 0, output: 0, pixels: 2 * pixels }],
            [Run { input: half as u32, output: 0, pixels }],
            [Run { input: 0, output: half as u32, pixels }],
        ];
        zero(&mut self.products, part.frequencies * PRODUCTS * area);
        for (frequency, sums) in self.products.chunks_exact_mut(PRODUCTS * area).enumerate() {
            let of_block = |block: usize| &spectra[block * plane + frequency * numbers..][..numbers];
            let columns: Vec<&[f32]> = strip.columns.clone().map(of_block).collect();
            for (runs, sums) in runs.iter().zip(sums.chunks_exact_mut(area)) {
                let input = of_block(strip.row);
                WeightGradient { input, step: LANES, lanes: LANES, d_out: &columns, runs }.run(arch, sums);
            }
        }
        let even = spaced(part.frequencies, 0, PRODUCTS * area);
        let odd: Vec<Run> = (0..2 * part.frequencies)
            .map(|term| {
                let output = (term / 2 * PRODUCTS + 1 + term % 2) * area;
                Run { input: (term * LANES) as u32, output: output as u32, pixels: 1 }
            })
            .collect();
        let vectors: Vec<&[f32]> = (0..area / LANES).map(|vector| &self.products[vector * LANES..]).collect();
        for (sums, tables, runs) in [(&mut self.even, &part.even, &even), (&mut self.odd, &part.odd, &odd)] {
            zero(sums, tables.coefficients() * area);
            for (first, lanes, input) in tables.iter() {
                let job = WeightGradient { input, step: LANES, lanes, d_out: &vectors, runs };
                job.run(arch, &mut sums[first * area..(first + lanes) * area]);
            }
        }
    }
}

fn zero(numbers: &mut Vec<f32>, len: usize) {
    numbers.clear();
    numbers.resize(len, 0.0);
}

//! Gradients of weights: fixed parts of a batch sum up apart, and the parts are added in order.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::kernel::NOWHERE;
use crate::kernel::Panels;
use crate::kernel::Run;
use crate::kernel::Taps;
use crate::kernel::WeightGradient;

/// Parts of a batch that are summed up apart, at most.
const PARTS: usize = 8;

/// The gradients of a contraction's weights over a batch.
#[derive(Debug)]
pub(in crate::exec) struct Weighing {
    panels: Panels,
    /// For each tap the pixels of a group of images.
    runs: Vec<Vec<Run>>,
    /// Elements between the input pixels of a run.
    step: usize,
    /// Elements of a channel block that a group of images reads and writes.
    spans: [usize; 2],
    groups: usize,
    parts: usize,
}

impl Weighing {
    /// For a table of a group of images; `stride` is how many input pixels lie between those of neighbouring output pixels.
    pub(in crate::exec) fn new(taps: &Taps, panels: Panels, groups: usize, stride: usize) -> Weighing {
        let step = stride * LANES;
        let runs = (0..taps.taps()).map(|tap| runs(taps.from(tap), taps.to(), step)).collect();
        Weighing { panels, runs, step, spans: [taps.reads(), taps.writes()], groups, parts: groups.min(PARTS) }
    }

    /// Elements that are needed beside: one set of packed gradients for each part.
    pub(in crate::exec) fn scratch(&self) -> usize {
        self.parts * self.panels.elements()
    }

    /// Adds to `d_weights`.
    pub(in crate::exec) fn run(
        &self,
        arch: Arch,
        [input, d_out]: [&[f32]; 2],
        planes: [usize; 2],
        scratch: &mut [f32],
        d_weights: &mut [f32],
    ) {
        let scratch = &mut scratch[..self.scratch()];
        let mut tasks = Vec::with_capacity(self.parts * self.panels.panels().len());
        for (part, packed) in scratch.chunks_exact_mut(self.panels.elements().max(1)).enumerate() {
            let panels = self.panels.cut(self.panels.taps(), packed).into_iter();
            tasks.extend(panels.map(|(panel, packed)| (part, panel, packed)));
        }
        tasks.into_par_iter().for_each(|(part, panel, packed)| {
            packed.fill(0.0);
            let edge = |part: usize| self.groups * part / self.parts;
            for group in edge(part)..edge(part + 1) {
                let [from, to] = [0, 1].map(|side| group * self.spans[side]);
                let d_out: Vec<&[f32]> =
                    panel.columns.clone().map(|block| &d_out[block * planes[1] + to..][..self.spans[1]]).collect();
                let mut begin = 0;
                for block in panel.rows.clone() {
                    let lanes = self.panels.rows().lanes()[block] as usize;
                    let input = &input[block * planes[0] + from..][..self.spans[0]];
                    for runs in &self.runs {
                        let end = begin + lanes * d_out.len() * LANES;
                        let job = WeightGradient { input, step: self.step, lanes, d_out: &d_out, runs };
                        job.run(arch, &mut packed[begin..end]);
                        begin = end;
                    }
                }
            }
        });
        let (first, others) = scratch.split_at_mut(self.panels.elements());
        for other in others.chunks_exact(self.panels.elements().max(1)) {
            first.iter_mut().zip(other).for_each(|(sum, &more)| *sum += more);
        }
        for panel in self.panels.panels() {
            self.panels.unpack_add(panel, &first[panel.part.clone()], d_weights);
        }
    }
}

/// Output pixels under a tap, those side by side together whose input pixels lie `step` elements apart.
fn runs(from: &[u32], to: &[u32], step: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (&input, &output) in from.iter().zip(to).filter(|&(&input, _)| input != NOWHERE) {
        match runs.last_mut() {
            Some(run)
                if input as usize == run.input as usize + run.pixels as usize * step
                    && output == run.output + run.pixels * LANES as u32 =>
            {
                run.pixels += 1;
            }
            _ => runs.push(Run { input, output, pixels: 1 }),
        }
    }
    runs
}

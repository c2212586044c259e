//! The matrix kernel on operands that lie in the nearest caches: no layer does more multiply-adds a second in this executor.

use std::sync::Arc;

use crate::exec::calibrate::gauge::Patience;
use crate::exec::calibrate::gauge::rate;
use crate::kernel::Arch;
use crate::kernel::Channels;
use crate::kernel::Contract;
use crate::kernel::Direction;
use crate::kernel::LANES;
use crate::kernel::Links;
use crate::kernel::Panels;
use crate::kernel::Taps;

/// Channels that are read, so many that a register block's beginning and end take no time to speak of; weights, input and output of one
/// panel are then some 100 kB.
const ROWS: u32 = 128;
/// Pixels, a multiple of what every register block has.
const PIXELS: usize = 96;
/// Repetitions between two looks at the clock.
const REPEATS: u64 = 4;

/// Multiply-adds a second of the threads of this pool together.
pub(super) fn peak(arch: Arch, patience: Patience) -> u64 {
    let columns = (arch.blocks_of_panel() * LANES) as u32;
    let links = Links { out_of_group: columns, in_of_group: ROWS, taps: 1, table: None };
    let [from, to] = [ROWS, columns].map(|count| Arc::new(Channels::new(count)));
    let panels = Panels::new(links, Direction::Forward, Arc::clone(&from), to, arch.blocks_of_panel());
    let taps = Taps::new(1, [PIXELS; 2], 1, |pixel, _| Some(pixel));
    let panel = &panels.panels()[0];
    let madds = REPEATS * u64::from(ROWS) * u64::from(columns) * PIXELS as u64;
    rate(patience, || {
        let weights = vec![0.01; panels.elements()];
        let input = vec![0.5; from.blocks() * PIXELS * LANES];
        let mut out = vec![0.0; panel.columns.len() * PIXELS * LANES];
        let (panel, taps, from) = (panel, &taps, &from);
        move || {
            for _ in 0..REPEATS {
                let job = Contract {
                    input: std::hint::black_box(&input),
                    plane: PIXELS * LANES,
                    blocks: &panel.rows,
                    lanes: from.lanes(),
                    taps,
                    weights: &weights,
                    bias: &[],
                    adds: false,
                    clamp: None,
                    next: &[],
                };
                let mut blocks: Vec<&mut [f32]> = out.chunks_exact_mut(PIXELS * LANES).collect();
                job.run(arch, 0..PIXELS, 0, &mut blocks);
            }
            std::hint::black_box(&out);
            madds
        }
    })
}

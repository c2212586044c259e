//! Convolutions by Winograd's tiles, and the gradients of their inputs, which are convolutions with windows turned about.
//!
//! A task takes some rows of tiles through all three stages, so that transformed tiles and sums stay in its thread's caches:
//!
//! ```text
//!   for each task:  transform its tiles of all input blocks                    V [point][block][tile][16]
//!                   for each panel:  multiply at every point                   M [tile][point][panel's channels]
//!                                    transform into outputs, bias and all      a slice of the output
//! ```
//!
//! Where rows are few, tasks share them and take some panels each; the input's transform is then done for each of them. What is computed
//! for an output does not hang on how rows and panels were cut.

use std::cell::RefCell;
use std::ops::Range;

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::exec::steps::Operands;
use crate::exec::steps::Tiling;
use crate::kernel::Arch;
use crate::kernel::Direction;
use crate::kernel::Filters;
use crate::kernel::LANES;
use crate::kernel::OutputTiles;
use crate::kernel::Panel;
use crate::kernel::Panels;
use crate::kernel::Product;
use crate::kernel::TileShape;

/// Bytes of transformed tiles and of a panel's sums that a task keeps at most, unless they are fewer than [`TILES`]: a second cache holds
/// them with the filters that come next.
const NEAR: usize = 512 << 10;
/// Tiles of a task at least, so that filters are worth reading.
const TILES: usize = 49;
/// Elements that points lie apart beyond their tiles: no power of two, so that they do not share cache sets.
const APART: usize = 48;
/// Tasks that a thread is given, about.
const SHARE: usize = 3;

thread_local! {
    /// A thread's transformed tiles and sums.
    static ROOM: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// A convolution over a batch.
#[derive(Debug)]
pub(in crate::exec) struct Winograd {
    tiling: Tiling,
    panels: Panels,
    /// Rows of tiles of the batch.
    rows: usize,
}

/// Some rows of tiles for some panels.
struct Task<'a, 'p> {
    rows: Range<usize>,
    panels: &'p [Panel],
    out: Vec<&'a mut [f32]>,
}

impl Winograd {
    /// For panels whose rows and columns are all connected; those of the folded input where it is folded.
    pub(in crate::exec) fn new(tiling: Tiling, panels: Panels, images: usize) -> Winograd {
        Winograd { tiling, panels, rows: images * tiling.tiles()[0] }
    }

    /// Which tiles it works by.
    pub(in crate::exec) fn shape(&self) -> TileShape {
        self.tiling.shape
    }

    /// Numbers of a window at all points.
    fn points(&self) -> usize {
        self.tiling.shape.points()
    }

    /// Multiply-adds at all points.
    pub(super) fn products(&self) -> u64 {
        self.tiling.products(&self.panels, self.rows)
    }

    /// Elements of the transformed weights.
    pub(in crate::exec) fn elements(&self) -> usize {
        self.panels.elements_at(self.points())
    }

    /// Elements that a thread needs beside.
    pub(in crate::exec) fn room(&self) -> usize {
        self.room_of(self.rows_of_task() * self.tiling.tiles()[1])
    }

    /// The same for so many tiles.
    fn room_of(&self, tiles: usize) -> usize {
        self.tiling.band() + self.points() * (self.step(tiles) + tiles * self.columns() * LANES)
    }

    /// Elements from one point of so many transformed tiles to the next.
    fn step(&self, tiles: usize) -> usize {
        self.panels.rows().blocks() * tiles * LANES + APART
    }

    /// Blocks of columns of a panel at most.
    fn columns(&self) -> usize {
        self.panels.panels().iter().map(|panel| panel.columns.len()).max().unwrap_or(0)
    }

    fn rows_of_task(&self) -> usize {
        let [_, columns] = self.tiling.tiles();
        let blocks = self.panels.rows().blocks() + self.columns();
        let of_tile = self.points() * blocks * LANES * size_of::<f32>();
        let tiles = (NEAR / of_tile).max(TILES);
        (tiles / columns).clamp(1, self.rows.max(1))
    }

    /// Transforms weights, `[out, in, kh, kw]`.
    pub(in crate::exec) fn pack(&self, arch: Arch, weights: &[f32], packed: &mut [f32]) {
        let folded = self.tiling.folding.map(|folding| folding.fold(weights));
        let weights = folded.as_deref().unwrap_or(weights);
        self.panels.cut(self.points(), packed).into_par_iter().for_each(|(panel, out)| {
            with_room(panel.part.len(), |plain| {
                self.panels.pack(panel, weights, plain);
                let lanes = &self.panels.rows().lanes()[panel.rows.clone()];
                let (columns, turned) = (panel.columns.len(), self.panels.direction() == Direction::Backward);
                Filters { shape: self.shape(), lanes, columns, turned, weights: plain, out }.run(arch);
            });
        });
    }

    /// Computes the whole output.
    pub(in crate::exec) fn run(&self, arch: Arch, operands: &Operands<'_>, planes: [usize; 2], out: &mut [f32]) {
        let tasks = self.tasks(planes[1], out);
        let [_, of_row] = self.tiling.tiles();
        let run = |mut task: Task<'_, '_>| {
            let room = self.room_of(task.rows.len() * of_row);
            with_room(room, |room| self.do_task(arch, operands, planes[0], &mut task, room));
        };
        if tasks.len() == 1 {
            tasks.into_iter().for_each(run);
        } else {
            tasks.into_par_iter().for_each(run);
        }
    }

    fn do_task(&self, arch: Arch, operands: &Operands<'_>, plane: usize, task: &mut Task<'_, '_>, room: &mut [f32]) {
        let Tiling { shape, grid, .. } = self.tiling;
        let [_, of_row] = grid.tiles();
        let (points, blocks) = (self.points(), self.panels.rows().blocks());
        let tiles = task.rows.start * of_row..task.rows.end * of_row;
        let (count, step) = (tiles.len(), self.step(tiles.len()));
        let (band, rest) = room.split_at_mut(self.tiling.band());
        let (transformed, sums) = rest.split_at_mut(points * step);
        for block in 0..blocks {
            let (map, out) = (&operands.input[block * plane..][..plane], &mut transformed[block * count * LANES..]);
            self.tiling.transform(arch, task.rows.clone(), map, band, out, step);
        }
        let begin = grid.pixels_before(task.rows.start);
        let mut rest = &mut task.out[..];
        for panel in task.panels {
            let (out, behind) = rest.split_at_mut(panel.columns.len());
            rest = behind;
            let columns = panel.columns.len();
            let part = self.panels.part(panel, points);
            let filters = &operands.weights[part.clone()];
            let of_point = filters.len() / points;
            for point in 0..points {
                let begin = part.start + (point + 1) * of_point;
                let job = Product {
                    tiles: &transformed[point * step..][..blocks * count * LANES],
                    count,
                    lanes: self.panels.rows().lanes(),
                    filters: &filters[point * of_point..][..of_point],
                    columns,
                    step: points * columns * LANES,
                    next: &operands.weights[begin.min(operands.weights.len())..(begin + of_point).min(operands.weights.len())],
                };
                job.run(arch, &mut sums[point * columns * LANES..]);
            }
            let lanes = panel.columns.start * LANES..panel.columns.end * LANES;
            let bias = if operands.bias.is_empty() { &[] } else { &operands.bias[lanes] };
            let (adds, clamp) = (operands.adds, operands.clamp);
            OutputTiles { shape, grid, tiles: tiles.clone(), sums, bias, adds, clamp, out, begin }.run(arch);
        }
    }

    /// The output cut up by rows of tiles, and by panels where there are fewer rows than threads want.
    fn tasks<'a>(&self, plane: usize, out: &'a mut [f32]) -> Vec<Task<'a, '_>> {
        let slots = self.rows.div_ceil(self.rows_of_task()).max(1);
        let threads = rayon::current_num_threads();
        let wanted = if threads == 1 { 1 } else { SHARE * threads };
        let parts = wanted.div_ceil(slots).clamp(1, self.panels.panels().len());
        let edge = |slot: usize| self.rows * slot / slots;
        let mut blocks: Vec<Vec<&mut [f32]>> = (0..slots).map(|_| Vec::with_capacity(self.panels.columns().blocks())).collect();
        for mut block in out.chunks_exact_mut(plane) {
            for (slot, blocks) in blocks.iter_mut().enumerate() {
                let [first, end] = [slot, slot + 1].map(|slot| self.tiling.grid.pixels_before(edge(slot)));
                let (head, tail) = block.split_at_mut((end - first) * LANES);
                blocks.push(head);
                block = tail;
            }
        }
        let mut tasks = Vec::with_capacity(slots * parts);
        for (slot, blocks) in blocks.into_iter().enumerate() {
            let mut blocks = blocks.into_iter();
            let panels = self.panels.panels();
            for part in 0..parts {
                let panels = &panels[panels.len() * part / parts..panels.len() * (part + 1) / parts];
                let columns = panels.iter().map(|panel| panel.columns.len()).sum();
                tasks.push(Task { rows: edge(slot)..edge(slot + 1), panels, out: blocks.by_ref().take(columns).collect() });
            }
        }
        tasks
    }
}

/// Calls `work` with so many elements of a thread's room, whatever stands in them.
pub(super) fn with_room(count: usize, work: impl FnOnce(&mut [f32])) {
    ROOM.with_borrow_mut(|room| {
        if room.len() < count {
            room.resize(count, 0.0);
        }
        work(&mut room[..count]);
    });
}

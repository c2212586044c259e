//! A convolution and its gradients by tiles against the definition in `f64`.

use crate::kernel::Arch;
use crate::kernel::Clamp;
use crate::kernel::Filters;
use crate::kernel::Grid;
use crate::kernel::InputTiles;
use crate::kernel::LANES;
use crate::kernel::OutputTiles;
use crate::kernel::Product;
use crate::kernel::Run;
use crate::kernel::TileShape;
use crate::kernel::WeightGradient;
use crate::kernel::WindowGradient;

/// Numbers between -1 and 1.
fn numbers(count: usize, step: usize) -> Vec<f32> {
    (0..count).map(|at| ((at * step + 17) % 2003) as f32 / 1001.0 - 1.0).collect()
}

/// A case: one block in of `lanes` channels, `columns` blocks out.
struct Case {
    shape: TileShape,
    grid: Grid,
    images: usize,
    lanes: usize,
    columns: usize,
}

impl Case {
    fn sides(&self) -> [usize; 3] {
        let [h, w] = self.grid.output;
        [self.images, h, w]
    }

    /// For each output pixel and tap the input pixel, if there is one.
    fn under(&self, [image, y, x]: [usize; 3], [dy, dx]: [usize; 2]) -> Option<usize> {
        let [h, w] = self.grid.input;
        let row = (y + dy).checked_sub(self.grid.pads[0]).filter(|&row| row < h)?;
        let column = (x + dx).checked_sub(self.grid.pads[1]).filter(|&column| column < w)?;
        Some((image * h + row) * w + column)
    }

    fn tiles(&self) -> usize {
        let [rows, columns] = self.grid.tiles();
        self.images * rows * columns
    }

    /// Calls `each` for all output pixels, taps and input pixels under them.
    fn walk(&self, mut each: impl FnMut(usize, usize, usize)) {
        let [images, h, w] = self.sides();
        let r = self.shape.window();
        for pixel in 0..images * h * w {
            for tap in 0..r * r {
                if let Some(input) = self.under([pixel / (h * w), pixel / w % h, pixel % w], [tap / r, tap % r]) {
                    each(pixel, tap, input);
                }
            }
        }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for shape in TileShape::ALL {
        for (input, pads, ends, images) in [
            ([7_usize, 7_usize], [1, 1], [1, 1], 3),
            ([13, 6], [0, 2], [1, 0], 1),
            ([9, 12], [2, 2], [2, 2], 2),
            ([8, 8], [0, 0], [0, 0], 1),
        ] {
            let side = |axis: usize| (input[axis] + pads[axis] + ends[axis] + 1).checked_sub(shape.window());
            let (Some(h), Some(w)) = (side(0), side(1)) else { continue };
            let grid = Grid { input, output: [h, w], pads, side: shape.outputs() };
            for lanes in [1, 3, 16] {
                for columns in 1..=2 {
                    cases.push(Case { shape, grid, images, lanes, columns });
                }
            }
        }
    }
    cases
}

/// What the transforms may lose, as a share of the largest number.
fn tolerance(shape: TileShape) -> f64 {
    match shape {
        TileShape::F2x3 => 4e-6,
        TileShape::F4x3 | TileShape::F2x5 | TileShape::F3x4 => 2e-5,
        TileShape::F4x5 => 1e-4,
    }
}

fn transformed(case: &Case, arch: Arch, map: &[f32], is_gradient: bool) -> Vec<f32> {
    let step = case.tiles() * LANES;
    let mut out = vec![f32::NAN; case.shape.points() * step];
    let mut job = InputTiles { shape: case.shape, grid: case.grid, tiles: 0..case.tiles(), map, out: &mut out, step };
    if is_gradient {
        job.run_gradient(arch);
    } else {
        job.run(arch);
    }
    out
}

#[test]
fn outputs_are_those_of_the_definition() {
    for case in cases() {
        let (shape, r) = (case.shape, case.shape.window());
        let width = case.columns * LANES;
        let [images, h, w] = case.sides();
        let input = numbers(images * case.grid.input[0] * case.grid.input[1] * LANES, 613);
        let weights = numbers(r * r * case.lanes * width, 271);
        let bias = numbers(width, 97);
        for turned in [false, true] {
            let mut truth = vec![0.0_f64; images * h * w * width];
            case.walk(|pixel, tap, under| {
                let tap = if turned { r * r - 1 - tap } else { tap };
                for lane in 0..case.lanes {
                    for (column, sum) in truth[pixel * width..][..width].iter_mut().enumerate() {
                        let weight = weights[(tap * case.lanes + lane) * width + column];
                        *sum += f64::from(weight) * f64::from(input[under * LANES + lane]);
                    }
                }
            });
            for arch in Arch::all().into_iter().filter(|arch| case.columns <= arch.blocks_of_panel()) {
                let lanes = [case.lanes as u8];
                let mut filters = vec![f32::NAN; shape.points() * case.lanes * width];
                Filters { shape, lanes: &lanes, columns: case.columns, turned, weights: &weights, out: &mut filters }.run(arch);
                let tiles = transformed(&case, arch, &input, false);
                let mut sums = vec![f32::NAN; case.tiles() * shape.points() * width];
                for point in 0..shape.points() {
                    let (of_tiles, of_filters) = (case.tiles() * LANES, case.lanes * width);
                    let job = Product {
                        tiles: &tiles[point * of_tiles..][..of_tiles],
                        count: case.tiles(),
                        lanes: &lanes,
                        filters: &filters[point * of_filters..][..of_filters],
                        columns: case.columns,
                        step: shape.points() * width,
                        next: &filters,
                    };
                    job.run(arch, &mut sums[point * width..]);
                }
                let plane = images * h * w * LANES;
                let mut out = vec![0.5; case.columns * plane];
                let mut blocks: Vec<&mut [f32]> = out.chunks_exact_mut(plane).collect();
                let clamp = turned.then_some(Clamp { low: -2.0, high: 3.0 });
                OutputTiles {
                    shape,
                    grid: case.grid,
                    tiles: 0..case.tiles(),
                    sums: &sums,
                    bias: &bias,
                    adds: turned,
                    clamp,
                    out: &mut blocks,
                    begin: 0,
                }
                .run(arch);
                let scale = truth.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
                for (at, &truth) in truth.iter().enumerate() {
                    let (pixel, column) = (at / width, at % width);
                    let ours = f64::from(out[column / LANES * plane + pixel * LANES + column % LANES]);
                    let mut wanted = truth + f64::from(bias[column]) + if turned { 0.5 } else { 0.0 };
                    if turned {
                        wanted = wanted.clamp(-2.0, 3.0);
                    }
                    let apart = (ours - wanted).abs() / scale;
                    assert!(apart < tolerance(shape), "{arch}, {shape:?}, {:?}: {ours} for {wanted}", case.grid);
                }
            }
        }
    }
}

#[test]
fn gradients_of_windows_are_those_of_the_definition() {
    for case in cases() {
        let (shape, r) = (case.shape, case.shape.window());
        let [images, h, w] = case.sides();
        let width = case.columns * LANES;
        let plane = images * h * w * LANES;
        let input = numbers(images * case.grid.input[0] * case.grid.input[1] * LANES, 613);
        let d_out = numbers(case.columns * plane, 271);
        let mut truth = vec![0.0_f64; r * r * case.lanes * width];
        case.walk(|pixel, tap, under| {
            for lane in 0..case.lanes {
                for column in 0..width {
                    let gradient = d_out[column / LANES * plane + pixel * LANES + column % LANES];
                    truth[(tap * case.lanes + lane) * width + column] +=
                        f64::from(gradient) * f64::from(input[under * LANES + lane]);
                }
            }
        });
        for arch in Arch::all() {
            let tiles = transformed(&case, arch, &input, false);
            let gradients: Vec<Vec<f32>> = d_out.chunks_exact(plane).map(|block| transformed(&case, arch, block, true)).collect();
            let of_tiles = case.tiles() * LANES;
            let mut sums = vec![0.0; shape.points() * case.lanes * width];
            for (point, sums) in sums.chunks_exact_mut(case.lanes * width).enumerate() {
                let part = point * of_tiles..(point + 1) * of_tiles;
                let blocks: Vec<&[f32]> = gradients.iter().map(|block| &block[part.clone()]).collect();
                let runs = [Run { input: 0, output: 0, pixels: case.tiles() as u32 }];
                let input = &tiles[part.clone()];
                WeightGradient { input, step: LANES, lanes: case.lanes, d_out: &blocks, runs: &runs }.run(arch, sums);
            }
            let mut out = vec![f32::NAN; r * r * case.lanes * width];
            let lanes = [case.lanes as u8];
            WindowGradient { shape, lanes: &lanes, columns: case.columns, sums: &sums, out: &mut out }.run(arch);
            let scale = truth.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
            for (&ours, &truth) in out.iter().zip(&truth) {
                let apart = (f64::from(ours) - truth).abs() / scale;
                assert!(apart < tolerance(shape), "{arch}, {shape:?}, {:?}: {ours} for {truth}", case.grid);
            }
        }
    }
}

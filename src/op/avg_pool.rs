//! Average pooling: `out[c, y, x] = sum of the taps / their number`.
//!
//! With `count_pad` the number counts taps on padding too (Caffe, `PyTorch`, ONNX by default), but never those that a window rounded
//! up hangs over the padding; without it only taps inside the map. Either way every tap is added, those beside the map as zero.

use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Operator;
use crate::op::Pad;
use crate::op::Param;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::Window;
use crate::op::Written;
use crate::op::pool;
use crate::op::positions;

/// The mean of each window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AvgPool {
    /// The window, without dilation; `None` is one window over the whole map.
    pub window: Option<Window>,
    /// Whether taps on padding count in the divisor; without padding, `true` by custom.
    pub count_pad: bool,
}

impl AvgPool {
    /// No padding, floor.
    pub fn new(kernel: u32, stride: u32) -> AvgPool {
        AvgPool { window: Some(Window { stride: [stride; 2], ..Window::of([kernel; 2]) }), count_pad: true }
    }

    /// One mean per channel.
    pub const GLOBAL: AvgPool = AvgPool { window: None, count_pad: true };

    /// Taps of one axis that the divisor counts.
    fn counted(&self, window: &Window, axis: usize, size: u32, position: u32) -> usize {
        let [before, after] = window.pads(axis);
        let padded = u64::from(before) + u64::from(size) + u64::from(after);
        let start = u64::from(position) * u64::from(window.stride[axis]);
        let counts = |&tap: &u32| {
            let within = start + u64::from(tap) * u64::from(window.dilation[axis]) < padded;
            within && (self.count_pad || window.tap(axis, size, position, tap).is_some())
        };
        (0..window.kernel[axis]).filter(counts).count()
    }
}

impl AvgPool {
    /// What the sum under each output pixel is divided by, row by row.
    pub fn divisors(&self, input: Shape, out: Shape) -> Vec<usize> {
        let window = pool::window_on(self.window, input);
        let rows = (0..out.h).map(|y| self.counted(&window, 0, input.h, y));
        let columns: Vec<usize> = (0..out.w).map(|x| self.counted(&window, 1, input.w, x)).collect();
        rows.flat_map(|row| columns.iter().map(move |column| row * column)).collect()
    }
}

impl Operator for AvgPool {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["avg"],
            role: Role::Kind,
            doc: "Average pooling: one addition for each tap, taps on padding included, and one division for each output. No parameters.",
            main: pool::MAIN,
            settings: &[
                pool::STRIDE,
                pool::PAD,
                pool::CEIL,
                Setting {
                    name: "count_pad",
                    takes: Takes::Truth,
                    default: "true",
                    doc: "whether the divisor counts taps on padding; a window that hangs over the padding is cut there",
                },
            ],
            output: ["in", "H", "W"],
            params: "0",
            madds: "0",
            example: "{avg: 3, pad: same, count_pad: false}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> AvgPool {
        let window = pool::read_window(fields);
        let count_pad = fields.truth("count_pad").unwrap_or(true);
        AvgPool { window, count_pad: count_pad || window.is_none() }
    }

    fn write(&self, out: &mut Written) {
        pool::write_window(self.window, "avg", out);
        if self.window.is_some() {
            out.set("count_pad", self.count_pad);
        }
    }

    fn examples() -> Vec<(AvgPool, Vec<Shape>)> {
        let same = Window { pad: Pad::Same, ..Window::of([3, 3]) };
        let odd = Window { kernel: [3, 2], stride: [2, 3], pad: Pad::Sides([[1, 2], [0, 1]]), dilation: [1, 1], ceil: true };
        vec![
            (AvgPool::new(2, 2), vec![Shape::new(2, 5, 4)]),
            (AvgPool { window: Some(same), count_pad: true }, vec![Shape::new(3, 4, 5)]),
            (AvgPool { window: Some(same), count_pad: false }, vec![Shape::new(2, 3, 4)]),
            (AvgPool { window: Some(odd), count_pad: true }, vec![Shape::new(2, 5, 6)]),
            (AvgPool::GLOBAL, vec![Shape::new(3, 4, 2)]),
        ]
    }

    fn class(&self) -> Class {
        if self.window.is_some() { Class::AvgPool } else { Class::GlobalAvgPool }
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let window = pool::window_on(self.window, inputs[0]);
        let grid = window.grid(inputs[0])?;
        // Counting its padding, an empty window still has a mean: zero.
        if !self.count_pad {
            window.refuse_empty(inputs[0], grid)?;
        }
        Ok(inputs[0].on_grid(grid))
    }

    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
        let window = pool::window_on(self.window, inputs[0]);
        let (channels, taps) = (u128::from(out.c), u128::from(window.taps()) * u128::from(out.pixels()));
        let on_padding = channels * (taps - window.inside_taps(inputs[0], out));
        Cost { adds: channels * taps, divs: out.elements(), on_padding, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let mut formulas = pool::formulas(Figure::Adds, pool::window_on(self.window, inputs[0]), inputs[0], out);
        formulas.push(Formula::each(Figure::Divs, 1, out));
        formulas
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        self.window.map_or(Reach::Global, Reach::Window)
    }

    fn storage(&self, _training: bool) -> Storage {
        Storage::Own
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        let input = step.inputs[0].shape;
        let window = pool::window_on(self.window, input);
        let mean = |sum: T, y, x| {
            let taps = self.counted(&window, 0, input.h, y) * self.counted(&window, 1, input.w, x);
            sum / T::of(taps as f64)
        };
        pool::fold_taps(step, window, 0.0, |sum, tap| sum + tap, mean);
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        let (input, out) = (d_input.shape, step.out.shape);
        let window = pool::window_on(self.window, input);
        let [kh, kw] = window.kernel;
        for image in 0..step.out.images {
            for (c, y, x) in positions(out) {
                let taps = self.counted(&window, 0, input.h, y) * self.counted(&window, 1, input.w, x);
                let share = step.d_out.at(image, c, y, x) / T::of(taps as f64);
                for (dy, dx) in (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx))) {
                    let row = window.tap(0, input.h, y, dy);
                    if let Some((row, column)) = row.zip(window.tap(1, input.w, x, dx)) {
                        d_input.add(image, c, row, column, share);
                    }
                }
            }
        }
    }
}

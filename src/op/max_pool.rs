//! Maximum pooling: `out[c, y, x]` is the largest input element under the window; taps beside the map are never the largest.
//!
//! NaN is larger than everything, as in `PyTorch`. A window wholly on padding has no maximum and is refused.

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
use crate::op::Storage;
use crate::op::View;
use crate::op::Window;
use crate::op::Written;
use crate::op::pool;
use crate::op::positions;

/// The maximum of each window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MaxPool {
    /// The window, without dilation; `None` is one window over the whole map.
    pub window: Option<Window>,
}

impl MaxPool {
    /// No padding, floor.
    pub fn new(kernel: u32, stride: u32) -> MaxPool {
        MaxPool { window: Some(Window { stride: [stride; 2], ..Window::of([kernel; 2]) }) }
    }

    /// One maximum per channel.
    pub const GLOBAL: MaxPool = MaxPool { window: None };
}

impl Operator for MaxPool {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["max"],
            role: Role::Kind,
            doc: "Maximum pooling: one comparison for each tap, taps on padding included. No parameters.",
            main: pool::MAIN,
            settings: &[pool::STRIDE, pool::PAD, pool::CEIL],
            output: ["in", "H", "W"],
            params: "0",
            madds: "0",
            example: "{max: 3, stride: 2, ceil: true}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> MaxPool {
        MaxPool { window: pool::read_window(fields) }
    }

    fn write(&self, out: &mut Written) {
        pool::write_window(self.window, "max", out);
    }

    fn examples() -> Vec<(MaxPool, Vec<Shape>)> {
        let same = Window { pad: Pad::Same, ..Window::of([3, 3]) };
        let odd = Window { kernel: [2, 3], stride: [3, 2], pad: Pad::Sides([[1, 0], [0, 2]]), dilation: [1, 1], ceil: true };
        vec![
            (MaxPool::new(2, 2), vec![Shape::new(2, 5, 4)]),
            (MaxPool { window: Some(same) }, vec![Shape::new(3, 4, 5)]),
            (MaxPool { window: Some(Window { stride: [2, 2], ceil: true, ..Window::of([3, 3]) }) }, vec![Shape::new(2, 6, 8)]),
            (MaxPool { window: Some(odd) }, vec![Shape::new(2, 6, 5)]),
            (MaxPool::GLOBAL, vec![Shape::new(3, 2, 4)]),
        ]
    }

    fn class(&self) -> Class {
        if self.window.is_some() { Class::MaxPool } else { Class::GlobalMaxPool }
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let window = pool::window_on(self.window, inputs[0]);
        let grid = window.grid(inputs[0])?;
        window.refuse_empty(inputs[0], grid)?;
        Ok(inputs[0].on_grid(grid))
    }

    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
        let window = pool::window_on(self.window, inputs[0]);
        let (channels, taps) = (u128::from(out.c), u128::from(window.taps()) * u128::from(out.pixels()));
        let on_padding = channels * (taps - window.inside_taps(inputs[0], out));
        Cost { cmps: channels * taps, on_padding, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        pool::formulas(Figure::Cmps, pool::window_on(self.window, inputs[0]), inputs[0], out)
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

    /// The place of each maximum.
    fn keeps(&self, inputs: &[Shape]) -> Keeps {
        let places = self.shape(inputs).map_or(0, |out| out.elements() as u64);
        Keeps { per_image: places, ..Keeps::NOTHING }
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let window = pool::window_on(self.window, step.inputs[0].shape);
        if let Some(saved) = step.saved.take() {
            *saved = places(&step.inputs[0], window, step.out.shape);
        }
        pool::fold_taps(step, window, f64::NEG_INFINITY, T::max, |largest, _, _| largest);
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        let (size, pixels) = (step.out.shape.elements() as usize, step.out.shape.pixels() as usize);
        let pixels_in = d_input.shape.pixels() as usize;
        for image in 0..step.out.images {
            let (places, gradients) = (&step.saved[image * size..][..size], step.d_out.image(image));
            let d_input = d_input.image_mut(image);
            for (at, (place, &gradient)) in places.iter().zip(gradients).enumerate() {
                let element = at / pixels * pixels_in + place.value() as usize;
                d_input[element] = d_input[element] + gradient;
            }
        }
    }
}

/// The pixel of each maximum, for every output element: the first of equals in rows, and NaN before all.
fn places<T: Real>(input: &View<'_, T>, window: Window, out: Shape) -> Vec<T> {
    let [kh, kw] = window.kernel;
    let place = |image: usize, (c, y, x): (u32, u32, u32)| {
        let taps = (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx)));
        let inside = taps.filter_map(|(dy, dx)| window.tap(0, input.shape.h, y, dy).zip(window.tap(1, input.shape.w, x, dx)));
        let value = |(row, column)| input.at(image, c, row, column).value();
        let larger = |best, next| {
            let takes = value(next) > value(best) || value(next).is_nan();
            if takes { next } else { best }
        };
        let (row, column) = inside.reduce(larger).expect("a window has a tap on the map");
        T::of(f64::from(row * input.shape.w + column))
    };
    (0..input.images)
        .flat_map(|image| positions(out).map(move |position| (image, position)))
        .map(|(image, at)| place(image, at))
        .collect()
}

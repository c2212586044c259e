//! Multiplication by a constant: `out = factor * in` (the residual scaling of Inception-ResNet, Szegedy et al. 2017).

use crate::base::Real64;
use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::MAX_REAL;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Operator;
use crate::op::Param;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::Written;
use crate::op::exact;

/// A fixed factor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Times {
    /// The factor.
    pub factor: Real64,
}

impl Operator for Times {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["times"],
            role: Role::Kind,
            doc: "Multiplies by a constant: one multiplication for each element. No parameters.",
            main: Setting { name: "factor", takes: Takes::Number, default: "-", doc: "the constant" },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{times: 0.17}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Times {
        Times { factor: fields.main_number(-MAX_REAL, MAX_REAL) }
    }

    fn write(&self, out: &mut Written) {
        out.main("times", exact(self.factor));
    }

    fn examples() -> Vec<(Times, Vec<Shape>)> {
        vec![
            (Times { factor: Real64::new(0.17) }, vec![Shape::new(2, 3, 2)]),
            (Times { factor: Real64::new(-2.5) }, vec![Shape::new(3, 1, 1)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Elementwise
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        Cost { muls: out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, _inputs: &[Shape], out: Shape) -> Vec<Formula> {
        vec![Formula::each(Figure::Muls, 1, out)]
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn storage(&self, _training: bool) -> Storage {
        Storage::Over(1)
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        let factor = T::of(self.factor.get());
        for (out, &value) in step.out.data.iter_mut().zip(step.inputs[0].data) {
            *out = value * factor;
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let factor = T::of(self.factor.get());
        for mut d_input in step.d_inputs.into_iter().flatten() {
            d_input.add_all(step.d_out.data.iter().map(|&gradient| gradient * factor));
        }
    }
}

//! Learned scale and shift, without statistics: `out = scale[c] * in + shift[c]` (the coefficients of LeNet-5's pooling layers, 1998).

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
use crate::op::Param;
use crate::op::ParamRole;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Written;
use crate::op::positions;

/// A learned factor and offset per channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Affine;

impl Operator for Affine {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["affine"],
            role: Role::Norm,
            doc: "A learned factor and offset per channel: one multiplication and one addition for each element. Parameters: 2 per channel.",
            main: Setting::NOTHING,
            settings: &[],
            output: ["in", "h", "w"],
            params: "2 * c",
            madds: "0",
            example: "{avg: 2, stride: 2, norm: affine}",
        }
    }

    fn read(_fields: &mut Fields<'_>) -> Affine {
        Affine
    }

    fn write(&self, out: &mut Written) {
        out.main("affine", "");
    }

    fn examples() -> Vec<(Affine, Vec<Shape>)> {
        vec![(Affine, vec![Shape::new(3, 2, 4)]), (Affine, vec![Shape::new(2, 1, 1)])]
    }

    fn class(&self) -> Class {
        Class::Scale
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        Cost { adds: out.elements(), muls: out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let params = Formula::per_channel(2, inputs[0].c);
        vec![Formula::each(Figure::Adds, 1, out), Formula::each(Figure::Muls, 1, out), params]
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let starts = [(ParamRole::Scale, 1.0), (ParamRole::Shift, 0.0)];
        starts.map(|(role, start)| Param::per_channel(role, inputs[0].c, start)).to_vec()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn storage(&self, training: bool) -> Storage {
        if training { Storage::Own } else { Storage::Over(1) }
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::INPUTS
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, scale, shift) = (step.inputs[0], step.params[0], step.params[1]);
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                step.out.set(image, c, y, x, input.at(image, c, y, x) * scale[c as usize] + shift[c as usize]);
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, scale) = (step.inputs[0], step.params[0]);
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                let gradient = step.d_out.at(image, c, y, x);
                step.add_to_param(0, c as usize, gradient * input.at(image, c, y, x));
                step.add_to_param(1, c as usize, gradient);
                if let Some(d_input) = &mut step.d_inputs[0] {
                    d_input.add(image, c, y, x, gradient * scale[c as usize]);
                }
            }
        }
    }
}

//! Layer scale: `out = scale[c] * in` (Touvron et al. 2021; `ConvNeXt`), the factors starting at 1e-6.

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

/// A learned factor per channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scale;

impl Operator for Scale {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["scale"],
            role: Role::Norm,
            doc: "A learned factor per channel, from 1e-6: one multiplication for each element. Parameters: 1 per channel.",
            main: Setting::NOTHING,
            settings: &[],
            output: ["in", "h", "w"],
            params: "c",
            madds: "0",
            example: "{conv: in, norm: scale}",
        }
    }

    fn read(_fields: &mut Fields<'_>) -> Scale {
        Scale
    }

    fn write(&self, out: &mut Written) {
        out.main("scale", "");
    }

    fn examples() -> Vec<(Scale, Vec<Shape>)> {
        vec![(Scale, vec![Shape::new(3, 2, 4)]), (Scale, vec![Shape::new(2, 1, 1)])]
    }

    fn class(&self) -> Class {
        Class::Scale
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        Cost { muls: out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        vec![Formula::each(Figure::Muls, 1, out), Formula::per_channel(1, inputs[0].c)]
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        vec![Param::per_channel(ParamRole::Scale, inputs[0].c, 1e-6)]
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
        let (input, scale) = (step.inputs[0], step.params[0]);
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                step.out.set(image, c, y, x, input.at(image, c, y, x) * scale[c as usize]);
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, scale) = (step.inputs[0], step.params[0]);
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                let gradient = step.d_out.at(image, c, y, x);
                step.add_to_param(0, c as usize, gradient * input.at(image, c, y, x));
                if let Some(d_input) = &mut step.d_inputs[0] {
                    d_input.add(image, c, y, x, gradient * scale[c as usize]);
                }
            }
        }
    }
}

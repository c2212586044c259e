//! Softmax over channels at each position: `out[c] = e^in[c] / sum over j of e^in[j]`.
//!
//! The largest channel is subtracted first, which changes no result but the range of the exponentials; finding it is one comparison
//! for each element.

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
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Written;
use crate::op::positions;

/// Channels as shares that sum to one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Softmax;

impl Operator for Softmax {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["softmax"],
            role: Role::Kind,
            doc: "Softmax over channels: two additions, one comparison, one division, one exponential for each element. No parameters.",
            main: Setting::NOTHING,
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{softmax: {}}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Softmax {
        fields.main_nothing();
        Softmax
    }

    fn write(&self, out: &mut Written) {
        out.main("softmax", "{}");
    }

    fn examples() -> Vec<(Softmax, Vec<Shape>)> {
        vec![(Softmax, vec![Shape::new(5, 1, 1)]), (Softmax, vec![Shape::new(3, 2, 4)])]
    }

    fn class(&self) -> Class {
        Class::Softmax
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        let elements = out.elements();
        Cost { adds: 2 * elements, cmps: elements, divs: elements, exps: elements, ..Cost::FREE }
    }

    fn formulas(&self, _inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let once = [Figure::Cmps, Figure::Divs, Figure::Exps].map(|what| Formula::each(what, 1, out));
        std::iter::once(Formula::each(Figure::Adds, 2, out)).chain(once).collect()
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    /// Not in place: each output needs all channels of its position.
    fn storage(&self, _training: bool) -> Storage {
        Storage::Own
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::OUTPUT
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, shape) = (step.inputs[0], step.out.shape);
        for image in 0..input.images {
            for (_, y, x) in positions(shape.with_channels(1)) {
                let channel = |c| input.at(image, c, y, x);
                let largest = (0..shape.c).fold(T::of(f64::NEG_INFINITY), |largest, c| largest.max(channel(c)));
                let powers: Vec<T> = (0..shape.c).map(|c| (channel(c) - largest).exp()).collect();
                let sum = powers.iter().fold(T::of(0.0), |sum, &power| sum + power);
                for (c, &power) in powers.iter().enumerate() {
                    step.out.set(image, c as u32, y, x, power / sum);
                }
            }
        }
    }

    /// `d_in[c] = out[c] (d_out[c] - sum of d_out[j] out[j])`.
    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let shape = step.out.shape;
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        for image in 0..step.out.images {
            for (_, y, x) in positions(shape.with_channels(1)) {
                let (out, gradient) = (|c| step.out.at(image, c, y, x), |c| step.d_out.at(image, c, y, x));
                let sum = (0..shape.c).fold(T::of(0.0), |sum, c| sum.madd(out(c), gradient(c)));
                (0..shape.c).for_each(|c| d_input.add(image, c, y, x, out(c) * (gradient(c) - sum)));
            }
        }
    }
}

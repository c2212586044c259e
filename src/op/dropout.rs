//! Dropout (Srivastava et al. 2014): training zeroes a share of the elements and scales the rest by `1 / (1 - share)`; inference
//! changes nothing.

use crate::base::Real64;
use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Mode;
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

/// Zeroes single elements in training.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dropout {
    /// The share of the elements that is dropped.
    pub share: Real64,
}

impl Dropout {
    /// What each element is multiplied by: 0 where it is dropped, else the inverse of the share that is kept, so that the mean stays.
    pub fn factor(&self, mode: Mode, image: usize) -> impl Fn(usize) -> f64 + use<> {
        let dropped = self.share.get();
        let draws = match mode {
            Mode::Infer => None,
            Mode::Train(key) => Some(key.image(image)),
        };
        move |at| match draws {
            None => 1.0,
            Some(draws) if draws.keeps(at, dropped) => 1.0 / (1.0 - dropped),
            Some(_) => 0.0,
        }
    }
}

impl Operator for Dropout {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["dropout"],
            role: Role::Kind,
            doc: "Zeroes a share of its input's elements in training and scales the rest up; nothing in inference. No operations, no parameters.",
            main: Setting { name: "share", takes: Takes::Number, default: "-", doc: "share of the elements that is dropped" },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{dropout: 0.4}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Dropout {
        Dropout { share: fields.main_number(0.0, 1.0) }
    }

    fn write(&self, out: &mut Written) {
        out.main("dropout", exact(self.share));
    }

    fn examples() -> Vec<(Dropout, Vec<Shape>)> {
        vec![
            (Dropout { share: Real64::new(0.7) }, vec![Shape::new(3, 2, 2)]),
            (Dropout { share: Real64::new(0.0) }, vec![Shape::new(4, 1, 1)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Move
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], _out: Shape) -> Cost {
        Cost::FREE
    }

    fn formulas(&self, _inputs: &[Shape], _out: Shape) -> Vec<Formula> {
        Vec::new()
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn storage(&self, training: bool) -> Storage {
        if training { Storage::Over(1) } else { Storage::View { after: 0 } }
    }

    /// The mask is drawn again from its counter.
    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        if step.mode == Mode::Infer {
            step.out.data.copy_from_slice(step.inputs[0].data);
            return;
        }
        for image in 0..step.inputs[0].images {
            let factor = self.factor(step.mode, image);
            for (at, (out, &value)) in step.out.image_mut(image).iter_mut().zip(step.inputs[0].image(image)).enumerate() {
                *out = value * T::of(factor(at));
            }
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        for image in 0..step.d_out.images {
            let factor = self.factor(step.mode, image);
            for (at, (target, &gradient)) in d_input.image_mut(image).iter_mut().zip(step.d_out.image(image)).enumerate() {
                *target = target.madd(gradient, T::of(factor(at)));
            }
        }
    }
}

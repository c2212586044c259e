//! Stochastic depth (Huang et al. 2016): training zeroes whole images with probability `share` and scales the rest by
//! `1 / (1 - share)`; inference changes nothing. On a residual branch, that drops the branch.

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

/// Zeroes whole images in training.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DropPath {
    /// The share of the images for which the path is dropped.
    pub share: Real64,
}

impl DropPath {
    /// What an image is multiplied by: 0 where its path is dropped, else the inverse of the share that is kept, so that the mean stays.
    pub fn factor(&self, mode: Mode, image: usize) -> f64 {
        let dropped = self.share.get();
        match mode {
            Mode::Train(key) if key.image(image).keeps(0, dropped) => 1.0 / (1.0 - dropped),
            Mode::Train(_) => 0.0,
            Mode::Infer => 1.0,
        }
    }
}

impl Operator for DropPath {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["droppath"],
            role: Role::Kind,
            doc: "Zeroes its input for a share of the images in training and scales the rest up; nothing in inference. No operations, no parameters.",
            main: Setting {
                name: "share",
                takes: Takes::Number,
                default: "-",
                doc: "share of the images for which the path is dropped",
            },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{droppath: 0.1}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> DropPath {
        DropPath { share: fields.main_number(0.0, 1.0) }
    }

    fn write(&self, out: &mut Written) {
        out.main("droppath", exact(self.share));
    }

    fn examples() -> Vec<(DropPath, Vec<Shape>)> {
        vec![
            (DropPath { share: Real64::new(0.7) }, vec![Shape::new(3, 2, 2)]),
            (DropPath { share: Real64::new(0.0) }, vec![Shape::new(4, 1, 1)]),
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

    /// The draw is repeated from its counter.
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
            let factor = T::of(self.factor(step.mode, image));
            for (out, &value) in step.out.image_mut(image).iter_mut().zip(step.inputs[0].image(image)) {
                *out = value * factor;
            }
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        for image in 0..step.d_out.images {
            let factor = T::of(self.factor(step.mode, image));
            for (target, &gradient) in d_input.image_mut(image).iter_mut().zip(step.d_out.image(image)) {
                *target = target.madd(gradient, factor);
            }
        }
    }
}

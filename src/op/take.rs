//! Some neighbouring channels of a map: `out[c] = in[after + c]`.

use crate::base::Code;
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
use crate::op::Operator;
use crate::op::Param;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::Written;

/// The channels from `after` on, `width` of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Take {
    /// Channels taken.
    pub width: u32,
    /// Channels passed over.
    pub after: u32,
}

impl Operator for Take {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["take"],
            role: Role::Kind,
            doc: "Some neighbouring channels of its input. No operations, no parameters.",
            main: Setting { name: "width", takes: Takes::Count, default: "-", doc: "channels taken" },
            settings: &[Setting { name: "after", takes: Takes::Natural, default: "0", doc: "channels passed over before them" }],
            output: ["width", "h", "w"],
            params: "0",
            madds: "0",
            example: "{take: in / 2, after: in / 2}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Take {
        Take { width: fields.main_count(), after: fields.natural("after", 0) }
    }

    fn write(&self, out: &mut Written) {
        out.main("take", self.width);
        out.set("after", self.after);
    }

    fn examples() -> Vec<(Take, Vec<Shape>)> {
        vec![
            (Take { width: 2, after: 0 }, vec![Shape::new(5, 2, 3)]),
            (Take { width: 3, after: 2 }, vec![Shape::new(5, 3, 2)]),
            (Take { width: 1, after: 1 }, vec![Shape::new(4, 2, 2)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Move
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let input = inputs[0];
        let last = u64::from(self.after) + u64::from(self.width);
        if last > u64::from(input.c) {
            let because = format!("takes channels {} to {last} of an input with {}", u64::from(self.after) + 1, input.c);
            return Err(Mismatch::new(Code::E0404, because)
                .at(0)
                .with_help("`after` and the width are at most the input's channels"));
        }
        Ok(input.with_channels(self.width))
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

    fn storage(&self, _training: bool) -> Storage {
        Storage::View { after: self.after }
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        Some(self.width)
    }

    fn set_width(&mut self, width: u32) {
        self.width = width;
    }

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        let size = step.out.shape.elements() as usize;
        let start = self.after as usize * step.out.shape.pixels() as usize;
        for (image, out) in step.out.data.chunks_exact_mut(size).enumerate() {
            out.copy_from_slice(&step.inputs[0].image(image)[start..start + size]);
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        let size = step.out.shape.elements() as usize;
        let start = self.after as usize * step.out.shape.pixels() as usize;
        for image in 0..step.d_out.images {
            let target = &mut d_input.image_mut(image)[start..start + size];
            for (target, &gradient) in target.iter_mut().zip(step.d_out.image(image)) {
                *target = *target + gradient;
            }
        }
    }
}

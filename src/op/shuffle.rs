//! Channel shuffle (Zhang et al. 2018): `out[j * groups + g] = in[g * (c / groups) + j]`, so that the groups of what follows mix.

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
use crate::op::positions;

/// Deals the channels of each group out to all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shuffle {
    /// Groups that are mixed; divides the channels.
    pub groups: u32,
}

impl Shuffle {
    /// The input's channel that becomes a channel of the output, of so many.
    pub fn source(&self, channel: u32, channels: u32) -> u32 {
        (channel % self.groups) * (channels / self.groups) + channel / self.groups
    }
}

impl Operator for Shuffle {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["shuffle"],
            role: Role::Kind,
            doc: "Reorders channels so that those of all groups alternate. No operations, no parameters.",
            main: Setting { name: "groups", takes: Takes::Count, default: "-", doc: "groups that are mixed" },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{shuffle: 2}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Shuffle {
        Shuffle { groups: fields.main_count() }
    }

    fn write(&self, out: &mut Written) {
        out.main("shuffle", self.groups);
    }

    fn examples() -> Vec<(Shuffle, Vec<Shape>)> {
        vec![
            (Shuffle { groups: 2 }, vec![Shape::new(6, 2, 3)]),
            (Shuffle { groups: 3 }, vec![Shape::new(6, 3, 1)]),
            (Shuffle { groups: 1 }, vec![Shape::new(3, 2, 2)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Move
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let (input, groups) = (inputs[0], self.groups);
        if !input.c.is_multiple_of(groups) {
            let because = format!("cannot part {} channels into {groups} groups", input.c);
            return Err(Mismatch::new(Code::E0402, because).at(0).with_help("the number of groups divides the input's channels"));
        }
        Ok(input)
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
        Storage::Own
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let input = step.inputs[0];
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                let from = self.source(c, input.shape.c);
                step.out.set(image, c, y, x, input.at(image, from, y, x));
            }
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        for image in 0..step.d_out.images {
            for (c, y, x) in positions(step.out.shape) {
                let from = self.source(c, step.out.shape.c);
                d_input.add(image, from, y, x, step.d_out.at(image, c, y, x));
            }
        }
    }
}

//! Flattening: a map as a vector of `c * h * w` channels, in the order channels, rows, columns.

use crate::base::Code;
use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::MAX_COUNT;
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

/// A map as a vector.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flatten;

/// The length of a map as a vector; refuses one longer than the widest layer.
pub(super) fn flattened(input: Shape) -> Result<u32, Mismatch> {
    let elements = input.elements();
    u32::try_from(elements).ok().filter(|&elements| elements <= MAX_COUNT).ok_or_else(|| {
        let because = format!("flattens {input} to {elements} channels, more than {MAX_COUNT}");
        Mismatch::new(Code::E0406, because).at(0).with_help("pool the map first")
    })
}

impl Operator for Flatten {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["flatten"],
            role: Role::Kind,
            doc: "A map as a vector. No operations, no parameters.",
            main: Setting::NOTHING,
            settings: &[],
            output: ["in * h * w", "1", "1"],
            params: "0",
            madds: "0",
            example: "{flatten: {}}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Flatten {
        fields.main_nothing();
        Flatten
    }

    fn write(&self, out: &mut Written) {
        out.main("flatten", "{}");
    }

    fn examples() -> Vec<(Flatten, Vec<Shape>)> {
        vec![(Flatten, vec![Shape::new(2, 3, 4)]), (Flatten, vec![Shape::new(5, 1, 1)])]
    }

    fn class(&self) -> Class {
        Class::Move
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(Shape::new(flattened(inputs[0])?, 1, 1))
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
        Reach::Global
    }

    fn storage(&self, _training: bool) -> Storage {
        Storage::View { after: 0 }
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        step.out.data.copy_from_slice(step.inputs[0].data);
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        for mut d_input in step.d_inputs.into_iter().flatten() {
            d_input.add_all(step.d_out.data.iter().copied());
        }
    }
}

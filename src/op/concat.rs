//! Concatenation: the channels of the inputs one behind the other, in written order; all inputs have one grid.

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
use crate::op::Takes;
use crate::op::Written;

/// The inputs side by side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Concat;

impl Operator for Concat {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["concat"],
            role: Role::Kind,
            doc: "The channels of its inputs one behind the other. No operations, no parameters.",
            main: Setting { name: "inputs", takes: Takes::Layers, default: "-", doc: "layers of one grid" },
            settings: &[],
            output: ["all_in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{concat: [a, b]}",
        }
    }

    fn read(_fields: &mut Fields<'_>) -> Concat {
        Concat
    }

    fn write(&self, out: &mut Written) {
        out.main("concat", "");
    }

    fn examples() -> Vec<(Concat, Vec<Shape>)> {
        vec![
            (Concat, vec![Shape::new(2, 3, 2), Shape::new(1, 3, 2), Shape::new(4, 3, 2)]),
            (Concat, vec![Shape::new(3, 1, 1), Shape::new(3, 1, 1)]),
            (Concat, vec![Shape::new(2, 2, 1)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Move
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let Some(&first) = inputs.first() else {
            return Err(Mismatch::new(Code::E0207, "joins no layer at all").with_help("name the layers: `{concat: [a, b]}`"));
        };
        let unlike = inputs.iter().position(|input| (input.h, input.w) != (first.h, first.w));
        if let Some(at) = unlike {
            let other = inputs[at];
            let because = format!("joins a {}x{} map to one of {}x{}", other.h, other.w, first.h, first.w);
            let help = "give the layers one height and width, by their strides and padding";
            return Err(Mismatch::new(Code::E0403, because).at(at).with_help(help));
        }
        let channels: u64 = inputs.iter().map(|input| u64::from(input.c)).sum();
        if channels > u64::from(MAX_COUNT) {
            return Err(Mismatch::new(Code::E0406, format!("joins {channels} channels, more than {MAX_COUNT}")));
        }
        Ok(first.with_channels(channels as u32))
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
        Storage::Joins
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        let size = step.out.shape.elements() as usize;
        for (image, out) in step.out.data.chunks_exact_mut(size).enumerate() {
            let mut rest = out;
            for input in step.inputs {
                let part = input.image(image);
                let (here, behind) = rest.split_at_mut(part.len());
                here.copy_from_slice(part);
                rest = behind;
            }
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let mut begin = 0;
        for (input, mut d_input) in step.inputs.iter().zip(step.d_inputs) {
            let size = input.shape.elements() as usize;
            for image in 0..step.d_out.images {
                let Some(d_input) = &mut d_input else { continue };
                let part = &step.d_out.image(image)[begin..begin + size];
                for (target, &gradient) in d_input.image_mut(image).iter_mut().zip(part) {
                    *target = *target + gradient;
                }
            }
            begin += size;
        }
    }
}

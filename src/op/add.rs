//! Sum of maps: `out = in[0] + in[1] + ...`, all of one shape.

use crate::base::Code;
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
use crate::op::Takes;
use crate::op::Written;

/// The sum of its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Add;

impl Operator for Add {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["add"],
            role: Role::Kind,
            doc: "The sum of its inputs: one addition for each element and each input but the first. No parameters.",
            main: Setting { name: "inputs", takes: Takes::Layers, default: "-", doc: "layers of one shape" },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{add: [main, shortcut]}",
        }
    }

    fn read(_fields: &mut Fields<'_>) -> Add {
        Add
    }

    fn write(&self, out: &mut Written) {
        out.main("add", "");
    }

    fn examples() -> Vec<(Add, Vec<Shape>)> {
        vec![(Add, vec![Shape::new(2, 3, 4); 2]), (Add, vec![Shape::new(3, 2, 1); 3]), (Add, vec![Shape::new(2, 1, 2)])]
    }

    fn class(&self) -> Class {
        Class::Elementwise
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let Some(&first) = inputs.first() else {
            return Err(Mismatch::new(Code::E0207, "adds no layer at all").with_help("name the layers: `{add: [a, b]}`"));
        };
        match inputs.iter().position(|&input| input != first) {
            Some(at) => {
                let because = format!("adds {} to {first}", inputs[at]);
                let help = "sums need equal shapes; project the smaller one with a 1x1 convolution";
                Err(Mismatch::new(Code::E0403, because).at(at).with_help(help))
            }
            None => Ok(first),
        }
    }

    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
        Cost { adds: (inputs.len() as u128 - 1) * out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        if inputs.len() == 1 {
            return Vec::new();
        }
        let mut adds = Formula::each(Figure::Adds, 1, out);
        adds.names = format!("(inputs - 1) * {}", adds.names);
        adds.numbers = format!("({} - 1) * {}", inputs.len(), adds.numbers);
        vec![adds]
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    /// Any input will do, however many there are.
    fn storage(&self, _training: bool) -> Storage {
        Storage::Over(usize::MAX)
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::NOTHING
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        for (at, out) in step.out.data.iter_mut().enumerate() {
            let (first, others) = (step.inputs[0].data[at], &step.inputs[1..]);
            *out = others.iter().fold(first, |sum, input| sum + input.data[at]);
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        for mut d_input in step.d_inputs.into_iter().flatten() {
            d_input.add_all(step.d_out.data.iter().copied());
        }
    }
}

//! Gating: `out[c, y, x] = in[c, y, x] * gate[c, y, x]`; a gate of `c x 1 x 1` is spread over the map (Hu et al. 2018).

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
use crate::op::positions;

/// A map times its gate, the second input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mul;

impl Operator for Mul {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["mul"],
            role: Role::Kind,
            doc: "A map times a gate, of its shape or `c x 1 x 1`: one multiplication for each element. No parameters.",
            main: Setting { name: "inputs", takes: Takes::Layers, default: "-", doc: "the map, then its gate" },
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{mul: [in, excite]}",
        }
    }

    fn read(_fields: &mut Fields<'_>) -> Mul {
        Mul
    }

    fn write(&self, out: &mut Written) {
        out.main("mul", "");
    }

    fn examples() -> Vec<(Mul, Vec<Shape>)> {
        vec![
            (Mul, vec![Shape::new(3, 2, 4); 2]),
            (Mul, vec![Shape::new(3, 4, 2), Shape::new(3, 1, 1)]),
            (Mul, vec![Shape::new(4, 1, 1); 2]),
        ]
    }

    fn class(&self) -> Class {
        Class::Elementwise
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let &[map, gate] = inputs else {
            let because = format!("multiplies two layers, got {}", inputs.len());
            return Err(Mismatch::new(Code::E0403, because).with_help("name the map and its gate: `{mul: [map, gate]}`"));
        };
        if gate == map || gate == map.on_grid([1, 1]) {
            return Ok(map);
        }
        let refusal = Mismatch::new(Code::E0403, format!("multiplies {map} by a gate of {gate}")).at(1);
        Err(if map == gate.on_grid([1, 1]) {
            refusal.with_help("name the map first, its gate second")
        } else {
            refusal.with_help(format!("a gate has the shape of its map, or {}x1x1", map.c))
        })
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        Cost { muls: out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, _inputs: &[Shape], out: Shape) -> Vec<Formula> {
        vec![Formula::each(Figure::Muls, 1, out)]
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn storage(&self, training: bool) -> Storage {
        if training { Storage::Own } else { Storage::Over(2) }
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::INPUTS
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (map, gate) = (step.inputs[0], step.inputs[1]);
        let spread = gate.shape != map.shape;
        for image in 0..map.images {
            for (c, y, x) in positions(map.shape) {
                let factor = if spread { gate.at(image, c, 0, 0) } else { gate.at(image, c, y, x) };
                step.out.set(image, c, y, x, map.at(image, c, y, x) * factor);
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (map, gate) = (step.inputs[0], step.inputs[1]);
        let spread = gate.shape != map.shape;
        for image in 0..map.images {
            for (c, y, x) in positions(map.shape) {
                let (gradient, [row, column]) = (step.d_out.at(image, c, y, x), if spread { [0, 0] } else { [y, x] });
                if let Some(d_map) = &mut step.d_inputs[0] {
                    d_map.add(image, c, y, x, gradient * gate.at(image, c, row, column));
                }
                if let Some(d_gate) = &mut step.d_inputs[1] {
                    d_gate.add(image, c, row, column, gradient * map.at(image, c, y, x));
                }
            }
        }
    }
}

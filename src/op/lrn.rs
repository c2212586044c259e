//! Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3):
//! `out[c] = in[c] * (k + alpha / size * sum of in[j]^2 over the size channels j around c) ^ -beta`.
//!
//! `alpha` is divided by the size, as Caffe, `PyTorch` and ONNX do; channels beside the first and the last count as zero.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::MAX_REAL;
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

/// Normalisation by the squares of neighbouring channels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lrn {
    /// Channels in the neighbourhood, its middle included; odd.
    pub size: u32,
    /// Factor of the mean square.
    pub alpha: Real64,
    /// The power.
    pub beta: Real64,
    /// What is added to the scaled mean square.
    pub k: Real64,
}

impl Lrn {
    /// `alpha` 1e-4, `beta` 0.75, `k` 1.
    pub fn new(size: u32) -> Lrn {
        Lrn { size, alpha: Real64::new(1e-4), beta: Real64::new(0.75), k: Real64::new(1.0) }
    }

    /// Channels of the neighbourhood on either side of its middle.
    fn side(&self) -> u32 {
        self.size / 2
    }

    /// Over all channels: neighbours that exist. `o` channels away there are `c - o` of them.
    fn inside(&self, channels: u32) -> u128 {
        let (c, side) = (u128::from(channels), u128::from(self.side().min(channels - 1)));
        c + 2 * (side * c - side * (side + 1) / 2)
    }

    fn on_padding(&self, out: Shape) -> u128 {
        (u128::from(self.size) * u128::from(out.c) - self.inside(out.c)) * u128::from(out.pixels())
    }
}

impl Operator for Lrn {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["lrn"],
            role: Role::Kind,
            doc: "Local response normalisation across channels: in * (k + alpha / size * sum of squares) ^ -beta. No parameters.",
            main: Setting { name: "size", takes: Takes::Count, default: "-", doc: "channels in the neighbourhood, odd" },
            settings: &[
                Setting { name: "alpha", takes: Takes::Number, default: "1e-4", doc: "factor of the mean square" },
                Setting { name: "beta", takes: Takes::Number, default: "0.75", doc: "the power" },
                Setting { name: "k", takes: Takes::Number, default: "1", doc: "added to the scaled mean square" },
            ],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{lrn: 5}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Lrn {
        let size = fields.main_count();
        if size.is_multiple_of(2) {
            let span = fields.main.map_or(fields.span, |main| main.span);
            let message = format!("the size of `lrn` must be odd, got {size}");
            let fault = Diagnostic::new(Code::E0303, span, message, "an even neighbourhood has no middle");
            fields.fault(fault.with_help("frameworks disagree about which side is longer; the published networks use 5"));
        }
        Lrn {
            size,
            alpha: fields.number("alpha", 1e-4, 0.0, MAX_REAL),
            beta: fields.number("beta", 0.75, 0.0, MAX_REAL),
            k: fields.number("k", 1.0, 0.0, MAX_REAL),
        }
    }

    fn write(&self, out: &mut Written) {
        out.main("lrn", self.size);
        out.set_real("alpha", self.alpha);
        out.set_real("beta", self.beta);
        out.set_real("k", self.k);
    }

    fn examples() -> Vec<(Lrn, Vec<Shape>)> {
        let loud = Lrn { size: 3, alpha: Real64::new(0.5), beta: Real64::new(0.75), k: Real64::new(2.0) };
        vec![
            (Lrn::new(5), vec![Shape::new(6, 2, 3)]),
            (loud.clone(), vec![Shape::new(4, 3, 2)]),
            (Lrn { size: 5, alpha: Real64::new(1.5), beta: Real64::new(0.5), ..loud.clone() }, vec![Shape::new(2, 2, 2)]),
            (Lrn { size: 1, ..loud }, vec![Shape::new(2, 1, 3)]),
        ]
    }

    fn class(&self) -> Class {
        Class::ResponseNorm
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        let elements = out.elements();
        let adds = (u128::from(self.size) + 1) * elements;
        Cost { adds, muls: 3 * elements, exps: elements, on_padding: self.on_padding(out), ..Cost::FREE }
    }

    fn formulas(&self, _inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let mut adds = Formula::each(Figure::Adds, 1, out);
        adds.names = format!("(size + 1) * {}", adds.names);
        adds.numbers = format!("({} + 1) * {}", self.size, adds.numbers);
        let mut formulas = vec![adds, Formula::each(Figure::Muls, 3, out), Formula::each(Figure::Exps, 1, out)];
        if self.on_padding(out) > 0 {
            let numbers = format!("({} * {} - {}) * {} * {}", self.size, out.c, self.inside(out.c), out.h, out.w);
            formulas.push(Formula::new(Figure::OnPadding, "(size * c - inside) * H * W", numbers));
        }
        formulas
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    /// Not in place: an output channel must not spoil the input of the next.
    fn storage(&self, _training: bool) -> Storage {
        Storage::Own
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::INPUTS
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, shape) = (step.inputs[0], step.out.shape);
        let share = T::of(self.alpha.get()) / T::of(f64::from(self.size));
        for image in 0..input.images {
            let beside = input.at(image, 0, 0, 0).outside(0.0);
            let squares: Vec<T> = input.image(image).iter().map(|&value| value * value).collect();
            let square = |c: u32, y: u32, x: u32| squares[((c * shape.h + y) * shape.w + x) as usize];
            for (c, y, x) in positions(shape) {
                let neighbour = |offset: u32| (c + offset).checked_sub(self.side()).filter(|&channel| channel < shape.c);
                let tap = |offset| neighbour(offset).map_or(beside, |channel| square(channel, y, x));
                let sum = (0..self.size).map(tap).fold(T::of(0.0), |sum, square| sum + square);
                let base = T::of(self.k.get()) + share * sum;
                step.out.set(image, c, y, x, input.at(image, c, y, x) * base.powf(-self.beta.get()));
            }
        }
    }

    /// With `s[c]` the base of the power: `d_in[c] = d_out[c] s[c]^-beta - 2 share beta in[c] * sum of d_out[j] in[j] s[j]^(-beta-1)` over
    /// the neighbours `j` of `c`.
    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let (input, shape) = (step.inputs[0], step.out.shape);
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        let (share, beta) = (T::of(self.alpha.get()) / T::of(f64::from(self.size)), self.beta.get());
        for image in 0..input.images {
            for (_, y, x) in positions(shape.with_channels(1)) {
                let around = |c: u32| c.saturating_sub(self.side())..c.saturating_add(self.side() + 1).min(shape.c);
                let square = |c| input.at(image, c, y, x) * input.at(image, c, y, x);
                let base = |c| T::of(self.k.get()) + share * around(c).fold(T::of(0.0), |sum, c| sum + square(c));
                let bases: Vec<T> = (0..shape.c).map(base).collect();
                let reach =
                    |c: u32| step.d_out.at(image, c, y, x) * input.at(image, c, y, x) * bases[c as usize].powf(-beta - 1.0);
                let reaches: Vec<T> = (0..shape.c).map(reach).collect();
                for c in 0..shape.c {
                    let sum = around(c).fold(T::of(0.0), |sum, neighbour| sum + reaches[neighbour as usize]);
                    let direct = step.d_out.at(image, c, y, x) * bases[c as usize].powf(-beta);
                    d_input.add(image, c, y, x, direct - T::of(2.0 * beta) * share * input.at(image, c, y, x) * sum);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_exist() {
        // By hand: 4 channels, size 3 -> 2 + 3 + 3 + 2; 2 channels, size 5 -> 2 + 2; one channel sees itself.
        for (size, channels, inside) in [(3, 4, 10), (5, 2, 4), (5, 6, 24), (7, 1, 1), (1, 9, 9)] {
            assert_eq!(Lrn::new(size).inside(channels), inside, "size {size}, {channels} channels");
        }
    }
}

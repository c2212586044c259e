//! Layer normalisation over the channels of each position (Ba et al. 2016, as in `ConvNeXt`, Liu et al. 2022):
//! `out[c] = scale[c] * (in[c] - mean) / sqrt(variance + eps) + shift[c]`, the variance divided by `c`.

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
use crate::op::MIN_EPS;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Operator;
use crate::op::Param;
use crate::op::ParamRole;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::Written;
use crate::op::positions;

/// Normalisation over the channels of each position.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayerNorm {
    /// Added to the variance.
    pub eps: Real64,
}

impl Default for LayerNorm {
    /// `eps` 1e-6.
    fn default() -> LayerNorm {
        LayerNorm { eps: Real64::new(1e-6) }
    }
}

impl Operator for LayerNorm {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["layer"],
            role: Role::Norm,
            doc: "Layer normalisation over the channels of each position: five additions and three multiplications for each element, for \
                  each position one addition, three divisions and one root. Parameters: 2 per channel.",
            main: Setting::NOTHING,
            settings: &[Setting { name: "eps", takes: Takes::Number, default: "1e-6", doc: "added to the variance" }],
            output: ["in", "h", "w"],
            params: "2 * c",
            madds: "0",
            example: "{depthwise: 7, norm: layer}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> LayerNorm {
        LayerNorm { eps: fields.number("eps", 1e-6, MIN_EPS, 1.0) }
    }

    fn write(&self, out: &mut Written) {
        out.main("layer", "");
        out.set_real("eps", self.eps);
    }

    fn examples() -> Vec<(LayerNorm, Vec<Shape>)> {
        let loud = LayerNorm { eps: Real64::new(0.5) };
        vec![(LayerNorm::default(), vec![Shape::new(5, 2, 3)]), (loud, vec![Shape::new(4, 1, 1)])]
    }

    fn class(&self) -> Class {
        Class::LayerNorm
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        let (elements, pixels) = (out.elements(), u128::from(out.pixels()));
        Cost { adds: 5 * elements + pixels, muls: 3 * elements, divs: 3 * pixels, exps: pixels, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let grid = [("H", u128::from(out.h)), ("W", u128::from(out.w))];
        vec![
            Formula::each(Figure::Adds, 5, out).plus("H * W", format!("{} * {}", out.h, out.w)),
            Formula::each(Figure::Muls, 3, out),
            Formula::product(Figure::Divs, &[&[("3", 3)][..], &grid].concat()),
            Formula::product(Figure::Exps, &grid),
            Formula::per_channel(2, inputs[0].c),
        ]
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let starts = [(ParamRole::Scale, 1.0), (ParamRole::Shift, 0.0)];
        starts.map(|(role, start)| Param::per_channel(role, inputs[0].c, start)).to_vec()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    /// Not in place: each output needs all channels of its position.
    fn storage(&self, _training: bool) -> Storage {
        Storage::Own
    }

    /// The input, and the mean and deviation of each position.
    fn keeps(&self, inputs: &[Shape]) -> Keeps {
        Keeps { per_image: 2 * inputs[0].pixels(), ..Keeps::INPUTS }
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, shape) = (step.inputs[0], step.out.shape);
        let (scale, shift) = (step.params[0], step.params[1]);
        let channels = T::of(f64::from(shape.c));
        for image in 0..input.images {
            for (_, y, x) in positions(shape.with_channels(1)) {
                let channel = |c| input.at(image, c, y, x);
                let mean = (0..shape.c).fold(T::of(0.0), |sum, c| sum + channel(c)) / channels;
                let square = |difference: T| difference * difference;
                let variance = (0..shape.c).fold(T::of(0.0), |sum, c| sum + square(channel(c) - mean)) / channels;
                let factor = T::of(1.0) / (variance + T::of(self.eps.get())).sqrt();
                if let Some(saved) = &mut step.saved {
                    saved.extend([mean, factor]);
                }
                for c in 0..shape.c {
                    let normal = (channel(c) - mean) * factor;
                    step.out.set(image, c, y, x, normal * scale[c as usize] + shift[c as usize]);
                }
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, shape, scale) = (step.inputs[0], step.out.shape, step.params[0]);
        let (channels, pixels) = (T::of(f64::from(shape.c)), shape.pixels() as usize);
        for image in 0..input.images {
            for (_, y, x) in positions(shape.with_channels(1)) {
                let at = 2 * (image * pixels + (y * shape.w + x) as usize);
                let (mean, factor) = (step.saved[at], step.saved[at + 1]);
                let normal = |c| (input.at(image, c, y, x) - mean) * factor;
                let (mut sum, mut product) = (T::of(0.0), T::of(0.0));
                for c in 0..shape.c {
                    let gradient = step.d_out.at(image, c, y, x);
                    step.add_to_param(0, c as usize, gradient * normal(c));
                    step.add_to_param(1, c as usize, gradient);
                    sum = sum.madd(gradient, scale[c as usize]);
                    product = product.madd(gradient * scale[c as usize], normal(c));
                }
                let Some(d_input) = &mut step.d_inputs[0] else { continue };
                for c in 0..shape.c {
                    let gradient = step.d_out.at(image, c, y, x) * scale[c as usize];
                    d_input.add(image, c, y, x, (gradient - sum / channels - normal(c) * product / channels) * factor);
                }
            }
        }
    }
}

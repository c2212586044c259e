//! Fully connected layer: `out[o] = bias[o] + sum over j of weight[o, j] * in[j]`, the input flattened as channels, rows, columns.
//!
//! Weights are `[out, c * h * w]`.

use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Dims;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Init;
use crate::op::Keeps;
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
use crate::op::Weights;
use crate::op::Written;
use crate::op::flattened;

/// A fully connected layer of `width` outputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Linear {
    /// Outputs.
    pub width: u32,
    /// Whether a learned number is added per output.
    pub bias: bool,
    /// Whether training changes weights and bias, and how the weights start.
    pub weights: Weights,
}

impl Linear {
    /// A fully connected layer with a bias.
    pub fn new(width: u32) -> Linear {
        Linear { width, bias: true, weights: Weights::XAVIER }
    }
}

impl Operator for Linear {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["fc"],
            role: Role::Kind,
            doc: "Fully connected layer over the flattened input. As many weights as multiply-adds, and one bias per output.",
            main: Setting { name: "width", takes: Takes::Count, default: "-", doc: "outputs" },
            settings: &[
                Setting {
                    name: "bias",
                    takes: Takes::TruthOrAuto,
                    default: "auto",
                    doc: "one learned number per output; `auto` unless the layer says `norm: batch`",
                },
                Weights::TRAINABLE,
                Weights::INIT_WITHOUT_WINDOW,
            ],
            output: ["width", "1", "1"],
            params: "width * (in * h * w + bias)",
            madds: "width * in * h * w",
            example: "{fc: 1000}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Linear {
        Linear { width: fields.main_count(), bias: fields.bias(), weights: Weights::XAVIER.read(fields) }
    }

    fn write(&self, out: &mut Written) {
        out.main("fc", self.width);
        out.set("bias", self.bias);
        self.weights.write(out);
    }

    fn examples() -> Vec<(Linear, Vec<Shape>)> {
        vec![
            (Linear::new(4), vec![Shape::new(7, 1, 1)]),
            (Linear { bias: false, ..Linear::new(3) }, vec![Shape::new(2, 3, 4)]),
            (Linear::new(1), vec![Shape::new(1, 2, 5)]),
            (Linear { weights: Weights { trainable: false, ..Weights::HE }, ..Linear::new(2) }, vec![Shape::new(3, 1, 2)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Linear
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        flattened(inputs[0])?;
        Ok(Shape::new(self.width, 1, 1))
    }

    fn cost(&self, inputs: &[Shape], _out: Shape) -> Cost {
        let width = u128::from(self.width);
        let adds = if self.bias { width } else { 0 };
        Cost { madds: width * inputs[0].elements(), adds, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], _out: Shape) -> Vec<Formula> {
        let Shape { c, h, w } = inputs[0];
        let factors = [("width", self.width), ("in", c), ("h", h), ("w", w)].map(|(name, number)| (name, u128::from(number)));
        let params = Formula::product(Figure::Params, &factors);
        if !self.bias {
            return vec![Formula::product(Figure::Madds, &factors), params];
        }
        vec![
            Formula::product(Figure::Madds, &factors),
            Formula::product(Figure::Adds, &factors[..1]),
            params.plus("width", self.width),
        ]
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let incoming = u32::try_from(inputs[0].elements()).expect("`shape` refuses a longer input");
        let weight = Param {
            role: ParamRole::Weight,
            dims: Dims::new([self.width, incoming]),
            count: u128::from(self.width) * u128::from(incoming),
            fan_in: u64::from(incoming),
            fan_out: u64::from(self.width),
            trainable: self.weights.trainable,
            init: Init::Weights(self.weights.init),
        };
        self.weights.with_bias(weight, self.bias.then_some(self.width))
    }

    fn reach(&self) -> Reach {
        Reach::Global
    }

    fn storage(&self, _training: bool) -> Storage {
        Storage::Own
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        Keeps::INPUTS
    }

    fn width(&self) -> Option<u32> {
        Some(self.width)
    }

    fn set_width(&mut self, width: u32) {
        self.width = width;
    }

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, weight) = (step.inputs[0], step.params[0]);
        for image in 0..input.images {
            let incoming = input.image(image);
            for (o, row) in weight.chunks_exact(incoming.len()).enumerate() {
                let mut sum = row.iter().zip(incoming).fold(T::of(0.0), |sum, (&weight, &value)| sum.madd(weight, value));
                if self.bias {
                    sum = sum + step.params[1][o];
                }
                step.out.set(image, o as u32, 0, 0, sum);
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, weight) = (step.inputs[0], step.params[0]);
        for image in 0..input.images {
            let incoming = input.image(image);
            for (o, row) in weight.chunks_exact(incoming.len()).enumerate() {
                let gradient = step.d_out.at(image, o as u32, 0, 0);
                step.add_to_param(1, o, gradient);
                for (i, (&weight, &value)) in row.iter().zip(incoming).enumerate() {
                    if let Some(d_input) = &mut step.d_inputs[0] {
                        let d_input = &mut d_input.image_mut(image)[i];
                        *d_input = d_input.madd(weight, gradient);
                    }
                    step.add_to_param(0, o * incoming.len() + i, value * gradient);
                }
            }
        }
    }
}

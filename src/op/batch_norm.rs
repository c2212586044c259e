//! Batch normalisation (Ioffe and Szegedy 2015): `out = scale * (in - mean) / sqrt(variance + eps) + shift`, per channel.
//!
//! In inference mean and variance are the running ones, so that scale and shift fold into two numbers per channel beforehand. A
//! training step uses the batch's own and moves the running ones by `momentum`; the running variance is the unbiased one.

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
use crate::op::Mode;
use crate::op::Operator;
use crate::op::Param;
use crate::op::ParamRole;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::View;
use crate::op::Written;
use crate::op::positions;

/// Normalisation by running statistics.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BatchNorm {
    /// Added to the variance.
    pub eps: Real64,
    /// The share of a new batch in the running statistics.
    pub momentum: Real64,
}

impl Default for BatchNorm {
    /// `eps` 1e-5, `momentum` 0.1.
    fn default() -> BatchNorm {
        BatchNorm { eps: Real64::new(1e-5), momentum: Real64::new(0.1) }
    }
}

impl BatchNorm {
    /// `1 / sqrt(variance + eps)`.
    fn factor<T: Real>(&self, variance: T) -> T {
        T::of(1.0) / (variance + T::of(self.eps.get())).sqrt()
    }
}

/// Mean and variance of each channel over the batch; the variance divides by the count, not by one less.
fn moments<T: Real>(input: &View<'_, T>) -> (Vec<T>, Vec<T>) {
    let count = T::of(input.images as f64 * input.shape.pixels() as f64);
    let of_channel = |c: u32| {
        let pixels = move || positions(input.shape.with_channels(1));
        (0..input.images).flat_map(move |image| pixels().map(move |(_, y, x)| input.at(image, c, y, x)))
    };
    let mean = |c| of_channel(c).fold(T::of(0.0), |sum, value| sum + value) / count;
    let means: Vec<T> = (0..input.shape.c).map(mean).collect();
    let variance =
        |(c, &mean): (u32, &T)| of_channel(c).fold(T::of(0.0), |sum, value| sum + (value - mean) * (value - mean)) / count;
    let variances = (0..).zip(&means).map(variance).collect();
    (means, variances)
}

impl Operator for BatchNorm {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["batch"],
            role: Role::Norm,
            doc: "Batch normalisation: in inference one multiplication and one addition for each element. Parameters: 2 per channel, the \
                  running mean and variance not among them.",
            main: Setting::NOTHING,
            settings: &[
                Setting { name: "eps", takes: Takes::Number, default: "1e-5", doc: "added to the variance" },
                Setting {
                    name: "momentum",
                    takes: Takes::Number,
                    default: "0.1",
                    doc: "share of a new batch in the running statistics",
                },
            ],
            output: ["in", "h", "w"],
            params: "2 * c",
            madds: "0",
            example: "{conv: 64, kernel: 3, norm: batch}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> BatchNorm {
        BatchNorm { eps: fields.number("eps", 1e-5, MIN_EPS, 1.0), momentum: fields.number("momentum", 0.1, 0.0, 1.0) }
    }

    fn write(&self, out: &mut Written) {
        out.main("batch", "");
        out.set_real("eps", self.eps);
        out.set_real("momentum", self.momentum);
    }

    fn examples() -> Vec<(BatchNorm, Vec<Shape>)> {
        let loud = BatchNorm { eps: Real64::new(0.5), momentum: Real64::new(0.25) };
        vec![(BatchNorm::default(), vec![Shape::new(3, 2, 4)]), (loud, vec![Shape::new(4, 1, 1)])]
    }

    fn class(&self) -> Class {
        Class::BatchNorm
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        Cost { adds: out.elements(), muls: out.elements(), ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let params = Formula::per_channel(2, inputs[0].c);
        vec![Formula::each(Figure::Adds, 1, out), Formula::each(Figure::Muls, 1, out), params]
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let starts = [(ParamRole::Scale, 1.0), (ParamRole::Shift, 0.0), (ParamRole::Mean, 0.0), (ParamRole::Variance, 1.0)];
        starts.map(|(role, start)| Param::per_channel(role, inputs[0].c, start)).to_vec()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn storage(&self, training: bool) -> Storage {
        if training { Storage::Own } else { Storage::Over(1) }
    }

    /// The input, and the mean and deviation of the batch per channel.
    fn keeps(&self, inputs: &[Shape]) -> Keeps {
        Keeps { per_batch: 2 * u64::from(inputs[0].c), ..Keeps::INPUTS }
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let input = step.inputs[0];
        let &[scale, shift, mean, variance] = step.params else { unreachable!("four tensors, as `params` says") };
        let moments = match step.mode {
            Mode::Infer => None,
            Mode::Train(_) => Some(moments(&input)),
        };
        let (mean, variance) = moments.as_ref().map_or((mean, variance), |(mean, variance)| (&mean[..], &variance[..]));
        let inverse: Vec<T> = variance.iter().map(|&variance| self.factor(variance)).collect();
        let factor: Vec<T> = scale.iter().zip(&inverse).map(|(&scale, &inverse)| scale * inverse).collect();
        for image in 0..input.images {
            for (c, y, x) in positions(input.shape) {
                let at = c as usize;
                let offset = shift[at] - mean[at] * factor[at];
                step.out.set(image, c, y, x, input.at(image, c, y, x) * factor[at] + offset);
            }
        }
        if let [running_mean, running_variance] = &mut step.running[..] {
            let count = input.images as f64 * input.shape.pixels() as f64;
            let unbiased = T::of(count / (count - 1.0).max(1.0));
            let (momentum, rest) = (T::of(self.momentum.get()), T::of(1.0 - self.momentum.get()));
            for (running, &mean) in running_mean.iter_mut().zip(mean) {
                *running = *running * rest + mean * momentum;
            }
            for (running, &variance) in running_variance.iter_mut().zip(variance) {
                *running = *running * rest + variance * unbiased * momentum;
            }
        }
        if let Some(saved) = step.saved {
            saved.extend(mean.iter().copied().chain(inverse));
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, scale) = (step.inputs[0], step.params[0]);
        let channels = input.shape.c as usize;
        let frozen: Vec<T>;
        let (mean, factor) = match step.mode {
            Mode::Train(_) => step.saved.split_at(channels),
            Mode::Infer => {
                frozen = step.params[3].iter().map(|&variance| self.factor(variance)).collect();
                (step.params[2], &frozen[..])
            }
        };
        let count = T::of(input.images as f64 * input.shape.pixels() as f64);
        for c in 0..input.shape.c {
            let at = c as usize;
            let of_channel = || {
                let pixels = move || positions(input.shape.with_channels(1));
                (0..input.images).flat_map(move |image| pixels().map(move |(_, y, x)| (image, y, x)))
            };
            let normal = |(image, y, x)| (input.at(image, c, y, x) - mean[at]) * factor[at];
            let (mut sum, mut product) = (T::of(0.0), T::of(0.0));
            for (image, y, x) in of_channel() {
                let gradient = step.d_out.at(image, c, y, x);
                sum = sum + gradient;
                product = product.madd(gradient, normal((image, y, x)));
            }
            if let Some(d_input) = &mut step.d_inputs[0] {
                for (image, y, x) in of_channel() {
                    let mut gradient = step.d_out.at(image, c, y, x);
                    if step.mode != Mode::Infer {
                        gradient = gradient - sum / count - normal((image, y, x)) * product / count;
                    }
                    d_input.add(image, c, y, x, gradient * scale[at] * factor[at]);
                }
            }
            step.add_to_param(0, at, product);
            step.add_to_param(1, at, sum);
        }
    }
}

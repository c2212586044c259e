//! Depthwise convolution: `out[o, y, x] = bias[o] + sum over dy, dx of weight[o, 0, dy, dx] * in[o / multiplier, y*sh + .., x*sw + ..]`.
//!
//! Weights are `[c * multiplier, 1, kh, kw]`; each input channel yields `multiplier` neighbouring output channels (Chollet 2017,
//! Howard et al. 2017).

use crate::base::Code;
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
use crate::op::MAX_COUNT;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Operator;
use crate::op::Pad;
use crate::op::Param;
use crate::op::ParamRole;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Takes;
use crate::op::Weights;
use crate::op::Window;
use crate::op::Written;
use crate::op::positions;

/// A convolution of each channel for itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Depthwise {
    /// Kernel, stride, dilation, padding.
    pub window: Window,
    /// Output channels of each input channel.
    pub multiplier: u32,
    /// Whether a learned number is added per output channel.
    pub bias: bool,
    /// Whether training changes weights and bias, and how the weights start.
    pub weights: Weights,
}

impl Depthwise {
    /// One output channel per input channel, stride 1, `same` padding, a bias.
    pub fn new(kernel: u32) -> Depthwise {
        let window = Window { pad: Pad::Same, ..Window::of([kernel; 2]) };
        Depthwise { window, multiplier: 1, bias: true, weights: Weights::HE }
    }
}

impl Operator for Depthwise {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["depthwise"],
            role: Role::Kind,
            doc: "Convolution of each channel for itself; taps on padding are counted like all others.",
            main: Setting { name: "kernel", takes: Takes::Window, default: "-", doc: "taps, `n` or `[height, width]`" },
            settings: &[
                Setting { name: "stride", takes: Takes::Window, default: "1", doc: "step between output positions" },
                Setting {
                    name: "pad",
                    takes: Takes::Pad,
                    default: "same",
                    doc: "zeros around the map; `same` is dilation * (kernel - 1) / 2 on every side",
                },
                Setting { name: "dilation", takes: Takes::Window, default: "1", doc: "step between taps" },
                Setting { name: "multiplier", takes: Takes::Count, default: "1", doc: "output channels of each input channel" },
                Setting {
                    name: "bias",
                    takes: Takes::TruthOrAuto,
                    default: "auto",
                    doc: "one learned number per output channel; `auto` unless the layer says `norm: batch`",
                },
                Weights::TRAINABLE,
                Weights::INIT,
            ],
            output: ["in * multiplier", "H", "W"],
            params: "in * multiplier * (kh * kw + bias)",
            madds: "in * multiplier * kh * kw * H * W",
            example: "{depthwise: 3, stride: 2}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Depthwise {
        let window = Window {
            kernel: fields.main_window(),
            stride: fields.window("stride", [1, 1]),
            dilation: fields.window("dilation", [1, 1]),
            pad: fields.pad(Pad::Same),
            ceil: false,
        };
        window.refuse_even_same(fields, fields.word);
        let (multiplier, bias) = (fields.count("multiplier", 1), fields.bias());
        let weights = Weights::HE.read_over(fields, window, fields.word);
        Depthwise { window, multiplier, bias, weights }
    }

    fn write(&self, out: &mut Written) {
        let [h, w] = self.window.kernel;
        out.main("depthwise", format!("[{h}, {w}]"));
        self.window.write(out);
        out.set_pair("dilation", self.window.dilation);
        out.set("multiplier", self.multiplier);
        out.set("bias", self.bias);
        self.weights.write(out);
    }

    fn examples() -> Vec<(Depthwise, Vec<Shape>)> {
        let odd = Window { kernel: [2, 3], stride: [1, 2], dilation: [3, 1], pad: Pad::Sides([[0, 3], [2, 1]]), ceil: false };
        vec![
            (Depthwise::new(3), vec![Shape::new(3, 4, 5)]),
            (Depthwise { multiplier: 3, bias: false, ..Depthwise::new(5) }, vec![Shape::new(2, 3, 6)]),
            (Depthwise { window: odd, multiplier: 2, ..Depthwise::new(1) }, vec![Shape::new(3, 5, 7)]),
            (Depthwise { weights: Weights::FIXED_GABOR, ..Depthwise::new(3) }, vec![Shape::new(2, 3, 3)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Convolution
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let input = inputs[0];
        self.weights.fit(self.window)?;
        let Some(channels) = input.c.checked_mul(self.multiplier).filter(|&channels| channels <= MAX_COUNT) else {
            let because = format!("makes {} channels of each of {}, more than {MAX_COUNT} in all", self.multiplier, input.c);
            return Err(Mismatch::new(Code::E0406, because).at(0));
        };
        Ok(input.with_channels(channels).on_grid(self.window.grid(input)?))
    }

    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
        let channels = u128::from(out.c);
        let taps = u128::from(self.window.taps()) * u128::from(out.pixels());
        let adds = if self.bias { out.elements() } else { 0 };
        let on_padding = channels * (taps - self.window.inside_taps(inputs[0], out));
        Cost { madds: channels * taps, adds, on_padding, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let channels = [("in", u128::from(inputs[0].c)), ("multiplier", u128::from(self.multiplier))];
        let kernel = [("kh", u128::from(self.window.kernel[0])), ("kw", u128::from(self.window.kernel[1]))];
        let grid = [("H", u128::from(out.h)), ("W", u128::from(out.w))];
        let mut formulas = vec![Formula::product(Figure::Madds, &[&channels[..], &kernel, &grid].concat())];
        let mut params = Formula::product(Figure::Params, &[channels, kernel].concat());
        if self.bias {
            formulas.push(Formula::product(Figure::Adds, &[channels, grid].concat()));
            params = params.plus("in * multiplier", format!("{} * {}", inputs[0].c, self.multiplier));
        }
        formulas.push(params);
        formulas.extend(self.window.padding_formula(&channels, inputs[0], out));
        formulas
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let channels = inputs[0].c * self.multiplier;
        let taps = self.window.taps();
        let weight = Param {
            role: ParamRole::Weight,
            dims: Dims::new([channels, 1, self.window.kernel[0], self.window.kernel[1]]),
            count: u128::from(channels) * u128::from(taps),
            fan_in: taps,
            fan_out: u64::from(self.multiplier) * taps,
            trainable: self.weights.trainable,
            init: Init::Weights(self.weights.init),
        };
        self.weights.with_bias(weight, self.bias.then_some(channels))
    }

    fn reach(&self) -> Reach {
        Reach::Window(self.window)
    }

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
        let (input, out, weight) = (step.inputs[0], step.out.shape, step.params[0]);
        let [kh, kw] = self.window.kernel;
        for image in 0..input.images {
            let beside = input.at(image, 0, 0, 0).outside(0.0);
            for (o, y, x) in positions(out) {
                let mut sum = T::of(0.0);
                for (dy, dx) in (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx))) {
                    let row = self.window.tap(0, input.shape.h, y, dy);
                    let column = self.window.tap(1, input.shape.w, x, dx);
                    let tap = row.zip(column).map_or(beside, |(row, column)| input.at(image, o / self.multiplier, row, column));
                    sum = sum.madd(weight[((o * kh + dy) * kw + dx) as usize], tap);
                }
                if self.bias {
                    sum = sum + step.params[1][o as usize];
                }
                step.out.set(image, o, y, x, sum);
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, out, weight) = (step.inputs[0], step.out.shape, step.params[0]);
        let [kh, kw] = self.window.kernel;
        for image in 0..input.images {
            for (o, y, x) in positions(out) {
                let (channel, gradient) = (o / self.multiplier, step.d_out.at(image, o, y, x));
                step.add_to_param(1, o as usize, gradient);
                for (dy, dx) in (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx))) {
                    let row = self.window.tap(0, input.shape.h, y, dy);
                    let Some((row, column)) = row.zip(self.window.tap(1, input.shape.w, x, dx)) else { continue };
                    let at = ((o * kh + dy) * kw + dx) as usize;
                    if let Some(d_input) = &mut step.d_inputs[0] {
                        d_input.add(image, channel, row, column, weight[at] * gradient);
                    }
                    step.add_to_param(0, at, input.at(image, channel, row, column) * gradient);
                }
            }
        }
    }
}

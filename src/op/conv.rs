//! Convolution: `out[o, y, x] = bias[o] + sum over i, dy, dx of weight[o, i, dy, dx] * in[i, y*sh + dy*dh - top, x*sw + dx*dw - left]`.
//!
//! Weights are `[out, in / groups, kh, kw]`. A connection table (LeNet-5's C3, 1998, table I of its paper) names the input channels
//! of each output channel; links that it leaves out do not exist, neither in the cost nor in the parameters.

use std::sync::Arc;

use crate::base::Code;
use crate::base::Diagnostic;
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

/// A convolution of `width` output channels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conv {
    /// Output channels.
    pub width: u32,
    /// Kernel, stride, dilation, padding.
    pub window: Window,
    /// Groups of channels that do not mix.
    pub groups: u32,
    /// For each output channel the input channels it reads, from 0; `None` reads all of its group.
    pub table: Option<Arc<[Box<[u32]>]>>,
    /// Whether a learned number is added per output channel.
    pub bias: bool,
    /// Whether training changes weights and bias, and how the weights start.
    pub weights: Weights,
}

impl Conv {
    /// A convolution with stride 1, `same` padding and a bias.
    pub fn new(width: u32, kernel: u32) -> Conv {
        let window = Window { pad: Pad::Same, ..Window::of([kernel; 2]) };
        Conv { width, window, groups: 1, table: None, bias: true, weights: Weights::HE }
    }

    /// Pairs of an input and an output channel that are connected.
    fn links(&self, input: Shape) -> u128 {
        match &self.table {
            Some(rows) => rows.iter().map(|row| row.len() as u128).sum(),
            None => u128::from(input.c / self.groups) * u128::from(self.width),
        }
    }

    /// For each tap of an output position the pixel of the input that lies under it.
    fn under(&self, input: Shape, y: u32, x: u32) -> Vec<Option<usize>> {
        let [kh, kw] = self.window.kernel;
        let taps = (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx)));
        let pixel = |(dy, dx)| {
            let (row, column) = (self.window.tap(0, input.h, y, dy)?, self.window.tap(1, input.w, x, dx)?);
            Some((row * input.w + column) as usize)
        };
        taps.map(pixel).collect()
    }

    /// Calls `each` for every input channel that an output channel reads, with the row of the weights between them.
    fn for_links(&self, out: u32, per_group: u32, mut each: impl FnMut(u32, usize)) {
        let group = out / (self.width / self.groups) * per_group;
        let row = |input: u32| out as usize * per_group as usize + (input - group) as usize;
        match &self.table {
            Some(rows) => rows[out as usize].iter().for_each(|&input| each(input, row(input))),
            None => (group..group + per_group).for_each(|input| each(input, row(input))),
        }
    }

    fn link_factors(&self, input: Shape) -> Vec<(&'static str, u128)> {
        match &self.table {
            Some(_) => vec![("links", self.links(input))],
            None if self.groups == 1 => vec![("width", u128::from(self.width)), ("in", u128::from(input.c))],
            None => vec![("width", u128::from(self.width)), ("in_of_group", u128::from(input.c / self.groups))],
        }
    }
}

impl Operator for Conv {
    fn manual() -> &'static Manual {
        &Manual {
            words: &["conv"],
            role: Role::Kind,
            doc: "Convolution, with one bias per output channel; taps on padding are counted like all others.",
            main: Setting { name: "width", takes: Takes::Count, default: "-", doc: "output channels" },
            settings: &[
                Setting { name: "kernel", takes: Takes::Window, default: "1", doc: "taps, `n` or `[height, width]`" },
                Setting { name: "stride", takes: Takes::Window, default: "1", doc: "step between output positions" },
                Setting {
                    name: "pad",
                    takes: Takes::Pad,
                    default: "same",
                    doc: "zeros around the map; `same` is dilation * (kernel - 1) / 2 on every side",
                },
                Setting { name: "dilation", takes: Takes::Window, default: "1", doc: "step between taps" },
                Setting { name: "groups", takes: Takes::Count, default: "1", doc: "groups of channels that do not mix" },
                Setting {
                    name: "table",
                    takes: Takes::Table,
                    default: "-",
                    doc: "for each output channel the input channels it reads, from 1, in place of all; excludes `groups`",
                },
                Setting {
                    name: "bias",
                    takes: Takes::TruthOrAuto,
                    default: "auto",
                    doc: "one learned number per output channel; `auto` unless the layer says `norm: batch`",
                },
                Weights::TRAINABLE,
                Weights::INIT,
            ],
            output: ["width", "H", "W"],
            params: "width * (in / groups * kh * kw + bias)",
            madds: "width * in / groups * kh * kw * H * W",
            example: "{conv: 64, kernel: 7, stride: 2}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Conv {
        let width = fields.main_count();
        let window = Window {
            kernel: fields.window("kernel", [1, 1]),
            stride: fields.window("stride", [1, 1]),
            dilation: fields.window("dilation", [1, 1]),
            pad: fields.pad(Pad::Same),
            ceil: false,
        };
        window.refuse_even_same(fields, "kernel");
        let groups = fields.count("groups", 1);
        let table = fields.table("table");
        if let Some(rows) = &table {
            let span = fields.span_of("table");
            if groups != 1 {
                let fault = Diagnostic::new(Code::E0217, span, "`table` and `groups` exclude each other", "");
                fields.fault(fault.with_label(fields.span_of("groups"), "groups are a table of their own"));
            }
            if rows.len() != width as usize {
                let message = format!("`table` has {} rows for {width} output channels", rows.len());
                fields.fault(Diagnostic::new(Code::E0303, span, message, "one row for each output channel"));
            }
        }
        let from_zero = |row: Vec<u32>| row.into_iter().map(|channel| channel - 1).collect();
        let table = table.map(|rows| rows.into_iter().map(from_zero).collect());
        let (bias, weights) = (fields.bias(), Weights::HE.read_over(fields, window, "kernel"));
        Conv { width, window, groups, table, bias, weights }
    }

    fn write(&self, out: &mut Written) {
        out.main("conv", self.width);
        out.set_pair("kernel", self.window.kernel);
        self.window.write(out);
        out.set_pair("dilation", self.window.dilation);
        match &self.table {
            Some(rows) => {
                let row = |row: &[u32]| row.iter().map(|channel| (channel + 1).to_string()).collect::<Vec<_>>().join(", ");
                let rows: Vec<String> = rows.iter().map(|cells| format!("[{}]", row(cells))).collect();
                out.set("table", format!("[{}]", rows.join(", ")));
            }
            None => out.set("groups", self.groups),
        }
        out.set("bias", self.bias);
        self.weights.write(out);
    }

    fn examples() -> Vec<(Conv, Vec<Shape>)> {
        let odd = Window { kernel: [3, 2], stride: [2, 1], dilation: [1, 2], pad: Pad::Sides([[2, 0], [1, 3]]), ceil: false };
        let rows: [&[u32]; 3] = [&[0, 1], &[3], &[1, 2, 3]];
        let table: Arc<[Box<[u32]>]> = rows.iter().map(|&row| row.into()).collect();
        vec![
            (Conv::new(5, 3), vec![Shape::new(3, 6, 5)]),
            (Conv { bias: false, ..Conv::new(4, 1) }, vec![Shape::new(3, 2, 3)]),
            (Conv { window: odd, ..Conv::new(2, 1) }, vec![Shape::new(3, 7, 6)]),
            (Conv { groups: 2, ..Conv::new(6, 5) }, vec![Shape::new(4, 4, 4)]),
            (Conv { table: Some(table), ..Conv::new(3, 3) }, vec![Shape::new(4, 5, 5)]),
            (Conv { weights: Weights::FIXED_GABOR, ..Conv::new(4, 3) }, vec![Shape::new(1, 4, 3)]),
            (Conv { weights: Weights { trainable: false, ..Weights::XAVIER }, ..Conv::new(2, 1) }, vec![Shape::new(2, 1, 3)]),
        ]
    }

    fn class(&self) -> Class {
        Class::Convolution
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        let input = inputs[0];
        let groups = self.groups;
        self.weights.fit(self.window)?;
        if !input.c.is_multiple_of(groups) || !self.width.is_multiple_of(groups) {
            let because = format!("cannot part {} input and {} output channels into {groups} groups", input.c, self.width);
            return Err(Mismatch::new(Code::E0402, because).at(0).with_help("`groups` divides both widths"));
        }
        if let Some(rows) = self.table.as_ref().filter(|rows| rows.len() != self.width as usize) {
            let because = format!("has a table of {} rows for {} output channels", rows.len(), self.width);
            return Err(Mismatch::new(Code::E0303, because).with_help("one row of `table` for each output channel"));
        }
        let beyond =
            self.table.iter().flat_map(|rows| rows.iter().flat_map(|row| row.iter())).find(|&&channel| channel >= input.c);
        if let Some(channel) = beyond {
            let because = format!("reads channel {} of an input with {}", channel + 1, input.c);
            return Err(Mismatch::new(Code::E0404, because).at(0).with_help("rows of `table` count input channels from 1"));
        }
        Ok(input.with_channels(self.width).on_grid(self.window.grid(input)?))
    }

    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
        let links = self.links(inputs[0]);
        let taps = u128::from(self.window.taps()) * u128::from(out.pixels());
        let adds = if self.bias { out.elements() } else { 0 };
        let on_padding = links * (taps - self.window.inside_taps(inputs[0], out));
        Cost { madds: links * taps, adds, on_padding, ..Cost::FREE }
    }

    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let links = self.link_factors(inputs[0]);
        let kernel = [("kh", u128::from(self.window.kernel[0])), ("kw", u128::from(self.window.kernel[1]))];
        let grid = [("H", u128::from(out.h)), ("W", u128::from(out.w))];
        let mut formulas = vec![Formula::product(Figure::Madds, &[&links[..], &kernel, &grid].concat())];
        let mut params = Formula::product(Figure::Params, &[&links[..], &kernel].concat());
        if self.bias {
            formulas.push(Formula::product(Figure::Adds, &[&[("width", u128::from(self.width))][..], &grid].concat()));
            params = params.plus("width", self.width);
        }
        formulas.push(params);
        formulas.extend(self.window.padding_formula(&links, inputs[0], out));
        formulas
    }

    fn params(&self, inputs: &[Shape]) -> Vec<Param> {
        let per_group = inputs[0].c / self.groups;
        let taps = self.window.taps();
        let weight = Param {
            role: ParamRole::Weight,
            dims: Dims::new([self.width, per_group, self.window.kernel[0], self.window.kernel[1]]),
            count: self.links(inputs[0]) * u128::from(taps),
            fan_in: u64::from(per_group) * taps,
            fan_out: u64::from(self.width / self.groups) * taps,
            trainable: self.weights.trainable,
            init: Init::Weights(self.weights.init),
        };
        self.weights.with_bias(weight, self.bias.then_some(self.width))
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
        Some(self.width)
    }

    fn set_width(&mut self, width: u32) {
        self.width = width;
    }

    fn forward<T: Real>(&self, mut step: Forward<'_, T>) {
        let (input, out) = (step.inputs[0], step.out.shape);
        let (weight, per_group) = (step.params[0], input.shape.c / self.groups);
        let (taps, pixels) = (self.window.taps() as usize, input.shape.pixels() as usize);
        for image in 0..input.images {
            let (elements, beside) = (input.image(image), input.at(image, 0, 0, 0).outside(0.0));
            for (y, x) in (0..out.h).flat_map(|y| (0..out.w).map(move |x| (y, x))) {
                let under = self.under(input.shape, y, x);
                for o in 0..out.c {
                    let mut sum = T::of(0.0);
                    self.for_links(o, per_group, |i, row| {
                        let map = &elements[i as usize * pixels..][..pixels];
                        for (pixel, &weight) in under.iter().zip(&weight[row * taps..][..taps]) {
                            sum = sum.madd(weight, pixel.map_or(beside, |pixel| map[pixel]));
                        }
                    });
                    if self.bias {
                        sum = sum + step.params[1][o as usize];
                    }
                    step.out.set(image, o, y, x, sum);
                }
            }
        }
    }

    fn backward<T: Real>(&self, mut step: Backward<'_, T>) {
        let (input, out) = (step.inputs[0], step.out.shape);
        let (weight, per_group) = (step.params[0], input.shape.c / self.groups);
        let (taps, pixels) = (self.window.taps() as usize, input.shape.pixels() as usize);
        let mut d_weight = step.d_params[0].take();
        for image in 0..input.images {
            let elements = input.image(image);
            let mut d_elements = step.d_inputs[0].as_mut().map(|d_input| d_input.image_mut(image));
            for (y, x) in (0..out.h).flat_map(|y| (0..out.w).map(move |x| (y, x))) {
                let under = self.under(input.shape, y, x);
                for o in 0..out.c {
                    let gradient = step.d_out.at(image, o, y, x);
                    if let Some(Some(d_bias)) = step.d_params.get_mut(1) {
                        d_bias[o as usize] = d_bias[o as usize] + gradient;
                    }
                    self.for_links(o, per_group, |i, row| {
                        let (map, row) = (i as usize * pixels, row * taps);
                        if let Some(d_elements) = &mut d_elements {
                            for (pixel, &weight) in under.iter().zip(&weight[row..row + taps]) {
                                let Some(pixel) = pixel else { continue };
                                d_elements[map + pixel] = d_elements[map + pixel].madd(weight, gradient);
                            }
                        }
                        if let Some(d_weight) = &mut d_weight {
                            for (pixel, d_weight) in under.iter().zip(&mut d_weight[row..row + taps]) {
                                let Some(pixel) = pixel else { continue };
                                *d_weight = d_weight.madd(elements[map + pixel], gradient);
                            }
                        }
                    });
                }
            }
        }
    }
}

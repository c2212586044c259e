//! Windows over a map: kernel, stride, dilation, padding, and how many positions and inside taps they have (language rule R8).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Shape;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::MAX_SIDE;
use crate::op::Mismatch;
use crate::op::Written;

/// Padding of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pad {
    /// `dilation * (kernel - 1) / 2` on every side, whatever the input's size and the stride.
    Same,
    /// `[[top, bottom], [left, right]]`.
    Sides([[u32; 2]; 2]),
}

impl Pad {
    /// No padding.
    pub const NONE: Pad = Pad::Sides([[0, 0], [0, 0]]);
}

/// The padding as a spec writes it.
impl std::fmt::Display for Pad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Pad::Same => f.write_str("same"),
            Pad::Sides([[top, bottom], [left, right]]) => write!(f, "[[{top}, {bottom}], [{left}, {right}]]"),
        }
    }
}

/// A window that moves over a map; all pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Taps.
    pub kernel: [u32; 2],
    /// Step between positions.
    pub stride: [u32; 2],
    /// Step between taps.
    pub dilation: [u32; 2],
    /// Zeros around the map.
    pub pad: Pad,
    /// The last position may hang over the trailing edge, if it starts inside the input or its leading padding.
    pub ceil: bool,
}

impl Window {
    /// A window with stride 1, no dilation, no padding.
    pub const fn of(kernel: [u32; 2]) -> Window {
        Window { kernel, stride: [1, 1], dilation: [1, 1], pad: Pad::NONE, ceil: false }
    }

    /// Taps of one position.
    pub const fn taps(&self) -> u64 {
        self.kernel[0] as u64 * self.kernel[1] as u64
    }

    /// Padding `[before, after]` of an axis (0 = height, 1 = width). With [`Pad::Same`] the kernel is odd: reading checks it.
    pub const fn pads(&self, axis: usize) -> [u32; 2] {
        match self.pad {
            Pad::Same => [self.dilation[axis] * (self.kernel[axis] - 1) / 2; 2],
            Pad::Sides(sides) => sides[axis],
        }
    }

    /// The output's grid `[height, width]`.
    pub fn grid(&self, input: Shape) -> Result<[u32; 2], Mismatch> {
        self.refuse_no_window()?;
        let sides = [input.h, input.w];
        let mut grid = [0; 2];
        for axis in 0..2 {
            let Some(positions) = self.positions(axis, sides[axis]) else {
                let [before, after] = self.pads(axis);
                let padding = if before + after > 0 { format!(" padded by {before} and {after}") } else { String::new() };
                let because = format!(
                    "has a {}x{} window{} on a {}x{} map{padding}",
                    self.kernel[0],
                    self.kernel[1],
                    if self.dilation == [1, 1] { String::new() } else { format!(", dilated to {}", self.span(axis)) },
                    input.h,
                    input.w
                );
                let help = "use a smaller window, more padding, or fewer strides before it";
                return Err(Mismatch::new(Code::E0401, because).at(0).with_help(help));
            };
            if positions > MAX_SIDE {
                return Err(Mismatch::new(Code::E0406, format!("has an output {positions} wide, more than {MAX_SIDE}")).at(0));
            }
            grid[axis] = positions;
        }
        Ok(grid)
    }

    /// Elements from the first tap to the last.
    fn span(&self, axis: usize) -> u64 {
        u64::from(self.dilation[axis]) * (u64::from(self.kernel[axis]) - 1) + 1
    }

    /// Refuses a kernel, stride or dilation of zero, and `same` with an even kernel, which has no middle.
    fn refuse_no_window(&self) -> Result<(), Mismatch> {
        if [self.kernel, self.stride, self.dilation].iter().flatten().any(|&side| side == 0) {
            return Err(Mismatch::new(Code::E0303, "has a kernel, stride or dilation of zero"));
        }
        if self.pad == Pad::Same && self.kernel.iter().any(|side| side.is_multiple_of(2)) {
            let [h, w] = self.kernel;
            return Err(Mismatch::new(Code::E0310, format!("pads a {h}x{w} kernel by `same`, and an even kernel has no middle")));
        }
        Ok(())
    }

    fn positions(&self, axis: usize, size: u32) -> Option<u32> {
        let [before, after] = self.pads(axis);
        let padded = u64::from(before) + u64::from(size) + u64::from(after);
        let room = padded.checked_sub(self.span(axis))?;
        let stride = u64::from(self.stride[axis]);
        if !self.ceil {
            return Some((room / stride) as u32 + 1);
        }
        let last = room.div_ceil(stride);
        let starts_late = last * stride >= u64::from(size) + u64::from(before);
        Some((last + 1 - u64::from(starts_late)) as u32)
    }

    /// Over all positions of an axis: taps that lie inside the input. The rest, `kernel * out - inside`, lie beside it.
    pub fn inside(&self, axis: usize, size: u32, out: u32) -> u64 {
        let (stride, before) = (i64::from(self.stride[axis]), i64::from(self.pads(axis)[0]));
        let tap_inside = |tap: u32| {
            let first = i64::from(tap) * i64::from(self.dilation[axis]) - before;
            let below = if first >= 0 { 0 } else { (-first + stride - 1) / stride };
            let until = i64::from(size) - first;
            let upto = if until <= 0 { 0 } else { (until + stride - 1) / stride };
            (upto.min(i64::from(out)) - below.min(i64::from(out))).max(0) as u64
        };
        (0..self.kernel[axis]).map(tap_inside).sum()
    }

    /// Taps per channel that lie inside the input, over all positions: the product of both axes.
    pub fn inside_taps(&self, input: Shape, out: Shape) -> u128 {
        u128::from(self.inside(0, input.h, out.h)) * u128::from(self.inside(1, input.w, out.w))
    }

    /// Refuses a window of which some position lies wholly on padding, where a maximum or a mean has no value.
    pub fn refuse_empty(&self, input: Shape, [h, w]: [u32; 2]) -> Result<(), Mismatch> {
        for (axis, size, out) in [(0, input.h, h), (1, input.w, w)] {
            // Without gaps between the taps, no position is worse off than the first and the last.
            let step = if self.dilation[axis] == 1 { (out as usize - 1).max(1) } else { 1 };
            if (0..out).step_by(step).any(|position| self.is_empty_at(axis, size, position)) {
                let because = format!("has a position wholly on padding of its {}x{} map", input.h, input.w);
                return Err(Mismatch::new(Code::E0405, because).at(0).with_help("pad by less than the window"));
            }
        }
        Ok(())
    }

    /// Whether no tap of a position lies inside: neither is the first one past the leading padding.
    fn is_empty_at(&self, axis: usize, size: u32, position: u32) -> bool {
        let (before, dilation) = (u64::from(self.pads(axis)[0]), u64::from(self.dilation[axis]));
        let start = u64::from(position) * u64::from(self.stride[axis]);
        let tap = before.saturating_sub(start).div_ceil(dilation);
        tap >= u64::from(self.kernel[axis]) || start + tap * dilation - before >= u64::from(size)
    }

    /// The input coordinate under a tap, or nothing if it lies beside the input.
    pub fn tap(&self, axis: usize, size: u32, position: u32, tap: u32) -> Option<u32> {
        let offset = u64::from(position) * u64::from(self.stride[axis]) + u64::from(tap) * u64::from(self.dilation[axis]);
        let coordinate = offset.checked_sub(u64::from(self.pads(axis)[0]))?;
        (coordinate < u64::from(size)).then_some(coordinate as u32)
    }
}

impl Window {
    /// Refuses `pad: same` with an even kernel: it has no middle.
    pub fn refuse_even_same(&self, fields: &mut Fields<'_>, name: &str) {
        let even = self.kernel.iter().any(|side| side.is_multiple_of(2));
        if self.pad != Pad::Same || !even || fields.reading.failed {
            return;
        }
        let span = fields.span_of(name);
        let message = format!("`same` padding needs an odd kernel, got {}x{}", self.kernel[0], self.kernel[1]);
        let fault = Diagnostic::new(Code::E0310, span, message, "an even window has no middle");
        fields.fault(fault.with_help("say where the zeros go: `pad: [[top, bottom], [left, right]]`"));
    }

    /// Writes stride and padding, which every operator with a window has.
    pub fn write(&self, out: &mut Written) {
        out.set_pair("stride", self.stride);
        out.set("pad", self.pad);
    }

    /// The formula of the taps on padding, if there are any: `links` for each tap beside the input.
    pub fn padding_formula(&self, links: &[(&'static str, u128)], input: Shape, out: Shape) -> Option<Formula> {
        let taps = u128::from(self.taps()) * u128::from(out.pixels());
        let inside = self.inside_taps(input, out);
        (taps > inside).then(|| {
            let links = Formula::product(Figure::OnPadding, links);
            let names = format!("{} * (kh * kw * H * W - inside)", links.names);
            Formula::new(Figure::OnPadding, names, format!("{} * ({taps} - {inside})", links.numbers))
        })
    }
}

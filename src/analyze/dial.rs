//! Dials: numbers that can be set anew, each with the widths that follow it, and what a network saves when they go down.
//!
//! A dial moves one knob or several, each by a constant number of channels for one in the number. The totals are a quadratic form in
//! the knobs ([`Multilinear`]), so they are one in the dials: with `x` grains down on each,
//!
//! `saved(x) = sum of g_d x_d - sum of s_d x_d^2 - sum over d < e of q_de x_d x_e`,
//!
//! no coefficient below zero. A grain is the greatest common divisor of the dial's distances, so `x` are integers.

use crate::base::greatest_divisor_u64;
use crate::graph::Counts;
use crate::graph::Multilinear;

/// A number and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// The number as it stands.
    pub from: u32,
    /// The least number down to which the knobs follow it; 1 where nothing else is known.
    pub least: u32,
    /// The knobs that follow it.
    pub moves: Vec<Move>,
}

/// How a knob follows a dial: `channels` more for `of` more in the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The knob's number in the [`Multilinear`].
    pub knob: usize,
    /// Channels.
    pub channels: u32,
    /// For so much in the number, at least 1.
    pub of: u32,
}

impl Dial {
    /// One dial for each knob that costs something: its width.
    pub fn knobs(form: &Multilinear) -> Vec<Dial> {
        let costs = |&knob: &usize| form.marginal(knob) != Counts::default();
        let dial = |knob| Dial { from: form.width(knob), least: 1, moves: vec![Move { knob, channels: 1, of: 1 }] };
        (0..form.knobs().len()).filter(costs).map(dial).collect()
    }

    /// The width of a moved knob when the number is `to`; nothing if the knob does not accept one.
    pub fn width(&self, form: &Multilinear, along: &Move, to: u32) -> Option<u32> {
        let far = (i128::from(to) - i128::from(self.from)) * i128::from(along.channels);
        let far = (far % i128::from(along.of) == 0).then(|| far / i128::from(along.of))?;
        let width = u32::try_from(i128::from(form.width(along.knob)) + far).ok()?;
        form.knobs()[along.knob].accepts(width).then_some(width)
    }

    /// The smaller numbers at which all widths that follow are accepted and multiples of `multiple`, the greatest first.
    pub fn smaller(&self, form: &Multilinear, multiple: u32) -> Vec<u32> {
        // A large number may stand for a small width, so only those are walked through at which all knobs make whole steps, and only
        // until the first knob has no channel left.
        let Some(stride) = self.stride(form).filter(|_| !self.moves.is_empty()) else { return Vec::new() };
        let numbers = (1..).map_while(|strides| self.from.checked_sub(stride.checked_mul(strides)?));
        let numbers = numbers.take_while(|&to| to >= self.least.max(1));
        let widths = |to: u32| self.moves.iter().map(|along| self.width(form, along, to)).collect::<Option<Vec<u32>>>();
        let settings = numbers.map_while(|to| Some((to, widths(to)?)));
        settings.filter(|(_, widths)| widths.iter().all(|width| width.is_multiple_of(multiple))).map(|(to, _)| to).collect()
    }

    /// The least difference in the number with which all knobs make whole steps; nothing if it is none.
    fn stride(&self, form: &Multilinear) -> Option<u32> {
        let mut strides = self.moves.iter().map(|along| {
            let whole = u64::from(along.of) * u64::from(form.knobs()[along.knob].step);
            whole / greatest_divisor_u64(whole, along.channels.into())
        });
        let common =
            strides.try_fold(1, |common: u64, stride| (common / greatest_divisor_u64(common, stride)).checked_mul(stride));
        common.and_then(|common| u32::try_from(common).ok())
    }
}

/// One dial on its way down.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// The dial's number.
    pub(super) dial: usize,
    /// The number as it stands.
    pub(super) from: u32,
    /// What one grain is, in the number.
    pub(super) grain: u32,
    /// The settings, in grains down, the least first; never empty.
    pub(super) stops: Vec<u32>,
    /// What the first grain saves.
    pub(super) gain: Counts,
    /// What is lost with the square of the grains.
    pub(super) square: Counts,
    /// What is lost with the product with another axis.
    pub(super) products: Vec<(usize, Counts)>,
}

impl Axis {
    /// What so many grains save alone.
    pub(super) fn saves(&self, grains: u32) -> Counts {
        let grains = i128::from(grains);
        (self.gain - self.square * grains) * grains
    }
}

/// The dials that can go down, as axes of one quadratic form.
pub(super) fn axes(form: &Multilinear, dials: &[Dial], multiple: u32) -> Vec<Axis> {
    let mut axes = Vec::new();
    // For each knob the axes that move it, with steps of the knob for a grain.
    let mut movers: Vec<Vec<(usize, i128)>> = vec![Vec::new(); form.knobs().len()];
    for (number, dial) in dials.iter().enumerate() {
        let smaller = dial.smaller(form, multiple);
        let grain = smaller.iter().fold(0, |grain, to| greatest_divisor_u64((dial.from - to).into(), grain)) as u32;
        if grain == 0 {
            continue;
        }
        let stops = smaller.iter().map(|to| (dial.from - to) / grain).collect();
        for along in &dial.moves {
            let channels = u64::from(grain) * u64::from(along.channels) / u64::from(along.of);
            movers[along.knob].push((axes.len(), i128::from(channels) / i128::from(form.knobs()[along.knob].step)));
        }
        let zero = Counts::default();
        axes.push(Axis { dial: number, from: dial.from, grain, stops, gain: zero, square: zero, products: Vec::new() });
    }
    let mut products: Vec<(usize, usize, Counts)> = Vec::new();
    let mut meet = |axes: &mut Vec<Axis>, one: (usize, i128), other: (usize, i128), product: Counts| {
        let product = product * (one.1 * other.1);
        if product == Counts::default() {
        } else if one.0 == other.0 {
            axes[one.0].square += product;
        } else {
            products.push((one.0, other.0, product));
            products.push((other.0, one.0, product));
        }
    };
    for (knob, own) in movers.iter().enumerate() {
        for (at, &one) in own.iter().enumerate() {
            axes[one.0].gain += form.slope(knob) * one.1;
            meet(&mut axes, one, one, form.square(knob));
            for &other in &own[..at] {
                meet(&mut axes, one, other, form.square(knob) * 2);
            }
        }
        for &(other, product) in form.products(knob).iter().filter(|(other, _)| knob < *other as usize) {
            for &one in own {
                for &other in &movers[other as usize] {
                    meet(&mut axes, one, other, product);
                }
            }
        }
    }
    products.sort_unstable_by_key(|&(one, other, _)| (one, other));
    for (one, other, product) in products {
        match axes[one].products.last_mut() {
            Some((last, sum)) if *last == other => *sum += product,
            _ => axes[one].products.push((other, product)),
        }
    }
    axes
}

/// What a setting of all axes saves.
pub(super) fn saved(axes: &[Axis], grains: &[u32]) -> Counts {
    let mut saved = Counts::default();
    for (at, axis) in axes.iter().enumerate().filter(|(at, _)| grains[*at] > 0) {
        saved += axis.saves(grains[at]);
        for &(other, product) in axis.products.iter().filter(|(other, _)| *other < at) {
            saved = saved - product * (i128::from(grains[at]) * i128::from(grains[other]));
        }
    }
    saved
}

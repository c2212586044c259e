//! Re-counting after widths change, exact and in constant time for each knob's neighbours.
//!
//! With the grid fixed, multiply-adds and parameters of an operator are affine in the channels of each input and in its own width,
//! with a product of the two. A network's totals are therefore a quadratic form in the steps `u` of its knobs,
//!
//! `T(u) = T(0) + sum of g_k u_k + sum of s_k u_k^2 + sum over k < l of q_kl u_k u_l`,
//!
//! where `s_k` comes from operators that read their own width, and `q_kl` from operators of one knob that read another. All
//! coefficients are differences of `Op::cost` and `Op::params`, asked at a step more in an input, in the own width, and in both:
//! there is no second formula. They are integers; with widths up to [`MAX_COUNT`](crate::op::MAX_COUNT) and a network that fits a
//! `u64` no number here leaves 2^116, well within an `i128`.

use std::ops::{Add, AddAssign, Mul, Sub};

use crate::base::Quantity;
use crate::base::Shape;
use crate::base::greatest_divisor_u64;
use crate::graph::Graph;
use crate::graph::Knob;
use crate::graph::net::parameters;
use crate::graph::stream::Movements;
use crate::graph::stream::Streams;
use crate::op::Op;

/// Multiply-adds for one image and parameters: of a network, or of a change to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Multiply-adds.
    pub madds: i128,
    /// Learned numbers.
    pub params: i128,
}

impl Counts {
    /// What reads a quantity off them; nothing of memory, which is no sum over layers.
    pub fn reader(quantity: Quantity) -> Option<fn(Counts) -> i128> {
        match quantity {
            Quantity::Madds => Some(|counts| counts.madds),
            Quantity::Params => Some(|counts| counts.params),
            Quantity::Memory => None,
        }
    }
}

impl Add for Counts {
    type Output = Counts;
    fn add(self, other: Counts) -> Counts {
        Counts { madds: self.madds + other.madds, params: self.params + other.params }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        *self = *self + other;
    }
}

impl Sub for Counts {
    type Output = Counts;
    fn sub(self, other: Counts) -> Counts {
        Counts { madds: self.madds - other.madds, params: self.params - other.params }
    }
}

impl Mul<i128> for Counts {
    type Output = Counts;
    fn mul(self, times: i128) -> Counts {
        Counts { madds: self.madds * times, params: self.params * times }
    }
}

/// The totals of inference as a function of the knobs, at one setting of them.
#[derive(Clone, Debug)]
pub struct Multilinear {
    knobs: Vec<Knob>,
    widths: Vec<u32>,
    totals: Counts,
    /// For each knob what one step costs at this setting, apart from the step's own square.
    slopes: Vec<Counts>,
    /// For each knob what the square of its steps costs.
    squares: Vec<Counts>,
    /// For each knob the end of its part of `products`.
    ends: Vec<u32>,
    /// Other knobs, with what a step of both costs.
    products: Vec<(u32, Counts)>,
}

impl Multilinear {
    /// The totals of a graph's inference, at the widths it has.
    pub fn of(graph: &Graph) -> Multilinear {
        let needed = graph.in_inference();
        let movements = Streams::of(graph).movements(graph);
        let mut terms = Terms::new(movements.knobs.len());
        let (mut sources, mut shapes, mut streams) = (Vec::new(), Vec::new(), Vec::new());
        let mut slope_at = 0;
        for node in graph.nodes() {
            graph.sources_into(node, &mut sources);
            let slopes = &movements.slopes[slope_at..=slope_at + sources.len()];
            slope_at += slopes.len();
            let Some(op) = graph.node(node).op.as_ref().filter(|_| needed[node.index()]) else { continue };
            shapes.clear();
            shapes.extend(sources.iter().map(|&source| graph.node(source).shape));
            streams.clear();
            streams.extend(sources.iter().map(|&source| movements.of_node[source.index()]));
            let times = graph.count(graph.node(node).domain).cast_signed();
            let own = movements.knob_of[node.index()];
            let out = graph.node(node).shape;
            terms.enter(&mut Reader { op, shapes: &mut shapes, out, streams: &streams, slopes, own, times }, &movements);
        }
        terms.form(movements.knobs)
    }

    /// The knobs. Those that only heads for training have are among them, and cost nothing.
    pub fn knobs(&self) -> &[Knob] {
        &self.knobs
    }

    /// The width at which a knob stands.
    pub fn width(&self, knob: usize) -> u32 {
        self.widths[knob]
    }

    /// The totals at this setting.
    pub fn totals(&self) -> Counts {
        self.totals
    }

    /// What one step more costs ([`Knob::step`] more channels), in the knob's operators and in all that read them.
    pub fn marginal(&self, knob: usize) -> Counts {
        self.slopes[knob] + self.squares[knob]
    }

    /// What a step costs before its own square is added: the slope of the totals at this setting.
    pub fn slope(&self, knob: usize) -> Counts {
        self.slopes[knob]
    }

    /// What the square of a knob's steps costs; zero unless an operator of the knob reads the knob.
    pub fn square(&self, knob: usize) -> Counts {
        self.squares[knob]
    }

    /// The other knobs that a knob's steps meet, in order, with what a step of both costs beside a step of each.
    pub fn products(&self, knob: usize) -> &[(u32, Counts)] {
        let start = if knob == 0 { 0 } else { self.ends[knob - 1] };
        &self.products[start as usize..self.ends[knob] as usize]
    }

    /// The totals if one knob stood at `width`.
    ///
    /// # Panics
    /// If the knob does not accept the width.
    pub fn at(&self, knob: usize, width: u32) -> Counts {
        let steps = self.steps(knob, width);
        self.totals + (self.slopes[knob] + self.squares[knob] * steps) * steps
    }

    /// Sets a knob; returns the new totals. Whether the operators accept the widths of several knobs together is for
    /// [`Graph::with_widths`] to say.
    ///
    /// # Panics
    /// If the knob does not accept the width.
    pub fn set(&mut self, knob: usize, width: u32) -> Counts {
        let steps = self.steps(knob, width);
        self.totals += (self.slopes[knob] + self.squares[knob] * steps) * steps;
        self.slopes[knob] += self.squares[knob] * (2 * steps);
        let start = if knob == 0 { 0 } else { self.ends[knob - 1] };
        for &(other, product) in &self.products[start as usize..self.ends[knob] as usize] {
            self.slopes[other as usize] += product * steps;
        }
        self.widths[knob] = width;
        self.totals
    }

    /// Steps from a knob's setting to a width.
    fn steps(&self, knob: usize, width: u32) -> i128 {
        assert!(self.knobs[knob].accepts(width), "width {width} is no multiple of the knob's step away from its width");
        let far = i64::from(width) - i64::from(self.widths[knob]);
        let step = self.knobs[knob].step;
        if step == 1 { far.into() } else { (far / i64::from(step)).into() }
    }
}

/// One operator in its network.
struct Reader<'a> {
    op: &'a Op,
    shapes: &'a mut [Shape],
    out: Shape,
    streams: &'a [u32],
    /// Output channels for each channel in the own width, then in each input.
    slopes: &'a [u64],
    own: Option<u32>,
    times: i128,
}

impl Reader<'_> {
    /// What the operator costs with the chosen inputs wider by `channels`, and its own width, where it has a knob, by `step`.
    fn counts(&mut self, channels: u64, chosen: impl Fn(usize) -> bool, step: u32) -> Counts {
        let mut more = self.slopes[0] * u64::from(step);
        for at in (0..self.shapes.len()).filter(|&at| channels > 0 && chosen(at)) {
            self.shapes[at].c += channels as u32;
            more += channels * self.slopes[at + 1];
        }
        let out = self.out.with_channels(self.out.c + more as u32);
        let wider = (step > 0).then(|| {
            let mut op = self.op.clone();
            op.set_width(op.width().unwrap_or_default() + step);
            op
        });
        let op = wider.as_ref().unwrap_or(self.op);
        let (madds, params) = (op.cost(self.shapes, out).madds.cast_signed(), parameters(op, self.shapes).cast_signed());
        for at in (0..self.shapes.len()).filter(|&at| channels > 0 && chosen(at)) {
            self.shapes[at].c -= channels as u32;
        }
        Counts { madds: madds * self.times, params }
    }
}

/// The form's terms, in the order in which operators give them.
struct Terms {
    totals: Counts,
    slopes: Vec<Counts>,
    squares: Vec<Counts>,
    products: Vec<(u32, u32, Counts)>,
}

impl Terms {
    fn new(knobs: usize) -> Terms {
        let zeros = vec![Counts::default(); knobs];
        Terms { totals: Counts::default(), slopes: zeros.clone(), squares: zeros, products: Vec::new() }
    }

    /// Adds what one operator costs.
    fn enter(&mut self, reader: &mut Reader<'_>, movements: &Movements) {
        let nothing = |_| false;
        let base = reader.counts(0, nothing, 0);
        self.totals += base;
        let own = reader.own.map(|knob| (knob, movements.knobs[knob as usize].step));
        let by_width = own.map_or(Counts::default(), |(knob, step)| {
            let more = reader.counts(0, nothing, step) - base;
            self.slopes[knob as usize] += more;
            more
        });
        let streams = reader.streams;
        for (at, &stream) in streams.iter().enumerate() {
            let moves = movements.of(stream);
            let alike = |other: usize| movements.of(streams[other]) == moves;
            if moves.is_empty() || (0..at).any(alike) {
                continue;
            }
            // The least amount by which these inputs can change.
            let unit = moves.iter().fold(0, |unit, along| greatest_divisor_u64(unit, along.channels));
            let by_input = reader.counts(unit, alike, 0) - base;
            for along in moves {
                self.slopes[along.knob as usize] += by_input * i128::from(along.channels / unit);
            }
            let Some((knob, step)) = own else { continue };
            let by_both = reader.counts(unit, alike, step) - base - by_input - by_width;
            if by_both == Counts::default() {
                continue;
            }
            for along in moves {
                let product = by_both * i128::from(along.channels / unit);
                if along.knob == knob {
                    self.squares[knob as usize] += product;
                } else {
                    self.products.push((knob, along.knob, product));
                    self.products.push((along.knob, knob, product));
                }
            }
        }
    }

    fn form(mut self, knobs: Vec<Knob>) -> Multilinear {
        self.products.sort_unstable_by_key(|&(knob, other, _)| (knob, other));
        let mut products: Vec<(u32, Counts)> = Vec::with_capacity(self.products.len());
        let mut ends = Vec::with_capacity(knobs.len());
        let mut rest = self.products.iter().peekable();
        for knob in 0..knobs.len() as u32 {
            let start = products.len();
            while let Some(&(_, other, product)) = rest.next_if(|&&(of, ..)| of == knob) {
                match products[start..].last_mut() {
                    Some((last, sum)) if *last == other => *sum += product,
                    _ => products.push((other, product)),
                }
            }
            ends.push(products.len() as u32);
        }
        let widths = knobs.iter().map(|knob| knob.width).collect();
        let Terms { totals, slopes, squares, .. } = self;
        Multilinear { knobs, widths, totals, slopes, squares, ends, products }
    }
}

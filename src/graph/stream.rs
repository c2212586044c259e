//! The channels of every node as an affine form of the widths that operators set, found by probing `Op::shape`.
//!
//! An operator is asked for its output's channels with one of its inputs a channel wider and a channel narrower. What it answers
//! is the form's slope. Where it refuses, inputs of equal channels are moved together (they are tied), then by larger steps that
//! divide the channels; if nothing helps, the widths behind the input are fixed. [`crate::graph::Knob`] tells the rules.

use std::mem;

use crate::base::Shape;
use crate::base::greatest_divisor_u64;
use crate::graph::Graph;
use crate::graph::Knob;
use crate::graph::NodeIndex;
use crate::op::Op;

/// The largest step that is tried, such as the number of groups of a convolution.
const LARGEST_STEP: u32 = 1 << 12;
/// The most inputs of an operator whose widths are knobs. This and [`MAX_READS`] bound time and memory; what is beyond them is fixed.
const MAX_INPUTS: usize = 1 << 10;
/// How many terms of sums the operators of a network may read. A network of 264 densely connected layers has some 10^5.
const MAX_READS: usize = 1 << 20;

/// One width times a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term {
    width: u32,
    times: u64,
}

/// The width of one operator.
#[derive(Clone, Copy, Debug)]
struct Width {
    node: NodeIndex,
    /// Channels, at first.
    channels: u32,
    /// A width it is tied to; itself if it stands for its set.
    tied_to: u32,
    step: u32,
    fixed: bool,
}

/// How far a stream's channels go when a knob goes one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// The knob's number.
    pub(super) knob: u32,
    /// Channels.
    pub(super) channels: u64,
}

/// The channels of all nodes.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// For each node its stream: nodes whose channels are the same form share one. Stream 0 never changes.
    of_node: Vec<u32>,
    /// For each stream the end of its part of `terms`.
    ends: Vec<u32>,
    terms: Vec<Term>,
    /// For each stream whether it was fixed as a whole.
    fixed: Vec<bool>,
    /// Terms read so far, those of streams with one term apart.
    reads: usize,
    widths: Vec<Width>,
    /// For each node, in order, how many output channels come of one more channel in its own width, then in each of its inputs;
    /// inputs that are tied count with the first of them.
    slopes: Vec<u64>,
}

/// What [`Multilinear`](crate::graph::Multilinear) needs of the streams.
pub(super) struct Movements {
    pub(super) knobs: Vec<Knob>,
    /// For each node the knob that is its own width.
    pub(super) knob_of: Vec<Option<u32>>,
    pub(super) of_node: Vec<u32>,
    /// For each stream the end of its part of `moves`.
    ends: Vec<u32>,
    moves: Vec<Move>,
    pub(super) slopes: Vec<u64>,
}

impl Movements {
    /// The knobs that move a stream, in order of their numbers.
    pub(super) fn of(&self, stream: u32) -> &[Move] {
        let stream = stream as usize;
        let start = if stream == 0 { 0 } else { self.ends[stream - 1] };
        &self.moves[start as usize..self.ends[stream] as usize]
    }
}

/// An operator with its inputs, to be asked what it makes of others.
struct Probe<'a> {
    op: &'a Op,
    shapes: &'a mut [Shape],
    out: Shape,
}

impl Probe<'_> {
    /// Output channels for each channel more in the chosen inputs, if they can grow and shrink by `step`.
    fn slope(&mut self, step: u32, chosen: impl Fn(usize) -> bool) -> Option<u64> {
        let more = self.moved(step.into(), &chosen)?.checked_sub(self.out.c)?;
        let narrowest = self.shapes.iter().enumerate().filter(|&(at, _)| chosen(at)).map(|(_, shape)| shape.c).min()?;
        if narrowest > step && self.out.c.checked_sub(self.moved(-i64::from(step), &chosen)?)? != more {
            return None;
        }
        more.is_multiple_of(step).then_some(u64::from(more / step))
    }

    /// The output's channels with the chosen inputs wider by `by`.
    fn moved(&mut self, by: i64, chosen: &impl Fn(usize) -> bool) -> Option<u32> {
        self.shift(by, chosen);
        let out = self.op.shape(self.shapes).ok();
        self.shift(-by, chosen);
        out.map(|out| out.c)
    }

    fn shift(&mut self, by: i64, chosen: &impl Fn(usize) -> bool) {
        let moving = self.shapes.iter_mut().enumerate().filter(|&(at, _)| chosen(at));
        moving.for_each(|(_, shape)| shape.c = (i64::from(shape.c) + by) as u32);
    }

    /// The step of the operator's own width and its slope, if that is a width with parameters of its own.
    fn own(&self) -> Option<(u32, u64)> {
        let width = self.op.width()?;
        let before = self.op.params(self.shapes);
        let with = |width: u32| {
            let mut op = self.op.clone();
            op.set_width(width);
            op.shape(self.shapes).ok().map(|out| (op, out.c))
        };
        let free = |&step: &u32| {
            let (wider, c) = with(width + step)?;
            let more = c.checked_sub(self.out.c)?;
            if width > step && with(width - step)?.1 != self.out.c.checked_sub(more)? {
                return None;
            }
            let owns = wider.params(self.shapes) != before;
            (owns && more.is_multiple_of(step)).then_some((step, u64::from(more / step)))
        };
        std::iter::once(1).chain(steps(width)).find_map(|step| free(&step))
    }
}

/// The steps above 1 by which a number of channels can be divided and shrunk.
fn steps(channels: u32) -> impl Iterator<Item = u32> {
    (2..=(channels / 2).min(LARGEST_STEP)).filter(move |&step| channels.is_multiple_of(step))
}

impl Streams {
    /// The streams of all nodes, those for training too: a width must fit all its readers.
    pub(super) fn of(graph: &Graph) -> Streams {
        let nodes = graph.nodes().len();
        let mut streams = Streams { of_node: Vec::with_capacity(nodes), ends: vec![0], fixed: vec![true], ..Streams::default() };
        let (mut sources, mut shapes, mut inputs) = (Vec::new(), Vec::new(), Vec::new());
        for node in graph.nodes() {
            graph.sources_into(node, &mut sources);
            shapes.clear();
            shapes.extend(sources.iter().map(|&source| graph.node(source).shape));
            inputs.clear();
            inputs.extend(sources.iter().map(|&source| streams.of_node[source.index()]));
            let stream = match &graph.node(node).op {
                Some(op) => streams.through(node, &inputs, Probe { op, shapes: &mut shapes, out: graph.node(node).shape }),
                None => {
                    streams.slopes.push(0);
                    0
                }
            };
            streams.of_node.push(stream);
        }
        let results = graph.outputs().iter().filter(|output| output.weight.get() > 0.0);
        for output in results {
            let stream = streams.of_node[output.node.index()];
            if let Some(width) = streams.plain(stream) {
                streams.widths[width as usize].fixed = true;
            }
        }
        streams
    }

    /// The stream that an operator makes of its inputs' streams.
    fn through(&mut self, node: NodeIndex, inputs: &[u32], mut probe: Probe<'_>) -> u32 {
        let first_slope = self.slopes.len();
        self.slopes.resize(first_slope + 1 + inputs.len(), 0);
        let mut form: Vec<Term> = Vec::new();
        if let Some((step, slope)) = probe.own() {
            let width = self.widths.len() as u32;
            let channels = probe.op.width().unwrap_or_default();
            self.widths.push(Width { node, channels, tied_to: width, step, fixed: false });
            self.slopes[first_slope] = slope;
            form.push(Term { width, times: slope });
        }
        if inputs.len() > MAX_INPUTS {
            for &stream in inputs {
                self.fix(stream);
            }
        }
        let mut through = None;
        for (at, &stream) in inputs.iter().enumerate() {
            if self.form(stream).is_empty() || inputs[..at].contains(&stream) {
                continue;
            }
            self.reads += self.form(stream).len() - 1;
            if self.reads > MAX_READS {
                self.fix(stream);
                continue;
            }
            let channels = probe.shapes[at].c;
            let slope = if let Some(slope) = probe.slope(1, |other| inputs[other] == stream) {
                slope
            } else {
                let equal: Vec<bool> = probe.shapes.iter().map(|shape| shape.c == channels).collect();
                let others = inputs.iter().zip(&equal).any(|(&other, &equal)| equal && other != stream);
                if let Some(slope) = others.then(|| probe.slope(1, |other| equal[other])).flatten() {
                    let first = equal.iter().position(|&equal| equal) == Some(at);
                    self.tie(inputs.iter().zip(&equal).filter(|&(_, &equal)| equal).map(|(&stream, _)| stream));
                    if first { slope } else { 0 }
                } else if let Some((step, slope)) =
                    steps(channels).find_map(|step| Some((step, probe.slope(step, |other| inputs[other] == stream)?)))
                {
                    self.restrict(stream, step);
                    slope
                } else {
                    self.fix(stream);
                    0
                }
            };
            self.slopes[first_slope + 1 + at] = slope;
            match slope {
                0 => {}
                1 if through.is_none() && form.is_empty() => through = Some(stream),
                _ => {
                    if let Some(before) = mem::take(&mut through) {
                        form.extend_from_slice(self.form(before));
                    }
                    form.extend(self.form(stream).iter().map(|&Term { width, times }| Term { width, times: times * slope }));
                }
            }
        }
        match through {
            Some(stream) => stream,
            None if form.is_empty() => 0,
            None => {
                self.terms.append(&mut form);
                self.ends.push(self.terms.len() as u32);
                self.fixed.push(false);
                self.ends.len() as u32 - 1
            }
        }
    }
}

impl Streams {
    /// The widths that move a stream; none if it is fixed.
    fn form(&self, stream: u32) -> &[Term] {
        let stream = stream as usize;
        if self.fixed[stream] {
            return &[];
        }
        &self.terms[self.ends[stream - 1] as usize..self.ends[stream] as usize]
    }

    /// The width that stands for the set of a width.
    fn find(&mut self, mut width: u32) -> u32 {
        while self.widths[width as usize].tied_to != width {
            let above = self.widths[width as usize].tied_to;
            self.widths[width as usize].tied_to = self.widths[above as usize].tied_to;
            width = above;
        }
        width
    }

    /// Makes streams that must stay equal move together; where one is more than a width, none of them moves.
    fn tie(&mut self, streams: impl Iterator<Item = u32> + Clone) {
        let widths: Option<Vec<u32>> = streams.clone().map(|stream| self.plain(stream)).collect();
        let channels = |&width: &u32| self.widths[width as usize].channels;
        let Some(widths) = widths.filter(|widths| widths.iter().all(|width| channels(width) == channels(&widths[0]))) else {
            return self.fix_unequal(streams);
        };
        for pair in widths.windows(2) {
            let (first, other) = (self.find(pair[0]), self.find(pair[1]));
            // The lower number stands for both, so that a knob is named after its first layer.
            let (low, high) = (first.min(other), first.max(other));
            let Width { step, fixed, .. } = self.widths[high as usize];
            self.widths[high as usize].tied_to = low;
            let width = &mut self.widths[low as usize];
            width.step = least_multiple(width.step, step);
            width.fixed |= fixed;
        }
    }

    /// The width that a stream is, if it is just one.
    fn plain(&mut self, stream: u32) -> Option<u32> {
        match self.form(stream) {
            &[Term { width, times: 1 }] => Some(self.find(width)),
            _ => None,
        }
    }

    /// Fixes streams that must stay equal, unless they are the same form.
    fn fix_unequal(&mut self, streams: impl Iterator<Item = u32> + Clone) {
        let mut forms = streams.clone().map(|stream| {
            let terms = self.form(stream).to_vec();
            let mut terms: Vec<(u32, u64)> = terms.into_iter().map(|term| (self.find(term.width), term.times)).collect();
            terms.sort_unstable();
            terms
        });
        let first = forms.next();
        if !forms.all(|form| Some(form) == first) {
            streams.for_each(|stream| self.fix(stream));
        }
    }

    fn fix(&mut self, stream: u32) {
        for at in 0..self.form(stream).len() {
            let width = self.find(self.form(stream)[at].width);
            self.widths[width as usize].fixed = true;
        }
        self.fixed[stream as usize] = true;
    }

    /// Lets a stream move by multiples of `step` only.
    fn restrict(&mut self, stream: u32, step: u32) {
        for at in 0..self.form(stream).len() {
            let Term { width, times } = self.form(stream)[at];
            let width = self.find(width);
            let width = &mut self.widths[width as usize];
            let shared = greatest_divisor_u64(u64::from(step), times) as u32;
            width.step = least_multiple(width.step, step / shared);
        }
    }

    /// The knobs, and how each stream follows them.
    pub(super) fn movements(self, graph: &Graph) -> Movements {
        let mut knobs: Vec<Knob> = Vec::new();
        let mut knob_of = vec![None; self.of_node.len()];
        let mut knob_of_width: Vec<Option<u32>> = Vec::with_capacity(self.widths.len());
        for (at, width) in self.widths.iter().enumerate() {
            let knob = if width.tied_to as usize == at {
                // A width that cannot shrink by its step is none that a search could use.
                (!width.fixed && (width.step == 1 || width.step < width.channels)).then(|| {
                    let scope = graph.node(width.node).scope;
                    let span = graph.scopes().get(scope).span;
                    knobs.push(Knob { scope, span, nodes: Vec::new(), width: width.channels, step: width.step });
                    knobs.len() as u32 - 1
                })
            } else {
                // Ties lead to lower numbers, so that one is known.
                knob_of_width[width.tied_to as usize]
            };
            knob_of_width.push(knob);
            knob_of[width.node.index()] = knob;
            if let Some(knob) = knob {
                knobs[knob as usize].nodes.push(width.node);
            }
        }
        let mut moves: Vec<Move> = Vec::with_capacity(self.terms.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for stream in 0..self.ends.len() as u32 {
            let start = moves.len();
            for &Term { width, times } in self.form(stream) {
                let Some(knob) = knob_of_width[width as usize] else { continue };
                let channels = times * u64::from(knobs[knob as usize].step);
                match moves[start..].binary_search_by_key(&knob, |other| other.knob) {
                    Ok(at) => moves[start + at].channels += channels,
                    Err(at) => moves.insert(start + at, Move { knob, channels }),
                }
            }
            ends.push(moves.len() as u32);
        }
        Movements { knobs, knob_of, of_node: self.of_node, ends, moves, slopes: self.slopes }
    }
}

/// The least common multiple of two steps; one that is beyond all widths stays beyond.
fn least_multiple(a: u32, b: u32) -> u32 {
    let multiple = u64::from(a) * u64::from(b) / greatest_divisor_u64(a.into(), b.into());
    multiple.min(u32::MAX.into()) as u32
}

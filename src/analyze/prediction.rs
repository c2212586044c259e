//! The time that a machine's table promises for a piece of work: the longer of computing and moving, or that of a layer of nearly the
//! same shape that was timed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::traffic::Traffic;
use crate::base::KernelTime;
use crate::base::Speed;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Class;

/// Nanoseconds of a second.
const SECOND: u128 = 1_000_000_000;
/// How many times a side of a shape may be that of a close one.
const CLOSE: u128 = 2;

/// What work waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// Multiply-adds: its intensity is that of the ridge or more.
    Compute,
    /// Bytes.
    Memory,
}

impl Bound {
    /// The word in tables and files.
    pub const fn word(self) -> &'static str {
        match self {
            Bound::Compute => "compute",
            Bound::Memory => "memory",
        }
    }
}

/// Times of a piece of work, rounded up to whole nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Predicted {
    /// Its multiply-adds at the peak.
    pub(super) compute_ns: u128,
    /// Its bytes at the bandwidth.
    pub(super) memory_ns: u128,
    /// The layer of a close shape whose time is scaled.
    pub(super) close: Option<KernelTime>,
    /// What is predicted.
    pub(super) ns: u128,
    /// The side of the ridge on which it lies; none where there is nothing to do.
    pub(super) bound: Option<Bound>,
}

/// What is compared with the shapes that were timed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    kind: &'static str,
    window: [u32; 2],
    stride: [u32; 2],
    input: u32,
    output: u32,
    pixels: u128,
}

impl Form {
    /// The form of a node, if it is one of those that are timed: a convolution of all channels or depthwise, a pool, a linear
    /// layer, a local response normalisation.
    pub(super) fn of(graph: &Graph, node: NodeIndex, batch: u32) -> Option<Form> {
        let op = graph.node(node).op.as_ref()?;
        let (&[input], out) = (&graph.input_shapes(node)[..], graph.node(node).shape) else { return None };
        let [window, stride] = op.reach().window_on(input);
        let taps = u128::from(window[0]) * u128::from(window[1]);
        let of_all = u128::from(input.c) * taps * out.elements();
        let is_known = match op.class() {
            Class::MaxPool | Class::GlobalMaxPool | Class::AvgPool | Class::GlobalAvgPool | Class::ResponseNorm => true,
            Class::Convolution | Class::Linear => {
                let madds = graph.cost(node).madds;
                madds == of_all || input.c == out.c && madds * u128::from(input.c) == of_all
            }
            _ => false,
        };
        let pixels = u128::from(out.pixels()) * u128::from(batch);
        is_known.then(|| Form { kind: op.word(), window, stride, input: input.c, output: out.c, pixels })
    }

    /// How far a shape that was timed is from it, if it is close.
    fn distance(&self, kernel: &KernelTime) -> Option<u128> {
        if (self.kind, self.window, self.stride) != (&*kernel.kind, kernel.window, kernel.stride) {
            return None;
        }
        let pixels = u128::from(kernel.output[1]) * u128::from(kernel.output[2]);
        let pairs =
            [(self.input.into(), kernel.input[0].into()), (self.output.into(), kernel.output[0].into()), (self.pixels, pixels)];
        // The product of the ratios, in millionths.
        pairs.into_iter().try_fold(1_000_000, |distance: u128, (one, other)| {
            let (less, more) = if one < other { (one, other) } else { (other, one) };
            (more <= CLOSE * less).then(|| distance * more / less.max(1))
        })
    }

    /// The closest shape that was timed.
    fn closest<'s>(&self, speed: &'s Speed) -> Option<&'s KernelTime> {
        let near = speed.kernels.iter().filter_map(|kernel| Some((self.distance(kernel)?, kernel)));
        near.min_by_key(|(distance, _)| *distance).map(|(_, kernel)| kernel)
    }
}

impl Predicted {
    /// Predicts from what is to be done and, where they are known, the form of it and the multiply-adds that its kernel does; those of the
    /// definition otherwise.
    pub(super) fn of(speed: &Speed, work: &Traffic, form: Option<Form>, products: Option<u128>) -> Predicted {
        let at = |amount: u128, rate: u64| (amount * SECOND).div_ceil(rate.max(1).into());
        let compute = at(products.unwrap_or(work.madds), speed.peak_madds_per_second);
        let memory = at(work.bytes(), speed.read_bytes_per_second);
        let close = form.and_then(|form| form.closest(speed));
        let scaled = close.map(|kernel| {
            let (amount, of_kernel) = match (products.zip(kernel.products), work.madds) {
                (Some((products, of_kernel)), 1..) => (products, of_kernel),
                (_, 0) => (work.bytes(), kernel.bytes),
                (None, madds) => (madds, kernel.madds),
            };
            (amount * u128::from(kernel.ns)).div_ceil(of_kernel.max(1).into())
        });
        // Cross products: which is longer is told before anything is rounded.
        let is_memory =
            work.madds * u128::from(speed.read_bytes_per_second) < work.bytes() * u128::from(speed.peak_madds_per_second);
        let bound = if is_memory { Bound::Memory } else { Bound::Compute };
        Predicted {
            compute_ns: compute,
            memory_ns: memory,
            close: close.cloned(),
            ns: compute.max(memory).max(scaled.unwrap_or(0)),
            bound: (work.madds > 0 || work.bytes() > 0).then_some(bound),
        }
    }
}

/// The predicted time of nodes that are computed together, the first of which says what kind of work it is, by kernels that do so many
/// `products`, multiply-adds; `chosen` are the nodes of the network that run.
pub fn predicted_ns(graph: &Graph, chosen: &[bool], speed: &Speed, nodes: &[NodeIndex], batch: u32, products: u64) -> u128 {
    let work = Traffic::of(graph, chosen, nodes, batch);
    let form = nodes.first().and_then(|&node| Form::of(graph, node, batch));
    Predicted::of(speed, &work, form, Some(products.into())).ns
}

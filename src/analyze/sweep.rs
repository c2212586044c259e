//! Sweeps: the totals of a network at many settings, point by point.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Limit;
use crate::base::Quantity;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::Schedule;

/// The name of the JSON's form; within `/1` keys are only added.
pub const SWEEP: &str = "nas.sweep/1";

/// Points of a sweep, at most.
pub const MAX_SWEPT: usize = 10_000;

/// The totals of one spec at many settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sweep {
    /// [`SWEEP`].
    #[schemars(extend("const" = SWEEP))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// What is set, in the order of the points' `at`.
    pub axes: Vec<SweepAxis>,
    /// The points; the last axis changes fastest.
    pub points: Vec<Point>,
}

/// What is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SweepAxis {
    /// A layer, a variable or decision, or `input` for the input's side.
    pub name: String,
    /// Its values, as they would be written.
    pub values: Vec<String>,
    /// The value that the spec has; none where it has several.
    pub now: Option<String>,
}

/// One setting of all axes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Point {
    /// The value on each axis, as it would be written.
    pub at: Vec<String>,
    /// The totals; none where the spec is no network.
    pub totals: Option<Totalled>,
    /// Why the spec is no network.
    pub refused: Option<Refused>,
}

/// Totals at one point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totalled {
    /// Multiply-adds of inference.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
    /// Bytes of activations live at once.
    pub memory_bytes: u64,
    /// Distances to the spec's limits.
    pub budget: Vec<Limit>,
}

/// Why a point is no network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refused {
    /// In words.
    pub because: String,
    /// The line that says so, where one does.
    pub line: Option<usize>,
}

/// Makes the network of every combination of values and counts it; `make` is given the position of the value on each axis.
///
/// ```
/// use nas::analyze::{Refused, SweepAxis, sweep};
/// use nas::base::Shape;
/// use nas::graph::GraphBuilder;
/// use nas::op::Conv;
///
/// let net = |width: u32| {
///     let mut net = GraphBuilder::new("net");
///     let image = net.input("image", Shape::new(3, 8, 8));
///     let conv = net.layer("conv", [Conv { bias: false, ..Conv::new(width, 3) }.into()], &[image]);
///     net.output("main", conv);
///     net.finish().map_err(|_| Refused { because: "does not fit".to_owned(), line: None })
/// };
/// let widths = [8, 16];
/// let axis = SweepAxis { name: "conv".to_owned(), values: vec!["8".to_owned(), "16".to_owned()], now: None };
/// let found = sweep("net", vec![axis], &[], |at| net(widths[at[0]]));
/// let madds = found.points.iter().map(|point| point.totals.as_ref().map(|totals| totals.madds));
/// assert_eq!(madds.collect::<Vec<_>>(), [Some(27 * 8 * 64), Some(27 * 16 * 64)]);
/// ```
pub fn sweep(
    name: &str,
    axes: Vec<SweepAxis>,
    limits: &[(Quantity, u64)],
    mut make: impl FnMut(&[usize]) -> Result<Graph, Refused>,
) -> Sweep {
    let count: usize = axes.iter().map(|axis| axis.values.len()).product();
    let mut points = Vec::with_capacity(count.min(MAX_SWEPT));
    let mut at = vec![0; axes.len()];
    for number in 0..count {
        let mut rest = number;
        for (place, axis) in at.iter_mut().zip(&axes).rev() {
            *place = rest % axis.values.len();
            rest /= axis.values.len();
        }
        let made = make(&at);
        let values = at.iter().zip(&axes).map(|(&at, axis)| axis.values[at].clone()).collect();
        points.push(match made {
            Ok(graph) => Point { at: values, totals: Some(totalled(&graph, limits)), refused: None },
            Err(refused) => Point { at: values, totals: None, refused: Some(refused) },
        });
    }
    Sweep { schema: SWEEP, name: name.to_owned(), axes, points }
}

fn totalled(graph: &Graph, limits: &[(Quantity, u64)]) -> Totalled {
    let totals = graph.inference_totals();
    let (madds, params) = (whole(totals.cost.madds), whole(totals.params));
    let memory_bytes = Schedule::inference(graph).peak().map_or(0, |step| step.live) * F32_BYTES;
    let actual = |quantity: Quantity| match quantity {
        Quantity::Madds => madds,
        Quantity::Params => params,
        Quantity::Memory => memory_bytes,
    };
    let budget = limits.iter().map(|&(quantity, limit)| Limit { quantity, limit, actual: actual(quantity) }).collect();
    Totalled { madds, params, memory_bytes, budget }
}

//! Marginal costs: what one filter more costs in every width of a network, in all layers that read it.
//!
//! All of it is read off the quadratic form of [`Multilinear`], so it is exact and takes no second formula. With `T` the totals and
//! `w` the width of a knob at steps of `s` channels,
//!
//! - the marginal cost is `T(w + s) - T(w)`,
//! - the elasticity is `(dT / dw) (w / T)` at the point: by how many per cent `T` grows with a per cent of width,
//! - the headroom is the number of filters after which the network sits at a limit, alone and in steps that the knob accepts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Ratio;
use crate::base::Quantity;
use crate::base::units::whole;
use crate::graph::Counts;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::graph::NodeIndex;
use crate::graph::Resizing;
use crate::op::MAX_COUNT;

/// The name of the JSON's form; within `/1` keys are only added.
pub const MARGINAL: &str = "nas.marginal/1";

/// The marginal costs of one network, for one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Marginals {
    /// [`MARGINAL`].
    #[schemars(extend("const" = MARGINAL))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Its multiply-adds.
    pub madds: u64,
    /// Its learned numbers.
    pub params: u64,
    /// The limits that `headroom` is about, in their order: those on multiply-adds and parameters.
    pub limits: Vec<MarginalLimit>,
    /// The layer whose filters `buys` is counted in; none in a network without knobs.
    pub against: Option<String>,
    /// The knobs that cost something, those with the dearest filters first.
    pub knobs: Vec<Marginal>,
    /// Variables of the spec that widths hang on.
    pub variables: Vec<VariableMarginal>,
}

/// A limit that a width can be changed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MarginalLimit {
    /// What is limited.
    pub quantity: Quantity,
    /// The most that is allowed.
    pub limit: u64,
}

/// One width, or several that can only move together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Marginal {
    /// The first layer that has it.
    pub path: String,
    /// All layers that have it, in order of execution; several where widths are joined by an addition or a depthwise layer.
    pub layers: Vec<String>,
    /// The width.
    pub width: u32,
    /// One step, in filters: 1, or what groups and shuffles allow.
    pub step: u32,
    /// Multiply-adds of one step more, in these layers and in all that read them.
    pub madds: u64,
    /// Learned numbers of one step more, likewise.
    pub params: u64,
    /// Multiply-adds of the network in per cent for a per cent of width, at the point.
    pub elasticity_madds: Ratio,
    /// Learned numbers of the network in per cent for a per cent of width, at the point.
    pub elasticity_params: Ratio,
    /// For each of the network's limits how far this width alone may or must move.
    pub headroom: Vec<Headroom>,
    /// How many filters of the layer `against` one filter of this one pays for, by multiply-adds.
    pub buys: Ratio,
}

/// What one width can do about one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Headroom {
    /// Filters that it may gain, or with a minus sign must shed, to sit at the limit: no more than the layers that read it accept.
    /// Where it cannot shed enough, as many as would be needed if it could; none if no number would do, or if filters cost nothing of
    /// this quantity.
    pub filters: Option<i64>,
    /// The width then, which all layers accept; none where the network does not come inside the limit by this width alone.
    pub to: Option<u32>,
}

/// A variable of the spec, one step further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VariableMarginal {
    /// Its name.
    pub name: String,
    /// Its value, as it would be written.
    pub from: String,
    /// The next one: of a decision the next of its options, of a number a unit more in its last digit.
    pub to: String,
    /// What the step changes, unless the spec is no network there.
    pub change: Option<MarginalChange>,
}

/// A change of totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MarginalChange {
    /// Of multiply-adds.
    pub madds: i128,
    /// Of learned numbers.
    pub params: i128,
}

impl Marginals {
    /// The knob that has a layer.
    pub fn find(&self, path: &str) -> Option<&Marginal> {
        self.knobs.iter().find(|knob| knob.layers.iter().any(|layer| layer == path))
    }

    /// What there is of a quantity; nothing of memory, which is no sum over layers.
    pub fn quantity(&self, quantity: Quantity) -> Option<u64> {
        match quantity {
            Quantity::Madds => Some(self.madds),
            Quantity::Params => Some(self.params),
            Quantity::Memory => None,
        }
    }

    /// What there is of what a limit is about.
    ///
    /// # Panics
    /// On a limit on memory, of which `limits` has none.
    pub fn actual(&self, limit: &MarginalLimit) -> u64 {
        self.quantity(limit.quantity).expect("limits on memory are left out")
    }

    /// How many filters of `takes` one filter of `gives` pays for, by multiply-adds; nothing if filters of `takes` need none.
    pub fn trade(gives: &Marginal, takes: &Marginal) -> Option<Ratio> {
        let price = |knob: &Marginal, other: &Marginal| u128::from(knob.madds) * u128::from(other.step);
        let whole = price(takes, gives);
        (whole > 0).then(|| Ratio::new(price(gives, takes), whole))
    }

    /// Counts `buys` in filters of another layer; whether there is such a knob and its filters need multiply-adds.
    #[must_use]
    pub fn priced_in(mut self, path: &str) -> Option<Marginals> {
        let takes = self.find(path).filter(|knob| knob.madds > 0)?.clone();
        for knob in &mut self.knobs {
            knob.buys = Self::trade(knob, &takes)?;
        }
        self.against = Some(takes.path);
        Some(self)
    }
}

/// The marginal cost of every knob of a network, priced in the cheapest; limits on memory are left out, for it is no sum over layers.
///
/// ```
/// use nas::analyze::marginals;
/// use nas::base::Quantity;
/// use nas::base::Shape;
/// use nas::graph::GraphBuilder;
/// use nas::op::Conv;
///
/// // 1 x 1 layers on one pixel: 4 a + 10 a multiply-adds for `a` filters.
/// let mut net = GraphBuilder::new("two");
/// let image = net.input("image", Shape::new(4, 1, 1));
/// let a = net.layer("a", [Conv { bias: false, ..Conv::new(32, 1) }.into()], &[image]);
/// let classes = net.layer("classes", [Conv { bias: false, ..Conv::new(10, 1) }.into()], &[a]);
/// net.output("main", classes);
/// let found = marginals(&net.finish()?, &[(Quantity::Madds, 400)]);
/// let a = found.find("a").expect("is a knob");
/// assert_eq!((a.madds, a.params), (14, 14));
/// assert_eq!(a.elasticity_madds.fixed(2), "1.00");
/// // 448 madds are 48 too many: 4 filters, 56.
/// assert_eq!((a.headroom[0].filters, a.headroom[0].to), (Some(-4), Some(28)));
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
pub fn marginals(graph: &Graph, limits: &[(Quantity, u64)]) -> Marginals {
    let form = Multilinear::of(graph);
    let resizing = Resizing::of(graph);
    let totals = form.totals();
    let limits: Vec<MarginalLimit> = limits
        .iter()
        .filter(|(quantity, _)| Counts::reader(*quantity).is_some())
        .map(|&(quantity, limit)| MarginalLimit { quantity, limit })
        .collect();
    let mut knobs: Vec<Marginal> = (0..form.knobs().len())
        .filter(|&knob| form.marginal(knob) != Counts::default())
        .map(|knob| marginal(graph, &form, &resizing, knob, &limits))
        .collect();
    // Dearest filters first; the sort is stable, so equal ones stay in order of execution.
    knobs.sort_by(|a, b| per_filter(b, a).cmp(&per_filter(a, b)));
    let against = knobs.iter().rev().find(|knob| knob.madds > 0).map(|knob| knob.path.clone());
    let found = Marginals {
        schema: MARGINAL,
        name: graph.name().to_owned(),
        madds: whole(totals.madds.unsigned_abs()),
        params: whole(totals.params.unsigned_abs()),
        limits,
        against: None,
        knobs,
        variables: Vec::new(),
    };
    match against {
        Some(path) => found.priced_in(&path).expect("the cheapest is a knob that needs multiply-adds"),
        None => found,
    }
}

/// The price of a filter, multiplied by the other's step so that two can be compared.
fn per_filter(knob: &Marginal, other: &Marginal) -> (u128, u128) {
    let times = u128::from(other.step);
    (u128::from(knob.madds) * times, u128::from(knob.params) * times)
}

fn marginal(graph: &Graph, form: &Multilinear, resizing: &Resizing<'_>, number: usize, limits: &[MarginalLimit]) -> Marginal {
    let knob = &form.knobs()[number];
    let mut layers: Vec<String> = knob.nodes.iter().map(|&node| graph.scopes().path(graph.node(node).scope)).collect();
    layers.dedup();
    let width = form.width(number);
    let (more, slope, totals) = (form.marginal(number), form.slope(number), form.totals());
    let elasticity = |slope: i128, total: i128| {
        Ratio::new(slope.unsigned_abs() * u128::from(width), total.unsigned_abs() * u128::from(knob.step))
    };
    Marginal {
        path: graph.scopes().path(knob.scope),
        layers,
        width,
        step: knob.step,
        madds: whole(more.madds.unsigned_abs()),
        params: whole(more.params.unsigned_abs()),
        elasticity_madds: elasticity(slope.madds, totals.madds),
        elasticity_params: elasticity(slope.params, totals.params),
        headroom: limits.iter().map(|limit| headroom(form, resizing, number, *limit)).collect(),
        buys: Ratio::new(0, 1),
    }
}

fn headroom(form: &Multilinear, resizing: &Resizing<'_>, number: usize, limit: MarginalLimit) -> Headroom {
    let quantity = Counts::reader(limit.quantity).expect("limits on memory are left out");
    let (total, slope, square) = (quantity(form.totals()), quantity(form.slope(number)), quantity(form.square(number)));
    let room = i128::from(limit.limit) - total;
    let step = i128::from(form.knobs()[number].step);
    let width = i128::from(form.width(number));
    let filters = |steps: i128| i64::try_from(steps * step).ok();
    // The layers that read it may want more channels, or not so many.
    let is_accepted = |steps: i128| {
        let width = u32::try_from(width + steps * step).ok().filter(|&width| width > 0);
        width.is_some_and(|width| {
            let widths: Vec<(NodeIndex, u32)> = form.knobs()[number].nodes.iter().map(|&node| (node, width)).collect();
            resizing.accepts(&widths)
        })
    };
    if slope + square == 0 {
        // Filters that cost nothing of this quantity neither help nor harm.
        return Headroom { filters: None, to: (room >= 0).then(|| form.width(number)) };
    }
    if room >= 0 {
        let most = (i128::from(MAX_COUNT) - width) / step;
        let steps = last(most, |steps| (slope + square * steps) * steps <= room);
        let steps = if is_accepted(steps) { steps } else { last(steps, is_accepted) };
        return Headroom { filters: filters(steps), to: u32::try_from(width + steps * step).ok() };
    }
    // What `steps` less save grows up to the vertex of the parabola; filters below none only extend it.
    let vertex = if square > 0 { slope / (2 * square) } else { -room / slope.max(1) + 1 };
    let enough = |steps: i128| (slope - square * steps) * steps >= -room;
    if !enough(vertex) {
        return Headroom { filters: None, to: None };
    }
    let steps = last(vertex, |steps| !enough(steps)) + 1;
    // What is refused here is refused at smaller widths as well.
    let to = u32::try_from(width - steps * step).ok().filter(|_| is_accepted(-steps));
    Headroom { filters: filters(-steps), to }
}

/// The last of `0..=most` that still holds, where the first does and those that hold come before all others.
fn last(most: i128, holds: impl Fn(i128) -> bool) -> i128 {
    let (mut low, mut high) = (0, most + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

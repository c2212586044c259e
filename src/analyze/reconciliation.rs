//! Why other tools count the same network otherwise: our multiply-adds beside every convention, with the terms that differ.
//!
//! A difference is exactly the sum of its terms: a term on multiply-adds differs by what it counts beyond one each, every other term by
//! all that it counts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::convention::Convention;
use crate::analyze::convention::Form;
use crate::analyze::convention::Measure;
use crate::analyze::convention::Term;
use crate::graph::Graph;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.reconciliation/1";

/// One network in every convention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reconciliation {
    /// `nas.reconciliation/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// The images' number.
    pub batch: u32,
    /// Our multiply-adds.
    pub madds: i128,
    /// Every convention, ours first.
    pub conventions: Vec<Reconciled>,
}

/// One convention beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reconciled {
    /// The convention's name.
    pub name: &'static str,
    /// What it counts in, as its tool prints it.
    pub unit: &'static str,
    /// Its total.
    pub total: i128,
    /// The total less our multiply-adds.
    pub difference: i128,
    /// What makes the difference; its sum is the difference.
    pub terms: Vec<Differing>,
    /// Whose it is, with the version.
    pub tool: &'static str,
    /// Who uses it.
    pub users: &'static str,
    /// Whether batch norms are folded first.
    pub batch_norm_folded: bool,
}

/// One part of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Differing {
    /// What the tool counts there.
    pub what: &'static str,
    /// By how much that raises its total above ours.
    pub count: i128,
}

/// Reconciles one network, for `batch` images.
pub fn reconcile(graph: &Graph, batch: u32) -> Reconciliation {
    let madds = i128::try_from(graph.inference_totals().cost.madds).expect("sums of a graph fit 64 bits") * i128::from(batch);
    let conventions = Convention::ALL.iter().map(|convention| reconciled(convention, graph, batch, madds));
    Reconciliation { schema: SCHEMA, name: graph.name().to_owned(), batch, madds, conventions: conventions.collect() }
}

fn reconciled(convention: &'static Convention, graph: &Graph, batch: u32, madds: i128) -> Reconciled {
    let sums: Vec<i128> = convention.sums(graph).into_iter().map(|sum| sum * i128::from(batch)).collect();
    let total: i128 = sums.iter().sum();
    let beyond_ours = |(term, sum): (&Term, i128)| {
        let ours = if term.measure == Measure::Madds { sum / i128::from(term.weight) } else { 0 };
        Differing { what: term.what, count: sum - ours }
    };
    let terms = convention.terms.iter().zip(sums).map(beyond_ours).filter(|term| term.count != 0);
    Reconciled {
        name: convention.name,
        unit: convention.unit.name(),
        total,
        difference: total - madds,
        terms: terms.collect(),
        tool: convention.tool,
        users: convention.users,
        batch_norm_folded: convention.form == Form::BatchNormFolded,
    }
}

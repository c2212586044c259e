//! Table 1 of "Going deeper with convolutions" beside a network: weights and multiply-adds of each of its rows, biases not among them.
//!
//! A figure of ours is that of the paper if it lies within half a unit of the last digit that the paper prints, to either side: the
//! paper itself rounds (359.66 M is its 360) and cuts (159.5 K is its 159).

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::table1_rows::Known;
use crate::analyze::table1_rows::PaperRow;
use crate::analyze::table1_rows::Place;
use crate::analyze::table1_rows::Printed;
use crate::analyze::table1_rows::ROWS;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Class;
use crate::op::ParamRole;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.table1/1";
/// K of the column `params`.
const KILO: u64 = 1024;
/// M of the column `ops`.
const MEGA: u64 = 1_000_000;

/// The paper's table beside a network.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Table1 {
    /// `nas.table1/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// The rows, in the paper's order.
    pub rows: Vec<TableRow>,
    /// Sums over the rows: the paper's figures as printed, and ours.
    pub sum: TableSum,
    /// Weights of the network that are in no row.
    pub weights_in_no_row: u64,
    /// Multiply-adds of the network that are in no row.
    pub madds_in_no_row: u64,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TableRow {
    /// The row's name.
    pub name: &'static str,
    /// The paper's `params`, in K of 1024.
    pub paper_params_k: f64,
    /// The network's weights.
    pub weights: u64,
    /// How they compare.
    pub params: Compared,
    /// The paper's `ops`, in M of 10^6.
    pub paper_ops_m: f64,
    /// The network's multiply-adds.
    pub madds: u64,
    /// How they compare.
    pub ops: Compared,
}

/// How a figure of the network compares with the paper's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    /// Whether it is the printed one.
    pub exact: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The sums of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TableSum {
    /// Of the paper's `params`.
    pub paper_params_k: f64,
    /// Of the weights.
    pub weights: u64,
    /// Of the paper's `ops`.
    pub paper_ops_m: f64,
    /// Of the multiply-adds.
    pub madds: u64,
}

/// The table for a network, or the rows that it lacks.
pub fn table1(graph: &Graph) -> Result<Table1, Vec<&'static str>> {
    let needed = graph.in_inference();
    let figures = |chosen: &[bool]| {
        let nodes = graph.nodes().filter(|node| needed[node.index()] && chosen[node.index()]);
        nodes.fold([0, 0], |[weights, madds], node| [weights + weights_of(graph, node), madds + graph.cost(node).madds])
    };
    let whole_net = figures(&vec![true; needed.len()]);
    let mut chosen: Vec<Option<Vec<bool>>> = ROWS.iter().map(|row| nodes_of(graph, row.place)).collect();
    // A node is counted in one row: the first of those with a path of its own, so that a linear layer inside a module is the module's.
    let mut taken = vec![false; needed.len()];
    for own in chosen.iter_mut().flatten() {
        own.iter_mut().zip(&taken).for_each(|(own, taken)| *own &= !taken);
        taken.iter_mut().zip(&*own).for_each(|(taken, own)| *taken |= own);
    }
    let has_madds = |chosen: &Option<Vec<bool>>| chosen.as_ref().is_some_and(|chosen| figures(chosen)[1] > 0);
    let missing = ROWS.iter().zip(&chosen).filter(|(_, chosen)| !has_madds(chosen)).map(|(row, _)| row.name);
    let missing: Vec<&str> = missing.collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let rows = ROWS.iter().zip(chosen.iter().flatten());
    let rows: Vec<TableRow> = rows.map(|(row, chosen)| table_row(row, figures(chosen).map(whole))).collect();
    let total = |field: fn(&TableRow) -> u64| rows.iter().map(field).sum::<u64>();
    let printed = |field: fn(&PaperRow) -> Printed| {
        // In tenths, the finest that is printed.
        let tenths: u64 = ROWS.iter().map(field).map(|printed| printed.digits * 10 / printed.scale).sum();
        value(Printed { digits: tenths, scale: 10 })
    };
    let sum = TableSum {
        paper_params_k: printed(|row| row.params),
        weights: total(|row| row.weights),
        paper_ops_m: printed(|row| row.ops),
        madds: total(|row| row.madds),
    };
    let [weights, madds] = whole_net.map(whole);
    let (weights_in_no_row, madds_in_no_row) = (weights - sum.weights, madds - sum.madds);
    Ok(Table1 { schema: SCHEMA, name: graph.name().to_owned(), rows, sum, weights_in_no_row, madds_in_no_row })
}

/// The nodes of a row, if the network has its paths.
fn nodes_of(graph: &Graph, place: Place) -> Option<Vec<bool>> {
    match place {
        Place::At(path) => inside(graph, path),
        Place::Between(from, to) => {
            let (before, own) = (leading_to(graph, inside(graph, from)?), inside(graph, to)?);
            let after = leading_to(graph, own.clone());
            Some(own.iter().zip(before.iter().zip(after)).map(|(own, (before, after))| *own || after && !before).collect())
        }
        Place::Linear => {
            let is_linear = |node| graph.node(node).op.as_ref().is_some_and(|op| op.class() == Class::Linear);
            Some(graph.nodes().map(is_linear).collect())
        }
    }
}

/// The nodes at a path and below.
fn inside(graph: &Graph, path: &str) -> Option<Vec<bool>> {
    let scope = graph.scopes().find(path)?;
    let is_inside = |node| graph.scopes().ancestors(graph.node(node).scope).any(|around| around == scope);
    Some(graph.nodes().map(is_inside).collect())
}

/// The nodes that lead to chosen ones, those among them.
fn leading_to(graph: &Graph, mut chosen: Vec<bool>) -> Vec<bool> {
    for node in graph.nodes().rev().filter(|node| graph.node(*node).op.is_some()) {
        if chosen[node.index()] {
            graph.sources(node).iter().for_each(|source| chosen[source.index()] = true);
        }
    }
    chosen
}

fn weights_of(graph: &Graph, node: NodeIndex) -> u128 {
    let params = graph.node(node).op.as_ref().map(|op| op.params(&graph.input_shapes(node))).unwrap_or_default();
    params.iter().filter(|param| param.role == ParamRole::Weight).map(|param| param.count).sum()
}

fn table_row(row: &PaperRow, [weights, madds]: [u64; 2]) -> TableRow {
    TableRow {
        name: row.name,
        paper_params_k: value(row.params),
        weights,
        params: compared(weights, row.params, KILO, row.of_params, row.weights, "weights"),
        paper_ops_m: value(row.ops),
        madds,
        ops: compared(madds, row.ops, MEGA, row.of_ops, row.madds, "multiply-adds"),
    }
}

fn value(printed: Printed) -> f64 {
    printed.digits as f64 / printed.scale as f64
}

/// Compares a number with a printed figure of `unit`s.
fn compared(number: u64, printed: Printed, unit: u64, known: &[Known], published: u64, what: &str) -> Compared {
    // Twice the gap, in the last digit that is printed.
    let (ours, papers) = (u128::from(number) * u128::from(printed.scale), u128::from(printed.digits) * u128::from(unit));
    if 2 * ours.abs_diff(papers) <= u128::from(unit) {
        return Compared { exact: true, reason: None };
    }
    let reason = known.iter().find(|known| known.number == number).map(|known| known.reason.to_owned());
    let reason = reason.unwrap_or_else(|| {
        let gap = crate::base::units::signed(i128::from(number) - i128::from(published));
        format!("another row than the published network's: {gap} {what}")
    });
    Compared { exact: false, reason: Some(reason) }
}

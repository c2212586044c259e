//! The finding about a broken budget: the limit, the layers that cost most, and the single changes of a width that are enough.

use crate::analyze::Analysis;
use crate::analyze::Remedy;
use crate::analyze::Row;
use crate::analyze::remedies;
use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Quantity;
use crate::base::Span;
use crate::base::units;
use crate::cli::loading::Network;
use crate::graph::Counts;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::graph::Resizing;
use crate::graph::ScopeId;
use crate::report::limit_text;
use crate::spec::Limit;

/// What a limit is about.
struct Subject {
    /// As a message names it.
    name: &'static str,
    /// Of one row of an analysis.
    of_row: fn(&Row) -> u64,
}

impl Subject {
    fn of(limit: &Limit) -> Subject {
        match limit.quantity {
            Quantity::Madds => Subject { name: "multiply-adds", of_row: |row| row.madds },
            Quantity::Params => Subject { name: "parameters", of_row: |row| row.params },
            Quantity::Memory => Subject { name: "bytes of live memory", of_row: |row| row.live_bytes },
        }
    }
}

/// One finding for each broken limit; `spec` is what the user calls the network.
pub(super) fn over_budget(spec: &str, network: &Network, analysis: &Analysis) -> Vec<Diagnostic> {
    let limits = network.spec.budget.iter().flat_map(|budget| &budget.limits);
    let broken = limits.zip(&analysis.budget).filter(|(_, state)| state.is_over());
    let found = broken.map(|(limit, state)| (limit.quantity, finding(&network.graph, analysis, limit, state.actual)));
    // Memory is no sum over layers, so nothing is suggested for it.
    let helped = |(quantity, found): (Quantity, Diagnostic)| match quantity {
        Quantity::Memory => found,
        Quantity::Madds | Quantity::Params => {
            found.with_help(format!("`nas suggest {spec}` looks for smaller changes in several widths"))
        }
    };
    found.map(helped).collect()
}

fn finding(graph: &Graph, analysis: &Analysis, limit: &Limit, actual: u64) -> Diagnostic {
    let (subject, of_counts) = (Subject::of(limit), Counts::reader(limit.quantity));
    let (actual, most) = (u128::from(actual), u128::from(limit.whole()));
    let share = units::signed_share(actual, most);
    let excess = units::grouped(actual - most);
    let (is, name) = (units::si(actual), subject.name);
    let message = format!("over budget: {is} of {} {name} ({share} %, {excess} too many)", limit_text(limit.whole()));
    let mut found = Diagnostic::new(Code::B0001, limit.span, message, "the budget");
    let dearest = dearest(graph, analysis, &subject);
    for &(scope, span, cost) in &dearest {
        let (part, share) = (units::si(cost.into()), units::share(cost.into(), actual));
        // What is live at one layer is no part of a sum.
        let is_part = of_counts.is_some();
        let cost = if is_part { format!("{share} % of the network, {part}") } else { format!("{part} live here") };
        let whose = ambiguous(graph, scope).map_or_else(String::new, |path| format!("`{path}`: "));
        found = found.with_label(span, whose + &cost);
    }
    let Some(of_counts) = of_counts else { return found };
    let form = Multilinear::of(graph);
    let enough = remedies(&form, of_counts, most.cast_signed());
    let inside = |outer: ScopeId, scope: ScopeId| scope != outer && graph.scopes().ancestors(scope).any(|around| around == outer);
    let in_place = dearest.iter().find_map(|&(outer, ..)| {
        let within = |knob: usize| inside(outer, form.knobs()[knob].scope);
        let sufficient = enough.iter().map(|remedy| remedy.knob).find(|&knob| within(knob));
        sufficient.or_else(|| {
            let knobs = (0..form.knobs().len()).filter(|&knob| within(knob));
            knobs.max_by_key(|&knob| (of_counts(form.marginal(knob)), std::cmp::Reverse(knob)))
        })
    });
    if let Some((span, text)) = in_place.and_then(|knob| form.knobs()[knob].span.zip(saving(graph, &form, knob, of_counts))) {
        found = found.with_label(span, text);
    }
    let resizing = Resizing::of(graph);
    let fitting = enough.iter().filter(|remedy| remedy.fits(&resizing, &form));
    let rows: Vec<_> = fitting.take(3).map(|remedy| row(graph, &form, remedy, of_counts, most)).collect();
    match &rows[..] {
        [] => found,
        rows => {
            let which = if rows.len() == 1 { "this change alone is" } else { "one of these alone is" };
            let title = format!("{which} enough; the network would then be inside the budget");
            found.with_note(format!("{title}\n{}", aligned(rows)))
        }
    }
}

/// The two layers that cost most, with their places.
fn dearest(graph: &Graph, analysis: &Analysis, subject: &Subject) -> Vec<(ScopeId, Span, u64)> {
    let stages = analysis.tree.children.iter();
    let top = stages.flat_map(|row| if row.path.is_empty() { &row.children[..] } else { std::slice::from_ref(row) });
    let mut ranked: Vec<&Row> = top.collect();
    ranked.sort_by_key(|row| std::cmp::Reverse((subject.of_row)(row)));
    let placed = |row: &&Row| {
        let scope = graph.scopes().find(&row.path)?;
        Some((scope, graph.scopes().get(scope).span?, (subject.of_row)(row)))
    };
    ranked.iter().take(2).filter_map(placed).collect()
}

/// The path of a layer whose place does not tell which one is meant: copies and the uses of a module are written there too.
fn ambiguous(graph: &Graph, scope: ScopeId) -> Option<String> {
    let scopes = graph.scopes();
    let span = scopes.get(scope).span;
    let is_shared = scopes.all().any(|other| other != scope && scopes.get(other).span == span);
    is_shared.then(|| scopes.path(scope))
}

/// What a knob saves when it goes down a step.
fn saving(graph: &Graph, form: &Multilinear, knob: usize, of_counts: fn(Counts) -> i128) -> Option<String> {
    let step = form.knobs()[knob].step;
    let width = form.width(knob).checked_sub(step).filter(|&width| width > 0)?;
    let less = of_counts(form.totals()) - of_counts(form.at(knob, width));
    let place = ambiguous(graph, form.knobs()[knob].scope).map_or_else(String::new, |path| format!(" in `{path}`"));
    let filters = if step == 1 { format!("one filter less{place} saves") } else { format!("{step} filters less{place} save") };
    Some(format!("{filters} {}", units::si(less.unsigned_abs())))
}

/// The cells of one line of the note: path, width, new width, new total, distance.
fn row(graph: &Graph, form: &Multilinear, remedy: &Remedy, of_counts: fn(Counts) -> i128, most: u128) -> [String; 5] {
    let total = of_counts(remedy.totals).unsigned_abs();
    let knob = &form.knobs()[remedy.knob];
    // Widths that are added to one another change together, or not at all.
    let tied = if knob.nodes.len() > 1 { format!(" with {} tied to it", knob.nodes.len() - 1) } else { String::new() };
    let path = graph.scopes().path(knob.scope) + &tied;
    let share = format!("{} %", units::signed_share(total, most));
    [path, remedy.from.to_string(), remedy.to.to_string(), units::si(total), share]
}

fn aligned(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let line = |[path, from, to, total, share]: &[String; 5]| {
        let [a, b, c, d, e] = widths;
        format!("{path:<a$}  {from:>b$} -> {to:<c$}   {total:>d$}  {share:>e$}")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

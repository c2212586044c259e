//! `nas check`: the language's findings and the budget's, for continuous integration.

use clap::Args;

use crate::analyze::Analysis;
use crate::analyze::Row;
use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::analyze;
use crate::cli::arguments::Reading;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::spec::Limit;

/// Arguments of `nas check`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1 if a spec is over its budget, 3 if one is invalid.

Examples:
  nas check specs/*.yaml
  nas check mine.yaml --deny warnings --diagnostics github")]
pub(super) struct Check {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
}

impl Check {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let mut exit = Exit::Ok;
        let mut lines = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading)?;
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else {
                lines.push(format!("bad  {spec}"));
                continue;
            };
            let analysis = analyze::analysis(&network, 1);
            let found = over_budget(&network, &analysis);
            exit = exit.max(loading::show(&network.sources, &found, &self.reading.showing));
            lines.push(line(&analysis, !found.is_empty()));
        }
        let over = lines.iter().filter(|line| line.starts_with("over")).count();
        let bad = lines.iter().filter(|line| line.starts_with("bad")).count();
        let specs = if lines.len() == 1 { "1 spec" } else { &format!("{} specs", lines.len()) };
        let mut verdict = format!("{specs} checked: {over} over budget");
        if bad > 0 {
            verdict += &format!(", {bad} invalid");
        }
        output::give(&format!("{}\n{verdict}\n", lines.join("\n")), None)?;
        Ok(exit)
    }
}

fn line(analysis: &Analysis, over: bool) -> String {
    let state = if over { "over" } else { "ok" };
    let distance = analysis.budget.iter().map(|limit| {
        let share = units::signed_share(limit.actual.into(), limit.limit.into());
        format!("   {} {share} % of {}", limit.quantity, units::si(limit.limit.into()))
    });
    let distance: String = distance.collect();
    let madds = units::si(analysis.totals.madds.into());
    format!("{state:4} {:<26}{madds:>9} madds{distance}", analysis.name)
}

/// One finding for each broken limit, with the two layers that cost most.
fn over_budget(network: &Network, analysis: &Analysis) -> Vec<Diagnostic> {
    let limits = network.spec.budget.iter().flat_map(|budget| &budget.limits);
    let broken = limits.zip(&analysis.budget).filter(|(_, state)| state.is_over());
    broken.map(|(limit, state)| finding(network, analysis, limit, state.actual)).collect()
}

fn finding(network: &Network, analysis: &Analysis, limit: &Limit, actual: u64) -> Diagnostic {
    let (actual, most) = (u128::from(actual), u128::from(limit.whole()));
    let what = match &*limit.quantity.text {
        "madds" => "multiply-adds",
        "params" => "parameters",
        _ => "bytes of live memory",
    };
    let share = units::signed_share(actual, most);
    let excess = units::grouped(actual - most);
    let message = format!("over budget: {} of {} {what} ({share} %, {excess} too many)", units::si(actual), units::si(most));
    let mut found = Diagnostic::new(Code::B0001, limit.span, message, "the budget");
    let of: fn(&Row) -> u64 = match &*limit.quantity.text {
        "madds" => |row| row.madds,
        "params" => |row| row.params,
        _ => |row| row.live_bytes,
    };
    let top: Vec<&Row> = analysis
        .tree
        .children
        .iter()
        .flat_map(|row| if row.path.is_empty() { &row.children[..] } else { std::slice::from_ref(row) })
        .collect();
    let mut ranked = top.clone();
    ranked.sort_by_key(|row| std::cmp::Reverse(of(row)));
    let scopes = network.graph.scopes();
    for row in ranked.iter().take(2) {
        let span = scopes.find(&row.path).and_then(|scope| scopes.get(scope).span);
        if let Some(span) = span {
            let share = units::share(of(row).into(), actual);
            let part = units::si(of(row).into());
            // What is live at one layer is no part of a sum.
            let label = if &*limit.quantity.text == "memory" {
                format!("{part} live here")
            } else {
                format!("{share} % of the network, {part}")
            };
            found = found.with_label(span, label);
        }
    }
    found
}

//! A proposal on a terminal: a line a branch, then the rivals.

use crate::base::units;
use crate::propose::widths::BranchWidths;
use crate::propose::widths::ModuleWidths;
use crate::propose::widths::Proposal;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::headed;
use crate::report::grid::wrap;

const HEADS: [&str; 8] = ["module", "branch", "share %", "asked", "width", "new", "reduction", "rank [5 %, 95 %]"];

/// Points of a module's width from which on it is told that widths are elsewhere than was asked.
const NOTABLE: f64 = 5.0;

/// For each module its branches with their widths and what asks for them, what is to be known of it, and totals.
pub fn proposal_table(proposal: &Proposal, paint: &Paint) -> String {
    let mut rows = Vec::new();
    for module in &proposal.modules {
        for (at, branch) in module.branches.iter().enumerate() {
            rows.push(row(if at == 0 { &module.path } else { "" }, branch));
        }
    }
    let (heads, rows) = headed(&HEADS, 2, rows);
    let mut text = paint.text(Colour::Faint, &heads) + &rows + "\n";
    text += &evidence(&proposal.modules, paint);
    let count = |madds: u64, params: u64| {
        let part = 100.0 * madds as f64 / proposal.budget as f64;
        vec![units::grouped(madds.into()), format!("{part:.2} %"), units::grouped(params.into())]
    };
    let named = |name: &str, madds: u64, params: u64| [vec![name.to_owned()], count(madds, params)].concat();
    let mut totals =
        vec![named("spec", proposal.madds_before, proposal.params_before), named("proposal", proposal.madds, proposal.params)];
    totals.extend(proposal.rivals.iter().map(|rival| named(&rival.name, rival.madds, rival.params)));
    let heads = ["widths", "multiply-adds", "of budget", "parameters"];
    let (heads, rows) = headed(&heads, 1, totals);
    text += &(paint.text(Colour::Faint, &heads) + &rows);
    if proposal.unaligned > 0 {
        let told = format!(
            "{} widths are no multiples of {}, because none came within 0.2 % of the budget",
            proposal.unaligned, proposal.align
        );
        text += &paint.text(Colour::Faint, &format!("{told}\n"));
    }
    let off = proposal.modules.iter().map(farthest).fold(0.0, f64::max);
    if off > NOTABLE && proposal.align > 1 {
        let told = format!(
            "widths are up to {off:.0} points of a module from the shares asked for: with multiples of less than {} they come nearer (`--align`)",
            proposal.align
        );
        text += &paint.text(Colour::Faint, &format!("{told}\n"));
    }
    let is_far = |madds: u64| u128::from(madds) * 1000 < u128::from(proposal.budget) * 998;
    if is_far(proposal.madds) || proposal.rivals.iter().any(|rival| is_far(rival.madds)) {
        let told = "not all come within 0.2 % of the budget: a channel more or less is a larger step";
        text += &paint.text(Colour::Faint, &format!("{told}\n"));
    }
    text
}

/// By how many points of a hundred a branch's part of its module's width is from what was asked, at most.
fn farthest(module: &ModuleWidths) -> f64 {
    let all: u32 = module.branches.iter().map(|branch| branch.width).sum();
    let off = |branch: &BranchWidths| (100.0 * (f64::from(branch.width) / f64::from(all.max(1)) - branch.share)).abs();
    module.branches.iter().filter(|branch| branch.share > 0.0).map(off).fold(0.0, f64::max)
}

fn row(module: &str, branch: &BranchWidths) -> Vec<String> {
    let share = |share: f64| if share > 0.0 { format!("{:.1}", 100.0 * share) } else { "-".to_owned() };
    let name = branch.path.rsplit('/').next().unwrap_or_default();
    let reduction = branch.reduction.as_ref().map(|reduction| format!("{} -> {}", reduction.width_before, reduction.width));
    let rank = branch.reduction.as_ref().and_then(|reduction| {
        let rank = reduction.rank?;
        Some(
            reduction
                .interval
                .map_or_else(|| format!("{rank:.1}"), |found| format!("{rank:.1} [{:.1}, {:.1}]", found.low, found.high)),
        )
    });
    vec![
        module.to_owned(),
        name.to_owned(),
        share(branch.share_before),
        share(branch.share),
        branch.width_before.to_string(),
        if branch.fixed { "fixed".to_owned() } else { branch.width.to_string() },
        reduction.unwrap_or_default(),
        rank.unwrap_or_default(),
    ]
}

/// A line a module: shares of clusters against those of untrained networks, and how much of the difference is kept.
fn evidence(modules: &[ModuleWidths], paint: &Paint) -> String {
    let shares = |values: &[f64]| values.iter().map(|value| format!("{:.1}", 100.0 * value)).collect::<Vec<String>>().join(" / ");
    let row = |module: &ModuleWidths| {
        let layer = &module.layer;
        let map = format!("{}x{}x{}", layer.channels, layer.height, layer.width);
        let [trained, baseline, errors, kept] = module.shares.as_ref().map_or(["-", "-", "-", "-"].map(str::to_owned), |found| {
            [shares(&found.trained), shares(&found.baseline), shares(&found.errors), format!("{:.2}", found.kept)]
        });
        let pooling =
            module.pooling.as_ref().map_or("-".to_owned(), |found| format!("{:.2} / {:.2}", found.trained[0], found.baseline[0]));
        vec![module.path.clone(), map, trained, baseline, errors, kept, pooling]
    };
    let heads = ["module", "reads", "1x1 / 3x3 / 5x5 %", "baseline", "+-", "kept", "pooling"];
    let (heads, rows) = headed(&heads, 1, modules.iter().map(row).collect());
    let mut text = paint.text(Colour::Faint, &heads) + &rows;
    for (module, warning) in modules.iter().flat_map(|module| module.warnings.iter().map(move |warning| (module, warning))) {
        for line in wrap(&format!("{}: {warning}", module.path), paint.width.min(110)) {
            text += &paint.text(Colour::Faint, &format!("{line}\n"));
        }
    }
    text + "\n"
}

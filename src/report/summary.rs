//! The lines under the tree: exact totals, memory, training, heads, the budget.

use crate::analyze::Analysis;
use crate::analyze::Limit;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::gauge::distance;
use crate::report::gauge::gauge;
use crate::report::gauge::limit_text;

/// Megabytes with two decimals.
fn megabytes(bytes: u64) -> String {
    format!("{} MB", units::fixed(bytes.into(), 1_000_000, 2))
}

/// Exact totals, one fact a line.
pub fn summary(analysis: &Analysis, paint: &Paint) -> String {
    let totals = &analysis.totals;
    let mut text = String::new();
    let mut fact = |name: &str, number: String, says: &str| {
        text += &format!("{}{number:>width$}   {says}\n", paint.text(Colour::Bold, name), width = 23 - name.len());
    };
    fact("madds", units::grouped(totals.madds.into()), "conv + linear, no bias (the convention of torchvision and Caffe)");
    fact("", units::grouped(totals.flops.into()), "FLOPs, 2 x multiply-adds");
    let mut parts = vec![format!("{} weights", units::grouped(totals.weights.into()))];
    if totals.biases > 0 {
        parts.push(format!("{} biases", units::grouped(totals.biases.into())));
    }
    if totals.norm_params > 0 {
        parts.push(format!("{} of norms", units::grouped(totals.norm_params.into())));
    }
    let bytes = units::fixed(u128::from(totals.params) * 4, 1_000_000, 1);
    fact("params", units::grouped(totals.params.into()), &format!("{}, {bytes} MB as f32", parts.join(" + ")));
    if totals.params_deployed != totals.params {
        fact("", units::grouped(totals.params_deployed.into()), "deployed, each batch norm folded into the layer before it");
    }
    let memory = &analysis.memory;
    let says = format!("live peak at {} ({} if nothing were freed)", memory.peak_at, megabytes_short(memory.sum_bytes));
    fact("memory", megabytes(memory.peak_bytes), &says);
    let training = &analysis.training;
    let gap = 3 * totals.madds - training.madds;
    let first = analysis.tree.all_nodes().iter().find(|node| node.madds > 0).map(|node| (node.madds, node.path.clone()));
    let says = match first {
        _ if gap == 0 => "madds a step: 3 x forward".to_owned(),
        Some((madds, path)) if madds == gap => {
            format!("madds a step: 3 x forward - {}", path.split(':').next().unwrap_or_default())
        }
        _ => format!("madds a step: 3 x forward - {}", units::si(gap.into())),
    };
    fact("training", units::grouped(training.madds.into()), &says);
    if !analysis.heads.is_empty() {
        let sum = |field: fn(&crate::analyze::HeadCost) -> u64| analysis.heads.iter().map(field).sum::<u64>();
        let names: Vec<&str> = analysis.heads.iter().map(|head| &*head.name).collect();
        let params = units::grouped(sum(|head| head.params).into());
        let says = format!("madds, +{params} params in {}; training only, not counted", list(&names));
        fact("heads", format!("+{}", units::grouped(sum(|head| head.madds).into())), &says);
    }
    for limit in &analysis.budget {
        text += &format!("\n{}", budget(limit, paint));
    }
    text
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn megabytes_short(bytes: u64) -> String {
    format!("{} MB", units::fixed(bytes.into(), 1_000_000, 1))
}

/// One limit: a gauge whose tick is the limit, and the distance.
fn budget(limit: &Limit, paint: &Paint) -> String {
    const CELLS: usize = 44;
    let (actual, most) = (u128::from(limit.actual), u128::from(limit.limit));
    let numbers = format!("{} of {}", units::si(actual), limit_text(limit.limit));
    let head = if limit.quantity == "madds" { "budget".to_owned() } else { format!("budget {}", limit.quantity) };
    let mut text = format!(
        "{}{numbers:>width$}  {}   {}\n",
        paint.text(Colour::Bold, &head),
        gauge(limit, CELLS, CELLS / 2, paint).text,
        distance(limit, paint).text,
        width = 26usize.saturating_sub(head.len()),
    );
    if limit.is_over() {
        let over = format!("{} over", units::si(actual - most));
        text += &format!("{}\n", paint.text(Colour::Over, &format!("{over:>26}")));
    }
    text
}

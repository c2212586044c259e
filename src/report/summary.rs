//! The lines under the tree: exact totals, memory, training, heads, the budget.

use crate::analyze::Analysis;
use crate::analyze::Depth;
use crate::analyze::Limit;
use crate::analyze::Part;
use crate::base::Quantity;
use crate::base::units;
use crate::base::units::F32_BYTES;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::gauge::distance;
use crate::report::gauge::gauge;
use crate::report::gauge::limit_text;
use crate::report::grid::wrap;

/// Where the numbers of the summary end.
const NUMBERS: usize = 25;

/// The unit of a column of activations, which has decimals: kilobytes at least.
pub(super) fn bytes_unit(most: u64) -> (u128, &'static str) {
    units::bytes_unit(u128::from(most).max(1000))
}

/// A size in its unit.
pub(super) fn bytes(bytes: u64, decimals: u32) -> String {
    units::bytes(bytes.into(), decimals)
}

/// Exact totals, one fact a line.
pub fn summary(analysis: &Analysis, paint: &Paint) -> String {
    let totals = &analysis.totals;
    let mut text = String::new();
    let mut fact = |name: &str, number: String, says: &str| {
        let mut says = wrap(says, paint.width.saturating_sub(NUMBERS + 3).max(12)).into_iter();
        let (first, width) = (says.next().unwrap_or_default(), NUMBERS - name.len());
        text += &format!("{}{number:>width$}   {first}\n", paint.text(Colour::Bold, name));
        text.extend(says.map(|line| format!("{:NUMBERS$}   {line}\n", "")));
    };
    if let Some(counted) = &analysis.convention {
        fact(counted.name, units::grouped(counted.total), &format!("{} as {} counts them:", counted.unit, counted.tool));
        for Part { what, count } in &counted.terms {
            fact("", units::signed(*count), what);
        }
    }
    fact("madds", units::grouped(totals.madds.into()), "conv + linear, no bias (the convention of torchvision and Caffe)");
    if analysis.convention.is_none() {
        fact("", units::grouped(totals.flops.into()), "FLOPs, 2 x multiply-adds");
    }
    let parts = [(totals.weights, "weights"), (totals.biases, "biases"), (totals.norm_params, "of norms")];
    let some = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = some.map(|(count, what)| format!("{} {what}", units::grouped((*count).into()))).collect();
    let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(" + ") };
    let stored = bytes(totals.params.saturating_mul(F32_BYTES), 1);
    fact("params", units::grouped(totals.params.into()), &format!("{parts}, {stored} as f32"));
    if totals.params_deployed != totals.params {
        fact("", units::grouped(totals.params_deployed.into()), "deployed, each batch norm folded into the layer before it");
    }
    let memory = &analysis.memory;
    let says = format!("live peak at {} ({} if nothing were freed)", memory.peak_at, bytes(memory.sum_bytes, 1));
    fact("memory", bytes(memory.peak_bytes, 2), &says);
    let step = if analysis.batch == 1 { "an image".to_owned() } else { format!("a step of {} images", analysis.batch) };
    let says = format!("madds {step}: {}", steps(analysis));
    fact("training", units::grouped(analysis.training.madds.into()), &says);
    if !analysis.heads.is_empty() {
        let sum = |field: fn(&crate::analyze::HeadCost) -> u64| analysis.heads.iter().map(field).sum::<u64>();
        let names: Vec<&str> = analysis.heads.iter().map(|head| &*head.name).collect();
        let params = units::grouped(sum(|head| head.params).into());
        let says = format!("madds, +{params} params in {}; training only, not counted", list(&names));
        fact("heads", format!("+{}", units::grouped(sum(|head| head.madds).into())), &says);
    }
    if !analysis.budget.is_empty() {
        text.push('\n');
    }
    text + &analysis.budget.iter().map(|limit| budget(limit, analysis.batch, paint)).collect::<String>()
}

/// A training step's multiply-adds in those of inference: `3 x forward - conv1`.
pub(super) fn steps(analysis: &Analysis) -> String {
    let gap = 3 * analysis.totals.madds - analysis.training.madds;
    let first = analysis.tree.all_nodes().into_iter().find(|node| node.madds > 0);
    match first {
        _ if gap == 0 => "3 x forward".to_owned(),
        Some(first) if first.madds == gap => format!("3 x forward - {}", first.path.split(':').next().unwrap_or_default()),
        _ => format!("3 x forward - {}", units::si(gap.into())),
    }
}

/// `57 convolutions + 1 linear, 22 deep`.
pub(super) fn layers(depth: &Depth) -> String {
    let plural = |count: u32, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut layers = Vec::new();
    if depth.convolutions > 0 {
        layers.push(plural(depth.convolutions, "convolution"));
    }
    if depth.linear > 0 {
        layers.push(format!("{} linear", depth.linear));
    }
    if layers.is_empty() {
        "no layers with weights".to_owned()
    } else {
        format!("{}, {} deep", layers.join(" + "), depth.longest_path)
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// One limit: a gauge whose tick is the limit, and the distance.
fn budget(limit: &Limit, batch: u32, paint: &Paint) -> String {
    let what = match limit.quantity {
        Quantity::Madds if batch == 1 || paint.width < 80 => "",
        Quantity::Madds => "  an image",
        Quantity::Params => "  params",
        Quantity::Memory if batch == 1 || paint.width < 80 => "  bytes live",
        Quantity::Memory => "  bytes live, an image",
    };
    let distance = distance(limit, paint);
    // The longest gauge that leaves room for its numbers and for the distance.
    let room = paint.width.saturating_sub(31 + distance.width + what.len());
    let drawn = (1..=44).rev().map(|cells| gauge(limit, cells, cells / 2, paint)).find(|gauge| gauge.width <= room);
    let drawn = drawn.unwrap_or_else(|| gauge(limit, 1, 0, paint));
    let numbers = format!("{} of {}", units::si(limit.actual.into()), limit_text(limit.limit));
    let mut text = format!("{}{numbers:>20}  {}   {}{what}\n", paint.text(Colour::Bold, "budget"), drawn.text, distance.text);
    if limit.is_over() {
        let over = format!("{} over", units::si(u128::from(limit.actual - limit.limit)));
        text += &format!("{}\n", paint.text(Colour::Over, &format!("{over:>26}")));
    }
    text
}

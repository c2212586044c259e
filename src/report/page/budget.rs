//! The budget's gauges: the network as one bar, stacked by branch, the limit as a tick, and the distance in a sentence.

use crate::analyze::Limit;
use crate::analyze::remedies;
use crate::base::Quantity;
use crate::base::units;
use crate::graph::Counts;
use crate::graph::Multilinear;
use crate::graph::Resizing;
use crate::report::limit_text;
use crate::report::numbers::distance;
use crate::report::numbers::short;
use crate::report::page::html::Html;
use crate::report::page::items::Item;
use crate::report::page::network::PageNetwork;
use crate::report::page::paint;
use crate::report::picture::spaced;

/// The part of `whole` in per cent, for a style.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let thousandths = u128::from(part) * 100_000 / u128::from(whole.max(1));
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// A gauge for each limit, and what else is to say about the count. The scale of multiply-adds reaches at least to `beside`, the count
/// of another network.
pub(super) fn gauges(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>], beside: u64) {
    let limits = &net.analysis.budget;
    if !limits.iter().any(|limit| limit.quantity == Quantity::Madds) {
        let madds = net.analysis.totals.madds;
        bar(html, net, items, None, madds, madds.max(beside));
        sentence(html, net, None);
    }
    for limit in limits {
        // The scale ends a little behind what reaches farthest, so that the tick and its label stand inside.
        let most = limit.actual.max(limit.limit).max(if limit.quantity == Quantity::Madds { beside } else { 0 });
        bar(html, net, items, Some(limit), limit.actual, most.saturating_add(most / 13));
        sentence(html, net, Some(limit));
    }
}

fn bar(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>], limit: Option<&Limit>, actual: u64, scale: u64) {
    let quantity = limit.map_or(Quantity::Madds, |limit| limit.quantity);
    let class = if limit.is_some() { "gauge" } else { "gauge free" };
    html.open("div", &[("class", class)]);
    html.open("div", &[("class", "stack"), ("role", "img"), ("aria-label", &label(limit, actual))]);
    let total = net.analysis.totals.madds;
    match (quantity, items.first()) {
        (Quantity::Madds, Some(network)) => {
            for &(kind, madds) in &network.parts {
                let width = u128::from(madds) * u128::from(actual) / u128::from(total.max(1));
                let style = format!("width:{}%", percent(width as u64, scale));
                let share = spaced(&format!(
                    "{} of the multiply-adds, {} %",
                    units::si(madds.into()),
                    units::share(madds.into(), total.into())
                ));
                html.leaf("i", &[("class", &paint::class(kind)), ("style", &style), ("title", &share)], "");
            }
        }
        _ => {
            let style = format!("width:{}%", percent(actual, scale));
            html.leaf("i", &[("class", "k-this"), ("style", &style)], "");
        }
    }
    html.close();
    if let Some(limit) = limit {
        let style = format!("left:{}%", percent(limit.limit, scale));
        html.open("div", &[("class", "tick"), ("style", &style)]);
        html.leaf("span", &[], &spaced(&format!("budget {}", text(limit.quantity, limit.limit)))).close();
    }
    html.close().line();
}

fn label(limit: Option<&Limit>, actual: u64) -> String {
    match limit {
        Some(limit) => format!("{} of the budget's {}", text(limit.quantity, actual), text(limit.quantity, limit.limit)),
        None => format!("{} multiply-adds", units::si(actual.into())),
    }
}

/// A number in its quantity's unit.
pub(super) fn text(quantity: Quantity, number: u64) -> String {
    match quantity {
        Quantity::Madds => limit_text(number),
        Quantity::Params => format!("{} parameters", limit_text(number)),
        Quantity::Memory => format!("{}B", with_unit(&limit_text(number))),
    }
}

fn with_unit(number: &str) -> String {
    if number.contains(' ') { number.to_owned() } else { format!("{number} ") }
}

fn sentence(html: &mut Html, net: &PageNetwork<'_>, limit: Option<&Limit>) {
    html.open("p", &[("class", "verdict")]);
    let mut rest = Vec::new();
    if let Some(limit) = limit {
        let (gap, sign, class, side) = match limit.actual.checked_sub(limit.limit) {
            None => (limit.limit - limit.actual, "✓ ", "ok", "under budget"),
            Some(0) => (0, "✓ ", "ok", "exactly the budget"),
            Some(gap) => (gap, "▲ ", "over", "over budget"),
        };
        let gap = if gap == 0 { String::new() } else { text(limit.quantity, 0).replacen('0', &units::si(gap.into()), 1) + " " };
        html.leaf(
            "b",
            &[("class", class)],
            &format!("{sign}{}({})", spaced_number(&gap) + side + " ", distance(limit.actual, limit.limit)),
        );
        rest.extend(remedy(net, limit));
    } else {
        rest.push(format!("{} multiply-adds, without a budget", short(net.analysis.totals.madds)));
    }
    if limit.is_none_or(|limit| limit.quantity == Quantity::Madds) && !net.analysis.heads.is_empty() {
        let madds = net.analysis.heads.iter().map(|head| u128::from(head.madds)).sum();
        rest.push(format!("auxiliary heads (+{}) are training only and not counted", spaced(&units::si(madds))));
    }
    let begins = if limit.is_some() { " · " } else { "" };
    if !rest.is_empty() {
        html.text(&format!("{begins}{}", rest.join(" · ")));
    }
    html.close().line();
}

/// The narrow space between a number and its prefix; the space behind both stays.
fn spaced_number(gap: &str) -> String {
    gap.replacen(' ', "\u{202F}", 1)
}

/// The smallest change of one width that alone is enough.
fn remedy(net: &PageNetwork<'_>, limit: &Limit) -> Option<String> {
    let quantity = Counts::reader(limit.quantity)?;
    if !limit.is_over() {
        return None;
    }
    let form = Multilinear::of(net.graph);
    let found = remedies(&form, quantity, i128::from(limit.limit));
    let resizing = Resizing::of(net.graph);
    let remedy = found.iter().find(|remedy| remedy.fits(&resizing, &form))?;
    let path = net.graph.scopes().path(form.knobs()[remedy.knob].scope);
    Some(format!("{} filters less in {path} would do", remedy.from - remedy.to))
}

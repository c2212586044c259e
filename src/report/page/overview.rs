//! The page of several networks: a line for each, how they stand to one another, and each of them folded.

use crate::base::Quantity;
use crate::report::numbers::distance;
use crate::report::numbers::exact;
use crate::report::numbers::short;
use crate::report::page::budget;
use crate::report::page::data;
use crate::report::page::facts;
use crate::report::page::frame;
use crate::report::page::html::Html;
use crate::report::page::items::items;
use crate::report::page::network::PageNetwork;
use crate::report::page::pictures;
use crate::report::page::table;
use crate::report::picture::spaced;
use crate::report::summary::bytes;

/// Writes it; gives the data.
pub(super) fn write(html: &mut Html, networks: &[PageNetwork<'_>]) -> Vec<data::Network> {
    html.open("header", &[]).line();
    html.leaf("h1", &[], &format!("{} networks", networks.len()));
    html.leaf("p", &[("class", "facts")], "conv + linear multiply-adds, no bias").line().close().line();
    frame::navigation(html, &[("overview", "Overview"), ("plots", "Plots"), ("networks", "Networks")]);
    html.open("main", &[]).line();
    html.open("section", &[("id", "overview")]).leaf("h2", &[], "Overview").line();
    lines(html, networks);
    html.close().line();
    html.open("section", &[("id", "plots")]).leaf("h2", &[], "How they stand").line();
    pictures::of_several(html, networks);
    html.close().line();
    html.open("section", &[("id", "networks")]).leaf("h2", &[], "Each network").line();
    let mut all = Vec::with_capacity(networks.len());
    for (at, net) in networks.iter().enumerate() {
        let items = items(net);
        html.open("details", &[("class", "net"), ("id", &format!("net-{}", at + 1))]);
        html.open("summary", &[]).leaf("b", &[], &net.analysis.name).text(" ");
        html.leaf("span", &[("class", "facts")], &facts::line(net)).close().line();
        facts::write(html, &facts::cards(net));
        budget::gauges(html, net, &items, 0);
        html.open("div", &[("class", "tree"), ("data-net", &at.to_string())]).line();
        table::write(html, net, &items);
        html.close().line();
        html.open("div", &[("class", "one-icicle")]);
        pictures::icicle_head(html, None);
        pictures::icicle(html, net, at);
        html.close().close().line();
        all.push(data::network(net, &items));
    }
    html.close().close().line();
    all
}

/// A line for each network, sorted by any column.
fn lines(html: &mut Html, networks: &[PageNetwork<'_>]) {
    html.open("div", &[("class", "scroll")]);
    html.open("table", &[("class", "overview")]).open("thead", &[]).open("tr", &[]);
    let columns = [
        ("network", "name"),
        ("input", "wide"),
        ("madds", ""),
        ("params", ""),
        ("live", "wide"),
        ("deep", "wide"),
        ("budget", "wide"),
        ("distance", ""),
    ];
    for (title, class) in columns {
        html.open("th", &[("scope", "col"), ("aria-sort", "none"), ("class", class)]);
        html.leaf("button", &[("type", "button")], title).close();
    }
    html.close().close().line().open("tbody", &[]).line();
    for (at, net) in networks.iter().enumerate() {
        let analysis = net.analysis;
        let inputs: Vec<String> = analysis.inputs.iter().map(|input| data::shape(input.shape)).collect();
        let limit = analysis.budget.iter().find(|limit| limit.quantity == Quantity::Madds).or(analysis.budget.first());
        html.open("tr", &[]);
        html.open("td", &[("class", "name"), ("data-value", &at.to_string())]);
        html.leaf("a", &[("href", &format!("#net-{}", at + 1))], &analysis.name).close();
        html.leaf("td", &[("class", "wide")], &inputs.join(" and "));
        for (class, value, text) in [
            ("", analysis.totals.madds, short(analysis.totals.madds)),
            ("", analysis.totals.params, short(analysis.totals.params)),
            ("wide", analysis.memory.peak_bytes, spaced(&bytes(analysis.memory.peak_bytes, 2))),
            ("wide", analysis.depth.longest_path.into(), analysis.depth.longest_path.to_string()),
        ] {
            html.leaf("td", &[("class", class), ("data-value", &value.to_string()), ("title", &exact(value))], &text);
        }
        match limit {
            None => {
                html.leaf("td", &[("class", "wide"), ("data-value", "-1")], "none").leaf("td", &[("data-value", "-1")], "");
            }
            Some(limit) => {
                let class = if limit.is_over() { "over" } else { "ok" };
                let sign = if limit.is_over() { "▲ " } else { "" };
                let share = distance(limit.actual, limit.limit);
                let parts = u128::from(limit.actual) * 1_000_000 / u128::from(limit.limit.max(1));
                html.leaf(
                    "td",
                    &[("class", "wide"), ("data-value", &limit.limit.to_string())],
                    &budget::text(limit.quantity, limit.limit),
                );
                html.leaf("td", &[("class", class), ("data-value", &parts.to_string())], &format!("{sign}{share}"));
            }
        }
        html.close().line();
    }
    html.close().close().close().line();
}

//! The table: a tree grid, one row a layer, that can be read as it is written and sorted, filtered and folded by the script.

use crate::analyze::Level;
use crate::base::units;
use crate::report::page::budget::percent;
use crate::report::page::data;
use crate::report::page::html::Html;
use crate::report::page::items::Item;
use crate::report::page::network::PageNetwork;
use crate::report::page::paint;
use crate::report::picture::spaced;
use crate::report::summary::bytes_unit;
use crate::report::table::unit_for;

/// A column: its key for the script, its heading, whether phones leave it out.
struct Column {
    key: &'static str,
    title: String,
    class: &'static str,
}

/// Writes the table with its controls and the panel of details.
pub(super) fn write(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>]) {
    controls(html, net, items);
    html.open("div", &[("class", "beside")]);
    html.open("div", &[("class", "scroll")]);
    grid(html, net, items);
    html.close();
    html.open("aside", &[("class", "details needs-js"), ("aria-live", "polite"), ("aria-label", "details")]).close();
    html.close().line();
}

fn controls(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>]) {
    let button = |html: &mut Html, does: &str, text: &str, pressed: bool| {
        let state = if pressed { [("aria-pressed", "false")].as_slice() } else { &[] };
        let fixed = [("type", "button"), ("data-do", does)];
        html.leaf("button", &[&fixed[..], state].concat(), text);
    };
    html.open("div", &[("class", "controls")]).open("div", &[("class", "buttons needs-js")]);
    button(html, "open", "open all", false);
    button(html, "close", "close all", false);
    button(html, "flat", "flat list", true);
    button(html, "free", "layers without cost", true);
    html.close();
    let totals = &net.analysis.totals;
    let layers = items.iter().filter(|item| !item.is_parent && !item.is_free()).count();
    let (madds, params) = (units::si(totals.madds.into()), units::si(totals.params.into()));
    let share = if totals.madds == 0 { "0" } else { "100.0" };
    let plural = if layers == 1 { "layer" } else { "layers" };
    let count = format!("{layers} {plural}: {} multiply-adds ({share}\u{202F}%), {} parameters", spaced(&madds), spaced(&params));
    html.leaf("p", &[("class", "count"), ("role", "status")], &count);
    html.close().line();
}

fn grid(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>]) {
    let totals = &net.analysis.totals;
    let (madds_unit, madds_prefix) = unit_for(totals.madds.into());
    let (params_unit, params_prefix) = unit_for(totals.params.min(9_999_999).into());
    let (live_unit, live_name) = bytes_unit(net.analysis.memory.peak_bytes);
    let in_unit = |name: &str, unit: &str| if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") };
    let columns = [
        Column { key: "name", title: "layer".to_owned(), class: "name" },
        Column { key: "operation", title: "operation".to_owned(), class: "operation wide" },
        Column { key: "output", title: "output".to_owned(), class: "wide" },
        Column { key: "madds", title: in_unit("madds", madds_prefix), class: "" },
        Column { key: "share", title: "share".to_owned(), class: "" },
        Column { key: "bar", title: String::new(), class: "bar" },
        Column { key: "params", title: in_unit("params", params_prefix), class: "wide" },
        Column { key: "live", title: in_unit("live", live_name), class: "wide" },
        Column { key: "field", title: "field, px".to_owned(), class: "wide" },
    ];
    let name = format!("layers of {}", net.analysis.name);
    html.open("table", &[("role", "treegrid"), ("aria-label", &name)]);
    html.open("thead", &[]).open("tr", &[("role", "row")]);
    for Column { key, title, class } in &columns {
        html.open(
            "th",
            &[("role", "columnheader"), ("scope", "col"), ("class", class), ("aria-sort", "none"), ("data-key", key)],
        );
        match *key {
            "bar" => html.leaf("span", &[("class", "hidden")], "share as a bar"),
            "output" => html.text(title),
            _ => html.leaf("button", &[("type", "button")], title),
        };
        html.close();
    }
    html.close().close().line().open("tbody", &[]).line();
    let most = items.iter().skip(1).map(|item| item.madds).max().unwrap_or(0);
    for (at, item) in items.iter().enumerate() {
        let class = match (item.is_shown, item.is_free()) {
            (_, true) => "free",
            (false, false) => "closed",
            (true, false) => "",
        };
        let (level, at) = (item.depth.to_string(), at.to_string());
        let mut attributes =
            vec![("role", "row"), ("aria-level", &*level), ("data-at", &*at), ("tabindex", if at == "0" { "0" } else { "-1" })];
        let words = match item.level {
            Level::Network | Level::Stage => format!("{class} group"),
            Level::Module | Level::Branch | Level::Layer => class.to_owned(),
        };
        if !words.trim().is_empty() {
            attributes.push(("class", words.trim()));
        }
        if item.is_parent {
            attributes.push(("aria-expanded", if item.is_open { "true" } else { "false" }));
        }
        html.open("tr", &attributes);
        name_cell(html, item);
        let cell = |html: &mut Html, class: &str, text: &str| {
            let class = if class.is_empty() { vec![("role", "gridcell")] } else { vec![("role", "gridcell"), ("class", class)] };
            html.leaf("td", &class, text);
        };
        cell(html, "operation wide", &item.operation);
        cell(html, "wide", &data::shape(item.output));
        cell(html, "", &fixed(item.madds, madds_unit, u32::from(madds_unit > 1)));
        cell(html, "", &share(item.madds, totals.madds));
        html.open("td", &[("role", "gridcell"), ("class", "bar")]);
        if item.level != Level::Network {
            stack(html, item, most);
        }
        html.close();
        cell(html, "wide", &fixed(item.params, params_unit, u32::from(params_unit > 1)));
        cell(html, "wide", &fixed(item.live_bytes, live_unit, 2));
        cell(html, "wide", &if item.level == Level::Network { String::new() } else { data::field(&item.field) });
        html.close().line();
    }
    html.close().close();
}

fn name_cell(html: &mut Html, item: &Item<'_>) {
    let depth = format!("--depth:{}", item.depth - 1);
    html.open("td", &[("role", "gridcell"), ("class", "name"), ("style", &depth)]);
    html.leaf("span", &[("class", "fold"), ("aria-hidden", "true")], "");
    // A module of several branches has no colour of its own.
    if let Some(kind) = item.kind.filter(|_| item.level == Level::Branch || item.parts.len() < 2) {
        html.leaf("i", &[("class", &format!("swatch {}", paint::class(kind)))], "");
    }
    html.leaf("span", &[], item.name).close();
}

/// The bar of a row, of the length of its share of the largest row.
fn stack(html: &mut Html, item: &Item<'_>, most: u64) {
    for &(kind, madds) in &item.parts {
        html.leaf("i", &[("class", &paint::class(kind)), ("style", &format!("--w:{}", percent(madds, most)))], "");
    }
}

pub(super) fn fixed(number: u64, unit: u128, decimals: u32) -> String {
    if number == 0 { "0".to_owned() } else { spaced(&units::fixed(number.into(), unit, decimals)) }
}

pub(super) fn share(part: u64, whole: u64) -> String {
    format!("{}\u{202F}%", units::share(part.into(), whole.into()))
}

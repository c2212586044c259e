//! The table of one network: a tree grid, one row a layer, that can be read as it is written and sorted, filtered and folded by the
//! script.

use crate::analyze::Level;
use crate::base::units;
use crate::report::page::budget::percent;
use crate::report::page::data;
use crate::report::page::grid;
use crate::report::page::grid::Column;
use crate::report::page::grid::Line;
use crate::report::page::grid::cell;
use crate::report::page::html::Html;
use crate::report::page::items::Item;
use crate::report::page::network::PageNetwork;
use crate::report::page::paint;
use crate::report::picture::spaced;
use crate::report::summary::bytes_unit;
use crate::report::table::unit_for;

/// Writes the table with its controls and the panel of details.
pub(super) fn write(html: &mut Html, net: &PageNetwork<'_>, items: &[Item<'_>]) {
    let totals = &net.analysis.totals;
    let layers = items.iter().filter(|item| !item.is_parent && !item.is_free()).count();
    let (madds, params) = (units::si(totals.madds.into()), units::si(totals.params.into()));
    let share = if totals.madds == 0 { "0" } else { "100.0" };
    let plural = if layers == 1 { "layer" } else { "layers" };
    let count = format!("{layers} {plural}: {} multiply-adds ({share}\u{202F}%), {} parameters", spaced(&madds), spaced(&params));
    grid::controls(html, "layers without cost", &count);
    let units = Units {
        madds: unit_for(totals.madds.into()),
        params: unit_for(totals.params.min(9_999_999).into()),
        live: bytes_unit(net.analysis.memory.peak_bytes),
    };
    let columns = [
        Column::new("name", "layer", "name"),
        Column::new("operation", "operation", "operation wide"),
        Column::new("", "output", "wide"),
        Column::of("madds", "madds", units.madds.1, ""),
        Column::new("share", "share", ""),
        Column::new("", "", "bar"),
        Column::of("params", "params", units.params.1, "wide"),
        Column::of("live", "live", units.live.1, "wide"),
        Column::of("field", "field", "px", "wide"),
    ];
    grid::beside(html, &format!("layers of {}", net.analysis.name), &columns, |html| {
        let most = items.iter().skip(1).map(|item| item.madds).max().unwrap_or(0);
        for (at, item) in items.iter().enumerate() {
            grid::begin(html, &line(at, item));
            numbers(html, net, item, &units, most);
            html.close().line();
        }
    });
}

struct Units {
    madds: (u128, &'static str),
    params: (u128, &'static str),
    live: (u128, &'static str),
}

fn line<'a>(at: usize, item: &'a Item<'_>) -> Line<'a> {
    let state = match (item.is_shown, item.is_free()) {
        (_, true) => "free",
        (false, false) => "closed",
        (true, false) => "",
    };
    let is_group = matches!(item.level, Level::Network | Level::Stage);
    // A module of several branches has no colour of its own.
    let kind = item.kind.filter(|_| item.level == Level::Branch || item.parts.len() < 2);
    Line {
        at,
        depth: item.depth,
        name: item.name,
        swatch: kind.map(paint::class),
        is_open: item.is_parent.then_some(item.is_open),
        class: format!("{state}{}", if is_group { " group" } else { "" }),
    }
}

fn numbers(html: &mut Html, net: &PageNetwork<'_>, item: &Item<'_>, units: &Units, most: u64) {
    let is_network = item.level == Level::Network;
    cell(html, "operation wide", &item.operation);
    cell(html, "wide", &data::shape(item.output));
    cell(html, "", &fixed(item.madds, units.madds.0, u32::from(units.madds.0 > 1)));
    cell(html, "", &share(item.madds, net.analysis.totals.madds));
    html.open("td", &[("class", "bar")]);
    // As long as its share of the largest row, stacked by branch.
    for &(kind, madds) in item.parts.iter().filter(|_| !is_network) {
        html.leaf("i", &[("class", &paint::class(kind)), ("style", &format!("--w:{}", percent(madds, most)))], "");
    }
    html.close();
    cell(html, "wide", &fixed(item.params, units.params.0, u32::from(units.params.0 > 1)));
    cell(html, "wide", &fixed(item.live_bytes, units.live.0, 2));
    cell(html, "wide", &if is_network { String::new() } else { data::field(&item.field) });
}

/// A number of a column.
pub(super) fn fixed(number: u64, unit: u128, decimals: u32) -> String {
    if number == 0 { "0".to_owned() } else { spaced(&units::fixed(number.into(), unit, decimals)) }
}

fn share(part: u64, whole: u64) -> String {
    format!("{}\u{202F}%", units::share(part.into(), whole.into()))
}

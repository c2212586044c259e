//! The table of two networks: their layers aligned, both counts in one row and the difference between them.

use crate::analyze::Against;
use crate::analyze::Change;
use crate::analyze::ComparedRow;
use crate::analyze::Difference;
use crate::analyze::Fate;
use crate::analyze::Level;
use crate::analyze::Measures;
use crate::base::units;
use crate::report::page::budget::percent;
use crate::report::page::data;
use crate::report::page::grid;
use crate::report::page::grid::Column;
use crate::report::page::grid::Line;
use crate::report::page::grid::cell;
use crate::report::page::html::Html;
use crate::report::page::network::PageNetwork;
use crate::report::page::table::fixed;
use crate::report::picture::spaced;
use crate::report::place;
use crate::report::summary::bytes_unit;
use crate::report::table::unit_for;

/// What selects the group of heads for training.
const HEADS: &str = "@heads for training";

/// A row of one, the other, or both.
pub(super) struct Pair<'a> {
    pub(super) difference: &'a Difference,
    /// What selects it in each network.
    pub(super) places: [Option<String>; 2],
    pub(super) parent: Option<usize>,
    pub(super) depth: usize,
}

impl Pair<'_> {
    /// What selects it here: its place in the second network, else in the first, which only that has.
    pub(super) fn path(&self) -> String {
        match &self.places {
            [_, Some(other)] => other.clone(),
            [Some(base), None] => format!("-{base}"),
            [None, None] => "@".to_owned(),
        }
    }

    /// Its name; both where it was renamed.
    pub(super) fn name(&self) -> String {
        match (&self.difference.base, &self.difference.other) {
            _ if self.difference.level == Level::Network => "network".to_owned(),
            (Some(base), Some(other)) if base.name != other.name => format!("{} → {}", base.name, other.name),
            (_, Some(row)) | (Some(row), None) => row.name.clone(),
            (None, None) => String::new(),
        }
    }

    pub(super) fn is_equal(&self) -> bool {
        self.difference.fate == Fate::Equal
    }
}

/// All rows, the networks themselves first.
pub(super) fn pairs<'a>(whole: &'a Difference, networks: [&PageNetwork<'_>; 2]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    add(whole, networks, None, &mut pairs);
    pairs
}

fn add<'a>(difference: &'a Difference, networks: [&PageNetwork<'_>; 2], parent: Option<usize>, pairs: &mut Vec<Pair<'a>>) {
    let at = pairs.len();
    let place = |side: &Option<ComparedRow>, net: &PageNetwork<'_>| {
        let path = side.as_ref().map(|row| row.path.clone()).filter(|_| difference.level != Level::Network)?;
        // The layer that a branch ends with bears the branch's path.
        let row = net.analysis.tree.find(&path).filter(|row| difference.level == Level::Layer && !row.children.is_empty());
        Some(row.map_or(path, place::of_end))
    };
    let mut places = [place(&difference.base, networks[0]), place(&difference.other, networks[1])];
    if difference.level == Level::Network {
        places = [Some("@".to_owned()), Some("@".to_owned())];
    }
    let depth = parent.map_or(1, |parent: usize| pairs[parent].depth + 1);
    pairs.push(Pair { difference, places, parent, depth });
    for child in &difference.children {
        add(child, networks, Some(at), pairs);
    }
}

/// The comparison as one row with all others inside.
pub(super) fn whole(against: &Against, networks: [&PageNetwork<'_>; 2]) -> Difference {
    let [base, other] = networks.map(|net| {
        let tree = &net.analysis.tree;
        let measures = Measures {
            madds: tree.madds,
            params: tree.params,
            live_bytes: net.analysis.memory.peak_bytes,
            receptive_field: tree.receptive_field.size,
        };
        ComparedRow { path: String::new(), name: net.analysis.name.clone(), output: tree.output, measures }
    });
    let mut children = against.rows.clone();
    if !against.heads.is_empty() {
        children.push(heads(&against.heads));
    }
    let is_equal = children.iter().all(|row| row.fate == Fate::Equal);
    Difference {
        fate: if is_equal { Fate::Equal } else { Fate::Changed },
        level: Level::Network,
        base: Some(base),
        other: Some(other),
        difference: against.difference,
        children,
    }
}

/// The layers of heads for training in a group of their own, which is in no sum.
fn heads(rows: &[Difference]) -> Difference {
    let is_equal = rows.iter().all(|row| row.fate == Fate::Equal);
    let measures = Measures { madds: 0, params: 0, live_bytes: 0, receptive_field: [0; 2] };
    let name = "heads for training, in no sum".to_owned();
    let group = ComparedRow { path: HEADS.to_owned(), name, output: [0; 3], measures };
    Difference {
        fate: if is_equal { Fate::Equal } else { Fate::Changed },
        level: Level::Stage,
        base: Some(group.clone()),
        other: Some(group),
        difference: Change::default(),
        children: rows.to_vec(),
    }
}

/// A difference in a unit, signed.
pub(super) fn signed(number: i128, unit: u128, decimals: u32) -> String {
    let digits = spaced(&units::fixed(number.unsigned_abs(), unit, decimals));
    match number {
        0 => "0".to_owned(),
        1.. => format!("+{digits}"),
        _ => format!("\u{2212}{digits}"),
    }
}

/// Writes the table with its controls and the panel of details.
pub(super) fn write(html: &mut Html, networks: [&PageNetwork<'_>; 2], pairs: &[Pair<'_>]) {
    let [base, other] = networks;
    let leaves = || pairs.iter().filter(|pair| pair.difference.children.is_empty());
    let differing = leaves().filter(|pair| !pair.is_equal()).count();
    let madds = pairs.first().map_or(0, |pair| pair.difference.difference.madds);
    let total = signed_si(madds);
    let layers = leaves().count();
    grid::controls(html, "equal layers too", &format!("{differing} of {layers} layers differ: {total} multiply-adds"));
    let most = base.analysis.totals.madds.max(other.analysis.totals.madds);
    let (madds_unit, madds_prefix) = unit_for(most.into());
    let params = base.analysis.totals.params.max(other.analysis.totals.params);
    let (params_unit, params_prefix) = unit_for(params.min(9_999_999).into());
    let (live_unit, live_name) = bytes_unit(base.analysis.memory.peak_bytes.max(other.analysis.memory.peak_bytes));
    let columns = [
        Column::new("name", "layer", "name"),
        Column::new("operation", "state", "operation wide"),
        Column::of("base", &base.analysis.name, madds_prefix, "wide net"),
        Column::of("other", &other.analysis.name, madds_prefix, "wide net"),
        Column::of("madds", "± madds", madds_prefix, ""),
        Column::new("", "", "bar"),
        Column::of("params", "± params", params_prefix, ""),
        Column::of("live", "± live", live_name, "wide"),
        Column::of("field", "± field", "px", "wide"),
    ];
    let label = format!("differences of {} and {}", base.analysis.name, other.analysis.name);
    let largest = pairs.iter().skip(1).map(|pair| pair.difference.difference.madds.unsigned_abs()).max().unwrap_or(0);
    let decimals = |unit: u128| u32::from(unit > 1);
    grid::beside(html, &label, &columns, |html| {
        for (at, pair) in pairs.iter().enumerate() {
            let name = pair.name();
            grid::begin(html, &line(at, pair, &name));
            let Difference { fate, base, other, difference, .. } = pair.difference;
            let count = |side: &Option<ComparedRow>| {
                side.as_ref().map_or_else(String::new, |row| fixed(row.measures.madds, madds_unit, decimals(madds_unit)))
            };
            cell(html, "operation wide", fate.word());
            cell(html, "wide", &count(base));
            cell(html, "wide", &count(other));
            cell(html, "", &signed(difference.madds, madds_unit, decimals(madds_unit)));
            html.open("td", &[("class", "bar")]);
            if difference.madds != 0 && at > 0 {
                let class = if difference.madds > 0 { "more" } else { "less" };
                let width = percent(difference.madds.unsigned_abs() as u64, largest as u64);
                html.leaf("i", &[("class", class), ("style", &format!("--w:{width}"))], "");
            }
            html.close();
            cell(html, "", &signed(difference.params, params_unit, decimals(params_unit)));
            cell(html, "wide", &signed(difference.live_bytes, live_unit, 2));
            cell(html, "wide", &signed(difference.receptive_field[1], 1, 0));
            html.close().line();
        }
    });
}

fn line<'a>(at: usize, pair: &Pair<'_>, name: &'a str) -> Line<'a> {
    let is_parent = !pair.difference.children.is_empty();
    let state = if pair.is_equal() && at > 0 { "free" } else { "" };
    let group = if pair.difference.level == Level::Network { " group" } else { "" };
    Line {
        at,
        depth: pair.depth,
        name,
        swatch: None,
        is_open: is_parent.then_some(!pair.is_equal() || at == 0),
        class: format!("{state}{group} {}", mark(pair.difference.fate)),
    }
}

fn mark(fate: Fate) -> &'static str {
    match fate {
        Fate::Inserted => "inserted",
        Fate::Removed => "removed",
        Fate::Equal | Fate::Renamed | Fate::Shifted | Fate::Rewired | Fate::Changed => "",
    }
}

/// A difference with four digits, signed.
pub(super) fn signed_si(number: i128) -> String {
    spaced(&units::signed_si(number)).replace('-', "\u{2212}")
}

/// The data of the table.
pub(super) fn data(networks: [&PageNetwork<'_>; 2], pairs: &[Pair<'_>]) -> data::Network {
    let line = |pair: &Pair<'_>| {
        let difference = &pair.difference.difference;
        let output = pair.difference.other.as_ref().or(pair.difference.base.as_ref()).map(|row| data::shape(row.output));
        let side = |row: &Option<ComparedRow>| row.as_ref().map_or(0, |row| row.measures.madds).to_string();
        data::Line {
            path: pair.path(),
            name: pair.name(),
            level: pair.difference.level,
            parent: pair.parent,
            operation: pair.difference.fate.word().to_owned(),
            output: output.unwrap_or_default(),
            madds: difference.madds.to_string(),
            params: difference.params.to_string(),
            live_bytes: difference.live_bytes.to_string(),
            field: difference.receptive_field[1].to_string(),
            class: String::new(),
            places: Some(pair.places.clone()),
            sides: Some([side(&pair.difference.base), side(&pair.difference.other)]),
            more: Vec::new(),
            nodes: Vec::new(),
        }
    };
    data::Network::of_differences(networks.map(|net| net.analysis), pairs.iter().map(line).collect())
}

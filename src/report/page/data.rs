//! What the page's script reads: every row with its exact numbers and the formulas behind them. Numbers are texts, for those of
//! JavaScript are exact only up to 2^53.

use serde::Serialize;

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::explain_node;
use crate::base::Shape;
use crate::base::units;
use crate::graph::NodeIndex;
use crate::graph::ReceptiveField;
use crate::op::Figure;
use crate::op::Role;
use crate::op::Written;
use crate::report::page::items::Item;
use crate::report::page::network::PageNetwork;
use crate::report::page::paint;
use crate::report::picture::spaced;

/// One network.
#[derive(Serialize)]
pub(super) struct Network {
    name: String,
    spec: String,
    sha256: String,
    batch: u32,
    madds: String,
    params: String,
    /// What the table shows: layers, or differences between the first two networks.
    kind: &'static str,
    rows: Vec<Line>,
}

/// One row.
#[derive(Serialize)]
pub(super) struct Line {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<usize>,
    pub(super) operation: String,
    pub(super) output: String,
    pub(super) madds: String,
    pub(super) params: String,
    pub(super) live_bytes: String,
    pub(super) field: String,
    /// The class that it is filled with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) class: String,
    /// In a table of differences, what selects it in either network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) places: Option<[Option<String>; 2]>,
    /// In one, the multiply-adds of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sides: Option<[String; 2]>,
    /// More facts, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) more: Vec<[String; 2]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) nodes: Vec<Node>,
}

/// One node with the formula behind each of its numbers.
#[derive(Serialize)]
pub(super) struct Node {
    path: String,
    operator: String,
    /// What is counted, in names, in numbers, and how much that is.
    formulas: Vec<[String; 4]>,
}

impl Network {
    /// What differs between two networks.
    pub(super) fn of_differences([base, other]: [&Analysis; 2], rows: Vec<Line>) -> Network {
        let less = |other: u64, base: u64| (i128::from(other) - i128::from(base)).to_string();
        Network {
            name: format!("{} → {}", base.name, other.name),
            spec: String::new(),
            sha256: String::new(),
            batch: base.batch,
            madds: less(other.totals.madds, base.totals.madds),
            params: less(other.totals.params, base.totals.params),
            kind: "differences",
            rows,
        }
    }
}

/// The data of one network.
pub(super) fn network(net: &PageNetwork<'_>, items: &[Item<'_>]) -> Network {
    let totals = &net.analysis.totals;
    Network {
        name: net.analysis.name.clone(),
        spec: net.source.to_owned(),
        sha256: net.digest.to_string(),
        batch: net.analysis.batch,
        madds: totals.madds.to_string(),
        params: totals.params.to_string(),
        kind: "layers",
        rows: items.iter().map(|item| line(net, item)).collect(),
    }
}

fn line(net: &PageNetwork<'_>, item: &Item<'_>) -> Line {
    Line {
        path: item.path.clone(),
        name: item.name.to_owned(),
        level: item.level,
        parent: item.parent,
        operation: item.operation.clone(),
        output: shape(item.output),
        madds: item.madds.to_string(),
        params: item.params.to_string(),
        live_bytes: item.live_bytes.to_string(),
        field: field(&item.field),
        class: item.kind.map(paint::class).unwrap_or_default(),
        places: None,
        sides: None,
        more: if item.is_parent { Vec::new() } else { marginal(net, item) },
        nodes: item.nodes.iter().map(|node| self::node(net, node.index)).collect(),
    }
}

/// What one filter more of a layer costs.
fn marginal(net: &PageNetwork<'_>, item: &Item<'_>) -> Vec<[String; 2]> {
    let layer = item.path.split(':').next().unwrap_or_default();
    let Some(knob) = net.marginals.find(layer).filter(|_| item.madds > 0) else { return Vec::new() };
    let fact = |what: String, says: String| [what, says];
    let what = if knob.step == 1 { "one more filter".to_owned() } else { format!("{} more filters", knob.step) };
    let of = for_one(net);
    let mut facts = vec![
        fact(what, format!("+{}{of}", spaced(&units::grouped(knob.madds.into())))),
        fact("elasticity".to_owned(), knob.elasticity_madds.fixed(3)),
    ];
    let tied = knob.layers.len() - 1;
    if tied > 0 {
        facts.push(fact("widths tied to it".to_owned(), tied.to_string()));
    }
    for (limit, headroom) in net.marginals.limits.iter().zip(&knob.headroom) {
        let (Some(filters), Some(to)) = (headroom.filters, headroom.to) else { continue };
        let sign = if filters < 0 { "\u{2212}" } else { "+" };
        facts.push(fact(format!("to the {} budget", limit.quantity), format!("{sign}{} filters: {to}", filters.unsigned_abs())));
    }
    facts
}

/// What is said behind a number of multiply-adds that is for one image where those beside it are for a batch.
fn for_one(net: &PageNetwork<'_>) -> &'static str {
    if net.analysis.batch > 1 { " an image" } else { "" }
}

fn node(net: &PageNetwork<'_>, node: NodeIndex) -> Node {
    let explained = explain_node(net.graph, node);
    let word = |figure: Figure| match figure {
        Figure::Params => figure.word().to_owned(),
        _ => figure.word().to_owned() + for_one(net),
    };
    let formulas = explained.numbers.into_iter();
    Node {
        path: explained.path,
        operator: operator(explained.role, &explained.written),
        formulas: formulas
            .map(|(formula, number)| [word(formula.figure), formula.names, formula.numbers, number.to_string()])
            .collect(),
    }
}

/// An operator as a spec writes it: `conv: 192, kernel: [3, 3]`.
fn operator(role: Role, written: &Written) -> String {
    let head = match role {
        Role::Kind if written.main.is_empty() => written.word.to_owned(),
        Role::Kind => format!("{}: {}", written.word, written.main),
        Role::Norm => format!("norm: {}", written.word),
        Role::Act => format!("act: {}", written.word),
    };
    written.settings.iter().fold(head, |text, (name, value)| format!("{text}, {name}: {value}"))
}

/// `192×28×28`; channels alone on a grid of one position.
pub(super) fn shape([c, h, w]: [u32; 3]) -> String {
    Shape::new(c, h, w).to_string().replace('x', "×")
}

/// How many pixels a position sees, from the path that sees least to the one that sees most: `59–91`.
pub(super) fn field(field: &ReceptiveField) -> String {
    let sides = |[height, width]: [u64; 2]| if height == width { height.to_string() } else { format!("{height}×{width}") };
    let (least, most) = (sides(field.smallest), sides(field.size));
    if least == most { most } else { format!("{least}–{most}") }
}

/// The data as JSON that no reader of HTML takes for markup.
pub(super) fn json(networks: &[Network]) -> String {
    let text = serde_json::to_string(networks).expect("texts and numbers are JSON");
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            // These stand inside of texts only, where an escape means the same.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(char))),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_end_the_script() {
        let row = |name: &str| Network {
            name: name.to_owned(),
            spec: String::new(),
            sha256: String::new(),
            batch: 1,
            madds: String::new(),
            params: String::new(),
            kind: "layers",
            rows: Vec::new(),
        };
        let name = "</script><!--&\u{2028}";
        let text = json(&[row(name)]);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
        assert_eq!(read[0]["name"], name);
    }
}

//! Networks, or parts of one, against the first of them, as plain data: what was inserted, removed, renamed and changed, and what that
//! costs. Its JSON is `nas.compare/1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Analysis;
use crate::analyze::InputShape;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::analyze::likeness::Part;
use crate::analyze::pairing::Pairing;
use crate::analyze::pairing::paired;
use crate::analyze::results;
use crate::analyze::wiring::Wiring;
use crate::base::Quantity;
use crate::graph::Graph;

/// The name of the JSON's form; within `/1` keys are only added.
pub const COMPARISON_SCHEMA: &str = "nas.compare/1";

/// A network, or a part of one, that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    name: &'a str,
    graph: &'a Graph,
    analysis: &'a Analysis,
    row: &'a Row,
}

impl<'a> Subject<'a> {
    /// A whole network; `name` is what the comparison calls it.
    pub fn network(name: &'a str, graph: &'a Graph, analysis: &'a Analysis) -> Subject<'a> {
        Subject { name, graph, analysis, row: &analysis.tree }
    }

    /// The layer or module with this path; nothing if inference has none.
    pub fn part(path: &'a str, graph: &'a Graph, analysis: &'a Analysis) -> Option<Subject<'a>> {
        analysis.tree.find(path).map(|row| Subject { name: path, graph, analysis, row })
    }

    fn is_network(&self) -> bool {
        self.row.level == Level::Network
    }

    /// What it is made of; stages only group a network's layers.
    fn parts(&self) -> Vec<Part<'a>> {
        if self.is_network() {
            let layers = top_layers(self.row);
            layers.into_iter().map(|row| Part::of(row, self.graph)).collect()
        } else {
            let whole = Part::of(self.row, self.graph);
            if whole.parts.is_empty() { vec![whole] } else { whole.parts }
        }
    }

    fn heads(&self) -> Vec<Part<'a>> {
        let layers = self.analysis.heads.iter().filter(|_| self.is_network()).flat_map(|head| &head.layers);
        layers.map(|row| Part::of(row, self.graph)).collect()
    }

    fn measures(&self) -> Measures {
        let live_bytes = if self.is_network() { self.analysis.memory.peak_bytes } else { self.row.live_bytes };
        let Row { madds, params, receptive_field, .. } = self.row;
        Measures { madds: *madds, params: *params, live_bytes, receptive_field: receptive_field.size }
    }

    fn compared(&self) -> ComparedNet {
        let inputs = if self.is_network() { self.analysis.inputs.clone() } else { Vec::new() };
        ComparedNet { name: self.name.to_owned(), inputs, measures: self.measures() }
    }
}

fn top_layers(row: &Row) -> Vec<&Row> {
    let inside = |child| if matches!(row.level, Level::Network | Level::Stage) { top_layers(child) } else { vec![child] };
    if matches!(row.level, Level::Network | Level::Stage) { row.children.iter().flat_map(inside).collect() } else { vec![row] }
}

/// Several networks, or parts of one, against the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// [`COMPARISON_SCHEMA`].
    #[schemars(extend("const" = COMPARISON_SCHEMA))]
    pub schema: &'static str,
    /// The first.
    pub base: ComparedNet,
    /// Each of the others against it.
    pub others: Vec<Against>,
}

/// What is compared, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedNet {
    /// What it was named, or its path.
    pub name: String,
    /// A network's inputs; none of a part of one.
    pub inputs: Vec<InputShape>,
    /// Its sums.
    #[serde(flatten)]
    pub measures: Measures,
}

/// What is compared of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Measures {
    /// Multiply-adds of inference for one image.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
    /// The most bytes of activations live while it runs, in `f32`.
    pub live_bytes: u64,
    /// Height and width that one position of its output sees of the network's input.
    pub receptive_field: [u64; 2],
}

/// One against the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Against {
    /// The other one.
    #[serde(flatten)]
    pub other: ComparedNet,
    /// What the figures do not say, such as inputs that differ.
    pub remarks: Vec<String>,
    /// Its sums less those of the first.
    pub difference: Change,
    /// The layers, aligned.
    pub rows: Vec<Difference>,
    /// The layers of heads for training, aligned; they are in no sum.
    pub heads: Vec<Difference>,
}

/// How measures changed: the other's less the first's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Multiply-adds.
    pub madds: i128,
    /// Learned numbers.
    pub params: i128,
    /// Bytes live.
    pub live_bytes: i128,
    /// Height and width seen.
    pub receptive_field: [i128; 2],
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// The same operators with the same measures, the same sources and the same names.
    Equal,
    /// The same but for names.
    Renamed,
    /// The same operators with the same costs; only what they see of the network's input differs.
    Shifted,
    /// The same operators with the same costs; it, or something in it, reads something else. What reads the result of an inserted layer
    /// instead of that of the layer before it does not: that is the insertion's doing.
    Rewired,
    /// Other operators, settings or costs.
    Changed,
    /// Only the other one has it.
    Inserted,
    /// Only the first has it.
    Removed,
}

impl Fate {
    /// Its word, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Equal => "equal",
            Fate::Renamed => "renamed",
            Fate::Shifted => "shifted",
            Fate::Rewired => "rewired",
            Fate::Changed => "changed",
            Fate::Inserted => "inserted",
            Fate::Removed => "removed",
        }
    }
}

/// A row of one, of the other, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What became of it.
    pub fate: Fate,
    /// What it stands for.
    pub level: Level,
    /// The row of the first.
    pub base: Option<ComparedRow>,
    /// The row of the other.
    pub other: Option<ComparedRow>,
    /// The other's measures less the first's; nothing counts as 0.
    pub difference: Change,
    /// What it is made of, aligned; nothing where only one of them has it.
    pub children: Vec<Difference>,
}

/// One side of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedRow {
    /// Its path.
    pub path: String,
    /// Its own name.
    pub name: String,
    /// `[channels, height, width]` of what it gives.
    pub output: [u32; 3],
    /// Its sums.
    #[serde(flatten)]
    pub measures: Measures,
}

impl ComparedRow {
    fn of(part: &Part<'_>) -> ComparedRow {
        let Row { path, name, output, madds, params, live_bytes, receptive_field, .. } = part.row;
        let whole = (*output, *madds, *params, *live_bytes, *receptive_field);
        let (output, madds, params, live_bytes, field) =
            part.end.map_or(whole, |end| (end.output, end.madds, end.params, end.live_bytes, end.receptive_field));
        let measures = Measures { madds, params, live_bytes, receptive_field: field.size };
        ComparedRow { path: path.clone(), name: name.clone(), output, measures }
    }
}

impl Change {
    /// From nothing or something to something or nothing.
    fn between(base: Option<Measures>, other: Option<Measures>) -> Change {
        let less = |field: fn(&Measures) -> u64| {
            let [base, other] = [&base, &other].map(|side| side.as_ref().map_or(0, |side| i128::from(field(side))));
            other - base
        };
        Change {
            madds: less(|measures| measures.madds),
            params: less(|measures| measures.params),
            live_bytes: less(|measures| measures.live_bytes),
            receptive_field: [less(|measures| measures.receptive_field[0]), less(|measures| measures.receptive_field[1])],
        }
    }
}

impl Change {
    /// Whether all costs are as they were.
    fn is_free(&self) -> bool {
        Change { receptive_field: [0; 2], ..*self } == Change::default()
    }
}

impl Measures {
    /// What a budget can limit.
    pub fn quantity(&self, quantity: Quantity) -> u64 {
        match quantity {
            Quantity::Madds => self.madds,
            Quantity::Params => self.params,
            Quantity::Memory => self.live_bytes,
        }
    }
}

impl Comparison {
    /// Without the rows that are equal.
    #[must_use]
    pub fn differing(mut self) -> Comparison {
        for against in &mut self.others {
            drop_equal(&mut against.rows);
            drop_equal(&mut against.heads);
        }
        self
    }
}

fn drop_equal(rows: &mut Vec<Difference>) {
    rows.retain(|row| row.fate != Fate::Equal);
    for row in rows {
        drop_equal(&mut row.children);
    }
}

/// Compares each of the others with the first. At every level rows are sequences and aligned as such: a row that was inserted moves
/// nothing, a row that was renamed is found by its operators.
///
/// ```
/// use nas::analyze::{Fate, Options, Subject, analyze, compare};
/// use nas::base::Shape;
/// use nas::graph::{Graph, GraphBuilder};
/// use nas::op::Conv;
///
/// /// Convolutions of these kernels, called `a`, `b`, ...
/// fn net(kernels: &[u32]) -> Graph {
///     let mut net = GraphBuilder::new("net");
///     let image = net.input("image", Shape::new(8, 4, 4));
///     let layers = ["a", "b", "c"].into_iter().zip(kernels);
///     let last = layers.fold(image, |from, (name, kernel)| net.layer(name, [Conv::new(8, *kernel).into()], &[from]));
///     net.output("main", last);
///     net.finish().unwrap()
/// }
///
/// let [before, after] = [net(&[1, 5]), net(&[1, 3, 5])];
/// let [old, new] = [&before, &after].map(|graph| analyze(graph, &Options::default()));
/// let subjects = [Subject::network("before", &before, &old), Subject::network("after", &after, &new)];
/// let comparison = compare(&subjects[0], &subjects[1..]).differing();
/// let rows = &comparison.others[0].rows;
/// assert_eq!((rows[0].fate, rows[0].difference.madds), (Fate::Inserted, 8 * 8 * 9 * 16));
/// // The 5x5 behind it is the same layer under another name; it sees two pixels more.
/// assert_eq!(rows[1].base.as_ref().map(|row| &*row.name), Some("b"));
/// assert_eq!((rows[1].difference.madds, rows[1].difference.receptive_field), (0, [2, 2]));
/// ```
pub fn compare(base: &Subject<'_>, others: &[Subject<'_>]) -> Comparison {
    let (parts, heads) = (base.parts(), base.heads());
    let against = |other: &Subject<'_>| {
        let (others, other_heads) = (other.parts(), other.heads());
        let (rows, heads) = (paired(&parts, &others), paired(&heads, &other_heads));
        let are_networks = base.is_network() && other.is_network();
        let wiring = Wiring::new([base.graph, other.graph], rows.iter().chain(&heads), are_networks);
        let mut remarks = remarks(base, other);
        if are_networks {
            remarks.extend(results::remarks(&wiring));
        }
        Against {
            other: other.compared(),
            remarks,
            difference: Change::between(Some(base.measures()), Some(other.measures())),
            rows: rows.iter().map(|row| Difference::of(row, &wiring)).collect(),
            heads: heads.iter().map(|row| Difference::of(row, &wiring)).collect(),
        }
    };
    Comparison { schema: COMPARISON_SCHEMA, base: base.compared(), others: others.iter().map(against).collect() }
}

/// What should be known before the figures are read.
fn remarks(base: &Subject<'_>, other: &Subject<'_>) -> Vec<String> {
    let [old, new] = [base, other].map(|subject| &subject.analysis.inputs);
    let shapes = |inputs: &[InputShape]| {
        let shapes: Vec<String> = inputs.iter().map(|input| input.shape.map(|side| side.to_string()).join("x")).collect();
        shapes.join(" and ")
    };
    let differ = old.len() != new.len() || old.iter().zip(new).any(|(a, b)| a.shape != b.shape);
    if differ {
        vec![format!("the inputs differ: {} here, {} there; each is counted on its own", shapes(old), shapes(new))]
    } else {
        Vec::new()
    }
}

impl Difference {
    fn of(pairing: &Pairing<'_, '_>, wiring: &Wiring<'_>) -> Difference {
        let children: Vec<Difference> = pairing.children.iter().map(|child| Difference::of(child, wiring)).collect();
        let [base, other] = [pairing.base, pairing.other].map(|part| part.map(ComparedRow::of));
        let measures = |side: &Option<ComparedRow>| side.as_ref().map(|row| row.measures);
        let difference = Change::between(measures(&base), measures(&other));
        let level = pairing.base.or(pairing.other).map_or(Level::Layer, Part::level);
        let (fate, base, other) = match (base, other) {
            (Some(old), Some(new)) => {
                let any = |fates: &[Fate]| children.iter().any(|row| fates.contains(&row.fate));
                let is_same = pairing.has_one_form() && difference.is_free() && old.output == new.output;
                let fate = if !is_same || any(&[Fate::Changed, Fate::Inserted, Fate::Removed]) {
                    Fate::Changed
                } else if !wiring.reads_alike(pairing) || any(&[Fate::Rewired]) {
                    Fate::Rewired
                } else if difference.receptive_field != [0; 2] || any(&[Fate::Shifted]) {
                    Fate::Shifted
                } else if old.name != new.name || any(&[Fate::Renamed]) {
                    Fate::Renamed
                } else {
                    Fate::Equal
                };
                (fate, Some(old), Some(new))
            }
            (base, other) => (if base.is_some() { Fate::Removed } else { Fate::Inserted }, base, other),
        };
        Difference { fate, level, base, other, difference, children }
    }
}

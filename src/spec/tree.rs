//! A spec as read: words resolved, formulas parsed, nothing evaluated. What stands here stands in the text, with its place.

use std::collections::HashSet;

use crate::base::Quantity;
use crate::base::Span;
use crate::expr::Rational;
use crate::op::Entry;
use crate::op::Term;
use crate::spec::Search;
use crate::spec::Train;
use crate::yaml::Key;

/// A whole spec file, `extends` already followed.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The `name` section, or the file's stem.
    pub name: String,
    /// Where the name stands, or the whole text's first byte.
    pub span: Span,
    /// The `doc` section.
    pub doc: Option<String>,
    /// The `input` section.
    pub inputs: Vec<InputPlane>,
    /// The `vars` section.
    pub vars: Vec<(Key, Term)>,
    /// The `defaults` section: settings by kind.
    pub defaults: Vec<(Key, Vec<(Key, Term)>)>,
    /// The `modules` section.
    pub modules: Vec<Module>,
    /// The `net` section.
    pub net: Body,
    /// The `heads` section.
    pub heads: Vec<Head>,
    /// The `budget` section.
    pub budget: Option<Budget>,
    /// The `compare` section: layers whose values are results beside the heads.
    pub compare: Vec<Term>,
    /// The `train` section.
    pub train: Option<Train>,
    /// The `search` section.
    pub search: Option<Search>,
    /// Places whose faults were told while reading. With one of them the spec is walked for further faults but gives no graph.
    pub told: HashSet<Span>,
    /// Nothing can be said of shapes: `defaults` have a fault.
    pub shapeless: bool,
}

/// One input of the network: `NAME: [c, h, w]`.
#[derive(Clone, Debug)]
pub struct InputPlane {
    /// Its name.
    pub key: Key,
    /// Channels, height, width; nothing if they could not be read.
    pub sides: Option<[Term; 3]>,
    /// The list.
    pub span: Span,
}

/// Layers in order (language rule R2).
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The layers; in a list their names are positions from 1.
    pub layers: Vec<Layer>,
}

/// One layer: at most one kind, then `norm`, then `act` (R1).
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its name; empty for the layer that bears the path of what it stands in.
    pub key: Key,
    /// Nothing for the identity, several for a kind that is a decision.
    pub kinds: Vec<KindUse>,
    /// Where the kind is written, all alternatives of it.
    pub kind_span: Span,
    /// Settings of the kind and of its `norm`.
    pub settings: Vec<(Key, Term)>,
    /// `norm`.
    pub norm: Option<Term>,
    /// `act`.
    pub act: Option<Term>,
    /// `from`.
    pub from: Option<Term>,
    /// `repeat`.
    pub repeat: Option<Term>,
    /// `when`.
    pub when: Option<Term>,
    /// `by`.
    pub by: Option<Term>,
    /// Its line has a fault of structure: what it gives is unknown.
    pub broken: bool,
    /// How long its own terms take to evaluate, see [`Term::size`].
    pub size: usize,
}

/// A kind as a layer uses it.
#[derive(Clone, Debug)]
pub struct KindUse {
    /// The word.
    pub word: Key,
    /// What it is.
    pub kind: Kind,
    /// The value of the word's key, read as this kind reads it.
    pub main: Main,
}

/// What a kind's word means.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A built-in operator.
    Op(&'static Entry),
    /// `inception`.
    Inception,
    /// `net`: a module without a name.
    Net,
    /// A module of this file, by its position.
    Module(usize),
}

/// The value of a kind's key.
#[derive(Clone, Debug)]
pub enum Main {
    /// Of an operator; `None` where nothing is written.
    Value(Option<Term>),
    /// Of an operator that joins layers.
    Layers(Vec<Term>),
    /// Of `inception`.
    Inception(Inception),
    /// Of `net`.
    Body(Body),
    /// Of a module: arguments by name; no name is the first one.
    Arguments(Vec<(Option<Key>, Term)>),
}

/// The value of `inception`.
#[derive(Clone, Debug)]
pub enum Inception {
    /// Branches with their layers (R9).
    Branches(Vec<Branch>),
    /// Widths from a total and shares (R13).
    Ratios(Box<Ratios>),
}

/// One branch.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub key: Key,
    /// Its layers; the number forms are written out here, their last layer bears the branch's own path.
    pub body: Body,
    /// How it is written.
    pub form: BranchForm,
}

/// How a branch is written.
#[derive(Clone, Debug)]
pub enum BranchForm {
    /// One width.
    Width,
    /// `[reduce, width, ...]`: the reduction and the width after it.
    Reduced(Box<[Term; 2]>),
    /// `pool: width`, pooled and projected.
    Projected,
    /// `pool: through`, pooled alone.
    Through,
    /// A list of layers.
    Layers,
}

/// The ratio form.
#[derive(Clone, Debug)]
pub struct Ratios {
    /// Output channels of the module.
    pub total: Term,
    /// For each branch its share of `total`, or `rest`.
    pub share: Vec<(Key, Term)>,
    /// The whole `share` map.
    pub share_span: Span,
    /// For some branches the reduction as a share of the branch's width.
    pub reduce: Vec<(Key, Term)>,
    /// All widths are multiples of this.
    pub unit: Option<Term>,
}

/// A module of the file.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name.
    pub key: Key,
    /// Its arguments.
    pub args: Vec<Argument>,
    /// Names of its inputs, `in` alone unless written (R18).
    pub inputs: Vec<Key>,
    /// Its own `defaults`.
    pub defaults: Vec<(Key, Vec<(Key, Term)>)>,
    /// Its layers.
    pub body: Body,
}

/// An argument of a module.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub key: Key,
    /// Its default; `None` is `required`.
    pub default: Option<Term>,
}

/// A head: a layer, its weight in the loss, whether it is left out of inference (R15).
#[derive(Clone, Debug)]
pub struct Head {
    /// The layer.
    pub layer: Layer,
    /// `weight`.
    pub weight: Option<Term>,
    /// `train_only`.
    pub train_only: Option<Term>,
}

/// The `budget` section.
#[derive(Clone, Debug)]
pub struct Budget {
    /// What is limited, in written order.
    pub limits: Vec<Limit>,
}

/// One limit.
#[derive(Clone, Debug)]
pub struct Limit {
    /// `madds`, `params` or `memory`.
    pub quantity: Quantity,
    /// The limit.
    pub most: Rational,
    /// Where the number stands.
    pub span: Span,
}

impl Limit {
    /// The most whole units that keep it; quantities are integers.
    pub fn whole(&self) -> u64 {
        self.most.floor().to_integer().and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX)
    }
}

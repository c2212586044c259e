//! The keys of the language that belong to no operator: sections, settings of every layer and head, of shares, training and search.
//!
//! With the operators' [`crate::op::Manual`]s these tables drive reading, messages, the JSON Schema and the reference.

use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;
use crate::spec::settings::Algorithm;
use crate::spec::settings::Augment;
use crate::spec::settings::Optimizer;
use crate::spec::settings::Schedule;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The language's version, 1.
    Version,
    /// The spec's name.
    Name,
    /// Text for people.
    Doc,
    /// A file to extend.
    Extends,
    /// Shapes by input.
    Inputs,
    /// Values by variable.
    Variables,
    /// Limits by quantity.
    Budget,
    /// Settings by kind.
    Defaults,
    /// Modules by name.
    Modules,
    /// Layers.
    Net,
    /// Layers that are results.
    Heads,
    /// Names of layers.
    Compare,
    /// Settings of [`TRAIN`].
    Train,
    /// Settings of [`SEARCH`].
    Search,
}

/// A section of a spec; [`crate::spec::Page`] has its page.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its key.
    pub name: &'static str,
    /// What it holds.
    pub form: Form,
}

/// The sections, in the order in which a person writes them.
pub const SECTIONS: &[Section] = &[
    Section { name: "nas", form: Form::Version },
    Section { name: "name", form: Form::Name },
    Section { name: "doc", form: Form::Doc },
    Section { name: "extends", form: Form::Extends },
    Section { name: "input", form: Form::Inputs },
    Section { name: "vars", form: Form::Variables },
    Section { name: "budget", form: Form::Budget },
    Section { name: "defaults", form: Form::Defaults },
    Section { name: "modules", form: Form::Modules },
    Section { name: "net", form: Form::Net },
    Section { name: "heads", form: Form::Heads },
    Section { name: "compare", form: Form::Compare },
    Section { name: "train", form: Form::Train },
    Section { name: "search", form: Form::Search },
];

impl Section {
    /// The section with this name.
    pub fn find(name: &str) -> Option<&'static Section> {
        SECTIONS.iter().find(|section| section.name == name)
    }
}

/// Settings of every layer.
pub const OF_LAYERS: &[Setting] = &[
    Setting { name: "from", takes: Takes::Layer, default: "-", doc: "what it reads; the layer above unless written" },
    Setting { name: "repeat", takes: Takes::Natural, default: "1", doc: "copies, each reading the one before" },
    Setting { name: "when", takes: Takes::Truth, default: "true", doc: "whether the layer is there" },
    Setting { name: "by", takes: Takes::Variable, default: "-", doc: "the variable that chooses among kinds `a | b`" },
];

/// Settings of layers that make nodes of their own: operators, and layers without a kind.
pub const OF_NODES: &[Setting] = &[
    Setting { name: "norm", takes: Takes::WordOf(Role::Norm), default: "none", doc: "the normalisation behind the layer" },
    Setting { name: "act", takes: Takes::WordOf(Role::Act), default: "none", doc: "the activation behind that" },
];

/// Settings of heads, beside those of their layer.
pub const OF_HEADS: &[Setting] = &[
    Setting { name: "weight", takes: Takes::Number, default: "1", doc: "factor of the head's loss" },
    Setting { name: "train_only", takes: Takes::Truth, default: "false", doc: "whether inference leaves the head out" },
];

/// Settings of `inception` by shares.
pub const OF_SHARES: &[Setting] = &[
    Setting { name: "total", takes: Takes::Count, default: "-", doc: "output channels of the whole module" },
    Setting { name: "share", takes: Takes::Shares, default: "-", doc: "each branch's share of `total`; one may take the `rest`" },
    Setting {
        name: "reduce",
        takes: Takes::Shares,
        default: "{}",
        doc: "for branches with a reduction its width, as a share of the branch's",
    },
    Setting { name: "unit", takes: Takes::Count, default: "1", doc: "all widths are multiples of it" },
];

/// Entries of a module beside a layer that stands in it directly, with what they are.
pub const OF_MODULES: &[(&str, &str)] = &[
    ("args", "arguments with their defaults; `required` for none"),
    ("defaults", "settings by kind for the layers written in this module"),
    ("inputs", "names of several inputs, which a list in `from` binds"),
    ("net", "the module's layers"),
];

/// Settings of the `train` section.
pub const TRAIN: &[Setting] = &[
    Setting { name: "epochs", takes: Takes::Count, default: "30", doc: "passes over the training images" },
    Setting { name: "batch", takes: Takes::Count, default: "128", doc: "images of one step" },
    Setting {
        name: "accumulate",
        takes: Takes::Count,
        default: "1",
        doc: "parts in which a step computes its batch, to spare memory; their gradients are added",
    },
    Setting {
        name: "optimizer",
        takes: Takes::Word(Optimizer::WORDS),
        default: "sgd",
        doc: "how weights follow their gradients",
    },
    Setting { name: "lr", takes: Takes::Number, default: "0.1", doc: "learning rate at its highest" },
    Setting {
        name: "momentum",
        takes: Takes::Number,
        default: "0.9",
        doc: "share of the last step's direction that is kept; of adamw, its first beta",
    },
    Setting { name: "nesterov", takes: Takes::Truth, default: "false", doc: "Nesterov's momentum, of sgd" },
    Setting { name: "beta2", takes: Takes::Number, default: "0.999", doc: "share of the mean square that adamw keeps" },
    Setting { name: "epsilon", takes: Takes::Number, default: "1e-8", doc: "what adamw adds to the root of the mean square" },
    Setting {
        name: "weight_decay",
        takes: Takes::Number,
        default: "0",
        doc: "decay of weights; biases and normalisations do not decay",
    },
    Setting {
        name: "schedule",
        takes: Takes::Word(Schedule::WORDS),
        default: "cosine",
        doc: "how the learning rate falls after the warm-up",
    },
    Setting { name: "power", takes: Takes::Number, default: "0.5", doc: "of the polynomial schedule" },
    Setting {
        name: "step_epochs",
        takes: Takes::Natural,
        default: "0",
        doc: "epochs between two falls of the step schedule; 0 takes a third of all",
    },
    Setting { name: "step_factor", takes: Takes::Number, default: "0.1", doc: "what a fall of the step schedule multiplies by" },
    Setting { name: "warmup", takes: Takes::Natural, default: "0", doc: "epochs over which the learning rate rises from zero" },
    Setting {
        name: "label_smoothing",
        takes: Takes::Number,
        default: "0",
        doc: "share of the target that is spread over all classes",
    },
    Setting {
        name: "clip",
        takes: Takes::Number,
        default: "0",
        doc: "longest gradient, as its Euclidean norm over all weights; 0 does not bound it",
    },
    Setting {
        name: "ema",
        takes: Takes::Number,
        default: "0",
        doc: "share of the running average of weights that a step keeps; 0 keeps no average",
    },
    Setting {
        name: "augment",
        takes: Takes::Word(Augment::WORDS),
        default: "none",
        doc: "how images are varied: cifar shifts and mirrors, paper also crops 8 to 100 % of the area and changes the light",
    },
    Setting { name: "cutout", takes: Takes::Natural, default: "0", doc: "side of a square that is blanked, in pixels" },
    Setting {
        name: "validation",
        takes: Takes::Number,
        default: "0.1",
        doc: "share of the training images that is set aside to choose by, unless the data set does it",
    },
    Setting {
        name: "patience",
        takes: Takes::Natural,
        default: "0",
        doc: "epochs without a better validation after which training stops; 0 never stops",
    },
    Setting { name: "seed", takes: Takes::Natural, default: "0", doc: "seed of all randomness" },
];

/// The only word of [`SEARCH`]'s `constraint`.
pub(super) const WITHIN_BUDGET: &str = "within budget";

/// Settings of the `search` section.
pub const SEARCH: &[Setting] = &[
    Setting { name: "algorithm", takes: Takes::Word(Algorithm::WORDS), default: "evolution", doc: "how candidates are found" },
    Setting {
        name: "objective",
        takes: Takes::Texts,
        default: "max accuracy",
        doc: "`max` or `min` with accuracy, proxy, madds, params or memory; of several the first is the most important",
    },
    Setting {
        name: "constraint",
        takes: Takes::Word(&[WITHIN_BUDGET]),
        default: "-",
        doc: "candidates over the spec's budget are not evaluated",
    },
    Setting {
        name: "where",
        takes: Takes::Texts,
        default: "-",
        doc: "conditions between decisions, each written `[PLACE:KEY]`, that a candidate must keep",
    },
    Setting { name: "trials", takes: Takes::Count, default: "100", doc: "candidates to evaluate" },
    Setting { name: "seed", takes: Takes::Natural, default: "0", doc: "seed of all randomness" },
];

/// The names of settings.
pub(super) fn names(settings: &'static [Setting]) -> impl Iterator<Item = &'static str> + Clone {
    settings.iter().map(|setting| setting.name)
}

//! The `train` and `search` sections as plain settings, read once and checked; whoever trains or searches takes them from here.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::nearest;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Expr;
use crate::expr::Value;
use crate::op::Setting;
use crate::op::Term;
use crate::op::evaluate;
use crate::op::integer;
use crate::op::unfit;
use crate::spec::read::Reader;
use crate::spec::vocabulary::SEARCH;
use crate::spec::vocabulary::TRAIN;
use crate::spec::vocabulary::WITHIN_BUDGET;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Node;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them with the words that name them, in the order of the reference.
            pub const ALL: &'static [($name, &'static str)] = &[$(($name::$variant, $word),)*];

            /// The words alone.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];
        }
    };
}

words! {
    /// How weights follow their gradients.
    Optimizer {
        /// Stochastic gradient descent with momentum.
        Sgd "sgd",
        /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
        AdamW "adamw",
    }
}

words! {
    /// How the learning rate falls after the warm-up.
    Schedule {
        /// Not at all.
        Constant "constant",
        /// By a tenth after each third of the epochs.
        Step "step",
        /// Along half a cosine to zero.
        Cosine "cosine",
        /// Linearly to zero.
        Linear "linear",
    }
}

words! {
    /// How candidates are found.
    Algorithm {
        /// Drawn at random from the space.
        Random "random",
        /// Regularised evolution (Real et al. 2019).
        Evolution "evolution",
        /// Each neighbour of the best so far.
        Local "local",
    }
}

words! {
    /// Which end of a quantity is better.
    Sense {
        /// The larger.
        Max "max",
        /// The smaller.
        Min "min",
    }
}

words! {
    /// What candidates are compared by.
    Score {
        /// Accuracy on held-out images.
        Accuracy "accuracy",
        /// A score that needs no training.
        Proxy "proxy",
        /// Multiply-adds.
        Madds "madds",
        /// Parameters.
        Params "params",
        /// Bytes of live activations.
        Memory "memory",
    }
}

/// The `train` section.
#[derive(Clone, Debug, PartialEq)]
pub struct Train {
    /// Passes over the training images.
    pub epochs: u32,
    /// Images of one step.
    pub batch: u32,
    /// How weights follow their gradients.
    pub optimizer: Optimizer,
    /// Learning rate at its highest.
    pub lr: Real64,
    /// Share of the last step's direction that is kept.
    pub momentum: Real64,
    /// Nesterov's momentum.
    pub nesterov: bool,
    /// Decay of weights; biases and normalisations do not decay.
    pub weight_decay: Real64,
    /// How the learning rate falls.
    pub schedule: Schedule,
    /// Epochs over which the learning rate rises from zero.
    pub warmup: u32,
    /// Share of the target that is spread over all classes.
    pub label_smoothing: Real64,
    /// Seed of all randomness.
    pub seed: u32,
}

impl Train {
    /// Every setting as the section writes it, defaults included, in the order of the reference.
    pub fn written(&self) -> Vec<(&'static str, String)> {
        vec![
            ("epochs", self.epochs.to_string()),
            ("batch", self.batch.to_string()),
            ("optimizer", word_of(Optimizer::ALL, &self.optimizer)),
            ("lr", self.lr.to_string()),
            ("momentum", self.momentum.to_string()),
            ("nesterov", self.nesterov.to_string()),
            ("weight_decay", self.weight_decay.to_string()),
            ("schedule", word_of(Schedule::ALL, &self.schedule)),
            ("warmup", self.warmup.to_string()),
            ("label_smoothing", self.label_smoothing.to_string()),
            ("seed", self.seed.to_string()),
        ]
    }
}

fn word_of<T: PartialEq>(words: &[(T, &str)], wanted: &T) -> String {
    let found = words.iter().find(|(word, _)| word == wanted);
    found.map_or_else(String::new, |(_, word)| (*word).to_owned())
}

/// The `search` section.
#[derive(Clone, Debug)]
pub struct Search {
    /// How candidates are found.
    pub algorithm: Algorithm,
    /// What they are compared by, the most important first.
    pub objective: Vec<(Sense, Score)>,
    /// Candidates over the spec's budget are not evaluated.
    pub within_budget: bool,
    /// Relations between decisions that a candidate must keep.
    pub conditions: Vec<Expr>,
    /// Candidates to evaluate.
    pub trials: u32,
    /// Seed of all randomness.
    pub seed: u32,
}

/// Reads the `train` section.
pub(super) fn read_train(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Train {
    let mut settings = Settings::new(reader, TRAIN, key, value);
    let train = Train {
        epochs: settings.count("epochs", 1),
        batch: settings.count("batch", 1),
        optimizer: settings.word("optimizer", Optimizer::ALL),
        lr: settings.real("lr", 0.0, 1e6),
        momentum: settings.real("momentum", 0.0, 1.0),
        nesterov: settings.truth("nesterov"),
        weight_decay: settings.real("weight_decay", 0.0, 1.0),
        schedule: settings.word("schedule", Schedule::ALL),
        warmup: settings.count("warmup", 0),
        label_smoothing: settings.real("label_smoothing", 0.0, 1.0),
        seed: settings.count("seed", 0),
    };
    settings.finish();
    if train.warmup > train.epochs && value.get("epochs").is_none_or(|(_, value)| !reader.has_told(value.span)) {
        let at = value.get("warmup").map_or(key.span, |(_, value)| value.span);
        let message = format!("`warmup` lasts {} epochs of {}", train.warmup, train.epochs);
        reader.fault(Diagnostic::new(Code::E0303, at, message, ""));
    }
    train
}

/// Reads the `search` section.
pub(super) fn read_search(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Search {
    let objective = value.get("objective").map(|(_, value)| objective(reader, value));
    let conditions = value.get("where").map(|(_, value)| conditions(reader, value));
    let within_budget = value.get("constraint").is_some_and(|(_, value)| {
        let known = value.scalar() == Some(WITHIN_BUDGET);
        if !known {
            let fault = Diagnostic::new(Code::E0305, value.span, "the only constraint is `within budget`", "");
            reader.fault(fault.with_help("relations between decisions go to `where`"));
        }
        known
    });
    let mut settings = Settings::new(reader, SEARCH, key, value);
    let search = Search {
        algorithm: settings.word("algorithm", Algorithm::ALL),
        objective: objective.unwrap_or_else(|| vec![(Sense::Max, Score::Accuracy)]),
        within_budget,
        conditions: conditions.unwrap_or_default(),
        trials: settings.count("trials", 1),
        seed: settings.count("seed", 0),
    };
    settings.finish();
    search
}

fn objective(reader: &mut Reader<'_>, value: &Node) -> Vec<(Sense, Score)> {
    let items = value.list().map_or_else(|| vec![value], |items| items.iter().collect());
    let mut objective = Vec::with_capacity(items.len());
    for item in items {
        let words: Vec<&str> = item.scalar().unwrap_or_default().split_whitespace().collect();
        let found = match words[..] {
            [sense, quantity] => find(Sense::ALL, sense).zip(find(Score::ALL, quantity)),
            _ => None,
        };
        match found {
            Some(found) => objective.push(found),
            None => {
                let fault = Diagnostic::new(Code::E0305, item.span, "an objective is `max` or `min` of a quantity", "");
                let names: Vec<&str> = Score::ALL.iter().map(|(_, word)| *word).collect();
                reader.fault(fault.with_help(format!("quantities: {}", names.join(", "))));
            }
        }
    }
    objective
}

fn conditions(reader: &mut Reader<'_>, value: &Node) -> Vec<Expr> {
    let items = value.list().map_or_else(|| vec![value], |items| items.iter().collect());
    let mut conditions = Vec::with_capacity(items.len());
    for item in items {
        match item.scalar().map(|text| crate::expr::parse_condition(text, item.span)) {
            Some(Ok(condition)) => conditions.push(condition),
            Some(Err(fault)) => reader.fault(*fault),
            None => {
                let message = format!("`where` is a list of conditions, one of them is {}", item.describes());
                let help = "quote each, as in `where: [\"[3b:total] >= [3a:total]\"]`";
                reader.fault(Diagnostic::new(Code::E0200, item.span, message, "").with_help(help));
            }
        }
    }
    conditions
}

fn find<T: Copy>(words: &[(T, &str)], wanted: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == wanted).map(|(found, _)| *found)
}

/// A section's entries while they are read by the table of its settings; what that does not have is told at the end.
struct Settings<'r, 'n, 'a> {
    reader: &'r mut Reader<'a>,
    table: &'static [Setting],
    section: &'n Key,
    entries: &'n [(Key, Node)],
}

impl<'r, 'n, 'a> Settings<'r, 'n, 'a> {
    fn new(reader: &'r mut Reader<'a>, table: &'static [Setting], section: &'n Key, value: &'n Node) -> Settings<'r, 'n, 'a> {
        let entries = reader.entries(section, value);
        Settings { reader, table, section, entries }
    }

    /// What the table gives where nothing is written.
    fn default(&self, name: &str) -> &'static str {
        let setting = self.table.iter().find(|setting| setting.name == name);
        setting.expect("what is read stands in the table").default
    }

    /// A setting's value, evaluated; formulas see no variables here.
    fn value(&mut self, name: &'static str) -> Option<(Value, &'n Node)> {
        let (_, node) = self.entries.iter().find(|(key, _)| &*key.text == name)?;
        let mut none = Decisions::default();
        let value = evaluate(&Term::new(node), &Environment::default(), None, name, &mut none, &mut self.reader.faults)?;
        Some((value, node))
    }

    fn refuse(&mut self, name: &str, node: &Node, wanted: &str, value: &Value) {
        let fault = unfit(Code::E0303, &format!("`{name}`"), wanted, value, &Term::new(node), &Environment::default());
        self.reader.fault(fault);
    }

    fn count(&mut self, name: &'static str, low: u32) -> u32 {
        let default = self.default(name).parse().expect("a default is of its setting's type");
        let Some((value, node)) = self.value(name) else { return default };
        integer(&value, low, u32::MAX).unwrap_or_else(|wanted| {
            self.refuse(name, node, &wanted, &value);
            default
        })
    }

    fn real(&mut self, name: &'static str, low: f64, high: f64) -> Real64 {
        let default = self.default(name).parse().expect("a default is of its setting's type");
        let Some((value, node)) = self.value(name) else { return Real64::new(default) };
        match &value {
            Value::Number(number) if (low..=high).contains(&number.to_f64()) => Real64::new(number.to_f64()),
            _ => {
                self.refuse(name, node, &format!("a number from {low} to {high}"), &value);
                Real64::new(default)
            }
        }
    }

    fn truth(&mut self, name: &'static str) -> bool {
        let default = self.default(name) == "true";
        match self.value(name) {
            None => default,
            Some((Value::Truth(truth), _)) => truth,
            Some((value, node)) => {
                self.refuse(name, node, "true or false", &value);
                default
            }
        }
    }

    fn word<T: Copy>(&mut self, name: &'static str, words: &[(T, &'static str)]) -> T {
        let default = find(words, self.default(name)).expect("a default is of its setting's type");
        let Some((value, node)) = self.value(name) else { return default };
        let text = value.to_string();
        find(words, &text).unwrap_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
            let fault = Diagnostic::new(Code::E0305, node.span, format!("`{name}` does not know `{text}`"), "");
            let fault = fault.with_help(format!("words for `{name}`: {}", known.join(", ")));
            self.reader.fault(match nearest(&text, known) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
            default
        })
    }

    fn finish(self) {
        let Settings { reader, table, section, entries } = self;
        let known: Vec<&str> = names(table).collect();
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&&*key.text)) {
            let message = format!("`{}` has no setting `{}`", section.text, key.text);
            let fault = Diagnostic::new(Code::E0205, key.span, message, "unknown setting");
            let fault = fault.with_help(format!("settings of `{}`: {}", section.text, known.join(", ")));
            reader.fault(match nearest(&key.text, known.iter().copied()) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
        }
    }
}

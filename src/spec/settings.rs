//! The `train` and `search` sections as plain settings, read once and checked; whoever trains or searches takes them from here.

mod search;
mod train;

use std::borrow::Cow;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::nearest;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Value;
use crate::op::Setting;
use crate::op::Term;
use crate::op::evaluate;
use crate::op::integer;
use crate::op::unfit;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Node;

pub(super) use search::read_search;
pub use search::{Algorithm, Score, Search, Sense};
pub(super) use train::read_train;
pub use train::{Augment, Optimizer, Schedule, Train, train_with};

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

use words;

fn find<T: Copy>(words: &[(T, &str)], wanted: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == wanted).map(|(found, _)| *found)
}

/// A section's entries while they are read by the table of its settings; what that does not have is told at the end.
struct Settings<'n> {
    table: &'static [Setting],
    section: &'n str,
    entries: &'n [(Key, Node)],
    /// What holds where nothing is written, by name; the table's defaults for the others.
    base: &'n [(&'static str, String)],
    faults: &'n mut Vec<Diagnostic>,
}

impl<'n> Settings<'n> {
    /// What holds where nothing is written.
    fn default(&self, name: &str) -> Cow<'n, str> {
        if let Some((_, value)) = self.base.iter().find(|(of, _)| *of == name) {
            return Cow::Borrowed(value);
        }
        let setting = self.table.iter().find(|setting| setting.name == name);
        Cow::Borrowed(setting.expect("what is read stands in the table").default)
    }

    /// A setting's value, evaluated; formulas see no variables here.
    fn value(&mut self, name: &'static str) -> Option<(Value, &'n Node)> {
        let (_, node) = self.entries.iter().find(|(key, _)| &*key.text == name)?;
        let mut none = Decisions::default();
        let value = evaluate(&Term::new(node), &Environment::default(), None, name, &mut none, self.faults)?;
        Some((value, node))
    }

    fn refuse(&mut self, name: &str, node: &Node, wanted: &str, value: &Value) {
        let fault = unfit(Code::E0303, &format!("`{name}`"), wanted, value, &Term::new(node), &Environment::default());
        self.faults.push(fault);
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
        let default = &*self.default(name) == "true";
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
        let default = find(words, &self.default(name)).expect("a default is of its setting's type");
        let Some((value, node)) = self.value(name) else { return default };
        let text = value.to_string();
        find(words, &text).unwrap_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
            let fault = Diagnostic::new(Code::E0305, node.span, format!("`{name}` does not know `{text}`"), "");
            let fault = fault.with_help(format!("words for `{name}`: {}", known.join(", ")));
            self.faults.push(match nearest(&text, known) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
            default
        })
    }

    fn finish(self) {
        let Settings { table, section, entries, faults, .. } = self;
        let known: Vec<&str> = names(table).collect();
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&&*key.text)) {
            let message = format!("`{}` has no setting `{}`", section, key.text);
            let fault = Diagnostic::new(Code::E0205, key.span, message, "unknown setting");
            let fault = fault.with_help(format!("settings of `{}`: {}", section, known.join(", ")));
            faults.push(match nearest(&key.text, known.iter().copied()) {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
        }
    }
}

//! The `search` section.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::expr::Expr;
use crate::spec::read::Reader;
use crate::spec::settings::Settings;
use crate::spec::settings::find;
use crate::spec::settings::words;
use crate::spec::vocabulary::SEARCH;
use crate::spec::vocabulary::WITHIN_BUDGET;
use crate::yaml::Key;
use crate::yaml::Node;

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

/// Reads the `search` section.
pub(in crate::spec) fn read_search(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Search {
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
    let entries = reader.entries(key, value);
    let mut settings = Settings { table: SEARCH, section: &key.text, entries, base: &[], faults: &mut reader.faults };
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

//! Rules that a proposal is set beside, as the command line names them.

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;

use crate::base::units;
use crate::propose::widths::Alternative;
use crate::propose::widths::Fitted;

/// Draws of `random:N`, at most.
const MOST: u64 = 1000;

/// The rules of `--compare`, each once.
pub(super) fn asked(named: &[String], seed: u64) -> anyhow::Result<Vec<Alternative>> {
    let mut rules = Vec::new();
    for name in named {
        match name.split_once(':').map_or((&**name, None), |(name, count)| (name, Some(count))) {
            ("googlenet", None) => rules.push(Alternative::GoogLeNet),
            ("uniform", None) => rules.push(Alternative::Uniform),
            ("random", count) => {
                let count: Option<u64> = count.map_or(Some(1), |count| count.parse().ok());
                let count = count.filter(|count| (1..=MOST).contains(count));
                let count =
                    count.with_context(|| format!("`{name}`: a number of draws from 1 to {MOST} stands behind the colon"))?;
                rules.extend((0..count).map(|draw| Alternative::Random(seed + draw)));
            }
            _ => bail!("`--compare` knows googlenet, uniform, random and random:N, not `{name}`"),
        }
    }
    for (at, rule) in rules.iter().enumerate() {
        ensure!(!rules[..at].contains(rule), "`--compare` names {} twice", rule.name());
    }
    Ok(rules)
}

/// What stands before everything in a rival's text.
pub(super) fn head(name: &str, fitted: &Fitted, budget: u64) -> String {
    let [madds, budget, params] = [fitted.madds, budget, fitted.params].map(|count| units::grouped(count.into()));
    format!("Widths by the rule {name}: {madds} of {budget} multiply-adds, {params} parameters.")
}

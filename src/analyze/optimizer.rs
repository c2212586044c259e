//! What an optimizer keeps and computes for each learned number.

use schemars::JsonSchema;
use serde::Serialize;

/// How learned numbers follow their gradients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// Stochastic gradient descent alone.
    Sgd,
    /// With momentum.
    #[default]
    Momentum,
    /// With Nesterov's momentum.
    Nesterov,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    AdamW,
}

/// Operations of one update of one learned number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Update {
    /// Additions and subtractions.
    pub adds: u32,
    /// Multiplications.
    pub muls: u32,
    /// Divisions.
    pub divs: u32,
    /// Square roots.
    pub roots: u32,
}

impl Update {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.adds + self.muls + self.divs + self.roots
    }
}

impl Optimizer {
    /// All of them with their names.
    pub const ALL: [(Optimizer, &'static str); 4] = [
        (Optimizer::Sgd, "sgd"),
        (Optimizer::Momentum, "momentum"),
        (Optimizer::Nesterov, "nesterov"),
        (Optimizer::AdamW, "adamw"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Optimizer::ALL.iter().find(|(optimizer, _)| *optimizer == self).map_or("", |(_, name)| name)
    }

    /// Numbers that it keeps for each learned number: a direction, for Adam the mean and the mean square of gradients.
    pub const fn state(self) -> u64 {
        match self {
            Optimizer::Sgd => 0,
            Optimizer::Momentum | Optimizer::Nesterov => 1,
            Optimizer::AdamW => 2,
        }
    }

    /// One update of a number `w` by its gradient `g`. What is the same for all numbers, such as `a = rate / (1 - b1^t)`, is made once.
    pub const fn formula(self) -> &'static str {
        match self {
            Optimizer::Sgd => "w = w - rate g",
            Optimizer::Momentum => "v = mu v + g; w = w - rate v",
            Optimizer::Nesterov => "v = mu v + g; w = w - rate (g + mu v)",
            Optimizer::AdamW => "m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g g; w = w - a m / (c sqrt(v) + eps) - d w",
        }
    }

    /// The operations of that formula.
    pub const fn update(self) -> Update {
        match self {
            Optimizer::Sgd => Update { adds: 1, muls: 1, divs: 0, roots: 0 },
            Optimizer::Momentum => Update { adds: 2, muls: 2, divs: 0, roots: 0 },
            Optimizer::Nesterov => Update { adds: 3, muls: 3, divs: 0, roots: 0 },
            Optimizer::AdamW => Update { adds: 5, muls: 8, divs: 1, roots: 1 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operations are the signs that stand in the formula; two factors side by side are a product.
    #[test]
    fn operations_are_those_of_the_formula() {
        for (optimizer, name) in Optimizer::ALL {
            assert_eq!(optimizer.name(), name);
            let (formula, Update { adds, muls, divs, roots }) = (optimizer.formula(), optimizer.update());
            let count = |sign: &str| formula.matches(sign).count() as u32;
            // `1 - b1` is the same for all numbers.
            assert_eq!(adds, count(" + ") + count(" - ") - count("(1 - "), "{name}");
            assert_eq!((divs, roots), (count(" / "), count("sqrt")), "{name}");
            let is_factor =
                |word: &str| word.starts_with(|first: char| first.is_alphabetic() || first == '(') || word.ends_with(')');
            let plain = formula.replace("(1 - b1)", "b").replace("(1 - b2)", "b").replace(';', " ; ");
            let words: Vec<&str> = plain.split_whitespace().collect();
            let products = words.windows(2).filter(|pair| pair.iter().all(|word| is_factor(word))).count();
            assert_eq!(muls as usize, products, "{name}");
        }
    }
}

//! What is planted: tier P (disjoint groups), tier O (overlapping groups), tier R (the same with real weights), tier C (a chain of two layers),
//! and tier N, nothing.

use thiserror::Error;

use crate::propose::Group;
use crate::propose::Samples;

/// How hidden units are joined to observed ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tier {
    /// Each observed unit is in one of `hidden` groups of equal size, up to one, with weight +1.
    Disjoint,
    /// Each hidden unit has Binomial(units, degree / units) edges; their signs are fair.
    Overlapping {
        /// The mean number of edges of a hidden unit, of both signs.
        degree: f64,
    },
    /// The same with weights uniform in [-1, 1] in place of signs; a unit is on where its rectifier is, `max(0, G h) > 0`.
    Real {
        /// The mean number of edges of a hidden unit, of both signs.
        degree: f64,
    },
    /// Two layers of signed edges: `top -> hidden -> observed`, where `hidden = top`.
    Chain {
        /// The mean number of edges of a unit of either hidden layer.
        degree: f64,
    },
    /// No hidden units: observed ones are independent, unit i on with probability `rate exp(spread z_i)`, at most a half, `z_i` standard normal.
    Independent {
        /// The deviation of the logarithm of densities.
        spread: f64,
    },
}

/// A planted network and its samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// How units are joined.
    pub tier: Tier,
    /// Observed units.
    pub units: usize,
    /// Units of each hidden layer; 0 where observed units are independent, and only there.
    pub hidden: usize,
    /// How probable it is that a unit of the topmost layer is on, or where observed units are independent the median one of them.
    pub rate: f64,
    /// Each 1 is erased with this probability; each 0 is set with this probability times the mean density.
    pub noise: f64,
    /// How many samples.
    pub samples: usize,
}

/// Why a recipe describes nothing.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RecipeError {
    /// A layer has no units, or there are too many to be numbered.
    #[error("a layer has from 1 to 2^31 units")]
    Units,
    /// A probability is not from 0 to 1.
    #[error("rate and noise are from 0 to 1")]
    Probability,
    /// A mean degree is not from 0 to the number of units below.
    #[error("a degree is from 0 to the number of units of the layer below")]
    Degree,
    /// The spread of densities is below zero or no number.
    #[error("a spread is a number from 0 on")]
    Spread,
}

impl Recipe {
    /// Whether it can be drawn.
    pub(super) fn check(&self) -> Result<(), RecipeError> {
        let most = 1 << 31;
        let is_independent = matches!(self.tier, Tier::Independent { .. });
        let counts = [(self.units, false), (self.hidden, is_independent)];
        if counts.iter().any(|&(units, none)| (units == 0) != none || units > most) || self.samples > most {
            return Err(RecipeError::Units);
        }
        if ![self.rate, self.noise].iter().all(|rate| (0.0..=1.0).contains(rate)) {
            return Err(RecipeError::Probability);
        }
        let fits = |degree: f64, units: usize| (0.0..=units as f64).contains(&degree);
        let degrees = match self.tier {
            Tier::Independent { spread } => {
                return if spread.is_finite() && spread >= 0.0 { Ok(()) } else { Err(RecipeError::Spread) };
            }
            Tier::Disjoint => true,
            Tier::Overlapping { degree } | Tier::Real { degree } => fits(degree, self.units),
            Tier::Chain { degree } => fits(degree, self.units.min(self.hidden)),
        };
        if degrees { Ok(()) } else { Err(RecipeError::Degree) }
    }
}

/// A network that is known, with samples of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    /// The layers of edges from the observed units up: one for tiers P and O, two for tier C, one without a group for tier N.
    pub layers: Vec<Vec<Group>>,
    /// The samples of the hidden layers in the same order.
    pub hidden: Vec<Samples>,
    /// The samples of the observed units, shape `[samples, units]`.
    pub observed: Samples,
}

//! The planted benchmark: for every seed a network is drawn anew, each method sees its samples alone, and what it found is scored against the
//! network. Figures are medians over the seeds.

use std::time::Instant;

use schemars::JsonSchema;
use serde::Serialize;

use crate::propose::Found;
use crate::propose::Method;
use crate::propose::cover::cover;
use crate::propose::planted::Recipe;
use crate::propose::planted::RecipeError;
use crate::propose::planted::Score;
use crate::propose::planted::Tier;
use crate::propose::planted::draw;
use crate::propose::planted::relabel;
use crate::propose::planted::score;

/// The name of the form of [`Benchmark`].
pub const PLANTED: &str = "nas.planted/1";

/// What methods found of the networks of one recipe.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Benchmark {
    /// [`PLANTED`].
    #[schemars(extend("const" = PLANTED))]
    pub schema: &'static str,
    /// Observed units, n.
    pub units: usize,
    /// Hidden units of each layer, m; 0 where observed units are independent.
    pub hidden: usize,
    /// Hidden layers; 0 where observed units are independent.
    pub layers: usize,
    /// The mean number of edges of a hidden unit, d; none where each observed unit is in one group.
    pub degree: Option<f64>,
    /// Whether weights are real, in [-1, 1], in place of signs.
    pub real: bool,
    /// The deviation of the logarithm of densities, where observed units are independent.
    pub spread: Option<f64>,
    /// How probable it is that a topmost hidden unit is on, rho; of independent units the median density.
    pub rate: f64,
    /// A 1 is erased with this probability, a 0 set with this times the mean density.
    pub noise: f64,
    /// Samples, N.
    pub samples: usize,
    /// The first seed.
    pub seed: u64,
    /// Seeds, one after the other.
    pub seeds: u64,
    /// Each method, for the second layer too where it finds one.
    pub results: Vec<Outcome>,
}

/// What a method found of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// The method.
    pub method: Method,
    /// The layer of edges, from the observed units up: 0 or 1.
    pub layer: usize,
    /// The median F1.
    pub f1: f64,
    /// The least.
    pub least_f1: f64,
    /// The largest.
    pub most_f1: f64,
    /// The most groups that were found.
    pub most_groups: f64,
    /// The median of each other figure.
    pub median: Trial,
    /// Each seed.
    pub trials: Vec<Trial>,
}

/// What a method found of a layer of one network. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trial {
    /// The network's seed; none where it is a median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Groups that were found.
    pub groups: f64,
    /// What the method makes as large as it can: of the cover the nats that it saves against independent units, of partitions the sum of weights less
    /// the threshold within clusters; none of the published algorithm, which has no objective.
    pub objective: Option<f64>,
    /// The share of found positive edges that are true.
    pub precision: f64,
    /// The share of true positive edges that were found, of hidden units with two of them at least.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// The share of hidden units all of whose positive edges were found, and no other.
    pub exact: f64,
    /// The share of found negative edges that are true.
    pub negative_precision: f64,
    /// The share of true negative edges that were found.
    pub negative_recall: f64,
    /// Seconds.
    pub seconds: f64,
}

impl Trial {
    fn of(seed: u64, found: &Found, score: &Score, seconds: f64) -> Trial {
        Trial {
            seed: Some(seed),
            groups: found.groups.len() as f64,
            objective: found.objective,
            precision: score.precision,
            recall: score.recall,
            f1: score.f1,
            exact: score.exact,
            negative_precision: score.negative_precision,
            negative_recall: score.negative_recall,
            seconds,
        }
    }
}

impl Outcome {
    /// Of at least one trial.
    fn of(method: Method, layer: usize, trials: Vec<Trial>) -> Outcome {
        let sorted = |of: fn(&Trial) -> f64| {
            let mut values: Vec<f64> = trials.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        // The one in the middle, the mean of two.
        let median = |of: fn(&Trial) -> f64| {
            let values = sorted(of);
            f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
        };
        let of_f1 = sorted(|trial| trial.f1);
        let has_objective = trials.iter().all(|trial| trial.objective.is_some());
        let most_groups = trials.iter().map(|trial| trial.groups).fold(0.0, f64::max);
        let middle = Trial {
            seed: None,
            objective: has_objective.then(|| median(|trial| trial.objective.unwrap_or_default())),
            groups: median(|trial| trial.groups),
            precision: median(|trial| trial.precision),
            recall: median(|trial| trial.recall),
            f1: median(|trial| trial.f1),
            exact: median(|trial| trial.exact),
            negative_precision: median(|trial| trial.negative_precision),
            negative_recall: median(|trial| trial.negative_recall),
            seconds: median(|trial| trial.seconds),
        };
        let (least_f1, most_f1) = (of_f1[0], of_f1[of_f1.len() - 1]);
        Outcome { method, layer, f1: middle.f1, least_f1, most_f1, most_groups, median: middle, trials }
    }
}

/// Draws networks for so many seeds from `seed` on and sets methods on their samples; `after` is told of each one that is done, and says
/// whether to go on. `None` if it does not.
pub fn benchmark(
    recipe: &Recipe,
    methods: &[Method],
    seed: u64,
    seeds: u64,
    mut after: impl FnMut(Method, u64) -> bool,
) -> Result<Option<Benchmark>, RecipeError> {
    let (layers, degree, spread) = match recipe.tier {
        Tier::Independent { spread } => (0, None, Some(spread)),
        Tier::Disjoint => (1, None, None),
        Tier::Overlapping { degree } | Tier::Real { degree } => (1, Some(degree), None),
        Tier::Chain { degree } => (2, Some(degree), None),
    };
    // By method and layer.
    let mut trials = vec![[Vec::new(), Vec::new()]; methods.len()];
    for seed in seed..seed.saturating_add(seeds) {
        let planted = draw(recipe, seed, 0)?;
        for (&method, trials) in methods.iter().zip(&mut trials) {
            let begun = Instant::now();
            let found = match method {
                Method::Cover => {
                    let low = cover(&planted.observed);
                    let (seconds, low_score) = (begun.elapsed().as_secs_f64(), score(&planted.layers[0], &low.groups));
                    if let Some(truth) = planted.layers.get(1) {
                        let begun = Instant::now();
                        let high = cover(&low.hidden);
                        let seconds = begun.elapsed().as_secs_f64();
                        let score = score(truth, &relabel(&high.groups, &low_score.matched, recipe.hidden));
                        trials[1].push(Trial::of(seed, &Found::of(high), &score, seconds));
                    }
                    (Found::of(low), low_score, seconds)
                }
                other => {
                    let found = other.find(&planted.observed, recipe, seed);
                    let seconds = begun.elapsed().as_secs_f64();
                    let score = score(&planted.layers[0], &found.groups);
                    (found, score, seconds)
                }
            };
            trials[0].push(Trial::of(seed, &found.0, &found.1, found.2));
            if !after(method, seed) {
                return Ok(None);
            }
        }
    }
    let results = methods.iter().zip(trials).flat_map(|(&method, of_layers)| {
        let of_layers = of_layers.into_iter().enumerate().filter(|(_, trials)| !trials.is_empty());
        of_layers.map(move |(layer, trials)| Outcome::of(method, layer, trials))
    });
    let real = matches!(recipe.tier, Tier::Real { .. });
    let &Recipe { units, hidden, rate, noise, samples, .. } = recipe;
    let results = results.collect();
    Ok(Some(Benchmark {
        schema: PLANTED,
        units,
        hidden,
        layers,
        degree,
        real,
        spread,
        rate,
        noise,
        samples,
        seed,
        seeds,
        results,
    }))
}

//! The ways to find groups, side by side: the cover, the algorithm of 2013 to the letter, and partitions, which hold a unit in one group alone.

use schemars::JsonSchema;
use serde::Serialize;

use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::arora::recover;
use crate::propose::arora::relate;
use crate::propose::cover::Cover;
use crate::propose::cover::cover;
use crate::propose::partition::Graph;
use crate::propose::partition::Linkage;
use crate::propose::partition::cluster;
use crate::propose::partition::correlations;
use crate::propose::partition::joined;
use crate::propose::partition::link;
use crate::propose::partition::within;
use crate::propose::planted::Recipe;
use crate::propose::planted::Tier;

/// Times that pivots are drawn anew.
const RESTARTS: usize = 16;
/// The correlation from which on units of a partition want to be together.
const GAMMA: f64 = 0.1;

/// A way to find groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The overlapping cover: a graph square root and hard EM on signed edges. It is told nothing but the samples.
    Cover,
    /// Pairwise graph and its recovery as published, with the published constants, told rate and degree.
    Arora,
    /// Correlation clustering of joined pairs, together or apart: pivots with local search.
    Joined,
    /// Correlation clustering weighted by correlations: pivots with local search.
    Pivot,
    /// Average linkage on correlations.
    Average,
    /// Complete linkage on correlations.
    Complete,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 6] = [Method::Cover, Method::Arora, Method::Joined, Method::Pivot, Method::Average, Method::Complete];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Cover => "cover",
            Method::Arora => "arora",
            Method::Joined => "joined",
            Method::Pivot => "pivot",
            Method::Average => "average",
            Method::Complete => "complete",
        }
    }

    /// What it is, in a line.
    pub const fn about(self) -> &'static str {
        match self {
            Method::Cover => "The overlapping cover, told nothing but the samples",
            Method::Arora => "The algorithm of 2013 as published, told rate and degree",
            Method::Joined => "Correlation clustering of pairs that are joined or not",
            Method::Pivot => "Correlation clustering weighted by correlations",
            Method::Average => "Average linkage",
            Method::Complete => "Complete linkage",
        }
    }

    /// Whether it can be set on samples of a recipe: what [`Method::Arora`] is told is of hidden units.
    pub const fn applies(self, recipe: &Recipe) -> bool {
        !matches!((self, recipe.tier), (Method::Arora, Tier::Independent { .. }))
    }

    /// What it finds in samples of a recipe, which only [`Method::Arora`] is told of; `seed` is that of its pivots.
    pub fn find(self, samples: &Samples, recipe: &Recipe, seed: u64) -> Found {
        let partitioned =
            |graph: &Graph, labels: &[u32]| Found { groups: groups(labels), objective: Some(within(graph, labels)) };
        let by_correlation = |find: fn(&Graph, u64) -> Vec<u32>| {
            correlations(samples, GAMMA).map_or_else(|_| Found::default(), |graph| partitioned(&graph, &find(&graph, seed)))
        };
        match self {
            Method::Cover => Found::of(cover(samples)),
            Method::Arora => {
                let related = told(recipe).and_then(|(rate, degree)| Some((relate(samples, rate).ok()?, degree)));
                let groups = related.map_or_else(Vec::new, |(related, degree)| recover(&related, degree));
                Found { groups, objective: None }
            }
            Method::Joined => {
                let graph = joined(samples);
                partitioned(&graph, &cluster(&graph, RESTARTS, seed))
            }
            Method::Pivot => by_correlation(|graph, seed| cluster(graph, RESTARTS, seed)),
            Method::Average => by_correlation(|graph, _| link(graph, Linkage::Average)),
            Method::Complete => by_correlation(|graph, _| link(graph, Linkage::Complete)),
        }
    }
}

/// Groups of one layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Those of two units at least.
    pub groups: Vec<Group>,
    /// What was made as large as could be: of the cover the nats that it saves against independent units, of partitions the sum of weights
    /// less the threshold within clusters. The published algorithm has none.
    pub objective: Option<f64>,
}

impl Found {
    /// Of a cover.
    pub(super) fn of(found: Cover) -> Found {
        Found { groups: found.groups, objective: Some(found.saved) }
    }
}

/// How often a hidden unit of the lowest layer is on, about, and how many units it holds on; nothing where there are none.
fn told(recipe: &Recipe) -> Option<(f64, f64)> {
    Some(match recipe.tier {
        Tier::Independent { .. } => return None,
        Tier::Disjoint => (recipe.rate, recipe.units as f64 / recipe.hidden as f64),
        Tier::Overlapping { degree } | Tier::Real { degree } => (recipe.rate, degree / 2.0),
        Tier::Chain { degree } => (recipe.rate * degree / 2.0, degree / 2.0),
    })
}

/// Clusters of two units at least as groups.
fn groups(labels: &[u32]) -> Vec<Group> {
    let mut groups = vec![Group::default(); labels.len()];
    labels.iter().zip(0..).for_each(|(&label, unit)| groups[label as usize].positive.push(unit));
    groups.retain(|group| group.positive.len() >= 2);
    groups
}

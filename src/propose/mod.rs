//! What correlations of units say of the network that should read them, or that they come of: statistics of a layer's activations, clusters by extent and
//! ranks ("Going Deeper with Convolutions", section 4), and groups of units that share a hidden cause (Arora, Bhaskara, Ge, Ma 2013).

mod agreement;
mod anchored;
pub mod arora;
mod benchmark;
pub mod blocks;
mod bootstrap;
mod clusters;
mod correlations;
pub mod cover;
mod depth;
mod deviance;
mod eigenvalues;
mod error;
mod extent;
mod group;
mod grouping;
mod grown;
mod growth;
mod innovations;
#[cfg(test)]
mod laws;
mod layer;
mod lists;
mod method;
mod modules;
mod novelty;
pub mod partition;
pub mod planted;
mod rank;
#[cfg(test)]
mod sample;
mod samples;
mod sampling;
mod spearman;
pub mod statistics;
mod tip;
mod watch;
pub mod widths;

pub use agreement::adjusted_rand;
pub use benchmark::{Benchmark, Outcome, PLANTED, Trial, benchmark};
pub use bootstrap::{Interval, bootstrap};
pub use clusters::{Cluster, Clusters, Member, cluster};
pub use correlations::Correlations;
pub use depth::{ClustersOf, DEPTH, Depth, DepthError, DepthLayer, Rises, Trend};
pub use eigenvalues::eigenvalues;
pub use error::StatisticsError;
pub use extent::Extent;
pub use group::Group;
pub use grouping::{Grouping, Largest, Resampling};
pub use grown::{Added, Asked, GROW, Grown, GrownBranch, GrownReduction, GrownStage, Stopped};
pub use growth::{Growth, NewBranch, NewModule, prior};
pub use innovations::Innovations;
pub use layer::{CLUSTERS, Control, LayerClusters, Ranks};
pub use method::{Found, Method};
pub use modules::{Branch, Covers, Module, modules, modules_on};
pub use novelty::PoolNovelty;
pub use rank::{Coherent, Rank};
pub use samples::{Samples, SamplesError};
pub use sampling::Sampling;
pub use spearman::spearman;
pub use tip::{Tip, TipError};
pub use watch::{Sightings, Watch};

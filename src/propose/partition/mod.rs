//! Partitions of a weighted graph: correlation clustering by pivots and local search, and linkage.

mod graph;
mod linkage;
mod moves;
mod pivot;
mod potts;

pub use graph::{Graph, GraphError, correlations, joined};
pub use linkage::{Linkage, link};
pub use moves::{improve, merge};
pub use pivot::{cluster, pivot};
pub use potts::{disagreements, within};

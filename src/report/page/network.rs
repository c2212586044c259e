//! What a page is about.

use crate::analyze::Analysis;
use crate::analyze::Marginals;
use crate::analyze::Naive;
use crate::base::Digest;
use crate::graph::Graph;
use crate::propose::LayerClusters;

/// One network of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageNetwork<'a> {
    /// Its graph, for formulas and the drawing.
    pub graph: &'a Graph,
    /// Its analysis, with its budget.
    pub analysis: &'a Analysis,
    /// What one filter more of each of its widths costs.
    pub marginals: &'a Marginals,
    /// Itself against its naive twin, if it has one, and what the twin costs if it fits.
    pub naive: Option<(&'a Naive, Option<&'a Analysis>)>,
    /// What correlations say of its layers, if they were looked at.
    pub clusters: &'a [LayerClusters],
    /// What its spec is called.
    pub source: &'a str,
    /// The digest of the spec's text.
    pub digest: Digest,
}

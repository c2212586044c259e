//! What a page is about.

use crate::analyze::Analysis;
use crate::base::Digest;
use crate::graph::Graph;

/// One network of a page.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its graph, for formulas and the drawing.
    pub graph: &'a Graph,
    /// Its analysis, with its budget.
    pub analysis: &'a Analysis,
    /// What its spec is called.
    pub source: &'a str,
    /// The digest of the spec's text.
    pub digest: Digest,
}

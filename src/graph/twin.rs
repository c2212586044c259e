//! A network and its naive twin: three graphs, and which of their scopes stand for one another.

use crate::base::Diagnostic;
use crate::graph::Graph;
use crate::graph::ScopeId;

/// A network beside its form without reductions (figure 2a of the paper), as `spec::naive_twin` makes it.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The network as written.
    pub reduced: Graph,
    /// The same with each module's naive form as a further result, on the input that the module has in the network.
    pub beside: Graph,
    /// The network of naive modules, each on what the naive modules before it give. It may not fit, for instance where a module's output
    /// is added to its input; then, why.
    pub grown: Result<Graph, Vec<Diagnostic>>,
    /// The modules that have a naive form, in order.
    pub modules: Vec<TwinModule>,
    /// Modules of which all branches that could have been reduced are lists of layers, by their paths with those branches.
    pub left: Vec<(String, Vec<String>)>,
}

/// One module in all three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwinModule {
    /// Its path.
    pub path: String,
    /// Its scope in [`Twin::reduced`].
    pub reduced: ScopeId,
    /// The scope of its naive form in [`Twin::beside`].
    pub same_input: ScopeId,
    /// Its scope in [`Twin::grown`].
    pub grown: Option<ScopeId>,
    /// Branches that are lists of layers: they are the same in all three.
    pub left: Vec<String>,
}

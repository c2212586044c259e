//! A network as a graph that cannot be wrong.
//!
//! A [`Graph`] is a directed acyclic graph of [`Node`]s. A node is one of the network's inputs or one operator with the shape it
//! gives; an edge carries the position among its reader's inputs. Edges always go from a lower to a higher index, so that the
//! order of construction is an order of execution. Nodes are never removed: a rewrite builds a new graph.
//!
//! Every node lies in a [`Scope`], the layer that made it; scopes nest (layer in branch in module in network) and carry the place
//! in the text that made them, so that costs can be attributed and faults can be shown where they were written. The parents of a
//! scope are the uses that led to it.
//!
//! [`GraphBuilder`] is the way to a graph. It infers each node's shape as it is added and collects what does not fit;
//! [`GraphBuilder::finish`] gives the graph only if nothing was refused and all totals are countable. What the graph does not know:
//! YAML, files, numbers of a batch, threads.

mod buffer;
mod builder;
mod depth;
mod initialise;
mod knob;
mod learning;
mod multilinear;
mod net;
mod place;
mod receptive;
mod resizing;
mod rewrite;
mod schedule;
mod scope;
mod sharing;
mod state;
mod stream;
mod tensors;
mod training;
mod twin;

pub use buffer::{Buffer, Holds, live};
pub(crate) use builder::MAX_TOTAL;
pub use builder::{GraphBuilder, Misfit};
pub use depth::longest_path;
pub use initialise::initialise;
pub use knob::Knob;
pub use learning::Learning;
pub use multilinear::{Counts, Multilinear};
pub use net::{Domain, DomainId, Graph, Node, NodeIndex, Output, Port, Totals};
pub use place::{Extent, Placement, place};
pub use receptive::{ReceptiveField, receptive_fields};
pub use resizing::Resizing;
pub use rewrite::{Folded, drop_dead, fold_batch_norm};
pub use schedule::{Schedule, Step};
pub use scope::{Scope, ScopeId, Scopes};
pub use state::{Layout, State};
pub use tensors::{Tensor, tensors};
pub use training::{Phase, TrainingSchedule};
pub use twin::{Twin, TwinModule};

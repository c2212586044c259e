//! From clusters to widths: shares of branches in excess of what untrained networks show, reductions by rank, and both scaled to a budget, exactly.

mod aim;
mod alternative;
mod evidence;
mod excess;
mod fit;
#[cfg(test)]
mod laws;
mod problem;
mod proposal;
mod repair;
mod text;

pub use aim::{Aim, BranchAim};
pub use alternative::{Alternative, as_googlenet, random};
pub use evidence::{Basis, Evidence, RankOf};
pub use excess::Excess;
pub use fit::{Fitted, Goal, Unfit};
pub use problem::{Part, Problem, Target};
pub use proposal::{BranchWidths, ModuleWidths, PROPOSAL, Proposal, Reduction, Rival, doubts};
pub use text::{against, annotated, notes};

//! Rewrites: each builds a new graph and keeps the scopes.

mod dead;
mod fold_batch_norm;
mod resize;

pub use dead::drop_dead;
pub use fold_batch_norm::{Folded, fold_batch_norm};

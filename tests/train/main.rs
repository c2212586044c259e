//! Training as a user meets it: runs that begin, stop, are killed, go on, fail; what eval and predict make of them.

mod commands;
mod failures;
mod kills;
mod learning;
mod made;
mod numbers;

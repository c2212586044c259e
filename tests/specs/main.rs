//! Specs from text to numbers: the built-in ones against the truth tables, the expansion law, specs drawn at random.

mod built_in;
mod compare;
mod conventions;
mod expansion;
mod generated;
mod memory;
mod mutated;
mod naive;
mod nas_bench_macro;
mod network;
mod page;
mod position;
mod rows;
mod schema;
mod structure;
mod table;
mod table1;
mod tree;
mod truth;
mod untaken;
mod validator;

//! Specs from text to numbers: the built-in ones against the truth tables, the expansion law, specs drawn at random.

mod built_in;
mod conventions;
mod expansion;
mod generated;
mod mutated;
mod network;
mod rows;
mod table;
mod table1;
mod truth;

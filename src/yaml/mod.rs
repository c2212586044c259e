//! YAML text to a tree of texts, lists and maps in which every key and value knows its place.

mod build;
mod parse;
mod repeat;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub use parse::parse;
pub use text::{BadText, MAX_BYTES, read_bytes};
pub use tree::{Key, Kind, Node};

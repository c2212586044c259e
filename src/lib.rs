//! Architecture search and exact cost analysis for Inception-style convolutional networks.
//!
//! The floors, lowest first; a module may use only those above it in this list, and modules on one line are strangers:
//!
//! - [`base`]: places in text, diagnostics, shapes, units, the table of a machine
//! - [`yaml`]: text to a tree with spans · [`expr`]: exact numbers, environments, decisions · [`kernel`]: fast loops over slices
//! - [`op`]: the operators, one file each
//! - [`graph`]: networks that cannot be wrong: scopes, shapes, memory, rewrites
//! - [`spec`]: the spec language, from a tree to a graph · [`analyze`]: exact costs and where they go · [`exec`]: running networks · [`data`]: labelled images
//! - [`train`]: training networks, and runs that can be taken up again
//! - [`propose`]: networks read off correlations: covers and partitions of units, planted networks to try them on
//! - [`report`]: analyses as text and pictures
//! - [`cli`]: one file a verb; the only place that reads files and arguments, prints and exits

pub mod analyze;
pub mod base;
pub mod cli;
pub mod data;
pub mod exec;
pub mod expr;
pub mod graph;
pub mod kernel;
pub mod op;
pub mod propose;
pub mod report;
pub mod spec;
pub mod train;
pub mod yaml;

/// The page's Rust blocks run as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

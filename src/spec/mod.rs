//! The spec language: a YAML text becomes a [`Spec`], the spec becomes a graph.
//!
//! Two phases, each of which reports all it finds. [`read`] turns the spanned tree into a [`Spec`]: every word resolved, every
//! formula parsed, nothing evaluated. [`lower`] walks the spec once, evaluates, and builds the graph; it can be run again and
//! again with other choices for the spec's decisions. Nothing here reads files: a loader is passed in for `extends`.

mod budget;
mod corners;
mod edit;
mod expand;
mod extends;
mod find;
mod inception;
mod layer;
mod lint;
mod lower;
mod module;
mod monotone;
mod naive;
mod name;
mod page;
mod read;
mod settings;
mod space;
mod tree;
mod vary;
mod vocabulary;

pub use corners::{Certainty, Corners, Counted, MAX_POINTS, NoCorners, corners};
pub use edit::{Follows, Site, Written, rewritten, sites, written};
pub use expand::expand;
pub use inception::kernel_of;
pub use layer::norm_settings;
pub use lower::{Lowered, lower, untaken};
pub use naive::naive_twin;
pub use name::{RESERVED, is_word, no_modules, no_variables};
pub use page::{PAGES, Page};
pub use read::{Loaded, Loader, load, read};
pub use settings::{Algorithm, Augment, Optimizer, Schedule, Score, Search, Sense, Train, train_with};
pub use space::{Choices, Space};
pub use tree::{
    Argument, Body, Branch, BranchForm, Budget, Head, Inception, InputPlane, Kind, KindUse, Layer, Limit, Main, Module, Ratios,
    Spec,
};
pub use vary::{Candidate, Step};
pub use vocabulary::{Form, OF_HEADS, OF_LAYERS, OF_MODULES, OF_NODES, OF_SHARES, SEARCH, SECTIONS, Section, TRAIN};

//! Knobs: the widths of a network that can be changed, each of them alone.
//!
//! A knob is one or several operators that set their own width and own parameters for each channel of it. Widths are one knob
//! where an operator refuses unequal channels, as `add`, `mul` and a depthwise layer's readers do. A width is fixed, and no knob,
//!
//! - where it must agree with one of the network's inputs or with a concatenation (a sum of several widths),
//! - where it alone is the width of a result: that is the task's number of classes, not the network's choice,
//! - where an operator does not let it shrink: rows of a connection table, the channels that the last `take` reaches.
//!
//! Groups and shuffles let a width change only by multiples: its [`Knob::step`].

use crate::base::Span;
use crate::graph::NodeIndex;
use crate::graph::ScopeId;
use crate::op::MAX_COUNT;

/// Widths that move together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knob {
    /// The layer of the first of them.
    pub scope: ScopeId,
    /// Where that layer is written, if it is.
    pub span: Option<Span>,
    /// The operators, in order of execution.
    pub nodes: Vec<NodeIndex>,
    /// The width of each, at first.
    pub width: u32,
    /// Widths differ by multiples of this.
    pub step: u32,
}

impl Knob {
    /// Whether the operators can have this width.
    pub fn accepts(&self, width: u32) -> bool {
        (1..=MAX_COUNT).contains(&width) && self.width.abs_diff(width).is_multiple_of(self.step)
    }
}

//! A drawing as plain data: what stands where, before it is coloured.

use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::picture::Role;

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// The layer; of equal modules that of the first.
    pub(super) at: usize,
    pub(super) area: Area,
    /// What stands in it, by lines.
    pub(super) lines: Vec<String>,
    /// How often it is there, and the multiply-adds of all.
    pub(super) times: usize,
    pub(super) madds: u64,
}

/// One link, as wide as what flows is large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ribbon {
    pub(super) link: usize,
    /// Its middle from the box that it leaves to the one that it enters; straight where two points stand above one another, else bent.
    pub(super) points: Vec<Point>,
    pub(super) width: i32,
    /// One of several that leave a box.
    pub(super) fans: bool,
}

/// What all links that leave a box have in common until they part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trunk {
    pub(super) from: usize,
    pub(super) points: Vec<Point>,
    pub(super) width: i32,
}

/// A module's frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Framed {
    pub(super) area: Area,
    pub(super) paths: Vec<String>,
    /// The boxes in it, of every copy.
    pub(super) copies: Vec<Vec<usize>>,
    pub(super) madds: u64,
}

/// The tag of a head that only training needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tagged {
    pub(super) head: usize,
    pub(super) area: Area,
    pub(super) words: String,
    /// The dashed line to the box that it reads.
    pub(super) lead: Vec<Point>,
}

/// A text beside boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) words: String,
    pub(super) at: Point,
    pub(super) em: i32,
    pub(super) bold: bool,
    pub(super) to_left: bool,
    pub(super) role: Role,
}

/// All of a drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) frames: Vec<Framed>,
    pub(super) trunks: Vec<Trunk>,
    pub(super) ribbons: Vec<Ribbon>,
    pub(super) boxes: Vec<Placed>,
    pub(super) tags: Vec<Tagged>,
    pub(super) labels: Vec<Label>,
}

//! What stands on a page: panels, paths, markers, texts, and groups of them. Lengths are hundredths of a millimetre, y downwards.

use crate::report::picture::path::Path;
use crate::report::picture::role::Role;

/// A place on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) struct Point {
    pub(in crate::report) x: i32,
    pub(in crate::report) y: i32,
}

impl Point {
    pub(in crate::report) const fn at(x: i32, y: i32) -> Point {
        Point { x, y }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Area {
    pub(in crate::report) left: i32,
    pub(in crate::report) top: i32,
    pub(in crate::report) right: i32,
    pub(in crate::report) bottom: i32,
}

impl Area {
    /// From left to right.
    pub(in crate::report) const fn width(self) -> i32 {
        self.right - self.left
    }

    /// From top to bottom.
    pub(in crate::report) const fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// The point in the middle.
    pub(in crate::report) const fn middle(self) -> Point {
        Point::at(i32::midpoint(self.left, self.right), i32::midpoint(self.top, self.bottom))
    }

    /// The point that `part` of `whole` reaches from the left edge on.
    pub(in crate::report) fn reach(self, part: u64, whole: u64) -> i32 {
        self.left + portion(self.width(), part, whole)
    }

    /// The point that `part` of `whole` reaches from the bottom up.
    pub(in crate::report) fn rise(self, part: u64, whole: u64) -> i32 {
        self.bottom - portion(self.height(), part, whole)
    }

    /// The same with every edge moved outwards.
    pub(in crate::report) const fn grown(self, by: i32) -> Area {
        Area { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Whether two have a point in common.
    pub(in crate::report) const fn meets(self, other: Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

fn portion(length: i32, part: u64, whole: u64) -> i32 {
    (i128::from(length) * i128::from(part) / i128::from(whole.max(1))) as i32
}

/// A line of some width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Stroke {
    pub(in crate::report) width: i32,
    pub(in crate::report) role: Role,
    /// Lengths of a dash and of the gap after it.
    pub(in crate::report) dash: Option<[i32; 2]>,
}

impl Stroke {
    /// A line without gaps.
    pub(in crate::report) const fn solid(width: i32, role: Role) -> Stroke {
        Stroke { width, role, dash: None }
    }

    /// How the budget is drawn.
    pub(in crate::report) const fn dashed(width: i32, role: Role) -> Stroke {
        Stroke { width, role, dash: Some([80, 48]) }
    }

    /// Round points as wide as the line is, in effect.
    pub(in crate::report) const fn dotted(width: i32, role: Role) -> Stroke {
        Stroke { width, role, dash: Some([width, 2 * width]) }
    }
}

/// A filled rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Panel {
    pub(in crate::report) area: Area,
    /// Radius of the corners.
    pub(in crate::report) radius: i32,
    pub(in crate::report) fill: Option<Role>,
    /// The outline; half of its width lies outside.
    pub(in crate::report) edge: Option<Stroke>,
}

/// The form of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Marker {
    Circle,
    Square,
    Diamond,
    /// A triangle that points down.
    Down,
    /// A triangle that points up.
    Up,
}

/// Which point of a text is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Text {
    pub(in crate::report) words: String,
    pub(in crate::report) x: i32,
    /// The middle of its capitals.
    pub(in crate::report) y: i32,
    pub(in crate::report) em: i32,
    pub(in crate::report) bold: bool,
    pub(in crate::report) anchor: Anchor,
    pub(in crate::report) role: Role,
    /// Whether it is read upwards.
    pub(in crate::report) rotated: bool,
}

/// What a group tells a page that it stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Tag {
    /// Its class, for style sheets and scripts.
    pub(in crate::report) class: &'static str,
    /// The path of what it stands for.
    pub(in crate::report) path: Option<String>,
    /// What is shown where a pointer rests on it.
    pub(in crate::report) title: Option<String>,
}

/// One thing on the page; later ones lie over earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Mark {
    Panel(Panel),
    Path {
        path: Path,
        /// The fill with its opacity in per cent.
        fill: Option<(Role, u8)>,
        stroke: Option<Stroke>,
    },
    Marker {
        form: Marker,
        at: Point,
        /// From its middle to its edge.
        radius: i32,
        fill: Role,
        edge: Option<Stroke>,
    },
    /// A text with the box that it takes.
    Text(Text, Area),
    Group(Tag, Vec<Mark>),
}

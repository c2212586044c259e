//! The cells of an icicle: rows of the tree at levels, branches pale and their layers full.

use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::hue::Hue;
use crate::report::hue::reduces;
use crate::report::picture::Kind;
use crate::report::plot::icicle::kind_of;
use crate::spec::kernel_of;

/// One cell.
pub(super) struct Cell<'r> {
    pub(super) row: &'r Row,
    /// Its colour, if it is a branch or a layer.
    pub(super) kind: Option<Kind>,
    /// Whether it is a branch, whose layers stand beside it.
    pub(super) is_pale: bool,
    /// Multiply-adds of all before it.
    pub(super) from: u64,
    /// Its own.
    pub(super) madds: u64,
    /// The levels that it takes: from this one up to before that one.
    pub(super) level: usize,
    pub(super) until: usize,
}

/// The cells of a network; rows without multiply-adds have none.
pub(super) fn cells(tree: &Row, staged: bool) -> Vec<Cell<'_>> {
    let module = 1 + usize::from(staged);
    let mut walk = Walk { cells: Vec::new(), module, deep: module + 3 };
    walk.add(tree, 0, 0);
    walk.cells
}

struct Walk<'r> {
    cells: Vec<Cell<'r>>,
    /// The level of modules.
    module: usize,
    /// The end of the last level.
    deep: usize,
}

impl<'r> Walk<'r> {
    fn add(&mut self, row: &'r Row, from: u64, level: usize) {
        if row.madds == 0 {
            return;
        }
        self.cells.push(Cell { row, kind: None, is_pale: false, from, madds: row.madds, level, until: level + 1 });
        if level < self.module {
            let mut done = from;
            for child in &row.children {
                self.add(child, done, level + 1);
                done += child.madds;
            }
            return;
        }
        let mut before: Vec<Hue> = Vec::new();
        let outside = kind_of(row);
        let mut done = from;
        for child in &row.children {
            if child.level == Level::Branch {
                let hue = Hue::of(&child.name);
                let square = kernel_of(&child.name).is_none_or(|[height, width]| height == width);
                let hatched = before.contains(&hue) || !square;
                before.push(hue);
                let kind = Kind::Branch { hue, hatched, reduces: false };
                if child.madds > 0 {
                    let (level, madds) = (level + 1, child.madds);
                    self.cells.push(Cell {
                        row: child,
                        kind: Some(kind),
                        is_pale: true,
                        from: done,
                        madds,
                        level,
                        until: level + 1,
                    });
                    self.leaves(child, kind, done, level + 1);
                }
            } else {
                self.leaves(child, outside, done, level + 1);
            }
            done += child.madds;
        }
        if row.children.is_empty() {
            self.leaves(row, outside, from, level + 1);
        }
    }

    /// The layers of a row, in order of execution, from a level down to the end.
    fn leaves(&mut self, row: &'r Row, kind: Kind, from: u64, level: usize) {
        if row.madds == 0 {
            return;
        }
        let own: u64 = row.nodes.iter().map(|node| node.madds).sum();
        let mut done = from;
        for child in &row.children {
            let kind = match kind {
                Kind::Branch { hue, hatched, .. } => Kind::Branch { hue, hatched, reduces: reduces(&child.name) },
                Kind::Layer | Kind::Classifier => kind,
            };
            self.leaves(child, kind, done, level);
            done += child.madds;
        }
        if own > 0 {
            self.cells.push(Cell { row, kind: Some(kind), is_pale: false, from: done, madds: own, level, until: self.deep });
        }
    }
}

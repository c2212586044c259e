//! Weights as contractions read them: panel by panel, in the order of the loop, lanes without a channel filled with zeros; and back.

use std::ops::Range;
use std::sync::Arc;

use crate::kernel::Channels;
use crate::kernel::LANES;

/// Which weight connects an output with an input channel under a tap. Weights are `[out, in of the group, tap]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Output channels of a group.
    pub out_of_group: u32,
    /// Input channels of a group.
    pub in_of_group: u32,
    /// Taps of a window.
    pub taps: usize,
    /// For each output channel the input channels that it reads, in rising order, where it does not read all of its group.
    pub table: Option<Arc<[Box<[u32]>]>>,
}

impl Links {
    /// Where the weights between two channels begin, one for each tap; nothing if they are not connected.
    fn between(&self, out: u32, input: u32) -> Option<usize> {
        let is_listed = self.table.as_ref().is_none_or(|table| table[out as usize].contains(&input));
        let is_near = out / self.out_of_group == input / self.in_of_group;
        (is_near && is_listed).then(|| {
            let row = u64::from(out) * u64::from(self.in_of_group) + u64::from(input % self.in_of_group);
            row as usize * self.taps
        })
    }
}

/// Which side of weights the rows are that a contraction sums over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Sums over input channels: the layer itself, and the gradient of its weights.
    Forward,
    /// Sums over output channels: the gradient of its input.
    Backward,
}

/// Columns that are computed together, and what they read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The blocks of columns.
    pub columns: Range<usize>,
    /// The blocks of rows that are connected with any of them.
    pub rows: Range<usize>,
    /// Its part of the packed weights.
    pub part: Range<usize>,
}

/// Weights in panels.
#[allow(clippy::struct_field_names, reason = "a table is of panels, and there are many")]
#[derive(Clone, Debug)]
pub struct Panels {
    links: Links,
    direction: Direction,
    rows: Arc<Channels>,
    columns: Arc<Channels>,
    panels: Vec<Panel>,
}

impl Panels {
    /// Panels of at most `most` blocks, as alike as they can be.
    pub fn new(links: Links, direction: Direction, rows: Arc<Channels>, columns: Arc<Channels>, most: usize) -> Panels {
        let count = columns.blocks().div_ceil(most);
        let mut panels = Panels { links, direction, rows, columns, panels: Vec::with_capacity(count) };
        let mut begin = 0;
        for number in 0..count {
            let [first, end] = [number, number + 1].map(|edge| panels.columns.blocks() * edge / count);
            let rows = panels.connected(first..end);
            let lanes: usize = panels.rows.lanes()[rows.clone()].iter().map(|&lanes| lanes as usize).sum();
            let end_of_part = begin + lanes * panels.links.taps * (end - first) * LANES;
            panels.panels.push(Panel { columns: first..end, rows, part: begin..end_of_part });
            begin = end_of_part;
        }
        panels
    }

    /// The panels in order.
    pub fn panels(&self) -> &[Panel] {
        &self.panels
    }

    /// How many numbers the packed weights are.
    pub fn elements(&self) -> usize {
        self.panels.last().map_or(0, |panel| panel.part.end)
    }

    /// A panel's part of numbers that are `[block][point][lane][panel's channels]` or in another order, with so many points where packed
    /// weights have taps.
    pub fn part(&self, panel: &Panel, points: usize) -> Range<usize> {
        let of = |at: usize| at / self.links.taps.max(1) * points;
        of(panel.part.start)..of(panel.part.end)
    }

    /// How many they are.
    pub fn elements_at(&self, points: usize) -> usize {
        self.panels.last().map_or(0, |panel| self.part(panel, points).end)
    }

    /// Cuts them into the parts of the panels.
    pub fn cut<'a>(&self, points: usize, mut numbers: &'a mut [f32]) -> Vec<(&Panel, &'a mut [f32])> {
        let part = |panel| {
            let (part, behind) = std::mem::take(&mut numbers).split_at_mut(self.part(panel, points).len());
            numbers = behind;
            (panel, part)
        };
        self.panels.iter().map(part).collect()
    }

    /// Which side the rows are.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Taps of a window.
    pub fn taps(&self) -> usize {
        self.links.taps
    }

    /// What the rows are.
    pub fn rows(&self) -> &Arc<Channels> {
        &self.rows
    }

    /// What the columns are.
    pub fn columns(&self) -> &Arc<Channels> {
        &self.columns
    }

    /// The blocks of rows from the first to the last that is connected with a block of columns.
    fn connected(&self, columns: Range<usize>) -> Range<usize> {
        let all = 0..self.rows.blocks();
        if self.is_whole() {
            return all;
        }
        let reads = |block: usize| {
            let columns = columns.clone().flat_map(|block| self.columns.of_block(block));
            columns.into_iter().any(|&column| self.rows.of_block(block).iter().any(|&row| self.between(row, column).is_some()))
        };
        let Some(first) = all.clone().find(|&block| reads(block)) else { return 0..0 };
        let last = all.rev().find(|&block| reads(block)).unwrap_or(first);
        first..last + 1
    }

    fn between(&self, row: u32, column: u32) -> Option<usize> {
        match self.direction {
            Direction::Forward => self.links.between(column, row),
            Direction::Backward => self.links.between(row, column),
        }
    }

    /// Writes a panel's part.
    pub fn pack(&self, panel: &Panel, weights: &[f32], part: &mut [f32]) {
        assert_eq!(part.len(), panel.part.len(), "the panel's part");
        part.fill(0.0);
        self.walk(panel, |packed, plain, step| {
            for tap in 0..self.links.taps {
                part[packed + tap * step] = weights[plain + tap];
            }
        });
    }

    /// Adds a panel's part to plain weights.
    pub fn unpack_add(&self, panel: &Panel, part: &[f32], weights: &mut [f32]) {
        assert_eq!(part.len(), panel.part.len(), "the panel's part");
        self.walk(panel, |packed, plain, step| {
            for tap in 0..self.links.taps {
                weights[plain + tap] += part[packed + tap * step];
            }
        });
    }

    /// Whether every row is connected with every column.
    fn is_whole(&self) -> bool {
        let [outs, ins] = match self.direction {
            Direction::Forward => [&self.columns, &self.rows],
            Direction::Backward => [&self.rows, &self.columns],
        };
        self.links.table.is_none() && self.links.out_of_group >= outs.count() && self.links.in_of_group >= ins.count()
    }

    /// For each connected pair of a panel its place in the packed part, its place in the plain weights, and the step between
    /// taps in the packed part.
    fn walk(&self, panel: &Panel, mut pair: impl FnMut(usize, usize, usize)) {
        let width = panel.columns.len() * LANES;
        let is_whole = self.is_whole();
        let row = self.links.in_of_group as usize * self.links.taps;
        // Of plain weights between all channels, those of the next row and of the next column.
        let [of_row, of_column] = match self.direction {
            Direction::Forward => [self.links.taps, row],
            Direction::Backward => [row, self.links.taps],
        };
        let mut begin = 0;
        for block in panel.rows.clone() {
            let channels = self.rows.of_block(block);
            let step = channels.len() * width;
            for (number, columns) in panel.columns.clone().enumerate() {
                for (place, &column) in self.columns.of_block(columns).iter().enumerate() {
                    let at = number * LANES + place;
                    for (lane, &row) in channels.iter().enumerate() {
                        let plain = if is_whole {
                            Some(row as usize * of_row + column as usize * of_column)
                        } else {
                            self.between(row, column)
                        };
                        if let Some(plain) = plain {
                            pair(begin + lane * width + at, plain, step);
                        }
                    }
                }
            }
            begin += step * self.links.taps;
        }
    }
}

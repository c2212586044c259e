//! A fork or a tangle in rows: a column for each branch in written order, a row for each step to the end, so that a shorter branch
//! stands in the last rows. A link that passes a row has a place of its own there, and so never runs behind a box.

use std::collections::BTreeMap;

use crate::report::draw::net::Net;
use crate::report::draw::parse::Branch;
use crate::report::draw::parse::Item;

/// Widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Of a box.
    pub(super) unit: i32,
    /// Between columns.
    pub(super) gap: i32,
    /// Of a column for a link alone.
    pub(super) pass: i32,
}

/// Where the boxes of a fork or tangle stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    /// The boxes of each row, each with its middle.
    pub(super) rows: Vec<Vec<(usize, i32)>>,
    pub(super) routes: Vec<Route>,
}

/// The way of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) link: usize,
    /// The row after which it begins: that of the box it leaves; before the first row nothing.
    pub(super) after: Option<usize>,
    /// Where it passes each row behind that.
    pub(super) passes: Vec<i32>,
}

/// The width that it takes.
pub(super) fn width(net: &Net, item: &Item, sizes: Sizes) -> i32 {
    match item {
        Item::Box(_) => sizes.unit,
        Item::Fork(branches) => {
            let all: i32 = branches.iter().map(|branch| branch_width(net, branch, sizes) + sizes.gap).sum();
            all - sizes.gap
        }
        Item::Tangle(boxes) => {
            let rows = Rows::of(net, boxes);
            let entries = rows.entries(net, boxes);
            entries
                .iter()
                .map(|row| row.iter().map(|entry| entry.width(sizes) + sizes.gap).sum::<i32>() - sizes.gap)
                .max()
                .unwrap_or(0)
        }
    }
}

fn branch_width(net: &Net, branch: &Branch, sizes: Sizes) -> i32 {
    match branch {
        Branch::Through(_) => sizes.pass,
        Branch::Chain(items) => items.iter().map(|item| width(net, item, sizes)).max().unwrap_or(sizes.pass),
    }
}

/// Lays it out from `left` on.
pub(super) fn grid(net: &Net, item: &Item, sizes: Sizes, left: i32) -> Grid {
    let mut boxes = Vec::new();
    item.boxes(&mut boxes);
    boxes.sort_unstable();
    let rows = Rows::of(net, &boxes);
    let mut placer = Placer { net, sizes, rows: &rows, middles: BTreeMap::new(), ways: BTreeMap::new() };
    placer.place(item, left, width(net, item, sizes));
    let mut grid = Grid { rows: vec![Vec::new(); rows.count], routes: Vec::new() };
    for &at in &boxes {
        grid.rows[rows.of[&at]].push((at, placer.middles[&at]));
    }
    grid.rows.iter_mut().for_each(|row| row.sort_by_key(|&(_, middle)| middle));
    for (number, link) in net.links.iter().enumerate() {
        let (after, end) = (rows.of.get(&link.from).copied(), rows.of.get(&link.to).copied());
        let through = placer.ways.get(&(number, usize::MAX)).copied();
        if after.is_none() && end.is_none() && through.is_none() {
            continue;
        }
        let passed = after.map_or(0, |row| row + 1)..end.unwrap_or(rows.count);
        let target = end.map(|_| placer.middles[&link.to]);
        let mut passes = Vec::new();
        // From the end back: where it has no place of its own it stands where it will go on.
        let mut next = through.or(target);
        for row in passed.rev() {
            next = placer.ways.get(&(number, row)).copied().or(next).or_else(|| placer.middles.get(&link.from).copied());
            passes.push(next.unwrap_or(left));
        }
        passes.reverse();
        grid.routes.push(Route { link: number, after, passes });
    }
    grid
}

/// The row of each box: the longest way to the end counts.
struct Rows {
    of: BTreeMap<usize, usize>,
    count: usize,
}

impl Rows {
    fn of(net: &Net, boxes: &[usize]) -> Rows {
        let mut steps: BTreeMap<usize, usize> = boxes.iter().map(|&at| (at, 1)).collect();
        let mut links: Vec<&crate::report::draw::net::Link> =
            net.links.iter().filter(|link| steps.contains_key(&link.from) && steps.contains_key(&link.to)).collect();
        links.sort_by_key(|link| std::cmp::Reverse(link.from));
        for link in links {
            let after = steps[&link.to] + 1;
            let step = steps.get_mut(&link.from).expect("both ends are in it");
            *step = after.max(*step);
        }
        let count = steps.values().copied().max().unwrap_or(0);
        Rows { of: steps.into_iter().map(|(at, steps)| (at, count - steps)).collect(), count }
    }

    /// What stands in each row of a tangle, from left to right.
    fn entries(&self, net: &Net, boxes: &[usize]) -> Vec<Vec<Entry>> {
        let inside = |at: usize| boxes.binary_search(&at).is_ok();
        let mut rows: Vec<Vec<(Entry, Vec<Entry>)>> = vec![Vec::new(); self.count];
        for &at in boxes {
            let sources = net.links.iter().enumerate().filter(|(_, link)| link.to == at && inside(link.from));
            let sources =
                sources.map(
                    |(number, link)| {
                        if self.of[&link.from] + 1 == self.of[&at] { Entry::Box(link.from) } else { Entry::Link(number) }
                    },
                );
            rows[self.of[&at]].push((Entry::Box(at), sources.collect()));
        }
        for (number, link) in net.links.iter().enumerate() {
            let (from, to) = (inside(link.from), inside(link.to));
            if !(from || to) {
                continue;
            }
            let first = if from { self.of[&link.from] + 1 } else { 0 };
            let end = if to { self.of[&link.to] } else { self.count };
            for (row, entries) in rows.iter_mut().enumerate().take(end).skip(first) {
                let source = if row > first { Some(Entry::Link(number)) } else { from.then_some(Entry::Box(link.from)) };
                entries.push((Entry::Link(number), source.into_iter().collect()));
            }
        }
        let mut sorted: Vec<Vec<Entry>> = Vec::with_capacity(rows.len());
        for row in rows {
            let places: BTreeMap<Entry, usize> =
                sorted.last().into_iter().flatten().enumerate().map(|(place, &entry)| (entry, place)).collect();
            // The mean place of what is read, in thousandths.
            let mean = |sources: &[Entry]| {
                let found: Vec<usize> = sources.iter().filter_map(|source| places.get(source).copied()).collect();
                if found.is_empty() { 0 } else { found.iter().sum::<usize>() * 1000 / found.len() }
            };
            let mut keyed: Vec<(usize, Entry)> = row.into_iter().map(|(entry, sources)| (mean(&sources), entry)).collect();
            keyed.sort_unstable();
            sorted.push(keyed.into_iter().map(|(_, entry)| entry).collect());
        }
        sorted
    }
}

/// What stands in a row of a tangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Box(usize),
    /// A link that passes.
    Link(usize),
}

impl Entry {
    fn width(self, sizes: Sizes) -> i32 {
        match self {
            Entry::Box(_) => sizes.unit,
            Entry::Link(_) => sizes.pass,
        }
    }
}

struct Placer<'a> {
    net: &'a Net,
    sizes: Sizes,
    rows: &'a Rows,
    /// The middle of each box.
    middles: BTreeMap<usize, i32>,
    /// Where links pass rows; a link with a column of its own has the row `usize::MAX`.
    ways: BTreeMap<(usize, usize), i32>,
}

impl Placer<'_> {
    fn place(&mut self, item: &Item, left: i32, width: i32) {
        match item {
            Item::Box(at) => {
                self.middles.insert(*at, left + width / 2);
            }
            Item::Fork(branches) => {
                let own = self::width(self.net, item, self.sizes);
                let mut x = left + (width - own) / 2;
                for branch in branches {
                    let own = branch_width(self.net, branch, self.sizes);
                    match branch {
                        Branch::Through(link) => {
                            self.ways.insert((*link, usize::MAX), x + own / 2);
                        }
                        Branch::Chain(items) => items.iter().for_each(|item| self.place(item, x, own)),
                    }
                    x += own + self.sizes.gap;
                }
            }
            Item::Tangle(boxes) => self.tangle(boxes, left, width),
        }
    }

    fn tangle(&mut self, boxes: &[usize], left: i32, width: i32) {
        let own = Rows::of(self.net, boxes);
        let first = boxes.iter().map(|at| self.rows.of[at]).min().unwrap_or(0);
        for (row, entries) in own.entries(self.net, boxes).into_iter().enumerate() {
            let all: i32 = entries.iter().map(|entry| entry.width(self.sizes) + self.sizes.gap).sum();
            let mut x = left + i32::midpoint(width - all, self.sizes.gap);
            for entry in entries {
                let middle = x + entry.width(self.sizes) / 2;
                match entry {
                    Entry::Box(at) => {
                        self.middles.insert(at, middle);
                    }
                    Entry::Link(link) => {
                        self.ways.insert((link, first + row), middle);
                    }
                }
                x += entry.width(self.sizes) + self.sizes.gap;
            }
        }
    }
}

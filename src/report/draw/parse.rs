//! A network as chains and forks. Between two boxes through which everything flows lies nothing, a fork of independent branches, or a
//! tangle that is neither.
//!
//! With a box before all inputs and one behind all results, which are not drawn, this finds the whole of every series-parallel network;
//! what is none ends in tangles, of which only the order is known.

use crate::report::draw::net::Net;

/// A part of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A box through which everything flows.
    Box(usize),
    /// Branches between the box before and the box after, in the order in which the latter reads them.
    Fork(Vec<Branch>),
    /// Boxes in order of execution, connected in some other way.
    Tangle(Vec<usize>),
}

/// One branch of a fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    /// The link from the box before to the box after.
    Through(usize),
    Chain(Vec<Item>),
}

/// Everything between the inputs and the results.
pub(super) fn parse(net: &Net) -> Vec<Item> {
    let parser = Parser::new(net);
    let all: Vec<usize> = (0..net.layers.len()).collect();
    parser.between(End::Outer, End::Outer, &all)
}

impl Item {
    /// The boxes in it, in order.
    pub(super) fn boxes(&self, into: &mut Vec<usize>) {
        match self {
            Item::Box(at) => into.push(*at),
            Item::Tangle(list) => into.extend(list),
            Item::Fork(branches) => {
                for branch in branches {
                    if let Branch::Chain(items) = branch {
                        items.iter().for_each(|item| item.boxes(into));
                    }
                }
            }
        }
    }
}

/// What a part lies between: a box, or the beginning or end of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Box(usize),
    Outer,
}

struct Parser<'a> {
    net: &'a Net,
    leaving: Vec<Vec<usize>>,
    entering: Vec<Vec<usize>>,
}

impl<'a> Parser<'a> {
    fn new(net: &'a Net) -> Parser<'a> {
        Parser { net, leaving: net.leaving(), entering: net.entering() }
    }

    /// What lies between two boxes through which everything flows.
    fn between(&self, above: End, below: End, inner: &[usize]) -> Vec<Item> {
        let parts = self.components(inner);
        let through = self.through(above, below);
        match (&parts[..], &through[..]) {
            ([], [_] | []) => Vec::new(),
            ([part], []) => self.chain(above, below, part),
            _ => {
                let chains = parts.iter().map(|part| (self.port(part, below), Branch::Chain(self.chain(above, below, part))));
                let links = through.iter().map(|&link| (self.net.links[link].port, Branch::Through(link)));
                let mut branches: Vec<(usize, Branch)> = chains.chain(links).collect();
                branches.sort_by_key(|(port, _)| *port);
                vec![Item::Fork(branches.into_iter().map(|(_, branch)| branch).collect())]
            }
        }
    }

    fn through(&self, above: End, below: End) -> Vec<usize> {
        let (End::Box(from), End::Box(to)) = (above, below) else { return Vec::new() };
        self.leaving[from].iter().copied().filter(|&link| self.net.links[link].to == to).collect()
    }

    /// Where a branch stands among the others: the first input of the box after that it gives.
    fn port(&self, part: &[usize], below: End) -> usize {
        let End::Box(to) = below else { return part[0] };
        let links = self.entering[to].iter().map(|&link| self.net.links[link]);
        links.filter(|link| part.binary_search(&link.from).is_ok()).map(|link| link.port).min().unwrap_or(usize::MAX)
    }

    /// A connected part as a chain, cut at every box through which all of it flows: those that no link leaps over.
    fn chain(&self, above: End, below: End, part: &[usize]) -> Vec<Item> {
        let place = |at: usize| part.binary_search(&at).ok();
        let mut reach = 0;
        let begins = |at: usize| match above {
            End::Outer => self.entering[at].is_empty(),
            End::Box(above) => self.entering[at].iter().any(|&link| self.net.links[link].from == above),
        };
        for (position, &at) in part.iter().enumerate() {
            if begins(at) {
                reach = position;
            }
        }
        let mut cuts = Vec::new();
        for (position, &at) in part.iter().enumerate() {
            if reach <= position {
                cuts.push(position);
            }
            let next = self.leaving[at].iter().map(|&link| place(self.net.links[link].to).unwrap_or(part.len()));
            // What nobody reads is a result.
            reach = reach.max(next.max().unwrap_or(part.len()));
        }
        if cuts.is_empty() {
            return vec![Item::Tangle(part.to_vec())];
        }
        let mut items = Vec::new();
        let (mut before, mut start) = (above, 0);
        for cut in cuts {
            items.extend(self.between(before, End::Box(part[cut]), &part[start..cut]));
            items.push(Item::Box(part[cut]));
            (before, start) = (End::Box(part[cut]), cut + 1);
        }
        items.extend(self.between(before, below, &part[start..]));
        items
    }

    /// The parts of some boxes that links among them connect, each in order.
    fn components(&self, inner: &[usize]) -> Vec<Vec<usize>> {
        let mut roots: Vec<usize> = (0..inner.len()).collect();
        for (position, &at) in inner.iter().enumerate() {
            for &link in &self.leaving[at] {
                if let Ok(to) = inner.binary_search(&self.net.links[link].to) {
                    let (a, b) = (root(&mut roots, position), root(&mut roots, to));
                    roots[a.max(b)] = a.min(b);
                }
            }
        }
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut numbers: Vec<Option<usize>> = vec![None; inner.len()];
        for (position, &at) in inner.iter().enumerate() {
            let root = root(&mut roots, position);
            let number = *numbers[root].get_or_insert_with(|| {
                parts.push(Vec::new());
                parts.len() - 1
            });
            parts[number].push(at);
        }
        parts
    }
}

fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

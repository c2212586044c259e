//! Modules as frames: a run of a chain that is all of one module is framed, and equal frames one behind the other are one.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::op::Op;
use crate::op::Storage;
use crate::report::draw::net::Net;
use crate::report::draw::parse::Branch;
use crate::report::draw::parse::Item;

/// A part of what is stacked.
#[derive(Clone, Debug)]
pub(super) enum Element {
    Box(usize),
    /// A fork or a tangle in rows.
    Grid(Item),
    Frame(Frame),
    /// A fork whose branches hold frames.
    Wide(Vec<Lane>),
}

/// A branch of a wide fork.
#[derive(Clone, Debug)]
pub(super) enum Lane {
    Through(usize),
    Stack(Vec<Element>),
}

/// A module, or several equal ones.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The paths of all copies.
    pub(super) paths: Vec<String>,
    /// What is in the first copy.
    pub(super) elements: Vec<Element>,
    /// The boxes of every copy; those at one position stand for one another.
    pub(super) copies: Vec<Vec<usize>>,
    /// The fewest and the most channels that a copy reads.
    pub(super) reads: [u32; 2],
}

impl Frame {
    /// Its forks and tangles.
    pub(super) fn grids(&self) -> Vec<Item> {
        let grid = |element: &Element| if let Element::Grid(item) = element { Some(item.clone()) } else { None };
        self.elements.iter().filter_map(grid).collect()
    }
}

/// How modules are framed.
pub(super) struct Framer<'a> {
    net: &'a Net,
    /// Paths in which others lie, each with the number of boxes in it.
    modules: BTreeMap<&'a str, usize>,
    /// Boxes that heads read.
    tapped: BTreeSet<usize>,
    entering: Vec<Vec<usize>>,
    /// Whether equal modules are drawn one by one.
    all: bool,
}

impl<'a> Framer<'a> {
    pub(super) fn new(net: &'a Net, all: bool) -> Framer<'a> {
        let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
        for layer in &net.layers {
            for (end, _) in layer.path.match_indices('/') {
                modules.insert(&layer.path[..end], 0);
            }
        }
        for layer in &net.layers {
            let ends = layer.path.match_indices('/').map(|(end, _)| end).chain([layer.path.len()]);
            for end in ends {
                if let Some(count) = modules.get_mut(&layer.path[..end]) {
                    *count += 1;
                }
            }
        }
        let tapped = net.heads.iter().flat_map(|head| head.reads.iter().copied()).collect();
        Framer { net, modules, tapped, entering: net.entering(), all }
    }

    /// Items as elements; modules `depth` steps deep are framed, deeper ones where such a module is a chain of them.
    pub(super) fn elements(&self, items: &[Item], depth: usize) -> Vec<Element> {
        let keys = self.keys(items, depth);
        let mut elements = Vec::new();
        let mut at = 0;
        while at < items.len() {
            let end = (at..items.len()).find(|&other| keys[other] != keys[at]).unwrap_or(items.len());
            let run = &items[at..end];
            match keys[at].filter(|key| self.modules[key] == boxes(run).len()) {
                Some(key) => {
                    let opened = self.elements(run, depth + 1);
                    let frames = opened.iter().filter(|element| matches!(element, Element::Frame(_))).count();
                    let parts: usize = opened
                        .iter()
                        .map(|element| if let Element::Frame(frame) = element { frame.copies.len() } else { 0 })
                        .sum();
                    if frames >= 1 && parts >= 2 {
                        elements.extend(opened);
                    } else {
                        elements.push(Element::Frame(self.frame(key, run)));
                    }
                }
                None => elements.extend(run.iter().map(|item| self.plain(item, depth))),
            }
            at = end;
        }
        if self.all { elements } else { self.folded(elements) }
    }

    /// For each item the module in which all of its boxes lie.
    fn keys(&self, items: &[Item], depth: usize) -> Vec<Option<&'a str>> {
        let mut keys = vec![None; items.len()];
        for (at, item) in items.iter().enumerate().rev() {
            let mut inside = Vec::new();
            item.boxes(&mut inside);
            let mut found = inside.iter().map(|&inner| self.key(inner, depth));
            keys[at] = match found.next() {
                Some(first) if found.all(|other| other == first) => first,
                Some(_) => None,
                None => keys.get(at + 1).copied().flatten(),
            };
        }
        keys
    }

    fn key(&self, at: usize, depth: usize) -> Option<&'a str> {
        let path = &self.net.layers[at].path;
        let end = path.match_indices('/').map(|(end, _)| end).chain([path.len()]).nth(depth)?;
        self.modules.contains_key(&path[..end]).then_some(&path[..end])
    }

    fn plain(&self, item: &Item, depth: usize) -> Element {
        let branches = match item {
            Item::Box(at) => return Element::Box(*at),
            Item::Tangle(_) => return Element::Grid(item.clone()),
            Item::Fork(branches) => branches,
        };
        let lane = |branch: &Branch| match branch {
            Branch::Through(link) => Lane::Through(*link),
            Branch::Chain(items) => Lane::Stack(self.elements(items, depth)),
        };
        let lanes: Vec<Lane> = branches.iter().map(lane).collect();
        let framed = |element: &Element| matches!(element, Element::Frame(_) | Element::Wide(_));
        let is_wide = lanes.iter().any(|lane| matches!(lane, Lane::Stack(elements) if elements.iter().any(framed)));
        if is_wide { Element::Wide(lanes) } else { Element::Grid(item.clone()) }
    }

    fn frame(&self, path: &str, run: &[Item]) -> Frame {
        let elements = run.iter().map(|item| match item {
            Item::Box(at) => Element::Box(*at),
            item => Element::Grid(item.clone()),
        });
        let boxes = boxes(run);
        let outside = |at: &&usize| !boxes.contains(&self.net.links[**at].from);
        let read = boxes.iter().flat_map(|&at| &self.entering[at]).find(outside);
        let channels = read.map_or(0, |&link| self.net.links[link].shape.c);
        Frame { paths: vec![path.to_owned()], elements: elements.collect(), copies: vec![boxes], reads: [channels; 2] }
    }

    /// Equal frames one behind the other as one.
    fn folded(&self, elements: Vec<Element>) -> Vec<Element> {
        let mut folded: Vec<Element> = Vec::with_capacity(elements.len());
        let mut last = None;
        for element in elements {
            let Element::Frame(frame) = element else {
                last = None;
                folded.push(element);
                continue;
            };
            // What ends in a fork or a tangle hands on more than one box's result, or what passes it by.
            let is_closed = matches!(frame.elements.last(), Some(Element::Box(_)));
            let likeness = if frame.copies.len() == 1 && is_closed { self.likeness(&frame.copies[0]) } else { None };
            match folded.last_mut() {
                Some(Element::Frame(before)) if likeness.is_some() && last == likeness => {
                    before.paths.extend(frame.paths);
                    before.copies.extend(frame.copies);
                    before.reads = [before.reads[0].min(frame.reads[0]), before.reads[1].max(frame.reads[1])];
                }
                _ => folded.push(Element::Frame(frame)),
            }
            last = likeness;
        }
        folded
    }

    /// What two modules have in common that are drawn as one: what every box does, its grid, what it reads within the module. Channels
    /// follow from that and from what the module reads. A module with a head has no like.
    fn likeness(&self, boxes: &[usize]) -> Option<Vec<String>> {
        if boxes.iter().any(|at| self.tapped.contains(at)) {
            return None;
        }
        let place = |from: usize| boxes.iter().position(|&at| at == from);
        let one = |&at: &usize| {
            let layer = &self.net.layers[at];
            let ops: Vec<String> = layer.ops.iter().map(said).collect();
            let reads: Vec<Option<usize>> = self.entering[at].iter().map(|&link| place(self.net.links[link].from)).collect();
            format!("{:?} {ops:?} {:?} {reads:?}", layer.form, [layer.shape.h, layer.shape.w])
        };
        Some(boxes.iter().map(one).collect())
    }
}

/// What an operator does in inference.
fn said(op: &Op) -> String {
    let written = op.write();
    if acts_in_training_only(op) { written.word.to_owned() } else { format!("{written:?}") }
}

/// Whether it hands on its input in inference.
pub(super) fn acts_in_training_only(op: &Op) -> bool {
    matches!(op.storage(false), Storage::View { .. }) && !matches!(op.storage(true), Storage::View { .. })
}

fn boxes(items: &[Item]) -> Vec<usize> {
    let mut boxes = Vec::new();
    items.iter().for_each(|item| item.boxes(&mut boxes));
    boxes
}

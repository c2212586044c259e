//! Stacks elements one below the other and leads the links through them.

use std::collections::BTreeMap;

use crate::report::draw::frames::Element;
use crate::report::draw::frames::Frame;
use crate::report::draw::grid;
use crate::report::draw::grid::Sizes;
use crate::report::draw::net::Form;
use crate::report::draw::net::Net;
use crate::report::draw::parse::Item;
use crate::report::draw::plan::Framed;
use crate::report::draw::plan::Label;
use crate::report::draw::plan::Placed;
use crate::report::draw::plan::Plan;
use crate::report::draw::plan::Ribbon;
use crate::report::draw::plan::Trunk;
use crate::report::draw::style::Scales;
use crate::report::draw::style::Style;
use crate::report::draw::style::bytes;
use crate::report::draw::style::lines;
use crate::report::draw::style::sums;
use crate::report::draw::words;
use crate::report::numbers::short;
use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Scene;

/// A link on its way.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) link: usize,
    pub(super) points: Vec<Point>,
    pub(super) fans: bool,
}

/// Where elements stand: the left and right edge.
pub(super) type Span = [i32; 2];

/// A drawing that is being laid out.
pub(super) struct Stack<'a> {
    pub(super) net: &'a Net,
    pub(super) style: Style,
    pub(super) scales: Scales,
    pub(super) scene: &'a Scene,
    pub(super) plan: Plan,
    /// Multiply-adds of the network.
    pub(super) total: u64,
    pub(super) leaving: Vec<Vec<usize>>,
    /// Boxes that stand for several, with their number and the multiply-adds of all.
    pub(super) sums: BTreeMap<usize, (usize, u64)>,
    /// For the boxes of further copies the one that is drawn.
    pub(super) drawn: BTreeMap<usize, usize>,
    /// In a frame.
    pub(super) framed: bool,
    pub(super) unit: i32,
}

impl<'a> Stack<'a> {
    pub(super) fn new(net: &'a Net, style: Style, scales: Scales, scene: &'a Scene, total: u64) -> Stack<'a> {
        Stack {
            net,
            style,
            scales,
            scene,
            plan: Plan::default(),
            total,
            leaving: net.leaving(),
            sums: BTreeMap::new(),
            drawn: BTreeMap::new(),
            framed: false,
            unit: style.widest,
        }
    }

    /// Stacks elements from `top` down; gives where they end and the links that go on.
    pub(super) fn stack(&mut self, elements: &[Element], span: Span, top: i32, mut open: Vec<Open>) -> (i32, Vec<Open>) {
        let mut y = top;
        for (position, element) in elements.iter().enumerate() {
            let before = position.checked_sub(1).map(|before| &elements[before]);
            y += self.space(before, element);
            (y, open) = match element {
                Element::Box(at) => self.single(*at, span, y, open),
                Element::Grid(item) => self.grid(item, span, y, open),
                Element::Frame(frame) => self.frame(frame, span, y, open),
                Element::Wide(lanes) => self.wide(lanes, span, y, open),
            };
        }
        (y, open)
    }

    /// The space in front of an element.
    pub(super) fn space(&self, before: Option<&Element>, element: &Element) -> i32 {
        match (before, element) {
            (Some(Element::Grid(_) | Element::Wide(_)), Element::Box(_)) => self.style.bend(),
            (None, _) | (_, Element::Grid(_) | Element::Wide(_)) => 0,
            _ => self.style.chain_gap(),
        }
    }

    fn box_width(&self, span: Span) -> i32 {
        if self.framed { self.unit } else { (span[1] - span[0]) * 44 / 100 }
    }

    /// One box in the middle, with its name, its multiply-adds and its heads.
    fn single(&mut self, at: usize, span: Span, top: i32, mut open: Vec<Open>) -> (i32, Vec<Open>) {
        let middle = i32::midpoint(span[0], span[1]);
        let area = self.put(at, middle, self.box_width(span), [top, top], &mut open);
        let (net, style) = (self.net, self.style);
        let layer = &net.layers[at];
        let y = area.middle().y;
        let [left, right] = [area.left - style.tenths(5), area.right + style.tenths(5)];
        if self.framed {
            if layer.form == Form::Join || self.leaves_frame(at) {
                let words = self.shapes(at);
                if self.scene.measure(&words, style.em, false) <= span[1] - right {
                    self.label(words, Point::at(right, y + style.tenths(1)), style.em, Role::Sub, false);
                }
            }
        } else if layer.form == Form::Layer && layer.madds > 0 {
            let words = short(layer.madds);
            if self.scene.measure(&words, style.em, false) <= span[1] - right {
                self.label(words, Point::at(right, y), style.em, Role::Sub, false);
            }
            let name = self.scene.cut(&layer.name, style.name, true, left - span[0]);
            self.plan.labels.push(Label {
                words: name,
                at: Point::at(left, y),
                em: style.name,
                bold: true,
                to_left: true,
                role: Role::Ink,
            });
        } else if layer.form == Form::Join || layer.form == Form::Outside {
            let most = span[1] - right;
            let whole = match layer.form {
                Form::Join => format!("concat, {}", words::shape(layer.shape)),
                _ => words::line(&layer.words),
            };
            let words = self.scene.cut(&whole, style.em, false, most);
            self.label(words, Point::at(right, y), style.em, Role::Ink, false);
        }
        let bottom = self.tags(at, area, span);
        (bottom, open)
    }

    /// Places a box below `gate`, where links end to bend, and `top`; ends the links to it and opens those from it.
    fn put(&mut self, at: usize, middle: i32, width: i32, [gate, top]: [i32; 2], open: &mut Vec<Open>) -> Area {
        let (style, layer) = (self.style, &self.net.layers[at]);
        let (times, madds) = self.sums.get(&at).copied().unwrap_or((1, layer.madds));
        let (mut ends, rest): (Vec<Open>, Vec<Open>) =
            std::mem::take(open).into_iter().partition(|open| self.net.links[open.link].to == at);
        *open = rest;
        ends.sort_by_key(|open| self.net.links[open.link].port);
        let widths: Vec<i32> = ends.iter().map(|open| self.scales.width(&style, bytes(self.net, open.link))).collect();
        let all: i32 = widths.iter().sum();
        let (width, height, lines) = match layer.form {
            Form::Join => (all, style.bar(), Vec::new()),
            Form::Outside => (self.scales.width(&style, bytes_of(self.net, at)), style.bar() * 2, Vec::new()),
            Form::Input | Form::Layer => {
                let mut lines = self.lines(at, width);
                if style.numbers && layer.form == Form::Layer {
                    lines.push(short(layer.madds));
                }
                let text = style.line() * lines.len() as i32 + style.tenths(3);
                (width, text + self.scales.rise(&style, madds / times as u64), lines)
            }
        };
        let area = Area { left: middle - width / 2, top, right: middle - width / 2 + width, bottom: top + height };
        let mut x = if layer.form == Form::Join { area.left } else { middle - all / 2 };
        for (end, width) in ends.into_iter().zip(widths) {
            let slot = x + width / 2;
            x += width;
            let mut points = end.points;
            points.push(Point::at(slot, gate));
            if gate < top {
                points.push(Point::at(slot, top));
            }
            points.dedup();
            self.plan.ribbons.push(Ribbon { link: end.link, points, width, fans: end.fans });
        }
        self.plan.boxes.push(Placed { at, area, lines, times, madds });
        let fans = self.leaving[at].len() > 1;
        open.extend(self.leaving[at].iter().map(|&link| Open { link, points: vec![Point::at(middle, area.bottom)], fans }));
        area
    }

    fn lines(&self, at: usize, width: i32) -> Vec<String> {
        let layer = &self.net.layers[at];
        let most = width - self.style.em / 3;
        // What differs between copies is left out.
        let parts = match self.sums.get(&at) {
            Some((times, _)) if *times > 1 && layer.ops.iter().any(crate::report::draw::frames::acts_in_training_only) => {
                vec![layer.ops[0].word().to_owned()]
            }
            _ => layer.words.clone(),
        };
        lines(self.scene, &parts, self.style.em, most)
    }

    /// A fork or tangle in rows; where its links part comes first.
    fn grid(&mut self, item: &Item, span: Span, top: i32, open: Vec<Open>) -> (i32, Vec<Open>) {
        let style = self.style;
        let sizes = self.sizes(std::slice::from_ref(item), span);
        self.unit = sizes.unit;
        let width = grid::width(self.net, item, sizes);
        let grid = grid::grid(self.net, item, sizes, i32::midpoint(span[0], span[1]) - width / 2);
        let (mut mine, mut others): (Vec<Open>, Vec<Open>) =
            open.into_iter().partition(|open| grid.routes.iter().any(|route| route.link == open.link));
        self.trunk(&mut mine, top);
        // Beside the beginnings of ribbons stand their channels.
        let stub = if style.numbers { style.tenths(14) } else { 0 };
        let mut y = top;
        for (row, cells) in grid.rows.iter().enumerate() {
            let bends = grid.routes.iter().any(|route| {
                let first = route.after.map_or(0, |row| row + 1);
                let passes = row.checked_sub(first).and_then(|at| route.passes.get(at));
                let enters = passes.is_none() && cells.iter().any(|(at, _)| *at == self.net.links[route.link].to);
                (passes.is_some() || enters) && (row == first || passes.is_none()) && self.turns(route, row, cells, &mine)
            });
            y += match (row, bends) {
                (0, _) if mine.is_empty() => 0,
                (_, true) => style.bend(),
                (_, false) => style.row_gap(),
            };
            let heights = cells.iter().map(|&(at, _)| self.height(at, sizes.unit));
            let height = heights.max().unwrap_or(0);
            for open in &mut mine {
                let Some(route) = grid.routes.iter().find(|route| route.link == open.link) else { continue };
                let first = route.after.map_or(0, |row| row + 1);
                if let Some(&x) = row.checked_sub(first).and_then(|at| route.passes.get(at)) {
                    open.points.extend([Point::at(x, y), Point::at(x, y + height + stub)]);
                }
            }
            for &(at, middle) in cells {
                let top = y + (height - self.height(at, sizes.unit)) / 2;
                let area = self.put(at, middle, sizes.unit, [y, top], &mut mine);
                self.channels(at, area);
                for open in mine.iter_mut().filter(|open| self.net.links[open.link].from == at) {
                    open.points.push(Point::at(middle, y + height + stub));
                    open.points.dedup();
                }
            }
            y += height + stub;
        }
        mine.append(&mut others);
        (y, mine)
    }

    /// Whether a link bends on its way into a row.
    fn turns(&self, route: &grid::Route, row: usize, cells: &[(usize, i32)], open: &[Open]) -> bool {
        let Some(from) = open.iter().find(|open| open.link == route.link).and_then(|open| open.points.last()) else {
            return true;
        };
        let first = route.after.map_or(0, |row| row + 1);
        let passes = row.checked_sub(first).and_then(|at| route.passes.get(at)).copied();
        let to = passes.or_else(|| cells.iter().find(|(at, _)| *at == self.net.links[route.link].to).map(|&(_, x)| x));
        to.is_some_and(|x| (x - from.x).abs() > self.style.em / 4)
    }

    fn height(&self, at: usize, width: i32) -> i32 {
        let layer = &self.net.layers[at];
        let (times, madds) = self.sums.get(&at).copied().unwrap_or((1, layer.madds));
        match layer.form {
            Form::Join => self.style.bar(),
            Form::Outside => self.style.bar() * 2,
            Form::Input | Form::Layer => {
                let count = self.lines(at, width).len() + usize::from(self.style.numbers && layer.form == Form::Layer);
                self.style.line() * count as i32 + self.style.tenths(3) + self.scales.rise(&self.style, madds / times as u64)
            }
        }
    }

    /// The widest boxes with which items fit.
    pub(super) fn sizes(&self, items: &[Item], span: Span) -> Sizes {
        let (gap, pass) = (self.style.tenths(5), self.style.tenths(18));
        let fits =
            |unit: i32| items.iter().all(|item| grid::width(self.net, item, Sizes { unit, gap, pass }) <= span[1] - span[0]);
        let mut unit = self.style.widest.min(span[1] - span[0]);
        while unit > self.style.em && !fits(unit) {
            unit -= (unit / 40).max(1);
        }
        Sizes { unit, gap, pass }
    }

    /// Links that leave one box go together as far as `to`.
    pub(super) fn trunk(&mut self, open: &mut [Open], to: i32) {
        let mut done: Vec<usize> = Vec::new();
        for way in open {
            let from = self.net.links[way.link].from;
            let Some(&last) = way.points.last() else { continue };
            if !way.fans || way.points.len() > 1 || last.y >= to {
                continue;
            }
            if !done.contains(&from) {
                done.push(from);
                let width = self.scales.width(&self.style, bytes(self.net, way.link));
                self.plan.trunks.push(Trunk { from, points: vec![last, Point::at(last.x, to)], width });
            }
            way.points = vec![Point::at(last.x, to)];
        }
    }

    fn frame(&mut self, frame: &Frame, span: Span, top: i32, mut open: Vec<Open>) -> (i32, Vec<Open>) {
        let style = self.style;
        let first = &frame.copies[0];
        self.sums.extend(sums(self.net, &frame.copies));
        for copy in &frame.copies {
            self.drawn.extend(copy.iter().zip(first).map(|(&at, &drawn)| (at, drawn)));
        }
        // Behind several equal modules the shadow of a second one shows.
        let shadow = if frame.copies.len() > 1 { style.tenths(5) } else { 0 };
        let outer = [span[0], span[1] - shadow];
        let madds: u64 = frame.copies.iter().flatten().map(|&at| self.net.layers[at].madds).sum();
        let head = self.heading(frame, madds, outer, top);
        let inner = [span[0] + style.pad(), span[1] - shadow.max(0) - style.pad()];
        let middle = i32::midpoint(span[0], span[1]);
        // The middle stays that of the column, so that the chain runs straight.
        let half = (middle - inner[0]).min(inner[1] - middle);
        let inner = [middle - half, middle + half];
        self.framed = true;
        self.unit = self.sizes(&frame.grids(), inner).unit;
        let begins_with_box = matches!(frame.elements.first(), Some(Element::Box(_)));
        let start = head + if begins_with_box { style.tenths(8) } else { 0 };
        // The links of a further copy come from the one before it.
        let last_of_first = first.last().copied();
        let place = self.plan.boxes.len();
        let (bottom, mut after) = self.stack(&frame.elements, inner, start, std::mem::take(&mut open));
        debug_assert!(self.plan.boxes.len() > place);
        self.framed = false;
        if frame.copies.len() > 1 {
            // The last copy's output goes on, drawn from the first's box.
            let lasts = frame.copies.last().and_then(|copy| copy.last()).copied();
            let from =
                after.iter().find(|open| Some(self.net.links[open.link].from) == last_of_first).map(|open| open.points.clone());
            after.retain(|open| !first.contains(&self.net.links[open.link].from));
            if let (Some(last), Some(mut points)) = (lasts, from) {
                // What goes on to a further copy ends with the frame; what the last copy gives begins there.
                if let Some(&start) = points.last() {
                    let end = Point::at(start.x, bottom + style.pad() + style.tenths(2));
                    let from = first[first.len() - 1];
                    let width = self.scales.width(&style, bytes_of(self.net, from));
                    self.plan.trunks.push(Trunk { from, points: vec![start, end], width });
                    points = vec![end];
                }
                let fans = self.leaving[last].len() > 1;
                after.extend(self.leaving[last].iter().map(|&link| Open { link, points: points.clone(), fans }));
            }
        }
        let bottom = bottom + style.pad() + style.tenths(2);
        let area = Area { left: outer[0], top, right: outer[1], bottom };
        self.plan.frames.push(Framed { area, paths: frame.paths.clone(), copies: frame.copies.clone(), madds });
        (bottom + shadow, after)
    }
}

/// The bytes that a box gives.
pub(super) fn bytes_of(net: &Net, at: usize) -> u64 {
    let elements = net.layers[at].shape.elements();
    (elements * u128::from(crate::base::units::F32_BYTES)).try_into().unwrap_or(u64::MAX)
}

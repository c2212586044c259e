//! Branches that hold frames, side by side; and how narrow a column may be.

use crate::report::draw::frames::Element;
use crate::report::draw::frames::Lane;
use crate::report::draw::grid;
use crate::report::draw::grid::Sizes;
use crate::report::draw::stack::Open;
use crate::report::draw::stack::Span;
use crate::report::draw::stack::Stack;
use crate::report::draw::style::narrowest;
use crate::report::picture::Point;

impl Stack<'_> {
    /// Branches that hold frames, side by side.
    pub(super) fn wide(&mut self, lanes: &[Lane], span: Span, top: i32, open: Vec<Open>) -> (i32, Vec<Open>) {
        let style = self.style;
        let gap = style.tenths(12);
        let stacks = lanes.iter().filter(|lane| matches!(lane, Lane::Stack(_))).count() as i32;
        let passes = lanes.len() as i32 - stacks;
        let pass = style.tenths(18);
        let room = span[1] - span[0] - gap * (lanes.len() as i32 - 1) - pass * passes;
        let (mut mine, mut rest): (Vec<Open>, Vec<Open>) = open.into_iter().partition(|open| {
            let to = self.net.links[open.link].to;
            lanes.iter().any(|lane| match lane {
                Lane::Through(link) => *link == open.link,
                Lane::Stack(elements) => elements.iter().any(|element| holds(element, to)),
            })
        });
        self.trunk(&mut mine, top);
        let start = if mine.is_empty() { top } else { top + style.bend() * 2 };
        let (mut left, mut end) = (span[0], start);
        let mut after: Vec<Open> = Vec::new();
        for lane in lanes {
            let width = match lane {
                Lane::Through(_) => pass,
                Lane::Stack(_) => room / stacks.max(1),
            };
            let lane_span = [left, left + width];
            let middle = left + width / 2;
            left += width + gap;
            let (mut own, others): (Vec<Open>, Vec<Open>) = std::mem::take(&mut mine).into_iter().partition(|open| match lane {
                Lane::Through(link) => *link == open.link,
                Lane::Stack(elements) => elements.iter().any(|element| holds(element, self.net.links[open.link].to)),
            });
            mine = others;
            for open in &mut own {
                open.points.push(Point::at(middle, start));
            }
            match lane {
                Lane::Through(_) => after.append(&mut own),
                Lane::Stack(elements) => {
                    let (bottom, mut given) = self.stack(elements, lane_span, start, own);
                    end = end.max(bottom);
                    after.append(&mut given);
                }
            }
        }
        for open in &mut after {
            if let Some(&last) = open.points.last() {
                open.points.push(Point::at(last.x, end));
                open.points.dedup();
            }
        }
        after.append(&mut rest);
        (end, after)
    }

    /// The narrowest column in which every word fits its box.
    pub(super) fn narrowest(&self, elements: &[Element]) -> i32 {
        elements.iter().map(|element| self.narrowest_of(element)).max().unwrap_or(0)
    }

    fn narrowest_of(&self, element: &Element) -> i32 {
        let style = self.style;
        let unit = |boxes: &[usize]| boxes.iter().map(|&at| narrowest(self.scene, self.net, at, style.em)).max().unwrap_or(0);
        match element {
            Element::Box(at) => unit(&[*at]) * 100 / 44,
            Element::Grid(item) => {
                let mut boxes = Vec::new();
                item.boxes(&mut boxes);
                grid::width(self.net, item, Sizes { unit: unit(&boxes), gap: style.tenths(5), pass: style.tenths(18) })
            }
            Element::Frame(frame) => {
                let all = unit(&frame.copies[0]);
                let widths = frame.elements.iter().map(|element| match element {
                    Element::Grid(item) => {
                        grid::width(self.net, item, Sizes { unit: all, gap: style.tenths(5), pass: style.tenths(18) })
                    }
                    _ => all,
                });
                widths.max().unwrap_or(0) + 2 * style.pad() + style.tenths(10)
            }
            Element::Wide(lanes) => {
                let widths = lanes.iter().map(|lane| match lane {
                    Lane::Through(_) => style.tenths(18),
                    Lane::Stack(elements) => self.narrowest(elements),
                });
                widths.map(|width| width + style.tenths(12)).sum()
            }
        }
    }
}

fn holds(element: &Element, at: usize) -> bool {
    match element {
        Element::Box(own) => *own == at,
        Element::Grid(item) => {
            let mut boxes = Vec::new();
            item.boxes(&mut boxes);
            boxes.contains(&at)
        }
        Element::Frame(frame) => frame.copies[0].contains(&at),
        Element::Wide(lanes) => lanes.iter().any(|lane| match lane {
            Lane::Through(_) => false,
            Lane::Stack(elements) => elements.iter().any(|element| holds(element, at)),
        }),
    }
}

//! What stands beside boxes and on frames: names, numbers, shapes, the tags of heads.

use crate::report::draw::frames::Frame;
use crate::report::draw::net::Form;
use crate::report::draw::plan::Label;
use crate::report::draw::plan::Tagged;
use crate::report::draw::stack::Span;
use crate::report::draw::stack::Stack;
use crate::report::draw::style::bytes;
use crate::report::draw::words;
use crate::report::numbers::percent;
use crate::report::numbers::short;
use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::picture::Role;

impl Stack<'_> {
    /// What a box gives; of several that it stands for the range of channels.
    pub(super) fn shapes(&self, at: usize) -> String {
        let shape = self.net.layers[at].shape;
        let last = self.drawn.iter().filter(|&(_, &drawn)| drawn == at).map(|(&copy, _)| copy).max().unwrap_or(at);
        let most = self.net.layers[last].shape.c;
        let words = words::shape(shape);
        match words.split_once(' ') {
            Some((first, rest)) if most != shape.c => format!("{first}–{most} {rest}"),
            _ => words,
        }
    }

    /// Whether what a box gives is read outside its module.
    pub(super) fn leaves_frame(&self, at: usize) -> bool {
        let module = |at: usize| self.net.layers[at].path.split('/').next().unwrap_or_default();
        self.leaving[at].iter().any(|&link| module(self.net.links[link].to) != module(at)) || self.leaving[at].is_empty()
    }

    pub(super) fn label(&mut self, words: String, at: Point, em: i32, role: Role, to_left: bool) {
        self.plan.labels.push(Label { words, at, em, bold: false, to_left, role });
    }

    /// The line of a frame: name and number of copies at the left, multiply-adds and share at the right. Gives where it ends.
    pub(super) fn heading(&mut self, frame: &Frame, madds: u64, span: Span, top: i32) -> i32 {
        let style = self.style;
        let y = top + style.tenths(10);
        let count = frame.paths.len();
        let numbers = format!("{}  {}", short(madds), percent(madds, self.total));
        let middle = i32::midpoint(span[0], span[1]);
        let trunk = self.thickness(frame) / 2 + style.tenths(3);
        let room = middle - span[0] - style.pad() - trunk;
        let (name, times) = match (frame.paths.first(), frame.paths.last()) {
            (Some(first), Some(last)) if count > 1 => (ranged(first, last), format!(" × {count}")),
            (first, _) => (first.cloned().unwrap_or_default(), String::new()),
        };
        let times_width = self.scene.measure(&times, style.name, true);
        let name = self.scene.cut(&name, style.name, true, room - times_width) + &times;
        self.plan.labels.push(Label {
            words: name,
            at: Point::at(span[0] + style.pad(), y),
            em: style.name,
            bold: true,
            to_left: false,
            role: Role::Ink,
        });
        let fits = |text: &str| self.scene.measure(text, style.em, false) <= span[1] - style.pad() - middle - trunk;
        let numbers = if fits(&numbers) { numbers } else { short(madds) };
        if madds > 0 && fits(&numbers) {
            self.label(numbers, Point::at(span[1] - style.pad(), y), style.em, Role::Sub, true);
        }
        let mut end = top + style.tenths(12);
        if frame.reads[0] != frame.reads[1] {
            let y = y + style.tenths(13);
            let words = format!("{}–{} channels in", frame.reads[0], frame.reads[1]);
            let words = self.scene.cut(&words, style.em, false, room);
            self.label(words, Point::at(span[0] + style.pad(), y), style.em, Role::Sub, false);
            end += style.tenths(13);
        }
        end
    }

    /// The width of the thickest link into a module.
    fn thickness(&self, frame: &Frame) -> i32 {
        let first = &frame.copies[0];
        let links = self.net.links.iter().enumerate();
        let entering = links.filter(|(_, link)| first.contains(&link.to) && !first.contains(&link.from));
        entering.map(|(number, _)| self.scales.width(&self.style, bytes(self.net, number))).max().unwrap_or(0)
    }

    /// The tags of the heads that read a box, at its left; gives where all ends.
    pub(super) fn tags(&mut self, at: usize, area: Area, span: Span) -> i32 {
        let style = self.style;
        let heads: Vec<usize> =
            (0..self.net.heads.len()).filter(|&head| self.net.heads[head].reads.first() == Some(&at)).collect();
        let is_bar = self.net.layers[at].form == Form::Join;
        let mut y = if is_bar { area.top } else { area.bottom + style.tenths(2) };
        let mut bottom = area.bottom;
        for head in heads {
            let right = if is_bar { area.left - style.tenths(8) } else { area.left };
            let room = right - span[0] - style.tenths(6);
            let name = &self.net.heads[head].name;
            let forms = [format!("{name}: training only"), format!("{name}, training"), name.clone()];
            let fitting = forms.iter().find(|form| self.scene.measure(form, style.em, false) <= room);
            let words = self.scene.cut(fitting.unwrap_or(name), style.em, false, room);
            let width = self.scene.measure(&words, style.em, false) + style.tenths(6);
            let tag = Area { left: right - width, top: y, right, bottom: y + style.tenths(14) };
            let lead = if is_bar && y == area.top {
                vec![Point::at(tag.right, area.middle().y), Point::at(area.left, area.middle().y)]
            } else {
                let x = area.left + style.tenths(3);
                vec![Point::at(x, area.bottom), Point::at(x, tag.middle().y), Point::at(tag.right, tag.middle().y)]
            };
            self.plan.tags.push(Tagged { head, area: tag, words, lead });
            y = tag.bottom + style.tenths(3);
            bottom = bottom.max(tag.bottom);
        }
        bottom
    }

    /// How many channels leave a box, beside the ribbon.
    pub(super) fn channels(&mut self, at: usize, area: Area) {
        let style = self.style;
        if let Some(&link) = self.leaving[at].first().filter(|_| style.numbers) {
            let half = self.scales.width(&style, bytes(self.net, link)) / 2;
            let words = self.net.links[link].shape.c.to_string();
            let (left, right) = (area.middle().x - half - style.tenths(4), area.middle().x + half + style.tenths(4));
            let y = area.bottom + style.tenths(9);
            // At the page's edge it stands at the left.
            let fits = right + self.scene.measure(&words, style.em, false) <= self.scene.width;
            self.label(words, Point::at(if fits { right } else { left }, y), style.em, Role::Sub, !fits);
        }
    }
}

/// `b.1–b.7`; of copies of one layer in one place the numbers alone, `b.1–7`.
fn ranged(first: &str, last: &str) -> String {
    match (first.rsplit_once('.'), last.rsplit_once('.')) {
        (Some((a, _)), Some((b, number))) if a == b => format!("{first}–{number}"),
        _ => format!("{first}–{last}"),
    }
}

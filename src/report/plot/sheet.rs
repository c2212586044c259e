//! What all plots are set with: sizes of text, the title, a legend, ticks.

use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Scene;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::picture::Width;

/// The page's edge.
pub(in crate::report) const MARGIN: i32 = 140;

/// A page that is being laid out.
pub(in crate::report) struct Sheet {
    pub(in crate::report) scene: Scene,
    pub(in crate::report) width: Width,
    /// Plain text.
    pub(in crate::report) em: i32,
    /// Axes.
    pub(in crate::report) small: i32,
    /// Remarks.
    pub(in crate::report) note: i32,
}

/// What stands before a word in a legend.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) enum Swatch {
    Part(Kind),
    Fill(Role),
    Marker(Marker, Role, Option<Role>),
}

impl Sheet {
    /// An empty one.
    pub(in crate::report) fn new(width: Width) -> Sheet {
        Sheet { scene: Scene::new(width.extent()), width, em: width.em(0), small: width.em(-5), note: width.em(-10) }
    }

    /// Whether it has the width of a page, or nearly.
    pub(in crate::report) fn is_page(&self) -> bool {
        self.width != Width::Column
    }

    /// Where all ends at the right.
    pub(in crate::report) const fn right(&self) -> i32 {
        self.scene.width - MARGIN
    }

    /// Cuts the page under `bottom`.
    pub(in crate::report) fn finish(self, bottom: i32) -> Picture {
        self.scene.finish(bottom + MARGIN)
    }

    /// Places a text.
    pub(in crate::report) fn put(&mut self, text: Text) {
        self.scene.text(text);
    }

    /// Plain text.
    pub(in crate::report) fn text(&self, words: &str, x: i32, y: i32, anchor: Anchor) -> Text {
        Text { words: words.to_owned(), x, y, em: self.em, bold: false, anchor, role: Role::Ink, rotated: false }
    }

    /// Secondary text, as small as axes are.
    pub(in crate::report) fn sub(&self, words: &str, x: i32, y: i32, anchor: Anchor) -> Text {
        Text { em: self.small, role: Role::Sub, ..self.text(words, x, y, anchor) }
    }

    /// Places the title: what it says of the network whose name it may begin with. Gives the middle of its line.
    pub(in crate::report) fn title(&mut self, name: Option<&str>, words: &str) -> i32 {
        let large = self.width.em(16);
        let y = MARGIN + large / 2;
        let name = name.map(|name| self.scene.cut(name, large, true, self.scene.width * 6 / 10));
        let title = name.map_or_else(|| words.to_owned(), |name| format!("{name}: {words}"));
        let (title, em) = self.scene.fit(&title, large, true, self.scene.width - 2 * MARGIN);
        self.put(Text { em, bold: true, ..self.text(&title, MARGIN, y, Anchor::Start) });
        y
    }

    /// Places a line under the title, cut to the page; gives the middle of its line.
    pub(in crate::report) fn subtitle(&mut self, words: &str, above: i32) -> i32 {
        let y = above + self.em * 17 / 10;
        let words = self.scene.cut(words, self.em, false, self.scene.width - 2 * MARGIN);
        let text = Text { role: Role::Sub, ..self.text(&words, MARGIN, y, Anchor::Start) };
        self.put(text);
        y
    }

    /// Places swatches with their words under the line at `above`; gives the middle of the last line.
    pub(in crate::report) fn legend(&mut self, entries: &[(Swatch, String)], above: i32) -> i32 {
        self.legend_within(entries, above, MARGIN, self.right())
    }

    /// The same between two edges.
    pub(super) fn legend_within(&mut self, entries: &[(Swatch, String)], above: i32, left: i32, right: i32) -> i32 {
        let em = self.em;
        let (mut x, mut y) = (left, above + em * 17 / 10);
        for (swatch, word) in entries {
            let word = self.scene.cut(word, em, false, (right - left) * 2 / 3);
            let after = x + em + em / 4 + self.scene.measure(&word, em, false);
            if after > right && x > left {
                (x, y) = (left, y + em * 17 / 10);
            }
            let area = Area { left: x, top: y - em * 4 / 10, right: x + em * 8 / 10, bottom: y + em * 4 / 10 };
            match *swatch {
                Swatch::Part(kind) => self.scene.part(area, kind),
                Swatch::Fill(role) => self.scene.fill(area, role),
                Swatch::Marker(form, fill, edge) => {
                    let edge = edge.map(|role| Stroke::solid(em / 9, role));
                    self.scene.marker(form, area.middle(), em * 3 / 10, fill, edge);
                }
            }
            let text = self.text(&word, x + em + em / 4, y, Anchor::Start);
            x = self.scene.area(&text).right + em * 12 / 10;
            self.scene.text(text);
        }
        y
    }

    /// A note under all at the left, in as many lines as it needs; gives where it ends.
    pub(in crate::report) fn remark(&mut self, words: &str, top: i32) -> i32 {
        let most = self.scene.width - 2 * MARGIN;
        let mut y = top;
        for line in self.lines(words, self.note, most) {
            let text = Text { em: self.note, role: Role::Sub, ..self.text(&line, MARGIN, y, Anchor::Start) };
            self.scene.text(text);
            y += self.note * 14 / 10;
        }
        y - self.note * 14 / 10 + self.note * 6 / 10
    }

    /// Words broken into lines of at most `most`.
    pub(super) fn lines(&self, words: &str, em: i32, most: i32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words.split(' ') {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|line| self.scene.measure(line, em, false) <= most) {
                Some(line) => *lines.last_mut().expect("a line was made longer") = line,
                None => lines.push(self.scene.cut(word, em, false, most)),
            }
        }
        lines
    }

    /// A level line of the value grid.
    pub(super) fn level(&mut self, left: i32, right: i32, y: i32, role: Role) {
        self.scene.fill(Area { left, right, top: y - 8, bottom: y + 8 }, role);
    }

    /// The budget's line across.
    pub(super) fn budget_line(&mut self, from: Point, to: Point) {
        self.scene.line(&[from, to], Stroke::dashed(30, Role::Ink));
    }
}

//! A picture before it is written: filled rectangles, strokes and texts on a page, in hundredths of a millimetre, y downwards.

use crate::report::plot::font::Font;
use crate::report::plot::palette::Rgb;

/// How wide a picture is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// One of two columns, 85 mm, set in 7 pt.
    Column,
    /// The page, 174 mm, set in 8 pt.
    #[default]
    Page,
}

impl Width {
    /// The width.
    pub(super) const fn extent(self) -> i32 {
        match self {
            Width::Column => 8500,
            Width::Page => 17_400,
        }
    }

    /// The height of the plain text: points, tenths of a point added.
    pub(super) const fn em(self, more_tenths: i32) -> i32 {
        let tenths = match self {
            Width::Column => 70,
            Width::Page => 80,
        };
        // A point is 25.4 / 72 mm.
        (tenths + more_tenths) * 254 / 72
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Area {
    /// From left to right.
    pub(super) const fn width(self) -> i32 {
        self.right - self.left
    }

    /// The point that `part` of `whole` reaches from the left edge on.
    pub(super) fn reach(self, part: u64, whole: u64) -> i32 {
        self.left + (i128::from(self.width()) * i128::from(part) / i128::from(whole.max(1))) as i32
    }

    /// Whether two have a point in common.
    pub(super) const fn meets(self, other: Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Which point of a text is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) words: String,
    pub(super) x: i32,
    /// The middle of its capitals.
    pub(super) y: i32,
    pub(super) em: i32,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
    pub(super) colour: Rgb,
}

/// One thing on the page; later ones lie over earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A fill without a meaning of its own.
    Fill(Area, Rgb),
    /// A fill whose width stands for a number of multiply-adds.
    Bar(Area, Rgb, u64),
    /// A straight stroke of a width.
    Stroke([(i32, i32); 2], i32, Rgb),
    /// A text with the box that it takes.
    Text(Text, Area),
}

/// A page with its marks.
pub(super) struct Scene {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) marks: Vec<Mark>,
    font: Font,
}

impl Scene {
    /// An empty page; its height is set when all is placed.
    pub(super) fn new(width: i32) -> Scene {
        Scene { width, height: 0, marks: Vec::new(), font: Font::embedded() }
    }

    /// The width of a text.
    pub(super) fn measure(&self, text: &str, em: i32, bold: bool) -> i32 {
        self.font.width(text, em, bold)
    }

    /// The box of a text: from the top of its capitals to the bottom of its descenders.
    pub(super) fn area(&self, text: &Text) -> Area {
        let width = self.measure(&text.words, text.em, text.bold);
        let left = match text.anchor {
            Anchor::Start => text.x,
            Anchor::Middle => text.x - width / 2,
            Anchor::End => text.x - width,
        };
        Area { left, right: left + width, top: text.y - text.em * 38 / 100, bottom: text.y + text.em * 60 / 100 }
    }

    /// Places a text.
    pub(super) fn text(&mut self, text: Text) {
        if !text.words.is_empty() {
            let area = self.area(&text);
            self.marks.push(Mark::Text(text, area));
        }
    }

    /// Places a fill.
    pub(super) fn fill(&mut self, area: Area, colour: Rgb) {
        self.marks.push(Mark::Fill(area, colour));
    }

    /// A text that fits `most`: as it is, else set smaller by up to a quarter, else cut with an ellipsis. Gives the em.
    pub(super) fn fit(&self, text: &str, em: i32, bold: bool, most: i32) -> (String, i32) {
        let width = self.measure(text, em, bold);
        if width <= most {
            return (text.to_owned(), em);
        }
        let small = (i64::from(em) * i64::from(most) / i64::from(width)) as i32;
        let em = small.max(em * 3 / 4);
        (self.cut(text, em, bold, most), em)
    }

    /// A text that fits `most`, cut with an ellipsis if need be.
    pub(super) fn cut(&self, text: &str, em: i32, bold: bool, most: i32) -> String {
        let mut kept = text.to_owned();
        let mut shown = kept.clone();
        while self.measure(&shown, em, bold) > most && kept.pop().is_some() {
            shown = format!("{kept}…");
        }
        shown
    }
}

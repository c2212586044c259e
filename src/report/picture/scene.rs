//! A page with what stands on it, and texts measured before they are placed.

use crate::report::picture::font::Font;
use crate::report::picture::kind::Kind;
use crate::report::picture::mark::Anchor;
use crate::report::picture::mark::Area;
use crate::report::picture::mark::Mark;
use crate::report::picture::mark::Marker;
use crate::report::picture::mark::Panel;
use crate::report::picture::mark::Point;
use crate::report::picture::mark::Stroke;
use crate::report::picture::mark::Tag;
use crate::report::picture::mark::Text;
use crate::report::picture::path::Path;
use crate::report::picture::path::hatching;
use crate::report::picture::role::Role;

/// How wide a picture is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// One of two columns, 85 mm, set in 7 pt.
    Column,
    /// The page, 174 mm, set in 8 pt.
    #[default]
    Page,
    /// Half of a page of HTML, set in 8 pt.
    Half,
    /// All of it, set in 8 pt.
    Wide,
}

impl Width {
    /// The width.
    pub(in crate::report) const fn extent(self) -> i32 {
        match self {
            Width::Column => 8500,
            Width::Page => 17_400,
            Width::Half => 14_600,
            Width::Wide => 29_800,
        }
    }

    /// The height of the plain text: points, tenths of a point added.
    pub(in crate::report) const fn em(self, more_tenths: i32) -> i32 {
        let tenths = match self {
            Width::Column => 70,
            Width::Page | Width::Half | Width::Wide => 80,
        };
        // A point is 25.4 / 72 mm.
        (tenths + more_tenths) * 254 / 72
    }

    /// Pixels of an inch, unless others are asked for.
    pub const fn dpi(self) -> u32 {
        match self {
            Width::Column => 300,
            Width::Page | Width::Half | Width::Wide => 200,
        }
    }
}

/// A picture that is ready to be written: [`crate::report::svg`], [`crate::report::png`].
#[derive(Clone, Debug)]
pub struct Picture {
    pub(in crate::report) width: i32,
    pub(in crate::report) height: i32,
    pub(in crate::report) marks: Vec<Mark>,
}

/// A page on which marks are placed.
pub(in crate::report) struct Scene {
    pub(in crate::report) width: i32,
    marks: Vec<Mark>,
    font: Font,
}

impl Scene {
    /// An empty page.
    pub(in crate::report) fn new(width: i32) -> Scene {
        Scene { width, marks: Vec::new(), font: Font::embedded() }
    }

    /// The page, cut at a height, on its background.
    pub(in crate::report) fn finish(mut self, height: i32) -> Picture {
        let area = Area { left: 0, top: 0, right: self.width, bottom: height };
        self.marks.insert(0, Mark::Panel(Panel { area, radius: 0, fill: Some(Role::Background), edge: None }));
        Picture { width: self.width, height, marks: self.marks }
    }

    /// The width of a text.
    pub(in crate::report) fn measure(&self, text: &str, em: i32, bold: bool) -> i32 {
        self.font.width(text, em, bold)
    }

    /// The box of a text: from the top of its capitals to the bottom of its descenders.
    pub(in crate::report) fn area(&self, text: &Text) -> Area {
        let width = self.measure(&text.words, text.em, text.bold);
        let before = match text.anchor {
            Anchor::Start => 0,
            Anchor::Middle => width / 2,
            Anchor::End => width,
        };
        let (up, down) = (text.em * 38 / 100, text.em * 60 / 100);
        if text.rotated {
            let bottom = text.y + before;
            Area { left: text.x - up, right: text.x + down, top: bottom - width, bottom }
        } else {
            let left = text.x - before;
            Area { left, right: left + width, top: text.y - up, bottom: text.y + down }
        }
    }

    /// Places a text.
    pub(in crate::report) fn text(&mut self, text: Text) {
        if !text.words.is_empty() {
            let area = self.area(&text);
            self.marks.push(Mark::Text(text, area));
        }
    }

    /// Places a fill.
    pub(in crate::report) fn fill(&mut self, area: Area, role: Role) {
        self.panel(Panel { area, radius: 0, fill: Some(role), edge: None });
    }

    /// Places a fill with corners and an outline.
    pub(in crate::report) fn panel(&mut self, panel: Panel) {
        self.marks.push(Mark::Panel(panel));
    }

    /// Places the fill of a part, hatched where its kind is.
    pub(in crate::report) fn part(&mut self, area: Area, kind: Kind) {
        self.fill(area, Role::Fill(kind));
        self.hatch(area, kind);
    }

    /// Places the lines of a hatched kind.
    pub(in crate::report) fn hatch(&mut self, area: Area, kind: Kind) {
        let path = hatching(area);
        if kind.is_hatched() && path != Path::default() {
            self.stroke(path, Stroke::solid(14, Role::Background));
        }
    }

    /// Places a line.
    pub(in crate::report) fn line(&mut self, points: &[Point], stroke: Stroke) {
        self.stroke(Path::through(points), stroke);
    }

    /// Places a line along a path.
    pub(in crate::report) fn stroke(&mut self, path: Path, stroke: Stroke) {
        self.marks.push(Mark::Path { path, fill: None, stroke: Some(stroke) });
    }

    /// Places a filled path; the opacity is in per cent.
    pub(in crate::report) fn shape(&mut self, path: Path, role: Role, opacity: u8) {
        self.marks.push(Mark::Path { path, fill: Some((role, opacity)), stroke: None });
    }

    /// Places a marker.
    pub(in crate::report) fn marker(&mut self, form: Marker, at: Point, radius: i32, fill: Role, edge: Option<Stroke>) {
        self.marks.push(Mark::Marker { form, at, radius, fill, edge });
    }

    /// Places what `draw` places as one group.
    pub(in crate::report) fn group<T>(&mut self, tag: Tag, draw: impl FnOnce(&mut Scene) -> T) -> T {
        let outside = std::mem::take(&mut self.marks);
        let given = draw(self);
        let inside = std::mem::replace(&mut self.marks, outside);
        self.marks.push(Mark::Group(tag, inside));
        given
    }

    /// A text that fits `most`: as it is, else set smaller by up to a quarter, else cut with an ellipsis. Gives the em.
    pub(in crate::report) fn fit(&self, text: &str, em: i32, bold: bool, most: i32) -> (String, i32) {
        let width = self.measure(text, em, bold);
        if width <= most {
            return (text.to_owned(), em);
        }
        let small = (i64::from(em) * i64::from(most) / i64::from(width)) as i32;
        let em = small.max(em * 3 / 4);
        (self.cut(text, em, bold, most), em)
    }

    /// A text that fits `most`, cut with an ellipsis if need be.
    pub(in crate::report) fn cut(&self, text: &str, em: i32, bold: bool, most: i32) -> String {
        let mut kept = text.to_owned();
        let mut shown = kept.clone();
        while self.measure(&shown, em, bold) > most && kept.pop().is_some() {
            shown = format!("{kept}…");
        }
        shown
    }

    /// The boxes of all texts that were placed.
    pub(in crate::report) fn texts(&self) -> Vec<Area> {
        let mut areas = Vec::new();
        gather(&self.marks, &mut areas);
        areas
    }
}

fn gather(marks: &[Mark], areas: &mut Vec<Area>) {
    for mark in marks {
        match mark {
            Mark::Text(_, area) => areas.push(*area),
            Mark::Group(_, marks) => gather(marks, areas),
            Mark::Panel(_) | Mark::Path { .. } | Mark::Marker { .. } => {}
        }
    }
}

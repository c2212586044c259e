//! Remarks on a chart: a few lines beside what they are about, with a leader where they stand apart.

use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::taken::Taken;

/// One line of a remark.
pub(super) struct Line {
    pub(super) words: String,
    pub(super) bold: bool,
    pub(super) role: Role,
}

impl Reach {
    /// Beside the point, or apart with a leader.
    pub(super) const fn of(em: i32) -> Reach {
        Reach { least: em, most: 12 * em, leads: true }
    }

    /// Where the point is, or near it.
    pub(super) const fn at(em: i32) -> Reach {
        Reach { least: 0, most: 9 * em, leads: false }
    }
}

impl Line {
    pub(super) fn plain(words: impl Into<String>) -> Line {
        Line { words: words.into(), bold: false, role: Role::Sub }
    }
}

/// How far a remark stands from its point.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) least: i32,
    pub(super) most: i32,
    /// Whether a line leads to the point from a place apart.
    pub(super) leads: bool,
}

/// Writes a remark on a point where there is room within reach; without room there is none. What it takes is added.
pub(super) fn remark(sheet: &mut Sheet, taken: &mut Taken, lines: &[Line], about: Point, reach: Reach, within: Area) {
    let em = sheet.note;
    let pitch = em * 13 / 10;
    let width = lines.iter().map(|line| sheet.scene.measure(&line.words, em, line.bold)).max().unwrap_or(0);
    let height = pitch * (lines.len() as i32 - 1) + em;
    let Some(place) = taken.nearest([width, height], about, reach.least, within) else { return };
    let nearest = Point::at(about.x.clamp(place.left, place.right), about.y.clamp(place.top, place.bottom));
    let (across, down) = (f64::from(nearest.x - about.x), f64::from(nearest.y - about.y));
    let distance = (across * across + down * down).sqrt();
    if distance > f64::from(reach.most) {
        return;
    }
    let clear = f64::from(sheet.em) * 0.45;
    if reach.leads && distance > clear * 3.0 {
        // From beside the point to just before the words.
        let at =
            |length: f64| Point::at(about.x + (across * length / distance) as i32, about.y + (down * length / distance) as i32);
        sheet.scene.line(&[at(clear), at(distance - clear / 3.0)], Stroke::solid(18, Role::Faint));
        taken.line(&[about, nearest]);
    }
    let anchor = if place.middle().x >= about.x { Anchor::Start } else { Anchor::End };
    let x = if anchor == Anchor::Start { place.left } else { place.right };
    let mut y = place.top + em * 4 / 10;
    for line in lines {
        let text = Text { em, bold: line.bold, role: line.role, ..sheet.sub(&line.words, x, y, anchor) };
        // No level line goes through words.
        let behind = sheet.scene.area(&text).grown(6);
        sheet.scene.fill(behind, Role::Background);
        sheet.put(text);
        y += pitch;
    }
    taken.area(place);
}

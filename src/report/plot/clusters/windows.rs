//! Where the units of the largest clusters lie about their anchors: one window of 5x5 a cluster.

use crate::propose::Grouping;
use crate::propose::Largest;
use crate::report::hue::Hue;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Path;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::plot::sheet::Sheet;

/// Windows beside each other.
const BESIDE: i32 = 4;

/// The colour of what covers an extent.
pub(super) fn of_extent(side: usize) -> Role {
    let hue = match side {
        1 => Hue::One,
        3 => Hue::Three,
        _ => Hue::Five,
    };
    Role::Fill(Kind::Branch { hue, hatched: false, reduces: false })
}

/// Draws windows in rows of four under `[left, top]`, each so wide; gives where they end.
pub(super) fn draw(sheet: &mut Sheet, title: &str, found: &Grouping, [left, top]: [i32; 2], width: i32, most: usize) -> i32 {
    sheet.put(Text { bold: true, ..sheet.text(title, left, top, Anchor::Start) });
    let gap = sheet.em * 8 / 10;
    let side = (width - gap * (BESIDE - 1)) / BESIDE;
    let top = top + sheet.em * 14 / 10;
    let below = side + sheet.em * 22 / 10;
    let shown: Vec<&Largest> = found.largest.iter().take(most).collect();
    for (number, cluster) in shown.iter().enumerate() {
        let (row, column) = (number as i32 / BESIDE, number as i32 % BESIDE);
        window(sheet, cluster, [left + column * (side + gap), top + row * below], side);
    }
    top + (shown.len() as i32 + BESIDE - 1) / BESIDE * below
}

fn window(sheet: &mut Sheet, cluster: &Largest, [left, top]: [i32; 2], side: i32) {
    let whole = Area { left, top, right: left + side, bottom: top + side };
    sheet.scene.fill(whole, Role::Panel);
    let cells = cluster.window.len() as u64;
    let most = cluster.window.iter().flatten().copied().fold(0.0, f64::max);
    let edge = |at: usize| whole.reach(at as u64, cells) - whole.left;
    for (row, masses) in cluster.window.iter().enumerate() {
        for (column, &mass) in masses.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
            let [x0, x1, y0, y1] = [edge(column), edge(column + 1), edge(row), edge(row + 1)];
            let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(|(x, y)| Point::at(left + x, top + y));
            let strength = (100.0 * (mass / most).sqrt()).round() as u8;
            let tag = Tag { class: "window", path: None, title: Some(format!("squared correlation {mass:.2}")) };
            sheet.scene.group(tag, |scene| scene.shape(Path::around(&corners), of_extent(cluster.extent), strength));
        }
    }
    let covered = cluster.extent.min(5);
    let [a, b] = [(5 - covered) / 2, (5 - covered) / 2 + covered].map(edge);
    let at = |x: i32, y: i32| Point::at(left + x, top + y);
    sheet.scene.line(&[at(a, a), at(b, a), at(b, b), at(a, b), at(a, a)], Stroke::solid(24, Role::Ink));
    let channels = cluster.channels.len();
    let words = format!("{channels} channel{}", if channels == 1 { "" } else { "s" });
    let text = sheet.sub(&words, whole.middle().x, whole.bottom + sheet.em * 8 / 10, Anchor::Middle);
    let words = sheet.scene.cut(&text.words, sheet.note, false, side);
    sheet.put(Text { words, em: sheet.note, ..text });
}

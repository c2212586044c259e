//! A confusion matrix as a heat map: rows are what images are, columns what they were taken for.

use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::train::Judgement;

/// Classes that are named.
const NAMED: usize = 40;
/// The largest cell.
const LARGEST: i32 = 1100;

/// The matrix: a cell's strength is its share of the row's images, right ones and others in two colours; numbers are per cent of the row.
pub fn confusion(found: &Judgement, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(Some(&found.name), "what images were taken for");
    let right = found.top1 as f64 * 100.0 / found.images.max(1) as f64;
    let words = format!(
        "{} images, {right:.2} % right; rows are classes, columns what they were taken for, in % of the row",
        found.images
    );
    let y = sheet.subtitle(&words, y);
    let columns = found.confusion.first().map_or(0, Vec::len);
    let names: Vec<&str> =
        found.classes.iter().map(String::as_str).chain((columns > found.classes.len()).then_some("other")).collect();
    let named = columns <= NAMED;
    let em = sheet.small;
    let most = sheet.scene.width / 5;
    let labels: Vec<String> =
        names.iter().map(|name| if named { sheet.scene.cut(name, em, false, most) } else { String::new() }).collect();
    let room = labels.iter().map(|label| sheet.scene.measure(label, em, false)).max().unwrap_or(0);
    let (left, top) = (MARGIN + room + em / 2, y + sheet.em + room + em);
    let side = ((sheet.right() - left) / columns.max(1) as i32).clamp(1, LARGEST);
    let area = |row: usize, column: usize| {
        let (left, top) = (left + side * column as i32, top + side * row as i32);
        Area { left, top, right: left + side, bottom: top + side }
    };
    let numbered = sheet.scene.measure("100", sheet.note, false) + 40 <= side && sheet.note <= side;
    for (row, cells) in found.confusion.iter().enumerate() {
        let images: u64 = cells.iter().sum();
        let text = sheet.sub(&labels[row], left - em / 2, area(row, 0).middle().y, Anchor::End);
        sheet.put(text);
        for (column, &times) in cells.iter().enumerate().filter(|&(_, &times)| times > 0) {
            let share = (times as f64 * 100.0 / images as f64).round() as u8;
            let cell = area(row, column);
            let role = if row == column { Role::This } else { Role::Over };
            let title = format!("{}: {times} of {images} taken for {}", names[row], names[column]);
            let corners = [(cell.left, cell.top), (cell.right, cell.top), (cell.right, cell.bottom), (cell.left, cell.bottom)];
            let path = Path::around(&corners.map(|(x, y)| Point::at(x, y)));
            // What happened at all is seen.
            let tag = Tag { class: "cell", path: None, title: Some(title) };
            sheet.scene.group(tag, |scene| scene.shape(path, role, share.max(4)));
            if numbered && share > 0 {
                let ink = if share > 55 { Role::Background } else { Role::Ink };
                let middle = cell.middle();
                let text =
                    Text { em: sheet.note, role: ink, ..sheet.text(&share.to_string(), middle.x, middle.y, Anchor::Middle) };
                sheet.put(text);
            }
        }
    }
    for (column, label) in labels.iter().enumerate() {
        let text = Text { rotated: true, ..sheet.sub(label, area(0, column).middle().x, top - em / 2, Anchor::Start) };
        sheet.put(text);
    }
    let bottom = top + side * found.confusion.len() as i32;
    for (x, y, over, down) in [(left, top, side * columns as i32, 0), (left, bottom, side * columns as i32, 0)] {
        sheet.scene.fill(Area { left: x, top: y - 8, right: x + over, bottom: y + down + 8 }, Role::Rule);
    }
    sheet.finish(bottom)
}

//! A confusion matrix as a heat map: rows are what images are, columns what they were taken for.

use crate::base::units;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::plot::frame::with_unit;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::train::Judgement;

/// Classes that are named, at most.
const NAMED: usize = 40;
/// The largest cell.
const LARGEST: i32 = 1100;
/// The smallest text: 5.2 pt.
const SMALLEST: i32 = 184;

/// How names and cells share the width.
struct Fit {
    /// Side of a cell.
    side: i32,
    /// Size of the names, and the longest that they may be; none where there is no room.
    names: Option<[i32; 2]>,
}

impl Fit {
    /// Names may take a fifth of the width, less where cells would be lower than a line.
    fn of(sheet: &Sheet, names: &[&str]) -> Fit {
        let count = names.len().max(1) as i32;
        let width = sheet.right() - MARGIN;
        let bare = Fit { side: (width / count).clamp(1, LARGEST), names: None };
        if names.len() > NAMED {
            return bare;
        }
        let longest = |em: i32| names.iter().map(|name| sheet.scene.measure(name, em, false)).max().unwrap_or(0);
        for em in [sheet.small, sheet.note, SMALLEST] {
            let room = longest(em).min(width / 5);
            let side = (width - room - em / 2) / count;
            if side >= em {
                return Fit { side: side.min(LARGEST), names: Some([em, room]) };
            }
        }
        // Lines as close as they may be; what then is left for names, if it holds a few letters.
        let room = width - SMALLEST / 2 - count * SMALLEST;
        if room < 6 * SMALLEST { bare } else { Fit { side: SMALLEST, names: Some([SMALLEST, room]) } }
    }
}

/// The matrix: a cell is the stronger the more of the row's images it holds, right ones and others in two colours; numbers are per cent of
/// the row, while there is room for them.
pub fn confusion(found: &Judgement, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(Some(&found.name), "what images were taken for");
    let images = spaced(&units::grouped(found.images.into()));
    let right = with_unit(&format!("{:.2}", found.top1 as f64 * 100.0 / found.images.max(1) as f64), "%");
    let y = sheet.subtitle(&format!("{right} of {images} images right"), y);
    let columns = found.confusion.first().map_or(0, Vec::len);
    let names: Vec<&str> =
        found.classes.iter().map(String::as_str).chain((columns > found.classes.len()).then_some("other")).collect();
    let fit = Fit::of(&sheet, &names);
    let [em, room] = fit.names.unwrap_or_default();
    let label = |name: &&str| if em > 0 { sheet.scene.cut(name, em, false, room) } else { String::new() };
    let labels: Vec<String> = names.iter().map(label).collect();
    let room = labels.iter().map(|label| sheet.scene.measure(label, em, false)).max().unwrap_or(0);
    let (left, top) = (MARGIN + room + em / 2, y + sheet.em * 13 / 10 + room + em / 2);
    let area = |row: usize, column: usize| {
        let (left, top) = (left + fit.side * column as i32, top + fit.side * row as i32);
        Area { left, top, right: left + fit.side, bottom: top + fit.side }
    };
    let whole = Area { right: area(0, columns).left, bottom: area(found.confusion.len(), 0).top, ..area(0, 0) };
    sheet.scene.fill(whole, Role::Panel);
    let numbered = sheet.scene.measure("100", sheet.note, false) + 40 <= fit.side;
    for (row, cells) in found.confusion.iter().enumerate() {
        let images: u64 = cells.iter().sum();
        for (column, &times) in cells.iter().enumerate().filter(|&(_, &times)| times > 0) {
            let share = times as f64 * 100.0 / images as f64;
            let cell = area(row, column);
            let role = if row == column { Role::This } else { Role::Over };
            let title = format!("{}: {times} of {images} taken for {}", names[row], names[column]);
            let corners = [(cell.left, cell.top), (cell.right, cell.top), (cell.right, cell.bottom), (cell.left, cell.bottom)];
            let path = Path::around(&corners.map(|(x, y)| Point::at(x, y)));
            // Of few images much is seen: one per cent is a tenth of the strength.
            let strength = (share.sqrt() * 10.0).round() as u8;
            let tag = Tag { class: "cell", path: None, title: Some(title) };
            sheet.scene.group(tag, |scene| scene.shape(path, role, strength));
            if numbered && share >= 0.5 {
                let ink = if strength > 55 { Role::Background } else { Role::Ink };
                let middle = cell.middle();
                let number = format!("{share:.0}");
                let text = Text { em: sheet.note, role: ink, ..sheet.text(&number, middle.x, middle.y, Anchor::Middle) };
                sheet.put(text);
            }
        }
    }
    for (at, label) in labels.iter().enumerate() {
        let place = area(at, at).middle();
        if at < found.confusion.len() {
            let text = sheet.sub(label, left - em / 2, place.y, Anchor::End);
            sheet.put(Text { em, ..text });
        }
        let text = sheet.sub(label, place.x, top - em / 2, Anchor::Start);
        sheet.put(Text { em, rotated: true, ..text });
    }
    let strong = "; the root of the share is a cell's strength";
    let words = match (numbered, fit.names.is_some()) {
        (true, _) => "Rows are classes, columns what they were taken for, in % of the row.".to_owned(),
        (false, true) => format!("Rows are classes, columns what they were taken for{strong}."),
        (false, false) => format!("Rows are the {} classes in order, columns what they were taken for{strong}.", names.len()),
    };
    let bottom = sheet.remark(&words, whole.bottom + sheet.em * 13 / 10);
    sheet.finish(bottom)
}

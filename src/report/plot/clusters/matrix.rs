//! Correlations of channels as a heat map, those of a cluster beside each other.

use crate::propose::Grouping;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Path;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::plot::sheet::Sheet;

/// Clusters that are framed: of two channels at least.
const LEAST: usize = 2;

/// Draws a square of a side under `[left, top]`; positive and negative correlations in two colours, the stronger the fuller.
pub(super) fn draw(sheet: &mut Sheet, found: &Grouping, [left, top]: [i32; 2], side: i32) {
    let title = Text { bold: true, ..sheet.text("Correlations at one position", left, top, Anchor::Start) };
    sheet.put(title);
    let top = top + sheet.em * 14 / 10;
    let count = found.matrix.len().max(1) as u64;
    let whole = Area { left, top, right: left + side, bottom: top + side };
    sheet.scene.fill(whole, Role::Panel);
    let edge = |at: usize| [whole.reach(at as u64, count), whole.top + (whole.reach(at as u64, count) - whole.left)];
    // Cells of one strength, in tenths, are one shape: a large matrix has thousands.
    for role in [Role::This, Role::Over] {
        for tenths in 1..=10 {
            let is_here = |value: i8| (value > 0) == (role == Role::This) && tenth(value) == tenths;
            let mut path = Path::default();
            for (row, values) in found.matrix.iter().enumerate() {
                for column in (0..values.len()).filter(|&column| is_here(values[column])) {
                    let ([left, _], [_, top]) = (edge(column), edge(row));
                    let ([right, _], [_, bottom]) = (edge(column + 1), edge(row + 1));
                    let rest = [(right, top), (right, bottom), (left, bottom)];
                    path = rest.iter().fold(path.from(Point::at(left, top)), |path, &(x, y)| path.line(Point::at(x, y))).close();
                }
            }
            if path != Path::default() {
                sheet.scene.shape(path, role, 10 * tenths);
            }
        }
    }
    frames(sheet, found, whole);
    let words = format!("{} channels that vary, {} clusters, the largest first", found.order.len(), found.clusters);
    sheet.put(sheet.sub(&words, left, whole.bottom + sheet.em, Anchor::Start));
}

/// A correlation's strength in tenths, to the nearest.
fn tenth(value: i8) -> u8 {
    ((value.unsigned_abs() + 5) / 10).min(10)
}

/// Outlines of the largest clusters on the diagonal.
fn frames(sheet: &mut Sheet, found: &Grouping, whole: Area) {
    let channels = found.order.len().max(1) as u64;
    let mut from = 0;
    for cluster in &found.largest {
        let to = from + cluster.channels.len();
        if cluster.channels.len() >= LEAST {
            let [a, b] = [from, to].map(|at| whole.reach(at as u64, channels) - whole.left);
            let at = |x: i32, y: i32| Point::at(whole.left + x, whole.top + y);
            sheet.scene.line(&[at(a, a), at(b, a), at(b, b), at(a, b), at(a, a)], Stroke::solid(24, Role::Ink));
        }
        from = to;
    }
}

/// What it takes from its top to its bottom.
pub(super) fn height(sheet: &Sheet, side: i32) -> i32 {
    side + sheet.em * 34 / 10
}

//! How much of a layer's covariance its first directions hold, at one position and with neighbours, and the ranks that are read off.

use crate::propose::LayerClusters;
use crate::report::hue::Hue;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::picture::step;
use crate::report::plot::frame::Ticks;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;

/// Draws the sums of eigenvalues over directions into an area, its title above; gives where it ends.
pub(super) fn draw(sheet: &mut Sheet, layer: &LayerClusters, [left, top]: [i32; 2], [width, height]: [i32; 2]) -> i32 {
    sheet.put(Text { bold: true, ..sheet.text("Directions that hold the covariance", left, top, Anchor::Start) });
    let fill = |hue| Role::Fill(Kind::Branch { hue, hatched: false, reduces: false });
    let ranks = &layer.ranks;
    let curves = [
        ("at one position", &ranks.spectrum, ranks.entropic, fill(Hue::One)),
        ("one apart: 3x3", &ranks.spectrum_3x3, ranks.coherent_3x3, fill(Hue::Three)),
        ("two apart: 5x5", &ranks.spectrum_5x5, ranks.coherent_5x5, fill(Hue::Five)),
    ];
    let entries: Vec<(Swatch, String)> =
        curves.iter().map(|(name, _, rank, role)| (Swatch::Fill(*role), format!("{name}, rank {rank:.1}"))).collect();
    let below = sheet.legend_within(&entries, top, left, left + width);
    let word = sheet.scene.measure("100", sheet.small, false) + sheet.em / 2;
    let area = Area {
        left: left + word,
        top: below + sheet.em * 16 / 10,
        right: left + width,
        bottom: below + sheet.em * 16 / 10 + height,
    };
    Ticks::quarters(|quarter| (25 * quarter).to_string()).draw(sheet, area);
    let most = layer.live.max(1) as u64;
    let every = step(most, 6);
    for directions in (0..=most).step_by(every as usize) {
        let x = area.reach(directions, most);
        let text = sheet.sub(&directions.to_string(), x, area.bottom + sheet.em * 11 / 10, Anchor::Middle);
        sheet.put(text);
    }
    for (_, spectrum, rank, role) in curves {
        let mut held = 0.0;
        let mut points = vec![Point::at(area.left, area.bottom)];
        for (number, value) in spectrum.iter().enumerate() {
            held += value;
            points.push(Point::at(area.reach(number as u64 + 1, most), area.rise((held * 1e6) as u64, 1_000_000)));
        }
        sheet.scene.line(&points, Stroke::solid(50, role));
        // The rank: how many directions it counts for.
        let x = area.reach((rank * 1000.0) as u64, most * 1000);
        sheet.scene.line(&[Point::at(x, area.bottom), Point::at(x, area.top)], Stroke::dashed(24, role));
    }
    let y = area.bottom + sheet.em * 24 / 10;
    let words = "directions; % of the covariance; dashed: the rank";
    let words = sheet.scene.cut(words, sheet.small, false, width);
    sheet.put(sheet.sub(&words, left, y, Anchor::Start));
    y + sheet.em
}

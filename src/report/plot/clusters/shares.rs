//! The part of clusters that 1x1, 3x3 and 5x5 cover, layer by layer: trained, and untrained beside it.

use crate::propose::ClustersOf;
use crate::propose::LayerClusters;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::clusters::title::title;
use crate::report::plot::clusters::windows::of_extent;
use crate::report::plot::frame::Ticks;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;

/// Sides of the filters, in the order of shares.
const SIDES: [usize; 3] = [1, 3, 5];

/// Shares by depth: of innovations above, of activations below; for each layer a bar of the trained network and one of the untrained ones' mean.
pub fn shares_by_depth(layers: &[LayerClusters], width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "what filters cover clusters, by depth");
    let legend: Vec<(Swatch, String)> = SIDES.map(|side| (Swatch::Fill(of_extent(side)), format!("{side}x{side}"))).into();
    let mut top = sheet.legend(&legend, y + sheet.em / 2) + sheet.em * 2;
    for of in ClustersOf::ALL {
        top = panel(&mut sheet, of, layers, top);
    }
    let untrained = match layers.iter().map(|layer| layer.controls.len()).max() {
        None | Some(0) => String::new(),
        Some(1) => "; right of it, paler, an untrained one".to_owned(),
        Some(more) => format!("; right of it, paler, the mean of {more} untrained ones with their range"),
    };
    let words = format!(
        "% of the squared correlation in clusters. Left the trained network, with 90 % of resampled images where they were{untrained}. Lines are of what 1x1 does not cover."
    );
    let bottom = sheet.remark(&words, top);
    sheet.finish(bottom)
}

/// Bars of all layers under a title; gives where that ends.
fn panel(sheet: &mut Sheet, of: ClustersOf, layers: &[LayerClusters], top: i32) -> i32 {
    sheet.put(Text { bold: true, ..sheet.text(title(of), MARGIN, top, Anchor::Start) });
    let left = MARGIN + sheet.scene.measure("100", sheet.small, false) + sheet.em / 2;
    let top = top + sheet.em * 14 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 20 } else { 36 } / 100;
    let area = Area { left, top, right: sheet.right(), bottom: top + height };
    Ticks::quarters(|quarter| (25 * quarter).to_string()).draw(sheet, area);
    let slots = layers.len().max(1) as u64;
    for (number, layer) in layers.iter().enumerate() {
        let [from, to] = [number, number + 1].map(|at| area.reach(at as u64, slots));
        let slot = Area { left: from, right: to, ..area };
        let name = sheet.scene.cut(&layer.layer, sheet.small, false, slot.width() - sheet.em / 3);
        sheet.put(sheet.sub(&name, slot.middle().x, area.bottom + sheet.em * 11 / 10, Anchor::Middle));
        let Some(found) = of.grouping(layer) else {
            sheet.put(sheet.sub("-", slot.middle().x, slot.middle().y, Anchor::Middle));
            continue;
        };
        let intervals = found.intervals.map(|intervals| [1.0 - intervals[0].high, 1.0 - intervals[0].low]);
        bar(sheet, part(slot, 18, 49), found.shares(), intervals, 100);
        let controls: Vec<[f64; 3]> = layer.controls.iter().filter_map(|control| of.shares(control)).collect();
        if !controls.is_empty() {
            let mean = |at: usize| controls.iter().map(|shares| shares[at]).sum::<f64>() / controls.len() as f64;
            let wide = || controls.iter().map(|shares| 1.0 - shares[0]);
            let range = [wide().fold(1.0, f64::min), wide().fold(0.0, f64::max)];
            bar(sheet, part(slot, 51, 82), [mean(0), mean(1), mean(2)], (controls.len() > 1).then_some(range), 45);
        }
    }
    area.bottom + sheet.em * 34 / 10
}

/// Of an area what lies between two parts of a hundred of its width.
fn part(slot: Area, from: u64, to: u64) -> Area {
    Area { left: slot.reach(from, 100), right: slot.reach(to, 100), ..slot }
}

/// A bar of three shares, 5x5 at the bottom, with a range of what 1x1 does not cover.
fn bar(sheet: &mut Sheet, area: Area, shares: [f64; 3], range: Option<[f64; 2]>, strength: u8) {
    let rise = |share: f64| area.rise((share.clamp(0.0, 1.0) * 1e6) as u64, 1_000_000);
    let mut below = 0.0;
    for at in [2, 1, 0] {
        let (bottom, top) = (rise(below), rise(below + shares[at]));
        below += shares[at];
        let corners = [(area.left, top), (area.right, top), (area.right, bottom), (area.left, bottom)];
        let path = Path::around(&corners.map(|(x, y)| Point::at(x, y)));
        let title = format!("{0}x{0}: {1:.1} %", SIDES[at], 100.0 * shares[at]);
        let tag = Tag { class: "share", path: None, title: Some(title) };
        sheet.scene.group(tag, |scene| scene.shape(path, of_extent(SIDES[at]), strength));
    }
    if let Some([low, high]) = range {
        let x = area.middle().x;
        sheet.scene.line(&[Point::at(x, rise(low)), Point::at(x, rise(high))], Stroke::solid(36, Role::Ink));
    }
}

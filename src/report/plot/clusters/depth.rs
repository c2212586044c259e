//! Shares of clusters that 1x1 does not cover, by depth and over networks: trained, and untrained beside them.

use crate::propose::Depth;
use crate::propose::Trend;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::clusters::title::title;
use crate::report::plot::frame::Ticks;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::train::Estimate;

/// A panel for innovations above one for activations: a disc the mean over networks, a line its 95 % interval.
pub fn depth_picture(depth: &Depth, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "what 3x3 and 5x5 cover of clusters, by depth");
    let mut legend = vec![(Swatch::Marker(Marker::Circle, Role::This, None), "trained".to_owned())];
    legend.extend((depth.controls > 0).then(|| (Swatch::Marker(Marker::Circle, Role::Variant, None), "untrained".to_owned())));
    let mut top = sheet.legend(&legend, y + sheet.em / 2) + sheet.em * 2;
    for trend in &depth.trends {
        top = panel(&mut sheet, trend, top);
    }
    let networks = match depth.networks {
        1 => "One network".to_owned(),
        networks => format!("Means of {networks} networks with 95 % intervals of Student's t"),
    };
    let beside = match depth.controls {
        0 => String::new(),
        controls => format!(", {controls} untrained beside each"),
    };
    let grid = if depth.fixed_grid { "; all maps have one size" } else { "; maps shrink with depth" };
    let bottom = sheet.remark(&format!("% of the squared correlation in clusters. {networks}{beside}{grid}."), top);
    sheet.finish(bottom)
}

/// One kind of clusters under its name; gives where that ends.
fn panel(sheet: &mut Sheet, trend: &Trend, top: i32) -> i32 {
    sheet.put(Text { bold: true, ..sheet.text(title(trend.of), MARGIN, top, Anchor::Start) });
    let rises = trend.rises.excess.map_or_else(String::new, |found| {
        let interval = found.interval.map_or_else(String::new, |[low, high]| format!(" ({low:+.2} to {high:+.2})"));
        format!("Spearman of depth and excess {:+.2}{interval}", found.mean).replace('-', "\u{2212}")
    });
    sheet.put(sheet.sub(&rises, sheet.right(), top, Anchor::End));
    let left = MARGIN + sheet.scene.measure("100", sheet.small, false) + sheet.em / 2;
    let top = top + sheet.em * 14 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 20 } else { 36 } / 100;
    let area = Area { left, top, right: sheet.right(), bottom: top + height };
    Ticks::quarters(|quarter| (25 * quarter).to_string()).draw(sheet, area);
    let slots = trend.layers.len() as u64;
    let slot = |number: usize| {
        let [left, right] = [number, number + 1].map(|at| area.reach(at as u64, slots));
        Area { left, right, ..area }
    };
    for (number, layer) in trend.layers.iter().enumerate() {
        let slot = slot(number);
        let name = sheet.scene.cut(&layer.layer, sheet.small, false, slot.width() - sheet.em / 3);
        sheet.put(sheet.sub(&name, slot.middle().x, area.bottom + sheet.em * 11 / 10, Anchor::Middle));
    }
    let rise = |share: f64| area.rise((share.clamp(0.0, 1.0) * 1e6) as u64, 1_000_000);
    let untrained: Option<Vec<Estimate>> = trend.layers.iter().map(|layer| layer.untrained).collect();
    let trained: Vec<Estimate> = trend.layers.iter().map(|layer| layer.trained).collect();
    // Beside each other, so that no interval lies on another.
    let shown = untrained.into_iter().map(|found| (found, Role::Variant, 1)).chain([(trained, Role::This, -1)]);
    for (found, role, aside) in shown {
        let x = |number: usize| slot(number).middle().x + aside * sheet.em / 4;
        let points: Vec<Point> = found.iter().enumerate().map(|(at, found)| Point::at(x(at), rise(found.mean))).collect();
        sheet.scene.line(&points, Stroke::solid(24, role));
        for (point, found) in points.iter().zip(&found) {
            if let Some(ends) = found.interval {
                let ends = ends.map(|end| Point::at(point.x, rise(end)));
                sheet.scene.line(&ends, Stroke::solid(36, role));
            }
            sheet.scene.marker(Marker::Circle, *point, 70, role, None);
        }
    }
    area.bottom + sheet.em * 34 / 10
}

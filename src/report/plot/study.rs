//! A study: the accuracies of each arm, seed by seed, and the differences to the reference with their intervals.

use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::frame::with_unit;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::train::Outcome;

/// Ticks on an axis, about.
const TICKS: f64 = 6.0;

/// An axis from left to right with round ends, in hundredths of all.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
    decimals: usize,
}

impl Scale {
    /// Round numbers around all of these.
    fn around(values: &[f64]) -> Scale {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (least, most) = if least > most { (0.0, 1.0) } else { (least, most) };
        let extent = (most - least).max(0.1);
        let mut step = 0.01;
        let mut at = 0;
        while extent / step > TICKS {
            // 1, 2, 5, 10 ...
            step *= if at % 3 == 1 { 2.5 } else { 2.0 };
            at += 1;
        }
        let decimals = if step < 0.095 { 2 } else { usize::from(step < 0.99) };
        // A value on the end of an axis has room for its marker.
        let low = ((least - extent * 0.02) / step).floor() * step;
        let high = ((most + extent * 0.02) / step).ceil() * step;
        Scale { low, high, step, decimals }
    }

    fn place(&self, area: Area, value: f64) -> i32 {
        let part = (value - self.low) / (self.high - self.low);
        area.left + (f64::from(area.width()) * part).round() as i32
    }

    /// Level lines, numbers under them, the unit behind the last.
    fn draw(&self, sheet: &mut Sheet, area: Area, unit: &str) {
        let count = ((self.high - self.low) / self.step).round() as u32;
        for at in 0..=count {
            let value = self.low + f64::from(at) * self.step;
            let x = self.place(area, value);
            let is_zero = value.abs() < self.step / 2.0;
            let (half, role) = if is_zero { (12, Role::Sub) } else { (8, Role::Grid) };
            sheet.scene.fill(Area { left: x - half, right: x + half, top: area.top, bottom: area.bottom }, role);
            let decimals = self.decimals;
            let value = if is_zero { 0.0 } else { value };
            let word = format!("{value:.decimals$}").replace('-', "\u{2212}");
            let word = if at == count { with_unit(&word, unit) } else { word };
            sheet.put(sheet.sub(&word, x, area.bottom + sheet.em * 9 / 10, Anchor::Middle));
        }
    }
}

/// Accuracies above: a ring a seed, a disc the mean. Differences below: a disc the mean, a line the 95 % interval.
pub fn study_picture(outcome: &Outcome, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "test accuracy over seeds");
    let y = match &outcome.plan.purpose {
        Some(purpose) => sheet.subtitle(purpose, y),
        None => y,
    };
    let legend = [
        (Swatch::Marker(Marker::Circle, Role::Background, Some(Role::Variant)), "one seed".to_owned()),
        (Swatch::Marker(Marker::Circle, Role::This, None), "mean".to_owned()),
        (Swatch::Fill(Role::This), "95 % interval of the paired difference".to_owned()),
    ];
    let y = sheet.legend(&legend, y + sheet.em / 2);
    let most = sheet.scene.width * 3 / 10;
    let em = sheet.em;
    let names: Vec<String> = outcome.arms.iter().map(|arm| sheet.scene.cut(&arm.name, em, false, most)).collect();
    let widest = names.iter().map(|name| sheet.scene.measure(name, em, false)).max().unwrap_or(0);
    let (left, right) = (MARGIN + widest + em, sheet.right() - em * 2);
    let rows = names.len() as i32;
    let top = y + em * 24 / 10;
    let area = Area { left, right, top, bottom: top + rows * em * 2 };
    let values = |arm: usize| outcome.arms[arm].values.iter().flatten().map(|value| value * 100.0).collect::<Vec<f64>>();
    let scale = Scale::around(&(0..names.len()).flat_map(values).collect::<Vec<f64>>());
    scale.draw(&mut sheet, area, "%");
    for (at, name) in names.iter().enumerate() {
        let y = line(&mut sheet, area, at, name);
        for value in values(at) {
            let point = Point::at(scale.place(area, value), y);
            sheet.scene.marker(Marker::Circle, point, 55, Role::Background, Some(Stroke::solid(24, Role::Variant)));
        }
        if let Some(spread) = outcome.arms[at].test_accuracy {
            sheet.scene.marker(Marker::Circle, Point::at(scale.place(area, spread.mean * 100.0), y), 75, Role::This, None);
        }
    }
    let top = area.bottom + em * 40 / 10;
    let words = format!("difference to {}", outcome.plan.reference);
    let words = sheet.scene.cut(&words, sheet.small, false, right - MARGIN);
    let heading = Text { role: Role::Sub, ..sheet.sub(&words, MARGIN, top - em * 11 / 10, Anchor::Start) };
    sheet.put(heading);
    let area = Area { top, bottom: top + (rows - 1).max(1) * em * 2, ..area };
    let bounds = outcome.contrasts.iter().flat_map(|contrast| {
        contrast.interval.map(Vec::from).or(contrast.difference.map(|difference| vec![difference])).unwrap_or_default()
    });
    let bounds: Vec<f64> = bounds.map(|value| value * 100.0).chain([0.0]).collect();
    let scale = Scale::around(&bounds);
    scale.draw(&mut sheet, area, "points");
    for (at, contrast) in outcome.contrasts.iter().enumerate() {
        let name = sheet.scene.cut(&contrast.arm, em, false, most);
        let y = line(&mut sheet, area, at, &name);
        if let Some(ends) = contrast.interval {
            let ends = ends.map(|end| Point::at(scale.place(area, end * 100.0), y));
            sheet.scene.line(&ends, Stroke::solid(50, Role::This));
        }
        if let Some(difference) = contrast.difference {
            sheet.scene.marker(Marker::Circle, Point::at(scale.place(area, difference * 100.0), y), 75, Role::This, None);
        }
    }
    let seeds = outcome.contrasts.iter().map(|contrast| contrast.seeds).min().unwrap_or(0);
    let done = if outcome.is_whole() { "" } else { ", not all runs done" };
    let words = format!("{seeds} seeds, paired{done}; Student's t");
    let bottom = sheet.remark(&words, area.bottom + em * 24 / 10);
    sheet.finish(bottom)
}

/// Names a line of an area; gives its middle.
fn line(sheet: &mut Sheet, area: Area, at: usize, name: &str) -> i32 {
    let y = area.top + sheet.em + at as i32 * sheet.em * 2;
    sheet.put(sheet.text(name, MARGIN, y, Anchor::Start));
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_ends_around_all_values() {
        let ends = |values: &[f64]| {
            let Scale { low, high, step, decimals } = Scale::around(values);
            [low, high, step].map(|value| format!("{value:.decimals$}"))
        };
        // At 76 the marker of 75.97 would be cut.
        assert_eq!(ends(&[71.79, 75.97]), ["71", "77", "1"]);
        assert_eq!(ends(&[71.79, 75.8]), ["71", "76", "1"]);
        assert_eq!(ends(&[-3.9, 0.4]), ["-4", "1", "1"]);
        assert_eq!(ends(&[-0.12, 0.31]), ["-0.2", "0.4", "0.1"]);
        assert_eq!(ends(&[5.0]), ["4.98", "5.02", "0.02"]);
    }
}

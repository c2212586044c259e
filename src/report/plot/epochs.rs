//! What curves over epochs share: a panel with its axes, and the place of a value in it.

use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Text;
use crate::report::picture::step;
use crate::report::plot::frame::Ticks;
use crate::report::plot::frame::with_unit;
use crate::report::plot::sheet::Sheet;

/// Parts that values are rounded to: thousandths.
const PARTS: f64 = 1000.0;
/// Labels of epochs, about.
const LABELS: u64 = 8;

/// A panel: epochs to the right from 0, values up from zero.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    pub(super) area: Area,
    epochs: u32,
    ticks: Ticks,
}

/// What a panel shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Axis {
    /// A loss, up to this or a little more.
    Loss(f64),
    /// A share of all, in per cent.
    Share,
}

impl Axis {
    fn ticks(self) -> Ticks {
        match self {
            Axis::Share => {
                let word = |at: u64| if at == 100 { with_unit("100", "%") } else { at.to_string() };
                Ticks { top: 100 * 1000, all: (0..=4).map(|at| (at * 25_000, word(at * 25))).collect() }
            }
            Axis::Loss(most) => {
                let most = ((most * PARTS).ceil() as u64).max(100);
                let step = step(most, 4);
                let last = most.div_ceil(step);
                let decimals = [1000, 100, 10].into_iter().position(|unit| step.is_multiple_of(unit)).unwrap_or(3);
                let word = |at: u64| if at == 0 { "0".to_owned() } else { format!("{:.decimals$}", (at * step) as f64 / PARTS) };
                Ticks { top: step * last, all: (0..=last).map(|at| (at * step, word(at))).collect() }
            }
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Axis::Loss(_) => "loss",
            Axis::Share => "accuracy",
        }
    }
}

impl Panel {
    /// Draws the axes of a panel under `top`; `left` is where charts begin, so that several stand in a line.
    pub(super) fn draw(sheet: &mut Sheet, axis: Axis, [top, height]: [i32; 2], [left, right]: [i32; 2], epochs: u32) -> Panel {
        let ticks = axis.ticks();
        let area = Area { left, top, right, bottom: top + height };
        ticks.draw(sheet, area);
        let name = Text { role: Role::Sub, ..sheet.sub(axis.name(), left, top - sheet.em * 11 / 10, Anchor::Start) };
        sheet.put(name);
        let panel = Panel { area, epochs: epochs.max(1), ticks };
        let every = step(u64::from(panel.epochs), LABELS).max(1);
        let mut last = i32::MIN;
        for epoch in (0..=u64::from(panel.epochs)).step_by(every as usize) {
            let x = area.reach(epoch, u64::from(panel.epochs));
            sheet.scene.fill(Area { left: x - 8, right: x + 8, top: area.bottom, bottom: area.bottom + 60 }, Role::Rule);
            let text = sheet.sub(&epoch.to_string(), x, area.bottom + sheet.em * 11 / 10, Anchor::Middle);
            let place = sheet.scene.area(&text);
            if place.left > last {
                last = place.right.saturating_add(sheet.em / 2);
                sheet.put(text);
            }
        }
        panel
    }

    /// The widest words at the left of a panel.
    pub(super) fn left(sheet: &Sheet, axes: &[Axis]) -> i32 {
        axes.iter().map(|axis| axis.ticks().left(sheet)).max().unwrap_or(0)
    }

    /// Names the epochs under the panel; gives where that ends.
    pub(super) fn name_epochs(&self, sheet: &mut Sheet) -> i32 {
        let y = self.area.bottom + sheet.em * 23 / 10;
        sheet.put(Text { role: Role::Sub, ..sheet.sub("epoch", self.area.middle().x, y, Anchor::Middle) });
        y + sheet.em / 2
    }

    /// The place of a value after an epoch; what is higher than the panel lies on its upper edge. A share is from 0 to 1.
    pub(super) fn place(&self, axis: Axis, epoch: u32, value: f64) -> Point {
        let value = match axis {
            Axis::Loss(_) => value * PARTS,
            Axis::Share => value * 100.0 * PARTS,
        };
        let parts = (value.round().max(0.0) as u64).min(self.ticks.top);
        Point::at(
            self.area.reach(u64::from(epoch.min(self.epochs)), u64::from(self.epochs)),
            self.area.rise(parts, self.ticks.top),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_have_round_ticks_with_as_many_decimals_as_they_need() {
        let words = |most: f64| -> Vec<String> { Axis::Loss(most).ticks().all.into_iter().map(|(_, word)| word).collect() };
        assert_eq!(words(2.2), ["0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
        assert_eq!(words(7.0), ["0", "2", "4", "6", "8"]);
        assert_eq!(words(0.14), ["0", "0.05", "0.10", "0.15"]);
    }
}

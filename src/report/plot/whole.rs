//! The whole network as one bar on its own scale, with the budget's tick, and what it says in a sentence.

use crate::analyze::Analysis;
use crate::base::units;
use crate::report::numbers::distance;
use crate::report::numbers::percent;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::spaced;
use crate::report::plot::budget::Budget;
use crate::report::plot::cost_by_module::inside;
use crate::report::plot::cost_by_module::stack;
use crate::report::plot::cost_by_module::tag;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;

/// Draws it from `top` down; gives where it ends.
pub(super) fn draw(sheet: &mut Sheet, analysis: &Analysis, kinds: &[(Kind, u64, String)], left: i32, top: i32) -> i32 {
    let em = sheet.em;
    let total = analysis.totals.madds;
    let budget = Budget::of(analysis);
    let most = total.max(budget.as_ref().map_or(0, |budget| budget.madds)).max(1);
    let right = sheet.right() - em / 2;
    let bar_top = if budget.is_some() { top + em * 12 / 10 } else { top };
    let bar_bottom = bar_top + em * 18 / 10;
    let y = i32::midpoint(bar_top, bar_bottom);
    sheet.put(Text { bold: true, ..sheet.text("all", left - em / 2, y, Anchor::End) });
    let parts: Vec<(Kind, u64, Tag)> = kinds.iter().map(|(kind, madds, word)| (*kind, *madds, tag(None, word, *madds))).collect();
    let place = Area { left, top: bar_top, right, bottom: bar_bottom };
    let areas = stack(&mut sheet.scene, &parts, place, most);
    let tick = budget.as_ref().map(|budget| {
        let x = place.reach(budget.madds, most);
        Area { left: x - 15, top: bar_top - em * 4 / 10, right: x + 15, bottom: bar_bottom + em * 4 / 10 }
    });
    for ((kind, madds, _), area) in parts.into_iter().zip(areas) {
        let half = sheet.scene.measure(&percent(madds, total), sheet.small, false) / 2 + 50;
        let middle = area.middle().x;
        let text = Area { left: middle - half, right: middle + half, ..area };
        if tick.is_none_or(|tick| !tick.meets(text)) {
            inside(sheet, &percent(madds, total), area, kind);
        }
    }
    if let (Some(tick), Some(budget)) = (tick, &budget) {
        let x = tick.middle().x;
        sheet.budget_line(Point::at(x, tick.top), Point::at(x, tick.bottom));
        let text = format!("budget {}", budget.words);
        let half = sheet.scene.measure(&text, em, false) / 2 + 1;
        let x = x.clamp(left + half, sheet.right() - half);
        sheet.put(sheet.text(&text, x, top, Anchor::Middle));
    }
    let y = bar_bottom + em * 18 / 10;
    let (sentence, role) = sentence(total, budget.as_ref());
    let (sentence, em) = sheet.scene.fit(&sentence, em, true, sheet.scene.width - 2 * MARGIN);
    sheet.put(Text { em, bold: true, role, ..sheet.text(&sentence, sheet.right(), y, Anchor::End) });
    y + em / 2
}

fn sentence(total: u64, budget: Option<&Budget>) -> (String, Role) {
    let number = |madds: u64| spaced(&units::si(madds.into()));
    let head = format!("{} multiply-adds", number(total));
    let Some(Budget { madds: limit, words }) = budget else { return (head, Role::Ink) };
    let limit = *limit;
    let (gap, side, role) =
        if total > limit { (total - limit, "over", Role::Over) } else { (limit - total, "under", Role::Good) };
    let distance = distance(total, limit);
    (format!("{head}: {} {side} the {words} budget ({distance})", number(gap)), role)
}

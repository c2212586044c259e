//! The whole network as one bar on its own scale, with the budget's tick, and what it says in a sentence.

use crate::analyze::Analysis;
use crate::base::Quantity;
use crate::base::units;
use crate::report::limit_text;
use crate::report::plot::axis::spaced;
use crate::report::plot::cost_by_module::MARGIN;
use crate::report::plot::cost_by_module::Setting;
use crate::report::plot::cost_by_module::inside;
use crate::report::plot::cost_by_module::percent;
use crate::report::plot::palette::Rgb;
use crate::report::plot::scene::Anchor;
use crate::report::plot::scene::Area;
use crate::report::plot::scene::Scene;
use crate::report::plot::scene::Text;
use crate::report::plot::segment::Kind;

/// Draws it from `top` down; gives where it ends.
pub(super) fn draw(
    scene: &mut Scene,
    setting: &Setting,
    analysis: &Analysis,
    kinds: &[(Kind, u64, String)],
    left: i32,
    top: i32,
) -> i32 {
    let em = setting.em;
    let total = analysis.totals.madds;
    let limit = analysis.budget.iter().find(|limit| limit.quantity == Quantity::Madds).map(|limit| limit.limit);
    let most = total.max(limit.unwrap_or(0)).max(1);
    let right = scene.width - MARGIN - em / 2;
    let bar_top = if limit.is_some() { top + em * 12 / 10 } else { top };
    let bar_bottom = bar_top + em * 18 / 10;
    let y = i32::midpoint(bar_top, bar_bottom);
    scene.text(Text { bold: true, ..setting.text("all", left - em / 2, y, Anchor::End) });
    let parts: Vec<(Kind, u64)> = kinds.iter().map(|(kind, madds, _)| (*kind, *madds)).collect();
    let place = Area { left, top: bar_top, right, bottom: bar_bottom };
    let areas = setting.stack(scene, &parts, place, most);
    let tick = limit.map(|limit| {
        let x = place.reach(limit, most);
        Area { left: x - 15, top: bar_top - em * 4 / 10, right: x + 15, bottom: bar_bottom + em * 4 / 10 }
    });
    for ((kind, madds), area) in parts.into_iter().zip(areas) {
        let half = scene.measure(&percent(madds, total), setting.small, false) / 2 + 50;
        let middle = i32::midpoint(area.left, area.right);
        let text = Area { left: middle - half, right: middle + half, ..area };
        if tick.is_none_or(|tick| !tick.meets(text)) {
            inside(scene, setting, &percent(madds, total), area, setting.palette.fill(kind));
        }
    }
    if let (Some(tick), Some(limit)) = (tick, limit) {
        dashes(scene, setting, tick);
        let text = format!("budget {}", spaced(&limit_text(limit)));
        let half = scene.measure(&text, em, false) / 2 + 1;
        let x = i32::midpoint(tick.left, tick.right).clamp(left + half, scene.width - MARGIN - half);
        scene.text(setting.text(&text, x, top, Anchor::Middle));
    }
    let y = bar_bottom + em * 18 / 10;
    let (sentence, colour) = sentence(setting, total, limit);
    let (sentence, em) = scene.fit(&sentence, em, true, scene.width - 2 * MARGIN);
    scene.text(Text { em, bold: true, colour, ..setting.text(&sentence, scene.width - MARGIN, y, Anchor::End) });
    y + em / 2
}

fn dashes(scene: &mut Scene, setting: &Setting, tick: Area) {
    const DASH: i32 = 80;
    let mut top = tick.top;
    while top < tick.bottom {
        scene.fill(Area { top, bottom: (top + DASH).min(tick.bottom), ..tick }, setting.palette.ink);
        top += DASH * 16 / 10;
    }
}

fn sentence(setting: &Setting, total: u64, limit: Option<u64>) -> (String, Rgb) {
    let palette = &setting.palette;
    let number = |madds: u64| spaced(&units::si(madds.into()));
    let head = format!("{} multiply-adds", number(total));
    let Some(limit) = limit else { return (head, palette.ink) };
    let (gap, side, colour) =
        if total > limit { (total - limit, "over", palette.over) } else { (limit - total, "under", palette.ok) };
    let distance = spaced(&units::signed_share(total.into(), limit.into())).replace('-', "\u{2212}");
    let limit = spaced(&limit_text(limit));
    (format!("{head}: {} {side} the {limit} budget ({distance}\u{202F}%)", number(gap)), colour)
}

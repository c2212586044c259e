//! Naive against reduced: how channels and cost grow where modules do not reduce their input first.
//!
//! A mirrored tape whose thickness is the channels that leave each module; and, on a logarithmic axis, each module's multiply-adds
//! as written, naive on the same input, and naive on the input that has grown.

use crate::analyze::Naive;
use crate::analyze::NaiveModule;
use crate::report::numbers::exact;
use crate::report::numbers::short;
use crate::report::numbers::times;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::logarithmic::Logarithmic;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::report::plot::taken::Taken;
use crate::report::plot::tape::Tape;

/// The picture of a network and its naive twin.
pub fn naive_against_reduced(naive: &Naive, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let modules: Vec<&NaiveModule> = naive.modules.iter().filter(|module| !module.for_training).collect();
    let y = sheet.title(Some(&naive.name), "what the reductions save");
    let y = head(&mut sheet, naive, y);
    let em = sheet.em;
    let top = y + em * 22 / 10;
    let (left, right) = (MARGIN, sheet.right());
    // Where no pool passes its input, the same channels leave both.
    let grows = modules.iter().any(|module| module.grown.unwrap_or(module.same_input).channels[1] != module.reduced.channels[1]);
    let bottom = if !grows {
        dumbbells(&mut sheet, &modules, [left, right], top)
    } else if sheet.is_page() {
        let middle = sheet.scene.width * 53 / 100;
        let rows = dumbbells(&mut sheet, &modules, [middle + em, right], top);
        let height = rows - top;
        tape(&mut sheet, &modules, [left, middle - em], top, height.max(em * 20)).max(rows)
    } else {
        let under = tape(&mut sheet, &modules, [left, right], top, em * 24);
        dumbbells(&mut sheet, &modules, [left, right], under + em * 22 / 10)
    };
    let bottom = if naive.left.is_empty() {
        bottom
    } else {
        let paths: Vec<&str> = naive.left.iter().map(|module| &*module.path).collect();
        sheet.remark(&format!("left as they are, for their branches are lists of layers: {}", paths.join(", ")), bottom + em)
    };
    sheet.finish(bottom)
}

/// Both totals and their ratio; of the modules alone where the naive network does not fit together.
fn head(sheet: &mut Sheet, naive: &Naive, above: i32) -> i32 {
    let (grown, reduced, what) = match &naive.grown {
        Some(grown) => (grown.madds, naive.reduced.madds, "multiply-adds of the network"),
        None => (naive.sums.same_input.madds, naive.sums.reduced.madds, "multiply-adds of the modules"),
    };
    let (em, y) = (sheet.em, above + sheet.em * 18 / 10);
    let large = sheet.width.em(8);
    let ratio = times(grown, reduced);
    let parts = [
        ("naive".to_owned(), false, Role::NaiveText, em / 3),
        (short(grown), true, Role::NaiveText, em * 16 / 10),
        ("reduced".to_owned(), false, Role::This, em / 3),
        (short(reduced), true, Role::This, em * 16 / 10),
        (ratio, true, Role::Ink, em * 8 / 10),
    ];
    let mut x = MARGIN;
    for (words, bold, role, gap) in parts {
        let text = Text { em: large, bold, role, ..sheet.text(&words, x, y, Anchor::Start) };
        x = sheet.scene.area(&text).right + gap;
        sheet.put(text);
    }
    let text = sheet.sub(what, x, y, Anchor::Start);
    if sheet.scene.area(&text).right <= sheet.right() {
        sheet.put(text);
    }
    y
}

/// The name of a module, without what it stands in.
fn name(module: &NaiveModule) -> &str {
    module.path.rsplit('/').next().unwrap_or(&module.path)
}

/// Channels along the modules; gives where the picture ends.
fn tape(sheet: &mut Sheet, modules: &[&NaiveModule], [left, right]: [i32; 2], top: i32, height: i32) -> i32 {
    let em = sheet.em;
    sheet.put(Text { bold: true, ..sheet.text("channels leaving each module", left, top, Anchor::Start) });
    let mut y = top;
    if sheet.is_page() {
        y += em * 14 / 10;
        sheet.put(sheet.sub("tape thickness = channels; a naive pool branch adds its input", left, y, Anchor::Start));
    }
    let before = modules.first().map_or(0, |module| module.reduced.channels[0]);
    let naive = |module: &&NaiveModule| module.grown.unwrap_or(module.same_input).channels[1];
    let with_first = |channels: Vec<u32>| -> Vec<u32> { std::iter::once(before).chain(channels).collect() };
    let thick = with_first(modules.iter().map(naive).collect());
    let thin = with_first(modules.iter().map(|module| module.reduced.channels[1]).collect());
    let most = thick.iter().chain(&thin).copied().max().unwrap_or(1);
    let ends = [exact(u64::from(*thick.last().unwrap_or(&0))), exact(u64::from(*thin.last().unwrap_or(&0)))];
    let words = if sheet.is_page() { ["naive", "reduced"] } else { ["", ""] };
    let column = ends.iter().map(String::as_str).chain(words).map(|text| sheet.scene.measure(text, em, true)).max().unwrap_or(0);
    let foot = top + height - em * 20 / 10;
    let area = Area { left, top: y + em * 18 / 10, right: right - column - em / 2, bottom: foot.max(y + em * 10) };
    let (outer, inner) = (Tape::of(&thick, most, area), Tape::of(&thin, most, area));
    sheet.scene.shape(outer.path(), Role::Naive, 100);
    sheet.scene.shape(inner.path(), Role::This, 100);
    let mut taken = Taken::of(sheet.scene.texts());
    taken.line(&outer.outline());
    taken.line(&inner.outline());
    for (at, (point, channels)) in outer.ends().into_iter().zip(&thick).enumerate().rev().skip(1).rev() {
        let role = if at == 0 { Role::Sub } else { Role::NaiveText };
        let y = point.y.min(inner.ends()[at].y) - sheet.small * 8 / 10;
        // Up to where the next step begins; before it the tape lies lower.
        let text = Text { role, ..sheet.sub(&exact(u64::from(*channels)), point.x - 20, y, Anchor::End) };
        let text = if at == 0 { Text { x: area.left, anchor: Anchor::Start, ..text } } else { text };
        let place = sheet.scene.area(&text);
        if taken.is_free(place) {
            taken.area(place.grown(30));
            sheet.put(text);
        }
    }
    let middle = area.middle().y;
    let x = area.right + em / 3;
    let upper = outer.ends().last().map_or(middle, |top| i32::midpoint(top.y, inner.ends().last().map_or(middle, |top| top.y)));
    // Apart, however near both ends are.
    let upper = upper.min(middle - em * 27 / 10);
    for ((number, word), (y, role)) in ends.iter().zip(words).zip([(upper, Role::NaiveText), (middle, Role::This)]) {
        for (words, y) in [(number.as_str(), y), (word, y + em * 125 / 100)] {
            sheet.put(Text { bold: true, role, ..sheet.text(words, x, y, Anchor::Start) });
        }
    }
    let y = area.bottom + em * 11 / 10;
    let mut last = i32::MIN;
    for (at, module) in modules.iter().enumerate() {
        let count = modules.len() as u64 + 1;
        let x = i32::midpoint(area.reach(at as u64 + 1, count), area.reach(at as u64 + 2, count));
        let text = Text { bold: true, ..sheet.text(name(module), x, y, Anchor::Middle) };
        let place = sheet.scene.area(&text);
        if place.left > last && place.right <= sheet.right() {
            last = place.right + em / 4;
            sheet.put(text);
        }
    }
    y + em / 2
}

/// Each module's multiply-adds in its three forms; gives where the picture ends.
fn dumbbells(sheet: &mut Sheet, modules: &[&NaiveModule], [left, right]: [i32; 2], top: i32) -> i32 {
    let em = sheet.em;
    sheet.put(Text { bold: true, ..sheet.text("multiply-adds of each module", left, top, Anchor::Start) });
    let has_grown = modules.iter().any(|module| module.grown.is_some());
    let mut entries = vec![
        (Swatch::Marker(Marker::Circle, Role::This, None), "reduced".to_owned()),
        (Swatch::Marker(Marker::Circle, Role::Background, Some(Role::Naive)), "naive, same input".to_owned()),
    ];
    if has_grown {
        entries.push((Swatch::Marker(Marker::Diamond, Role::Naive, None), "naive, grown input".to_owned()));
    }
    let y = sheet.legend_within(&entries, top, left, right);
    let names =
        modules.iter().map(|module| sheet.scene.measure(name(module), em, true)).max().unwrap_or(0).min((right - left) / 4);
    let ratios = modules.iter().filter_map(|module| module.grown.map(|grown| times(grown.madds, module.reduced.madds)));
    let column = ratios.map(|ratio| sheet.scene.measure(&ratio, em, true)).chain([sheet.scene.measure("grown", em, false)]).max();
    let column = column.filter(|_| has_grown).unwrap_or(0);
    let values =
        |module: &NaiveModule| [Some(module.reduced.madds), Some(module.same_input.madds), module.grown.map(|form| form.madds)];
    let axis = Logarithmic::of(modules.iter().flat_map(|module| values(module)).flatten(), 0.06);
    let pitch = em * 22 / 10;
    let first = y + em * 30 / 10;
    let area = Area {
        left: left + names + em * 8 / 10,
        right: right - column - em * 6 / 10,
        top: y + em,
        bottom: first + pitch * (modules.len().max(1) as i32 - 1) + em * 13 / 10,
    };
    let bottom = scale(sheet, &axis, area);
    if has_grown {
        sheet.put(sheet.sub("grown", right, first - em * 13 / 10, Anchor::End));
    }
    for (at, module) in modules.iter().enumerate() {
        row(sheet, module, &axis, area, right, first + pitch * at as i32);
    }
    bottom
}

/// The logarithmic axis with its grid; gives where its title ends.
fn scale(sheet: &mut Sheet, axis: &Logarithmic, area: Area) -> i32 {
    let em = sheet.em;
    let mut last = i32::MIN;
    for (value, word) in axis.ticks(2.6).0 {
        let x = axis.place(value as f64, area.left, area.right);
        let text = sheet.sub(&word, x, area.bottom + em * 9 / 10, Anchor::Middle);
        let place = sheet.scene.area(&text);
        sheet.scene.fill(Area { left: x - 8, right: x + 8, top: area.top, bottom: area.bottom + 60 }, Role::Grid);
        if place.left > last && place.left >= MARGIN && place.right <= sheet.right() {
            last = place.right + em / 4;
            sheet.put(text);
        }
    }
    sheet.level(area.left, area.right, area.bottom, Role::Rule);
    let y = area.bottom + em * 21 / 10;
    sheet.put(sheet.sub("multiply-adds of the module (log scale)", area.middle().x, y, Anchor::Middle));
    y + em / 2
}

fn row(sheet: &mut Sheet, module: &NaiveModule, axis: &Logarithmic, area: Area, right: i32, y: i32) {
    let em = sheet.em;
    let cut = sheet.scene.cut(name(module), em, true, area.left - MARGIN);
    let text = Text { bold: true, ..sheet.text(&cut, area.left - em * 8 / 10, y, Anchor::End) };
    sheet.put(text);
    let at = |madds: u64| Point::at(axis.place(madds.max(1) as f64, area.left, area.right), y);
    let (reduced, same) = (module.reduced.madds, module.same_input.madds);
    let grown = module.grown.map(|form| form.madds);
    let all: Vec<i32> = [Some(reduced), Some(same), grown].into_iter().flatten().map(|madds| at(madds).x).collect();
    let ends = [all.iter().min(), all.iter().max()].map(|x| Point::at(x.copied().unwrap_or(area.left), y));
    sheet.scene.line(&ends, Stroke::solid(75, Role::Rule));
    let edge = Stroke::solid(20, Role::Background);
    let ring = Stroke::solid(32, Role::Naive);
    let mut mark = |what: &str, madds: u64, form: Marker, radius: i32, fill: Role, edge: Stroke| {
        let title = format!("{}, {what}: {} multiply-adds", module.path, exact(madds));
        let tag = Tag { class: "form", path: Some(module.path.clone()), title: Some(title) };
        sheet.scene.group(tag, |scene| scene.marker(form, at(madds), radius, fill, Some(edge)));
    };
    if let Some(madds) = grown.filter(|&madds| madds != same) {
        mark("naive, grown input", madds, Marker::Diamond, 78, Role::Naive, edge);
    }
    mark("naive, same input", same, Marker::Circle, 62, Role::Background, ring);
    mark("reduced", reduced, Marker::Circle, 70, Role::This, edge);
    let ratio = times(same, reduced);
    sheet.put(Text { em: sheet.note, ..sheet.sub(&ratio, at(same).x, y - em * 12 / 10, Anchor::Middle) });
    if let Some(grown) = grown {
        let text = sheet.text(&times(grown, reduced), right, y, Anchor::End);
        sheet.put(Text { bold: true, role: Role::NaiveText, ..text });
    }
}

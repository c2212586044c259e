//! How a drawing is read: its colours, and the scales of its heights and ribbons.

use crate::base::units;
use crate::report::draw::net::Form;
use crate::report::draw::network::Laid;
use crate::report::hue::Hue;
use crate::report::numbers::round;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Panel;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Text;
use crate::report::picture::spaced;
use crate::report::picture::step;
use crate::report::plot::MARGIN;
use crate::report::plot::Sheet;
use crate::report::plot::Swatch;
use crate::report::plot::branch_word;

/// One sign with what it says.
enum Sign {
    /// The height of so many multiply-adds above the text's.
    Height(u64),
    /// The width of so many bytes.
    Ribbon(u64),
    Free,
    Bar,
    Head,
    Alike,
}

/// Places the legend in the shortest column if there is room, else below all; gives where all ends.
pub(super) fn place(sheet: &mut Sheet, laid: &Laid) -> i32 {
    let style = laid.style;
    let signs = signs(laid);
    let deepest = laid.columns.ends.iter().map(|&(_, end)| end).max().unwrap_or(0);
    let has_turn = !laid.columns.connectors.is_empty();
    let low = laid
        .columns
        .connectors
        .iter()
        .flat_map(|connector| connector.points.iter().map(move |point| point.y + connector.width / 2))
        .max();
    let deepest = deepest.max(low.unwrap_or(0));
    let height = |count: usize| style.tenths(23) * count as i32 + style.tenths(28);
    let last = laid.columns.ends.last().filter(|(span, end)| {
        has_turn && deepest - end > height(signs.len()) + style.tenths(10) && span[1] - span[0] > style.tenths(150)
    });
    let bottom = if let Some(&(span, _)) = last {
        let area = Area { left: span[0], top: deepest - height(signs.len()), right: span[1], bottom: deepest };
        let edge = Some(Stroke::solid(style.em / 12, Role::Rule));
        sheet.scene.panel(Panel { area, radius: style.tenths(5), fill: None, edge });
        let left = span[0] + style.tenths(10);
        sheet.put(Text {
            bold: true,
            em: style.name,
            ..sheet.text("How to read it", left, area.top + style.tenths(14), Anchor::Start)
        });
        let mut y = area.top + style.tenths(36);
        for sign in &signs {
            draw(sheet, laid, sign, Point::at(left, y), span[1] - style.tenths(4));
            y += style.tenths(23);
        }
        deepest
    } else {
        let (mut x, mut y) = (MARGIN, deepest + style.tenths(26));
        for sign in &signs {
            let width = style.tenths(50) + sheet.scene.measure(&words(sign), style.em, false);
            if x > MARGIN && x + width > sheet.right() {
                (x, y) = (MARGIN, y + style.tenths(24));
            }
            draw(sheet, laid, sign, Point::at(x, y), sheet.right());
            x += width + style.tenths(14);
        }
        y + style.tenths(8)
    };
    let em = sheet.em;
    sheet.em = style.em;
    let y = sheet.legend(&kinds(laid), bottom + style.tenths(8));
    sheet.em = em;
    y + style.tenths(6)
}

fn signs(laid: &Laid) -> Vec<Sign> {
    let style = laid.style;
    let mut signs = Vec::new();
    if laid.scales.most_madds > 1 {
        signs.push(Sign::Height(step(laid.scales.most_madds, 4)));
    }
    let (width, of) = laid.scales.ribbon;
    // What a ribbon of two ems stands for, at most.
    let most = (i128::from(of) * i128::from(style.tenths(20)) / i128::from(width.max(1))) as u64;
    signs.push(Sign::Ribbon(step(most, 1)));
    if laid.net.layers.iter().any(|layer| layer.madds == 0 && layer.form == Form::Layer) {
        signs.push(Sign::Free);
    }
    if laid.net.layers.iter().any(|layer| layer.form == Form::Join) {
        signs.push(Sign::Bar);
    }
    if !laid.columns.plan.tags.is_empty() {
        signs.push(Sign::Head);
    }
    if laid.columns.plan.frames.iter().any(|frame| frame.paths.len() > 1) {
        signs.push(Sign::Alike);
    }
    signs
}

fn words(sign: &Sign) -> String {
    match sign {
        Sign::Height(madds) => format!("height above the text's: {} multiply-adds", round(*madds)),
        Sign::Ribbon(bytes) => format!("ribbon: {}, f32, batch 1", spaced(&units::bytes((*bytes).into(), 0))),
        Sign::Free => "no multiply-adds".to_owned(),
        Sign::Bar => "concat, ribbons side by side".to_owned(),
        Sign::Head => "head for training only".to_owned(),
        Sign::Alike => "modules alike, drawn once".to_owned(),
    }
}

fn draw(sheet: &mut Sheet, laid: &Laid, sign: &Sign, at: Point, right: i32) {
    let style = laid.style;
    let Point { x, y } = at;
    let area = Area { left: x, top: y - style.tenths(7), right: x + style.tenths(36), bottom: y + style.tenths(7) };
    let rule = Some(Stroke::solid(style.em / 12, Role::Rule));
    let panel = Panel { area, radius: style.tenths(2), fill: Some(Role::Background), edge: rule };
    match sign {
        Sign::Height(madds) => {
            let half = laid.scales.rise(&style, *madds) / 2;
            let area = Area { top: y - half, bottom: y + half.max(1), ..area };
            sheet.scene.panel(Panel { area, fill: Some(Role::Fill(Kind::Layer)), edge: None, ..panel });
        }
        Sign::Ribbon(bytes) => {
            let width = laid.scales.width(&style, *bytes);
            let left = area.middle().x - width / 2;
            sheet
                .scene
                .fill(Area { left, right: left + width, top: y - style.tenths(10), bottom: y + style.tenths(10) }, Role::Edge);
        }
        Sign::Free => sheet.scene.panel(panel),
        Sign::Bar => {
            let area = Area { top: y - style.bar() / 2, bottom: y + style.bar() / 2, ..area.grown(0) };
            sheet.scene.panel(Panel { area, radius: style.tenths(1), fill: Some(Role::Fill(Kind::Layer)), edge: None });
        }
        Sign::Head => {
            let dash = Some([style.em / 3, style.em / 5]);
            sheet.scene.panel(Panel { edge: Some(Stroke { width: style.em / 12, role: Role::Sub, dash }), ..panel });
        }
        Sign::Alike => {
            let by = style.tenths(3);
            let back = Area { left: area.left + by, top: area.top + by, right: area.right + by, bottom: area.bottom + by };
            sheet.scene.panel(Panel { area: back, fill: Some(Role::Panel), ..panel });
            sheet.scene.panel(Panel { fill: Some(Role::Panel), ..panel });
        }
    }
    let left = area.right + style.tenths(8);
    let words = sheet.scene.cut(&words(sign), style.em, false, right - left);
    sheet.put(Text { em: style.em, ..sheet.text(&words, left, y, Anchor::Start) });
}

/// Kinds in the order in which they first occur, branches first, with their words.
fn kinds(laid: &Laid) -> Vec<(Swatch, String)> {
    let mut found: Vec<(Kind, Vec<String>)> = Vec::new();
    for layer in laid.net.layers.iter().filter(|layer| layer.madds > 0) {
        let name = branch(&layer.path, layer.kind);
        match found.iter_mut().find(|(kind, _)| *kind == layer.kind) {
            None => found.push((layer.kind, vec![name])),
            Some((_, names)) if !names.contains(&name) => names.push(name),
            Some(_) => {}
        }
    }
    let is_branch = |kind: Kind| matches!(kind, Kind::Branch { .. });
    let has_branches = found.iter().any(|(kind, _)| is_branch(*kind));
    found.sort_by_key(|(kind, _)| !is_branch(*kind));
    let word = |kind: Kind, names: &[String]| match kind {
        Kind::Branch { reduces, .. } => branch_word(names, reduces),
        Kind::Classifier => "classifier".to_owned(),
        Kind::Layer if has_branches => "outside branches".to_owned(),
        Kind::Layer => "layers".to_owned(),
    };
    found.into_iter().map(|(kind, names)| (Swatch::Part(kind), word(kind, &names))).collect()
}

/// The step of a layer's path that gave it its hue.
fn branch(path: &str, kind: Kind) -> String {
    let Kind::Branch { hue, .. } = kind else { return String::new() };
    let mut steps = path.split('/').skip(1).filter(|step| Hue::of(step) == hue);
    steps.next().unwrap_or_default().to_owned()
}

//! A scene as SVG, drawn with plotters. Texts stay texts, to be found and copied; the file's bytes depend on the scene alone.

use plotters::backend::DrawingBackend as _;
use plotters::backend::SVGBackend;
use plotters::style::Color as _;
use plotters::style::FontDesc;
use plotters::style::FontFamily;
use plotters::style::FontStyle;
use plotters::style::RGBColor;
use plotters::style::ShapeStyle;
use plotters::style::TextStyle;
use plotters::style::text_anchor::HPos;
use plotters::style::text_anchor::Pos;
use plotters::style::text_anchor::VPos;

use crate::report::plot::font::FAMILY;
use crate::report::plot::palette::Rgb;
use crate::report::plot::scene::Anchor;
use crate::report::plot::scene::Area;
use crate::report::plot::scene::Mark;
use crate::report::plot::scene::Scene;
use crate::report::plot::scene::Text;

/// The back end sets a font of size `s` with an em of `s / 1.24`.
const SIZE_OF_EM: f64 = 1.24;
/// The back end centres small letters on a point; capitals are higher by this part of the em.
const CAPITALS: (i32, i32) = (9, 100);

/// The picture, sized in millimetres.
pub(super) fn svg(scene: &Scene) -> String {
    let mut text = String::new();
    draw(scene, &mut text).expect("drawing into a string does not fail");
    let (width, height) = (scene.width, scene.height);
    let millimetres = |units: i32| format!("{}.{:02}mm", units / 100, units % 100);
    let in_units = format!("width=\"{width}\" height=\"{height}\" viewBox=");
    let sized = format!("width=\"{}\" height=\"{}\" viewBox=", millimetres(width), millimetres(height));
    text.replacen(&in_units, &sized, 1)
}

fn draw(scene: &Scene, into: &mut String) -> Option<()> {
    let size = (scene.width.unsigned_abs(), scene.height.unsigned_abs());
    let mut backend = SVGBackend::with_string(into, size);
    for mark in &scene.marks {
        match mark {
            Mark::Fill(area, colour) | Mark::Bar(area, colour, _) => {
                let Area { left, top, right, bottom } = *area;
                backend.draw_rect((left, top), (right, bottom), &solid(*colour).filled(), true).ok()?;
            }
            Mark::Stroke(ends, width, colour) => {
                let style = ShapeStyle { color: solid(*colour).to_rgba(), filled: false, stroke_width: width.unsigned_abs() };
                backend.draw_path(*ends, &style).ok()?;
            }
            Mark::Text(text, _) => write(&mut backend, text)?,
        }
    }
    backend.present().ok()
}

fn write(backend: &mut SVGBackend<'_>, text: &Text) -> Option<()> {
    let style = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), f64::from(text.em) * SIZE_OF_EM, style);
    let anchor = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let colour = solid(text.colour);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor, VPos::Center));
    let (up, whole) = CAPITALS;
    backend.draw_text(&text.words, &style, (text.x, text.y + text.em * up / whole)).ok()
}

fn solid(colour: Rgb) -> RGBColor {
    let [red, green, blue] = colour.parts();
    RGBColor(red, green, blue)
}

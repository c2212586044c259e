//! A picture as PNG: drawn by plotters' bitmap back end into a buffer. Upright rectangles fill whole pixels, all else covers them in part.

use ab_glyph::Glyph;
use ab_glyph::GlyphId;
use ab_glyph::OutlineCurve;
use ab_glyph::OutlinedGlyph;
use ab_glyph::PxScale;
use ab_glyph::PxScaleFactor;
use ab_glyph::Rect;
use plotters::backend::BitMapBackend;
use plotters::backend::DrawingBackend as _;
use plotters::style::Color as _;
use plotters::style::RGBColor;

use crate::report::picture::font;
use crate::report::picture::font::Font;
use crate::report::picture::mark::Anchor;
use crate::report::picture::mark::Area;
use crate::report::picture::mark::Mark;
use crate::report::picture::mark::Panel;
use crate::report::picture::mark::Text;
use crate::report::picture::outline::Outline;
use crate::report::picture::palette::Palette;
use crate::report::picture::palette::Theme;
use crate::report::picture::path::Path;
use crate::report::picture::role::Role;
use crate::report::picture::scene::Picture;

/// Hundredths of a millimetre in an inch.
const INCH: u32 = 2540;

/// A picture as PNG with so many pixels to the inch, which the file tells too. The same picture gives the same bytes.
pub fn png(picture: &Picture, theme: Theme, dpi: u32) -> Vec<u8> {
    let pixels = |length: i32| (length.unsigned_abs() * dpi).div_ceil(INCH).max(1);
    let (width, height) = (pixels(picture.width), pixels(picture.height));
    // The last pixels of a page that is no whole number of them wide have its background too.
    let ground = Palette::of(theme).colour(Role::Background).parts();
    let mut buffer = ground.repeat(width as usize * height as usize);
    let canvas = BitMapBackend::with_buffer(&mut buffer, (width, height));
    let mut board = Board { canvas, scale: dpi as f32 / INCH as f32, palette: Palette::of(theme), font: Font::embedded() };
    board.marks(&picture.marks);
    drop(board);
    write(&buffer, width, height, dpi).expect("writing into memory does not fail")
}

fn write(buffer: &[u8], width: u32, height: u32, dpi: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let per_metre = (dpi * 10_000 + 127) / 254;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(buffer)?;
    writer.finish()?;
    Ok(file)
}

struct Board<'b> {
    canvas: BitMapBackend<'b>,
    /// Pixels of a hundredth of a millimetre.
    scale: f32,
    palette: Palette,
    font: Font,
}

impl Board<'_> {
    fn marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Panel(panel) => self.panel(panel),
                Mark::Path { path, fill, stroke } => {
                    if let Some((role, opacity)) = fill {
                        self.cover(&Outline::filled(path, self.scale), *role, f64::from(*opacity) / 100.0);
                    }
                    if let Some(stroke) = stroke {
                        self.cover(&Outline::stroked(path, stroke, self.scale), stroke.role, 1.0);
                    }
                }
                Mark::Marker { form, at, radius, fill, edge } => {
                    let path = Path::of_marker(*form, *at, *radius);
                    self.cover(&Outline::filled(&path, self.scale), *fill, 1.0);
                    if let Some(stroke) = edge {
                        self.cover(&Outline::stroked(&path, stroke, self.scale), stroke.role, 1.0);
                    }
                }
                Mark::Text(text, _) => self.write(text),
                Mark::Group(_, marks) => self.marks(marks),
            }
        }
    }

    fn colour(&self, role: Role) -> RGBColor {
        let [red, green, blue] = self.palette.colour(role).parts();
        RGBColor(red, green, blue)
    }

    fn panel(&mut self, panel: &Panel) {
        let path = Path::rounded(panel.area, panel.radius);
        if let Some(role) = panel.fill {
            if panel.radius > 0 {
                self.cover(&Outline::filled(&path, self.scale), role, 1.0);
            } else {
                self.rectangle(panel.area, role);
            }
        }
        if let Some(stroke) = panel.edge {
            self.cover(&Outline::stroked(&path, &stroke, self.scale), stroke.role, 1.0);
        }
    }

    /// Whole pixels, at least one each way.
    fn rectangle(&mut self, area: Area, role: Role) {
        let near = |length: i32| (length as f32 * self.scale).round() as i32;
        let (left, top) = (near(area.left), near(area.top));
        let (right, bottom) = (near(area.right).max(left + 1), near(area.bottom).max(top + 1));
        let colour = self.colour(role);
        self.canvas.draw_rect((left, top), (right, bottom), &colour.filled(), true).expect("a buffer takes every pixel");
    }

    fn write(&mut self, text: &Text) {
        let (letters, em) = self.font.outlines(&text.words, text.bold);
        let width = self.font.width(&text.words, text.em, text.bold);
        let before = match text.anchor {
            Anchor::Start => 0,
            Anchor::Middle => width / 2,
            Anchor::End => width,
        };
        let down = font::below_middle(text.em);
        let (x, y) = if text.rotated { (text.x + down, text.y + before) } else { (text.x - before, text.y + down) };
        let size = text.em as f32 * self.scale / em;
        let at = [x as f32 * self.scale, y as f32 * self.scale];
        self.cover(&Outline::letters(&letters, size, at, text.rotated), text.role, 1.0);
    }

    /// Colours every pixel by how much of it lies inside an outline.
    fn cover(&mut self, outline: &Outline, role: Role, opacity: f64) {
        let all = || outline.edges.iter().flatten();
        let Some(first) = all().next() else { return };
        let ends = all()
            .fold([*first; 2], |[least, most], &[x, y]| [[least[0].min(x), least[1].min(y)], [most[0].max(x), most[1].max(y)]]);
        let [min, max] = ends.map(|[x, y]| ab_glyph::point(x, y));
        let point = |[x, y]: [f32; 2]| ab_glyph::point(x, y);
        let curves = outline.edges.iter().map(|&[from, to]| OutlineCurve::Line(point(from), point(to))).collect();
        // The rasteriser turns y round, as for letters; here it is turned round already.
        let upright = PxScaleFactor { horizontal: 1.0, vertical: -1.0 };
        let glyph = Glyph { id: GlyphId(0), scale: PxScale::from(1.0), position: ab_glyph::point(0.0, 0.0) };
        let outlined = OutlinedGlyph::new(glyph, ab_glyph::Outline { bounds: Rect { min, max }, curves }, upright);
        let (left, top) = (outlined.px_bounds().min.x as i32, outlined.px_bounds().min.y as i32);
        let colour = self.colour(role);
        let canvas = &mut self.canvas;
        outlined.draw(|x, y, covered| {
            // Less than half a step of one colour's 255 is nothing.
            let share = f64::from(covered.min(1.0)) * opacity;
            if share > 0.002 {
                let place = (left + x as i32, top + y as i32);
                let mixed = colour.mix(share).to_backend_color();
                canvas.draw_pixel(place, mixed).expect("a buffer takes every pixel");
            }
        });
    }
}

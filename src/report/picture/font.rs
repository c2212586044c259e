//! The font of the pictures: subsets of `DejaVu` Sans Condensed, embedded, so that every text is measured before it is placed.

use ab_glyph::Font as _;
use ab_glyph::FontRef;
use ab_glyph::OutlineCurve;

const BOOK: &[u8] = include_bytes!("font/DejaVuSansCondensed.ttf");
const BOLD: &[u8] = include_bytes!("font/DejaVuSansCondensed-Bold.ttf");

/// What a reader's machine may draw with.
pub(super) const FAMILY: &str = "DejaVu Sans Condensed, Arial Narrow, Liberation Sans Narrow, Arial, Helvetica, sans-serif";

/// How far the line that letters stand on lies below the middle of its capitals, which are 1493 of 2048 units high.
pub(super) const fn below_middle(em: i32) -> i32 {
    em * 1493 / 4096
}

/// Both weights, ready to measure.
pub(super) struct Font {
    book: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Font {
    /// The embedded font.
    pub(super) fn embedded() -> Font {
        let read = |bytes| FontRef::try_from_slice(bytes).expect("the embedded font is whole");
        Font { book: read(BOOK), bold: read(BOLD) }
    }

    /// The width of a text, in the unit of `em`, rounded up.
    pub(super) fn width(&self, text: &str, em: i32, bold: bool) -> i32 {
        let font = self.weight(bold);
        let units: f32 = text.chars().map(|char| font.h_advance_unscaled(font.glyph_id(char))).sum();
        (f64::from(units) / f64::from(units_per_em(font)) * f64::from(em)).ceil() as i32
    }

    /// The outlines of a text's letters in parts of the em, y upwards, each with the distance at which it stands.
    pub(super) fn outlines(&self, text: &str, bold: bool) -> (Vec<(f32, Vec<OutlineCurve>)>, f32) {
        let font = self.weight(bold);
        let em = units_per_em(font);
        let mut units = 0.0;
        let mut letters = Vec::new();
        for glyph in text.chars().map(|char| font.glyph_id(char)) {
            if let Some(outline) = font.outline(glyph) {
                letters.push((units, outline.curves));
            }
            units += font.h_advance_unscaled(glyph);
        }
        (letters, em)
    }

    fn weight(&self, bold: bool) -> &FontRef<'static> {
        if bold { &self.bold } else { &self.book }
    }
}

fn units_per_em(font: &FontRef<'static>) -> f32 {
    font.units_per_em().expect("an outline font has an em")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances from the font's own table: a digit has 1172 of 2048 units, in bold 1282.
        let font = Font::embedded();
        assert_eq!(font.width("304", 2048, false), 3 * 1172);
        assert_eq!(font.width("304", 2048, true), 3 * 1282);
        assert_eq!(font.width("", 2048, true), 0);
    }

    #[test]
    fn every_sign_of_the_pictures_is_in_the_font() {
        let font = Font::embedded();
        for char in "×−…·→’\u{202F}".chars() {
            for weight in [&font.book, &font.bold] {
                assert!(weight.glyph_id(char).0 != 0, "{char}");
            }
        }
    }
}

//! The font of the pictures: subsets of `DejaVu` Sans Condensed, embedded, so that every text is measured before it is placed.

use ab_glyph::Font as _;
use ab_glyph::FontRef;

const BOOK: &[u8] = include_bytes!("font/DejaVuSansCondensed.ttf");
const BOLD: &[u8] = include_bytes!("font/DejaVuSansCondensed-Bold.ttf");

/// What a reader's machine may draw with; those after the first are no wider.
pub(super) const FAMILY: &str = "DejaVu Sans Condensed, Arial Narrow, Liberation Sans Narrow, Arial, Helvetica, sans-serif";

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
        let font = if bold { &self.bold } else { &self.book };
        let units: f32 = text.chars().map(|char| font.h_advance_unscaled(font.glyph_id(char))).sum();
        let em_units = font.units_per_em().expect("an outline font has an em");
        (f64::from(units) / f64::from(em_units) * f64::from(em)).ceil() as i32
    }
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
}

//! Colours. A hue is a branch and its tint the branch's reduction, in light and in dark; every two of them stay apart for
//! colour-blind readers. A text on a fill is white or near black, whichever contrasts more.

use crate::report::hue::Hue;
use crate::report::plot::segment::Kind;

/// Light for paper, dark for screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Rgb(pub(super) u32);

impl Rgb {
    /// Red, green, blue.
    pub(in crate::report) const fn parts(self) -> [u8; 3] {
        let [_, parts @ ..] = self.0.to_be_bytes();
        parts
    }

    /// Relative luminance as in the Web's accessibility guidelines, 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.parts().map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The colour of a text on this fill.
    pub(in crate::report) fn text_on(self) -> Rgb {
        let [white, black] = [Rgb(0xFF_FFFF), Rgb(0x11_1418)];
        let fill = self.luminance() + 0.05;
        if 1.05 / fill > fill / (black.luminance() + 0.05) { white } else { black }
    }
}

/// `#1a9e77`, as style sheets write it.
impl std::fmt::Display for Rgb {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "#{:06x}", self.0)
    }
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Palette {
    pub(super) background: Rgb,
    /// Cards, frames.
    panel: Rgb,
    pub(super) ink: Rgb,
    /// Secondary text.
    pub(super) sub: Rgb,
    /// What is least.
    faint: Rgb,
    /// Axes.
    pub(super) rule: Rgb,
    /// The value grid.
    pub(super) grid: Rgb,
    /// Above a budget.
    pub(super) over: Rgb,
    /// Within it.
    pub(super) ok: Rgb,
    /// Behind the selected row.
    selected: Rgb,
    /// Hues of [`Hue`] in its order.
    hues: [Rgb; 5],
    /// Their tints.
    tints: [Rgb; 5],
    stem: Rgb,
    classifier: Rgb,
}

const LIGHT: Palette = Palette {
    background: Rgb(0xFF_FFFF),
    panel: Rgb(0xF6_F7F8),
    ink: Rgb(0x1B_1F24),
    sub: Rgb(0x57_606A),
    faint: Rgb(0x6E_7781),
    rule: Rgb(0xD0_D7DE),
    grid: Rgb(0xE7_EAED),
    over: Rgb(0xB4_003C),
    ok: Rgb(0x1A_7F37),
    selected: Rgb(0xFF_F3BF),
    hues: [Rgb(0x1A_9E77), Rgb(0x14_65AE), Rgb(0xD5_5E00), Rgb(0xC3_64A5), Rgb(0x3D_348B)],
    tints: [Rgb(0x1A_9E77), Rgb(0x9C_CBEB), Rgb(0xF5_B783), Rgb(0xC3_64A5), Rgb(0x9D_95D6)],
    stem: Rgb(0x4F_5963),
    classifier: Rgb(0xF0_E442),
};

const DARK: Palette = Palette {
    background: Rgb(0x0F_1318),
    panel: Rgb(0x17_1C22),
    ink: Rgb(0xE8_ECF0),
    sub: Rgb(0xA3_ADB8),
    faint: Rgb(0x76_818C),
    rule: Rgb(0x34_3C45),
    grid: Rgb(0x23_2A31),
    over: Rgb(0xFF_6B8E),
    ok: Rgb(0x3F_B950),
    selected: Rgb(0x3A_3210),
    hues: [Rgb(0x1F_B58A), Rgb(0x2B_7FD0), Rgb(0xE8_701A), Rgb(0xD4_89BE), Rgb(0x9C_92F0)],
    tints: [Rgb(0x1F_B58A), Rgb(0x9F_CFF3), Rgb(0xFB_C08F), Rgb(0xD4_89BE), Rgb(0xC9_C4F7)],
    stem: Rgb(0x6B_7580),
    classifier: Rgb(0xF0_E442),
};

impl Palette {
    /// The colours of a theme.
    pub(in crate::report) const fn of(theme: Theme) -> Palette {
        match theme {
            Theme::Light => LIGHT,
            Theme::Dark => DARK,
        }
    }

    /// All but the fills, by name.
    pub(in crate::report) const fn neutrals(&self) -> [(&'static str, Rgb); 10] {
        [
            ("background", self.background),
            ("panel", self.panel),
            ("ink", self.ink),
            ("sub", self.sub),
            ("faint", self.faint),
            ("rule", self.rule),
            ("grid", self.grid),
            ("over", self.over),
            ("ok", self.ok),
            ("selected", self.selected),
        ]
    }

    /// The fill of a segment.
    pub(in crate::report) fn fill(&self, kind: Kind) -> Rgb {
        let at = |hue: Hue| hue as usize;
        match kind {
            Kind::Branch { hue, reduces: false, .. } => self.hues[at(hue)],
            Kind::Branch { hue, reduces: true, .. } => self.tints[at(hue)],
            Kind::Layer => self.stem,
            Kind::Classifier => self.classifier,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_contrasts_with_every_fill() {
        for palette in [LIGHT, DARK] {
            for fill in palette.hues.into_iter().chain(palette.tints).chain([palette.stem, palette.classifier]) {
                let (fill_at, text_at) = (fill.luminance() + 0.05, fill.text_on().luminance() + 0.05);
                let contrast = (fill_at / text_at).max(text_at / fill_at);
                assert!(contrast >= 4.4, "{fill:?} {contrast}");
            }
        }
    }
}

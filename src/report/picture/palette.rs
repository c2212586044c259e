//! Colours. A hue is a branch and its tint the branch's reduction, in light and in dark; every two of them stay apart for
//! colour-blind readers. A text on a fill is white or near black, whichever contrasts more.

use std::fmt;

use crate::report::hue::Hue;
use crate::report::picture::kind::Kind;
use crate::report::picture::role::Role;

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
pub(in crate::report) struct Rgb(u32);

/// As a style sheet writes it.
impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06X}", self.0)
    }
}

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
    fn text_on(self) -> Rgb {
        let [white, black] = [Rgb(0xFF_FFFF), Rgb(0x11_1418)];
        let fill = self.luminance() + 0.05;
        if 1.05 / fill > fill / (black.luminance() + 0.05) { white } else { black }
    }

    /// So many per cent of the way to another colour.
    fn towards(self, other: Rgb, per_cent: u32) -> Rgb {
        let (from, to) = (self.parts(), other.parts());
        let mixed = |at: usize| (u32::from(from[at]) * (100 - per_cent) + u32::from(to[at]) * per_cent + 50) / 100;
        Rgb(mixed(0) << 16 | mixed(1) << 8 | mixed(2))
    }
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Palette {
    background: Rgb,
    panel: Rgb,
    ink: Rgb,
    sub: Rgb,
    faint: Rgb,
    rule: Rgb,
    grid: Rgb,
    edge: Rgb,
    over: Rgb,
    good: Rgb,
    naive: Rgb,
    naive_text: Rgb,
    variant_text: Rgb,
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
    edge: Rgb(0xD0_D7DE),
    over: Rgb(0xB4_003C),
    good: Rgb(0x1A_7F37),
    naive: Rgb(0xC0_8A00),
    naive_text: Rgb(0x8A_6200),
    variant_text: Rgb(0x6F_63BE),
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
    edge: Rgb(0x46_505A),
    over: Rgb(0xFF_6B8E),
    good: Rgb(0x3F_B950),
    naive: Rgb(0xD9_A520),
    naive_text: Rgb(0xE4_B63C),
    variant_text: Rgb(0xC9_C4F7),
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

    /// The value of a role.
    pub(in crate::report) fn colour(&self, role: Role) -> Rgb {
        match role {
            Role::Background => self.background,
            Role::Panel => self.panel,
            Role::Ink => self.ink,
            Role::Sub => self.sub,
            Role::Faint => self.faint,
            Role::Rule => self.rule,
            Role::Grid => self.grid,
            Role::Edge => self.edge,
            Role::Fill(kind) => self.fill(kind),
            Role::Pale(kind) => self.fill(kind).towards(self.background, 35),
            Role::On(kind) => self.fill(kind).text_on(),
            Role::OnPale(kind) => self.colour(Role::Pale(kind)).text_on(),
            // The family of what is a whole network has the colours of branches with a name of their own.
            Role::This => self.hues[Hue::Named as usize],
            Role::Variant => self.tints[Hue::Named as usize],
            Role::VariantText => self.variant_text,
            Role::Naive => self.naive,
            Role::NaiveText => self.naive_text,
            Role::Over => self.over,
            Role::Good => self.good,
        }
    }

    /// The fill of a part.
    pub(in crate::report) const fn fill(&self, kind: Kind) -> Rgb {
        match kind {
            Kind::Branch { hue, reduces: false, .. } => self.hues[hue as usize],
            Kind::Branch { hue, reduces: true, .. } => self.tints[hue as usize],
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
            let fills = palette.hues.into_iter().chain(palette.tints).chain([palette.stem, palette.classifier]);
            let fills: Vec<Rgb> = fills.collect();
            let pale: Vec<Rgb> = fills.iter().map(|fill| fill.towards(palette.background, 35)).collect();
            for fill in fills.into_iter().chain(pale) {
                let (fill_at, text_at) = (fill.luminance() + 0.05, fill.text_on().luminance() + 0.05);
                let contrast = (fill_at / text_at).max(text_at / fill_at);
                assert!(contrast >= 4.4, "{fill:?} {contrast}");
            }
        }
    }

    #[test]
    fn a_third_of_the_way_is_between() {
        assert_eq!(Rgb(0x00_64FF).towards(Rgb(0xFF_FFFF), 35).to_string(), "#599AFF");
    }
}

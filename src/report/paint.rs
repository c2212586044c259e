//! Colours of the terminal: a hue is a branch, the budget's excess is red, and nothing is said by colour alone.

use crate::report::hue::Hue;
use crate::report::picture::Kind;
use crate::report::picture::Palette;
use crate::report::picture::Theme;

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain.
    Ink,
    /// Names and large shares.
    Bold,
    /// What explains.
    Faint,
    /// A branch, or its reduction.
    Branch {
        /// The branch's hue.
        hue: Hue,
        /// Whether it is the reduction.
        reduces: bool,
    },
    /// Layers on a grid of one position.
    Classifier,
    /// Bars of all else.
    Stem,
    /// Over the budget; the peak.
    Over,
    /// Within it.
    Good,
}

impl Colour {
    /// What the pictures would fill with it.
    fn kind(self) -> Option<Kind> {
        match self {
            Colour::Branch { hue, reduces } => Some(Kind::Branch { hue, reduces, hatched: false }),
            Colour::Classifier => Some(Kind::Classifier),
            Colour::Stem => Some(Kind::Layer),
            Colour::Ink | Colour::Bold | Colour::Faint | Colour::Over | Colour::Good => None,
        }
    }

    /// Its code among the sixteen: a reduction is the bright form of its branch.
    fn code(self) -> &'static str {
        match self {
            Colour::Ink => "0",
            Colour::Bold => "1",
            Colour::Faint => "2",
            Colour::Good | Colour::Branch { hue: Hue::One, .. } => "32",
            Colour::Branch { hue: Hue::Three, reduces } => ["34", "94"][usize::from(reduces)],
            Colour::Branch { hue: Hue::Five, reduces } => ["33", "93"][usize::from(reduces)],
            Colour::Branch { hue: Hue::Pool, .. } => "35",
            Colour::Branch { hue: Hue::Named, reduces } => ["36", "96"][usize::from(reduces)],
            Colour::Classifier => "37",
            Colour::Stem => "90",
            Colour::Over => "1;31",
        }
    }
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None, or none wanted.
    None,
    /// The sixteen that all have.
    Sixteen,
    /// All: those of the pictures.
    All,
}

/// How text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// With which colours.
    pub colours: Colours,
    /// With line drawing and block characters; `#` and `|-` otherwise.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Paint {
    /// For files and pipes: no colour, no line broken.
    pub const PLAIN: Paint = Paint { colours: Colours::None, unicode: true, width: 10_000 };

    /// The text in its colour.
    pub fn text(&self, colour: Colour, text: &str) -> String {
        if self.colours == Colours::None || text.is_empty() || colour == Colour::Ink {
            return text.to_owned();
        }
        let code = match (self.colours, colour.kind()) {
            (Colours::All, Some(kind)) => {
                let [red, green, blue] = Palette::of(Theme::Dark).fill(kind).parts();
                format!("38;2;{red};{green};{blue}")
            }
            _ => colour.code().to_owned(),
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A bar of at most `cells` characters, in eighths where the terminal has them; something for every share above nothing.
    pub fn bar(&self, part: u128, whole: u128, cells: usize) -> String {
        const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        if part == 0 || whole == 0 {
            return String::new();
        }
        let eighths = ((part * 8 * cells as u128 + whole / 2) / whole).max(1) as usize;
        if self.unicode { "█".repeat(eighths / 8) + EIGHTHS[eighths % 8] } else { "#".repeat(eighths.div_ceil(8)) }
    }
}

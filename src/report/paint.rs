//! Colours of the terminal: a hue is a branch, the budget's excess is red, and nothing is said by colour alone.

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain.
    Ink,
    /// Names and large shares.
    Bold,
    /// What explains.
    Faint,
    /// The 1x1 branch.
    One,
    /// The 3x3 branch and others with a side of 3 or 7.
    Three,
    /// The 5x5 branch.
    Five,
    /// The pool branch.
    Pool,
    /// Bars of all else.
    Stem,
    /// Over the budget; the peak.
    Over,
    /// Within it.
    Good,
}

/// How text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// With colours.
    pub colour: bool,
    /// With line drawing and block characters; `#` and `|-` otherwise.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Paint {
    /// For files and pipes: no colour, 98 columns.
    pub const PLAIN: Paint = Paint { colour: false, unicode: true, width: 98 };

    /// The text in its colour.
    pub fn text(&self, colour: Colour, text: &str) -> String {
        let code = match colour {
            _ if !self.colour || text.is_empty() || colour == Colour::Ink => return text.to_owned(),
            Colour::Ink => "0",
            Colour::Bold => "1",
            Colour::Faint => "2",
            Colour::One | Colour::Good => "32",
            Colour::Three => "34",
            Colour::Five => "33",
            Colour::Pool => "35",
            Colour::Stem => "90",
            Colour::Over => "1;31",
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

//! What the spec language knows of an operator: its words, its settings, their defaults. One table drives reading, errors,
//! `nas explain` and the reference.

use std::fmt::Display;

use crate::base::Shape;
use crate::op::Figure;

/// Where an operator's word stands in a layer: kind, then `norm`, then `act` (language rule R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The key of the layer's main entry: `{conv: 64}`.
    Kind,
    /// A word after `norm:`.
    Norm,
    /// A word after `act:`.
    Act,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Takes {
    /// An integer from 1.
    Count,
    /// An integer from 0.
    Natural,
    /// One count, or `[height, width]`.
    Window,
    /// A window, or the word `global`.
    WindowOrGlobal,
    /// `same`, a natural, `[h, w]` or `[[top, bottom], [left, right]]`.
    Pad,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// `true`, `false` or `auto`.
    TruthOrAuto,
    /// Rows of channel numbers from 1.
    Table,
    /// A list of layers.
    Layers,
    /// `{}`.
    Nothing,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `none` or a word of this role.
    WordOf(Role),
    /// A layer; a list of them where a module has several inputs.
    Layer,
    /// A variable.
    Variable,
    /// A text or a list of texts.
    Texts,
    /// Numbers by branch.
    Shares,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key; of a main value, what it is called in messages.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// The default as it would be written; `-` for none.
    pub default: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

/// An operator's page.
#[derive(Clone, Copy, Debug)]
pub struct Manual {
    /// Its words; most operators have one, an activation has one for each function.
    pub words: &'static [&'static str],
    /// Where the word stands.
    pub role: Role,
    /// What it computes, with its source; the first sentence is the summary.
    pub doc: &'static str,
    /// What the value of the word's own key is; only for kinds.
    pub main: Setting,
    /// The other settings, in the order in which they are written out.
    pub settings: &'static [Setting],
    /// The output's channels, rows and columns, as formulas over [`Manual::SYMBOLS`].
    pub output: [&'static str; 3],
    /// How many numbers it learns.
    pub params: &'static str,
    /// Its multiply-adds for one image, taps on padding included; other operations are in `doc`.
    pub madds: &'static str,
    /// An example layer.
    pub example: &'static str,
}

impl Manual {
    /// The letters of its formulas and of every [`Formula`], beside the operator's settings.
    pub const SYMBOLS: &'static [(&'static str, &'static str)] = &[
        ("in", "the input's channels"),
        ("h", "the input's rows"),
        ("w", "the input's columns"),
        ("all_in", "the channels of all inputs together"),
        ("c", "the output's channels"),
        ("H", "the output's rows, of a window floor((h + top + bottom - dilation * (kh - 1) - 1) / stride) + 1"),
        ("W", "the output's columns, likewise"),
        ("kh", "the kernel's rows"),
        ("kw", "the kernel's columns"),
        ("bias", "1 with a bias, 0 without"),
    ];
}

impl Setting {
    /// The main value of a word that takes none.
    pub const NOTHING: Setting = Setting { name: "value", takes: Takes::Nothing, default: "{}", doc: "takes no value" };
}

/// A formula with the numbers of one node in it, both in the notation of the spec language's expressions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The number it gives.
    pub figure: Figure,
    /// The formula in names, such as `width * in / groups * kh * kw * H * W`.
    pub names: String,
    /// The same with its numbers; evaluates to the claimed number.
    pub numbers: String,
}

impl Formula {
    /// A product of named factors.
    pub fn product(figure: Figure, factors: &[(&str, u128)]) -> Formula {
        let join = |texts: Vec<String>| texts.join(" * ");
        Formula {
            figure,
            names: join(factors.iter().map(|(name, _)| (*name).to_owned()).collect()),
            numbers: join(factors.iter().map(|(_, number)| number.to_string()).collect()),
        }
    }

    /// So many operations for every element of the output; `times` of 1 is not written.
    pub fn each(figure: Figure, times: u128, out: Shape) -> Formula {
        let elements = [("c", u128::from(out.c)), ("H", u128::from(out.h)), ("W", u128::from(out.w))];
        let mut formula = Formula::product(figure, &elements);
        if times != 1 {
            formula.names = format!("{times} * {}", formula.names);
            formula.numbers = format!("{times} * {}", formula.numbers);
        }
        formula
    }

    /// Parameters of an operator that has so many for each channel.
    pub fn per_channel(times: u32, channels: u32) -> Formula {
        if times == 1 {
            Formula::new(Figure::Params, "c", channels.to_string())
        } else {
            Formula::new(Figure::Params, format!("{times} * c"), format!("{times} * {channels}"))
        }
    }

    /// This and a further term.
    #[must_use]
    pub fn plus(self, names: &str, numbers: impl Display) -> Formula {
        let Formula { figure, names: before, numbers: numbers_before } = self;
        Formula::new(figure, format!("{before} + {names}"), format!("{numbers_before} + {numbers}"))
    }

    /// Any other expression.
    pub fn new(figure: Figure, names: impl Into<String>, numbers: impl Into<String>) -> Formula {
        Formula { figure, names: names.into(), numbers: numbers.into() }
    }
}

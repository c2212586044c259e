//! What a colour is for. A scene knows roles only; their values are a palette's, or a style sheet's.

use crate::report::hue::Hue;
use crate::report::picture::kind::Kind;

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Role {
    Background,
    /// A frame's ground.
    Panel,
    Ink,
    /// Secondary text.
    Sub,
    /// What is there for comparison, leaders too.
    Faint,
    /// Axes.
    Rule,
    /// The value grid.
    Grid,
    /// Ribbons and outlines of boxes.
    Edge,
    /// A part of a network.
    Fill(Kind),
    /// The same, a third of the way to the background.
    Pale(Kind),
    /// A text on a fill.
    On(Kind),
    OnPale(Kind),
    /// The network at hand.
    This,
    /// Another one beside it.
    Variant,
    /// A text about the other one.
    VariantText,
    /// Its naive twin.
    Naive,
    NaiveText,
    /// Above a budget.
    Over,
    /// Within it.
    Good,
}

impl Role {
    /// Every role, for a page's style sheet. A hatched fill has the colour of the plain one.
    pub(in crate::report) fn all() -> Vec<Role> {
        let plain = [
            Role::Background,
            Role::Panel,
            Role::Ink,
            Role::Sub,
            Role::Faint,
            Role::Rule,
            Role::Grid,
            Role::Edge,
            Role::This,
            Role::Variant,
            Role::VariantText,
            Role::Naive,
            Role::NaiveText,
            Role::Over,
            Role::Good,
        ];
        let hues = [Hue::One, Hue::Three, Hue::Five, Hue::Pool, Hue::Named];
        let branch = |hue: Hue| [false, true].map(|reduces| Kind::Branch { hue, hatched: false, reduces });
        let kinds = hues.into_iter().flat_map(branch).chain([Kind::Layer, Kind::Classifier]);
        let of_kind = |kind: Kind| [Role::Fill(kind), Role::Pale(kind), Role::On(kind), Role::OnPale(kind)];
        plain.into_iter().chain(kinds.flat_map(of_kind)).collect()
    }

    /// Its name in a style sheet.
    pub(in crate::report) fn name(self) -> String {
        let plain = match self {
            Role::Background => "background",
            Role::Panel => "panel",
            Role::Ink => "ink",
            Role::Sub => "sub",
            Role::Faint => "faint",
            Role::Rule => "rule",
            Role::Grid => "grid",
            Role::Edge => "edge",
            Role::This => "this",
            Role::Variant => "variant",
            Role::VariantText => "variant-text",
            Role::Naive => "naive",
            Role::NaiveText => "naive-text",
            Role::Over => "over",
            Role::Good => "good",
            Role::Fill(kind) => return kind_name(kind),
            Role::Pale(kind) => return format!("pale-{}", kind_name(kind)),
            Role::On(kind) => return format!("on-{}", kind_name(kind)),
            Role::OnPale(kind) => return format!("on-pale-{}", kind_name(kind)),
        };
        plain.to_owned()
    }
}

fn kind_name(kind: Kind) -> String {
    let (hue, reduces) = match kind {
        Kind::Layer => return "stem".to_owned(),
        Kind::Classifier => return "classifier".to_owned(),
        Kind::Branch { hue, reduces, .. } => (hue, reduces),
    };
    let hue = match hue {
        Hue::One => "1x1",
        Hue::Three => "3x3",
        Hue::Five => "5x5",
        Hue::Pool => "pool",
        Hue::Named => "named",
    };
    format!("{hue}{}", if reduces { "-reduce" } else { "" })
}

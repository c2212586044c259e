//! The page's colours as variables of its style sheet, so that pictures follow the theme, and the classes that fill with them.

use crate::report::hue::Hue;
use crate::report::plot::Kind;
use crate::report::plot::Palette;
use crate::report::plot::Theme;

/// The class of what is filled with a kind's colour.
pub(super) fn class(kind: Kind) -> String {
    match kind {
        Kind::Layer => "k-stem".to_owned(),
        Kind::Classifier => "k-classifier".to_owned(),
        Kind::Branch { hue, hatched, reduces } => {
            let hue = word(hue);
            format!("k-{hue}{}{}", if reduces { "-reduce" } else { "" }, if hatched { " hatched" } else { "" })
        }
    }
}

fn word(hue: Hue) -> &'static str {
    match hue {
        Hue::One => "one",
        Hue::Three => "three",
        Hue::Five => "five",
        Hue::Pool => "pool",
        Hue::Named => "named",
    }
}

/// Every fill: the stem, the classifier, and the branches with their tints.
fn fills() -> Vec<Kind> {
    let hues = [Hue::One, Hue::Three, Hue::Five, Hue::Pool, Hue::Named];
    let branch = |hue, reduces| Kind::Branch { hue, hatched: false, reduces };
    let branches = hues.into_iter().flat_map(|hue| [branch(hue, false), branch(hue, true)]);
    [Kind::Layer, Kind::Classifier].into_iter().chain(branches).collect()
}

/// The rules that give the variables their values: light, and on screens dark where the reader or the system prefers it.
pub(super) fn variables() -> String {
    let [light, dark] = [Theme::Light, Theme::Dark].map(values);
    let mut css = format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    );
    for kind in fills() {
        let class = class(kind);
        css += &format!(".{class}{{background-color:var(--{class});fill:var(--{class})}}\n");
    }
    css
}

fn values(theme: Theme) -> String {
    let palette = Palette::of(theme);
    let mut css = String::new();
    for (name, colour) in palette.neutrals() {
        css += &format!("--{name}:{colour};");
    }
    for kind in fills() {
        let (class, fill) = (class(kind), palette.fill(kind));
        css += &format!("--{class}:{fill};--on-{class}:{};", fill.text_on());
    }
    css
}

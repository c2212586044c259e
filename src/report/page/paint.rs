//! The page's colours as variables of its style sheet, so that pictures follow the theme, and the classes that fill with them.

use crate::report::picture::Kind;
use crate::report::picture::Role;
use crate::report::picture::Theme;
use crate::report::picture::variables;

/// The class of what is filled with a kind's colour.
pub(super) fn class(kind: Kind) -> String {
    let hatched = if kind.is_hatched() { " hatched" } else { "" };
    format!("k-{}{hatched}", Role::Fill(kind).name())
}

/// The rules that give the variables their values: light, and on screens dark where the reader or the system prefers it.
pub(super) fn rules() -> String {
    let [light, dark] = [Theme::Light, Theme::Dark].map(values);
    let mut css = format!(
        ":root{{color-scheme:light;{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    );
    for role in Role::all().into_iter().filter(|role| matches!(role, Role::Fill(_))) {
        let name = role.name();
        css += &format!(".k-{name}{{background-color:var(--{name})}}\n");
    }
    css
}

fn values(theme: Theme) -> String {
    variables(theme).into_iter().map(|(name, colour)| [name, ":".to_owned(), colour, ";".to_owned()].concat()).collect()
}

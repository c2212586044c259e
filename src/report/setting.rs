//! The page of a setting: every place that has one of this name, with what it takes there and what it is unless written.

use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::manual::takes;
use crate::report::manual::wrapped;
use crate::spec::OF_HEADS;
use crate::spec::OF_LAYERS;
use crate::spec::OF_NODES;
use crate::spec::OF_SHARES;
use crate::spec::SEARCH;
use crate::spec::TRAIN;

/// Every setting, with the place that has it.
fn all() -> Vec<(String, &'static Setting)> {
    let of_ops = Op::ENTRIES.iter().map(|entry| (entry.manual)()).flat_map(|manual| {
        let place = match manual.role {
            Role::Kind => manual.words[0].to_owned(),
            Role::Norm => format!("norm: {}", manual.words[0]),
            Role::Act => format!("act: {}", manual.words[0]),
        };
        manual.settings.iter().map(move |setting| (place.clone(), setting))
    });
    let tables = [
        ("every layer", OF_LAYERS),
        ("every layer but modules and inception", OF_NODES),
        ("heads", OF_HEADS),
        ("inception by shares", OF_SHARES),
        ("train", TRAIN),
        ("search", SEARCH),
    ];
    let of_language =
        tables.into_iter().flat_map(|(place, settings)| settings.iter().map(move |setting| (place.to_owned(), setting)));
    of_ops.chain(of_language).collect()
}

/// The names of all settings, each once, in the order in which they are met.
pub fn settings() -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for (_, setting) in all() {
        if !names.contains(&setting.name) {
            names.push(setting.name);
        }
    }
    names
}

/// Each setting with the places that have it.
pub(super) fn topics() -> Vec<(String, String)> {
    let all = all();
    let places = |name: &str| {
        let places: Vec<&str> = all.iter().filter(|(_, setting)| setting.name == name).map(|(place, _)| &**place).collect();
        places.join(", ")
    };
    settings().into_iter().map(|name| (name.to_owned(), format!("of {}", places(name)))).collect()
}

/// The page of a setting; nothing if none has the name. Places that say the same share a paragraph.
pub fn setting(name: &str, paint: &Paint) -> Option<String> {
    let mut kinds: Vec<(&Setting, Vec<String>)> = Vec::new();
    for (place, setting) in all().into_iter().filter(|(_, setting)| setting.name == name) {
        match kinds.iter_mut().find(|(known, _)| *known == setting) {
            Some((_, places)) => places.push(place),
            None => kinds.push((setting, vec![place])),
        }
    }
    let paragraph = |(setting, places): &(&Setting, Vec<String>)| {
        let default = if setting.default == "-" { "none".to_owned() } else { setting.default.to_owned() };
        let lines =
            [("of", places.join(", ")), ("takes", takes(setting.takes)), ("default", default), ("is", setting.doc.to_owned())];
        lines
            .map(|(what, text)| {
                format!("{}{}", paint.text(Colour::Faint, &format!("{what:9}")), wrapped(&text, "         ", paint).trim_start())
            })
            .concat()
    };
    let paragraphs: Vec<String> = kinds.iter().map(paragraph).collect();
    let title = format!("{}   {}", paint.text(Colour::Bold, name), paint.text(Colour::Faint, "setting"));
    (!paragraphs.is_empty()).then(|| format!("{title}\n\n{}", paragraphs.join("\n")))
}

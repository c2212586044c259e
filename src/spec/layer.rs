//! Reading one layer: `WORD`, or a map with at most one kind and settings.

use std::sync::Arc;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::op::Entry;
use crate::op::Role;
use crate::op::Takes;
use crate::op::Term;
use crate::spec::Inception;
use crate::spec::Kind;
use crate::spec::KindUse;
use crate::spec::Layer;
use crate::spec::Main;
use crate::spec::inception;
use crate::spec::read::Reader;
use crate::spec::vocabulary::OF_LAYERS;
use crate::spec::vocabulary::OF_NODES;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Node;

/// Settings of normalisations, which stand beside `norm`; each once.
pub fn norm_settings() -> Vec<&'static str> {
    let norms = crate::op::Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(|manual| manual.role == Role::Norm);
    let mut names: Vec<&str> = norms.flat_map(|manual| manual.settings).map(|setting| setting.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// An empty layer.
fn identity(key: Key, span: Span) -> Layer {
    Layer {
        key,
        kinds: Vec::new(),
        kind_span: span,
        settings: Vec::new(),
        norm: None,
        act: None,
        from: None,
        repeat: None,
        when: None,
        by: None,
        broken: false,
        size: 0,
    }
}

/// How long the terms of a layer take to evaluate; layers inside it have sizes of their own.
fn size(layer: &Layer) -> usize {
    let structural = [&layer.norm, &layer.act, &layer.from, &layer.repeat, &layer.when, &layer.by].into_iter().flatten();
    let settings = layer.settings.iter().map(|(_, term)| term);
    let main = |kind: &KindUse| -> usize {
        match &kind.main {
            Main::Value(value) => value.iter().map(Term::size).sum(),
            Main::Layers(layers) => layers.iter().map(|layer| Term::ITEM + layer.size()).sum(),
            Main::Arguments(arguments) => arguments.iter().map(|(_, term)| Term::ITEM + term.size()).sum(),
            Main::Inception(Inception::Ratios(ratios)) => {
                let parts = ratios.share.iter().chain(&ratios.reduce).map(|(_, term)| term);
                parts.chain(&ratios.unit).chain([&ratios.total]).map(Term::size).sum()
            }
            Main::Inception(Inception::Branches(_)) | Main::Body(_) => 0,
        }
    };
    structural.chain(settings).map(Term::size).sum::<usize>() + layer.kinds.iter().map(main).sum::<usize>()
}

/// Reads the value of a layer's key. Entries named in `also` are left to the caller.
pub(super) fn read_layer(reader: &mut Reader<'_>, key: Key, value: &Node, also: &[&'static str]) -> Layer {
    let mut layer = identity(key, value.span);
    if let Some(word) = value.scalar() {
        let word = Key { text: Arc::from(word), span: value.span };
        read_kind(reader, &mut layer, &word, None);
        return layer;
    }
    let Some(entries) = value.map() else {
        layer.broken = true;
        let message = format!("a layer is a map such as `{{conv: 64}}`, not {}", value.describes());
        reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
        return layer;
    };
    let mut others = Vec::new();
    for (key, value) in entries.iter().filter(|(key, _)| !also.contains(&&*key.text)) {
        let term = || Some(Term::new(value));
        match &*key.text {
            "from" => layer.from = term(),
            "repeat" => layer.repeat = term(),
            "when" => layer.when = term(),
            "by" => layer.by = term(),
            "norm" => layer.norm = term(),
            "act" => layer.act = term(),
            text if is_kind(reader, text) => {
                if layer.kinds.is_empty() {
                    read_kind(reader, &mut layer, key, Some(value));
                } else {
                    layer.broken = true;
                    let message = format!("`{}` has two kinds, `{}` and `{text}`", layer.key.text, layer.kinds[0].word.text);
                    let fault = Diagnostic::new(Code::E0210, key.span, message, "the second");
                    let help = "a layer has one kind; write the other as a layer of its own below";
                    reader.fault(fault.with_label(layer.kind_span, "the first").with_help(help));
                }
            }
            _ => others.push((key, value)),
        }
    }
    if let Some(by) = layer.by.as_ref().filter(|_| layer.kinds.is_empty()) {
        let message = format!("`by` chooses among kinds, but `{}` has none", layer.key.text);
        reader.fault(Diagnostic::new(Code::E0217, by.span, message, "").with_help("write the kinds as `a | b | c`"));
    }
    check_settings(reader, &mut layer, others, also);
    layer.size = size(&layer);
    layer
}

/// Whether a key names a kind, or is at least written like a choice of kinds.
fn is_kind(reader: &Reader<'_>, text: &str) -> bool {
    text.contains('|') || reader.kind(text).is_some()
}

fn read_kind(reader: &mut Reader<'_>, layer: &mut Layer, key: &Key, value: Option<&Node>) {
    layer.kind_span = key.span;
    let mut start = 0;
    for part in key.text.split('|') {
        let word = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        let exact = (key.span.end - key.span.start) as usize == key.text.len();
        let span = if exact { key.span.part(at, at + word.len()) } else { key.span };
        let word = Key { text: Arc::from(word), span };
        let Some(kind) = reader.kind(&word.text) else {
            unknown_kind(reader, &word);
            layer.kinds.clear();
            layer.kinds.push(KindUse { word, kind: Kind::Net, main: Main::Value(None) });
            layer.broken = true;
            return;
        };
        let main = read_main(reader, &word, kind, value);
        layer.broken |= matches!(&main, Main::Inception(Inception::Branches(branches)) if branches.is_empty());
        layer.kinds.push(KindUse { word, kind, main });
    }
}

fn unknown_kind(reader: &mut Reader<'_>, word: &Key) {
    let message = format!("unknown layer kind `{}`", word.text);
    let mut fault = Diagnostic::new(Code::E0204, word.span, message, "neither a built-in kind nor a module of this file");
    let words = reader.kind_words();
    match nearest(&word.text, words.iter().map(|word| &**word)) {
        Some(right) => fault = fault.with_patch(format!("did you mean `{right}`?"), right),
        None => fault = fault.with_help(format!("kinds: {}", words.join(", "))),
    }
    reader.fault(fault);
}

fn read_main(reader: &mut Reader<'_>, word: &Key, kind: Kind, value: Option<&Node>) -> Main {
    match kind {
        Kind::Net => match value {
            Some(value) => Main::Body(reader.body(value)),
            None => Main::Body(crate::spec::Body::default()),
        },
        Kind::Inception => inception::read(reader, word, value),
        Kind::Module(_) => Main::Arguments(read_arguments(value)),
        Kind::Op(entry) => match (entry.manual)().main.takes {
            Takes::Layers => read_layers(reader, word, value),
            Takes::Nothing => {
                if let Some(value) = value.filter(|value| value.map().is_none_or(|entries| !entries.is_empty())) {
                    let message = format!("`{}` takes no value, write `{{{}: {{}}}}`", word.text, word.text);
                    reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
                }
                Main::Value(None)
            }
            _ => Main::Value(value.map(Term::new)),
        },
    }
}

fn read_layers(reader: &mut Reader<'_>, word: &Key, value: Option<&Node>) -> Main {
    let layers = value.and_then(Node::list).filter(|layers| !layers.is_empty());
    let Some(layers) = layers else {
        let span = value.map_or(word.span, |value| value.span);
        let message = format!("`{}` needs the list of the layers it joins", word.text);
        let help = format!("write it as in `{{{}: [a, b]}}`", word.text);
        reader.fault(Diagnostic::new(Code::E0207, span, message, "").with_help(help));
        return Main::Layers(Vec::new());
    };
    Main::Layers(layers.iter().map(Term::new).collect())
}

fn read_arguments(value: Option<&Node>) -> Vec<(Option<Key>, Term)> {
    match value {
        None => Vec::new(),
        Some(value) => match value.map() {
            Some(entries) => entries.iter().map(|(key, value)| (Some(key.clone()), Term::new(value))).collect(),
            None => vec![(None, Term::new(value))],
        },
    }
}

/// Keeps the settings that the layer's kinds know and tells of the others.
fn check_settings(reader: &mut Reader<'_>, layer: &mut Layer, others: Vec<(&Key, &Node)>, also: &[&'static str]) {
    if layer.kinds.is_empty() {
        let as_kind = others.iter().position(|(key, _)| !norm_settings().contains(&&*key.text));
        if let Some(at) = as_kind {
            let wrong = &*others[at].0.text;
            let is_setting = nearest(wrong, reader.kind_words().iter().map(|word| &**word)).is_none()
                && nearest(wrong, names(OF_LAYERS).chain(names(OF_NODES)).chain(also.iter().copied())).is_some();
            if is_setting {
                unknown_setting(reader, layer, others[at].0, also);
            } else {
                unknown_kind(reader, others[at].0);
            }
            let word = others[at].0.clone();
            layer.kinds.push(KindUse { word, kind: Kind::Net, main: Main::Value(None) });
            layer.broken = true;
            return;
        }
    }
    if let Some(composite) = layer.kinds.iter().find(|kind| !matches!(kind.kind, Kind::Op(_)))
        && !matches!(composite.main, Main::Value(_))
    {
        let word = composite.word.text.clone();
        let advice = if matches!(composite.kind, Kind::Module(_)) { "pass an argument to it, or " } else { "" };
        for (name, term) in [("norm", layer.norm.take()), ("act", layer.act.take())] {
            if let Some(term) = term {
                let message = format!("`{name}` on `{word}` could mean its result or each of its layers");
                let help = format!("{advice}add a layer below: `{{{name}: {}}}`", term.text().unwrap_or("..."));
                reader.fault(Diagnostic::new(Code::E0214, term.span, message, "").with_help(help));
            }
        }
    }
    for (key, value) in others {
        let known = layer.kinds.iter().all(|kind| settings_of(kind.kind).any(|setting| setting == &*key.text));
        let of_norm = layer.kinds.iter().all(|kind| matches!(kind.kind, Kind::Op(_))) && norm_settings().contains(&&*key.text);
        if (known && !layer.kinds.is_empty()) || of_norm {
            layer.settings.push((key.clone(), Term::new(value)));
        } else {
            layer.broken = true;
            unknown_setting(reader, layer, key, also);
        }
    }
}

fn unknown_setting(reader: &mut Reader<'_>, layer: &Layer, key: &Key, also: &[&'static str]) {
    let ignorant = layer.kinds.iter().find(|kind| !settings_of(kind.kind).any(|setting| setting == &*key.text));
    let (word, own): (&str, Vec<&str>) = match ignorant {
        Some(kind) => (&kind.word.text, settings_of(kind.kind).collect()),
        None => ("a layer without a kind", Vec::new()),
    };
    let composite = ignorant.is_some_and(|kind| !matches!(kind.kind, Kind::Op(_)));
    let common = names(OF_LAYERS).chain(names(OF_NODES).filter(|_| !composite)).chain(also.iter().copied());
    let all: Vec<&str> = own.into_iter().chain(common).collect();
    let named = if ignorant.is_some() { format!("`{word}`") } else { word.to_owned() };
    let message = format!("{named} has no setting `{}`", key.text);
    let mut fault = Diagnostic::new(Code::E0205, key.span, message, "unknown setting");
    if let Some(right) = nearest(&key.text, all.iter().copied()) {
        fault = fault.with_patch(format!("did you mean `{right}`?"), right);
    }
    if let Some(Kind::Module(_)) = ignorant.map(|kind| kind.kind) {
        fault = fault.with_help(format!("an argument goes into the module's value: `{{{word}: {{{}: ...}}}}`", key.text));
    }
    reader.fault(fault.with_help(format!("settings of {named}: {}", all.join(", "))));
}

/// The settings that a kind has beside those of every layer.
pub(super) fn settings_of(kind: Kind) -> impl Iterator<Item = &'static str> {
    let settings = match kind {
        Kind::Op(entry) => (entry.manual)().settings,
        Kind::Inception | Kind::Net | Kind::Module(_) => &[],
    };
    settings.iter().map(|setting| setting.name)
}

/// A layer that the language writes for the user, such as a branch's reduction.
pub(super) fn written_layer(name: &str, span: Span, word: &str, main: Term, settings: Vec<(&str, Term)>) -> Layer {
    let key = |text: &str| Key { text: Arc::from(text), span };
    let entry = Entry::find(Role::Kind, word).expect("the language writes only its own kinds");
    let mut layer = identity(key(name), span);
    layer.kinds.push(KindUse { word: key(word), kind: Kind::Op(entry), main: Main::Value(Some(main)) });
    for (name, term) in settings {
        match name {
            "norm" => layer.norm = Some(term),
            "act" => layer.act = Some(term),
            _ => layer.settings.push((key(name), term)),
        }
    }
    layer
}

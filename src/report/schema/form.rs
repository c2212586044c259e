//! What a setting takes, as a schema. A text may always stand for a number: it is a formula, a variable or a decision, and whether
//! it evaluates to what is wanted is for the program to say.

use serde_json::Value;
use serde_json::json;

use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;

/// A setting with its sentence and its default.
pub(super) fn setting(setting: &Setting) -> Value {
    let mut node = takes(setting.takes);
    let default = if setting.default == "-" { String::new() } else { format!(" (default `{}`)", setting.default) };
    node["description"] = format!("{}{default}", setting.doc).into();
    node
}

/// The value of a setting; what needs more than a line is a definition.
pub(super) fn takes(takes: Takes) -> Value {
    let listed = |item: Value| json!({"type": "array", "items": item});
    match takes {
        Takes::Count => reference("count"),
        Takes::Natural => reference("natural"),
        Takes::Window | Takes::WindowOrGlobal => reference("window"),
        Takes::Pad => reference("pad"),
        Takes::Number => json!({"type": ["number", "string"]}),
        Takes::Truth | Takes::TruthOrAuto => json!({"type": ["boolean", "string"]}),
        Takes::Table => listed(listed(reference("count"))),
        Takes::Layers => reference("layers"),
        Takes::Nothing => json!({"type": "object", "maxProperties": 0}),
        Takes::Word(words) => word(words),
        Takes::WordOf(role) => reference(word_of(role)),
        Takes::Layer => json!({"anyOf": [layer_name(), listed(layer_name())]}),
        Takes::Variable => json!({"type": "string"}),
        Takes::Texts => json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        Takes::Shares => json!({"type": "object", "additionalProperties": {"type": ["number", "string"]}}),
    }
}

/// The forms that are referred to.
pub(super) fn definitions() -> impl Iterator<Item = (String, Value)> {
    let pair = |item: Value| json!({"type": "array", "items": item, "minItems": 2, "maxItems": 2});
    let natural = || reference("natural");
    let side = json!({"anyOf": [natural(), pair(natural())]});
    let roles = [Role::Kind, Role::Norm, Role::Act];
    let words = roles.map(|role| (word_of(role), word(&std::iter::once("none").chain(words(role)).collect::<Vec<_>>())));
    let forms = [
        ("count", number(1)),
        ("natural", number(0)),
        ("window", json!({"anyOf": [reference("count"), pair(reference("count"))]})),
        ("pad", json!({"anyOf": [natural(), pair(side)], "examples": ["same", 0, [1, 2], [[0, 1], [0, 1]]]})),
        ("layers", json!({"type": "array", "items": layer_name(), "minItems": 1})),
    ];
    // No setting takes a kind.
    forms.into_iter().chain(words.into_iter().skip(1)).map(|(name, form)| (name.to_owned(), form))
}

fn word_of(role: Role) -> &'static str {
    match role {
        Role::Kind => "kind",
        Role::Norm => "norm",
        Role::Act => "act",
    }
}

/// A reference to a definition.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// Any value that a variable or an argument may have.
pub(super) fn value() -> Value {
    json!({"type": ["number", "boolean", "string"]})
}

/// A layer's name or path; in a list its position.
pub(super) fn layer_name() -> Value {
    json!({"type": ["string", "number"]})
}

fn number(least: u32) -> Value {
    json!({"anyOf": [{"type": "integer", "minimum": least}, {"type": "string"}]})
}

fn word(words: &[&'static str]) -> Value {
    json!({"anyOf": [{"enum": words}, {"type": "string"}]})
}

/// The words of a role.
pub(super) fn words(role: Role) -> impl Iterator<Item = &'static str> {
    let manuals = Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(move |manual| manual.role == role);
    manuals.flat_map(|manual| manual.words).copied()
}

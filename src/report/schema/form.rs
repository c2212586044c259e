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

/// The value of a setting.
pub(super) fn takes(takes: Takes) -> Value {
    let pair = |item: Value| json!({"type": "array", "items": item, "minItems": 2, "maxItems": 2});
    let window = |least: u32| json!({"anyOf": [number(least), pair(number(least))]});
    match takes {
        Takes::Count => number(1),
        Takes::Natural => number(0),
        Takes::Window | Takes::WindowOrGlobal => window(1),
        Takes::Pad => {
            let side = json!({"anyOf": [number(0), pair(number(0))]});
            json!({"anyOf": [number(0), pair(side)], "examples": ["same", 0, [1, 2], [[0, 1], [0, 1]]]})
        }
        Takes::Number => json!({"type": ["number", "string"]}),
        Takes::Truth | Takes::TruthOrAuto => json!({"type": ["boolean", "string"]}),
        Takes::Table => json!({"type": "array", "items": {"type": "array", "items": number(1)}}),
        Takes::Layers => json!({"type": "array", "items": layer_name(), "minItems": 1}),
        Takes::Nothing => json!({"type": "object", "maxProperties": 0}),
        Takes::Word(words) => word(words),
        Takes::WordOf(role) => word(&std::iter::once("none").chain(words(role)).collect::<Vec<_>>()),
        Takes::Layer => json!({"anyOf": [layer_name(), {"type": "array", "items": layer_name()}]}),
        Takes::Variable => json!({"type": "string"}),
        Takes::Texts => json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        Takes::Shares => json!({"type": "object", "additionalProperties": {"type": ["number", "string"]}}),
    }
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

//! The schema of a spec, made from the tables that the parser reads: sections, settings, the operators' pages.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::form;
use super::form::reference;
use super::layer::NAME;
use super::layer::definitions;
use super::layer::layer;
use super::layer::merged;
use super::layer::names;
use super::layer::of_norms;
use super::layer::page;
use crate::base::Quantity;
use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;
use crate::spec::Form;
use crate::spec::OF_HEADS;
use crate::spec::OF_LAYERS;
use crate::spec::OF_MODULES;
use crate::spec::RESERVED;
use crate::spec::SEARCH;
use crate::spec::SECTIONS;
use crate::spec::TRAIN;
use crate::spec::is_word;
use crate::spec::no_modules;
use crate::spec::no_variables;

/// A whole spec file.
pub fn spec_schema() -> Value {
    let sections: Map<String, Value> = SECTIONS
        .iter()
        .map(|listed| (listed.name.to_owned(), merged(json!({"description": page(listed.name)}), &section(listed.form))))
        .collect();
    let mut definitions = definitions();
    definitions.insert("defaults".to_owned(), defaults());
    definitions.insert("module".to_owned(), module());
    definitions.insert("head".to_owned(), head());
    // A file that extends another may leave to it what it does not change.
    let whole = json!({
        "required": ["input", "net"],
        "properties": {
            "input": {"minProperties": 1},
            "net": {"anyOf": [{"type": "object", "minProperties": 1}, {"type": "array", "minItems": 1}]},
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Spec of nas",
        "description": "A convolutional network, or a space of them. The first line is `nas: 1`. `nas explain WORD` has more on every word",
        "type": "object",
        "properties": sections,
        "patternProperties": {"^x-": {"description": "ignored; a place for anchors and notes"}},
        "additionalProperties": false,
        "required": ["nas"],
        "if": {"not": {"required": ["extends"]}},
        "then": whole,
        "$defs": definitions,
    })
}

fn section(form: Form) -> Value {
    match form {
        Form::Version => json!({"enum": [1, "1"]}),
        Form::Name | Form::Doc => form::value(),
        Form::Extends => json!({"type": ["string", "number"], "examples": ["googlenet.yaml"]}),
        Form::Inputs => {
            let words: Vec<&str> = words().filter(|word| is_word(word)).chain(RESERVED).collect();
            let shape = json!({
                "type": "array", "items": form::takes(Takes::Count), "minItems": 3, "maxItems": 3,
                "description": "[channels, height, width]", "examples": [[3, 224, 224]],
            });
            merged(
                names(&json!({"type": "object", "additionalProperties": shape})),
                &json!({
                    "propertyNames": {"pattern": format!("^{NAME}$"), "not": {"enum": words}},
                }),
            )
        }
        Form::Variables => variables(&form::value()),
        Form::Budget => {
            let limit = |quantity: &Quantity| {
                let limit =
                    json!({"type": ["number", "string"], "description": format!("the most {quantity}"), "examples": ["1.5G"]});
                (quantity.word().to_owned(), limit)
            };
            let limits: Map<String, Value> = Quantity::ALL.iter().map(limit).collect();
            json!({"type": "object", "properties": limits, "additionalProperties": false})
        }
        Form::Defaults => reference("defaults"),
        Form::Modules => {
            let not: Vec<&str> = RESERVED.into_iter().chain(no_modules()).collect();
            json!({
                "type": "object",
                "propertyNames": {"pattern": format!("^{NAME}$"), "not": {"enum": not}},
                "additionalProperties": reference("module"),
            })
        }
        Form::Net => {
            // Names may be whole paths, as `nas expand` writes them.
            let step = format!("({NAME}|[0-9]+)(\\.[0-9]+)?");
            let reserved = format!("(^|/)({})(\\.[0-9]+)?(/|$)", RESERVED.join("|"));
            let by_name = json!({
                "type": "object",
                "propertyNames": {"pattern": format!("^{step}(/{step})*$"), "not": {"pattern": reserved}},
                "additionalProperties": reference("layer"),
                "description": "layers by name",
            });
            json!({"anyOf": [by_name, {"type": "array", "items": reference("layer"), "description": "layers whose names are positions"}]})
        }
        Form::Heads => names(&json!({"type": "object", "additionalProperties": reference("head")})),
        Form::Compare => json!({"type": "array", "items": form::layer_name()}),
        Form::Train => settings(TRAIN),
        Form::Search => settings(SEARCH),
    }
}

/// The words of all operators.
fn words() -> impl Iterator<Item = &'static str> {
    let words = [Role::Norm, Role::Act].into_iter().flat_map(form::words);
    words.chain(["none", "same", "global"])
}

fn settings(table: &[Setting]) -> Value {
    let properties: Map<String, Value> = table.iter().map(|setting| (setting.name.to_owned(), form::setting(setting))).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

/// Values by the names of variables.
fn variables(value: &Value) -> Value {
    json!({
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": {"enum": no_variables()}},
        "additionalProperties": value,
    })
}

fn defaults() -> Value {
    let manuals = || Op::ENTRIES.iter().map(|entry| (entry.manual)());
    let mut kinds = Map::new();
    for manual in manuals().filter(|manual| manual.role == Role::Kind) {
        for word in manual.words {
            let of_kind = json!({
                "description": format!("for every `{word}`"),
                "type": "object",
                "propertyNames": reference(&format!("names_of_{word}")),
                "allOf": [reference("keys_of_layers"), reference(&format!("settings_of_{word}"))],
            });
            kinds.insert((*word).to_owned(), of_kind);
        }
    }
    kinds.insert("norm".to_owned(), merged(settings(&of_norms()), &json!({"description": "for every normalisation"})));
    json!({"type": "object", "description": page("defaults"), "properties": kinds, "additionalProperties": false})
}

fn module() -> Value {
    let part = |name: &str| match name {
        "args" => variables(&form::value()),
        "defaults" => reference("defaults"),
        "net" => reference("body"),
        _ => {
            let name = json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"});
            json!({"type": "array", "items": name, "minItems": 1})
        }
    };
    let parts = || OF_MODULES.iter().map(|(name, doc)| (*name, merged(part(name), &json!({"description": doc}))));
    let beside: Vec<(&str, Value)> = parts().filter(|(name, _)| *name != "net").collect();
    let beside_names: Vec<&str> = beside.iter().map(|(name, _)| *name).collect();
    let common: Vec<Setting> = OF_LAYERS.iter().filter(|setting| setting.name != "repeat").copied().collect();
    let properties: Map<String, Value> = parts().map(|(name, value)| (name.to_owned(), value)).collect();
    json!({
        "description": page("modules"),
        "if": {"type": "array"},
        "then": reference("body"),
        "else": {
            "type": "object",
            "if": {"required": ["net"]},
            "then": {"properties": properties, "additionalProperties": false},
            "else": merged(layer(&beside, &common), &json!({"not": {"propertyNames": {"enum": beside_names}}})),
        },
    })
}

/// A layer with the settings of heads; it has no copies.
fn head() -> Value {
    let own: Vec<(&str, Value)> = OF_HEADS.iter().map(|setting| (setting.name, form::setting(setting))).collect();
    let common: Vec<Setting> = OF_LAYERS.iter().filter(|setting| setting.name != "repeat").copied().collect();
    layer(&own, &common)
}

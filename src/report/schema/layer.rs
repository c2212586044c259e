//! The schema of a layer. Which settings it may have follows from its kind: `if` a kind's key is there, `then` its settings are.
//!
//! A schema cannot look up the modules of the file, so any name that is no kind and no setting passes as the use of a module, and
//! so does a choice of kinds, `a | b`, with the settings of any kind. At most one of them stands in a layer.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::form;
use crate::op::Manual;
use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;
use crate::spec::OF_LAYERS;
use crate::spec::OF_NODES;
use crate::spec::OF_SHARES;
use crate::spec::Page;
use crate::spec::RESERVED;
use crate::spec::no_modules;
use crate::spec::norm_settings;

/// A name of one step: a letter, and before it no sign.
pub(super) const NAME: &str = "([A-Za-z]|[0-9_][0-9_+-]*[A-Za-z])[A-Za-z0-9_+-]*";
/// What a branch's name begins with to give its kernel.
const KERNEL: &str = "^0*[1-9][0-9]{0,8}x0*[1-9][0-9]{0,8}([^0-9].*)?$";

/// A map whose keys are names: `also` says what else holds of it.
pub(super) fn names(also: &Value) -> Value {
    merged(json!({"propertyNames": {"pattern": format!("^{NAME}$"), "not": {"enum": RESERVED}}}), also)
}

/// Two nodes as one; of a key in both, the second's.
pub(super) fn merged(mut node: Value, also: &Value) -> Value {
    if let (Some(node), Some(also)) = (node.as_object_mut(), also.as_object()) {
        node.extend(also.clone());
    }
    node
}

/// A reference to a definition.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn kinds() -> impl Iterator<Item = &'static Manual> {
    Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(|manual| manual.role == Role::Kind)
}

/// The description of a page of the language.
pub(super) fn page(word: &str) -> String {
    Page::find(word).map_or_else(String::new, |page| page.doc.to_owned())
}

/// The settings of normalisations, which stand beside `norm`; of those that several have, the first one's sentence.
pub(super) fn of_norms() -> Vec<Setting> {
    let norms = Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(|manual| manual.role == Role::Norm);
    let mut settings: Vec<Setting> = norms.flat_map(|manual| manual.settings).copied().collect();
    settings.sort_by_key(|setting| setting.name);
    settings.dedup_by_key(|setting| setting.name);
    settings
}

/// What the layers of a spec refer to: the kinds' keys, and the settings of each kind.
pub(super) fn definitions() -> Map<String, Value> {
    let mut properties = Map::new();
    let mut definitions = Map::new();
    for manual in kinds() {
        let settings: Map<String, Value> =
            manual.settings.iter().map(|setting| (setting.name.to_owned(), form::setting(setting))).collect();
        for word in manual.words {
            let mut main = form::takes(manual.main.takes);
            main["description"] =
                format!("{}: {}\n\n{}\n\n{}", manual.main.name, manual.main.doc, manual.doc, manual.example).into();
            properties.insert((*word).to_owned(), main);
            let settings = json!({"description": format!("settings of `{word}`"), "properties": settings});
            definitions.insert(format!("settings_of_{word}"), settings);
        }
    }
    properties.insert("net".to_owned(), merged(reference("body"), &json!({"description": page("net")})));
    properties.insert("inception".to_owned(), merged(reference("inception"), &json!({"description": page("inception")})));
    for setting in OF_LAYERS.iter().chain(OF_NODES).chain(&of_norms()) {
        let described = form::setting(setting);
        properties.insert(setting.name.to_owned(), described);
    }
    definitions.insert(
        "keys_of_layers".to_owned(),
        json!({"description": "kinds, and settings of every layer", "properties": properties}),
    );
    definitions.insert("inception".to_owned(), inception());
    definitions.insert("body".to_owned(), body());
    definitions.insert("branch".to_owned(), branch());
    definitions.insert("layer".to_owned(), layer(&[], OF_LAYERS));
    definitions
}

/// A layer, with settings of its own place in `own`; of the settings of every layer those in `common`.
pub(super) fn layer(own: &[(&str, Value)], common: &[Setting]) -> Value {
    let common: Vec<&str> = common.iter().map(|setting| setting.name).chain(own.iter().map(|(name, _)| *name)).collect();
    let nodes: Vec<&str> = OF_NODES.iter().map(|setting| setting.name).chain(norm_settings()).collect();
    // `by` chooses among kinds, so it stands only beside a choice.
    let without = |left_out: &[&str]| common.iter().copied().filter(|name| !left_out.contains(name)).collect::<Vec<&str>>();
    let mut rules = vec![reference("keys_of_layers")];
    let mut with_kind = Vec::new();
    let mut rule = |kind: &str, settings: Vec<&str>, then: Option<Value>| {
        let keys: Vec<&str> = [kind].into_iter().chain(settings).collect();
        with_kind.push(json!({"required": [kind]}));
        let then = merged(json!({"propertyNames": {"enum": keys}}), &then.unwrap_or_else(|| json!({})));
        rules.push(json!({"if": {"required": [kind]}, "then": then}));
    };
    for manual in kinds() {
        let joins = manual.main.takes == Takes::Layers;
        let settings: Vec<&str> = manual.settings.iter().map(|setting| setting.name).chain(nodes.iter().copied()).collect();
        for word in manual.words {
            let common = without(if joins { &["by", "from"] } else { &["by"] });
            rule(word, settings.iter().copied().chain(common).collect(), Some(reference(&format!("settings_of_{word}"))));
        }
    }
    for kind in ["inception", "net"] {
        rule(kind, without(&["by"]), None);
    }
    let plain: Vec<&str> = without(&["by"]).into_iter().chain(nodes.iter().copied()).collect();
    let every: Vec<&str> = no_modules().into_iter().filter(|word| !is_kind(word)).chain(common.iter().copied()).collect();
    let not_modules: Vec<&str> = RESERVED.into_iter().chain(no_modules()).filter(|word| !common.contains(word)).collect();
    let chosen = json!({"pattern": "\\|"});
    let module = without(&["by"]);
    rules.push(json!({
        "if": {"not": {"anyOf": with_kind}},
        "then": {"if": {"not": {"propertyNames": {"enum": plain}}}, "then": {
            "if": {"propertyNames": {"not": chosen}},
            "then": {
                "propertyNames": {"anyOf": [{"enum": module}, {"pattern": format!("^{NAME}$"), "not": {"enum": not_modules}}]},
                "additionalProperties": true,
                "allOf": [at_most_one_more(&module, 1)],
            },
            "else": {"propertyNames": {"anyOf": [chosen, {"enum": every}]}},
        }},
    }));
    let properties: Map<String, Value> = own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let needs_value: Vec<&str> = kinds()
        .filter(|manual| manual.main.takes != Takes::Nothing)
        .flat_map(|manual| manual.words)
        .copied()
        .chain(["inception"])
        .collect();
    json!({
        "description": page("net"),
        "anyOf": [
            {"type": "string", "not": {"enum": needs_value}, "description": "a kind or module that needs no value"},
            {"type": "object", "properties": properties, "allOf": rules, "examples": kinds().map(|manual| manual.example).collect::<Vec<_>>()},
        ],
    })
}

fn is_kind(word: &str) -> bool {
    matches!(word, "inception" | "net") || kinds().any(|manual| manual.words.contains(&word))
}

/// At most one key beside these: each that is there makes room for itself.
fn at_most_one_more(keys: &[&str], room: usize) -> Value {
    match keys {
        [] => json!({"maxProperties": room}),
        [key, rest @ ..] => json!({
            "if": {"required": [key]},
            "then": at_most_one_more(rest, room + 1),
            "else": at_most_one_more(rest, room),
        }),
    }
}

/// Layers by name, or a list of them.
fn body() -> Value {
    let by_name = names(&json!({"type": "object", "additionalProperties": reference("layer"), "description": "layers by name"}));
    let listed = json!({"type": "array", "items": reference("layer"), "description": "layers whose names are positions"});
    json!({"description": page("net"), "anyOf": [by_name, listed]})
}

/// A branch that is written as layers: one, or a list with a map among them.
fn branch() -> Value {
    let single = merged(
        json!({"type": "object", "description": "one layer"}),
        &layer(&[], &OF_LAYERS.iter().filter(|setting| setting.name != "repeat").copied().collect::<Vec<_>>()),
    );
    let list = json!({"type": "array", "contains": {"type": "object"}, "items": reference("layer"), "description": "layers"});
    json!({"description": "layers of a branch", "anyOf": [single, list]})
}

/// Branches, or shares of a total.
fn inception() -> Value {
    let width = form::takes(Takes::Count);
    let numbers = json!({"type": "array", "items": width, "minItems": 1, "description": "reduce, width, ..."});
    let named =
        json!({"anyOf": [width, numbers, reference("branch")], "description": "a width, `[reduce, width, ...]`, or layers"});
    let pool = json!({"anyOf": [width, reference("branch")], "description": "a projection's width, `through`, or layers"});
    let words = json!({"type": "array", "contains": {"type": "string", "pattern": "^[A-Za-z]"}, "items": reference("layer")});
    let other = json!({"anyOf": [reference("branch"), words], "description": "layers"});
    let branches = names(&json!({
        "minProperties": 1,
        "properties": {"pool": merged(pool, &json!({"anyOf": [width, reference("branch"), words]}))},
        "patternProperties": {KERNEL: named},
        "additionalProperties": other,
    }));
    let shares: Map<String, Value> = OF_SHARES.iter().map(|setting| (setting.name.to_owned(), form::setting(setting))).collect();
    let mut by_shares = json!({"properties": shares, "required": ["total", "share"], "additionalProperties": false});
    by_shares["properties"]["share"]["propertyNames"] =
        json!({"anyOf": [{"pattern": KERNEL}, {"const": "pool"}], "pattern": format!("^{NAME}$")});
    by_shares["properties"]["share"]["minProperties"] = 1.into();
    by_shares["properties"]["reduce"]["propertyNames"] = json!({"pattern": KERNEL});
    json!({
        "type": "object",
        "description": page("inception"),
        "if": {"anyOf": [{"required": ["total"]}, {"required": ["share"]}]},
        "then": by_shares,
        "else": branches,
        "examples": [{"1x1": 64, "3x3": [96, 128], "5x5": [16, 32], "pool": 32}],
    })
}

//! The schema of a layer. Which settings it may have follows from its kind: `if` a kind's key is there, `then` its settings are.
//!
//! A schema cannot look up the modules of the file, so any name that is no kind and no setting passes as the use of a module, and
//! so does a choice of kinds, `a | b`, with the settings of any kind. At most one of them stands in a layer.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::form;
use super::form::reference;
use crate::op::Manual;
use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;
use crate::spec::OF_HEADS;
use crate::spec::OF_LAYERS;
use crate::spec::OF_MODULES;
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
            let own = manual.settings.iter().chain(OF_NODES).map(|setting| setting.name);
            definitions.insert(format!("names_of_{word}"), json!({"enum": own.collect::<Vec<_>>()}));
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
    definitions.extend(form::definitions());
    let not_modules: Vec<&str> = RESERVED.into_iter().chain(no_modules()).collect();
    definitions.insert("module_name".to_owned(), json!({"pattern": format!("^{NAME}$"), "not": {"enum": not_modules}}));
    let every: Vec<&str> = no_modules().into_iter().filter(|word| !is_kind(word)).collect();
    definitions.insert("setting_name".to_owned(), json!({"enum": every}));
    let needed: Vec<Value> = all_kinds().map(|kind| json!({"required": [kind]})).collect();
    definitions.insert("has_kind".to_owned(), json!({"anyOf": needed}));
    definitions.insert("kinds".to_owned(), json!({"allOf": rules_of_kinds()}));
    definitions.insert("inception".to_owned(), inception());
    definitions.insert("body".to_owned(), body());
    definitions.insert("branch".to_owned(), branch());
    let examples: Vec<&str> = kinds().map(|manual| manual.example).collect();
    let described = json!({"description": page("net"), "examples": examples});
    definitions.insert("layer".to_owned(), merged(layer(&[], OF_LAYERS), &described));
    definitions
}

/// The kinds of the language, in the order of the reference.
fn all_kinds() -> impl Iterator<Item = &'static str> {
    kinds().flat_map(|manual| manual.words).copied().chain(["inception", "net"])
}

/// What may stand beside any kind, in one place or another: in a layer, a head, a module's own layer.
fn of_places() -> impl Iterator<Item = &'static str> {
    let settings = OF_LAYERS.iter().chain(OF_HEADS).map(|setting| setting.name);
    settings.chain(OF_MODULES.iter().map(|(name, _)| *name)).filter(|name| *name != "net")
}

/// For each kind, what else may stand in its layer; the settings of any place are let through.
fn rules_of_kinds() -> Vec<Value> {
    let rule = |kind: &'static str, names: &[Value], left_out: &[&str], then: Value| {
        // `by` chooses among kinds, so it stands only beside a choice.
        let beside = of_places().filter(|name| *name != "by" && !left_out.contains(name));
        let common: Vec<&str> = [kind].into_iter().chain(beside).collect();
        let common = json!({"enum": common});
        let names: Vec<&Value> = [&common].into_iter().chain(names).collect();
        json!({"if": {"required": [kind]}, "then": merged(then, &json!({"propertyNames": {"anyOf": names}}))})
    };
    let of_norms = json!({"enum": norm_settings()});
    let mut rules = Vec::new();
    for manual in kinds() {
        let left_out: &[&str] = if manual.main.takes == Takes::Layers { &["from"] } else { &[] };
        for word in manual.words {
            let names = [reference(&format!("names_of_{word}")), of_norms.clone()];
            rules.push(rule(word, &names, left_out, reference(&format!("settings_of_{word}"))));
        }
    }
    rules.extend(["inception", "net"].map(|kind| rule(kind, &[], &[], json!({}))));
    rules
}

/// A layer, with settings of its own place in `own`; of the settings of every layer those in `common`.
pub(super) fn layer(own: &[(&str, Value)], common: &[Setting]) -> Value {
    let common: Vec<&str> = common.iter().map(|setting| setting.name).chain(own.iter().map(|(name, _)| *name)).collect();
    let beside: Vec<&str> = common.iter().copied().filter(|name| *name != "by").collect();
    let nodes = OF_NODES.iter().map(|setting| setting.name).chain(norm_settings());
    let plain: Vec<&str> = beside.iter().copied().chain(nodes).collect();
    let elsewhere: Vec<&str> = of_places().filter(|name| !common.contains(name)).collect();
    let chosen = json!({"pattern": "\\|"});
    let rule = json!({
        "if": reference("has_kind"),
        "then": merged(reference("kinds"), &json!({"propertyNames": {"not": {"enum": elsewhere}}})),
        "else": {"if": {"not": {"propertyNames": {"enum": plain}}}, "then": {
            "if": {"propertyNames": {"not": chosen}},
            "then": {
                "propertyNames": {"anyOf": [{"enum": beside}, reference("module_name")]},
                "additionalProperties": true,
                "allOf": [at_most_one_more(&beside, 1)],
            },
            "else": {"propertyNames": {"anyOf": [chosen, {"enum": common}, reference("setting_name")]}},
        }},
    });
    let properties: Map<String, Value> = own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let needs_value: Vec<&str> = kinds()
        .filter(|manual| manual.main.takes != Takes::Nothing)
        .flat_map(|manual| manual.words)
        .copied()
        .chain(["inception"])
        .collect();
    json!({
        "anyOf": [
            {"type": "string", "not": {"enum": needs_value}, "description": "a kind or module that needs no value"},
            {"type": "object", "properties": properties, "allOf": [reference("keys_of_layers"), rule]},
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

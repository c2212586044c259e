//! A validator of JSON Schema (draft 2020-12) for the keywords that the committed schemas use; any other keyword is a fault of the
//! schema, so that nothing of it passes unread.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::Regex;
use serde_json::Value;

/// Keywords that say nothing about validity.
const NOTES: [&str; 7] = ["$schema", "$defs", "title", "description", "examples", "default", "format"];

/// A schema with the patterns it has met.
pub(crate) struct Schema {
    root: Value,
    patterns: RefCell<HashMap<String, Regex>>,
}

impl Schema {
    pub(crate) fn new(root: Value) -> Schema {
        Schema { root, patterns: RefCell::default() }
    }

    /// Why a value is not valid; nothing if it is.
    pub(crate) fn fault(&self, value: &Value) -> Option<String> {
        self.check(&self.root, value, "").err()
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        patterns.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).expect("a pattern")).is_match(text)
    }

    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let Some(keywords) = schema.as_object() else {
            return if schema == true { Ok(()) } else { Err(format!("{at}: nothing may stand here")) };
        };
        keywords.iter().try_for_each(|(keyword, rule)| self.keyword(keywords, keyword, rule, value, at))
    }

    fn keyword(
        &self,
        schema: &serde_json::Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
    ) -> Result<(), String> {
        let holds = |schema: &Value| self.check(schema, value, at).is_ok();
        let list = || rule.as_array().expect("a list of schemas");
        let fail = |what: &str| Err(format!("{at}: {value} breaks `{keyword}` {what}"));
        let size = rule.as_u64().map(|size| size as usize);
        let keys = value.as_object().map(serde_json::Map::len);
        let items = value.as_array().map(Vec::len);
        let outside = |length: Option<usize>, inside: fn(usize, usize) -> bool| {
            length.zip(size).is_some_and(|(length, size)| !inside(length, size))
        };
        let broken = match keyword {
            "$ref" => {
                let path = rule.as_str().and_then(|path| path.strip_prefix('#')).expect("a reference within the schema");
                let found = self.root.pointer(path).unwrap_or_else(|| panic!("nothing stands at {path}"));
                return self.check(found, value, at);
            }
            "type" => match rule {
                Value::Array(names) => !names.iter().any(|name| is_of(value, name)),
                name => !is_of(value, name),
            },
            "const" => rule != value,
            "enum" => !list().contains(value),
            "pattern" => value.as_str().is_some_and(|text| !self.matches(rule.as_str().expect("a pattern"), text)),
            "minimum" => value.as_f64().zip(rule.as_f64()).is_some_and(|(number, least)| number < least),
            "minItems" => outside(items, |length, size| length >= size),
            "maxItems" => outside(items, |length, size| length <= size),
            "minProperties" => outside(keys, |length, size| length >= size),
            "maxProperties" => outside(keys, |length, size| length <= size),
            "required" => {
                value.as_object().is_some_and(|map| !list().iter().all(|key| map.contains_key(key.as_str().expect("a key"))))
            }
            "not" => holds(rule),
            "anyOf" => {
                if list().iter().any(holds) {
                    return Ok(());
                }
                let of_form = list().iter().map(|schema| self.check(schema, value, at)).filter_map(Result::err);
                // The reason that lies deepest is that of the alternative which was meant.
                let meant = of_form.max_by_key(|fault| fault.split(": ").next().map_or(0, str::len)).unwrap_or_default();
                return Err(meant);
            }
            "oneOf" => list().iter().filter(|schema| holds(schema)).count() != 1,
            "allOf" => return list().iter().try_for_each(|schema| self.check(schema, value, at)),
            "if" => {
                let branch = if holds(rule) { "then" } else { "else" };
                return schema.get(branch).map_or(Ok(()), |schema| self.check(schema, value, at));
            }
            "then" | "else" => false,
            "propertyNames" => {
                let keys = value.as_object().into_iter().flat_map(serde_json::Map::keys);
                return keys.into_iter().try_for_each(|key| self.check(rule, &Value::from(&**key), &format!("{at}/{key}")));
            }
            "properties" | "patternProperties" | "additionalProperties" => {
                let entries = value.as_object().into_iter().flatten();
                return entries.into_iter().try_for_each(|(key, inner)| self.property(schema, keyword, key, inner, at));
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                return items.into_iter().try_for_each(|(index, item)| self.check(rule, item, &format!("{at}/{index}")));
            }
            "prefixItems" => {
                let items = value.as_array().into_iter().flatten().zip(list()).enumerate();
                return items.into_iter().try_for_each(|(index, (item, rule))| self.check(rule, item, &format!("{at}/{index}")));
            }
            "contains" => value.as_array().is_some_and(|items| !items.iter().any(|item| self.check(rule, item, at).is_ok())),
            _ if NOTES.contains(&keyword) => false,
            _ => panic!("the validator does not know `{keyword}`"),
        };
        if broken { fail(&rule.to_string()) } else { Ok(()) }
    }

    fn property(
        &self,
        schema: &serde_json::Map<String, Value>,
        keyword: &str,
        key: &str,
        value: &Value,
        at: &str,
    ) -> Result<(), String> {
        let at = format!("{at}/{key}");
        let named = schema.get("properties").and_then(|named| named.get(key));
        let patterns = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        let mut matching = patterns.filter(|(pattern, _)| self.matches(pattern, key)).map(|(_, schema)| schema);
        match keyword {
            "properties" => named.map_or(Ok(()), |schema| self.check(schema, value, &at)),
            "patternProperties" => matching.try_for_each(|schema| self.check(schema, value, &at)),
            _ if named.is_some() || matching.next().is_some() => Ok(()),
            _ => self.check(&schema["additionalProperties"], value, &at),
        }
    }
}

fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        name => panic!("no type `{name}`"),
    }
}

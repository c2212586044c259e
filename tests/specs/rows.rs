//! What an analysis says of its layers, read from its JSON: the form that scripts rely on.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::network;

/// One node's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) part: String,
    pub(crate) shape: [u64; 3],
    pub(crate) madds: u64,
    pub(crate) params: u64,
}

/// The nodes of each layer in order, `head` for those that only training needs.
pub(crate) type Layers = BTreeMap<String, (Vec<Node>, &'static str)>;

/// The JSON of a built-in spec, from the library.
pub(crate) fn from_library(name: &str) -> Value {
    serde_json::to_value(network::built_in(name).analysis()).unwrap()
}

/// The JSON of a built-in spec, as the binary prints it.
pub(crate) fn from_binary(name: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_nas")).args(["analyze", name, "--format", "json"]).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The number at a path of keys.
pub(crate) fn number(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("there is no number at {pointer}"))
}

/// All layers of an analysis.
pub(crate) fn layers(analysis: &Value) -> Layers {
    let mut layers = Layers::new();
    collect(&analysis["tree"], "main", &mut layers);
    for head in analysis["heads"].as_array().unwrap() {
        head["layers"].as_array().unwrap().iter().for_each(|row| collect(row, "aux", &mut layers));
    }
    layers
}

fn collect(row: &Value, head: &'static str, layers: &mut Layers) {
    for node in row["nodes"].as_array().unwrap() {
        let (layer, part) = node["path"].as_str().unwrap().split_once(':').unwrap();
        let shape = node["output"].as_array().unwrap();
        let node = Node {
            part: part.to_owned(),
            shape: [0, 1, 2].map(|at| shape[at].as_u64().unwrap()),
            madds: number(node, "/madds"),
            params: number(node, "/params"),
        };
        layers.entry(layer.to_owned()).or_insert_with(|| (Vec::new(), head)).0.push(node);
    }
    row["children"].as_array().unwrap().iter().for_each(|child| collect(child, head, layers));
}

/// The row with this path.
pub(crate) fn row<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if value["path"] == path {
        return Some(value);
    }
    value["children"].as_array()?.iter().find_map(|child| row(child, path))
}

//! A spec as a tree that can be changed, written as YAML again, and typed as an editor types it.

use nas::base::Sources;
use nas::yaml;
use nas::yaml::Kind;
use nas::yaml::Node;
use serde_json::Value;

/// Texts, lists and maps in written order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The tree of a text that YAML can read without a finding.
    pub(crate) fn read(text: &str) -> Option<Tree> {
        let mut sources = Sources::default();
        let file = sources.add("tree.yaml", text);
        let (node, found) = yaml::parse(&sources, file);
        node.filter(|_| found.is_empty()).map(|node| Tree::of(&node))
    }

    fn of(node: &Node) -> Tree {
        match &node.kind {
            Kind::Scalar(text) => Tree::Text(text.to_string()),
            Kind::List(items) => Tree::List(items.iter().map(Tree::of).collect()),
            Kind::Map(entries) => Tree::Map(entries.iter().map(|(key, value)| (key.text.to_string(), Tree::of(value))).collect()),
        }
    }

    /// As YAML on one line, everything quoted.
    pub(crate) fn write(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        match self {
            Tree::Text(text) => quoted(text),
            Tree::List(items) => format!("[{}]", items.iter().map(Tree::write).collect::<Vec<_>>().join(", ")),
            Tree::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), value.write()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// As JSON, plain texts typed by the core schema of YAML 1.2 (chapter 10.3.2).
    pub(crate) fn json(&self) -> Value {
        match self {
            Tree::Text(text) => typed(text),
            Tree::List(items) => items.iter().map(Tree::json).collect(),
            Tree::Map(entries) => Value::Object(entries.iter().map(|(key, value)| (key.clone(), value.json())).collect()),
        }
    }

    /// What stands at a path of positions.
    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Tree {
        let [first, rest @ ..] = path else { return self };
        match self {
            Tree::Text(_) => panic!("a text holds nothing"),
            Tree::List(items) => items[*first].at(rest),
            Tree::Map(entries) => entries[*first].1.at(rest),
        }
    }

    /// The paths of all places but the root, with the keys that lead there.
    pub(crate) fn places(&self) -> Vec<(Vec<usize>, Vec<String>)> {
        let mut places = Vec::new();
        self.collect(&mut Vec::new(), &mut Vec::new(), &mut places);
        places
    }

    fn collect(&self, path: &mut Vec<usize>, keys: &mut Vec<String>, places: &mut Vec<(Vec<usize>, Vec<String>)>) {
        let inner: Vec<(String, &Tree)> = match self {
            Tree::Text(_) => Vec::new(),
            Tree::List(items) => items.iter().map(|item| (String::new(), item)).collect(),
            Tree::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        };
        for (index, (key, tree)) in inner.into_iter().enumerate() {
            path.push(index);
            keys.push(key);
            places.push((path.clone(), keys.clone()));
            tree.collect(path, keys, places);
            path.pop();
            keys.pop();
        }
    }
}

fn typed(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    let is_number = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let integer = text.parse::<i64>().ok().filter(|_| is_number).map(Value::from);
    integer.or_else(|| text.parse::<f64>().ok().filter(|_| is_number).map(Value::from)).unwrap_or_else(|| text.into())
}

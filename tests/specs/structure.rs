//! The schema and the parser agree on the structure of a spec: keys, shapes of values, what is required.
//!
//! Drawn specs are valid to both. Broken in one place, the schema refuses what the parser calls a fault of structure, and the parser
//! refuses whatever the schema does. What a schema cannot say is not drawn: names of modules and their arguments are the file's
//! own, and so is which settings a choice `a | b` of kinds may have.

use nas::base::Code;
use nas::base::Severity;
use nas::base::Sources;
use nas::expr::Decisions;
use nas::report::spec_schema;
use proptest::prelude::*;

use crate::generated;
use crate::network;
use crate::tree::Tree;
use crate::validator::Schema;

thread_local! {
    static SCHEMA: Schema = Schema::new(spec_schema());
}

/// What the parser says of structure. All other codes are about values, names that are not found, and shapes of maps.
const STRUCTURAL: [Code; 9] =
    [Code::E0200, Code::E0202, Code::E0205, Code::E0207, Code::E0210, Code::E0211, Code::E0212, Code::E0213, Code::E0214];

/// One change of a tree at a place.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// A key that nothing has.
    Unknown,
    /// A key of another kind.
    Second,
    /// The first key goes.
    Remove,
    Text,
    List,
    Map,
    Longer,
    Name,
}

fn change() -> impl Strategy<Value = Change> {
    use Change::{List, Longer, Map, Name, Remove, Second, Text, Unknown};
    prop::sample::select(vec![Unknown, Second, Remove, Text, List, Map, Longer, Name])
}

impl Change {
    /// Whether there was something to change.
    fn apply(self, tree: &mut Tree) -> bool {
        let word = |text: &str| Tree::Text(text.to_owned());
        match (self, &mut *tree) {
            (Change::Unknown, Tree::Map(entries)) => entries.push(("no such key".to_owned(), word("1"))),
            (Change::Second, Tree::Map(entries)) if entries.iter().all(|(key, _)| key != "lrn") => {
                entries.push(("lrn".to_owned(), word("5")));
            }
            (Change::Remove, Tree::Map(entries)) if !entries.is_empty() => {
                entries.remove(0);
            }
            (Change::Remove, Tree::List(items)) if !items.is_empty() => {
                items.remove(0);
            }
            (Change::Text, Tree::List(_) | Tree::Map(_)) => *tree = word("7"),
            (Change::List, Tree::Text(_) | Tree::Map(_)) => *tree = Tree::List(vec![word("1"), word("2"), word("3")]),
            (Change::Map, Tree::Text(_) | Tree::List(_)) => *tree = Tree::Map(vec![("k".to_owned(), word("1"))]),
            (Change::Longer, Tree::List(items)) => items.push(word("3")),
            (Change::Name, Tree::Map(entries)) if !entries.is_empty() => "a b".clone_into(&mut entries[0].0),
            _ => return false,
        }
        true
    }
}

/// Whether a place belongs to what a schema cannot look up, or whose values are whatever they are given.
fn is_beyond(tree: &Tree, path: &[usize]) -> bool {
    let of_file = |key: &str| ["residual", "cell", "squeeze"].contains(&key) || key.contains(" | ");
    let mut here = tree;
    for (depth, &at) in path.iter().enumerate() {
        here = match here {
            Tree::Text(_) => return false,
            Tree::List(items) => &items[at],
            Tree::Map(entries) => {
                if depth == 0 && &*entries[at].0 == "vars" || entries.iter().any(|(key, _)| of_file(key) && depth > 0) {
                    return true;
                }
                &entries[at].1
            }
        };
    }
    matches!(here, Tree::Map(entries) if entries.iter().any(|(key, _)| of_file(key)))
}

/// Why the schema refuses a tree, and the errors that the parser finds.
fn verdicts(schema: &Schema, tree: &Tree) -> (Option<String>, Vec<Code>) {
    let text = tree.write();
    let found = match network::read(&mut Sources::default(), "drawn.yaml", &text, Decisions::default()) {
        Ok(network) => network.found,
        Err(found) => found,
    };
    let errors = found.iter().filter(|finding| finding.severity() == Severity::Error).map(|finding| finding.code);
    (schema.fault(&tree.json()), errors.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn the_schema_and_the_parser_agree(text in generated::spec(), at in any::<prop::sample::Index>(), change in change()) {
        let mut tree = Tree::read(&text).expect("a drawn spec is YAML");
        prop_assert_eq!(SCHEMA.with(|schema| verdicts(schema, &tree)), (None, Vec::new()), "{}", text);
        let places: Vec<_> = tree.places().into_iter().filter(|(path, _)| !is_beyond(&tree, path)).collect();
        let (path, keys) = at.get(&places);
        if !change.apply(tree.at(path)) {
            return Ok(());
        }
        let (refused, codes) = SCHEMA.with(|schema| verdicts(schema, &tree));
        let structural = codes.iter().any(|code| STRUCTURAL.contains(code));
        let shown = format!("{change:?} at {keys:?}: the schema says {refused:?}, the parser {codes:?}\n{}", tree.write());
        prop_assert!(refused.is_none() || !codes.is_empty(), "{}", shown);
        prop_assert!(refused.is_some() || !structural, "{}", shown);
    }
}

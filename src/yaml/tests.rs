//! What reading promises: texts as written, every fault at its place, limits, and no panic on any input (R17 and section 3 of the
//! spec language).

use std::fmt::Write;

use proptest::prelude::*;

use super::{Key, Kind, Node, parse, read_bytes};
use crate::base::{Code, Diagnostic, Sources};

fn read(text: &str) -> (Sources, Option<Node>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let (tree, found) = parse(&sources, file);
    (sources, tree, found)
}

/// The tree as nested brackets, texts in guillemets.
fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar(text) => format!("‹{text}›"),
        Kind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Kind::Map(entries) => {
            format!(
                "{{{}}}",
                entries.iter().map(|(key, value)| format!("{}:{}", key.text, show(value))).collect::<Vec<_>>().join(" ")
            )
        }
    }
}

fn shows(text: &str, expected: &str) {
    let (_, tree, found) = read(text);
    assert_eq!(found, [], "{text}");
    assert_eq!(show(&tree.unwrap()), expected, "{text}");
}

/// The first finding: code, message, line:column, text under the primary label.
fn fails(text: &str, code: Code, message: &str, place: (usize, usize), under: &str) -> Diagnostic {
    let (sources, _, found) = read(text);
    let first = found.into_iter().next().unwrap_or_else(|| panic!("no finding in {text:?}"));
    assert_eq!(
        (first.code, &*first.message, sources.place(first.span()), sources.text(first.span())),
        (code, message, place, under)
    );
    first
}

#[test]
fn nothing_is_typed() {
    let text = "[2.10, 017, 1_000, no, 1e1, 0x10, true, .inf, 2001-01-01, +1, 1..3, 1/4, 64 | 96, 1.5 GiB, in]";
    let expected =
        "[‹2.10› ‹017› ‹1_000› ‹no› ‹1e1› ‹0x10› ‹true› ‹.inf› ‹2001-01-01› ‹+1› ‹1..3› ‹1/4› ‹64 | 96› ‹1.5 GiB› ‹in›]";
    shows(text, expected);
    shows("{1_0: a, 2.10: b, no: c, 3x3: d}", "{1_0:‹a› 2.10:‹b› no:‹c› 3x3:‹d›}");
    shows("a: '~'\nb: \"null\"\nc: ''", "{a:‹~› b:‹null› c:‹›}");
}

#[test]
fn quoted_block_and_folded_texts_are_decoded() {
    shows(
        "a: 'it''s'\nb: \"\\u00e9\\n\"\nc: |\n  one\n  two\nd: >-\n  one\n  two\ne: one\n  two\n",
        "{a:‹it's› b:‹é\n› c:‹one\ntwo\n› d:‹one two› e:‹one two›}",
    );
}

#[test]
fn lines_may_end_in_crlf_and_start_with_a_byte_order_mark() {
    let text = read_bytes(b"\xEF\xBB\xBFa: 1\r\nb:\r\n  - x y\r\n  - z\r\n".to_vec()).unwrap();
    let (sources, tree, found) = read(&text);
    let tree = tree.unwrap();
    assert_eq!((show(&tree), found), ("{a:‹1› b:[‹x y› ‹z›]}".to_owned(), vec![]));
    let list = &tree.get("b").unwrap().1;
    assert_eq!((sources.place(list.span), sources.text(list.span)), ((3, 3), "- x y\r\n  - z"));
}

#[test]
fn spans_cover_what_is_written() {
    let (sources, tree, _) = read("é: {ключ: 'a b', x: \"c\\t\"} # é\nб:\n  - k: v  # c\n    l: [1, 2]\n  - |\n    t\n");
    let tree = tree.unwrap();
    let text = |node: &Node| sources.text(node.span);
    let (key, map) = &tree.map().unwrap()[0];
    assert_eq!((sources.text(key.span), text(map)), ("é", "{ключ: 'a b', x: \"c\\t\"}"));
    assert_eq!((text(&map.map().unwrap()[0].1), text(&map.map().unwrap()[1].1)), ("a b", "\"c\\t\""));
    let list = &tree.get("б").unwrap().1;
    assert_eq!(text(&list.list().unwrap()[0]), "k: v  # c\n    l: [1, 2]");
    assert_eq!(text(list), "- k: v  # c\n    l: [1, 2]\n  - |\n    t");
}

#[test]
fn aliases_and_merges_are_resolved() {
    shows(
        "a: &x {p: 1, q: [2]}\nb: *x\nc: [*x, *x]",
        "{a:{p:‹1› q:[‹2›]} b:{p:‹1› q:[‹2›]} c:[{p:‹1› q:[‹2›]} {p:‹1› q:[‹2›]}]}",
    );
    shows("a: &x {p: 1, q: 2}\nb: {o: 0, <<: *x, q: 3}", "{a:{p:‹1› q:‹2›} b:{o:‹0› p:‹1› q:‹3›}}");
    shows("{<<: [{p: 1}, {p: 2, q: 2}], r: 3}", "{p:‹1› q:‹2› r:‹3›}");
    shows("'<<': {p: 1}", "{<<:{p:‹1›}}");
    shows("&k key: v\nx: *k", "{key:‹v› x:‹key›}");
    let (sources, tree, _) = read("a: &x 64\nb: *x");
    assert_eq!(sources.text(tree.unwrap().get("b").unwrap().1.span), "*x");
    fails("a: &x [*x]", Code::E0102, "an alias stands inside the value that it repeats", (1, 8), "*x");
    fails("a: *x", Code::E0102, "there is no anchor `&x` above this alias", (1, 4), "*x");
    fails("<<: [1]", Code::E0200, "`<<` takes a map or a list of maps, not text", (1, 6), "1");
}

#[test]
fn all_repeated_keys_are_reported_and_the_first_is_kept() {
    let (sources, tree, found) = read("3b: 1\nx: {c: 1, c: 2}\n3b: 2\n'3b': 3\n");
    let places: Vec<_> = found
        .iter()
        .map(|it| (it.code, &*it.message, sources.place(it.labels[0].span), sources.place(it.labels[1].span)))
        .collect();
    let twice = "`3b` is defined twice";
    assert_eq!(
        places,
        [
            (Code::E0101, "`c` is defined twice", (2, 11), (2, 5)),
            (Code::E0101, twice, (3, 1), (1, 1)),
            (Code::E0101, twice, (4, 2), (1, 1))
        ]
    );
    assert_eq!(show(&tree.unwrap()), "{3b:‹1› x:{c:‹1›}}");
    let many: String = (0..50).map(|key| format!("k{key}: 1\n")).chain(["k7: 2\n".to_owned()]).collect();
    fails(&many, Code::E0101, "`k7` is defined twice", (51, 1), "k7");
}

#[test]
fn what_specs_do_not_use_is_reported() {
    fails("a: !x 1", Code::E0102, "specs do not use tags", (1, 4), "!x");
    fails("a: ~", Code::E0102, "specs do not use the null value `~`", (1, 4), "~");
    fails("[null]", Code::E0102, "specs do not use the null value `null`", (1, 2), "null");
    fails("a:\nb: 1", Code::E0102, "`a` has no value", (1, 1), "a");
    fails("a:\n  - \n  - b", Code::E0102, "a value is missing here", (2, 3), "-");
    fails("? [a]\n: b", Code::E0102, "a key is text, not a list", (1, 3), "[a]");
    fails("a: 1\n---\nb: 2", Code::E0102, "a second document starts here", (2, 1), "---");
    fails("%YAML 1.2\n---\na: 1", Code::E0102, "specs do not use YAML directives", (1, 1), "%");
    fails("# nothing\n", Code::E0201, "the file has no content", (1, 1), "");
    let message = "an expression with a comma must be quoted inside `{ }` and `[ ]`";
    let found = fails("a: {conv: min(w, 64, 8), from: x}", Code::E0300, message, (1, 11), "min(w, 64, 8)");
    assert_eq!(found.patch.unwrap().text, "\"min(w, 64, 8)\"");
    let (_, tree, found) = read("{a: min(w, 64), b: [max(a, 2), 3], c: f(x, d: 1}");
    assert_eq!(found.len(), 2);
    assert_eq!(show(&tree.unwrap()), "{a:‹min(w, 64)› b:[‹max(a, 2)› ‹3›] c:‹f(x› d:‹1›}");
    let (_, tree, found) = read("a: !x ~\nb:\nb: 1\nc: null");
    assert_eq!((found.len(), show(&tree.unwrap())), (5, "{a:‹~› b:‹› c:‹null›}".to_owned()));
}

#[test]
fn syntax_errors_have_a_sentence_and_a_place() {
    fails("a:\n\tb: 1", Code::E0100, "a tab indents this line", (2, 1), "\t");
    fails("a:\n  b: 1\n  \tc: 1", Code::E0100, "a tab indents this line", (3, 3), "\t");
    fails("a: b: c", Code::E0100, "a `:` cannot stand here", (1, 5), ":");
    fails("a: 'x\nb: 1", Code::E0100, "this quote is never closed", (1, 4), "'");
    fails("a: {b: 1", Code::E0100, "this `{` is never closed", (1, 4), "{");
    fails("a: [1}", Code::E0100, "this `[` is closed by `}`", (1, 4), "[");
    fails("a: @x", Code::E0100, "a text without quotes cannot start with `@`", (1, 4), "@");
    fails("é: 1\nfoo\nb: 2", Code::E0100, "an entry of a map without its `:`", (2, 1), "f");
    fails("a:\n  b: 1\n c: 2", Code::E0100, "a key of the map above is expected here", (3, 2), "c");
    let found = fails("a: {b: 1\nc: {d: 1}", Code::E0100, "`,` or `}` is expected here", (2, 2), ":");
    assert_eq!(found.labels[1].text, "this `{` is still open");
}

#[test]
fn control_characters_are_refused() {
    fails("a: 1\nb: x\0y", Code::E0103, "the text contains a NUL byte", (2, 5), "\0");
    fails("a: \"\\e[31m\"", Code::E0103, "the quoted text contains a control character", (1, 4), "\"\\e[31m\"");
    fails("a: 1\n\u{feff}b: 1", Code::E0103, "a byte order mark stands inside the text", (2, 1), "\u{feff}");
}

#[test]
fn depth_is_limited() {
    let deep = "lists and maps stand more than 64 deep inside one another";
    let nest = |depth: usize| format!("{}a{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(read(&nest(64)).2, []);
    fails(&nest(65), Code::E0104, deep, (1, 65), "[");
    fails(&nest(10_000), Code::E0104, deep, (1, 65), "[");
    fails(&"- ".repeat(10_000), Code::E0104, deep, (1, 129), "-");
    let block: String = (0..4000_usize).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{:depth$}a:", "");
        text
    });
    fails(&block, Code::E0104, deep, (65, 65), "a");
    fails(&format!("a: &a {}\nb: {}", nest(40), nest(30).replace('a', "*a")), Code::E0104, deep, (2, 34), "*a");
}

#[test]
fn a_small_text_cannot_become_a_large_tree() {
    let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..30 {
        let _ = writeln!(laughs, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(","));
    }
    let (sources, tree, found) = read(&laughs);
    assert!(tree.is_none());
    assert_eq!((found.len(), found[0].code), (1, Code::E0104));
    // 12 345 values at level 3 and ten times as many at each further level: the million is passed at level 5.
    assert_eq!(sources.place(found[0].span()).0, 6);
    let nested = format!("{}{}{}", "&a [".repeat(60), "b, ".repeat(50_000), "]".repeat(60));
    assert_eq!(read(&nested).2[0].code, Code::E0104);
}

#[test]
fn faults_are_limited() {
    let (_, tree, found) = read(&"- ~\n".repeat(1000));
    assert_eq!((tree, found.len()), (None, 100));
    assert_eq!(found[99].notes, ["reading ends here, after 100 faults"]);
}

#[test]
fn a_large_spec_is_read() {
    let layer = |index: usize| format!("  layer{index}: {{inception: {{1x1: 128, 3x3: [128, 192], 5x5: [32, 96], pool: 64}}}}\n");
    let text = "net:\n".to_owned() + &(0..20_000).map(layer).collect::<String>();
    let (_, tree, found) = read(&text);
    assert_eq!((found.len(), tree.unwrap().get("net").unwrap().1.map().unwrap().len()), (0, 20_000));
}

/// Trees without places: what flow YAML is written from.
#[derive(Clone, Debug)]
enum Plan {
    Plain(String),
    Quoted(String),
    List(Vec<Plan>),
    Map(Vec<(String, Plan)>),
}

impl Plan {
    fn write(&self, out: &mut String) {
        match self {
            Plan::Plain(text) => out.push_str(text),
            Plan::Quoted(text) => {
                let _ = write!(out, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
            }
            Plan::List(items) => {
                out.push('[');
                for item in items {
                    item.write(out);
                    out.push_str(", ");
                }
                out.push(']');
            }
            Plan::Map(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    let _ = write!(out, "{index}_{key}: ");
                    value.write(out);
                    out.push_str(",\n ");
                }
                out.push('}');
            }
        }
    }

    fn matches(&self, node: &Node, sources: &Sources) {
        match (self, &node.kind) {
            (Plan::Plain(text), Kind::Scalar(found)) => {
                assert_eq!((&**found, sources.text(node.span)), (&**text, &**text));
            }
            (Plan::Quoted(text), Kind::Scalar(found)) => assert_eq!(&**found, text),
            (Plan::List(items), Kind::List(found)) => {
                assert_eq!(items.len(), found.len());
                items.iter().zip(found).for_each(|(item, found)| item.matches(found, sources));
            }
            (Plan::Map(entries), Kind::Map(found)) => {
                assert_eq!(entries.len(), found.len());
                for (index, ((key, value), (found_key, found))) in entries.iter().zip(found).enumerate() {
                    let Key { text, span } = found_key;
                    assert_eq!((&**text, sources.text(*span)), (&*format!("{index}_{key}"), &**text));
                    value.matches(found, sources);
                }
            }
            _ => panic!("{self:?} was read as {node:?}"),
        }
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    let leaf = prop_oneof![
        "[a-z0-9éж猫.+*/|_-]{0,6}[a-z0-9é]( [a-z0-9=<(ж^)]{1,4}){0,2}"
            .prop_filter("starts as plain text, is no null and no expression that a comma cuts", |text| {
                !text.starts_with(['*', '|', '-']) && text != "null" && !text.contains('(')
            })
            .prop_map(Plan::Plain),
        "[a-zé猫😀 #:,'\"\\\\\\[\\]{}&*!|>%@`\n~-]{0,8}".prop_map(Plan::Quoted),
    ];
    leaf.prop_recursive(6, 60, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Plan::List),
            prop::collection::vec(("[a-zé猫0-9]{0,4}", inner), 0..5).prop_map(Plan::Map),
        ]
    })
}

/// Reads it and looks at every place, which panics for one outside the text or inside a character.
fn survives(text: &str) {
    fn look(node: &Node, sources: &Sources) {
        let _ = sources.text(node.span);
        node.list().unwrap_or_default().iter().for_each(|item| look(item, sources));
        for (key, value) in node.map().unwrap_or_default() {
            let _ = sources.text(key.span);
            look(value, sources);
        }
    }
    let (sources, tree, found) = read(text);
    assert!(tree.is_some() || !found.is_empty());
    if let Some(tree) = tree {
        look(&tree, &sources);
    }
    for label in found.iter().flat_map(|found| &found.labels) {
        let _ = sources.text(label.span);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn flow_yaml_gives_its_tree_back(plan in plans()) {
        let mut text = String::new();
        plan.write(&mut text);
        let (sources, tree, found) = read(&text);
        prop_assert_eq!(found, []);
        plan.matches(&tree.unwrap(), &sources);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        match read_bytes(bytes) {
            Ok(text) => survives(&text),
            Err(bad) => {
                let mut sources = Sources::default();
                let found = bad.report(&mut sources, "a.yaml");
                prop_assert_eq!(sources.text(found.span()), "\u{FFFD}");
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}") {
        survives(&text);
    }

    #[test]
    fn any_mix_of_yaml_signs_is_read_or_refused(text in "([-\\[\\]{}:,?&*!|>'\"%@`#~< \n\r\tab1é\u{85}\u{2028}\u{feff}\\\\.]|<<: |&a |\\*a|- |: |\n  |---\n|!!str |\\.\\.\\.\n){0,60}") {
        survives(&text);
    }
}

//! The rules of the house that the compiler does not check: who may import whom, what stands where, how long a file may be.
//!
//! Every rule is a function from a file to its faults, and every rule is shown a file that breaks it.

use std::collections::BTreeMap;
use std::path::Path;

/// The floors, lowest first. A module may use lower floors and itself; modules on one floor are strangers.
const FLOORS: [&[&str]; 10] = [
    &["base"],
    &["yaml", "onnx", "expr", "kernel"],
    &["op"],
    &["graph"],
    &["spec", "analyze", "exec", "interop", "data"],
    &["train"],
    &["propose"],
    &["search"],
    &["report"],
    &["cli"],
];

/// Where it may matter which operator a node holds.
const MAY_MATCH_OPERATORS: [&str; 4] = ["src/graph/rewrite/", "src/exec/plan", "src/interop/", "src/op/registry.rs"];

/// What stands only in some places: a word, and the beginnings of paths of the files that may contain it.
const PLACES: [(&str, &[&str]); 15] = [
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("dbg!", &[]),
    ("#[ignore", &[]),
    ("unsafe", &["src/kernel/arch/"]),
    ("println!", &["src/cli/"]),
    ("eprintln!", &["src/cli/"]),
    ("print!", &["src/cli/"]),
    ("eprint!", &["src/cli/"]),
    ("std::fs", &["src/cli/", "src/data/", "src/interop/", "src/train/", "src/search/"]),
    ("std::env", &["src/cli/"]),
    ("process::exit", &["src/cli/"]),
    ("serde_yaml", &["src/yaml/"]),
    ("annotate_snippets", &["src/cli/render"]),
    ("dyn Operator", &[]),
];

/// Lines of code of a file, at most.
const MOST_LINES: usize = 400;
/// Lines of code of the file in the middle, less than this.
const MEDIAN_LINES: usize = 150;

/// One file of the sources.
struct File {
    /// From the repository's root, with slashes.
    path: String,
    text: String,
    /// The text with comments and the contents of literals blanked out.
    code: String,
}

impl File {
    fn new(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned(), code: blanked(text) }
    }

    /// The module on whose floor it lies.
    fn module(&self) -> Option<&str> {
        let inner = self.path.strip_prefix("src/")?;
        Some(inner.split_once('/').map_or(inner.trim_end_matches(".rs"), |(module, _)| module))
    }

    fn is_in(&self, beginnings: &[&str]) -> bool {
        beginnings.iter().any(|beginning| self.path.starts_with(beginning))
    }

    /// The line number of a byte.
    fn line(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }

    fn fault(&self, at: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.line(at))
    }

    /// Where a word stands in the code, not as a part of a longer one.
    fn find<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_part = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        let begins = is_part(word.chars().next());
        let ends = is_part(word.chars().next_back());
        self.code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
            let before = self.code[..at].chars().next_back();
            let after = self.code[at + word.len()..].chars().next();
            !(begins && is_part(before) || ends && is_part(after))
        })
    }
}

/// The text with comments and the contents of texts and characters replaced by spaces, lines kept.
fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_text(rest).filter(|_| at == 0 || !is_word(bytes[at - 1])) {
            let closing = format!("\"{}", "#".repeat(hashes));
            rest[hashes + 2..].find(&closing).map_or(rest.len(), |end| hashes + 2 + end + closing.len())
        } else if rest.starts_with('"') {
            end_of_literal(rest, b'"')
        } else if rest.starts_with('\'') && is_character(rest) {
            end_of_literal(rest, b'\'')
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        code[at..at + end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at += end;
    }
    String::from_utf8(code).expect("only whole characters are replaced")
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The number of `#` of a raw text that begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let hashes = rest.strip_prefix('r')?.bytes().take_while(|&byte| byte == b'#').count();
    rest[1 + hashes..].starts_with('"').then_some(hashes)
}

/// Whether a quote begins a character and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn end_of_literal(rest: &str, quote: u8) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// Imports go down; paths from the root are written out, and nobody climbs out of a module otherwise.
fn imports(file: &File) -> Vec<String> {
    let Some(module) = file.module().filter(|module| !["lib", "main"].contains(module)) else { return Vec::new() };
    let Some(own) = floor(module) else { return vec![format!("{}: `{module}` is on no floor", file.path)] };
    let mut faults = Vec::new();
    for at in file.find("crate") {
        let rest = file.code[at + "crate".len()..].trim_start();
        let Some(path) = rest.strip_prefix("::") else {
            if !rest.starts_with(')') {
                faults.push(file.fault(at, "the crate's root is used other than at the start of a path"));
            }
            continue;
        };
        let used: String = path.trim_start().chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect();
        match floor(&used) {
            _ if used == module => {}
            Some(floor) if floor < own => {}
            Some(floor) if floor == own => faults.push(file.fault(at, &format!("`{module}` and `{used}` are strangers"))),
            Some(_) => faults.push(file.fault(at, &format!("`{used}` is above `{module}`"))),
            None => faults.push(file.fault(at, "an import of several floors at once, or of no floor")),
        }
    }
    let climbs = if file.path.matches('/').count() == 2 && file.path.ends_with("/mod.rs") { "super::" } else { "super::super" };
    faults.extend(file.find(climbs).map(|at| file.fault(at, "a way out of a module by `super`")));
    faults
}

/// Which operator a node holds matters in few places; elsewhere an operator is asked.
fn operators(file: &File) -> Vec<String> {
    if file.is_in(&MAY_MATCH_OPERATORS) || !file.path.starts_with("src/") {
        return Vec::new();
    }
    let variant = |at: &usize| {
        let name = &file.code[at + "Op::".len()..];
        let name = name.split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
        // Variants are written like types; constants are not.
        name.is_empty() || name.starts_with(char::is_uppercase) && name.chars().any(char::is_lowercase)
    };
    file.find("Op::").filter(variant).map(|at| file.fault(at, "an operator's variant is named here")).collect()
}

/// Words that have their places.
fn places(file: &File) -> Vec<String> {
    let outside = PLACES.iter().filter(|(_, allowed)| file.path.starts_with("src/") && !file.is_in(allowed));
    outside.flat_map(|(word, _)| file.find(word).map(move |at| file.fault(at, &format!("`{word}` has no place here")))).collect()
}

fn lines_of_code(file: &File) -> usize {
    file.code
        .lines()
        .zip(file.text.lines())
        .filter(|(code, text)| !code.trim().is_empty() || text.trim().starts_with('"'))
        .count()
}

/// A file says what it is, is not too long, and if it is a `mod.rs` only declares.
fn form(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    if !file.text.starts_with("//! ") {
        faults.push(format!("{}: it does not begin with `//!`", file.path));
    }
    let lines = lines_of_code(file);
    if lines > MOST_LINES {
        faults.push(format!("{}: {lines} lines of code, more than {MOST_LINES}", file.path));
    }
    if file.path.starts_with("src/") && file.path.ends_with("/mod.rs") {
        for word in ["fn", "impl", "struct", "enum", "trait", "const", "static", "type", "macro_rules!"] {
            faults.extend(file.find(word).map(|at| file.fault(at, &format!("a `{word}` in a `mod.rs`"))));
        }
    }
    faults
}

/// What a file does wrong.
type Rule = fn(&File) -> Vec<String>;

/// All Rust files of the repository.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> = ["src", "tests", "benches"].iter().map(|folder| root.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let steps: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|step| step.to_str().unwrap()).collect();
                files.push(File::new(&steps.join("/"), &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(files.len() > 100, "the sources are found");
    files
}

fn check(rule: Rule) {
    let faults: Vec<String> = files().iter().flat_map(rule).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn imports_go_down() {
    check(imports);
}

#[test]
fn operators_are_asked_not_matched() {
    check(operators);
}

#[test]
fn words_stand_in_their_places() {
    check(places);
}

#[test]
fn files_have_their_form() {
    check(form);
    let files = files();
    let mut lines: Vec<usize> = files.iter().filter(|file| file.path.starts_with("src/")).map(lines_of_code).collect();
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(median < MEDIAN_LINES, "the file in the middle has {median} lines of code");
}

/// The crate's page lists the floors; that list is the architecture.
#[test]
fn the_crate_lists_its_floors() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let listed: Vec<Vec<&str>> = (text.lines())
        .filter_map(|line| line.strip_prefix("//! - "))
        .map(|line| line.split("[`").skip(1).filter_map(|rest| rest.split_once("`]").map(|(name, _)| name)).collect())
        .collect();
    let mut declared: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let exists = |module: &&&str| declared.contains(*module);
    let floors: Vec<Vec<&str>> = FLOORS
        .iter()
        .map(|floor| floor.iter().filter(exists).copied().collect())
        .filter(|floor: &Vec<_>| !floor.is_empty())
        .collect();
    assert_eq!(listed, floors);
    declared.sort_unstable();
    let mut modules: Vec<&str> = listed.concat();
    modules.sort_unstable();
    assert_eq!(declared, modules, "every module has a floor");
}

/// One operator, one file.
#[test]
fn every_operator_has_its_file() {
    let files: BTreeMap<String, File> = files().into_iter().map(|file| (file.path.clone(), file)).collect();
    let registry = &files["src/op/registry.rs"].code;
    let list = registry.rsplit_once("ops! {").unwrap().1.split_once('}').unwrap().0;
    let mut listed: Vec<String> = list.split_whitespace().map(|name| format!("src/op/{}.rs", snake(name))).collect();
    assert!(listed.len() > 20, "{listed:?}");
    for (name, path) in list.split_whitespace().zip(&listed) {
        let file = files.get(path).unwrap_or_else(|| panic!("`{name}` has no file `{path}`"));
        assert_eq!(file.find(&format!("impl Operator for {name}")).count(), 1, "{path} holds `{name}`");
        assert_eq!(file.find("impl Operator for").count(), 1, "{path} holds one operator");
    }
    let mut holding: Vec<String> =
        files.values().filter(|file| file.find("impl Operator for").count() > 0).map(|file| file.path.clone()).collect();
    listed.sort_unstable();
    holding.sort_unstable();
    assert_eq!(holding, listed, "every operator is in the list");
}

/// `BatchNorm` is `batch_norm`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, char) in name.char_indices() {
        if at > 0 && char.is_uppercase() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

#[test]
fn rules_see_what_breaks_them() {
    let long = format!("//! a\n{}", "const A: u32 = 1;\n".repeat(MOST_LINES + 1));
    let broken: [(Rule, &str, &str); 21] = [
        (imports, "src/yaml/tree.rs", "use crate::op::Term;"),
        (imports, "src/yaml/tree.rs", "use crate::expr::Rational;"),
        (imports, "src/analyze/stage.rs", "fn a() { crate::spec::load() }"),
        (imports, "src/report/grid.rs", "use crate::{base::Span, op::Op};"),
        (imports, "src/report/grid.rs", "use crate as root;"),
        (imports, "src/op/mod.rs", "pub use super::graph::Graph;"),
        (imports, "src/op/conv.rs", "use super::super::graph::Graph;"),
        (imports, "src/helpers/a.rs", "//! a"),
        (operators, "src/analyze/stage.rs", "if let Some(Op::Conv(conv)) = op {}"),
        (operators, "src/graph/net.rs", "use Op::*;"),
        (places, "src/op/conv.rs", "fn a() { todo!() }"),
        (places, "src/op/conv.rs", "#[ignore = \"slow\"]"),
        (places, "src/op/conv.rs", "unsafe { a() }"),
        (places, "src/report/csv.rs", "println!(\"a\")"),
        (places, "src/spec/read.rs", "use std::fs::File;"),
        (places, "src/spec/read.rs", "std::process::exit(1)"),
        (places, "src/spec/read.rs", "use serde_yaml::Value;"),
        (places, "src/cli/check.rs", "use annotate_snippets::Level;"),
        (form, "src/op/conv.rs", "// a\n"),
        (form, "src/op/conv.rs", &long),
        (form, "src/graph/mod.rs", "//! a\npub fn a() {}\n"),
    ];
    for (rule, path, text) in broken {
        assert_eq!(rule(&File::new(path, text)).len().min(1), 1, "{path}: {text:.60}");
    }
    let sound: [(Rule, &str, &str); 8] = [
        (imports, "src/op/conv.rs", "use crate::base::Span; // crate::cli\nuse crate::op::Op; pub(crate) fn a() {}"),
        (imports, "src/spec/lower/walk.rs", "use super::Frame; const A: &str = \"crate::cli\";"),
        (operators, "src/graph/net.rs", "Op::ENTRIES.len(); op.map_or(0, Op::manual); Kind::Op(entry)"),
        (operators, "src/graph/rewrite/dead.rs", "matches!(op, Op::Conv(_))"),
        (places, "src/op/conv.rs", "//! unsafe\nconst A: &str = r#\"todo!() \"println!\"#; const B: char = '\"'; // std::fs"),
        (places, "src/cli/files.rs", "use std::fs::File;"),
        (form, "src/graph/mod.rs", "//! the function of an impl\nmod a;\npub use a::B;\n"),
        (form, "src/op/conv.rs", "//! a\n\nfn a<'a>(b: &'a str) -> &'a str { b }\n"),
    ];
    for (rule, path, text) in sound {
        assert_eq!(rule(&File::new(path, text)), Vec::<String>::new(), "{path}: {text:.60}");
    }
}

//! `extends: file` (language rule R16): entries replace entries in the old place, new ones go last, other sections are replaced whole.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::FileId;
use crate::base::Sources;
use crate::base::Span;
use crate::spec::Loader;
use crate::yaml;
use crate::yaml::Key;
use crate::yaml::Kind;
use crate::yaml::Node;

/// Sections that are merged entry by entry.
const MERGED: [&str; 7] = ["input", "vars", "defaults", "modules", "net", "heads", "budget"];
/// Sections that say who a file is, and so are not handed down.
const OWN: [&str; 2] = ["name", "doc"];
/// The longest chain of files.
const LONGEST: usize = 16;

/// The tree of `file` with all that it extends.
pub(super) fn follow(sources: &mut Sources, file: FileId, loader: &mut Loader<'_>, found: &mut Vec<Diagnostic>) -> Option<Node> {
    let mut layers = Vec::new();
    let mut names = vec![sources.get(file).name.clone()];
    let mut next = Some(file);
    let mut whole = true;
    while let Some(file) = next.take() {
        let (tree, mut faults) = yaml::parse(sources, file);
        found.append(&mut faults);
        let tree = tree?;
        if let Some((key, value)) = tree.get("extends") {
            match load(sources, key, value, &mut names, loader) {
                Ok(base) => next = Some(base),
                Err(fault) => {
                    whole = false;
                    found.push(*fault);
                }
            }
        }
        layers.push(tree);
    }
    layers.into_iter().rev().reduce(merge).filter(|_| whole)
}

fn load(
    sources: &mut Sources,
    key: &Key,
    value: &Node,
    names: &mut Vec<String>,
    loader: &mut Loader<'_>,
) -> Result<FileId, Box<Diagnostic>> {
    let fault = |span: Span, message: String, label: &str| Box::new(Diagnostic::new(Code::E0209, span, message, label));
    let Some(wanted) = value.scalar() else {
        return Err(fault(value.span, format!("`{}` names one file, not {}", key.text, value.describes()), ""));
    };
    let from = sources.get(value.span.file).name.clone();
    let help = "the path begins in the folder of this file; a built-in spec needs none, as in `extends: googlenet.yaml`";
    let (name, text) = loader(wanted, &from).map_err(|because| {
        let fault = fault(value.span, format!("cannot extend `{wanted}`: {because}"), "");
        Box::new((*fault).with_help(help))
    })?;
    if names.contains(&name) {
        names.push(name);
        let cycle = names.join("` extends `");
        return Err(fault(value.span, "the files extend one another in a circle".to_owned(), "closes it")
            .with_note(format!("`{cycle}`"))
            .into());
    }
    if names.len() >= LONGEST {
        return Err(fault(value.span, format!("more than {LONGEST} files extend one another"), ""));
    }
    names.push(name.clone());
    Ok(sources.add(name, text))
}

fn merge(base: Node, own: Node) -> Node {
    let (Kind::Map(mut sections), Kind::Map(replacing)) = (base.kind, own.kind.clone()) else { return own };
    sections.retain(|(key, _)| !OWN.contains(&&*key.text));
    for (key, value) in replacing {
        let old = sections.iter_mut().find(|(section, _)| section.text == key.text);
        match old {
            Some((section, old)) => {
                let merged = MERGED.contains(&&*key.text);
                match (&mut old.kind, value.kind) {
                    (Kind::Map(entries), Kind::Map(replacing)) if merged => replace(entries, replacing),
                    (_, kind) => *old = Node { span: value.span, kind },
                }
                *section = key;
            }
            None => sections.push((key, value)),
        }
    }
    Node { span: own.span, kind: Kind::Map(sections) }
}

fn replace(entries: &mut Vec<(Key, Node)>, replacing: Vec<(Key, Node)>) {
    let places: HashMap<Arc<str>, usize> = entries.iter().enumerate().map(|(at, (key, _))| (key.text.clone(), at)).collect();
    for (key, value) in replacing {
        match places.get(&key.text) {
            Some(&at) => entries[at] = (key, value),
            None => entries.push((key, value)),
        }
    }
}

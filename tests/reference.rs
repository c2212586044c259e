//! The reference in `docs/spec-language.md`: everything below its last chapter's first paragraph is made from the tables of the
//! language and the operators' manuals. `NAS_UPDATE=1` writes it; a stale one is a fault.

use nas::expr::Function;
use nas::op::Manual;
use nas::op::Op;
use nas::op::Role;
use nas::op::Setting;
use nas::op::Takes;
use nas::spec::OF_HEADS;
use nas::spec::OF_LAYERS;
use nas::spec::OF_NODES;
use nas::spec::OF_SHARES;
use nas::spec::PAGES;
use nas::spec::SEARCH;
use nas::spec::SECTIONS;
use nas::spec::TRAIN;

/// The line behind which the page is made.
const BEGIN: &str = "writes it.\n";

/// A table of settings, with a row for each.
fn table<'a>(rows: impl IntoIterator<Item = (&'a str, &'a Setting)>) -> String {
    let mut text = "| setting | default | |\n|:--|:--|:--|\n".to_owned();
    for (name, setting) in rows {
        let words = match setting.takes {
            Takes::Word(words) => format!("; {}", words.join(", ")),
            _ => String::new(),
        };
        let default = if setting.default == "-" { String::new() } else { format!("`{}`", setting.default) };
        text += &format!("| `{name}` | {default} | {}{words} |\n", setting.doc.replace('|', "\\|"));
    }
    text + "\n"
}

fn named(settings: &'static [Setting]) -> impl Iterator<Item = (&'static str, &'static Setting)> {
    settings.iter().map(|setting| (setting.name, setting))
}

/// What every operator of a role gives, learns and costs, a line each.
fn formulas(role: Role) -> String {
    let mut text = "| | output | learned numbers | multiply-adds |\n|:--|:--|:--|:--|\n".to_owned();
    for manual in manuals(role) {
        let words: Vec<String> = manual.words.iter().map(|word| format!("`{word}`")).collect();
        let Manual { params, madds, .. } = manual;
        text += &format!("| {} | `{}` | `{params}` | `{madds}` |\n", words.join(", "), manual.output.join(" x "));
    }
    text + "\n"
}

fn manuals(role: Role) -> impl Iterator<Item = &'static Manual> {
    Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(move |manual| manual.role == role)
}

fn reference() -> String {
    let mut text = "\n### Sections\n\n".to_owned();
    for section in SECTIONS {
        let page = PAGES.iter().find(|page| page.words.contains(&section.name)).expect("a page");
        text += &format!("- `{}`: {}\n", section.name, page.title.split(": ").last().unwrap_or(page.title));
    }
    text += "\n### Letters of formulas\n\nBeside these letters stand the settings of the layer.\n\n";
    for (letter, what) in Manual::SYMBOLS {
        text += &format!("- `{letter}`: {what}\n");
    }
    text += "\n### Settings of every layer\n\n";
    text += &table(named(OF_LAYERS).chain(named(OF_NODES)));
    text += "Of heads beside those:\n\n";
    text += &table(named(OF_HEADS));
    text += "Of `inception` by shares:\n\n";
    text += &table(named(OF_SHARES));
    for (role, title) in [(Role::Kind, "Kinds"), (Role::Norm, "Words after `norm`"), (Role::Act, "Words after `act`")] {
        text += &format!("### {title}\n\n{}", formulas(role));
        for manual in manuals(role) {
            let words: Vec<String> = manual.words.iter().map(|word| format!("`{word}`")).collect();
            text += &format!("#### {}\n\n{}\n\n", words.join(", "), manual.doc);
            let main = manual.words.iter().filter(|_| role == Role::Kind).map(|word| (*word, &manual.main));
            if role == Role::Kind || !manual.settings.is_empty() {
                text += &table(main.chain(named(manual.settings)));
            }
            text += &format!("Example: `{}`\n\n", manual.example);
        }
    }
    text += "### Functions of expressions\n\n";
    let functions: Vec<String> = Function::ALL.iter().map(|function| format!("`{}`", function.name())).collect();
    text += &format!("{}. A call with several arguments is quoted inside `{{ }}`.\n\n", functions.join(", "));
    text += "### Train and search\n\n";
    text += &format!("`train`:\n\n{}`search`:\n\n{}", table(named(TRAIN)), table(named(SEARCH)));
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_reference_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spec-language.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let (chapters, found) = page.split_once(BEGIN).expect("the line that begins the reference");
    let wanted = reference();
    if std::env::var_os("NAS_UPDATE").is_some() {
        std::fs::write(path, format!("{chapters}{BEGIN}{wanted}")).expect("the page can be written");
    } else {
        assert!(found == wanted, "docs/spec-language.md is stale; NAS_UPDATE=1 writes it");
    }
}

/// The chapter on modules shows a published network whole; it is the built-in one.
#[test]
fn bn_inception_is_shown_as_it_is() {
    let page = include_str!("../docs/spec-language.md");
    assert!(page.contains(include_str!("../specs/bn-inception.yaml")), "the page shows another BN-Inception than `specs` has");
}

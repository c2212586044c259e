//! The manual as text: pages of operators, made from the table that also reads them, and pages of the language.

use crate::op::Manual;
use crate::op::Op;
use crate::op::Role;
use crate::op::Setting;
use crate::op::Takes;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::setting;
use crate::spec::PAGES;
use crate::spec::Page;

/// The widest text.
const WIDEST: usize = 100;

/// The page of an operator; `word` is the one that was asked for.
pub fn manual(manual: &Manual, word: &str, paint: &Paint) -> String {
    let role = match manual.role {
        Role::Kind => "kind of layer",
        Role::Norm => "word after `norm`",
        Role::Act => "word after `act`",
    };
    let mut text = format!("{}   {}\n\n", paint.text(Colour::Bold, word), paint.text(Colour::Faint, role));
    text += &wrapped(manual.doc, "", paint);
    let others: Vec<&str> = manual.words.iter().copied().filter(|other| *other != word).collect();
    if !others.is_empty() {
        text += &wrapped(&format!("The others: {}.", others.join(", ")), "", paint);
    }
    text += &format!("\n{}", formulas(manual, paint));
    let mut rows = Vec::new();
    if manual.role == Role::Kind {
        rows.push(row(word, &manual.main));
    }
    rows.extend(manual.settings.iter().map(|setting| row(setting.name, setting)));
    if !rows.is_empty() {
        text += &format!("\n{}", table(&rows, paint));
    }
    let further = match manual.role {
        Role::Kind => "settings of every layer: norm, act, repeat, when, by; from, unless the kind lists what it reads",
        Role::Norm => "`eps` and `momentum` stand beside `norm`, or in `defaults: {norm: {...}}`",
        Role::Act => "",
    };
    if !further.is_empty() {
        text += &format!("\n{}", wrapped(further, "", paint));
    }
    text + &format!("\nExample: {}\n", manual.example)
}

/// What it gives, learns and costs, and what the letters are.
fn formulas(manual: &Manual, paint: &Paint) -> String {
    let output = manual.output.join(" x ");
    let lines = [("gives", &*output), ("params", manual.params), ("madds", manual.madds)];
    let mut text: String = lines.map(|(name, formula)| format!("{name:8}{formula}\n")).concat();
    let used = |letter: &str| lines.iter().any(|(_, formula)| letters(formula).any(|word| word == letter));
    let is_setting = |letter: &str| manual.settings.iter().chain([&manual.main]).any(|setting| setting.name == letter);
    let known = Manual::SYMBOLS.iter().filter(|(letter, _)| used(letter) && (!is_setting(letter) || *letter == "bias"));
    let explained: Vec<String> = known.map(|(letter, what)| format!("{letter}: {what}")).collect();
    text += &wrapped(&format!("{}.", explained.join("; ")), "        ", paint);
    text
}

/// The names in a formula.
fn letters(formula: &str) -> impl Iterator<Item = &str> {
    formula.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
}

/// A page of the language.
pub fn page(page: &Page, paint: &Paint) -> String {
    let title = format!("{}   {}", paint.text(Colour::Bold, page.words[0]), paint.text(Colour::Faint, page.title));
    let paragraphs: Vec<String> = page.doc.split("\n\n").map(|paragraph| wrapped(paragraph, "", paint)).collect();
    let settings = match page.settings {
        [] => String::new(),
        settings => table(&settings.iter().map(|setting| row(setting.name, setting)).collect::<Vec<_>>(), paint) + "\n",
    };
    let example: Vec<String> = page.example.lines().map(|line| format!("  {line}\n")).collect();
    format!("{title}\n\n{}\n{settings}Example:\n\n{}", paragraphs.join("\n"), example.concat())
}

/// The page that lists words after `norm` or `act`, or everything there are pages of.
pub fn topics(role: Option<Role>, paint: &Paint) -> String {
    let mut text = String::new();
    let of = |role: Role| {
        let manuals = Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(move |manual| manual.role == role);
        manuals.map(|manual| (manual.words.join(", "), summary(manual.doc))).collect::<Vec<_>>()
    };
    let roles = [(Role::Kind, "Kinds of layers"), (Role::Norm, "Words after `norm`"), (Role::Act, "Words after `act`")];
    for (listed, title) in roles.into_iter().filter(|(listed, _)| role.is_none_or(|role| role == *listed)) {
        text += &list(title, &of(listed), paint);
    }
    if role.is_none() {
        let pages: Vec<(String, String)> = PAGES.iter().map(|page| (page.words[0].to_owned(), page.title.to_owned())).collect();
        text += &list("The language", &pages, paint);
        text += &list("Settings", &setting::topics(), paint);
    }
    text
}

pub(super) fn list(title: &str, lines: &[(String, String)], paint: &Paint) -> String {
    let width = lines.iter().map(|(word, _)| word.chars().count()).filter(|&width| width <= 20).max().unwrap_or(0) + 2;
    let mut text = format!("{}\n", paint.text(Colour::Bold, title));
    for (word, about) in lines {
        let indent = " ".repeat(width + 2);
        if word.chars().count() > width {
            text += &format!("{}{}", wrapped(word, "  ", paint), wrapped(about, &indent, paint));
        } else {
            let about = wrapped(about, &indent, paint);
            text += &format!("  {word:width$}{}", about.trim_start());
        }
    }
    text + "\n"
}

/// The first sentence, up to its colon.
fn summary(doc: &str) -> String {
    let end = doc.find(". ").or_else(|| doc.find(": ")).unwrap_or(doc.len());
    let first = doc[..end].split(": ").next().unwrap_or_default();
    first.trim_end_matches('.').to_owned()
}

fn row(name: &str, setting: &Setting) -> [String; 4] {
    let default = match (setting.default, setting.takes) {
        ("-", _) => "",
        (default, _) => default,
    };
    [name.to_owned(), takes(setting.takes), default.to_owned(), setting.doc.to_owned()]
}

/// What a setting takes, in words.
pub(super) fn takes(takes: Takes) -> String {
    let text = match takes {
        Takes::Count => "integer from 1",
        Takes::Natural => "integer from 0",
        Takes::Window => "n or [h, w]",
        Takes::WindowOrGlobal => "n, [h, w] or global",
        Takes::Pad => "same, n, [h, w] or [[top, bottom], [left, right]]",
        Takes::Number => "number",
        Takes::Truth => "true or false",
        Takes::TruthOrAuto => "true, false or auto",
        Takes::Table => "a list of channels for each output",
        Takes::Layers => "a list of layers",
        Takes::Nothing => "{}",
        Takes::Word(words) => return words.join(", "),
        Takes::WordOf(_) => "a word",
        Takes::Layer => "a layer",
        Takes::Variable => "a variable",
        Takes::Texts => "a text or a list of texts",
        Takes::Shares => "numbers by branch",
    };
    text.to_owned()
}

fn table(rows: &[[String; 4]], paint: &Paint) -> String {
    let width = |column: usize, head: &str| {
        rows.iter().map(|row| row[column].chars().count()).filter(|&width| width <= 22).max().unwrap_or(0).max(head.len()) + 2
    };
    let (name, takes, default) = (width(0, "setting"), width(1, "takes"), width(2, "default"));
    let head = format!("{:name$}{:takes$}{:default$}", "setting", "takes", "default");
    let mut text = paint.text(Colour::Faint, head.trim_end()) + "\n";
    let indent = " ".repeat(name + takes + default);
    for [own, taken, given, doc] in rows {
        let doc = wrapped(doc, &indent, paint);
        let long = taken.chars().count() + 2 > takes;
        let (first, shown) =
            if long { (format!("{own:name$}{taken}\n{:name$}", ""), "") } else { (format!("{own:name$}"), &**taken) };
        text += &format!("{first}{shown:takes$}{given:default$}{}", doc.trim_start());
    }
    text
}

/// The text in lines of the terminal's width, each behind `indent`.
pub(super) fn wrapped(text: &str, indent: &str, paint: &Paint) -> String {
    let room = paint.width.clamp(indent.len() + 30, WIDEST.max(indent.len() + 30)) - indent.len();
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines += &format!("{indent}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    format!("{lines}{indent}{line}\n")
}

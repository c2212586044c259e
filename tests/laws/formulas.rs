//! What `explain` prints: one formula for every number that is not zero, and its numbers evaluate to it.

use std::collections::HashMap;

use nas::base::FileId;
use nas::base::Span;
use nas::expr::Decisions;
use nas::expr::Environment;
use nas::expr::Value;
use nas::op::Figure;
use nas::op::Manual;
use nas::op::Op;

use crate::run::Case;

fn evaluate(text: &str) -> i128 {
    let span = Span { file: FileId(0), start: 0, end: text.len() as u32 };
    let formula = nas::expr::parse(text, span).unwrap_or_else(|fault| panic!("`{text}`: {fault:?}"));
    match formula.value(&Environment::default(), &mut Decisions::default(), None, "formula") {
        Ok((Value::Number(number), _)) => number.to_integer().unwrap_or_else(|| panic!("`{text}` is no integer")),
        other => panic!("`{text}` gives {other:?}"),
    }
}

/// Held on the examples here, on random windows in `windows`.
pub(crate) fn holds(case: &Case) {
    let cost = case.claimed();
    let params = case.op.params(&case.inputs).iter().filter(|param| param.role.is_parameter()).map(|param| param.count).sum();
    let claimed: [(Figure, u128); 8] = [
        (Figure::Madds, cost.madds),
        (Figure::Adds, cost.adds),
        (Figure::Muls, cost.muls),
        (Figure::Cmps, cost.cmps),
        (Figure::Divs, cost.divs),
        (Figure::Exps, cost.exps),
        (Figure::OnPadding, cost.on_padding),
        (Figure::Params, params),
    ];
    let formulas = case.op.formulas(&case.inputs, case.out);
    for (figure, number) in claimed {
        assert_eq!(figure.of(cost, params), number, "{figure}");
        let of_it: Vec<_> = formulas.iter().filter(|formula| formula.figure == figure).collect();
        assert_eq!(of_it.len(), usize::from(number > 0), "{}: formulas of {figure}, which is {number}", case.name());
        for formula in of_it {
            assert_eq!(evaluate(&formula.numbers), number.cast_signed(), "{}: {figure} = {}", case.name(), formula.numbers);
            let span = Span { file: FileId(0), start: 0, end: formula.names.len() as u32 };
            assert!(nas::expr::parse(&formula.names, span).is_ok(), "`{}` is no expression", formula.names);
        }
    }
}

#[test]
fn formulas_give_the_claimed_numbers() {
    Case::all().iter().for_each(holds);
}

/// What the letters of a case's formulas stand for, read off its shapes and off the layer written out.
fn letters(case: &Case) -> HashMap<String, u128> {
    let (input, out, written) = (case.inputs[0], case.out, case.op.write());
    let manual = case.op.manual();
    let mut letters: HashMap<String, u128> = [
        ("in", input.c),
        ("h", input.h),
        ("w", input.w),
        ("all_in", case.inputs.iter().map(|input| input.c).sum()),
        ("inputs", case.inputs.len() as u32),
        ("c", out.c),
        ("H", out.h),
        ("W", out.w),
    ]
    .map(|(letter, number)| (letter.to_owned(), number.into()))
    .into();
    let main = (manual.main.name, written.main.clone());
    for (name, value) in written.settings.iter().cloned().chain([main]) {
        let pair: Vec<u128> = value.trim_matches(['[', ']']).split(", ").filter_map(|number| number.parse().ok()).collect();
        match (name, &*value, &pair[..]) {
            ("table", rows, _) => {
                letters.insert("links".to_owned(), rows.split(", ").count() as u128);
            }
            (_, "global", _) => letters.extend([("kh".to_owned(), input.h.into()), ("kw".to_owned(), input.w.into())]),
            (_, "true" | "false", _) => {
                letters.insert(name.to_owned(), u128::from(value == "true"));
            }
            (_, _, &[number]) => {
                letters.insert(name.to_owned(), number);
            }
            ("kernel" | "window", _, &[h, w]) => letters.extend([("kh".to_owned(), h), ("kw".to_owned(), w)]),
            _ => {}
        }
    }
    if let Some(groups) = letters.get("groups") {
        letters.insert("in_of_group".to_owned(), u128::from(input.c) / groups);
    }
    letters
}

/// The number of a formula in letters.
fn number(formula: &str, letters: &HashMap<String, u128>) -> u128 {
    let mut text = String::new();
    let mut word = String::new();
    for letter in formula.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        match word.parse::<u128>() {
            Err(_) if !word.is_empty() => {
                text += &letters.get(&word).unwrap_or_else(|| panic!("nothing says what `{word}` is in `{formula}`")).to_string();
            }
            _ => text += &word,
        }
        word.clear();
        text.push(letter);
    }
    evaluate(text.trim()).cast_unsigned()
}

/// The formulas of the manual, which people read before there is a network, against shape, parameters and cost of every example;
/// and those that `explain` prints for a layer, name by name.
#[test]
fn formulas_in_letters_give_the_claimed_numbers() {
    for case in Case::all() {
        let (manual, letters) = (case.op.manual(), letters(&case));
        // A connection table has its links where all channels of a group are linked.
        let all = if letters.contains_key("links") { "links / width" } else { "in / groups" };
        let links = |formula: &str| formula.replace("in / groups", all);
        let given = manual.output.map(|formula| number(formula, &letters));
        assert_eq!(given, [case.out.c, case.out.h, case.out.w].map(u128::from), "{}: output", case.name());
        let params = case.op.params(&case.inputs).iter().filter(|param| param.role.is_parameter()).map(|param| param.count).sum();
        assert_eq!(number(&links(manual.params), &letters), params, "{}: params", case.name());
        assert_eq!(number(&links(manual.madds), &letters), case.claimed().madds, "{}: madds", case.name());
        for formula in case.op.formulas(&case.inputs, case.out).iter().filter(|formula| formula.figure != Figure::OnPadding) {
            assert_eq!(
                number(&formula.names, &letters),
                evaluate(&formula.numbers).cast_unsigned(),
                "{}: {formula:?}",
                case.name()
            );
        }
    }
}

#[test]
fn every_letter_of_the_manual_is_explained() {
    for manual in Op::ENTRIES.iter().map(|entry| (entry.manual)()) {
        let settings = manual.settings.iter().map(|setting| setting.name).chain([manual.main.name]);
        let known: Vec<&str> = settings.chain(Manual::SYMBOLS.iter().map(|(letter, _)| *letter)).collect();
        for formula in manual.output.into_iter().chain([manual.params, manual.madds]) {
            let words = formula.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let unknown: Vec<&str> =
                words.filter(|word| word.starts_with(char::is_alphabetic) && !known.contains(word)).collect();
            assert_eq!(unknown, Vec::<&str>::new(), "{:?}: {formula}", manual.words);
        }
    }
}

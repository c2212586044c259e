//! The language through its surface: the text of a scalar in, its value or the code of its fault out (sections 1 and 3).

use proptest::prelude::*;

use crate::base::{Code, FileId, Span};
use crate::expr::{Decisions, Environment, Fault, Input, Rational, Value, Variable, parse, parse_condition};

fn at(text: &str) -> Span {
    Span { file: FileId(0), start: 0, end: text.len() as u32 }
}

fn variable(name: &str, value: Option<Value>, decided: bool) -> Variable {
    Variable::new(name, at(""), value, decided)
}

fn number(value: u32) -> Value {
    Value::Number(value.into())
}

/// The value as text, or the code of the fault; `silent` for a fault told before. Copy 2 of a layer whose module has an
/// argument `n`, an input `in` of 48 channels and a broken input `side`; the file has `n w op wrong free`.
fn evaluate(text: &str) -> String {
    let vars = [
        variable("n", Some(number(1)), false),
        variable("w", Some(number(10)), false),
        variable("op", Some(Value::word("skip")), false),
        variable("wrong", None, false),
        variable("free", Some(number(5)), true),
    ];
    let args = [variable("n", Some(number(64)), false)];
    let inputs = [("in", Some(48)), ("side", None)].map(|(name, channels)| Input { name: name.into(), channels });
    let env = Environment { vars: &vars, args: &args, inputs: &inputs, copy: Some(2) };
    evaluate_in(text, &env)
}

fn evaluate_in(text: &str, env: &Environment<'_>) -> String {
    let value =
        parse(text, at(text)).map_err(Fault::Found).and_then(|formula| formula.value(env, &mut Decisions::default(), None, "k"));
    match value {
        Ok((value, false)) => value.to_string(),
        Ok((value, true)) => format!("{value}?"),
        Err(Fault::Silent) => "silent".to_owned(),
        Err(Fault::Found(fault)) => fault.code.to_string(),
    }
}

#[test]
fn values_follow_from_the_grammar() {
    for (text, value) in [
        // ranks
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("10 - 4 - 3", "3"),
        ("64 / 4 / 2", "8"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("(-2) ^ 2", "4"),
        ("2 ^ -1", "0.5"),
        ("2 * -3", "-6"),
        ("--3", "3"),
        ("-7 % 3", "2"),
        ("7 % -3", "-2"),
        ("2 ^ 10 % 1000", "24"),
        ("1 + 1 == 2 and not 3 < 2", "true"),
        ("not 1 == 2", "true"),
        ("true or false and false", "true"),
        ("not true or true", "true"),
        ("1 if false else 2 if false else 3", "3"),
        ("1 + 1 if 2 > 1 else 5", "2"),
        // exactness
        ("0.1 * 30", "3"),
        ("7 / 2 * 2", "7"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("128 / 480", "4/15"),
        ("1e-4 * 1e4", "1"),
        ("round(0.15 * 10)", "2"),
        ("min(3, 1, 2) + max(4, 5)", "6"),
        ("floor(-1/2) * 10 + ceil(-1/2)", "-10"),
        ("round8(in * 0.35)", "16?"),
        // names
        ("n", "64"),
        ("4 * in", "192?"),
        ("free * 0", "0?"),
        ("i + 1", "3"),
        ("relu", "relu"),
        ("max", "max"),
        ("op", "skip"),
        ("op == skip", "true"),
        ("relu != op", "true"),
        ("relu if n > 1 else none", "relu"),
        ("(relu)", "relu"),
        // copies
        ("2 then 1", "1"),
        ("3 then 4 then 6 then 3", "4"),
        ("relu then i * 10", "20"),
        // what is not evaluated
        ("n == 1 and 1 / 0 == 1", "false"),
        ("1 if n == 64 else 1 / 0", "1"),
        ("n == 64 or free == 1", "true"),
    ] {
        assert_eq!(evaluate(text), value, "{text}");
    }
}

#[test]
fn faults_have_their_codes() {
    for (text, code) in [
        ("nn * 2", "E0301"),
        ("relu + 1", "E0301"),
        ("max + 1", "E0301"),
        ("1 if n == 64 else 2 * nn", "E0301"),
        ("true or nn", "E0301"),
        ("nn == 3", "E0301"),
        ("nn == mm", "E0301"),
        ("op + 1", "E0302"),
        ("true + 1", "E0302"),
        ("1 and true", "E0302"),
        ("not 0", "E0302"),
        ("1 if 1 else 2", "E0302"),
        ("true == 1", "E0302"),
        ("op < 3", "E0302"),
        ("max(1, true)", "E0302"),
        ("2 ^ 0.5", "E0303"),
        ("1 / (n - 64)", "E0304"),
        ("1 % 0", "E0304"),
        ("0 ^ -1", "E0304"),
        ("2 ^ 127", "E0304"),
        ("10 ^ 1000000000000", "E0304"),
        ("1e38 * 1e38", "E0304"),
        ("1e38 * 10 - 1e38 * 9", "E0304"),
        ("wrong * 2", "silent"),
        ("side + 1", "silent"),
        ("1 if true else wrong", "1"),
    ] {
        assert_eq!(evaluate(text), code, "{text}");
    }
    for (text, code) in
        [("i", "E0306"), ("2 then 1", "E0306"), ("1 if true else i", "E0306"), ("in", "E0301"), ("in * 2", "E0301")]
    {
        assert_eq!(evaluate_in(text, &Environment::default()), code, "{text}");
    }
}

#[test]
fn an_unknown_variable_is_told_with_what_was_meant() {
    let vars = ["w", "classes", "n"].map(|name| variable(name, Some(number(1)), false));
    let env = Environment { vars: &vars, ..Environment::default() };
    let text = "n * ww";
    let fault = parse(text, at(text)).map(|formula| formula.value(&env, &mut Decisions::default(), None, "k"));
    let Ok(Err(Fault::Found(fault))) = fault else { panic!("no fault: {fault:?}") };
    assert_eq!(fault.message, "unknown variable `ww`");
    assert_eq!((fault.span().start, fault.span().end), (4, 6));
    assert_eq!(fault.notes, ["known variables: classes, n, w"]);
    assert_eq!(fault.patch.unwrap().text, "w");
}

#[test]
fn variables_count_as_used_even_where_they_are_not_evaluated() {
    let vars = ["a", "b", "c", "d", "e"].map(|name| variable(name, Some(number(1)), false));
    let env = Environment { vars: &vars, ..Environment::default() };
    assert_eq!(evaluate_in("a if a == 1 or b == 1 else -c + max(d, 1)", &env), "1");
    assert_eq!(vars.map(|variable| variable.used.get()), [true, true, true, true, false]);
}

#[test]
fn the_first_copy_takes_the_first_value() {
    for (copy, value) in [(1, "3"), (2, "4"), (3, "6"), (4, "6"), (u32::MAX, "6")] {
        assert_eq!(evaluate_in("3 then 4 then 6", &Environment { copy: Some(copy), ..Environment::default() }), value);
    }
}

#[test]
fn conditions_read_decisions() {
    let vars = [variable("3a:total", Some(number(256)), true), variable("w", Some(Value::word("half")), true)];
    let env = Environment { vars: &vars, ..Environment::default() };
    let read = |text: &str| parse_condition(text, at(text)).unwrap().value(&env);
    assert_eq!(read("[3a:total] >= 256 and [w] == half"), Ok((Value::Truth(true), true)));
    let Err(Fault::Found(fault)) = read("[3a:totl] > 1") else { panic!("it is unknown") };
    assert_eq!((fault.code, fault.patch.unwrap().text.as_str()), (Code::E0301, "[3a:total]"));
}

const ALPHABET: [&str; 35] = [
    "1",
    "0",
    "2.5",
    "1e30",
    "99999999999999999999",
    "n",
    "in",
    "op",
    "free",
    "i",
    "x",
    "max(",
    "round8(",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "==",
    "<",
    "and",
    "or",
    "not",
    "if",
    "else",
    "then",
    "of",
    "|",
    "..",
    "by",
    "true",
];

proptest! {
    /// Whatever can be said in the language's alphabet has a value or a fault.
    #[test]
    fn never_panics(words in proptest::collection::vec(proptest::sample::select(&ALPHABET[..]), 0..14)) {
        evaluate(&words.join(" "));
    }

    #[test]
    fn what_is_printed_reads_back(num in any::<i128>(), den in prop_oneof![any::<i128>(), Just(1), 1i128..1_000_000]) {
        if let Some(number) = Rational::new(num, den) {
            let text = number.to_string();
            let formula = parse(&text, at(&text)).unwrap();
            let value = formula.value(&Environment::default(), &mut Decisions::default(), None, "k");
            prop_assert_eq!(value, Ok((Value::Number(number), false)));
        }
    }
}

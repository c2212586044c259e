//! What `explain` prints: one formula for every number that is not zero, and its numbers evaluate to it.

use nas::base::FileId;
use nas::base::Span;
use nas::expr::Decisions;
use nas::expr::Environment;
use nas::expr::Value;
use nas::op::Figure;

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

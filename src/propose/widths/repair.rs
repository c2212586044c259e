//! From widths near a budget to widths that meet it: one number, or two against each other, moved by one alignment or two at a time.
//!
//! Counts are exact ([`Multilinear`]). Of moves that end inside the tolerance the one is taken that leaves numbers nearest to what was wanted, by the sum of
//! squared logarithms; of others the one that comes nearest to the budget without exceeding it. None widens a reduction beyond what it is for. Where no move by the alignment helps, half of it is
//! tried, and so on: then a number or two are no multiples of it.

use crate::graph::Multilinear;
use crate::propose::widths::Goal;
use crate::propose::widths::Problem;

/// A number and where it goes.
type Step = (usize, u32);

/// Moves numbers until the goal is met, or none helps.
pub(super) fn repair(problem: &Problem<'_>, form: &mut Multilinear, wanted: &[f64], numbers: &mut [u32], goal: Goal) {
    let mut by = goal.align;
    while !goal.is_met(form.totals().madds) {
        if let Some(steps) = best(problem, form, wanted, numbers, goal, by) {
            for (dial, to) in steps {
                numbers[dial] = to;
                problem.set_one(form, dial, to);
            }
        } else if by > 1 {
            by /= 2;
        } else {
            return;
        }
    }
}

/// The best move of one number or two, if one brings the count nearer to the budget from below, or below it.
fn best(
    problem: &Problem<'_>,
    form: &mut Multilinear,
    wanted: &[f64],
    numbers: &[u32],
    goal: Goal,
    by: u32,
) -> Option<Vec<Step>> {
    let budget = i128::from(goal.budget);
    let (now, unreduced) = (form.totals().madds, problem.unreduced(form));
    let places = 0..numbers.len();
    let around = |dial: usize| {
        let at = numbers[dial];
        [1, 2].into_iter().flat_map(move |times| [at.checked_sub(times * by), at.checked_add(times * by)]).flatten()
    };
    let steps: Vec<Step> = places
        .flat_map(|dial| around(dial).map(move |to| (dial, to)))
        .filter(|&(dial, to)| to >= by && problem.accepts(dial, to))
        .collect();
    // Whether the goal is met, how far from the budget otherwise, how far from what is wanted.
    let mut least: Option<((bool, i128, f64), Vec<Step>)> = None;
    let mut weigh = |form: &Multilinear, steps: &[Step]| {
        let madds = form.totals().madds;
        let improves = if now > budget { madds < now } else { madds > now && madds <= budget };
        if !improves || problem.unreduced(form) > unreduced {
            return;
        }
        let is_met = goal.is_met(madds);
        let far = (!is_met, if is_met { 0 } else { (budget - madds).abs() }, distortion(wanted, numbers, steps));
        let is_less = |(known, _): &((bool, i128, f64), Vec<Step>)| far < *known;
        if least.as_ref().is_none_or(is_less) {
            least = Some((far, steps.to_vec()));
        }
    };
    for (at, &one) in steps.iter().enumerate() {
        problem.set_one(form, one.0, one.1);
        weigh(form, &[one]);
        for &other in steps[at + 1..].iter().filter(|other| other.0 != one.0) {
            problem.set_one(form, other.0, other.1);
            weigh(form, &[one, other]);
            problem.set_one(form, other.0, numbers[other.0]);
        }
        problem.set_one(form, one.0, numbers[one.0]);
    }
    least.map(|(_, steps)| steps)
}

/// How much further numbers are from what was wanted after some steps.
fn distortion(wanted: &[f64], numbers: &[u32], steps: &[Step]) -> f64 {
    let far = |dial: usize, number: u32| libm::log(f64::from(number) / wanted[dial]).powi(2);
    steps.iter().map(|&(dial, to)| far(dial, to) - far(dial, numbers[dial])).sum()
}

//! The edges of each unit, given the hidden units of all samples: the best move of one `G_ij` between -1, 0 and +1 until none gains.

use rayon::prelude::*;

use crate::propose::cover::edges::Edge;
use crate::propose::cover::edges::Edges;
use crate::propose::cover::weights::Weights;
use crate::propose::lists::Lists;

/// Units of one piece of work.
const PIECE: usize = 16;

/// Marks a cell for each edge that starts in it: far more than sums, which are below half of it.
const SEEN: i32 = 1 << 16;

/// The edges of one unit.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The groups that pull it, ascending.
    pub(super) positive: Vec<u32>,
    /// The groups that push it, ascending.
    pub(super) negative: Vec<u32>,
    /// In how many samples it is held on.
    pub(super) held: usize,
    /// In how many of these it is on.
    pub(super) ones: usize,
}

struct Scratch {
    /// For each sample twice what holds the unit, plus 1 if it is on.
    cells: Vec<i32>,
    /// For each group what its samples gain if units that are at the threshold went on, and what those lose that would go off.
    at_zero: Vec<f64>,
    at_one: Vec<f64>,
    signs: Vec<i32>,
}

/// The hidden units that rows are regressed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Causes<'a> {
    /// The groups of each sample.
    pub(super) active: &'a Lists,
    /// The samples of each group.
    pub(super) active_of: &'a Lists,
    /// Whether edges may be negative.
    pub(super) signed: bool,
}

/// The rows of these units, in the same order. Each starts from the edges it has in `old`, or, where that is none, from no edge.
/// `columns` lists the samples of each unit.
pub(super) fn regress(columns: &Lists, which: &[u32], causes: Causes<'_>, weights: &Weights, old: Option<&Edges>) -> Vec<Row> {
    let Causes { active, active_of, signed } = causes;
    let start = || Scratch {
        cells: vec![0; active.len()],
        at_zero: vec![0.0; active_of.len()],
        at_one: vec![0.0; active_of.len()],
        signs: vec![0; active_of.len()],
    };
    let log = (columns.len() as f64).ln();
    let costs = if signed { (log, log) } else { (log, f64::INFINITY) };
    let piece = |scratch: &mut Scratch, which: &[u32]| -> Vec<Row> {
        let one = |&unit: &u32| {
            let unit = unit as usize;
            let old = old.map_or(&[][..], |old| old.get(unit));
            row(columns.get(unit), causes, (weights.one[unit], weights.zero[unit]), costs, old, scratch)
        };
        which.iter().map(one).collect()
    };
    let pieces: Vec<Vec<Row>> = which.par_chunks(PIECE).map_init(start, piece).collect();
    pieces.into_iter().flatten().collect()
}

/// `costs` are those of a positive and of a negative edge, in nats.
fn row(ones: &[u32], causes: Causes<'_>, weights: (f64, f64), costs: (f64, f64), old: &[Edge], scratch: &mut Scratch) -> Row {
    let Causes { active, active_of, .. } = causes;
    let Scratch { cells, at_zero, at_one, signs } = scratch;
    let groups = active_of.len();
    let (one, zero) = weights;
    (0..groups).for_each(|at| at_zero[at] = zero * active_of.get(at).len() as f64);
    at_one.fill(0.0);
    signs.fill(0);
    for &sample in ones {
        cells[sample as usize] = 1;
        active.get(sample as usize).iter().for_each(|&at| at_zero[at as usize] += one - zero);
    }
    for edge in old {
        signs[edge.to as usize] = edge.sign;
        active_of.get(edge.to as usize).iter().for_each(|&sample| cells[sample as usize] += 2 * edge.sign + SEEN);
    }
    for edge in old {
        for &sample in active_of.get(edge.to as usize) {
            let cell = &mut cells[sample as usize];
            let seen = (*cell + SEEN / 2).div_euclid(SEEN);
            if seen > 0 {
                *cell -= seen * SEEN;
                let weight = if *cell & 1 == 1 { one } else { zero };
                let here = active.get(sample as usize);
                if *cell >> 1 != 0 {
                    here.iter().for_each(|&other| at_zero[other as usize] -= weight);
                }
                if *cell >> 1 == 1 {
                    here.iter().for_each(|&other| at_one[other as usize] += weight);
                }
            }
        }
    }
    // Every move gains, so that they end; the bound is against rounding alone.
    for _ in 0..8 * groups {
        let mut best = (1e-9, 0, 0);
        for at in 0..groups {
            let (gain, step) = match signs[at] {
                0 => {
                    let (up, down) = (at_zero[at] - costs.0, -at_one[at] - costs.1);
                    if up >= down { (up, 1) } else { (down, -1) }
                }
                1 => (costs.0 - at_one[at], -1),
                _ => (costs.1 + at_zero[at], 1),
            };
            if gain > best.0 {
                best = (gain, at, step);
            }
        }
        let (_, at, step) = best;
        if step == 0 {
            break;
        }
        signs[at] += step;
        for &sample in active_of.get(at) {
            let cell = cells[sample as usize];
            let (before, after) = (cell >> 1, (cell >> 1) + step);
            cells[sample as usize] = cell + 2 * step;
            if !matches!(before, 0 | 1) && !matches!(after, 0 | 1) {
                continue;
            }
            let weight = if cell & 1 == 1 { one } else { zero };
            let change = |sum: i32, weight: f64, at_zero: &mut [f64], at_one: &mut [f64]| {
                let side = match sum {
                    0 => at_zero,
                    1 => at_one,
                    _ => return,
                };
                active.get(sample as usize).iter().for_each(|&other| side[other as usize] += weight);
            };
            change(before, -weight, at_zero, at_one);
            change(after, weight, at_zero, at_one);
        }
    }
    let of_sign = |sign: i32| (0..groups as u32).filter(|&at| signs[at as usize] == sign).collect::<Vec<_>>();
    let (positive, negative) = (of_sign(1), of_sign(-1));
    let (mut held, mut held_ones) = (0, 0);
    for &at in positive.iter().chain(&negative) {
        for &sample in active_of.get(at as usize) {
            let cell = cells[sample as usize];
            if cell >> 1 > 0 {
                held += 1;
                held_ones += (cell & 1) as usize;
            }
            cells[sample as usize] = 0;
        }
    }
    ones.iter().for_each(|&sample| cells[sample as usize] = 0);
    Row { positive, negative, held, ones: held_ones }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::Group;
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    const RECIPE: Recipe =
        Recipe { tier: Tier::Overlapping { degree: 8.0 }, units: 60, hidden: 40, rate: 0.05, noise: 0.0, samples: 4000 };

    fn groups(rows: &[Row], hidden: usize) -> Vec<Group> {
        let mut groups = vec![Group::default(); hidden];
        for (row, unit) in rows.iter().zip(0..) {
            row.positive.iter().for_each(|&at| groups[at as usize].positive.push(unit));
            row.negative.iter().for_each(|&at| groups[at as usize].negative.push(unit));
        }
        groups
    }

    #[test]
    fn edges_and_signs_follow_from_the_true_hidden_units() {
        let truth = draw(&RECIPE, 0, 0).expect("is valid");
        let columns = truth.observed.columns();
        let (active, active_of) = (truth.hidden[0].lists(), truth.hidden[0].columns());
        let weights = Weights::new(0.97, &vec![0.01; 60], &vec![0.05; 40], 0.05);
        let which: Vec<u32> = (0..60).collect();
        let causes = Causes { active, active_of: &active_of, signed: true };
        let rows = regress(&columns, &which, causes, &weights, None);
        let found = groups(&rows, 40);
        for (found, truth) in found.iter().zip(&truth.layers[0]) {
            assert_eq!(found.positive, truth.positive);
            // An edge that never pushes where another pulls leaves no trace.
            assert!(found.negative.iter().all(|unit| truth.negative.contains(unit)));
        }
        let negative = |groups: &[Group]| groups.iter().map(|group| group.negative.len()).sum::<usize>();
        assert!(10 * negative(&found) > 8 * negative(&truth.layers[0]));
        // Starting from what was found, nothing changes; the counts are those of the samples.
        let warm = regress(&columns, &which, causes, &weights, Some(&Edges::of_units(&found, 60)));
        assert_eq!(groups(&warm, 40), found);
        for (unit, (cold, warm)) in rows.iter().zip(&warm).enumerate() {
            assert_eq!((cold.held, cold.ones), (warm.held, warm.ones));
            assert!(cold.ones <= cold.held && cold.ones <= columns.get(unit).len());
        }
        let unsigned = regress(&columns, &which, Causes { signed: false, ..causes }, &weights, None);
        assert_eq!(negative(&groups(&unsigned, 40)), 0);
    }

    #[test]
    fn counts_are_those_of_cells_held_on() {
        let active: Lists = [vec![0], vec![0, 1], vec![1], vec![]].into_iter().collect();
        let columns: Lists = [vec![0]].into_iter().collect();
        let weights = Weights::new(0.9, &[0.1], &[0.5, 0.5], 0.0);
        let old = [Group { positive: vec![0], negative: vec![] }, Group { positive: vec![], negative: vec![0] }];
        // With costs beyond all gains the old edges stay: the unit is held on in sample 0 alone.
        let mut scratch = Scratch { cells: vec![0; 4], at_zero: vec![0.0; 2], at_one: vec![0.0; 2], signs: vec![0; 2] };
        let edges = Edges::of_units(&old, 1);
        let active_of = active.transposed(2);
        let causes = Causes { active: &active, active_of: &active_of, signed: true };
        let row = row(columns.get(0), causes, (weights.one[0], weights.zero[0]), (-1e3, -1e3), edges.get(0), &mut scratch);
        assert_eq!((row.positive, row.negative, row.held, row.ones), (vec![0], vec![1], 1, 1));
    }
}

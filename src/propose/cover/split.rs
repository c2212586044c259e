//! The split test: in the samples of a true group its members are independent, in those of a union of two they are not.

use crate::propose::cover::constants::SPLIT;
use crate::propose::cover::constants::SPLIT_SAMPLES;
use crate::propose::cover::residual::Residual;
use crate::propose::deviance::deviance;
use crate::propose::lists::common;

/// Looks for the member that parts the samples of a set.
#[derive(Debug)]
pub(super) struct Splitter<'a> {
    residual: &'a Residual,
    /// For each unit its place among the members, from 1.
    places: Vec<u32>,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(residual: &'a Residual) -> Splitter<'a> {
        Splitter { residual, places: vec![0; residual.units()] }
    }

    /// The member w with the largest `(sum_i max(z_wi, 0)^2 - k / 2) / sqrt(5 k / 4)` over the k other members, and the samples in which it
    /// is on, if that is beyond chance.
    pub(super) fn split(&mut self, members: &[u32], samples: &[u32]) -> Option<(u32, Vec<u32>)> {
        let size = members.len();
        let mut both = vec![0_u32; size * size];
        members.iter().zip(1..).for_each(|(&member, place)| self.places[member as usize] = place);
        let mut here: Vec<usize> = Vec::new();
        for &sample in samples {
            here.clear();
            let places = self.residual.on.get(sample as usize).iter().map(|&unit| self.places[unit as usize] as usize);
            here.extend(places.filter(|&place| place > 0).map(|place| place - 1));
            for &one in &here {
                here.iter().for_each(|&other| both[one * size + other] += 1);
            }
        }
        members.iter().for_each(|&member| self.places[member as usize] = 0);
        let ones = |at: usize| f64::from(both[at * size + at]);
        let others = (size - 1) as f64;
        let statistic = |one: usize| {
            let excess = |other: usize| {
                let expected = ones(one) * ones(other) / samples.len() as f64;
                deviance(both[one * size + other].into(), expected).max(0.0).powi(2)
            };
            let sum: f64 = (0..size).filter(|&other| other != one).map(excess).sum();
            (sum - 0.5 * others) / (1.25 * others).sqrt()
        };
        let (largest, at) = (0..size).map(|at| (statistic(at), at)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        if largest <= SPLIT || ones(at) < SPLIT_SAMPLES as f64 {
            return None;
        }
        let on = self.residual.on_of.get(members[at] as usize);
        Some((members[at], common(samples, on)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::lists::Lists;

    fn residual(rows: Vec<Vec<u32>>, units: usize) -> Residual {
        let rows: Lists = rows.into_iter().collect();
        Residual::of(rows.len(), &rows.transposed(units), &[], &Lists::default())
    }

    #[test]
    fn a_union_is_parted_and_a_group_is_not() {
        // Units 0 to 3 in the even samples, 4 to 7 in the odd ones, 8 and 9 in all.
        let both = |at: u32| (0..4).map(|unit| unit + 4 * (at % 2)).chain([8, 9]).collect::<Vec<_>>();
        let union = residual((0..60).map(both).collect(), 10);
        let samples: Vec<u32> = (0..60).collect();
        let members: Vec<u32> = (0..10).collect();
        let (unit, part) = Splitter::new(&union).split(&members, &samples).expect("is a union");
        assert!(unit < 8 && part.iter().all(|sample| sample % 2 == unit / 4) && part.len() == 30);
        // Each unit is off in samples of its own.
        let alone = |at: u32| (0..10).filter(|unit| (at * 7 + unit * 11) % 13 > 2).collect::<Vec<_>>();
        let group = residual((0..60).map(alone).collect(), 10);
        assert_eq!(Splitter::new(&group).split(&members, &samples), None);
    }
}

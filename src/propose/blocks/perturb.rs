//! Random changes of a partition, from which a local search may find a better one.

use crate::base::Random;
use crate::propose::blocks::moves::State;
use crate::propose::blocks::rule::Rule;
use crate::propose::blocks::unit::Unit;

/// Takes a group apart, throws two together, or sends a tenth of all units, two at least, to random groups.
pub(super) fn perturb(state: &mut State, units: &[Unit], columns: usize, rule: &Rule, random: &mut Random) {
    let held: Vec<usize> = (0..state.groups()).filter(|&group| state.is_held(group)).collect();
    let group = held[random.below(held.len())];
    let members: Vec<usize> = (0..units.len()).filter(|&unit| state.labels()[unit] == group).collect();
    match random.below(3) {
        0 => {
            for &unit in &members[1..] {
                let own = state.free(columns, rule);
                state.put(units, unit, own, rule);
            }
        }
        1 => {
            let other = held[random.below(held.len())];
            members.iter().for_each(|&unit| state.put(units, unit, other, rule));
        }
        _ => {
            for _ in 0..(units.len() / 10).max(2) {
                let unit = random.below(units.len());
                let to = held[random.below(held.len())];
                state.put(units, unit, to, rule);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::propose::blocks::planted;
    use crate::propose::blocks::unit::units;

    #[test]
    fn prices_stay_those_of_the_labels() {
        let table = planted(30, 20, 3, 0.6, 0.2, 7).expect("is valid").table;
        let rule = Rule { least: 0.4, group: 5.0, lost: 2.5 };
        let units = units(&table);
        let labels: Vec<usize> = (0..units.len()).map(|unit| unit % 3).collect();
        let mut state = State::new(&units, 20, &labels, &rule);
        let mut random = Random::new(3, Purpose::Partition, 0);
        let mut seen = vec![labels];
        for _ in 0..40 {
            perturb(&mut state, &units, 20, &rule, &mut random);
            let anew = State::new(&units, 20, state.labels(), &rule);
            assert!((anew.cost() - state.cost()).abs() < 1e-6);
            if seen.iter().all(|labels| labels != state.labels()) {
                seen.push(state.labels().to_vec());
            }
        }
        assert!(seen.len() > 30);
    }
}

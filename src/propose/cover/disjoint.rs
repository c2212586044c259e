//! Partition mode: where groups hardly overlap, weighted correlation clustering with `w_uv = C_uv ln(1 + s / e_uv) - s`, the likelihood
//! ratio of Poisson counts with mean `e_uv + s` against `e_uv`, then hard EM on whole nodes.

use crate::propose::Group;
use crate::propose::cover::constants::POLISH;
use crate::propose::cover::constants::POLISH_GAIN;
use crate::propose::cover::constants::POLISH_SIZE;
use crate::propose::cover::constants::RAISED;
use crate::propose::cover::constants::TRIM;
use crate::propose::cover::fit::Fit;
use crate::propose::cover::pairs::together;
use crate::propose::partition::Graph;
use crate::propose::partition::improve;
use crate::propose::partition::merge;

/// The mean number of groups that pull a unit, over those that are pulled at all.
pub(super) fn memberships(groups: &[Group], units: usize) -> f64 {
    let mut counts = vec![0_usize; units];
    groups.iter().flat_map(|group| &group.positive).for_each(|&unit| counts[unit as usize] += 1);
    let covered = counts.iter().filter(|&&count| count > 0).count();
    counts.iter().sum::<usize>() as f64 / covered.max(1) as f64
}

/// Makes a partition of a cover without negative edges.
pub(super) fn part(fit: &mut Fit<'_>) {
    let units = fit.columns.len();
    let mut labels: Vec<u32> = (0..units as u32).collect();
    // A cluster is named after its first unit, unless that is in a group before.
    for group in fit.groups.iter().rev() {
        let first = group.positive[0];
        group.positive.iter().for_each(|&unit| labels[unit as usize] = first);
    }
    let penalty = (units as f64).ln();
    let Some(graph) = weigh(fit) else { return };
    improve(&graph, &mut labels, penalty);
    merge(&graph, &mut labels, penalty);
    improve(&graph, &mut labels, penalty);
    assemble(fit, &labels);
    for _ in 0..POLISH {
        if !polish(fit, &mut labels) {
            break;
        }
        assemble(fit, &labels);
    }
}

/// The graph of all pairs, from the excess of the pairs inside groups.
fn weigh(fit: &Fit<'_>) -> Option<Graph> {
    let samples = fit.samples.len() as f64;
    let expected = |u: u32, v: u32| fit.columns.get(u as usize).len() as f64 * fit.columns.get(v as usize).len() as f64 / samples;
    let counts = together(fit.samples.lists(), fit.columns, |u, v, count| Some((u, v, count)));
    let count = |u: u32, v: u32| counts.binary_search_by_key(&(v, u), |pair| (pair.1, pair.0)).map_or(0, |at| counts[at].2);
    let pairs = |group: &Group| {
        let units = group.positive.clone();
        (1..units.len()).flat_map(move |at| units[..at].iter().map(|&u| (u, units[at])).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let inside = fit.groups.iter().filter(|group| group.positive.len() >= 3).flat_map(pairs);
    let mut excess: Vec<f64> = inside.map(|(u, v)| f64::from(count(u, v)) - expected(u, v)).collect();
    excess.sort_by(f64::total_cmp);
    let cut = (TRIM * excess.len() as f64) as usize;
    let middle = &excess[cut..excess.len() - cut];
    let mean = middle.iter().sum::<f64>() / middle.len().max(1) as f64;
    if mean <= 0.0 {
        return None;
    }
    let weights: Vec<(u32, u32, f64)> =
        counts.iter().map(|&(u, v, count)| (u, v, f64::from(count) * (mean / expected(u, v)).ln_1p())).collect();
    Graph::new(fit.columns.len(), &weights, mean).ok()
}

/// Makes groups of clusters of at least two, decodes them and counts.
fn assemble(fit: &mut Fit<'_>, labels: &[u32]) {
    let mut groups = vec![Group::default(); labels.len()];
    labels.iter().zip(0..).for_each(|(&label, unit)| groups[label as usize].positive.push(unit));
    groups.retain(|group| group.positive.len() >= 2);
    fit.replace(groups);
    for _ in 0..2 {
        fit.decode(false);
        fit.recount();
    }
    fit.decode(false);
}

/// Moves units to clusters where their likelihood gains. Whether any moved.
fn polish(fit: &Fit<'_>, labels: &mut [u32]) -> bool {
    let weights = fit.weights(RAISED.1);
    let samples = fit.samples.len();
    let mut own = vec![0.0; labels.len()];
    let mut best: Vec<(f64, Option<u32>)> = vec![(f64::NEG_INFINITY, None); labels.len()];
    let mut scores = vec![0.0; samples];
    for (at, group) in fit.groups.iter().enumerate() {
        let base: f64 = group.positive.iter().map(|&unit| weights.zero[unit as usize]).sum();
        scores.fill(weights.prior[at] + base);
        for &unit in &group.positive {
            let worth = weights.one[unit as usize] - weights.zero[unit as usize];
            fit.columns.get(unit as usize).iter().for_each(|&sample| scores[sample as usize] += worth);
        }
        // What a unit gains where the cluster is on; a member is not heard on when that is.
        let gain = |unit: usize, member: bool| {
            let (one, zero) = (weights.one[unit], weights.zero[unit]);
            let ones = fit.columns.get(unit);
            let on = |own: f64| move |score: f64| score > if member { own } else { 0.0 };
            let hits = ones.iter().filter(|&&sample| on(one)(scores[sample as usize])).count();
            let all = scores.iter().filter(|&&score| on(zero)(score)).count();
            let both = ones.iter().filter(|&&sample| on(zero)(scores[sample as usize])).count();
            hits as f64 * one + (all - both) as f64 * zero
        };
        for unit in 0..labels.len() {
            let member = labels[unit] == labels[group.positive[0] as usize];
            if member {
                own[unit] = gain(unit, true);
            } else if group.positive.len() >= POLISH_SIZE {
                let gain = gain(unit, false);
                if gain > best[unit].0 {
                    best[unit] = (gain, Some(labels[group.positive[0] as usize]));
                }
            }
        }
    }
    let mut moved = false;
    for unit in 0..labels.len() {
        if let (gain, Some(to)) = best[unit]
            && gain > own[unit] + POLISH_GAIN
        {
            labels[unit] = to;
            moved = true;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    fn group(positive: &[u32]) -> Group {
        Group { positive: positive.to_vec(), negative: Vec::new() }
    }

    #[test]
    fn memberships_are_of_covered_units() {
        assert!((memberships(&[group(&[0, 1]), group(&[1, 2])], 9) - 4.0 / 3.0).abs() < 1e-12);
        assert!(memberships(&[], 9).abs() < 1e-12);
    }

    #[test]
    fn a_cover_with_faults_becomes_the_partition() {
        let recipe = Recipe { tier: Tier::Disjoint, units: 80, hidden: 8, rate: 0.08, noise: 0.3, samples: 1000 };
        let truth = draw(&recipe, 0, 0).expect("is valid");
        let columns = truth.observed.columns();
        let mut fit = Fit::new(&truth.observed, &columns, false);
        let mut groups = truth.layers[0].clone();
        // One unit is lost, one is in a wrong group, one group is in halves.
        groups[0].positive.remove(0);
        let moved = groups[1].positive.remove(0);
        groups[2].positive.push(moved);
        groups[2].positive.sort_unstable();
        let half = groups[3].positive.split_off(5);
        groups.push(group(&half));
        fit.replace(groups);
        fit.rates.fill(0.08);
        part(&mut fit);
        let mut expected = truth.layers[0].clone();
        expected.sort();
        let mut found = fit.groups.clone();
        found.sort();
        assert_eq!(found, expected);
    }
}

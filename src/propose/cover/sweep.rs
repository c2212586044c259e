//! One level of the search: groups grown from the pairs that pass its threshold.

use std::collections::BTreeMap;

use crate::propose::cover::constants::OVERLAP;
use crate::propose::cover::constants::PAIR;
use crate::propose::cover::constants::PAIR_COUNT;
use crate::propose::cover::evidence::Level;
use crate::propose::cover::fit::Fit;
use crate::propose::cover::local::Found;
use crate::propose::cover::local::Grower;
use crate::propose::cover::pairs::Pair;
use crate::propose::cover::pairs::deviant;
use crate::propose::cover::residual::Residual;
use crate::propose::lists::Lists;
use crate::propose::lists::shared;

/// Pairs from which a group was grown, or would have been, with their deviance then: while that stays, nothing new comes of them.
pub(super) type Spent = BTreeMap<(u32, u32), f64>;

/// What the groups so far leave.
#[derive(Clone, Debug)]
pub(super) struct Left {
    residual: Residual,
    /// Pairs that pass the floor, the most deviant first.
    pub(super) pairs: Vec<Pair>,
    /// The least deviance of these.
    pub(super) floor: f64,
}

impl Left {
    /// Of a cover on its way.
    pub(super) fn of(fit: &Fit<'_>) -> Left {
        let residual = Residual::of(fit.samples.len(), fit.columns, &fit.groups, &fit.active_of);
        let (pairs, floor) = deviant(&residual.on, &residual.on_of);
        Left { residual, pairs, floor }
    }
}

/// One level: groups grown from the pairs that pass its threshold, without those that are known.
pub(super) fn sweep(left: &Left, fit: &Fit<'_>, last: bool, spent: &mut Spent, level: &mut Level) -> Vec<Found> {
    let residual = &left.residual;
    let units = residual.units();
    let mut grower = Grower::new(residual);
    let mut found: Vec<Found> = Vec::new();
    let old = fit.groups.iter().map(|group| group.positive.iter().copied()).collect::<Lists>();
    let old_of = old.transposed(units);
    let mut new_of: Vec<Vec<u32>> = vec![Vec::new(); units];
    let mut known_of: Vec<Vec<u32>> = vec![Vec::new(); units];
    let mut active: Vec<usize> = fit.active_of.iter().map(<[u32]>::len).collect();
    active.sort_unstable();
    let median = active.get(active.len() / 2).copied().unwrap_or(0) as f64;
    for pair in left.pairs.iter().take_while(|pair| pair.z >= level.threshold) {
        let (u, v) = (pair.u as usize, pair.v as usize);
        if shared(&new_of[u], &new_of[v]) > 0 {
            continue;
        }
        let skip = spent.insert((pair.u, pair.v), pair.z) == Some(pair.z) || shared(&known_of[u], &known_of[v]) > 0;
        level.seeds += usize::from(!skip);
        let grown = if skip { None } else { grower.grow(pair.u, pair.v) };
        let grown = grown.filter(|grown| {
            let known = is_known(&grown.members, |unit| old_of.get(unit), |at| old.get(at), false)
                || is_known(&grown.members, |unit| &new_of[unit], |at| &found[at].members, true);
            level.known += usize::from(known);
            if known {
                grown.members.iter().for_each(|&unit| known_of[unit as usize].push(level.known as u32));
            }
            !known
        });
        let grown = grown.or_else(|| if last { alone(residual, pair, median) } else { None });
        if let Some(grown) = grown {
            grown.members.iter().for_each(|&unit| new_of[unit as usize].push(found.len() as u32));
            found.push(grown);
        }
    }
    level.accepted = found.len();
    found
}

/// Whether members hold most of a set, are about the same, or, within a level, lie in it.
fn is_known<'s>(members: &[u32], sets_of: impl Fn(usize) -> &'s [u32], set: impl Fn(usize) -> &'s [u32], within: bool) -> bool {
    let mut near: Vec<u32> = members.iter().flat_map(|&unit| sets_of(unit as usize)).copied().collect();
    near.sort_unstable();
    let size = members.len() as f64;
    near.chunk_by(|a, b| a == b).any(|same| {
        let both = same.len() as f64;
        let other = set(same[0] as usize).len() as f64;
        both > OVERLAP * other || both > OVERLAP * (size + other - both) || (within && both > OVERLAP * size)
    })
}

/// A group of two, where they are on together often enough.
fn alone(residual: &Residual, pair: &Pair, median: f64) -> Option<Found> {
    let ones = |unit: u32| residual.on_of.get(unit as usize).len() as f64;
    let expected = ones(pair.u) * ones(pair.v) / residual.samples() as f64;
    let count = f64::from(pair.count);
    let enough = count > PAIR.0 * expected + PAIR.1 && count >= PAIR_COUNT.0.max(PAIR_COUNT.1 * median);
    enough.then(|| Found { members: vec![pair.u, pair.v], samples: pair.count as usize, rate: 1.0 })
}

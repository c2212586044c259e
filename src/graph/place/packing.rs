//! Placing in orders that look at all extents at once.

use std::cmp::Reverse;

use crate::graph::Extent;

/// Pairs that may be looked at after the plain orders.
const MOST_WORK: usize = 1 << 18;

/// Extents with those that live together with each.
pub(super) struct Packing<'e> {
    extents: &'e [Extent],
    /// Those that live together with extent `e`: `together[starts[e]..starts[e + 1]]`.
    together: Vec<u32>,
    starts: Vec<usize>,
    offsets: Vec<Option<u64>>,
    /// Taken stretches around the extent that is being placed.
    taken: Vec<(u64, u64)>,
}

impl<'e> Packing<'e> {
    /// Finds out what lives together, unless that are more than `most` pairs.
    pub(super) fn new(extents: &'e [Extent], most: usize) -> Option<Packing<'e>> {
        let mut births: Vec<u32> = (0..extents.len() as u32).collect();
        births.sort_by_key(|&extent| extents[extent as usize].from);
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut alive: Vec<u32> = Vec::new();
        for birth in births {
            alive.retain(|&other| extents[other as usize].until >= extents[birth as usize].from);
            if pairs.len() + alive.len() > most {
                return None;
            }
            pairs.extend(alive.iter().map(|&other| (other, birth)));
            alive.push(birth);
        }
        let mut starts = vec![0; extents.len() + 1];
        for &(one, other) in &pairs {
            starts[one as usize + 1] += 1;
            starts[other as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let (mut next, mut together) = (starts.clone(), vec![0; 2 * pairs.len()]);
        for (one, other) in pairs {
            for (of, with) in [(one, other), (other, one)] {
                together[next[of as usize]] = with;
                next[of as usize] += 1;
            }
        }
        Some(Packing { extents, together, starts, offsets: Vec::new(), taken: Vec::new() })
    }

    /// The best placement below `arena` that is found, if there is one; the search ends at `bound`.
    pub(super) fn improve(&mut self, arena: u64, bound: u64, rounds: usize) -> Option<Vec<u64>> {
        let mut least = arena;
        let mut best: Option<Vec<u64>> = None;
        let mut best_order: Option<(u64, Vec<u32>)> = None;
        for order in self.orders() {
            let end = self.fill(&order);
            if end < least {
                (least, best) = (end, Some(self.placed()));
            }
            if end == bound {
                return best;
            }
            if best_order.as_ref().is_none_or(|(found, _)| end < *found) {
                best_order = Some((end, order));
            }
        }
        // What ends highest is placed first the next time: it then takes the low place that it was kept from.
        let (_, mut order) = best_order?;
        self.fill(&order);
        for _ in 0..rounds.min(MOST_WORK / self.together.len().max(1)) {
            let highest = order.iter().enumerate().max_by_key(|(at, extent)| (self.end_of(**extent), Reverse(*at)));
            let Some((at @ 1.., _)) = highest else { break };
            order[..=at].rotate_right(1);
            let end = self.fill(&order);
            if end < least {
                (least, best) = (end, Some(self.placed()));
            }
            if end == bound {
                break;
            }
        }
        best
    }

    /// The largest first; the largest product of size and life first; those that live at the fullest moments first.
    fn orders(&self) -> [Vec<u32>; 3] {
        let size = |extent: u32| self.extents[extent as usize].size;
        let life = |extent: u32| {
            let Extent { from, until, .. } = self.extents[extent as usize];
            u64::from(until - from) + 1
        };
        let around: Vec<u64> = (0..self.extents.len() as u32).map(|extent| self.fullest(extent)).collect();
        let mut orders: [Vec<u32>; 3] = std::array::from_fn(|_| (0..self.extents.len() as u32).collect());
        orders[0].sort_by_key(|&extent| Reverse((size(extent), life(extent))));
        orders[1].sort_by_key(|&extent| Reverse(u128::from(size(extent)) * u128::from(life(extent))));
        orders[2].sort_by_key(|&extent| Reverse((around[extent as usize], size(extent))));
        orders
    }

    /// The most that lives at one moment of an extent's life.
    fn fullest(&self, extent: u32) -> u64 {
        let Extent { size, from, until } = self.extents[extent as usize];
        let others = || self.with(extent).iter().map(|&other| self.extents[other as usize]);
        let starts = others().map(|other| (other.from.max(from), false, other.size));
        let mut events: Vec<(u32, bool, u64)> = starts.chain(others().map(|e| (e.until.min(until), true, e.size))).collect();
        events.sort_unstable();
        let (mut live, mut most) = (size, size);
        for (_, ends, size) in events {
            live = if ends { live - size } else { live + size };
            most = most.max(live);
        }
        most
    }

    fn with(&self, extent: u32) -> &[u32] {
        &self.together[self.starts[extent as usize]..self.starts[extent as usize + 1]]
    }

    fn end_of(&self, extent: u32) -> u64 {
        self.offsets[extent as usize].unwrap_or(0) + self.extents[extent as usize].size
    }

    /// Places all extents in this order, each in the smallest hole among those placed before that it fits; gives the arena's end.
    fn fill(&mut self, order: &[u32]) -> u64 {
        self.offsets.clear();
        self.offsets.resize(self.extents.len(), None);
        let mut end = 0;
        for &extent in order {
            let mut taken = std::mem::take(&mut self.taken);
            taken.clear();
            let others = self.with(extent).iter();
            taken.extend(others.filter_map(|&other| Some((self.offsets[other as usize]?, self.end_of(other)))));
            taken.sort_unstable();
            let size = self.extents[extent as usize].size;
            let (mut at, mut hole, mut free) = (None, u64::MAX, 0);
            for &(from, to) in &taken {
                if from >= free + size && from - free < hole {
                    (at, hole) = (Some(free), from - free);
                }
                free = free.max(to);
            }
            let at = at.unwrap_or(free);
            self.offsets[extent as usize] = Some(at);
            end = end.max(at + size);
            self.taken = taken;
        }
        end
    }

    fn placed(&self) -> Vec<u64> {
        self.offsets.iter().map(|offset| offset.unwrap_or(0)).collect()
    }
}

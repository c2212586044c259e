//! Aligning two sequences: which elements stand for one another, in order.
//!
//! An alignment of the greatest sum of scores (Needleman and Wunsch 1970, nothing taken off for a gap). What both sequences begin and end
//! with alike is matched first. If what remains has at most [`MOST_CELLS`] pairs the result is optimal; beyond that elements that are
//! unique in both and equal are anchors, in their longest common order, and between them, where there is none, only pairs near the
//! diagonal are looked at: time and memory stay linear in the length for a given bound.

use std::collections::HashMap;
use std::hash::Hash;

/// Pairs that are scored at most for one alignment.
const MOST_CELLS: usize = 1 << 22;

/// The elements that stand for one another, by their positions, in order.
pub(super) type Matches = Vec<(usize, usize)>;

/// Aligns two sequences. `key` tells elements that are equal, whose score is the greatest that there is; a `score` of 0 keeps two
/// elements apart. The result for the sequences in the other order is the same with each pair turned round, if `key` is what `score`
/// goes by.
pub(super) fn align<T, K: Ord + Hash + Copy>(
    left: &[T],
    right: &[T],
    key: impl Fn(&T) -> K,
    score: impl Fn(&T, &T) -> u32,
) -> Matches {
    bounded(left, right, &key, &score, MOST_CELLS)
}

fn bounded<T, K: Ord + Hash + Copy>(
    left: &[T],
    right: &[T],
    key: &impl Fn(&T) -> K,
    score: &impl Fn(&T, &T) -> u32,
    most: usize,
) -> Matches {
    let keys = [left, right].map(|side| side.iter().map(key).collect::<Vec<K>>());
    // Ties are broken in one order of the two, so that neither is preferred.
    let turned = keys[0] > keys[1];
    let (first, second) = if turned { (1, 0) } else { (0, 1) };
    let sides = [left, right];
    let scored = |i: usize, j: usize| score(&sides[first][i], &sides[second][j]);
    let mut matches = Vec::with_capacity(left.len().min(right.len()));
    within(&keys[first], &keys[second], [0, 0], &scored, most, &mut matches);
    if turned { matches.into_iter().map(|(i, j)| (j, i)).collect() } else { matches }
}

/// Aligns two slices that begin at `at` of the whole.
fn within<K: Ord + Hash + Copy>(
    mut left: &[K],
    mut right: &[K],
    mut at: [usize; 2],
    score: &impl Fn(usize, usize) -> u32,
    most: usize,
    into: &mut Matches,
) {
    while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right)
        && a == b
    {
        into.push((at[0], at[1]));
        (left, right, at) = (left_rest, right_rest, at.map(|at| at + 1));
    }
    let alike = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let ends = [at[0] + left.len() - alike, at[1] + right.len() - alike];
    (left, right) = (&left[..left.len() - alike], &right[..right.len() - alike]);
    if left.len().saturating_add(1).saturating_mul(right.len() + 1) <= most {
        path(left.len(), right.len(), most, |i, j| score(at[0] + i, at[1] + j), |i, j| into.push((at[0] + i, at[1] + j)));
    } else {
        let anchors = anchors(left, right);
        let mut done = [0, 0];
        for &(i, j) in &anchors {
            within(&left[done[0]..i], &right[done[1]..j], [at[0] + done[0], at[1] + done[1]], score, most, into);
            into.push((at[0] + i, at[1] + j));
            done = [i + 1, j + 1];
        }
        if anchors.is_empty() {
            path(left.len(), right.len(), most, |i, j| score(at[0] + i, at[1] + j), |i, j| into.push((at[0] + i, at[1] + j)));
        } else {
            within(&left[done[0]..], &right[done[1]..], [at[0] + done[0], at[1] + done[1]], score, most, into);
        }
    }
    into.extend((0..alike).map(|step| (ends[0] + step, ends[1] + step)));
}

/// Elements that both have once, in their longest common order.
fn anchors<K: Hash + Eq + Copy>(left: &[K], right: &[K]) -> Matches {
    let once = |side: &[K]| {
        let mut places: HashMap<K, Option<usize>> = HashMap::new();
        for (at, &key) in side.iter().enumerate() {
            places.entry(key).and_modify(|place| *place = None).or_insert(Some(at));
        }
        places
    };
    let (of_left, of_right) = (once(left), once(right));
    let unique = |(i, key): (usize, &K)| of_left[key].and(of_right.get(key).copied().flatten()).map(|j| (i, j));
    let pairs: Matches = left.iter().enumerate().filter_map(unique).collect();
    // The longest increasing run by piles: for each length the pair with the least end, and for each pair the one before it.
    let (mut piles, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::with_capacity(pairs.len()));
    for (at, &(_, j)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|&top| pairs[top].1 < j);
        before.push(pile.checked_sub(1).map(|under| piles[under]));
        if pile == piles.len() {
            piles.push(at);
        } else {
            piles[pile] = at;
        }
    }
    let last = piles.last().copied();
    let mut run: Matches = std::iter::successors(last, |&at| before[at]).map(|at| pairs[at]).collect();
    run.reverse();
    run
}

/// What is done with the pair at hand.
#[derive(Clone, Copy)]
enum Step {
    Match,
    SkipLeft,
    SkipRight,
}

/// The best path through the pairs of `n` and `m` elements near the diagonal, of all of them if they are at most `most`.
fn path(n: usize, m: usize, most: usize, score: impl Fn(usize, usize) -> u32, mut found: impl FnMut(usize, usize)) {
    let half = if (n + 1) * (m + 1) <= most { m } else { (most / (2 * (n + 1))).max(m / n.max(1) + 1) };
    let band = |i: usize| {
        let centre = (i * m).checked_div(n).unwrap_or(0);
        let low = if i == 0 { 0 } else { centre.saturating_sub(half) };
        (low, if i == n { m } else { (centre + half).min(m) })
    };
    // The best sums from each place of a row on, one row at a time from the last; nothing outside the band.
    let mut rows: Vec<(usize, Vec<Step>)> = Vec::with_capacity(n + 1);
    let mut below: Option<(usize, Vec<u64>)> = None;
    for i in (0..=n).rev() {
        let (low, high) = band(i);
        let (mut sums, mut steps) = (vec![0u64; high - low + 1], vec![Step::SkipRight; high - low + 1]);
        let under = |j: usize| {
            let (start, sums) = below.as_ref()?;
            sums.get(j.checked_sub(*start)?).copied()
        };
        for j in (low..=high).rev() {
            let matched = (i < n && j < m).then(|| score(i, j)).filter(|&score| score > 0);
            let matched = matched.and_then(|score| under(j + 1).map(|sum| sum + u64::from(score)));
            let right = (j < high).then(|| sums[j + 1 - low]);
            let choices = [(Step::Match, matched), (Step::SkipLeft, under(j)), (Step::SkipRight, right)];
            let mut best: Option<(Step, u64)> = None;
            for (step, sum) in choices.into_iter().filter_map(|(step, sum)| sum.map(|sum| (step, sum))) {
                if best.is_none_or(|(_, most)| sum > most) {
                    best = Some((step, sum));
                }
            }
            if let Some((step, sum)) = best {
                (steps[j - low], sums[j - low]) = (step, sum);
            }
        }
        rows.push((low, steps));
        below = Some((low, sums));
    }
    rows.reverse();
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        let (low, steps) = &rows[i];
        match steps[j - low] {
            Step::Match => {
                found(i, j);
                (i, j) = (i + 1, j + 1);
            }
            Step::SkipLeft => i += 1,
            Step::SkipRight => j += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    /// Letters: equal ones score 4, letters of one case 1.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "it stands where items are passed by reference")]
    fn score(a: &u8, b: &u8) -> u32 {
        match (a == b, a.is_ascii_lowercase() == b.is_ascii_lowercase()) {
            (true, _) => 4,
            (false, true) => 1,
            (false, false) => 0,
        }
    }

    fn sum(left: &[u8], right: &[u8], matches: &Matches) -> u32 {
        matches.iter().map(|&(i, j)| score(&left[i], &right[j])).sum()
    }

    /// The greatest sum by trying everything.
    fn best(left: &[u8], right: &[u8]) -> u32 {
        match (left, right) {
            ([], _) | (_, []) => 0,
            ([a, left_rest @ ..], [b, right_rest @ ..]) => {
                let together = score(a, b) + best(left_rest, right_rest);
                together.max(best(left_rest, right)).max(best(left, right_rest))
            }
        }
    }

    #[track_caller]
    fn check(left: &str, right: &str, expected: &[(usize, usize)]) {
        assert_eq!(align(left.as_bytes(), right.as_bytes(), |&letter| letter, score), expected, "{left} {right}");
    }

    #[test]
    fn what_is_inserted_moves_nothing() {
        check("abc", "abc", &[(0, 0), (1, 1), (2, 2)]);
        check("abc", "aXbc", &[(0, 0), (1, 2), (2, 3)]);
        check("abc", "axc", &[(0, 0), (1, 1), (2, 2)]);
        check("abc", "aXc", &[(0, 0), (2, 2)]);
        check("", "abc", &[]);
        check("aab", "aaab", &[(0, 0), (1, 1), (2, 3)]);
    }

    proptest! {
        #[test]
        fn alignments_are_optimal_ordered_and_turn_round(left in "[abAB]{0,7}", right in "[abcABC]{0,7}") {
            let (left, right) = (left.as_bytes(), right.as_bytes());
            let matches = align(left, right, |&letter| letter, score);
            prop_assert_eq!(sum(left, right, &matches), best(left, right));
            prop_assert!(matches.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            prop_assert!(matches.iter().all(|&(i, j)| score(&left[i], &right[j]) > 0));
            let back = align(right, left, |&letter| letter, score);
            prop_assert_eq!(back.into_iter().map(|(i, j)| (j, i)).collect::<Matches>(), matches);
        }

        /// With hardly any room for pairs an alignment still is one, and what is equal still is found.
        #[test]
        fn a_bound_keeps_order_and_anchors(left in "[abAB]{0,60}", right in "[abcABC]{0,60}", most in 1usize..400) {
            let (left, right) = (left.as_bytes(), right.as_bytes());
            let matches = bounded(left, right, &|&letter| letter, &score, most);
            prop_assert!(matches.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            prop_assert!(matches.iter().all(|&(i, j)| score(&left[i], &right[j]) > 0));
            prop_assert_eq!(bounded(left, left, &|&letter| letter, &score, most).len(), left.len());
        }
    }

    /// One of 60 000 inserted near the start, another removed near the end, all of them different.
    #[test]
    fn long_sequences_are_aligned_by_their_anchors() {
        let left: Vec<u32> = (0..60_000).collect();
        let mut right = left.clone();
        right.insert(100, 100_000);
        right.remove(59_000);
        right.swap(30_000, 30_001);
        let matches = align(&left, &right, |&number| number, |a, b| u32::from(a == b) * 4);
        assert_eq!(matches.len(), 60_000 - 2);
        let many = vec![1u32; 60_000];
        let (mut more, score) = (many.clone(), |a: &u32, b: &u32| 1 + u32::from(a == b));
        more[0] = 2;
        more[59_999] = 2;
        assert_eq!(align(&many, &more, |&number| number, score).len(), 60_000);
    }
}

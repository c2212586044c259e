//! Shares of a total that are chosen together (rule R13): one for each branch, all of them one in sum, or less than one where a
//! branch takes the rest.
//!
//! The vectors are never written out. All shares are multiples of one fraction, so their sums are integers; the sums that the last
//! branches can have are counted once, when they are first asked for, and tell how many vectors there are and which has what number.

use std::sync::{Arc, OnceLock};

use crate::base::{Code, Diagnostic, Span};
use crate::expr::{Decisions, Environment, Fault, Options, Rational, Value, parse};

/// One branch's share, above 0 and at most 1; `None` takes the rest.
pub type Share = Option<Rational>;

/// Steps that counting may take: a value of one branch beside a sum of those after it.
const MAX_STEPS: usize = 1 << 21;

/// What one branch may take.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// What the others leave.
    Rest,
    /// Shares, all of them numbers above 0 and at most 1.
    Of(Options),
}

/// The vectors of a module's shares.
#[derive(Clone, Debug)]
pub struct Shares {
    axes: Vec<Axis>,
    start: Vec<Share>,
    /// How many of the smallest fraction make one.
    parts: u64,
    tails: OnceLock<Vec<Tail>>,
}

/// The sums that the branches from one on can have, smallest first, each with the number of ways to have it or a smaller one.
type Tail = Vec<(u64, usize)>;

impl Shares {
    /// The vectors with one value of each axis, and `start` if it is none of these. Nothing if they are too many to be counted, or
    /// have no common fraction that can be written.
    pub fn new(axes: Vec<Axis>, start: Vec<Share>) -> Option<Shares> {
        let mut parts: i128 = 1;
        for denominator in axes.iter().flat_map(denominators) {
            parts = common_multiple(parts, denominator).filter(|&parts| parts <= i128::from(u32::MAX))?;
        }
        let parts = u64::try_from(parts).ok()?;
        let (mut vectors, mut steps) = (1usize, 0usize);
        for axis in axes.iter().rev() {
            let sums = vectors.min(usize::try_from(parts).ok()?);
            steps = steps.checked_add(sums.checked_mul(axis.len())?).filter(|&steps| steps <= MAX_STEPS)?;
            vectors = vectors.checked_mul(axis.len())?;
        }
        Some(Shares { axes, start, parts, tails: OnceLock::new() })
    }

    /// What is taken without a search.
    pub fn start(&self) -> &[Share] {
        &self.start
    }

    /// How many vectors there are, the start among them.
    pub(super) fn len(&self) -> usize {
        self.on_grid() + usize::from(self.place_of(&self.start).is_none())
    }

    /// The vector number `at`, from 0: the values of the first branch change slowest, and a start off the grid is the last.
    pub(super) fn get(&self, mut at: usize) -> Option<Arc<[Share]>> {
        if at >= self.on_grid() {
            return (at + 1 == self.len()).then(|| self.start.clone().into());
        }
        let (mut vector, mut sum) = (Vec::with_capacity(self.axes.len()), 0);
        for (axis, tail) in self.axes.iter().zip(&self.tails()[1..]) {
            for share in axis.iter() {
                let longer = sum + self.in_parts(share);
                let ways = self.ways(tail, longer);
                if at < ways {
                    vector.push(share);
                    sum = longer;
                    break;
                }
                at -= ways;
            }
        }
        Some(vector.into())
    }

    /// The number of a vector; nothing if it is none of these.
    pub(super) fn position(&self, vector: &[Share]) -> Option<usize> {
        self.place_of(vector).or_else(|| (*vector == *self.start).then(|| self.on_grid()))
    }

    /// Whether a vector is one of these. Needs no counting.
    pub(super) fn contains(&self, vector: &[Share]) -> bool {
        self.is_on_grid(vector) || *vector == *self.start
    }

    /// The least and the greatest share that a branch has in any vector, the rest filled in.
    pub fn ends(&self, branch: usize) -> Option<[Rational; 2]> {
        let mut others = vec![0];
        for (_, axis) in self.axes.iter().enumerate().filter(|(at, _)| *at != branch) {
            let longer = others.iter().flat_map(|sum| axis.iter().map(move |share| sum + self.in_parts(share)));
            others = longer.filter(|&sum| sum <= self.parts).collect();
            others.sort_unstable();
            others.dedup();
        }
        let whole = |&(_, sum): &(u64, u64)| if self.has_rest() { sum < self.parts } else { sum == self.parts };
        let pairs = self.axes.get(branch)?.iter().flat_map(|share| {
            let own = self.in_parts(share);
            others.iter().map(move |other| (own, own + other))
        });
        let is_rest = self.axes[branch] == Axis::Rest;
        let share =
            |(own, sum): (u64, u64)| Rational::new(i128::from(if is_rest { self.parts - sum } else { own }), self.parts.into());
        let start = filled(&self.start)?[branch];
        let all = pairs.filter(whole).map(share).chain([Some(start)]).collect::<Option<Vec<Rational>>>()?;
        Some([*all.iter().min()?, *all.iter().max()?])
    }

    fn has_rest(&self) -> bool {
        self.axes.contains(&Axis::Rest)
    }

    /// A share of the grid as a multiple of the smallest fraction.
    fn in_parts(&self, share: Share) -> u64 {
        let parts = share.map_or(0, |share| share.numerator() * (i128::from(self.parts) / share.denominator()));
        u64::try_from(parts).unwrap_or(u64::MAX / 2)
    }

    fn tails(&self) -> &[Tail] {
        self.tails.get_or_init(|| {
            let mut tails: Vec<Tail> = vec![vec![(0, 1)]];
            for axis in self.axes.iter().rev() {
                let mut ways = std::collections::BTreeMap::new();
                let mut below = 0;
                for &(sum, up_to) in tails.last().into_iter().flatten() {
                    for share in axis.iter() {
                        let longer = sum + self.in_parts(share);
                        if longer <= self.parts {
                            *ways.entry(longer).or_insert(0) += up_to - below;
                        }
                    }
                    below = up_to;
                }
                let running = ways.into_iter().scan(0, |below, (sum, ways)| {
                    *below += ways;
                    Some((sum, *below))
                });
                tails.push(running.collect());
            }
            tails.reverse();
            tails
        })
    }

    /// How many ways there are to go on from a sum.
    fn ways(&self, tail: &Tail, sum: u64) -> usize {
        let Some(left) = self.parts.checked_sub(sum) else { return 0 };
        let up_to = |end: usize| end.checked_sub(1).map_or(0, |last| tail[last].1);
        let below = tail.partition_point(|&(sum, _)| sum < left);
        if self.has_rest() { up_to(below) } else { up_to(tail.partition_point(|&(sum, _)| sum <= left)) - up_to(below) }
    }

    fn on_grid(&self) -> usize {
        self.ways(&self.tails()[0], 0)
    }

    fn is_on_grid(&self, vector: &[Share]) -> bool {
        let offered = |(axis, share): (&Axis, &Share)| match (axis, share) {
            (Axis::Rest, None) => true,
            (Axis::Of(options), Some(share)) => options.contains(&Value::Number(*share)),
            (Axis::Rest, Some(_)) | (Axis::Of(_), None) => false,
        };
        let is_whole = |sum: u64| if self.has_rest() { sum < self.parts } else { sum == self.parts };
        vector.len() == self.axes.len()
            && self.axes.iter().zip(vector).all(offered)
            && is_whole(vector.iter().map(|&share| self.in_parts(share)).sum())
    }

    fn place_of(&self, vector: &[Share]) -> Option<usize> {
        if !self.is_on_grid(vector) {
            return None;
        }
        let (mut place, mut sum) = (0, 0);
        for ((axis, tail), taken) in self.axes.iter().zip(&self.tails()[1..]).zip(vector) {
            let before = axis.iter().take_while(|share| share != taken);
            place += before.map(|share| self.ways(tail, sum + self.in_parts(share))).sum::<usize>();
            sum += self.in_parts(*taken);
        }
        Some(place)
    }
}

/// Two are equal if they offer the same, whether or not they have been counted.
impl PartialEq for Shares {
    fn eq(&self, other: &Shares) -> bool {
        self.axes == other.axes && self.start == other.start
    }
}

impl Axis {
    fn len(&self) -> usize {
        match self {
            Axis::Rest => 1,
            Axis::Of(options) => options.len(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Share> {
        (0..self.len()).map(|at| match self {
            Axis::Rest => None,
            Axis::Of(options) => options.get(at).and_then(|value| value.number()),
        })
    }
}

/// The denominators of which all values of an axis are multiples.
fn denominators(axis: &Axis) -> Vec<i128> {
    match axis {
        Axis::Rest => Vec::new(),
        Axis::Of(Options::Range(range)) => vec![range.low().denominator(), range.step().denominator()],
        Axis::Of(options) => options.iter().filter_map(|value| value.number()).map(Rational::denominator).collect(),
    }
}

fn common_multiple(left: i128, right: i128) -> Option<i128> {
    // Reduced, `right / left` has the denominator `left / gcd`.
    Rational::new(right, left)?.denominator().checked_mul(right)
}

/// All shares of a vector with the rest filled in; nothing if that leaves nothing for it, two take it, or the sum is not one.
pub fn filled(vector: &[Share]) -> Option<Vec<Rational>> {
    let sum = vector.iter().flatten().try_fold(Rational::ZERO, |sum, share| sum.add(*share))?;
    let left = Rational::ONE.sub(sum)?;
    let rests = vector.iter().filter(|share| share.is_none()).count();
    let is_whole = if rests == 0 { left == Rational::ZERO } else { rests == 1 && left > Rational::ZERO };
    is_whole.then(|| vector.iter().map(|share| share.unwrap_or(left)).collect())
}

/// Reads a vector as `--set PATH:share=[1/4, 3/8, 1/4, rest]` writes it; nothing if the text is not in brackets.
pub fn parse_shares(text: &str, span: Span) -> Option<Result<Value, Fault>> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut at = 1;
    let mut vector = Vec::new();
    for written in inside.split(',') {
        let share = written.trim();
        let start = at + (written.len() - written.trim_start().len());
        at += written.len() + 1;
        let span = span.part(start, start + share.len());
        let value = match share {
            "rest" => Ok(None),
            _ => parse(share, span)
                .map_err(Fault::from)
                .and_then(|formula| formula.value(&Environment::default(), &mut Decisions::default(), None, "share"))
                .and_then(|(value, _)| match value.number() {
                    Some(number) => Ok(Some(number)),
                    None => {
                        let message = format!("a share is a number or `rest`, not {}", value.describe());
                        Err(Diagnostic::new(Code::E0309, span, message, "").into())
                    }
                }),
        };
        match value {
            Ok(share) => vector.push(share),
            Err(fault) => return Some(Err(fault)),
        }
    }
    Some(Ok(Value::Shares(vector.into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Range;
    use proptest::prelude::*;

    fn number(text: &str) -> Rational {
        Rational::parse(text).unwrap()
    }

    /// Axes in eighths from 1/8 to what is given, and a start that is on none of them.
    fn eighths(highs: &[i128], rest: bool) -> Shares {
        let eighth = |count| Rational::new(count, 8).unwrap();
        let axis = |&high| Axis::Of(Options::Range(Range::new(eighth(1), eighth(high), eighth(1), eighth(1)).unwrap()));
        let axes: Vec<Axis> = highs.iter().map(axis).chain(rest.then_some(Axis::Rest)).collect();
        let sixteenth = Rational::new(1, 16);
        let start = axes.iter().map(|axis| if *axis == Axis::Rest { None } else { sixteenth }).collect();
        Shares::new(axes, start).unwrap()
    }

    #[test]
    fn vectors_sum_to_one_and_have_an_order() {
        let shares = eighths(&[8, 8], false);
        let all: Vec<String> = (0..shares.len()).map(|at| Value::Shares(shares.get(at).unwrap()).to_string()).collect();
        assert_eq!(all[..2], ["[0.125, 0.875]", "[0.25, 0.75]"]);
        assert_eq!((all.len(), &*all[7]), (7 + 1, "[0.0625, 0.0625]"), "the start is one more");
        // With a rest, every pair of eighths below one: 6 + 5 + ... + 1.
        assert_eq!(eighths(&[8, 8], true).len(), 21 + 1);
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let fine = Options::Range(Range::new(number("1e-9"), number("1"), number("1e-9"), number("1e-9")).unwrap());
        assert_eq!(Shares::new(vec![Axis::Of(fine), Axis::Rest], vec![Some(number("0.5")), None]), None);
        let prime = |den| Axis::Of(Options::List(vec![Value::Number(Rational::new(1, den).unwrap())]));
        let axes = vec![prime(1_000_003), prime(1_000_033), Axis::Rest];
        assert_eq!(Shares::new(axes, vec![Some(number("0.25")), Some(number("0.25")), None]), None);
    }

    #[test]
    fn vectors_are_read_as_they_are_written() {
        let whole = Span { file: crate::base::FileId(0), start: 0, end: 99 };
        for (text, read) in [("[1/4, 0.5, rest]", "[0.25, 0.5, rest]"), ("[ 1 ]", "[1]")] {
            assert_eq!(parse_shares(text, whole).unwrap().unwrap().to_string(), read);
        }
        assert_eq!(parse_shares("1/4", whole), None);
        for (text, place) in [("[1/4, big]", 6), ("[1/4,,1/2]", 5), ("[]", 1)] {
            let Err(Fault::Found(fault)) = parse_shares(text, whole).unwrap() else { panic!("{text}") };
            assert_eq!(fault.span().start, place, "{text}");
        }
    }

    proptest! {
        /// Against all vectors written out.
        #[test]
        fn counting_equals_writing_out(highs in prop::collection::vec(1i128..8, 1..4), rest: bool) {
            let shares = eighths(&highs, rest);
            let mut all: Vec<Vec<i128>> = vec![vec![]];
            for &high in &highs {
                all = all.iter().flat_map(|vector| (1..=high).map(|next| [&vector[..], &[next]].concat())).collect();
            }
            all.retain(|vector| if rest { vector.iter().sum::<i128>() < 8 } else { vector.iter().sum::<i128>() == 8 });
            prop_assert_eq!(shares.len(), all.len() + 1);
            for (at, vector) in all.iter().enumerate() {
                let vector = vector.iter().map(|&count| Rational::new(count, 8)).chain(rest.then_some(None));
                let vector: Vec<Share> = vector.collect();
                prop_assert_eq!(&*shares.get(at).unwrap(), &vector[..]);
                prop_assert_eq!(shares.position(&vector), Some(at));
                prop_assert!(shares.contains(&vector));
            }
            prop_assert_eq!(shares.position(shares.start()), Some(all.len()));
            prop_assert_eq!(shares.get(all.len() + 1), None);
        }

        /// With a start among the vectors: each branch's ends are those of the vectors written out.
        #[test]
        fn ends_are_reached_and_not_passed(highs in prop::collection::vec(1i128..8, 2..4), branch in 0usize..2) {
            let mut shares = eighths(&highs, true);
            prop_assume!(highs.len() < 8);
            shares.start = highs.iter().map(|_| Rational::new(1, 8)).chain([None]).collect();
            let vectors = (0..shares.len()).map(|at| filled(&shares.get(at).unwrap()).unwrap());
            for at in [branch, highs.len()] {
                let all: Vec<Rational> = vectors.clone().map(|vector| vector[at]).collect();
                prop_assert_eq!(shares.ends(at), Some([*all.iter().min().unwrap(), *all.iter().max().unwrap()]));
            }
        }
    }
}

//! What a decision may take: a list of values, or a range or vectors of shares that are never written out.

use std::fmt;

use crate::expr::{Rational, Shares, Value};

/// The values of a decision, each once. A start that is not among the alternatives is one more, the last (rule R12).
#[derive(Clone, Debug, PartialEq)]
pub enum Options {
    /// In the order they are written.
    List(Vec<Value>),
    /// From the low end upwards.
    Range(Range),
    /// Vectors of shares, the first branch's changing slowest.
    Shares(Box<Shares>),
}

/// Numbers at equal distances.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    low: Rational,
    step: Rational,
    steps: usize,
    start: Option<Rational>,
}

impl Range {
    /// `low, low + step, ...` up to `high`, with `start` if it is none of these. Nothing if `step` is not above 0, `low` is above
    /// `high`, or there are more values than can be counted or written exactly.
    pub fn new(low: Rational, high: Rational, step: Rational, start: Rational) -> Option<Range> {
        if step <= Rational::ZERO || low > high {
            return None;
        }
        let steps = high.sub(low)?.div(step)?.floor().to_integer()?;
        let steps = usize::try_from(steps).ok().filter(|&steps| steps < usize::MAX - 1)?;
        let mut range = Range { low, step, steps, start: None };
        // The last is the largest in size but for the first, so that all between fit as well.
        range.nth(steps)?;
        range.start = if range.place_of(start).is_none() { Some(start) } else { None };
        Some(range)
    }

    /// The lowest value of the grid.
    pub const fn low(&self) -> Rational {
        self.low
    }

    /// The highest value of the grid; below the written end where that is not on the grid.
    pub fn high(&self) -> Rational {
        self.nth(self.steps).unwrap_or(self.low)
    }

    /// The distance of neighbours.
    pub const fn step(&self) -> Rational {
        self.step
    }

    /// The start that is not on the grid.
    pub const fn start(&self) -> Option<Rational> {
        self.start
    }

    /// `low + at * step` over one common denominator, so that nothing between two that fit can overflow.
    fn nth(&self, at: usize) -> Option<Rational> {
        let step = self.step.numerator().checked_mul(self.low.denominator())?;
        let low = self.low.numerator().checked_mul(self.step.denominator())?;
        let num = low.checked_add(step.checked_mul(at as i128)?)?;
        Rational::new(num, self.low.denominator().checked_mul(self.step.denominator())?)
    }

    fn place_of(&self, number: Rational) -> Option<usize> {
        let at = number.sub(self.low)?.div(self.step)?.to_integer()?;
        usize::try_from(at).ok().filter(|&at| at <= self.steps)
    }
}

impl Options {
    /// A list without repetitions, and `start` if it is none of them.
    pub fn list(values: Vec<Value>, start: &Value) -> Options {
        let mut list = Vec::with_capacity(values.len());
        for value in values.into_iter().chain([start.clone()]) {
            if !list.contains(&value) {
                list.push(value);
            }
        }
        Options::List(list)
    }

    /// How many values there are, at least one.
    #[expect(clippy::len_without_is_empty, reason = "a decision is never without a value")]
    pub fn len(&self) -> usize {
        match self {
            Options::List(list) => list.len(),
            Options::Range(range) => range.steps + 1 + usize::from(range.start.is_some()),
            Options::Shares(shares) => shares.len(),
        }
    }

    /// The value number `at`, from 0.
    pub fn get(&self, at: usize) -> Option<Value> {
        match self {
            Options::List(list) => list.get(at).cloned(),
            Options::Range(range) if at <= range.steps => range.nth(at).map(Value::Number),
            Options::Range(range) => range.start.filter(|_| at == range.steps + 1).map(Value::Number),
            Options::Shares(shares) => shares.get(at).map(Value::Shares),
        }
    }

    /// The least and the greatest, if all values are numbers; a range is not walked for it.
    pub fn ends(&self) -> Option<[Rational; 2]> {
        match self {
            Options::Range(range) => {
                let start = range.start.unwrap_or(range.low);
                Some([range.low.min(start), range.high().max(start)])
            }
            Options::List(list) => {
                let numbers = list.iter().map(Value::number).collect::<Option<Vec<Rational>>>()?;
                Some([*numbers.iter().min()?, *numbers.iter().max()?])
            }
            Options::Shares(_) => None,
        }
    }

    /// All values, made one by one.
    pub fn iter(&self) -> impl Iterator<Item = Value> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// The number of a value, from 0; nothing if it is none of them.
    pub fn position(&self, value: &Value) -> Option<usize> {
        match (self, value) {
            (Options::List(list), _) => list.iter().position(|other| other == value),
            (Options::Range(range), Value::Number(number)) => match range.place_of(*number) {
                None if range.start == Some(*number) => Some(range.steps + 1),
                place => place,
            },
            (Options::Shares(shares), Value::Shares(vector)) => shares.position(vector),
            (Options::Range(_) | Options::Shares(_), _) => None,
        }
    }

    /// Whether a value is one of them.
    pub fn contains(&self, value: &Value) -> bool {
        match (self, value) {
            (Options::Shares(shares), Value::Shares(vector)) => shares.contains(vector),
            _ => self.position(value).is_some(),
        }
    }

    /// The same without a start that is not on a range's grid.
    #[must_use]
    pub fn on_grid(self) -> Options {
        match self {
            Options::Range(range) => Options::Range(Range { start: None, ..range }),
            Options::List(_) | Options::Shares(_) => self,
        }
    }
}

/// As alternatives are written: `32 .. 96 by 8` or `3 | 5 | 7`.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Options::List(_) | Options::Shares(_) => {
                let list: Vec<String> = self.iter().map(|value| value.to_string()).collect();
                f.write_str(&list.join(" | "))
            }
            Options::Range(range) => {
                write!(f, "{} .. {} by {}", range.low, range.high(), range.step)?;
                range.start.map_or(Ok(()), |start| write!(f, ", and {start}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(low: &str, high: &str, step: &str, start: &str) -> Option<Options> {
        let [low, high, step, start] = [low, high, step, start].map(|text| Rational::parse(text).unwrap());
        Range::new(low, high, step, start).map(Options::Range)
    }

    #[test]
    fn ranges_hold_both_ends_and_the_start() {
        for (low, high, step, start, shown, values) in [
            ("32", "64", "16", "32", "32 .. 64 by 16", "32 48 64"),
            ("16", "50", "16", "16", "16 .. 48 by 16", "16 32 48"),
            ("0.3", "0.4", "0.05", "0.35", "0.3 .. 0.4 by 0.05", "0.3 0.35 0.4"),
            ("1", "3", "2", "2", "1 .. 3 by 2, and 2", "1 3 2"),
            ("5", "5", "1", "9", "5 .. 5 by 1, and 9", "5 9"),
        ] {
            let options = range(low, high, step, start).unwrap();
            assert_eq!(options.to_string(), shown);
            let texts: Vec<String> = options.iter().map(|value| value.to_string()).collect();
            assert_eq!(texts.join(" "), values);
            assert_eq!(options.len(), texts.len());
        }
        assert_eq!(range("5", "4", "1", "5"), None);
        assert_eq!(range("5", "6", "0", "5"), None);
        assert_eq!(range("5", "6", "-1", "5"), None);
        assert_eq!(range("0", "1e30", "1", "0"), None, "more than can be counted");
    }

    #[test]
    fn long_ranges_are_not_written_out() {
        let options = range("1", "1e15", "1", "0").unwrap();
        assert_eq!(options.len(), 1_000_000_000_000_001);
        assert_eq!(options.get(999_999_999_999_999).unwrap().to_string(), "1000000000000000");
        assert_eq!(options.get(1_000_000_000_000_000).unwrap().to_string(), "0");
        assert_eq!(options.get(1_000_000_000_000_001), None);
    }

    #[test]
    fn lists_hold_each_value_once() {
        let [relu, same, other] = ["relu", "relu", "gelu"].map(Value::word);
        let options = Options::list(vec![relu.clone(), same], &other);
        assert_eq!(options.to_string(), "relu | gelu");
        assert_eq!(options.position(&other), Some(1));
        assert!(!options.contains(&Value::Truth(true)));
    }

    proptest! {
        #[test]
        fn position_is_the_inverse_of_get(
            [low, start] in [-99i128..99, -99..99],
            width in 0i128..99,
            [step, den] in [1i128..9, 1..9],
        ) {
            let ratio = |num| Rational::new(num, den).unwrap();
            let range = Range::new(ratio(low), ratio(low + width), ratio(step), Rational::integer(start));
            let options = Options::Range(range.unwrap());
            for (at, value) in options.iter().enumerate() {
                prop_assert_eq!(options.position(&value), Some(at));
            }
            prop_assert!(options.contains(&Value::Number(Rational::integer(start))));
            prop_assert_eq!(options.iter().count(), options.len());
        }
    }
}

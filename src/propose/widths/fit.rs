//! Scaling to a budget: the largest scale at which the network stays inside, then single numbers until what is left is small enough.

use crate::graph::Multilinear;
use crate::propose::widths::Aim;
use crate::propose::widths::Part;
use crate::propose::widths::Problem;
use crate::propose::widths::Target;
use crate::propose::widths::repair::repair;

/// Scales are looked for between a hundredth and a hundred times.
const FARTHEST: f64 = 100.0;
/// Parts of a hundred of the budget below which the nearest widths are none.
const FARTHEST_BELOW: i128 = 95;
/// Halvings of the scale's interval; more move no width.
const HALVINGS: usize = 48;

/// What is asked of the widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Multiply-adds of an image, at most.
    pub budget: u64,
    /// At least so many ten-thousandths of the budget.
    pub least: u64,
    /// Widths are multiples of this, where the budget can be met so.
    pub align: u32,
    /// Each module keeps its share of the budget, where all get one scale otherwise.
    pub per_module: bool,
}

impl Goal {
    /// Whether a count is inside, and near enough.
    pub fn is_met(&self, madds: i128) -> bool {
        let budget = i128::from(self.budget);
        madds <= budget && madds * 10_000 >= budget * i128::from(self.least)
    }
}

/// Numbers that meet a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// One for each that may change.
    pub numbers: Vec<u32>,
    /// What aims were multiplied with, a module each.
    pub scales: Vec<f64>,
    /// Multiply-adds of an image.
    pub madds: u64,
    /// Parameters.
    pub params: u64,
    /// How many numbers are no multiples of the alignment, because none would have been near enough.
    pub unaligned: usize,
}

/// Why there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The text sets no width of a branch.
    #[error("no number of the spec sets the width of an Inception branch alone")]
    NothingToSet,
    /// Even the narrowest network costs more.
    #[error(
        "at its narrowest, with every branch at {align} channels, the network still takes {least} multiply-adds; the budget is {budget}"
    )]
    TooSmall {
        /// Multiply-adds then.
        least: u64,
        /// The budget.
        budget: u64,
        /// The least width.
        align: u32,
    },
    /// Even the widest that was tried costs less.
    #[error("a hundred times as wide the network takes {most} multiply-adds; the budget is {budget}")]
    TooLarge {
        /// Multiply-adds then.
        most: u64,
        /// The budget.
        budget: u64,
    },
    /// Widths that operators accept miss the budget.
    #[error(
        "the nearest widths take {nearest} multiply-adds, too few for a budget of {budget}: widths move it in larger steps; take {nearest} for the budget"
    )]
    TooFar {
        /// Multiply-adds of the nearest.
        nearest: u64,
        /// The budget.
        budget: u64,
    },
    /// The layers' operators refuse the widths together.
    #[error("the network cannot have these widths: {0} layers would no longer fit")]
    Refused(usize),
}

impl Problem<'_> {
    /// Numbers for what is wanted of the modules. Where the narrowest network of multiples is too wide, half the alignment is tried, and so on.
    pub fn fit(&self, aims: &[Aim], goal: Goal) -> Result<Fitted, Unfit> {
        if self.dials.is_empty() {
            return Err(Unfit::NothingToSet);
        }
        let mut align = goal.align;
        loop {
            match self.fit_aligned(aims, Goal { align, ..goal }) {
                Err(Unfit::TooSmall { .. }) if align > 1 => align /= 2,
                Ok(fitted) => {
                    let unaligned = fitted.numbers.iter().filter(|number| !number.is_multiple_of(goal.align)).count();
                    return Ok(Fitted { unaligned, ..fitted });
                }
                Err(unfit) => return Err(unfit),
            }
        }
    }

    fn fit_aligned(&self, aims: &[Aim], goal: Goal) -> Result<Fitted, Unfit> {
        let modules = self.modules.len();
        let mut scales = vec![1.0; modules];
        if goal.per_module {
            for module in 0..modules {
                self.bisect(aims, goal, &mut scales, &[module], |numbers| self.share(module, numbers), self.quota(module, goal))?;
            }
        }
        // Of all together, also after each by itself: what surrounds modules does not scale.
        let all: Vec<usize> = (0..modules).collect();
        let (least, most) = self.bisect(aims, goal, &mut scales, &all, |numbers| self.count(numbers), goal.budget.into())?;
        let counted = |count: i128| u64::try_from(count).unwrap_or(u64::MAX);
        let budget = goal.budget;
        if least > budget.into() {
            return Err(Unfit::TooSmall { least: counted(least), budget, align: goal.align });
        }
        if most < i128::from(budget) && !goal.is_met(most) {
            return Err(Unfit::TooLarge { most: counted(most), budget });
        }
        let (wanted, mut numbers) = self.numbers(aims, &scales, goal.align)?;
        let mut form = self.form.clone();
        self.set(&mut form, &numbers);
        repair(self, &mut form, &wanted, &mut numbers, goal);
        let totals = form.totals();
        // In a small network a channel may be more than what is left: the nearest stands then, and is told.
        if !goal.is_met(totals.madds) && totals.madds * 100 < i128::from(budget) * FARTHEST_BELOW {
            return Err(Unfit::TooFar { nearest: counted(totals.madds), budget });
        }
        self.graph.with_widths(&self.widths(&numbers)).map_err(|misfits| Unfit::Refused(misfits.len()))?;
        Ok(Fitted { numbers, scales, madds: counted(totals.madds), params: counted(totals.params), unaligned: 0 })
    }

    /// The largest common factor on the scales of some modules at which `count` is no more than `most`; the counts at both ends.
    fn bisect(
        &self,
        aims: &[Aim],
        goal: Goal,
        scales: &mut [f64],
        of: &[usize],
        count: impl Fn(&[u32]) -> i128,
        most: i128,
    ) -> Result<(i128, i128), Unfit> {
        let begin = scales.to_vec();
        let at = |factor: f64, scales: &mut [f64]| -> Result<i128, Unfit> {
            of.iter().for_each(|&module| scales[module] = begin[module] * factor);
            Ok(count(&self.numbers(aims, scales, goal.align)?.1))
        };
        let (mut low, mut high) = (1.0 / FARTHEST, FARTHEST);
        let ends = (at(low, scales)?, at(high, scales)?);
        if ends.1 <= most {
            return Ok(ends);
        }
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            if at(middle, scales)? <= most { low = middle } else { high = middle }
        }
        at(low, scales)?;
        Ok(ends)
    }

    /// What numbers should be at scales, and the nearest that they can be. Reductions hang on what goes into their modules, which hangs on the widths of
    /// the modules before.
    fn numbers(&self, aims: &[Aim], scales: &[f64], align: u32) -> Result<(Vec<f64>, Vec<u32>), Unfit> {
        let channels: Vec<u32> = self.modules.iter().map(|module| module.shape.c).collect();
        let ask = |channels: &[u32]| -> Vec<f64> {
            (0..self.dials.len()).map(|dial| self.asked(dial, aims, scales, channels)).collect()
        };
        let mut wanted = ask(&channels);
        let mut numbers: Vec<u32> = (0..self.dials.len()).map(|dial| self.nearest(dial, wanted[dial], align)).collect();
        if (0..self.dials.len()).any(|dial| self.reduces(dial)) {
            let graph = self.graph.with_widths(&self.widths(&numbers)).map_err(|misfits| Unfit::Refused(misfits.len()))?;
            let channels: Vec<u32> = self.modules.iter().map(|module| graph.node(module.input).shape.c).collect();
            wanted = ask(&channels);
            numbers = (0..self.dials.len()).map(|dial| self.nearest(dial, wanted[dial], align)).collect();
            self.narrow(&mut wanted, &mut numbers, align);
        }
        Ok((wanted, numbers))
    }

    /// Makes reductions no wider than what they are for, where a number that sets that sets another width too and so is lower than was asked.
    fn narrow(&self, wanted: &mut [f64], numbers: &mut [u32], align: u32) {
        for dial in 0..self.dials.len() {
            let limit = self.dials[dial].moves.iter().filter_map(|along| {
                let target = self.targets[along.knob].filter(|target| target.part == Part::Reduction)?;
                let last = self.width(Target { part: Part::Last, ..target }, numbers)?;
                Some(f64::from(self.dials[dial].from) * f64::from(last) / f64::from(self.form.width(along.knob)))
            });
            let limit = limit.fold(f64::INFINITY, f64::min);
            if f64::from(numbers[dial]) > limit {
                wanted[dial] = wanted[dial].min(limit);
                numbers[dial] = self.nearest(dial, limit, align);
            }
        }
    }

    /// The multiple of the alignment nearest to what is wanted that the convolutions accept, or the number as it stands.
    fn nearest(&self, dial: usize, wanted: f64, align: u32) -> u32 {
        let middle = ((wanted / f64::from(align)).round() as u32).max(1);
        let away = (0..64).flat_map(|far: u32| [middle.checked_sub(far), middle.checked_add(far)]);
        let numbers = away.flatten().filter(|&times| times > 0).filter_map(|times| times.checked_mul(align));
        numbers.into_iter().find(|&number| self.accepts(dial, number)).unwrap_or(self.dials[dial].from)
    }

    /// Whether all convolutions that follow a number accept it.
    pub(super) fn accepts(&self, dial: usize, number: u32) -> bool {
        let dial = &self.dials[dial];
        dial.moves.iter().all(|along| dial.width(&self.form, along, number).is_some())
    }

    /// Sets the widths that follow numbers.
    pub(super) fn set(&self, form: &mut Multilinear, numbers: &[u32]) {
        (0..numbers.len()).for_each(|dial| self.set_one(form, dial, numbers[dial]));
    }

    /// Sets the widths that follow one.
    pub(super) fn set_one(&self, form: &mut Multilinear, dial: usize, number: u32) {
        let dial = &self.dials[dial];
        for along in &dial.moves {
            if let Some(width) = dial.width(&self.form, along, number) {
                form.set(along.knob, width);
            }
        }
    }

    fn count(&self, numbers: &[u32]) -> i128 {
        let mut form = self.form.clone();
        self.set(&mut form, numbers);
        form.totals().madds
    }

    /// What a module's share of the budget is, by what it costs now.
    fn quota(&self, module: usize, goal: Goal) -> i128 {
        let now = |numbers: &[u32]| self.share(module, numbers);
        let as_it_stands: Vec<u32> = self.dials.iter().map(|dial| dial.from).collect();
        now(&as_it_stands) * i128::from(goal.budget) / self.form.totals().madds.max(1)
    }

    /// What the convolutions of a module cost when numbers are these.
    fn share(&self, module: usize, numbers: &[u32]) -> i128 {
        let Ok(graph) = self.graph.with_widths(&self.widths(numbers)) else { return i128::MAX };
        let branches = self.modules[module].branches.iter();
        let nodes = branches.flat_map(|branch| branch.reduce.iter().chain(&branch.between).chain(&branch.last).copied());
        i128::try_from(graph.totals(nodes).cost.madds).unwrap_or(i128::MAX)
    }
}

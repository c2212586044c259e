//! The constants of the cover, the same for every input. They were chosen on planted networks; all other quantities are estimated.

/// The false discovery rate of pairs (Benjamini and Hochberg 1995).
pub(super) const DISCOVERY: f64 = 0.01;
/// The least deviance a pair has, in standard deviations.
pub(super) const FLOOR: f64 = 2.5;
/// Each level's threshold in parts of the one before; the first in parts of the deviance of the pair of rank n / 2.
pub(super) const LEVEL: f64 = 0.7;
/// The most levels.
pub(super) const LEVELS: usize = 14;
/// The most passes of hard EM from a pair.
pub(super) const PASSES: usize = 10;
/// How many of the largest rates are averaged into the rate of a member.
pub(super) const TOP: usize = 3;
/// The least rate of a member, in parts of that average.
pub(super) const MEMBER: f64 = 0.7;
/// The least rate of a member.
pub(super) const LEAST_RATE: f64 = 0.15;
/// The least rate of a member, in parts of its rate outside.
pub(super) const LIFT: f64 = 1.5;
/// Between these is the rate of members in the likelihood of a group.
pub(super) const RATES: (f64, f64) = (0.1, 0.97);
/// The most splits of the samples of a pair.
pub(super) const SPLITS: usize = 4;
/// The least statistic of a split, in standard deviations.
pub(super) const SPLIT: f64 = 4.0;
/// The least samples of a split.
pub(super) const SPLIT_SAMPLES: usize = 6;
/// The most that two sets share: as a part of an accepted set, of the new one, and of their union.
pub(super) const OVERLAP: f64 = 0.6;
/// A pair stands alone from this many times its expected count, and this many more.
pub(super) const PAIR: (f64, f64) = (2.0, 6.0);
/// A pair stands alone from this count, and from this part of the median count of groups.
pub(super) const PAIR_COUNT: (f64, f64) = (10.0, 0.25);
/// A hidden unit is a candidate for a sample from this gain: a multiple of the mean weight of a zero, and a number added.
pub(super) const CANDIDATE: (f64, f64) = (1.2, -1.0);
/// The most probable a one of a unit that is held on.
pub(super) const MOST_ON: f64 = 0.97;
/// The least probable a one of a unit that is not, in parts of that, where hidden units are decoded:
/// at first, and from the last level on, where groups of two and three have to be heard.
pub(super) const HEARD: (f64, f64) = (0.05, 0.02);
/// The same where edges are regressed: between levels, and at the end.
pub(super) const RAISED: (f64, f64) = (0.3, 0.05);
/// The least probable a one of a unit that is not held on.
pub(super) const LEAST_OFF: f64 = 0.001;
/// The least samples of a hidden unit.
pub(super) const LEAST_ACTIVE: usize = 4;
/// Two hidden units that are on together in a larger part of the samples of either are one.
pub(super) const SAME: f64 = 0.7;
/// A set is taken out of a larger one if it is at most this part of it ...
pub(super) const SMALLER: f64 = 0.8;
/// ... and at least this part of it lies inside.
pub(super) const INSIDE: f64 = 0.7;
/// Rounds of decoding and regression: of a level, and at the end.
pub(super) const ROUNDS: (usize, usize) = (4, 3);
/// The search ends at the floor where the groups grow by less than this part, or by one.
pub(super) const GROWTH: f64 = 0.005;
/// Rounds end where at most this part of the groups changes.
pub(super) const SETTLED: f64 = 0.05;
/// Partition mode is taken where units are pulled by at most this many groups in the mean.
pub(super) const OVERLAPS: f64 = 1.15;
/// The share of excess counts that is cut off at either end before they are averaged.
pub(super) const TRIM: f64 = 0.1;
/// The most passes of whole nodes; what one gains at least, in nats; and the least members of a cluster it moves to.
pub(super) const POLISH: usize = 10;
pub(super) const POLISH_GAIN: f64 = 2.0;
pub(super) const POLISH_SIZE: usize = 4;
/// Only the samples and units that changed groups touch are done again where at most this part of the groups changed.
pub(super) const PARTIAL: f64 = 0.25;

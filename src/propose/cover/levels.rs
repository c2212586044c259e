//! The search: pairs by falling thresholds, each grown into a group on what the groups so far leave unexplained.

use crate::propose::Samples;
use crate::propose::cover::constants::GROWTH;
use crate::propose::cover::constants::HEARD;
use crate::propose::cover::constants::LEVEL;
use crate::propose::cover::constants::LEVELS;
use crate::propose::cover::constants::RAISED;
use crate::propose::cover::constants::ROUNDS;
use crate::propose::cover::evidence::Evidence;
use crate::propose::cover::evidence::Level;
use crate::propose::cover::fit::Fit;
use crate::propose::cover::sweep::Left;
use crate::propose::cover::sweep::Spent;
use crate::propose::cover::sweep::sweep;
use crate::propose::lists::Lists;

/// All levels, and the rounds at the end.
pub(super) fn search<'a>(samples: &'a Samples, columns: &'a Lists, signed: bool, evidence: &mut Evidence) -> Fit<'a> {
    let mut fit = Fit::new(samples, columns, signed);
    let mut left = Left::of(&fit);
    let mut threshold = f64::INFINITY;
    let mut spent = Spent::new();
    for _ in 0..LEVELS {
        let Some(ranked) = left.pairs.get(samples.units() / 2).or(left.pairs.last()) else { break };
        threshold = LEVEL * if threshold.is_finite() { threshold } else { ranked.z };
        let last = threshold <= left.floor;
        let floor = left.floor;
        let mut level = Level { threshold: threshold.max(floor), floor, pairs: left.pairs.len(), ..Level::default() };
        let found = sweep(&left, &fit, last, &mut spent, &mut level);
        fit.heard = if last { HEARD.1 } else { HEARD.0 };
        let before = fit.groups.clone();
        fit.add(&found);
        fit.rounds(ROUNDS.0, RAISED.0, false);
        if fit.groups != before {
            fit.atomise();
            fit.refresh(false);
            left = Left::of(&fit);
        }
        level.groups = fit.groups.len();
        evidence.levels.push(level);
        let grown = fit.groups.len() as f64 - before.len() as f64;
        if last && (found.is_empty() || grown <= (GROWTH * before.len() as f64).max(1.0)) {
            break;
        }
    }
    fit.heard = HEARD.1;
    fit.rounds(1, RAISED.1, true);
    fit.atomise();
    fit.rounds(ROUNDS.1 - 1, RAISED.1, true);
    fit.decode(true);
    fit
}

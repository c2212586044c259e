//! The learning rate of each step.

use std::f64::consts::PI;

use crate::spec::Schedule;
use crate::spec::Train;

/// Of the one-cycle schedule: the share of steps on which the rate rises, how many times lower it starts, and how many times lower than
/// at the start it ends (Smith 2018, as PyTorch's `OneCycleLR` has them).
const RISE: f64 = 0.3;
const BELOW_AT_FIRST: f64 = 25.0;
const BELOW_AT_LAST: f64 = 1e4;

/// The learning rate of a step, counted from 0 over all epochs of `per_epoch` steps.
///
/// In the warm-up it rises linearly and reaches [`Train::lr`] with the warm-up's last step. Behind, `p` is the share of the
/// other steps that is done: `cosine` is `(1 + cos(pi p)) / 2`, `linear` `1 - p`, `polynomial` `(1 - p)^power`; `step` multiplies by its
/// factor after each so many whole epochs.
pub fn learning_rate(train: &Train, step: u64, per_epoch: u64) -> f64 {
    let (highest, total) = (train.lr.get(), u64::from(train.epochs) * per_epoch);
    let warmup = u64::from(train.warmup) * per_epoch;
    if step < warmup {
        return highest * (step + 1) as f64 / warmup as f64;
    }
    let (done, of) = (step - warmup, total.saturating_sub(warmup));
    let share = done as f64 / of.max(1) as f64;
    highest
        * match train.schedule {
            Schedule::Constant => 1.0,
            Schedule::Step => {
                let epochs = if train.step_epochs == 0 { train.epochs.div_ceil(3) } else { train.step_epochs };
                libm::pow(train.step_factor.get(), (step / per_epoch.max(1) / u64::from(epochs)) as f64)
            }
            Schedule::Cosine => half_cosine(1.0, 0.0, share),
            Schedule::Linear => 1.0 - share,
            Schedule::Polynomial => libm::pow(1.0 - share, train.power.get()),
            Schedule::OneCycle => {
                let (first, last) = (1.0 / BELOW_AT_FIRST, 1.0 / BELOW_AT_FIRST / BELOW_AT_LAST);
                let top = RISE * of as f64 - 1.0;
                let end = (of as f64 - 1.0).max(1.0);
                let done = done as f64;
                if done <= top { half_cosine(first, 1.0, done / top) } else { half_cosine(1.0, last, (done - top) / (end - top)) }
            }
        }
}

/// Between two values along half a cosine.
fn half_cosine(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * (1.0 + libm::cos(PI * share.min(1.0))) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Sources;
    use crate::spec::train_with;

    fn train(flags: &[(&str, &str)]) -> Train {
        let (train, found) = train_with(None, flags, &mut Sources::default());
        assert!(found.is_empty(), "{found:?}");
        train
    }

    fn rates(flags: &[(&str, &str)], steps: &[u64]) -> Vec<f64> {
        let train = train(flags);
        steps.iter().map(|&step| (learning_rate(&train, step, 10) * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn each_schedule_by_hand() {
        let base = [("epochs", "10"), ("lr", "1")];
        let of = |more: &[(&str, &str)], steps: &[u64]| rates(&[&base, more].concat(), steps);
        assert_eq!(of(&[("schedule", "constant")], &[0, 99]), [1.0, 1.0]);
        assert_eq!(of(&[("schedule", "linear")], &[0, 50, 99]), [1.0, 0.5, 0.01]);
        assert_eq!(of(&[("schedule", "cosine")], &[0, 50, 75]), [1.0, 0.5, 0.146_447]);
        assert_eq!(of(&[("schedule", "polynomial")], &[0, 75]), [1.0, 0.5]);
        assert_eq!(of(&[("schedule", "step")], &[0, 39, 40, 79, 80]), [1.0, 1.0, 0.1, 0.1, 0.01]);
        let paper = [("schedule", "step"), ("step_epochs", "8"), ("step_factor", "0.96")];
        assert_eq!(of(&paper, &[79, 80]), [1.0, 0.96]);
        assert_eq!(of(&[("schedule", "one_cycle")], &[0, 29, 99]), [0.04, 1.0, 0.000_004]);
    }

    #[test]
    fn the_warm_up_rises_to_the_highest_rate() {
        let flags = [("epochs", "10"), ("lr", "0.2"), ("warmup", "2"), ("schedule", "linear")];
        assert_eq!(rates(&flags, &[0, 9, 19, 20, 60]), [0.01, 0.1, 0.2, 0.2, 0.1]);
    }
}

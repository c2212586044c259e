//! Shares of clusters beyond what an untrained network of the same form shows, as far as they are known.
//!
//! What a trained network shows, `f`, is its architecture and its images as well as what it learned: untrained ones show `c_1 ... c_n`. Of the difference
//! `x = f - mean c` a part is kept, `max(0, 1 - sum v / sum x^2)`, where `v` are the variances of its components: the positive part of Stein's rule
//! (Efron and Morris 1973). A difference that chance may have made is not followed.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A trained network against untrained ones, in numbers that belong together: the shares of 1x1, 3x3 and 5x5 in clusters, or the one number of how much a
/// maximum tells that its middle does not. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Excess {
    /// Of the trained one.
    pub trained: Vec<f64>,
    /// What it is compared with: the mean of untrained ones, or what the spec has.
    pub baseline: Vec<f64>,
    /// Standard errors of the differences: of the choice of images, and of numbers to begin with.
    pub errors: Vec<f64>,
    /// The part of the differences that is kept, from 0 to 1.
    pub kept: f64,
}

impl Excess {
    /// Against untrained networks; `deviations` are the trained one's by the choice of images.
    ///
    /// The trained network began with numbers of its own too, so that each component may be as far from the mean of `n` untrained ones as a further one
    /// would be: its variance is that of a single one times `1 + 1/n`.
    pub fn of(trained: &[f64], controls: &[Vec<f64>], deviations: &[f64]) -> Excess {
        let count = controls.len() as f64;
        let mean = |at: usize| controls.iter().map(|control| control[at]).sum::<f64>() / count;
        let baseline: Vec<f64> = (0..trained.len()).map(mean).collect();
        let variance = |at: usize| {
            let squares: f64 = controls.iter().map(|control| (control[at] - baseline[at]).powi(2)).sum();
            squares / (count - 1.0).max(1.0)
        };
        let errors = (0..trained.len()).map(|at| (variance(at) * (1.0 + 1.0 / count) + deviations[at].powi(2)).sqrt()).collect();
        let mut excess = Excess { trained: trained.to_vec(), baseline, errors, kept: 0.0 };
        excess.kept = kept(&excess.differences(), &excess.errors);
        excess
    }

    /// Against what the spec has, taken as it is: all of the difference is kept, whatever its errors.
    pub fn whole(trained: &[f64], baseline: &[f64], errors: &[f64]) -> Excess {
        Excess { trained: trained.to_vec(), baseline: baseline.to_vec(), errors: errors.to_vec(), kept: 1.0 }
    }

    /// What is kept of each difference.
    pub fn followed(&self) -> Vec<f64> {
        self.differences().into_iter().map(|difference| self.kept * difference).collect()
    }

    fn differences(&self) -> Vec<f64> {
        self.trained.iter().zip(&self.baseline).map(|(trained, baseline)| trained - baseline).collect()
    }
}

/// `max(0, 1 - sum e^2 / sum x^2)` of differences `x` with standard errors `e`.
fn kept(differences: &[f64], errors: &[f64]) -> f64 {
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let all = squares(differences);
    if all > 0.0 { (1.0 - squares(errors) / all).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_within_their_errors_are_not_followed() {
        assert!((kept(&[0.3, -0.4], &[0.1, 0.2]) - 0.8).abs() < 1e-12);
        assert_eq!(kept(&[0.1, 0.0], &[0.1, 0.1]).to_bits(), 0.0_f64.to_bits());
        assert_eq!(kept(&[0.0], &[0.0]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn errors_are_of_images_and_of_beginnings() {
        let controls = [vec![0.2, 0.8], vec![0.4, 0.6], vec![0.3, 0.7]];
        let excess = Excess::of(&[0.8, 0.2], &controls, &[0.0, 0.3]);
        let near = |found: f64, want: f64| assert!((found - want).abs() < 1e-12, "{found} {want}");
        near(excess.baseline[0], 0.3);
        // Variance .01 of three, times 4/3.
        near(excess.errors[0], (0.01_f64 * 4.0 / 3.0).sqrt());
        near(excess.errors[1], (0.01_f64 * 4.0 / 3.0 + 0.09).sqrt());
        near(excess.kept, 1.0 - (0.02 * 4.0 / 3.0 + 0.09) / 0.5);
        near(excess.followed()[1], -0.5 * excess.kept);
    }
}

//! The log-likelihood of ones and zeros: `P(x_i = 1 | A_i > 0) = p_on`, `P(x_i = 1 | A_i <= 0) = p_off_i`, `A = G h`.

use crate::propose::cover::constants::CANDIDATE;

/// Weights in nats: what holding a unit on is worth, and what a hidden unit that is on is worth by itself.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// For each unit `ln(p_on / p_off_i)`: in a sample in which it is on.
    pub(super) one: Vec<f64>,
    /// For each unit `ln((1 - p_on) / (1 - p_off_i))`: in a sample in which it is off.
    pub(super) zero: Vec<f64>,
    /// For each hidden unit `logit(rho_j)`.
    pub(super) prior: Vec<f64>,
}

impl Weights {
    /// From the probabilities; `off` is raised to `raised` times `on`, and stays below it.
    pub(super) fn new(on: f64, off: &[f64], rates: &[f64], raised: f64) -> Weights {
        let off: Vec<f64> = off.iter().map(|p| p.max(raised * on).min(0.999 * on)).collect();
        Weights {
            one: off.iter().map(|p| (on / p).ln()).collect(),
            zero: off.iter().map(|p| ((1.0 - on) / (1.0 - p)).ln()).collect(),
            prior: rates.iter().map(|rate| (rate / (1.0 - rate)).ln()).collect(),
        }
    }

    /// The least gain of a hidden unit on its own that makes it a candidate for a sample.
    pub(super) fn least(&self) -> f64 {
        let mean = self.zero.iter().sum::<f64>() / self.zero.len().max(1) as f64;
        CANDIDATE.0 * mean + CANDIDATE.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_log_likelihood_ratios() {
        let weights = Weights::new(0.8, &[0.1, 0.4, 0.9], &[0.5, 0.1], 0.25);
        assert!((weights.one[0] - 4.0_f64.ln()).abs() < 1e-12, "0.1 is raised to 0.2");
        assert!((weights.one[1] - 2.0_f64.ln()).abs() < 1e-12 && (weights.zero[1] - (0.2_f64 / 0.6).ln()).abs() < 1e-12);
        assert!(weights.one[2] > 0.0 && weights.zero[2] < 0.0, "a one stays evidence");
        assert!(weights.prior[0].abs() < 1e-12 && (weights.prior[1] + 9.0_f64.ln()).abs() < 1e-12);
    }
}

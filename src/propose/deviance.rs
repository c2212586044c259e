//! How surprising counts are: the signed root deviance of Poisson counts, the divergence of Bernoulli rates, the normal tail.

/// `sign(C - e) sqrt(2 (C ln(C / e) - (C - e)))`: about standard normal where `count` is Poisson with mean `expected`.
pub(in crate::propose) fn deviance(count: f64, expected: f64) -> f64 {
    if expected <= 0.0 {
        return 0.0;
    }
    let entropy = if count > 0.0 { count * (count / expected).ln() } else { 0.0 };
    let root = (2.0 * (entropy - (count - expected))).max(0.0).sqrt();
    if count < expected { -root } else { root }
}

/// `KL(f || p)` of two Bernoulli rates, in nats; `p` is strictly between 0 and 1.
pub(in crate::propose) fn divergence(f: f64, p: f64) -> f64 {
    let part = |f: f64, p: f64| if f > 0.0 { f * (f / p).ln() } else { 0.0 };
    part(f, p) + part(1.0 - f, 1.0 - p)
}

/// `P(Z > z)` of a standard normal for `z >= 2`, by Laplace's continued fraction `phi(z) / (z + 1 / (z + 2 / (z + ...)))`.
pub(in crate::propose) fn tail(z: f64) -> f64 {
    let fraction = (1..=40).rev().fold(z, |below, k| z + f64::from(k) / below);
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt() / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert!((tail(2.0) - 0.022_750_131_948_179).abs() < 1e-10);
        assert!((tail(5.0) / 2.866_515_718_791_94e-7 - 1.0).abs() < 1e-10);
        assert!((deviance(10.0, 4.0) - (2.0 * (10.0 * 2.5_f64.ln() - 6.0)).sqrt()).abs() < 1e-12);
        assert!((deviance(0.0, 2.0) + 2.0).abs() < 1e-12);
        assert!(deviance(3.0, 3.0).abs() < 1e-9);
        assert!((divergence(1.0, 0.25) - 4.0_f64.ln()).abs() < 1e-12);
    }
}

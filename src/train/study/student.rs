//! Quantiles of Student's t distribution, by bisection of its tail probability.
//!
//! With `v` degrees of freedom `P(|T| > t) = I_x(v / 2, 1 / 2)`, `x = v / (v + t^2)`, `I` the regularized incomplete beta function
//! (Abramowitz and Stegun 1964, 26.5.27 and 26.7.1). `I` is the continued fraction 26.5.8, summed by Lentz's method.

/// Terms of the continued fraction, at most.
const TERMS: u32 = 10_000;
/// Halvings of the interval that holds the quantile; more than a double has bits.
const HALVINGS: u32 = 200;

/// The `t` that a variable with Student's distribution of `freedom` degrees exceeds in absolute value with probability `tail`.
///
/// # Panics
/// Without a degree of freedom, or on a `tail` that is not between 0 and 1.
pub fn t_quantile(freedom: u32, tail: f64) -> f64 {
    assert!(freedom > 0 && tail > 0.0 && tail < 1.0, "a quantile of {freedom} degrees of freedom at {tail}");
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(freedom, high) > tail && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if two_sided(freedom, middle) > tail { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// `P(|T| > t)`.
fn two_sided(freedom: u32, t: f64) -> f64 {
    let freedom = f64::from(freedom);
    incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))
}

/// `I_x(a, b)`.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front = libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x));
    // The fraction converges fast on this side of the mean; on the other I_x(a, b) = 1 - I_(1-x)(b, a).
    if x < (a + 1.0) / (a + b + 2.0) { front * fraction(a, b, x) / a } else { 1.0 - front * fraction(b, a, 1.0 - x) / b }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let kept = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / kept(1.0 - (a + b) * x / (a + 1.0)));
    let mut sum = d;
    for term in 1..TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for part in [even, odd] {
            d = 1.0 / kept(1.0 + part * d);
            c = kept(1.0 + part / c);
            factor = c * d;
            sum *= factor;
        }
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided 5 % points: table 26.10 of Abramowitz and Stegun. One degree is Cauchy's distribution, two have a closed form.
    #[test]
    fn quantiles_are_those_of_the_table() {
        for (freedom, wanted) in [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (29, 2.045), (120, 1.980)] {
            let found = t_quantile(freedom, 0.05);
            assert!((found - wanted).abs() < 5e-4, "{freedom}: {found}, {wanted}");
        }
        let cauchy = libm::tan(std::f64::consts::FRAC_PI_2 * 0.99);
        assert!((t_quantile(1, 0.01) - cauchy).abs() < 1e-9 * cauchy);
        // P(|T| > t) = 1 - t / sqrt(2 + t^2).
        let t = t_quantile(2, 0.3);
        assert!((1.0 - t / libm::sqrt(2.0 + t * t) - 0.3).abs() < 1e-12);
    }
}

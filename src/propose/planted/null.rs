//! Nothing planted: units that are independent, with log-normal densities.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::Samples;
use crate::propose::lists::Lists;
use crate::propose::planted::RecipeError;

/// The most a unit is on.
const DENSEST: f64 = 0.5;

/// Independent units: unit i is on with probability `median exp(spread z_i)`, at most a half, with `z_i` standard normal.
pub fn null(samples: usize, units: usize, median: f64, spread: f64, seed: u64) -> Result<Samples, RecipeError> {
    let most = 1 << 31;
    if units == 0 || units > most || samples > most {
        return Err(RecipeError::Units);
    }
    if !(0.0..=1.0).contains(&median) || !spread.is_finite() {
        return Err(RecipeError::Probability);
    }
    let mut random = Random::new(seed, Purpose::Planted, 0);
    // Box and Muller 1958; the logarithm is of a number above 0.
    let mut normal = || {
        let radius = (-2.0 * libm::log(1.0 - random.between(0.0, 1.0))).sqrt();
        radius * libm::cos(random.between(0.0, std::f64::consts::TAU))
    };
    let rates: Vec<f64> = (0..units).map(|_| (median * libm::exp(spread * normal())).min(DENSEST)).collect();
    let mut one = || (0..units as u32).filter(|&unit| random.between(0.0, 1.0) < rates[unit as usize]).collect::<Vec<_>>();
    let lists: Lists = (0..samples).map(|_| one()).collect();
    Ok(Samples::of(units, lists))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_unit_has_the_median_density() {
        let samples = null(2000, 301, 0.05, 0.6, 1).expect("is valid");
        let columns = samples.columns();
        let mut counts: Vec<usize> = columns.iter().map(<[u32]>::len).collect();
        counts.sort_unstable();
        assert!((80..120).contains(&counts[150]), "{}", counts[150]);
        assert!(counts[30] < 60 && counts[270] > 160);
        assert_eq!(null(10, 0, 0.1, 0.5, 0), Err(RecipeError::Units));
        assert_eq!(null(10, 5, 0.1, f64::NAN, 0), Err(RecipeError::Probability));
    }
}

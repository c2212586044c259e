//! Nothing planted: units that are independent, with log-normal densities.

use crate::base::Random;
use crate::propose::Samples;
use crate::propose::lists::Lists;
use crate::propose::planted::Recipe;

/// The most a unit is on.
const DENSEST: f64 = 0.5;

/// Samples `[samples, units]` of a recipe's independent units.
pub(super) fn independent(recipe: &Recipe, spread: f64, random: &mut Random) -> Samples {
    // Box and Muller 1958; the logarithm is of a number above 0.
    let mut normal = || {
        let radius = (-2.0 * libm::log(1.0 - random.between(0.0, 1.0))).sqrt();
        radius * libm::cos(random.between(0.0, std::f64::consts::TAU))
    };
    let density = |normal: f64| (recipe.rate * libm::exp(spread * normal)).min(DENSEST);
    let rates: Vec<f64> = (0..recipe.units).map(|_| density(normal())).collect();
    let mut one = || (0..recipe.units as u32).filter(|&unit| random.between(0.0, 1.0) < rates[unit as usize]).collect::<Vec<_>>();
    let lists: Lists = (0..recipe.samples).map(|_| one()).collect();
    Samples::of(recipe.units, lists)
}

#[cfg(test)]
mod tests {
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    #[test]
    fn the_median_unit_has_the_median_density() {
        let tier = Tier::Independent { spread: 0.6 };
        let recipe = Recipe { tier, units: 301, hidden: 0, rate: 0.05, noise: 0.0, samples: 2000 };
        let planted = draw(&recipe, 1, 0).expect("is valid");
        assert!(planted.layers[0].is_empty());
        let columns = planted.observed.columns();
        let mut counts: Vec<usize> = columns.iter().map(<[u32]>::len).collect();
        counts.sort_unstable();
        assert!((80..120).contains(&counts[150]), "{}", counts[150]);
        assert!(counts[30] < 60 && counts[270] > 160);
        assert_ne!(draw(&recipe, 1, 1).expect("is valid"), planted);
    }
}

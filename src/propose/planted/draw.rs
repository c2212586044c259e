//! Draws a planted network and its samples: `h ~ Bernoulli(rho)`, then `1[G h > 0]` layer by layer, then noise.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::lists::Lists;
use crate::propose::planted::Planted;
use crate::propose::planted::Recipe;
use crate::propose::planted::RecipeError;
use crate::propose::planted::Tier;
use crate::propose::planted::fire::disturb;
use crate::propose::planted::fire::fire;
use crate::propose::planted::fire::signs;
use crate::propose::planted::independent::independent;

/// Parts of the largest weight.
const MILLION: usize = 1_000_000;

/// Draws what a recipe describes; the same for the same seed and index on every machine.
pub fn draw(recipe: &Recipe, seed: u64, index: u64) -> Result<Planted, RecipeError> {
    recipe.check()?;
    let mut random = Random::new(seed, Purpose::Planted, index);
    let layers = match recipe.tier {
        Tier::Independent { spread } => {
            let clean = independent(recipe, spread, &mut random);
            return Ok(Planted { layers: vec![Vec::new()], hidden: Vec::new(), observed: noisy(clean, recipe, &mut random) });
        }
        Tier::Disjoint => vec![disjoint(recipe, &mut random)],
        Tier::Overlapping { degree } | Tier::Real { degree } => vec![sparse(recipe.units, recipe.hidden, degree, &mut random)],
        Tier::Chain { degree } => {
            let low = sparse(recipe.units, recipe.hidden, degree, &mut random);
            vec![low, sparse(recipe.hidden, recipe.hidden, degree, &mut random)]
        }
    };
    let mut hidden = vec![bernoulli(recipe.samples, recipe.hidden, recipe.rate, &mut random)];
    if let [_, high] = &layers[..] {
        let low = fire(&signs(high), &hidden[0], recipe.hidden);
        hidden.insert(0, low);
    }
    let mut weighted = signs(&layers[0]);
    if let Tier::Real { .. } = recipe.tier {
        // Weights in millionths, so that sums are exact.
        weighted.iter_mut().flatten().for_each(|(_, weight)| *weight *= 1 + random.below(MILLION) as i64);
    }
    let clean = fire(&weighted, &hidden[0], recipe.units);
    Ok(Planted { layers, hidden, observed: noisy(clean, recipe, &mut random) })
}

fn noisy(clean: Samples, recipe: &Recipe, random: &mut Random) -> Samples {
    if recipe.noise > 0.0 { disturb(&clean, recipe.noise, random) } else { clean }
}

/// Groups of equal size, up to one, that hold each unit once.
fn disjoint(recipe: &Recipe, random: &mut Random) -> Vec<Group> {
    let mut units: Vec<u32> = (0..recipe.units as u32).collect();
    random.shuffle(&mut units);
    let mut groups = vec![Group::default(); recipe.hidden];
    units.iter().enumerate().for_each(|(at, &unit)| groups[at % recipe.hidden].positive.push(unit));
    groups.iter_mut().for_each(|group| group.positive.sort_unstable());
    groups
}

/// Each of `hidden` units is joined to each of `units` with probability `degree / units`.
fn sparse(units: usize, hidden: usize, degree: f64, random: &mut Random) -> Vec<Group> {
    let joined = degree / units as f64;
    let one = |_| {
        let mut group = Group::default();
        for unit in 0..units as u32 {
            if random.between(0.0, 1.0) < joined {
                if random.coin() { &mut group.positive } else { &mut group.negative }.push(unit);
            }
        }
        group
    };
    (0..hidden).map(one).collect()
}

fn bernoulli(samples: usize, units: usize, rate: f64, random: &mut Random) -> Samples {
    let mut one = || (0..units as u32).filter(|_| random.between(0.0, 1.0) < rate).collect::<Vec<_>>();
    let lists: Lists = (0..samples).map(|_| one()).collect();
    Samples::of(units, lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: Recipe =
        Recipe { tier: Tier::Overlapping { degree: 10.0 }, units: 300, hidden: 200, rate: 0.05, noise: 0.0, samples: 400 };

    #[test]
    fn draws_have_the_means_asked_for_and_follow_the_seed() {
        let planted = draw(&RECIPE, 3, 0).expect("is valid");
        let edges: usize = planted.layers[0].iter().map(Group::edges).sum();
        let positive: usize = planted.layers[0].iter().map(|group| group.positive.len()).sum();
        assert!((1850..2150).contains(&edges), "{edges}");
        assert!((900..1100).contains(&positive), "{positive}");
        assert!((3800..4200).contains(&planted.hidden[0].total()));
        assert_eq!(draw(&RECIPE, 3, 0).expect("is valid"), planted);
        assert_ne!(draw(&RECIPE, 3, 1).expect("is valid"), planted);
        assert_ne!(draw(&RECIPE, 4, 0).expect("is valid"), planted);
    }

    #[test]
    fn disjoint_groups_hold_each_unit_once() {
        let planted = draw(&Recipe { tier: Tier::Disjoint, hidden: 7, ..RECIPE }, 0, 0).expect("is valid");
        let mut units: Vec<u32> = planted.layers[0].iter().flat_map(|group| group.positive.clone()).collect();
        units.sort_unstable();
        assert!(units.into_iter().eq(0..300));
        assert!(planted.layers[0].iter().all(|group| (42..=43).contains(&group.edges())));
    }

    #[test]
    fn a_chain_has_two_layers() {
        let planted = draw(&Recipe { tier: Tier::Chain { degree: 8.0 }, ..RECIPE }, 0, 0).expect("is valid");
        assert_eq!(fire(&signs(&planted.layers[1]), &planted.hidden[1], 200), planted.hidden[0]);
        assert_eq!(fire(&signs(&planted.layers[0]), &planted.hidden[0], 300), planted.observed);
        // Real weights are on the same edges, and hold other units on.
        let [signed, real] = [Tier::Overlapping { degree: 10.0 }, Tier::Real { degree: 10.0 }]
            .map(|tier| draw(&Recipe { tier, ..RECIPE }, 0, 0).expect("is valid"));
        assert_eq!((&signed.layers, &signed.hidden), (&real.layers, &real.hidden));
        assert_ne!(signed.observed, real.observed);
    }

    #[test]
    fn recipes_are_checked() {
        assert_eq!(draw(&Recipe { units: 0, ..RECIPE }, 0, 0), Err(RecipeError::Units));
        assert_eq!(draw(&Recipe { rate: 1.5, ..RECIPE }, 0, 0), Err(RecipeError::Probability));
        assert_eq!(draw(&Recipe { noise: f64::NAN, ..RECIPE }, 0, 0), Err(RecipeError::Probability));
        let none = Recipe { tier: Tier::Independent { spread: 0.5 }, hidden: 0, ..RECIPE };
        assert_eq!(draw(&Recipe { hidden: 3, ..none }, 0, 0), Err(RecipeError::Units));
        assert_eq!(draw(&Recipe { hidden: 0, ..RECIPE }, 0, 0), Err(RecipeError::Units));
        assert_eq!(draw(&Recipe { tier: Tier::Independent { spread: -0.1 }, ..none }, 0, 0), Err(RecipeError::Spread));
        assert_eq!(draw(&Recipe { tier: Tier::Independent { spread: f64::NAN }, ..none }, 0, 0), Err(RecipeError::Spread));
        assert_eq!(draw(&Recipe { tier: Tier::Chain { degree: 250.0 }, ..RECIPE }, 0, 0), Err(RecipeError::Degree));
    }
}

//! What holds of every cover.

use proptest::prelude::*;

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::cover::Cover;
use crate::propose::cover::cover;
use crate::propose::cover::layers;
use crate::propose::planted::Planted;
use crate::propose::planted::Recipe;
use crate::propose::planted::Tier;
use crate::propose::planted::draw;
use crate::propose::planted::relabel;
use crate::propose::planted::score;

const OVERLAPPING: Recipe =
    Recipe { tier: Tier::Overlapping { degree: 10.0 }, units: 120, hidden: 50, rate: 0.04, noise: 0.0, samples: 2000 };

const DISJOINT: Recipe = Recipe { tier: Tier::Disjoint, units: 120, hidden: 12, rate: 0.05, noise: 0.4, samples: 1000 };

fn planted(recipe: &Recipe, seed: u64) -> Planted {
    draw(recipe, seed, 0).expect("is valid")
}

fn samples(units: usize, rows: impl Iterator<Item = Vec<u32>>) -> Samples {
    let sorted = rows.map(|mut row| {
        row.sort_unstable();
        row
    });
    Samples::new(units, sorted).expect("is valid")
}

/// The groups in an order of their own.
fn set(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort();
    groups
}

fn is_sound(found: &Cover, samples: &Samples) {
    let sound = |units: &[u32]| {
        units.windows(2).all(|two| two[0] < two[1]) && units.iter().all(|&unit| (unit as usize) < samples.units())
    };
    assert!(found.groups.iter().all(|group| sound(&group.positive) && sound(&group.negative) && group.positive.len() >= 2));
    assert_eq!((found.hidden.len(), found.hidden.units()), (samples.len(), found.groups.len()));
    assert_eq!(found.rates.len(), found.groups.len());
    assert!(found.hidden.iter().flatten().all(|&at| (at as usize) < found.groups.len()));
    assert!(found.saved.is_finite() && found.rates.iter().all(|rate| (0.0..=1.0).contains(rate)));
}

#[test]
fn small_networks_are_recovered() {
    for seed in 0..3 {
        let truth = planted(&OVERLAPPING, seed);
        let found = cover(&truth.observed);
        is_sound(&found, &truth.observed);
        let result = score(&truth.layers[0], &found.groups);
        assert!(result.f1 > 0.96 && result.negative_precision > 0.9, "{result:?}");
        assert!(!found.evidence.disjoint && found.saved > 1000.0);
    }
    for seed in 0..3 {
        let truth = planted(&DISJOINT, seed);
        let found = cover(&truth.observed);
        is_sound(&found, &truth.observed);
        let result = score(&truth.layers[0], &found.groups);
        assert!(result.f1 > 0.99 && found.evidence.disjoint, "{result:?}");
        assert!(found.groups.iter().all(|group| group.negative.is_empty()));
    }
}

#[test]
fn both_layers_of_a_chain_are_recovered() {
    let recipe = Recipe { tier: Tier::Chain { degree: 7.0 }, units: 200, hidden: 200, rate: 0.01, samples: 8000, ..OVERLAPPING };
    let truth = planted(&recipe, 0);
    let found = layers(&truth.observed, 2);
    let low = score(&truth.layers[0], &found[0].groups);
    let high = score(&truth.layers[1], &relabel(&found[1].groups, &low.matched, recipe.hidden));
    assert!(low.f1 > 0.85 && high.f1 > 0.75, "{low:?} {high:?}");
}

#[test]
fn permuted_units_give_permuted_groups() {
    for recipe in [OVERLAPPING, DISJOINT] {
        let truth = planted(&recipe, 1);
        let mut names: Vec<u32> = (0..120).collect();
        Random::new(1, Purpose::Cover, 0).shuffle(&mut names);
        let renamed = samples(120, truth.observed.iter().map(|ones| ones.iter().map(|&unit| names[unit as usize]).collect()));
        let rename = |units: &[u32]| {
            let mut named: Vec<u32> = units.iter().map(|&unit| names[unit as usize]).collect();
            named.sort_unstable();
            named
        };
        let expected = cover(&truth.observed).groups.into_iter();
        let expected = expected.map(|group| Group { positive: rename(&group.positive), negative: rename(&group.negative) });
        assert_eq!(set(cover(&renamed).groups), set(expected.collect()));
    }
}

#[test]
fn a_dead_unit_changes_nothing() {
    for recipe in [OVERLAPPING, DISJOINT] {
        let truth = planted(&recipe, 2);
        let expected = cover(&truth.observed);
        let name = |unit: u32| unit + u32::from(unit >= 60);
        let shift = |units: &[u32]| units.iter().map(|&unit| name(unit)).collect::<Vec<_>>();
        let found = cover(&samples(121, truth.observed.iter().map(shift)));
        let groups = expected.groups.iter();
        let groups: Vec<Group> =
            groups.map(|group| Group { positive: shift(&group.positive), negative: shift(&group.negative) }).collect();
        assert_eq!(found, Cover { groups, ..expected });
    }
}

#[test]
fn a_duplicate_joins_its_twin() {
    for recipe in [OVERLAPPING, DISJOINT] {
        let truth = planted(&recipe, 3);
        let twin = |ones: &[u32]| {
            let both = ones.contains(&7).then_some(120);
            ones.iter().copied().chain(both).collect()
        };
        let found = cover(&samples(121, truth.observed.iter().map(twin)));
        let holds = |unit: u32| found.groups.iter().map(move |group| group.positive.contains(&unit));
        assert!(holds(7).any(|held| held) && holds(7).eq(holds(120)));
    }
}

#[test]
fn nothing_is_found_where_nothing_is_planted() {
    for seed in 0..6 {
        let (tier, rate) = (Tier::Independent { spread: 0.6 }, [0.02, 0.1, 0.3][seed as usize % 3]);
        let none = planted(&Recipe { tier, units: 150, hidden: 0, rate, noise: 0.0, samples: 1000 }, seed).observed;
        let found = cover(&none);
        is_sound(&found, &none);
        assert_eq!(found.groups, []);
        assert!(found.saved.abs() < 1e-6);
        assert!(layers(&none, 3).is_empty());
    }
}

#[test]
fn bytes_do_not_hang_on_threads() {
    for recipe in [OVERLAPPING, DISJOINT] {
        let truth = planted(&recipe, 4);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("starts");
            let found = pool.install(|| cover(&truth.observed));
            (format!("{found:?}"), found)
        };
        assert_eq!(with(1), with(2));
    }
}

#[test]
fn samples_without_units_or_ones_have_no_cover() {
    let rows = |count: usize| std::iter::repeat_n(Vec::<u32>::new(), count);
    for none in [samples(0, rows(0)), samples(0, rows(3)), samples(3, rows(0)), samples(3, rows(5))] {
        let found = cover(&none);
        assert_eq!((found.groups.len(), found.hidden.len()), (0, none.len()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_samples_have_a_sound_cover(
        rows in proptest::collection::vec(proptest::collection::btree_set(0_u32..12, 0..12), 0..80),
        copies in 1_usize..6,
    ) {
        // Copies make pairs deviant; units that are always on are among the samples too.
        let repeated = rows.iter().flat_map(|row| std::iter::repeat_n(row, copies));
        let samples = samples(13, repeated.map(|row| row.iter().copied().chain([12]).collect()));
        is_sound(&cover(&samples), &samples);
    }
}

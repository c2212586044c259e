//! Setting aside images for validation.

use nas::data::Manner;
use nas::data::split;

/// 60 images of class 0, 30 of class 1, 10 of class 2, mixed.
fn labels() -> Vec<u16> {
    let of = |at: usize| match at % 10 {
        0..6 => 0,
        6..9 => 1,
        _ => 2,
    };
    (0..100).map(of).collect()
}

fn counts(places: &[usize]) -> [usize; 3] {
    let mut counts = [0; 3];
    places.iter().for_each(|&at| counts[usize::from(labels()[at])] += 1);
    counts
}

#[test]
fn parts_are_all_places_in_order() {
    for manner in [Manner::Stratified, Manner::Plain] {
        let split = split(&labels(), 0.1, 7, manner);
        assert_eq!((split.train.len(), split.validation.len()), (90, 10));
        assert!(split.train.is_sorted() && split.validation.is_sorted());
        let mut all = [split.train, split.validation].concat();
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }
}

#[test]
fn strata_give_their_share() {
    for seed in 0..20 {
        assert_eq!(counts(&split(&labels(), 0.1, seed, Manner::Stratified).validation), [6, 3, 1]);
    }
    // 15, 7.5 and 2.5: the sum is 25, and the first of equal remainders gets one more.
    assert_eq!(counts(&split(&labels(), 0.25, 0, Manner::Stratified).validation), [15, 8, 2]);
    let plain: Vec<[usize; 3]> = (0..20).map(|seed| counts(&split(&labels(), 0.1, seed, Manner::Plain).validation)).collect();
    assert!(plain.iter().any(|counts| *counts != [6, 3, 1]), "{plain:?}");
}

#[test]
fn seeds_give_their_own_splits() {
    for manner in [Manner::Stratified, Manner::Plain] {
        assert_eq!(split(&labels(), 0.1, 3, manner), split(&labels(), 0.1, 3, manner));
        assert_ne!(split(&labels(), 0.1, 3, manner), split(&labels(), 0.1, 4, manner));
    }
}

#[test]
fn ends_of_the_range_hold() {
    assert!(split(&labels(), 0.0, 0, Manner::Stratified).validation.is_empty());
    assert_eq!(counts(&split(&labels(), 1.0, 0, Manner::Stratified).train), [1, 1, 1], "a class keeps an image to learn from");
    assert!(split(&labels(), 1.0, 0, Manner::Plain).train.is_empty());
    assert_eq!(split(&[], 0.1, 0, Manner::Stratified).train.len(), 0);
    assert_eq!(split(&[5, 5, 9], 0.9, 0, Manner::Stratified).validation.len(), 1, "the only image of a class stays");
}

//! What holds for one pass over any activations.

use rayon::ThreadPoolBuilder;

use crate::kernel::Arch;
use crate::propose::StatisticsError;
use crate::propose::sample::covariance;
use crate::propose::sample::noise;
use crate::propose::sample::reorder;
use crate::propose::sample::smooth;
use crate::propose::sample::statistics;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::Statistics;

/// Channels that share a smooth part, at different scales, far from zero.
fn activations(channels: usize, height: usize, width: usize, images: usize) -> (MapShape, Vec<f32>) {
    let wide = MapShape { channels, height: height + 2, width: width + 2 };
    let (shape, mut values) = smooth(wide, &noise(wide, images, 3), 1);
    for at in 1..values.len() {
        values[at] += 0.5 * values[at - 1];
    }
    for (number, map) in values.chunks_exact_mut(shape.positions()).enumerate() {
        let channel = number % channels;
        let scale = [1.0, 30.0, 0.002, 7.0][channel % 4];
        map.iter_mut().for_each(|value| *value = (*value + channel as f32) * scale);
    }
    (shape, values)
}

/// The largest difference of two passes' covariances in units of deviations.
fn apart(a: &Statistics, b: &Statistics) -> f64 {
    let variances = a.variances();
    let mut worst = 0.0_f64;
    for offset in 0..a.offsets().half().len() {
        let pairs = a.covariances(offset).into_iter().zip(b.covariances(offset)).enumerate();
        for (at, (a, b)) in pairs {
            let unit = (variances[at / variances.len()] * variances[at % variances.len()]).sqrt();
            worst = worst.max((a - b).abs() / unit);
        }
    }
    worst
}

#[test]
fn covariances_are_those_of_the_definition_on_every_instruction_set() {
    for (channels, height, width, radius, images) in [(19, 6, 5, 2, 53), (5, 3, 4, 1, 30), (3, 20, 17, 4, 4), (33, 1, 1, 0, 60)] {
        let (shape, values) = activations(channels, height, width, images);
        for arch in Arch::all() {
            let mut found = Statistics::new(arch, shape, Offsets::new(radius), 0).unwrap();
            found.add(&values).unwrap();
            let variances = found.variances();
            for (number, &[down, right]) in found.offsets().half().iter().enumerate() {
                let all = found.covariances(number);
                for channel in 0..channels {
                    let other = (channel * 7 + number) % channels;
                    let unit = (variances[channel] * variances[other]).sqrt();
                    let want = covariance(shape, &values, [down, right], channel, other);
                    let got = found.covariance([down, right], channel, other).unwrap();
                    assert!((got - want).abs() < 2e-6 * unit, "{shape:?} {arch} {down} {right}: {} {}", got / unit, want / unit);
                    assert!((all[channel * channels + other] - got).abs() < 1e-12 * unit);
                    let turned = found.covariance([-down, -right], other, channel).unwrap();
                    assert!((turned - got).abs() < 1e-12 * unit);
                }
            }
        }
    }
}

#[test]
fn means_and_variances_are_those_of_the_definition() {
    let (shape, values) = activations(6, 5, 4, 60);
    let found = statistics(shape, 1, &values);
    for channel in 0..6 {
        let images: Vec<Vec<f64>> = values
            .chunks_exact(shape.values())
            .map(|image| image[channel * 20..][..20].iter().map(|&value| f64::from(value)).collect())
            .collect();
        let mean = images.iter().flatten().sum::<f64>() / 1200.0;
        let variance = images.iter().flatten().map(|value| (value - mean).powi(2)).sum::<f64>() / 1200.0;
        let between: f64 = images.iter().map(|image| (image.iter().sum::<f64>() / 20.0 - mean).powi(2)).sum();
        let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-11 * want.abs(), "{got} {want}");
        near(found.means()[channel], mean);
        near(found.variances()[channel], variance);
        near(found.between_images()[channel], between);
    }
}

#[test]
fn parts_are_merged_to_the_whole() {
    let (shape, values) = activations(20, 6, 7, 100);
    let whole = statistics(shape, 2, &values);
    for (cut, most) in [(48, 1e-10), (72, 1e-10), (1, 1e-5), (31, 1e-5), (99, 1e-5)] {
        let (first, second) = values.split_at(cut * shape.values());
        let mut merged = statistics(shape, 2, first);
        let mut rest = Statistics::new(Arch::best(), shape, Offsets::five(), cut as u64).unwrap();
        rest.add(second).unwrap();
        let mut turned = rest.clone();
        turned.merge(&merged).unwrap();
        merged.merge(&rest).unwrap();
        for merged in [merged, turned] {
            assert_eq!(merged.images(), 100);
            assert!(apart(&whole, &merged) < most, "{cut}: {}", apart(&whole, &merged));
            let of = |statistics: &Statistics| [statistics.variances(), statistics.means().to_vec()].concat();
            for (a, b) in of(&whole).into_iter().zip(of(&merged)) {
                assert!((a - b).abs() < 1e-10 * a.abs());
            }
        }
    }
    let mut empty = Statistics::new(Arch::best(), shape, Offsets::five(), 0).unwrap();
    empty.merge(&whole).unwrap();
    assert!(apart(&whole, &empty) < 1e-15);
}

#[test]
fn blocks_begin_at_fixed_images_wherever_a_pass_begins() {
    let (shape, values) = activations(20, 6, 7, 100);
    let from = |first: usize, end: usize| {
        let mut statistics = Statistics::new(Arch::best(), shape, Offsets::five(), first as u64).unwrap();
        statistics.add(&values[first * shape.values()..end * shape.values()]).unwrap();
        statistics
    };
    let mut merged = from(5, 24);
    merged.merge(&from(24, 100)).unwrap();
    assert!(apart(&from(5, 100), &merged) < 1e-10);
    let mut batches = from(5, 48);
    batches.add(&values[48 * shape.values()..]).unwrap();
    assert!(apart(&from(5, 100), &batches) < 1e-15);
}

/// A second pass begins behind one that saw images far away from its own: the means between them matter.
#[test]
fn parts_with_different_means_are_merged() {
    let (shape, mut values) = activations(4, 5, 5, 48);
    for map in values[24 * shape.values()..].chunks_exact_mut(25) {
        map.iter_mut().enumerate().for_each(|(at, value)| *value += 3.0 * at as f32);
    }
    let found = statistics(shape, 2, &values);
    for (channel, other) in [(0, 0), (0, 1), (3, 2)] {
        for offset in [[0, 0], [1, -2], [2, 2], [-1, 0]] {
            let want = covariance(shape, &values, offset, channel, other);
            let unit = (found.variances()[channel] * found.variances()[other]).sqrt();
            assert!((found.covariance(offset, channel, other).unwrap() - want).abs() < 1e-6 * unit);
        }
    }
}

#[test]
fn bytes_do_not_hang_on_threads() {
    let (shape, values) = activations(70, 6, 7, 50);
    let bits = |threads: usize| -> Vec<u64> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| statistics(shape, 2, &values));
        let all = (0..13).flat_map(|offset| found.covariances(offset)).chain(found.variances()).chain([found.fourth()]);
        all.map(f64::to_bits).collect()
    };
    let one = bits(1);
    assert!(bits(2) == one && bits(5) == one);
}

#[test]
fn channels_may_stand_in_any_order() {
    let (shape, values) = activations(21, 5, 5, 30);
    let order: Vec<usize> = (0..21).map(|channel| channel * 8 % 21).collect();
    let (_, moved) = reorder(shape, &values, &order);
    let [found, moved] = [statistics(shape, 2, &values), statistics(shape, 2, &moved)];
    for (number, &offset) in found.offsets().half().iter().enumerate() {
        for channel in 0..21 {
            let other = (channel * 5 + number) % 21;
            let want = found.covariance(offset, order[channel], order[other]).unwrap();
            let unit = (moved.variances()[channel] * moved.variances()[other]).sqrt();
            assert!((moved.covariance(offset, channel, other).unwrap() - want).abs() < 1e-6 * unit);
        }
    }
}

#[test]
fn turning_maps_round_turns_offsets_round() {
    let (shape, values) = activations(5, 4, 6, 30);
    let turned: Vec<f32> = values.chunks_exact(24).flat_map(|map| map.iter().rev().copied()).collect();
    let [found, turned] = [statistics(shape, 2, &values), statistics(shape, 2, &turned)];
    for &[down, right] in found.offsets().half() {
        for (channel, other) in [(0, 0), (1, 4), (3, 2)] {
            let want = found.covariance([-down, -right], channel, other).unwrap();
            let unit = (found.variances()[channel] * found.variances()[other]).sqrt();
            assert!((turned.covariance([down, right], channel, other).unwrap() - want).abs() < 1e-6 * unit);
        }
    }
}

#[test]
fn large_and_small_values_neither_overflow_nor_vanish() {
    let (shape, values) = activations(4, 5, 5, 30);
    let factors = [1e30_f32, 1e-30, 1.0, 1e20];
    let far: Vec<f32> = values
        .chunks_exact(25)
        .enumerate()
        .flat_map(|(number, map)| map.iter().map(move |value| value * factors[number % 4]))
        .collect();
    let correlation = |statistics: &Statistics, offset, channel: usize, other: usize| {
        let variances = statistics.variances();
        statistics.covariance(offset, channel, other).unwrap() / (variances[channel] * variances[other]).sqrt()
    };
    let [near, far] = [statistics(shape, 2, &values), statistics(shape, 2, &far)];
    for (channel, other) in [(0, 1), (3, 2), (1, 1)] {
        for &offset in near.offsets().half() {
            let [a, b] = [&near, &far].map(|statistics| correlation(statistics, offset, channel, other));
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }
}

#[test]
fn what_cannot_be_counted_is_named() {
    let (shape, values) = activations(5, 4, 4, 60);
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut values = values.clone();
        values[(57 * 5 + 3) * 16 + 7] = bad;
        let mut statistics = Statistics::new(Arch::best(), shape, Offsets::five(), 100).unwrap();
        let error = statistics.add(&values).unwrap_err();
        assert_eq!(error, StatisticsError::NotFinite { channel: 3, image: 157 });
        assert_eq!(error.to_string(), "channel 3 of image 157 holds a value that is not finite");
    }
    let new = |shape| Statistics::new(Arch::best(), shape, Offsets::five(), 0);
    let small = new(MapShape { height: 2, ..shape }).unwrap_err();
    assert_eq!(small.to_string(), "maps of 2x4 are too small for offsets of 2: both sides must be larger");
    assert_eq!(new(MapShape { channels: 0, ..shape }).unwrap_err(), StatisticsError::NoChannels);
    let torn = new(shape).unwrap().add(&values[1..]).unwrap_err();
    assert_eq!(torn.to_string(), "4799 values are no whole number of maps of 5x4x4");
    let other = new(MapShape { channels: 6, ..shape }).unwrap();
    assert_eq!(new(shape).unwrap().merge(&other), Err(StatisticsError::Different));
}

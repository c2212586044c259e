//! What clusters and ranks say of activations that are known.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::Clusters;
use crate::propose::Correlations;
use crate::propose::Extent;
use crate::propose::Rank;
use crate::propose::Sampling;
use crate::propose::bootstrap;
use crate::propose::cluster;
use crate::propose::sample::noise;
use crate::propose::sample::reorder;
use crate::propose::sample::smooth;
use crate::propose::sample::statistics;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Statistics;

/// Channels of a planted cluster.
const MEMBERS: usize = 6;

/// Clusters of each extent in turn. Each has a field of its own that knows no neighbours; its channels show it at places that span a
/// window of the extent, with noise of half its deviation.
fn planted(clusters: usize, images: usize, seed: u64) -> (MapShape, Vec<f32>) {
    let mut random = Random::new(seed, Purpose::PlantedMaps, 1);
    let shape = MapShape { channels: clusters * MEMBERS, height: 9, width: 9 };
    let field = MapShape { channels: clusters, height: 13, width: 13 };
    let places: Vec<[usize; 2]> = (0..shape.channels)
        .map(|channel| {
            let side = Extent::ALL[channel / MEMBERS % 3].side();
            // Two opposite corners, and any place between.
            match channel % MEMBERS {
                0 => [0, 0],
                1 => [side - 1, side - 1],
                _ => [random.below(side), random.below(side)],
            }
        })
        .collect();
    let fields = noise(field, images, seed);
    let mut values = noise(shape, images, seed + 1);
    for (image, fields) in values.chunks_exact_mut(shape.values()).zip(fields.chunks_exact(field.values())) {
        for ((channel, map), [down, right]) in image.chunks_exact_mut(81).enumerate().zip(&places) {
            let field = &fields[channel / MEMBERS * 169..][..169];
            for (at, value) in map.iter_mut().enumerate() {
                *value = 0.5 * *value + field[(at / 9 + down) * 13 + at % 9 + right];
            }
        }
    }
    (shape, values)
}

fn clusters(shape: MapShape, radius: usize, values: &[f32]) -> Clusters {
    let statistics = statistics(shape, radius, values);
    let sampling = Sampling::of(&statistics).unwrap();
    cluster(&Correlations::of(&statistics, &sampling, false), 0.5)
}

/// The channels of each cluster with its extent, sorted.
fn partition(clusters: &Clusters) -> Vec<(Vec<usize>, Extent)> {
    let mut all: Vec<(Vec<usize>, Extent)> = clusters
        .clusters
        .iter()
        .map(|cluster| {
            let mut channels: Vec<usize> = cluster.members.iter().map(|member| member.channel).collect();
            channels.sort_unstable();
            channels.dedup();
            (channels, cluster.extent)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn planted_clusters_are_found_with_their_extents() {
    let mut right = 0;
    for seed in 0..3 {
        let (shape, values) = planted(60, 40, seed);
        let found = clusters(shape, 4, &values);
        let want: Vec<(Vec<usize>, Extent)> =
            (0..60).map(|cluster| ((cluster * MEMBERS..(cluster + 1) * MEMBERS).collect(), Extent::ALL[cluster % 3])).collect();
        let found_all = partition(&found);
        right += want.iter().filter(|cluster| found_all.contains(cluster)).count();
        let shares = found.shares();
        assert!(shares.iter().all(|share| (share - 1.0 / 3.0).abs() < 0.02), "{shares:?}");
    }
    assert!(right as f64 >= 0.98 * 180.0, "{right} of 180");
}

#[test]
fn clusters_are_the_same_in_any_order_and_at_any_scale() {
    let (shape, values) = planted(9, 30, 5);
    let found = partition(&clusters(shape, 2, &values));
    let count = shape.channels;
    let order: Vec<usize> = (0..count).map(|channel| channel * 11 % count).collect();
    let (_, mut moved) = reorder(shape, &values, &order);
    for (number, map) in moved.chunks_exact_mut(shape.positions()).enumerate() {
        let scale = [1.0, 0.03, 17.0, 333.3][number % count % 4];
        map.iter_mut().for_each(|value| *value *= scale);
    }
    let mut back = partition(&clusters(shape, 2, &moved));
    for (channels, _) in &mut back {
        channels.iter_mut().for_each(|channel| *channel = order[*channel]);
        channels.sort_unstable();
    }
    back.sort();
    assert_eq!(back, found);
}

#[test]
fn scales_do_not_change_correlations() {
    let (shape, values) = planted(6, 30, 6);
    let factor = |channel: usize| 0.37_f32.powi(channel as i32 % 9 - 4);
    let scaled: Vec<f32> = values
        .chunks_exact(81)
        .enumerate()
        .flat_map(|(number, map)| map.iter().map(move |value| value * factor(number % 36)))
        .collect();
    let [a, b] = [values, scaled].map(|values| {
        let statistics = statistics(shape, 2, &values);
        let sampling = Sampling::of(&statistics).unwrap();
        (Correlations::of(&statistics, &sampling, true), sampling)
    });
    assert!((a.1.shrinkage - b.1.shrinkage).abs() < 1e-5 && (a.1.effective / b.1.effective - 1.0).abs() < 1e-5);
    for &offset in a.0.offsets().half() {
        for channel in 0..36 {
            let [a, b] = [&a.0, &b.0].map(|correlations| correlations.at(offset, channel, channel * 5 % 36).unwrap());
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }
}

#[test]
fn dead_and_constant_channels_change_nothing() {
    let (shape, values) = planted(6, 30, 7);
    let count = shape.channels;
    // Behind the others: one that never changes, one that hardly does.
    let order: Vec<usize> = (0..count).chain([0, 1]).collect();
    let (more, mut with) = reorder(shape, &values, &order);
    for image in with.chunks_exact_mut(more.values()) {
        image[count * 81..][..81].fill(2.5);
        image[(count + 1) * 81..].iter_mut().for_each(|value| *value = 1.0 + *value * 1e-4);
    }
    let [plain, with] = [statistics(shape, 2, &values), statistics(more, 2, &with)];
    let [a, b] = [&plain, &with].map(|statistics| Sampling::of(statistics).unwrap());
    assert_eq!((&b.dead, &b.constant, &b.live), (&vec![count + 1], &vec![count], &a.live));
    assert!((a.effective / b.effective - 1.0).abs() < 1e-9 && (a.shrinkage / b.shrinkage - 1.0).abs() < 1e-6);
    let [one, other] = [Correlations::of(&plain, &a, false), Correlations::of(&with, &b, false)];
    assert_eq!(partition(&cluster(&one, 0.5)), partition(&cluster(&other, 0.5)));
    assert!(one == other, "correlations of live channels are the same to the bit");
    assert_eq!(Rank::of(&plain, &a, false), Rank::of(&with, &b, false));
}

#[test]
fn a_channel_joins_its_twin() {
    let (shape, values) = planted(6, 30, 8);
    let order: Vec<usize> = (0..shape.channels).chain([8]).collect();
    let (more, with) = reorder(shape, &values, &order);
    let found = partition(&clusters(more, 2, &with));
    let twins = found.iter().find(|(channels, _)| channels.contains(&8)).unwrap();
    assert!(twins.0.contains(&shape.channels), "{twins:?}");
    // Alone among strangers as well.
    let shape = MapShape { channels: 5, ..shape };
    let (more, with) = reorder(shape, &noise(shape, 30, 9), &[0, 1, 2, 3, 4, 2]);
    let found = partition(&clusters(more, 2, &with));
    let twins = (vec![2, 5], Extent::One);
    assert!(found.len() == 5 && found.contains(&twins), "{found:?}");
}

#[test]
fn smooth_channels_need_wide_filters_and_white_ones_do_not() {
    let shape = MapShape { channels: 12, height: 15, width: 15 };
    let white = noise(shape, 20, 10);
    assert!(clusters(shape, 2, &white).shares()[0] > 0.999_999);
    for (radius, extent) in [(1, Extent::Three), (4, Extent::Five)] {
        let (shape, values) = smooth(shape, &white, radius);
        let found = clusters(shape, 2, &values);
        // Smooth noise ends by chance: of three in four it is certain.
        let wide = found.clusters.iter().filter(|cluster| cluster.extent == extent).count();
        let narrow = found.clusters.iter().filter(|cluster| cluster.extent == Extent::One).count();
        assert!(4 * wide >= 3 * found.clusters.len() && narrow == 0, "{radius}: {:?}", partition(&found));
        // A channel counts once, however many positions show it.
        let alone =
            found.clusters.iter().find(|cluster| cluster.members.iter().all(|unit| unit.channel == cluster.members[0].channel));
        let alone = alone.unwrap();
        assert!(alone.members.len() > 1 && (alone.mass - 1.0).abs() < 1e-9, "{alone:?}");
    }
}

#[test]
fn patches_of_a_rank_have_it() {
    for rank in [2, 4, 8] {
        let wide = MapShape { channels: rank, height: 18, width: 18 };
        let (hidden, fields) = smooth(wide, &noise(wide, 100, 11), 2);
        let shape = MapShape { channels: 64, ..hidden };
        let mixing = noise(MapShape { channels: 64 * rank, height: 1, width: 1 }, 1, 12);
        let mut values = noise(shape, 100, 13);
        for (image, fields) in values.chunks_exact_mut(shape.values()).zip(fields.chunks_exact(hidden.values())) {
            for (map, mixing) in image.chunks_exact_mut(shape.positions()).zip(mixing.chunks_exact(rank)) {
                for (at, value) in map.iter_mut().enumerate() {
                    let field = |number: usize| fields[number * hidden.positions() + at] / (5.0 * (rank as f32).sqrt());
                    *value = 0.3 * *value + (0..rank).map(|number| mixing[number] * field(number)).sum::<f32>();
                }
            }
        }
        let statistics = statistics(shape, 2, &values);
        let found = Rank::of(&statistics, &Sampling::of(&statistics).unwrap(), false);
        for coherent in &found.coherent {
            assert!((coherent.rank - rank as f64).abs() <= 1.0, "ring {}: {} of {rank}", coherent.ring, coherent.rank);
        }
        // Noise that neighbours do not share fills all directions at one position.
        assert!(found.pca99 > 40.0 && found.pca95 <= found.pca99 && found.entropic > found.coherent[0].rank, "{found:?}");
        assert!(found.participation <= found.entropic);
    }
}

#[test]
fn shares_and_ranks_have_intervals() {
    let (shape, values) = planted(9, 60, 14);
    let groups: Vec<Statistics> = values.chunks_exact(3 * shape.values()).map(|group| statistics(shape, 2, group)).collect();
    let measure = |statistics: &Statistics| {
        let sampling = Sampling::of(statistics)?;
        let clusters = cluster(&Correlations::of(statistics, &sampling, false), 0.5);
        let rank = Rank::of(statistics, &sampling, false);
        Ok([&clusters.shares()[..], &[rank.entropic, rank.participation, rank.coherent[0].rank]].concat())
    };
    let whole = measure(&statistics(shape, 2, &values)).unwrap();
    for (number, interval) in bootstrap(&groups, 40, 1, measure).unwrap().iter().enumerate() {
        let [low, value, high] = [interval.low, whole[number], interval.high];
        // Drawing images again adds noise of its own, which raises what counts directions.
        assert!(high > low && interval.deviation < 0.05 * value, "{number}: {low} {value} {high}");
        assert!(value > 0.9 * low && value < 1.1 * high, "{number}: {low} {value} {high}");
    }
}

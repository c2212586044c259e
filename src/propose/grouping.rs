//! Clusters of a layer in numbers: shares by extent with their error, quality, and what a picture shows of them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use serde_json::value::RawValue;

use crate::propose::Cluster;
use crate::propose::Clusters;
use crate::propose::Correlations;
use crate::propose::Interval;
use crate::propose::Sampling;
use crate::propose::StatisticsError;
use crate::propose::adjusted_rand;
use crate::propose::bootstrap::bootstrap;
use crate::propose::cluster;
use crate::propose::statistics::Statistics;

/// Clusters that are told one by one, the largest of a layer.
const LARGEST: usize = 12;
/// Cells along a side of the table of correlations, at most.
const CELLS: usize = 96;
/// Positions along a side of the window around an anchor.
const WINDOW: usize = 5;

/// How often groups of images are drawn anew, and by which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// Replicates; none for no intervals.
    pub replicates: u64,
    /// Of the draws.
    pub seed: u64,
}

/// Clusters by extent.
#[cfg_attr(test, derive(Default))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grouping {
    /// How many.
    pub clusters: usize,
    /// The part of the squared correlation in clusters that a 1x1 filter covers.
    pub share_1x1: f64,
    /// The same of 3x3.
    pub share_3x3: f64,
    /// The same of 5x5 and what no 5x5 holds.
    pub share_5x5: f64,
    /// Where the three shares lie when images are drawn anew; none of one group of images.
    pub intervals: Option<[Interval; 3]>,
    /// The mean adjusted Rand index of these clusters and those of drawn images, channels being what is clustered.
    pub stability: Option<f64>,
    /// Objective: the sum over channels of the largest squared correlation with their cluster's anchor, an anchor counting 1.
    pub mass: f64,
    /// The mean correlation, without its sign, of channels with their cluster's anchor; none where each is alone.
    pub within: Option<f64>,
    /// The mean over clusters of the largest correlation, without its sign, of the anchor with a channel of another cluster, wherever in the window.
    pub beyond: Option<f64>,
    /// The largest.
    pub largest: Vec<Largest>,
    /// The channels that vary, those of a cluster beside each other, the largest clusters first.
    pub order: Vec<usize>,
    /// Correlations at one position in that order, in parts of a hundred; of many channels means over some that lie beside each other, so that a side has 96 at most.
    #[serde(serialize_with = "in_rows")]
    #[schemars(with = "Vec<Vec<i32>>")]
    pub matrix: Vec<Vec<i8>>,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Largest {
    /// Its channels; the first is what the others correlate with.
    pub channels: Vec<usize>,
    /// The side of the filter that covers it: 1, 3 or 5.
    pub extent: usize,
    /// The sum over its channels of the squared correlation with the first, which counts 1 itself.
    pub mass: f64,
    /// The sums of squared correlations by offset from the first, rows from two above it, columns from two to its left.
    pub window: [[f64; WINDOW]; WINDOW],
}

/// What else is measured of each replicate.
pub(super) struct Measured {
    pub(super) grouping: Grouping,
    pub(super) further: Vec<Interval>,
}

impl Grouping {
    /// Of groups of images, which are the `whole` together; `further` numbers are resampled with the shares.
    pub(super) fn of(
        whole: &Statistics,
        groups: &[Statistics],
        threshold: f32,
        resampling: Resampling,
        further: impl Fn(&Statistics, &Sampling) -> Vec<f64> + Sync,
    ) -> Result<Measured, StatisticsError> {
        let sampling = Sampling::of(whole)?;
        let correlations = Correlations::of(whole, &sampling, false);
        let found = cluster(&correlations, threshold);
        let labels = labels(&found, whole.shape().channels);
        let mut grouping = Grouping::found(&found, &correlations);
        if groups.len() < 2 || resampling.replicates == 0 {
            return Ok(Measured { grouping, further: Vec::new() });
        }
        let measure = |drawn: &Statistics| -> Result<Vec<f64>, StatisticsError> {
            let sampling = Sampling::of(drawn)?;
            let found = cluster(&Correlations::of(drawn, &sampling, false), threshold);
            let agreement = agreement(&labels, &self::labels(&found, drawn.shape().channels));
            Ok(found.shares().into_iter().chain([agreement]).chain(further(drawn, &sampling)).collect())
        };
        let intervals = bootstrap(groups, resampling.replicates, resampling.seed, measure)?;
        grouping.intervals = Some([intervals[0], intervals[1], intervals[2]]);
        grouping.stability = Some(intervals[3].mean);
        Ok(Measured { grouping, further: intervals[4..].to_vec() })
    }

    /// The shares of 1x1, 3x3 and 5x5.
    pub fn shares(&self) -> [f64; 3] {
        [self.share_1x1, self.share_3x3, self.share_5x5]
    }

    fn found(found: &Clusters, correlations: &Correlations) -> Grouping {
        let [share_1x1, share_3x3, share_5x5] = found.shares();
        let mut by_mass: Vec<&Cluster> = found.clusters.iter().collect();
        by_mass.sort_by(|a, b| b.mass.total_cmp(&a.mass));
        let order: Vec<usize> = by_mass.iter().flat_map(|cluster| channels(cluster)).collect();
        let [within, beyond] = quality(found, correlations);
        Grouping {
            clusters: found.clusters.len(),
            share_1x1,
            share_3x3,
            share_5x5,
            intervals: None,
            stability: None,
            mass: found.clusters.iter().map(|cluster| cluster.mass).sum(),
            within,
            beyond,
            largest: by_mass.iter().take(LARGEST).map(|cluster| Largest::of(cluster)).collect(),
            matrix: matrix(&order, correlations),
            order,
        }
    }
}

impl Largest {
    fn of(cluster: &Cluster) -> Largest {
        let mut window = [[0.0; WINDOW]; WINDOW];
        for member in &cluster.members {
            let [row, column] = member.offset.map(|far| (far + WINDOW as isize / 2) as usize);
            window[row][column] += f64::from(member.correlation).powi(2);
        }
        Largest { channels: channels(cluster), extent: cluster.extent.side(), mass: cluster.mass, window }
    }
}

/// The channels of a cluster, each once, in the order of its members.
fn channels(cluster: &Cluster) -> Vec<usize> {
    let mut channels: Vec<usize> = Vec::new();
    for member in &cluster.members {
        if !channels.contains(&member.channel) {
            channels.push(member.channel);
        }
    }
    channels
}

/// For each channel of a layer the number of its cluster.
fn labels(found: &Clusters, channels: usize) -> Vec<Option<usize>> {
    let mut labels = vec![None; channels];
    for (number, cluster) in found.clusters.iter().enumerate() {
        cluster.members.iter().for_each(|member| labels[member.channel] = Some(number));
    }
    labels
}

/// Over the channels that have a cluster in both.
fn agreement(one: &[Option<usize>], other: &[Option<usize>]) -> f64 {
    let both: Vec<(usize, usize)> = one.iter().zip(other).filter_map(|(one, other)| Some(((*one)?, (*other)?))).collect();
    let (one, other): (Vec<usize>, Vec<usize>) = both.into_iter().unzip();
    adjusted_rand(&one, &other)
}

/// The mean correlation of members with their anchor, and that of anchors with the nearest stranger.
fn quality(found: &Clusters, correlations: &Correlations) -> [Option<f64>; 2] {
    let live = correlations.channels();
    let place = |channel: usize| live.binary_search(&channel).expect("clusters are of live channels");
    let (mut members, mut strangers) = (Vec::new(), Vec::new());
    for cluster in &found.clusters {
        let own: Vec<usize> = channels(cluster).into_iter().map(place).collect();
        let anchor = own[0];
        members.extend(own[1..].iter().map(|&member| f64::from(correlations.strongest(anchor, member))));
        let others = (0..live.len()).filter(|other| !own.contains(other));
        strangers.extend(others.map(|other| correlations.strongest(anchor, other)).reduce(f32::max).map(f64::from));
    }
    [members, strangers].map(|all| (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64))
}

/// Correlations at one position in an order of channels, as many together as it takes.
fn matrix(order: &[usize], correlations: &Correlations) -> Vec<Vec<i8>> {
    let live = correlations.channels();
    let places: Vec<usize> =
        order.iter().map(|channel| live.binary_search(channel).expect("clusters are of live channels")).collect();
    let together = places.len().div_ceil(CELLS).max(1);
    let cell = |rows: &[usize], columns: &[usize]| {
        let pairs = rows.iter().flat_map(|&row| columns.iter().map(move |&column| (row, column)));
        let sum: f32 = pairs.map(|(row, column)| correlations.at([0, 0], row, column).unwrap_or(0.0)).sum();
        (100.0 * sum / (rows.len() * columns.len()) as f32).round() as i8
    };
    places.chunks(together).map(|rows| places.chunks(together).map(|columns| cell(rows, columns)).collect()).collect()
}

/// A line a row, where numbers would stand on a line each.
fn in_rows<S: Serializer>(matrix: &[Vec<i8>], serializer: S) -> Result<S::Ok, S::Error> {
    let row = |row: &Vec<i8>| {
        let text = serde_json::to_string(row).expect("a list of numbers");
        RawValue::from_string(text).expect("JSON")
    };
    serializer.collect_seq(matrix.iter().map(row))
}

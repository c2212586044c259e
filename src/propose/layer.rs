//! What the statistics of a layer say of the branches that should read it, in numbers: clusters by extent, of activations and of innovations, and
//! ranks.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::propose::Coherent;
use crate::propose::Grouping;
use crate::propose::Interval;
use crate::propose::Rank;
use crate::propose::Resampling;
use crate::propose::Sampling;
use crate::propose::StatisticsError;
use crate::propose::Watch;
use crate::propose::statistics::Statistics;
use crate::propose::watch::merged;

/// The name of the form of [`LayerClusters`].
pub const CLUSTERS: &str = "nas.clusters/1";

/// What is said of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerClusters {
    /// [`CLUSTERS`].
    #[schemars(extend("const" = CLUSTERS))]
    pub schema: String,
    /// The layer as it was named.
    pub layer: String,
    /// Channels.
    pub channels: usize,
    /// Rows of its map.
    pub height: usize,
    /// Columns of its map.
    pub width: usize,
    /// Images.
    pub images: u64,
    /// Positions of all images.
    pub positions: u64,
    /// As many independent samples they are worth.
    pub effective: f64,
    /// Channels that vary.
    pub live: usize,
    /// Channels whose deviation is less than a thousandth of the median one.
    pub dead: Vec<usize>,
    /// Channels that never change.
    pub constant: Vec<usize>,
    /// How far correlations are drawn to zero (Ledoit and Wolf 2004), from 0 to 1; they are where samples are few.
    pub shrinkage: f64,
    /// Whether there are fewer independent samples than channels: ranks are capped, and mean less.
    pub few_samples: bool,
    /// Clusters of activations.
    pub raw: Grouping,
    /// Clusters of innovations, what a channel's own neighbourhood does not foretell; none where maps are too small.
    pub innovations: Option<Grouping>,
    /// Directions that its channels need.
    pub ranks: Ranks,
    /// The part of the variance of a 3x3 maximum that its middle does not give, mean over channels; none where maps have no inside.
    pub pool_novelty: Option<f64>,
    /// The same layer of the same network untrained, from other numbers each.
    pub controls: Vec<Control>,
}

/// A layer of an untrained network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Of the numbers that it starts with.
    pub seed: u64,
    /// Shares of 1x1, 3x3, 5x5 of clusters of activations.
    pub raw: [f64; 3],
    /// The same of innovations.
    pub innovations: Option<[f64; 3]>,
    /// As of the trained one.
    pub pool_novelty: Option<f64>,
    /// As of the trained one.
    pub coherent_3x3: f64,
    /// As of the trained one.
    pub coherent_5x5: f64,
}

/// Ranks, in directions.
#[cfg_attr(test, derive(Default))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranks {
    /// What neighbours one apart share: a reduction before 3x3.
    pub coherent_3x3: f64,
    /// What neighbours two apart share: a reduction before 5x5.
    pub coherent_5x5: f64,
    /// Where these two lie when images are drawn anew; none of one group of images.
    pub intervals: Option<[Interval; 2]>,
    /// The entropic rank at one position.
    pub entropic: f64,
    /// The participation ratio at one position.
    pub participation: f64,
    /// Directions that hold 95 % of the variance at one position.
    pub pca95: f64,
    /// Directions that hold 99 %.
    pub pca99: f64,
    /// Eigenvalues of the covariances at one position as parts of their sum, the largest first.
    pub spectrum: Vec<f64>,
    /// Of the mean covariances with neighbours one apart, those below zero as zero.
    pub spectrum_3x3: Vec<f64>,
    /// Of those with neighbours two apart.
    pub spectrum_5x5: Vec<f64>,
}

impl LayerClusters {
    /// Of a layer that was watched; units of a cluster correlate by more than `threshold`.
    pub fn of(layer: &str, watch: &Watch, threshold: f32, resampling: Resampling) -> Result<LayerClusters, StatisticsError> {
        let statistics = watch.activations()?;
        let (shape, sampling) = (statistics.shape(), Sampling::of(&statistics)?);
        let [activations, innovations] = watch.groups();
        let coherent = |statistics: &Statistics, sampling: &Sampling| {
            [1, 2].map(|ring| Coherent::of(statistics, sampling, ring)).into_iter().map(|found| found.rank).collect()
        };
        let raw = Grouping::of(&statistics, activations, threshold, resampling, coherent)?;
        let nothing = |_: &Statistics, _: &Sampling| Vec::new();
        let of_innovations =
            || Grouping::of(&merged(innovations)?, innovations, threshold, resampling, nothing).map(|found| found.grouping);
        Ok(LayerClusters {
            schema: CLUSTERS.to_owned(),
            layer: layer.to_owned(),
            channels: shape.channels,
            height: shape.height,
            width: shape.width,
            images: sampling.images,
            positions: sampling.images * shape.positions() as u64,
            effective: sampling.effective,
            live: sampling.live.len(),
            shrinkage: sampling.shrinkage,
            few_samples: sampling.few_samples(),
            raw: raw.grouping,
            innovations: watch.wants_more().then(of_innovations).transpose()?,
            pool_novelty: watch.novelty().mean(),
            ranks: Ranks::of(&Rank::of(&statistics, &sampling, false), &raw.further),
            dead: sampling.dead,
            constant: sampling.constant,
            controls: Vec::new(),
        })
    }
}

impl Ranks {
    fn of(rank: &Rank, intervals: &[Interval]) -> Ranks {
        let ring = |ring: usize| rank.coherent.iter().find(|found| found.ring == ring);
        let coherent = |wanted: usize| ring(wanted).map_or(0.0, |found| found.rank);
        let spectrum = |values: &[f64]| {
            let all: f64 = values.iter().filter(|value| **value > 0.0).sum();
            values.iter().map(|value| if all > 0.0 { (value / all).max(0.0) } else { 0.0 }).collect::<Vec<f64>>()
        };
        Ranks {
            coherent_3x3: coherent(1),
            coherent_5x5: coherent(2),
            // A replicate holds some images twice and others not at all, which is less to span: its ranks lie lower.
            intervals: if let [near, far] = intervals { Some([near.around(coherent(1)), far.around(coherent(2))]) } else { None },
            entropic: rank.entropic,
            participation: rank.participation,
            pca95: rank.pca95,
            pca99: rank.pca99,
            spectrum: spectrum(&rank.spectrum),
            spectrum_3x3: ring(1).map(|found| spectrum(&found.spectrum)).unwrap_or_default(),
            spectrum_5x5: ring(2).map(|found| spectrum(&found.spectrum)).unwrap_or_default(),
        }
    }
}

impl Control {
    /// What is kept of an untrained network's layer.
    pub fn of(found: &LayerClusters, seed: u64) -> Control {
        let Ranks { coherent_3x3, coherent_5x5, .. } = found.ranks;
        Control {
            seed,
            raw: found.raw.shares(),
            innovations: found.innovations.as_ref().map(Grouping::shares),
            pool_novelty: found.pool_novelty,
            coherent_3x3,
            coherent_5x5,
        }
    }
}

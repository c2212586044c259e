//! What the statistics of a layer say of the branches that should read it, in numbers: clusters by extent, of activations and of innovations, and
//! ranks.

use schemars::JsonSchema;
use serde::Serialize;

use crate::propose::Cluster;
use crate::propose::Clusters;
use crate::propose::Correlations;
use crate::propose::Extent;
use crate::propose::Rank;
use crate::propose::Sampling;
use crate::propose::StatisticsError;
use crate::propose::cluster;
use crate::propose::statistics::Statistics;

/// The name of the form of [`LayerClusters`].
pub const CLUSTERS: &str = "nas.clusters/1";
/// Clusters that are told one by one, the largest of a layer.
const LARGEST: usize = 12;

/// What is said of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LayerClusters {
    /// [`CLUSTERS`].
    #[schemars(extend("const" = CLUSTERS))]
    pub schema: &'static str,
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
}

/// Clusters by extent.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Grouping {
    /// How many.
    pub clusters: usize,
    /// The part of the squared correlation in clusters that a 1x1 filter covers.
    pub share_1x1: f64,
    /// The same of 3x3.
    pub share_3x3: f64,
    /// The same of 5x5 and what no 5x5 holds.
    pub share_5x5: f64,
    /// The largest.
    pub largest: Vec<Largest>,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Largest {
    /// Its channels; the first is what the others correlate with.
    pub channels: Vec<usize>,
    /// The side of the filter that covers it: 1, 3 or 5.
    pub extent: usize,
    /// The sum over its channels of the squared correlation with the first, which counts 1 itself.
    pub mass: f64,
}

/// Ranks, in directions.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ranks {
    /// What neighbours one apart share: a reduction before 3x3.
    pub coherent_3x3: f64,
    /// What neighbours two apart share: a reduction before 5x5.
    pub coherent_5x5: f64,
    /// The entropic rank at one position.
    pub entropic: f64,
    /// The participation ratio at one position.
    pub participation: f64,
    /// Directions that hold 95 % of the variance at one position.
    pub pca95: f64,
    /// Directions that hold 99 %.
    pub pca99: f64,
}

impl LayerClusters {
    /// Of a layer's activations and, where its maps are large enough, of its innovations; units of a cluster correlate by more than `threshold`.
    pub fn of(
        layer: &str,
        statistics: &Statistics,
        innovations: Option<&Statistics>,
        threshold: f32,
    ) -> Result<LayerClusters, StatisticsError> {
        let (shape, sampling) = (statistics.shape(), Sampling::of(statistics)?);
        let rank = Rank::of(statistics, &sampling, false);
        let coherent = |ring: usize| rank.coherent.iter().find(|found| found.ring == ring).map_or(0.0, |found| found.rank);
        let grouping = |statistics: &Statistics| -> Result<Grouping, StatisticsError> {
            let sampling = Sampling::of(statistics)?;
            Ok(Grouping::of(&cluster(&Correlations::of(statistics, &sampling, false), threshold)))
        };
        Ok(LayerClusters {
            schema: CLUSTERS,
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
            raw: grouping(statistics)?,
            innovations: innovations.map(grouping).transpose()?,
            ranks: Ranks {
                coherent_3x3: coherent(1),
                coherent_5x5: coherent(2),
                entropic: rank.entropic,
                participation: rank.participation,
                pca95: rank.pca95,
                pca99: rank.pca99,
            },
            dead: sampling.dead,
            constant: sampling.constant,
        })
    }
}

impl Grouping {
    fn of(found: &Clusters) -> Grouping {
        let [share_1x1, share_3x3, share_5x5] = found.shares();
        let mut order: Vec<&Cluster> = found.clusters.iter().collect();
        order.sort_by(|a, b| b.mass.total_cmp(&a.mass));
        let group = |cluster: &Cluster| {
            let mut channels: Vec<usize> = Vec::new();
            for member in &cluster.members {
                if !channels.contains(&member.channel) {
                    channels.push(member.channel);
                }
            }
            Largest { channels, extent: Extent::side(cluster.extent), mass: cluster.mass }
        };
        let largest = order.into_iter().take(LARGEST).map(group).collect();
        Grouping { clusters: found.clusters.len(), share_1x1, share_3x3, share_5x5, largest }
    }
}

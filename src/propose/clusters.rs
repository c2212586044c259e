//! Clusters of units with high correlation, "each forming a unit in the next layer" (section 4), and the filters that cover them.
//!
//! Units are channels at offsets, and correlations do not hang on where in the map they are: a cluster is the same wherever it lies, and is
//! found once. Channels anchor clusters in the order of how much they correlate with; a cluster takes its channels, wherever in the window,
//! out of what is left. So every channel that varies lies in one cluster, and counts by its largest squared correlation with the anchor.

use crate::propose::Correlations;
use crate::propose::Extent;
use crate::propose::anchored::gather;
use crate::propose::anchored::reach;

/// A unit of a cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// The channel, by its number in the layer.
    pub channel: usize,
    /// How far from the anchor, `[down, right]`.
    pub offset: [isize; 2],
    /// With the anchor.
    pub correlation: f32,
}

/// Units that are highly correlated.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The units; the first is the anchor.
    pub members: Vec<Member>,
    /// The filter that covers them.
    pub extent: Extent,
    /// The sum over channels of the largest squared correlation with the anchor, which counts 1 itself.
    pub mass: f64,
}

/// The clusters of a layer, in the order in which they were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// Each.
    pub clusters: Vec<Cluster>,
}

impl Clusters {
    /// The part of the mass that lies in clusters of each extent, as in [`Extent::ALL`]; they add up to 1.
    pub fn shares(&self) -> [f64; 3] {
        let of = |extent: Option<Extent>| -> f64 {
            let those = self.clusters.iter().filter(|cluster| extent.is_none_or(|extent| cluster.extent == extent));
            those.map(|cluster| cluster.mass).fold(0.0, |sum, mass| sum + mass)
        };
        let all = of(None);
        Extent::ALL.map(|extent| if all > 0.0 { of(Some(extent)) / all } else { 0.0 })
    }
}

/// The clusters whose units correlate by more than `threshold` on average, from 0 to 1. Units of an anchor's cluster are those whose own
/// correlation with it is above the threshold as well, the 512 strongest at most.
pub fn cluster(correlations: &Correlations, threshold: f32) -> Clusters {
    let reach = reach(correlations, threshold);
    let mut anchors: Vec<usize> = (0..reach.len()).collect();
    anchors.sort_by(|&a, &b| reach[b].total_cmp(&reach[a]));
    let mut free = vec![true; reach.len()];
    let mut clusters = Vec::new();
    for anchor in anchors {
        if !free[anchor] {
            continue;
        }
        let units = gather(correlations, anchor, threshold, |channel| free[channel]);
        let mut largest = vec![0.0_f64; free.len()];
        let mut masses = Vec::with_capacity(units.len());
        for unit in &units {
            let square = f64::from(unit.correlation).powi(2);
            free[unit.channel] = false;
            largest[unit.channel] = largest[unit.channel].max(square);
            masses.push((unit.offset, square));
        }
        let number = |channel: usize| correlations.channels()[channel];
        clusters.push(Cluster {
            extent: Extent::of(&masses),
            mass: largest.iter().sum(),
            members: units
                .iter()
                .map(|unit| Member { channel: number(unit.channel), offset: unit.offset, correlation: unit.correlation })
                .collect(),
        });
    }
    Clusters { clusters }
}

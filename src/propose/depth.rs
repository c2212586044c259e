//! Whether clusters reach farther the deeper a layer lies, as the paper expects: "their ratio should increase as we move to higher layers"
//! ("Going Deeper with Convolutions", section 4, of 3x3 and 5x5), over networks trained from several seeds and untrained ones beside them.

use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::propose::Control;
use crate::propose::Grouping;
use crate::propose::LayerClusters;
use crate::propose::spearman::spearman;
use crate::train::Estimate;

/// The name of the form of [`Depth`].
pub const DEPTH: &str = "nas.depth/1";
/// Of two layers one always rises or falls.
const LEAST_LAYERS: usize = 3;

/// What several networks of one form say of shares by depth.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Depth {
    /// [`DEPTH`].
    #[schemars(extend("const" = DEPTH))]
    pub schema: &'static str,
    /// Networks.
    pub networks: usize,
    /// Untrained networks beside each, at least.
    pub controls: usize,
    /// Whether untrained networks of two of them begin with the same numbers: their excesses are not independent then.
    pub shared_controls: bool,
    /// Whether all maps have one size; where they shrink, an extent is another part of the image at every depth.
    pub fixed_grid: bool,
    /// Of innovations, where every layer has them, and of activations.
    pub trends: Vec<Trend>,
}

/// Which clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClustersOf {
    /// Of what a channel's own neighbourhood does not foretell.
    Innovations,
    /// Of activations as they are.
    Activations,
}

/// Shares of clusters that 1x1 does not cover, by depth.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trend {
    /// Of which clusters.
    pub of: ClustersOf,
    /// Each layer, the nearest to the image first.
    pub layers: Vec<DepthLayer>,
    /// Each network.
    pub networks: Vec<Rises<f64>>,
    /// Over networks.
    pub rises: Rises<Estimate>,
}

/// A layer over networks: the share of squared correlation in clusters that 3x3 and 5x5 cover, from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DepthLayer {
    /// The layer as it was named.
    pub layer: String,
    /// Channels.
    pub channels: usize,
    /// Rows of its map.
    pub height: usize,
    /// Columns of its map.
    pub width: usize,
    /// Of trained networks.
    pub trained: Estimate,
    /// Of the mean of each one's untrained networks.
    pub untrained: Option<Estimate>,
    /// The trained one's less that mean.
    pub excess: Option<Estimate>,
}

/// Spearman's correlation of depth and share, from -1 to 1: above 0 where shares rise with depth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rises<T> {
    /// Of trained networks.
    pub trained: T,
    /// Of the mean of each one's untrained networks.
    pub untrained: Option<T>,
    /// Of the excess.
    pub excess: Option<T>,
}

/// Why there is no trend.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DepthError {
    /// Too few layers.
    #[error("a trend wants {LEAST_LAYERS} layers or more, and there are {layers}")]
    FewLayers {
        /// The network, from 0.
        network: usize,
        /// So many.
        layers: usize,
    },
    /// Not the layers of the first network.
    #[error("it has {found} where the first has {wanted}; networks of one form are looked at in the same layers")]
    Another {
        /// The network, from 0.
        network: usize,
        /// Its layer or its number of layers.
        found: String,
        /// That of the first.
        wanted: String,
    },
    /// The result of another network once more.
    #[error("it is the same result as number {}", .before + 1)]
    Twice {
        /// The network, from 0.
        network: usize,
        /// The one before, from 0.
        before: usize,
    },
}

impl DepthError {
    /// The network at fault, from 0.
    pub const fn network(&self) -> usize {
        match self {
            DepthError::FewLayers { network, .. } | DepthError::Another { network, .. } | DepthError::Twice { network, .. } => {
                *network
            }
        }
    }
}

impl Depth {
    /// Of the layers of each network, the nearest to the image first.
    ///
    /// # Errors
    /// Networks with other layers than the first, with fewer than three, or given twice.
    ///
    /// # Panics
    /// Without a network.
    pub fn of(networks: &[Vec<LayerClusters>]) -> Result<Depth, DepthError> {
        let first = &networks[0];
        for (network, layers) in networks.iter().enumerate() {
            same_form(first, layers, network)?;
            if let Some(before) = networks[..network].iter().position(|before| before == layers) {
                return Err(DepthError::Twice { network, before });
            }
        }
        let controls = || networks.iter().flatten().map(|layer| layer.controls.len());
        Ok(Depth {
            schema: DEPTH,
            networks: networks.len(),
            controls: controls().min().unwrap_or(0),
            shared_controls: share_controls(networks),
            fixed_grid: first.iter().all(|layer| (layer.height, layer.width) == (first[0].height, first[0].width)),
            trends: ClustersOf::ALL.into_iter().filter_map(|of| Trend::of(of, networks)).collect(),
        })
    }
}

/// The layers of a network in a word or two.
fn shown(layer: &LayerClusters) -> String {
    format!("`{}` of {}x{}x{}", layer.layer, layer.channels, layer.height, layer.width)
}

fn same_form(first: &[LayerClusters], layers: &[LayerClusters], network: usize) -> Result<(), DepthError> {
    if layers.len() < LEAST_LAYERS {
        return Err(DepthError::FewLayers { network, layers: layers.len() });
    }
    let pair = first.iter().zip(layers).map(|(first, found)| (shown(found), shown(first)));
    let counts = [layers.len(), first.len()].map(|count| format!("{count} layers"));
    let [found, wanted] = counts;
    match pair.chain([(found, wanted)]).find(|(found, wanted)| found != wanted) {
        Some((found, wanted)) => Err(DepthError::Another { network, found, wanted }),
        None => Ok(()),
    }
}

fn share_controls(networks: &[Vec<LayerClusters>]) -> bool {
    let seeds = |layers: &[LayerClusters]| layers[0].controls.iter().map(|control| control.seed).collect::<Vec<u64>>();
    let mut before = Vec::new();
    networks.iter().any(|layers| {
        let own = seeds(layers);
        let shared = own.iter().any(|seed| before.contains(seed));
        before.extend(own);
        shared
    })
}

impl ClustersOf {
    /// Both.
    pub const ALL: [ClustersOf; 2] = [ClustersOf::Innovations, ClustersOf::Activations];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            ClustersOf::Innovations => "innovations",
            ClustersOf::Activations => "activations",
        }
    }

    /// A layer's clusters of this kind.
    pub fn grouping(self, layer: &LayerClusters) -> Option<&Grouping> {
        match self {
            ClustersOf::Innovations => layer.innovations.as_ref(),
            ClustersOf::Activations => Some(&layer.raw),
        }
    }

    /// The shares of 1x1, 3x3 and 5x5 in an untrained network's clusters of this kind.
    pub fn shares(self, control: &Control) -> Option<[f64; 3]> {
        match self {
            ClustersOf::Innovations => control.innovations,
            ClustersOf::Activations => Some(control.raw),
        }
    }

    /// The share that 1x1 does not cover.
    fn trained(self, layer: &LayerClusters) -> Option<f64> {
        self.grouping(layer).map(|found| found.share_3x3 + found.share_5x5)
    }

    /// The same, of the mean of untrained networks.
    fn untrained(self, layer: &LayerClusters) -> Option<f64> {
        let share = |control: &Control| self.shares(control).map(|[_, near, far]| near + far);
        let shares = layer.controls.iter().map(share).collect::<Option<Vec<f64>>>()?;
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
    }
}

impl Trend {
    /// Nothing where a layer has no such clusters.
    fn of(of: ClustersOf, networks: &[Vec<LayerClusters>]) -> Option<Trend> {
        let trained = each(networks, |layer| of.trained(layer))?;
        let untrained = each(networks, |layer| of.untrained(layer));
        let excess = each(networks, |layer| Some(of.trained(layer)? - of.untrained(layer)?));
        let at = |shares: &Option<Vec<Vec<f64>>>, layer: usize| Some(column(shares.as_ref()?, layer));
        let layers = networks[0].iter().enumerate().map(|(number, layer)| DepthLayer {
            layer: layer.layer.clone(),
            channels: layer.channels,
            height: layer.height,
            width: layer.width,
            trained: column(&trained, number),
            untrained: at(&untrained, number),
            excess: at(&excess, number),
        });
        let depth: Vec<f64> = (0..networks[0].len()).map(|depth| depth as f64).collect();
        let rise = |shares: &Vec<f64>| spearman(&depth, shares);
        let found: Vec<Rises<f64>> = (0..networks.len())
            .map(|network| Rises {
                trained: rise(&trained[network]),
                untrained: untrained.as_ref().map(|shares| rise(&shares[network])),
                excess: excess.as_ref().map(|shares| rise(&shares[network])),
            })
            .collect();
        let rises = Rises {
            trained: over(&found, |rises| Some(rises.trained))?,
            untrained: over(&found, |rises| rises.untrained),
            excess: over(&found, |rises| rises.excess),
        };
        Some(Trend { of, layers: layers.collect(), networks: found, rises })
    }
}

/// Of each network each layer's share; nothing where one is not known.
fn each(networks: &[Vec<LayerClusters>], share: impl Fn(&LayerClusters) -> Option<f64>) -> Option<Vec<Vec<f64>>> {
    networks.iter().map(|layers| layers.iter().map(&share).collect()).collect()
}

fn over(found: &[Rises<f64>], rises: impl Fn(&Rises<f64>) -> Option<f64>) -> Option<Estimate> {
    Estimate::of(&found.iter().map(rises).collect::<Option<Vec<f64>>>()?)
}

/// A layer's shares over networks.
fn column(shares: &[Vec<f64>], layer: usize) -> Estimate {
    let values: Vec<f64> = shares.iter().map(|shares| shares[layer]).collect();
    Estimate::of(&values).expect("there is a network")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::Ranks;

    /// A network whose layers have these shares of 3x3 and of 5x5, beside two untrained ones with half of the 3x3.
    fn network(shares: &[(f64, f64)], seed: u64) -> Vec<LayerClusters> {
        let layer = |(number, &(near, far)): (usize, &(f64, f64))| {
            let grouping = Grouping { share_1x1: 1.0 - near - far, share_3x3: near, share_5x5: far, ..Grouping::default() };
            let control = |seed: u64, near: f64| Control {
                seed,
                raw: [1.0 - near, near, 0.0],
                innovations: Some([1.0 - near, near, 0.0]),
                pool_novelty: None,
                coherent_3x3: 1.0,
                coherent_5x5: 1.0,
            };
            LayerClusters {
                schema: String::new(),
                layer: format!("m{number}"),
                channels: 8,
                height: 16,
                width: 16,
                images: 100,
                positions: 25_600,
                effective: 1e3,
                live: 8,
                dead: Vec::new(),
                constant: Vec::new(),
                shrinkage: 0.0,
                few_samples: false,
                innovations: Some(grouping.clone()),
                raw: grouping,
                ranks: Ranks::default(),
                pool_novelty: None,
                controls: vec![control(seed, 0.0), control(seed + 1, near)],
            }
        };
        shares.iter().enumerate().map(layer).collect()
    }

    #[test]
    fn a_share_that_rises_is_told_with_how_sure_that_is() {
        // Excess is half of 3x3 and all of 5x5: .1 .2 .25, which rises, and .1 .25 .2, two pairs of three.
        let networks = [network(&[(0.2, 0.0), (0.4, 0.0), (0.1, 0.2)], 0), network(&[(0.2, 0.0), (0.5, 0.0), (0.4, 0.0)], 10)];
        let found = Depth::of(&networks).unwrap();
        assert!(found.fixed_grid && !found.shared_controls && found.controls == 2);
        let trend = &found.trends[0];
        assert_eq!(trend.of, ClustersOf::Innovations);
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-12, "{found}, {wanted}");
        near(trend.networks[0].excess.unwrap(), 1.0);
        near(trend.networks[1].excess.unwrap(), 0.5);
        // Trained .2 .4 .3, untrained .1 .2 .05.
        near(trend.networks[0].trained, 0.5);
        near(trend.networks[0].untrained.unwrap(), -0.5);
        let rises = trend.rises.excess.unwrap();
        near(rises.mean, 0.75);
        // Student's t of one degree at 95 % is 12.706; deviation .3536 over the root of 2.
        assert!((rises.half_width.unwrap() - 12.7062 * 0.25).abs() < 1e-3);
        near(rises.p, 0.5);
        near(trend.layers[1].excess.unwrap().mean, 0.225);
        near(trend.layers[2].trained.mean, 0.35);
    }

    #[test]
    fn networks_of_another_form_are_refused() {
        let one = network(&[(0.1, 0.0), (0.2, 0.0), (0.3, 0.0)], 0);
        let two = network(&[(0.1, 0.0), (0.2, 0.0), (0.4, 0.0)], 0);
        assert!(Depth::of(&[one.clone(), two.clone()]).unwrap().shared_controls);
        let refused = |networks: &[Vec<LayerClusters>]| Depth::of(networks).unwrap_err();
        assert_eq!(refused(&[one.clone(), two.clone(), one.clone()]), DepthError::Twice { network: 2, before: 0 });
        assert_eq!(refused(&[one[..2].to_vec()]), DepthError::FewLayers { network: 0, layers: 2 });
        let mut wide = two.clone();
        wide[1].channels = 9;
        let error = refused(&[one.clone(), wide]);
        assert_eq!(
            (error.network(), error.to_string().contains("`m1` of 9x16x16 where the first has `m1` of 8x16x16")),
            (1, true)
        );
        let mut more = two.clone();
        more.push(two[0].clone());
        assert!(refused(&[one, more]).to_string().contains("it has 4 layers where the first has 3 layers"));
        let mut bare = two;
        bare[0].controls.clear();
        bare[1].innovations = None;
        let found = Depth::of(&[bare]).unwrap();
        assert_eq!((found.trends.len(), found.trends[0].rises.excess, found.controls), (1, None, 0));
    }
}

//! What a layer's clusters and ranks say of the module that reads it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::Grouping;
use crate::propose::LayerClusters;
use crate::propose::Ranks;
use crate::propose::widths::Aim;
use crate::propose::widths::Excess;

/// The least share of a branch that the module has.
const LEAST_SHARE: f64 = 1.0 / 32.0;
/// How far the share of pooling goes up or down, at most.
const MOST_POOLING: f64 = 2.0;

/// Which shares are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Those of innovations, in excess of untrained networks.
    Excess,
    /// Those of innovations as they are.
    Innovations,
    /// Those of activations as they are: section 4 of the paper to the letter.
    Raw,
}

impl Basis {
    /// All.
    pub const ALL: [Basis; 3] = [Basis::Excess, Basis::Innovations, Basis::Raw];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Excess => "excess",
            Basis::Innovations => "innovations",
            Basis::Raw => "raw",
        }
    }
}

/// Which rank a reduction has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RankOf {
    /// The entropic rank of what neighbours share, one apart for 3x3 and two apart for 5x5.
    Coherent,
    /// Principal components that hold 95 % of the variance at a position.
    Pca95,
    /// The participation ratio at a position.
    Participation,
}

impl RankOf {
    /// All.
    pub const ALL: [RankOf; 3] = [RankOf::Coherent, RankOf::Pca95, RankOf::Participation];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            RankOf::Coherent => "coherent",
            RankOf::Pca95 => "pca95",
            RankOf::Participation => "participation",
        }
    }

    /// For a branch that covers so much.
    pub fn of(self, ranks: &Ranks, extent: Extent) -> f64 {
        match (self, extent) {
            (RankOf::Coherent, Extent::One | Extent::Three) => ranks.coherent_3x3,
            (RankOf::Coherent, Extent::Five) => ranks.coherent_5x5,
            (RankOf::Pca95, _) => ranks.pca95,
            (RankOf::Participation, _) => ranks.participation,
        }
    }
}

/// What is followed of a layer's statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Shares of 1x1, 3x3, 5x5; none where maps are too small to tell, or there are no controls.
    pub shares: Option<Excess>,
    /// How much a maximum tells that its middle does not; none without controls.
    pub pooling: Option<Excess>,
    /// What follows for the module.
    pub aim: Aim,
}

impl Evidence {
    /// Of the layer that a module reads, for a module whose branches cover these and are `now`.
    pub fn of(covers: &[Covers], layer: &LayerClusters, now: &Aim, basis: Basis, rank: RankOf) -> Evidence {
        let prior = by_extent(covers, now);
        let shares = shares(layer, basis, prior);
        let controls: Vec<Vec<f64>> = layer.controls.iter().filter_map(|control| Some(vec![control.pool_novelty?])).collect();
        let pooling =
            (layer.pool_novelty).filter(|_| controls.len() > 1).map(|novelty| Excess::of(&[novelty], &controls, &[0.0]));
        let is_pool = |at: usize| covers[at] == Covers::Pool;
        let mut aim = now.clone();
        let before: f64 = (0..aim.branches.len()).filter(|&at| is_pool(at)).map(|at| now.branches[at].share).sum();
        let factor = pooling.as_ref().map_or(1.0, pooling_factor);
        // What does not pool keeps its least share.
        let windows = covers.len() - (0..covers.len()).filter(|&at| is_pool(at)).count();
        let after = (before * factor).min((1.0 - LEAST_SHARE * windows as f64).max(before));
        let factor = if before > 0.0 { after / before } else { 1.0 };
        let wanted = shares.as_ref().map_or(prior, |shares| {
            let mut wanted = prior;
            for (at, by) in shares.followed().into_iter().enumerate().filter(|&(at, _)| prior[at] > 0.0) {
                wanted[at] = (prior[at] + by).max(LEAST_SHARE);
            }
            let all: f64 = wanted.iter().sum();
            wanted.map(|share| share / all)
        });
        for (at, branch) in aim.branches.iter_mut().enumerate() {
            let Covers::Window(extent) = covers[at] else {
                branch.share *= factor;
                continue;
            };
            let place = extent as usize;
            if prior[place] > 0.0 {
                // Several branches of one extent keep their proportion.
                branch.share = branch.share / ((1.0 - before) * prior[place]) * wanted[place] * (1.0 - after);
            }
            if let Some(reduction) = &mut branch.reduction {
                *reduction = (rank.of(&layer.ranks, extent) / layer.channels as f64).min(1.0);
            }
        }
        Evidence { shares, pooling, aim: aim.normalised() }
    }
}

/// By how much the share of pooling is multiplied.
fn pooling_factor(pooling: &Excess) -> f64 {
    // Where untrained networks find nothing that a maximum adds, there is no measure of more.
    if pooling.baseline[0] > 0.0 {
        (1.0 + pooling.followed()[0] / pooling.baseline[0]).clamp(1.0 / MOST_POOLING, MOST_POOLING)
    } else {
        1.0
    }
}

/// The shares of 1x1, 3x3 and 5x5 among all branches that do not pool.
fn by_extent(covers: &[Covers], aim: &Aim) -> [f64; 3] {
    let mut shares = [0.0; 3];
    for (covers, aim) in covers.iter().zip(&aim.branches) {
        if let Covers::Window(extent) = covers {
            shares[*extent as usize] += aim.share;
        }
    }
    let all: f64 = shares.iter().sum();
    shares.map(|share| share / all)
}

fn shares(layer: &LayerClusters, basis: Basis, prior: [f64; 3]) -> Option<Excess> {
    let found = if basis == Basis::Raw { Some(&layer.raw) } else { layer.innovations.as_ref() }?;
    let deviations = found.intervals.map_or([0.0; 3], |intervals| intervals.map(|interval| interval.deviation));
    if basis != Basis::Excess {
        return Some(Excess::whole(&found.shares(), &prior, &deviations));
    }
    let controls: Vec<Vec<f64>> = layer.controls.iter().filter_map(|control| Some(control.innovations?.to_vec())).collect();
    (controls.len() > 1).then(|| Excess::of(&Grouping::shares(found), &controls, &deviations))
}

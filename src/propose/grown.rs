//! A network that grew, in numbers: what was asked, and of each stage what was added, why, and how well the network then did.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::base::units;
use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::LayerClusters;
use crate::propose::NewBranch;
use crate::propose::NewModule;
use crate::propose::widths::Basis;
use crate::propose::widths::Evidence;
use crate::propose::widths::Excess;
use crate::propose::widths::RankOf;
use crate::propose::widths::against;
use crate::propose::widths::doubts;

/// The name of the form of [`Grown`].
pub const GROW: &str = "nas.grow/1";

/// A network that grows stage by stage: `grow.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grown {
    /// [`GROW`].
    #[schemars(extend("const" = GROW))]
    pub schema: String,
    /// The seed's name.
    pub name: String,
    /// What was asked.
    pub asked: Asked,
    /// Of labels and pixels of the images for training and validation.
    pub digest: String,
    /// The stages in order, the seed first; the last may be in training.
    pub stages: Vec<GrownStage>,
    /// Why there are no more; none while it grows.
    pub stopped: Option<Stopped>,
}

/// Why a network grows no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// As many modules were added as were asked for.
    Stages,
    /// Half of another module would exceed the budget, or the last was narrowed to it.
    Budget,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// The images as the user named them.
    pub data: String,
    /// Images generated, of `shapes`.
    pub images: Option<usize>,
    /// The instruction set: other ones round otherwise.
    pub arch: String,
    /// Multiply-adds of an image, at most.
    pub budget: Option<u64>,
    /// Modules to add, at most.
    pub stages: Option<u32>,
    /// Channels that a module gives, as a multiple of those that it reads.
    pub width: f64,
    /// Modules on one grid, after which maps are pooled.
    pub pool_every: u32,
    /// Images that layers are looked at with.
    pub images_looked: u32,
    /// Untrained networks beside the trained one.
    pub controls: u32,
    /// Widths are multiples of this.
    pub align: u32,
    /// Which shares are followed.
    pub basis: Basis,
    /// Which ranks reductions have.
    pub rank: RankOf,
    /// Every setting of training, as the `train` section writes them.
    pub settings: BTreeMap<String, String>,
}

/// A network on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrownStage {
    /// The number of its run's folder: 0 is the seed.
    pub stage: u32,
    /// The module that it has and the one before has not; none of the seed.
    pub added: Option<Added>,
    /// Multiply-adds of an image.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
    /// Whether its training is over.
    pub trained: bool,
    /// The best epoch's share of images set aside that are told right; none where none are set aside.
    pub validation: Option<f64>,
    /// Its share of images for testing; none where there are none.
    pub test: Option<f64>,
    /// Seconds that looking and training took, of the process that ended it.
    pub seconds: Option<f64>,
}

/// A module and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Added {
    /// Its path.
    pub path: String,
    /// The path of the pooling in front of it, which halves the sides of maps.
    pub pool: Option<String>,
    /// Channels, rows and columns of what it reads.
    pub reads: [usize; 3],
    /// Channels that the rule asks for.
    pub asked: u32,
    /// Channels that it has: fewer where it was narrowed for the budget.
    pub width: u32,
    /// Its branches, in order.
    pub branches: Vec<GrownBranch>,
    /// Shares of clusters by extent, 1x1, 3x3, 5x5, trained and untrained; none where they are not known.
    pub shares: Option<Excess>,
    /// How much a 3x3 maximum tells beyond its middle; none without controls.
    pub pooling: Option<Excess>,
    /// Images that were looked at.
    pub images: u64,
    /// As many independent samples their positions are worth.
    pub effective: f64,
    /// What is to be known of it.
    pub warnings: Vec<String>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrownBranch {
    /// `1x1`, `3x3`, `5x5` or `pool`.
    pub covers: Covers,
    /// Its part of GoogLeNet's channels, which is followed where nothing is known.
    pub prior: f64,
    /// The part that it should have, before rounding.
    pub share: f64,
    /// Channels.
    pub width: u32,
    /// The 1x1 convolution in front.
    pub reduction: Option<GrownReduction>,
}

/// A reduction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrownReduction {
    /// Channels.
    pub width: u32,
    /// The rank that asks for it, in directions of what is read.
    pub rank: f64,
}

impl Added {
    /// Of a module `asked` by the rule and what became of it; `prior` are the shares that nothing speaks for.
    pub fn of(
        (path, pool): (String, Option<String>),
        layer: &LayerClusters,
        evidence: &Evidence,
        prior: &[f64],
        rank: RankOf,
        [asked, module]: [&NewModule; 2],
    ) -> Added {
        let each = module.branches.iter().zip(&evidence.aim.branches).zip(prior);
        let reduction = |branch: &NewBranch| {
            let Covers::Window(extent) = branch.covers else { return None };
            Some(GrownReduction { width: branch.reduction?, rank: rank.of(&layer.ranks, extent) })
        };
        let mut warnings = Vec::new();
        if !module.branches.iter().any(|branch| branch.covers == Covers::Window(Extent::Five)) {
            warnings.push(format!("no 5x5: on maps of {}x{} it would see more padding than map", layer.height, layer.width));
        }
        if module.width() < asked.width() {
            warnings.push(format!("narrowed from {} to {} channels for the budget", asked.width(), module.width()));
        }
        warnings.extend(doubts(layer, evidence));
        Added {
            path,
            pool,
            reads: [layer.channels, layer.height, layer.width],
            asked: asked.width(),
            width: module.width(),
            branches: each
                .map(|((branch, aim), &prior)| GrownBranch {
                    covers: branch.covers,
                    prior,
                    share: aim.share,
                    width: branch.width,
                    reduction: reduction(branch),
                })
                .collect(),
            shares: evidence.shares.clone(),
            pooling: evidence.pooling.clone(),
            images: layer.images,
            effective: layer.effective,
            warnings,
        }
    }

    /// Whether it was narrowed: then it is the last.
    pub fn is_narrowed(&self) -> bool {
        self.width < self.asked
    }

    /// What stands above it in a spec.
    pub fn notes(&self) -> Vec<String> {
        let [channels, height, width] = self.reads;
        let mut first = format!("{} reads {channels} channels on {height}x{width}", self.path);
        if let Some(pool) = &self.pool {
            first += &format!(", which {pool} gives");
        }
        if let Some(shares) = &self.shares {
            first += &format!(". 1x1 / 3x3 / 5x5 of clusters: {}", against(shares));
        }
        let mut lines = vec![first];
        if let Some(pooling) = &self.pooling {
            lines.push(format!("  new in a 3x3 maximum: {}", against(pooling)));
        }
        lines.extend(self.branches.iter().map(|branch| {
            let GrownBranch { covers, width, prior, share, .. } = branch;
            let mut line = format!("  {} {width}, share {:.1} % (GoogLeNet {:.1})", covers.name(), 100.0 * share, 100.0 * prior);
            if let Some(reduction) = &branch.reduction {
                line += &format!("; reduction {}, rank {:.1} of {channels}", reduction.width, reduction.rank);
            }
            line
        }));
        lines.extend(self.warnings.iter().map(|warning| format!("  {warning}")));
        lines
    }
}

impl Grown {
    /// Whether all its stages are trained and there are to be no more.
    pub fn is_over(&self) -> bool {
        self.stopped.is_some() && self.stages.last().is_none_or(|stage| stage.trained)
    }

    /// What stands before everything in the spec of a stage.
    pub fn head(&self, stage: &GrownStage) -> Vec<String> {
        let Asked { images_looked, controls, basis, rank, .. } = &self.asked;
        let [madds, params] = [stage.madds, stage.params].map(|count| units::grouped(count.into()));
        let grown = if stage.stage == 0 {
            format!("{}, to be grown", self.name)
        } else {
            let (basis, rank) = (basis.name(), rank.name());
            let modules = if stage.stage == 1 { "a module".to_owned() } else { format!("{} modules", stage.stage) };
            format!(
                "{} with {modules} more by clusters of the layer before, of up to {images_looked} images, {controls} untrained networks beside it; shares by {basis}, reductions by {rank} rank",
                self.name
            )
        };
        vec![format!("{grown}: {madds} multiply-adds, {params} parameters.")]
    }
}

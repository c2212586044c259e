//! A proposal in numbers: every width with what speaks for it, and the rivals at the same budget.

use schemars::JsonSchema;
use serde::Serialize;

use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::Interval;
use crate::propose::LayerClusters;
use crate::propose::growth::LEAST_FOR_FIVE;
use crate::propose::widths::Aim;
use crate::propose::widths::Basis;
use crate::propose::widths::Evidence;
use crate::propose::widths::Excess;
use crate::propose::widths::Fitted;
use crate::propose::widths::Part;
use crate::propose::widths::Problem;
use crate::propose::widths::RankOf;
use crate::propose::widths::Target;

/// The name of the form of [`Proposal`].
pub const PROPOSAL: &str = "nas.proposal/1";

/// Widths for a network's Inception modules.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Proposal {
    /// [`PROPOSAL`].
    #[schemars(extend("const" = PROPOSAL))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Whether the network that was looked at is an untrained one.
    pub untrained: bool,
    /// Which images it was shown.
    pub part: String,
    /// As many.
    pub images: usize,
    /// Untrained networks beside it.
    pub controls: u32,
    /// Units of a cluster correlate by more than this.
    pub threshold: f32,
    /// Which shares are followed.
    pub basis: Basis,
    /// Which ranks reductions have.
    pub rank: RankOf,
    /// The first seed: of controls, of replicates of the images, of random rivals.
    pub seed: u64,
    /// Multiply-adds of an image, at most.
    pub budget: u64,
    /// Widths are multiples of this.
    pub align: u32,
    /// Multiply-adds of the spec as it was.
    pub madds_before: u64,
    /// Its parameters.
    pub params_before: u64,
    /// Multiply-adds of the proposal.
    pub madds: u64,
    /// Its parameters.
    pub params: u64,
    /// Widths that are no multiples of `align`, because none would have been within the tolerance.
    pub unaligned: usize,
    /// The modules, in order.
    pub modules: Vec<ModuleWidths>,
    /// Other rules at the same budget.
    pub rivals: Vec<Rival>,
}

/// A module and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ModuleWidths {
    /// Its path.
    pub path: String,
    /// What the module's width is multiplied with.
    pub scale: f64,
    /// Shares of clusters by extent, 1x1, 3x3, 5x5; none where they are not known.
    pub shares: Option<Excess>,
    /// How much a 3x3 maximum tells beyond its middle; none without controls.
    pub pooling: Option<Excess>,
    /// What is to be known of it.
    pub warnings: Vec<String>,
    /// Its branches, in order.
    pub branches: Vec<BranchWidths>,
    /// The statistics of the layer that it reads.
    pub layer: LayerClusters,
}

/// Another rule.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rival {
    /// Its name.
    pub name: String,
    /// Multiply-adds.
    pub madds: u64,
    /// Parameters.
    pub params: u64,
    /// Widths that are no multiples of `align`.
    pub unaligned: usize,
    /// Branches of each module, in order.
    pub modules: Vec<Vec<BranchWidths>>,
}

/// A branch's widths.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BranchWidths {
    /// Its path.
    pub path: String,
    /// `1x1`, `3x3`, `5x5` or `pool`.
    pub covers: Covers,
    /// Its part of the channels that branches with widths give.
    pub share_before: f64,
    /// The part that it should have, before rounding.
    pub share: f64,
    /// Channels.
    pub width_before: u32,
    /// Channels.
    pub width: u32,
    /// Its 1x1 reduction.
    pub reduction: Option<Reduction>,
    /// Whether no number of the text sets its width alone, so that it stays.
    pub fixed: bool,
}

/// A reduction's width.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reduction {
    /// Channels.
    pub width_before: u32,
    /// Channels.
    pub width: u32,
    /// The rank that asks for it, in directions of the layer that was looked at; none for rivals.
    pub rank: Option<f64>,
    /// Where it lies when images are drawn anew, if that was asked.
    pub interval: Option<Interval>,
    /// Whether no number of the text sets it alone.
    pub fixed: bool,
}

impl Rival {
    /// Of fitted numbers.
    pub fn of(name: String, problem: &Problem<'_>, aims: &[Aim], fitted: &Fitted) -> Rival {
        let modules = (0..aims.len()).map(|module| branches(problem, module, &aims[module], fitted)).collect();
        Rival { name, madds: fitted.madds, params: fitted.params, unaligned: fitted.unaligned, modules }
    }
}

impl ModuleWidths {
    /// Of the module of a number, with what was found of the layer that it reads.
    pub fn of(
        problem: &Problem<'_>,
        number: usize,
        evidence: &Evidence,
        layer: LayerClusters,
        rank: RankOf,
        fitted: &Fitted,
    ) -> ModuleWidths {
        let module = &problem.modules()[number];
        let mut branches = branches(problem, number, &evidence.aim, fitted);
        for (found, branch) in branches.iter_mut().zip(&module.branches) {
            let (Some(reduction), Covers::Window(extent)) = (&mut found.reduction, branch.covers) else { continue };
            reduction.rank = Some(rank.of(&layer.ranks, extent));
            let intervals = layer.ranks.intervals.filter(|_| rank == RankOf::Coherent);
            reduction.interval = intervals.map(|[near, far]| if extent == Extent::Five { far } else { near });
        }
        ModuleWidths {
            path: module.path.clone(),
            scale: fitted.scales[number],
            shares: evidence.shares.clone(),
            pooling: evidence.pooling.clone(),
            warnings: warnings(&branches, &layer, evidence),
            branches,
            layer,
        }
    }
}

fn warnings(branches: &[BranchWidths], layer: &LayerClusters, evidence: &Evidence) -> Vec<String> {
    let mut warnings = Vec::new();
    let side = layer.height.min(layer.width);
    if side < LEAST_FOR_FIVE as usize && branches.iter().any(|branch| branch.covers == Covers::Window(Extent::Five)) {
        warnings.push(format!("a 5x5 window on maps of {}x{} sees more padding than map", layer.height, layer.width));
    }
    warnings.extend(doubts(layer, evidence));
    let fixed: Vec<&str> = branches.iter().filter(|branch| branch.fixed).map(|branch| &*branch.path).collect();
    if !fixed.is_empty() {
        warnings.push(format!("no number of the spec sets {} alone: it stays", fixed.join(", ")));
    }
    warnings
}

/// What keeps a layer's statistics from telling more.
pub fn doubts(layer: &LayerClusters, evidence: &Evidence) -> Vec<String> {
    let mut doubts = Vec::new();
    if evidence.shares.is_none() {
        let why = if layer.innovations.is_none() {
            "maps are too small to tell extents"
        } else {
            "fewer than two untrained networks are beside it"
        };
        doubts.push(format!("{why}: shares stay"));
    }
    let is_drawn_anew = layer.innovations.as_ref().is_some_and(|found| found.intervals.is_some());
    if evidence.shares.is_some() && !is_drawn_anew {
        doubts.push(
            "images are not drawn anew, for there are few or no replicates were asked for: what their choice does is not known"
                .to_owned(),
        );
    }
    if layer.few_samples {
        let [images, worth, live] = [layer.images as f64, layer.effective, layer.live as f64].map(f64::round);
        doubts.push(format!("{images} images are worth {worth} independent samples of {live} channels: ranks are capped"));
    }
    doubts
}

fn branches(problem: &Problem<'_>, module: usize, aim: &Aim, fitted: &Fitted) -> Vec<BranchWidths> {
    let now = Aim::of(problem.graph, &problem.modules()[module]);
    let each = problem.modules()[module].branches.iter().enumerate();
    each.map(|(branch, found)| {
        let target = |part| Target { module, branch, part };
        let width = |part, before: u32| problem.width(target(part), &fitted.numbers).unwrap_or(before);
        let reduction = found.reduce.map(|node| {
            let before = problem.own(node).unwrap_or_default();
            let fixed = !problem.is_set(target(Part::Reduction));
            Reduction { width_before: before, width: width(Part::Reduction, before), rank: None, interval: None, fixed }
        });
        BranchWidths {
            path: found.path.clone(),
            covers: found.covers,
            share_before: now.branches[branch].share,
            share: aim.branches[branch].share,
            width_before: found.channels,
            width: if found.last.is_some() { width(Part::Last, found.channels) } else { found.channels },
            reduction,
            fixed: found.last.is_some() && !problem.is_set(target(Part::Last)),
        }
    })
    .collect()
}

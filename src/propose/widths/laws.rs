//! What holds of proposals, on a spec with every kind of branch.

use crate::base::FileId;
use crate::base::Sources;
use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::kernel::Arch;
use crate::propose::Control;
use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::Grouping;
use crate::propose::LayerClusters;
use crate::propose::Ranks;
use crate::propose::Resampling;
use crate::propose::Sightings;
use crate::propose::Watch;
use crate::propose::modules;
use crate::propose::modules_on;
use crate::propose::sample::noise;
use crate::propose::statistics::MapShape;
use crate::propose::widths::Aim;
use crate::propose::widths::Alternative;
use crate::propose::widths::Basis;
use crate::propose::widths::Evidence;
use crate::propose::widths::Goal;
use crate::propose::widths::Problem;
use crate::propose::widths::RankOf;
use crate::propose::widths::Unfit;
use crate::spec;
use crate::spec::Site;
use crate::spec::Written;

/// Branches with and without reductions, one with two windows of 3x3, pooling with a projection and without, a module that halves the grid, and a
/// width that a variable sets for two modules.
const TEXT: &str = "\
nas: 1
name: law
input: {image: [3, 16, 16]}
vars: {wide: 24}
net:
  stem: {conv: 16, kernel: 3}
  a:    {inception: {1x1: 16, 3x3: [16, 32], 3x3b: [8, 24, 16], pool: 8}}
  half: {inception: {3x3: [{conv: 16}, {conv: 24, kernel: 3, stride: 2}], pool: [{max: 3, stride: 2, pad: same}]}}
  b:    {inception: {1x1: 32, 3x3: wide, 5x5: [8, 16], pool: through}}
  c:    {inception: {1x1: 32, 3x3: [16, wide], 5x5: [8, 16], pool: 16}}
  gap:  {avg: global}
  out:  {fc: 10}
";

fn lowered(text: &str) -> (Sources, Graph) {
    read(text).unwrap()
}

fn read(text: &str) -> Option<(Sources, Graph)> {
    let mut sources = Sources::default();
    let file = sources.add("law.yaml", text);
    let loaded = spec::load(&mut sources, file, &mut |_, _| Err(String::new()));
    let graph = spec::lower(&loaded.spec?, Decisions::new([]), None).graph?;
    Some((sources, graph))
}

fn written(sources: &Sources, graph: &Graph) -> Vec<Written> {
    let sites = spec::sites(sources, FileId(0));
    let form = Multilinear::of(graph);
    spec::written(TEXT, &sites, graph, form.knobs(), 8, |text| read(text).map(|(_, graph)| graph))
}

const GOAL: Goal = Goal { budget: 0, least: 9980, align: 8, per_module: false };

#[test]
fn modules_are_read_off_the_graph() {
    let (_, graph) = lowered(TEXT);
    let found = modules(&graph);
    let paths: Vec<&str> = found.iter().map(|module| &*module.path).collect();
    assert_eq!(paths, ["a", "b", "c"]);
    let branches: Vec<(&str, Covers, bool, usize, bool)> = found[..2]
        .iter()
        .flat_map(|module| &module.branches)
        .map(|branch| (&*branch.path, branch.covers, branch.reduce.is_some(), branch.between.len(), branch.last.is_some()))
        .collect();
    let window = Covers::Window;
    let want = [
        ("a/1x1", window(Extent::One), false, 0, true),
        ("a/3x3", window(Extent::Three), true, 0, true),
        ("a/3x3b", window(Extent::Five), true, 1, true),
        ("a/pool", Covers::Pool, false, 0, true),
        ("b/1x1", window(Extent::One), false, 0, true),
        ("b/3x3", window(Extent::Three), false, 0, true),
        ("b/5x5", window(Extent::Five), true, 0, true),
        ("b/pool", Covers::Pool, false, 0, false),
    ];
    assert_eq!(branches, want);
    assert_eq!((found[0].shape.c, found[1].shape.c, found[1].channels()), (16, 96, 168));
}

/// The spec's own widths at the spec's own cost are the spec.
#[test]
fn what_is_asked_for_as_it_stands_stays() {
    let (sources, graph) = lowered(TEXT);
    let problem = Problem::of(&graph, &written(&sources, &graph));
    let budget = u64::try_from(problem.totals().madds).unwrap();
    let fitted = problem.fit(&Alternative::Uniform.aims(&problem), Goal { budget, ..GOAL }).unwrap();
    let from: Vec<u32> = problem.dials.iter().map(|dial| dial.from).collect();
    assert_eq!((fitted.numbers, fitted.madds, fitted.unaligned), (from, budget, 0));
}

/// Counts are those of the text written and lowered again; widths are multiples but for those that are told.
#[test]
fn budgets_are_met_as_the_text_counts() {
    let (sources, graph) = lowered(TEXT);
    let numbers = written(&sources, &graph);
    let problem = Problem::of(&graph, &numbers);
    let now = u64::try_from(problem.totals().madds).unwrap();
    let rules = [Alternative::Uniform, Alternative::GoogLeNet, Alternative::Random(1), Alternative::Random(2)];
    for (rule, budget, align, per_module) in rules.into_iter().flat_map(|rule| {
        [(rule, now / 2, 8, false), (rule, now * 3, 8, false), (rule, now * 3 / 2, 4, true), (rule, now, 1, false)]
    }) {
        let goal = Goal { budget, align, per_module, ..GOAL };
        let fitted = problem.fit(&rule.aims(&problem), goal).unwrap();
        let changes: Vec<(Site, u32)> =
            problem.places().iter().zip(&fitted.numbers).map(|(&place, &to)| (numbers[place].site, to)).collect();
        let (_, again) = lowered(&spec::rewritten(TEXT, &changes));
        let totals = again.inference_totals();
        assert_eq!((totals.cost.madds, totals.params), (fitted.madds.into(), fitted.params.into()));
        assert!(fitted.madds <= budget && fitted.madds * 1000 >= budget * 998, "{rule:?} {goal:?}: {}", fitted.madds);
        assert_eq!(fitted.numbers.iter().filter(|number| **number % align != 0).count(), fitted.unaligned);
        assert!(fitted.unaligned <= 2, "{rule:?} {goal:?}: {fitted:?}");
        // No reduction is wider than what it is for, but where the spec has it so.
        let width = |node| crate::propose::widths::aim::width_of(&again, node).unwrap();
        for branch in modules(&again).iter().flat_map(|module| &module.branches) {
            let (Some(reduce), Some(last)) = (branch.reduce, branch.last) else { continue };
            assert!(width(reduce) <= width(last), "{rule:?} {goal:?}: {}", branch.path);
        }
    }
}

/// `wide` sets the width of branches in two modules: it is asked for by both, and moves both.
#[test]
fn a_number_of_two_branches_moves_both() {
    let (sources, graph) = lowered(TEXT);
    let problem = Problem::of(&graph, &written(&sources, &graph));
    let shared: Vec<usize> = (0..problem.dials.len()).filter(|&dial| problem.sets(dial).count() == 2).collect();
    assert_eq!(shared.len(), 1);
    let goal = Goal { budget: 2 * u64::try_from(problem.totals().madds).unwrap(), ..GOAL };
    let fitted = problem.fit(&Alternative::GoogLeNet.aims(&problem), goal).unwrap();
    let widths: Vec<Option<u32>> = problem.sets(shared[0]).map(|target| problem.width(target, &fitted.numbers)).collect();
    assert_eq!(widths, [Some(fitted.numbers[shared[0]]); 2]);
}

#[test]
fn budgets_out_of_reach_are_refused() {
    let (sources, graph) = lowered(TEXT);
    let problem = Problem::of(&graph, &written(&sources, &graph));
    let fit = |budget| problem.fit(&Alternative::Uniform.aims(&problem), Goal { budget, ..GOAL }).unwrap_err();
    assert!(matches!(fit(1000), Unfit::TooSmall { align: 1, .. }), "{:?}", fit(1000));
    assert!(matches!(fit(1 << 60), Unfit::TooLarge { .. }));
    let none = Problem::of(&graph, &[]);
    assert_eq!(none.fit(&[], Goal { budget: 1, ..GOAL }), Err(Unfit::NothingToSet));
}

fn layer(seed: u64, shape: MapShape, blur: bool) -> LayerClusters {
    let mut watch = Watch::new(Arch::best(), shape, Sightings { images: 96, groups: 4 }).unwrap();
    let wide = MapShape { height: shape.height + 2, width: shape.width + 2, ..shape };
    let values = if blur { crate::propose::sample::smooth(wide, &noise(wide, 96, seed), 1).1 } else { noise(shape, 96, seed) };
    watch.add(&values).unwrap();
    watch.turn().unwrap();
    watch.add(&values).unwrap();
    watch.end().unwrap();
    LayerClusters::of("x", &watch, 0.2, Resampling { replicates: 8, seed }).unwrap()
}

/// White noise is of extent one, smooth noise is not: the literal rule follows that, the other only if untrained networks show something else.
#[test]
fn shares_follow_clusters_as_far_as_they_are_known() {
    let (_, graph) = lowered(TEXT);
    let module = &modules(&graph)[0];
    let now = Aim::of(&graph, module);
    let shape = MapShape { channels: 16, height: 16, width: 16 };
    let (white, smooth) = (layer(1, shape, false), layer(2, shape, true));
    let aim = |layer: &LayerClusters, basis| Evidence::of(&module.covers(), layer, &now, basis, RankOf::Coherent).aim;
    let share = |aim: &Aim, branch: usize| aim.branches[branch].share;
    let sum = |aim: &Aim| aim.branches.iter().map(|branch| branch.share).sum::<f64>();
    assert!(share(&aim(&white, Basis::Raw), 0) > 0.8 && share(&aim(&smooth, Basis::Raw), 0) < 0.1);
    // Without controls nothing is in excess of anything.
    let without = Evidence::of(&module.covers(), &smooth, &now, Basis::Excess, RankOf::Coherent);
    assert!(without.shares.is_none() && without.pooling.is_none());
    for (asked, now) in without.aim.branches.iter().zip(&now.branches) {
        assert!((asked.share - now.share).abs() < 1e-12);
    }
    let with = |layer: &LayerClusters, controls: [u64; 3], blur| {
        let of = |seed| Control::of(&self::layer(seed, shape, blur), seed);
        LayerClusters { controls: controls.map(of).to_vec(), ..layer.clone() }
    };
    // Noise among noise of its kind: what differs is chance.
    let same = Evidence::of(&module.covers(), &with(&white, [7, 8, 9], false), &now, Basis::Excess, RankOf::Coherent);
    assert!(same.shares.as_ref().unwrap().kept < 0.7, "{:?}", same.shares);
    for aim in [aim(&white, Basis::Raw), aim(&smooth, Basis::Innovations), same.aim] {
        assert!((sum(&aim) - 1.0).abs() < 1e-12);
    }
    // Reductions are ranks of what is read, and no more than all of it.
    let ranks = [0, 1, 2, 3].map(|branch| aim(&smooth, Basis::Raw).branches[branch].reduction);
    assert!(ranks[0].is_none() && ranks[3].is_none());
    assert!((ranks[1].unwrap() - smooth.ranks.coherent_3x3 / 16.0).abs() < 1e-12);
    assert!((ranks[2].unwrap() - smooth.ranks.coherent_5x5 / 16.0).abs() < 1e-12);
}

/// Pooling goes up or down by what a maximum tells against untrained networks, at most by a factor of two, and never takes all.
#[test]
fn pooling_follows_what_a_maximum_tells() {
    let (_, graph) = lowered(TEXT);
    let module = &modules(&graph)[0];
    let now = Aim::of(&graph, module);
    let white = layer(1, MapShape { channels: 16, height: 16, width: 16 }, false);
    let pool = |now: &Aim, trained: f64, untrained: f64| {
        let control = |seed| Control {
            pool_novelty: Some(untrained),
            innovations: white.innovations.as_ref().map(Grouping::shares),
            ..Control::of(&white, seed)
        };
        let layer = LayerClusters { pool_novelty: Some(trained), controls: [7, 8, 9].map(control).to_vec(), ..white.clone() };
        Evidence::of(&module.covers(), &layer, now, Basis::Excess, RankOf::Coherent).aim.branches
    };
    let was = now.branches[3].share;
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-12, "{found}, {wanted}");
    for (trained, untrained, factor) in
        [(0.3, 0.3, 1.0), (0.45, 0.3, 1.5), (0.2, 0.25, 0.8), (0.9, 0.3, 2.0), (0.03, 0.3, 0.5), (0.4, 0.0, 1.0)]
    {
        near(pool(&now, trained, untrained)[3].share, factor * was);
    }
    // 80 % twice would be more than all: three windows keep a 32nd each, in their proportion.
    let share = |at: usize| if at == 3 { 0.8 } else { [0.02, 0.06, 0.12][at] };
    let mut wide = now.clone();
    wide.branches.iter_mut().enumerate().for_each(|(at, branch)| branch.share = share(at));
    let found = pool(&wide, 0.9, 0.3);
    near(found[3].share, 1.0 - 3.0 / 32.0);
    assert!(found.iter().all(|branch| branch.share > 0.0), "{found:?}");
}

/// Taken as they are, shares are the clusters' however they vary by the choice of images; in excess they are shrunk by that.
#[test]
fn the_literal_rule_is_not_shrunk() {
    let (_, graph) = lowered(TEXT);
    let module = &modules(&graph)[0];
    let smooth = layer(2, MapShape { channels: 16, height: 16, width: 16 }, true);
    assert!(smooth.raw.intervals.unwrap().iter().any(|interval| interval.deviation > 0.0));
    let found = Evidence::of(&module.covers(), &smooth, &Aim::of(&graph, module), Basis::Raw, RankOf::Coherent);
    let windows: f64 = found.aim.branches[..3].iter().map(|branch| branch.share).sum();
    let least = |share: f64| share.max(1.0 / 32.0);
    let all: f64 = smooth.raw.shares().into_iter().map(least).sum();
    // `3x3b` covers 5x5.
    for (branch, share) in found.aim.branches.iter().zip(smooth.raw.shares()) {
        assert!((branch.share / windows - least(share) / all).abs() < 1e-12, "{found:?}");
    }
}

#[test]
fn ranks_are_those_that_are_asked_for() {
    let ranks = Ranks { coherent_3x3: 3.0, coherent_5x5: 5.0, pca95: 95.0, participation: 7.0, ..Ranks::default() };
    let of = |rank: RankOf| [Extent::One, Extent::Three, Extent::Five].map(|extent| rank.of(&ranks, extent) as u32);
    assert_eq!(RankOf::ALL.map(of), [[3, 3, 5], [95; 3], [7; 3]]);
}

#[test]
fn modules_of_a_grid_are_counted() {
    let (_, graph) = lowered(TEXT);
    let count = |side| modules_on([side, side], &graph);
    assert_eq!([16, 8, 4].map(count), [1, 2, 0]);
}

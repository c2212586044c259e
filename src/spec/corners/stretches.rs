//! All ways through a spec, stretch by stretch, those that look the same from where they are taken for one.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::rc::Rc;

use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::MAX_TOTAL;
use crate::spec::Spec;
use crate::spec::lower::Bodies;
use crate::spec::lower::Halt;
use crate::spec::lower::MAX_VISITS;
use crate::spec::lower::MAX_WORK;
use crate::spec::lower::Mark;
use crate::spec::lower::Purpose;
use crate::spec::lower::Stretch;
use crate::spec::lower::lower_stretch;
use crate::spec::space::Choices;

use super::extremes::MAX_POINTS;
use super::reach::Reach;
use super::step::Extent;
use super::step::Step;
use super::step::extent;

/// How ways are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As candidates.
    Whole,
    /// Forgetting between stretches what was chosen for what several layers ask for: more ways than candidates.
    Forgetful,
}

/// What all ways came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// What they cost; nothing if none is valid.
    pub(super) extent: Option<Extent>,
    /// Whether some way was no valid network.
    pub(super) invalid: bool,
    /// Whether every way is a candidate, so that one costs that.
    pub(super) is_exact: bool,
}

impl Outcome {
    /// That of both.
    pub(super) fn or(self, other: Outcome) -> Outcome {
        let extent = match (self.extent, other.extent) {
            (Some(one), Some(other)) => Some(one.or(other)),
            (one, other) => one.or(other),
        };
        Outcome { extent, invalid: self.invalid || other.invalid, is_exact: self.is_exact && other.is_exact }
    }
}

/// Takes all ways, with some decisions fixed; nothing if there are too many stretches.
pub(super) fn all_ways(spec: &Spec, purpose: Purpose, fixed: &Choices, manner: Manner) -> Option<Outcome> {
    let mut ways = Ways {
        spec,
        purpose,
        fixed,
        manner,
        bodies: Bodies::of(spec),
        reach: Reach::of(spec),
        stages: Vec::new(),
        known: HashMap::new(),
        waiting: BTreeMap::new(),
        invalid: false,
        left: MAX_POINTS,
        size: Size::default(),
    };
    ways.stages.push(Stage { halt: None, chosen: Choices::new(), steps: Vec::new(), size: Size::default() });
    let mut order = vec![0];
    ways.go_on(0)?;
    while let Some((_, stages)) = ways.waiting.pop_first() {
        for stage in stages {
            order.push(stage);
            ways.go_on(stage)?;
        }
    }
    // Names that are whole paths may be given twice, which no stretch sees; and networks may be too large as a whole.
    let is_flat = spec.net.layers.iter().any(|layer| layer.key.text.contains('/'));
    let is_exact = manner == Manner::Whole && !is_flat && ways.size.is_countable();
    let steps: Vec<Vec<Step>> = ways.stages.into_iter().map(|stage| stage.steps).collect();
    Some(Outcome { extent: extent(&steps, &order), invalid: ways.invalid, is_exact })
}

/// What a whole network must keep within, at most.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    sums: [u128; 4],
    visits: u32,
    work: usize,
}

impl Size {
    fn plus(self, stretch: &Stretch, graph: &Graph) -> Size {
        let totals = graph.totals(graph.nodes());
        let cost = totals.cost;
        let elements = graph.nodes().map(|node| graph.node(node).shape.elements()).sum();
        let own = [cost.madds, cost.adds + cost.muls + cost.cmps + cost.divs + cost.exps, totals.params, elements];
        Size {
            sums: std::array::from_fn(|at| self.sums[at] + own[at]),
            visits: self.visits.saturating_add(stretch.visits),
            work: self.work.saturating_add(stretch.work),
        }
    }

    fn or(self, other: Size) -> Size {
        Size {
            sums: std::array::from_fn(|at| self.sums[at].max(other.sums[at])),
            visits: self.visits.max(other.visits),
            work: self.work.max(other.work),
        }
    }

    fn is_countable(self) -> bool {
        self.sums.iter().all(|&sum| sum <= MAX_TOTAL) && self.visits <= MAX_VISITS && self.work <= MAX_WORK
    }
}

/// Where some ways are at one time, all of which go on alike.
struct Stage {
    /// Nothing before the beginning.
    halt: Option<Rc<Halt>>,
    /// Choices that will be asked for again, sorted.
    chosen: Choices,
    steps: Vec<Step>,
    size: Size,
}

struct Ways<'s> {
    spec: &'s Spec,
    purpose: Purpose,
    fixed: &'s Choices,
    manner: Manner,
    bodies: Bodies,
    reach: Reach<'s>,
    stages: Vec<Stage>,
    known: HashMap<(Rc<Halt>, Choices), usize>,
    /// Stages from which no way was taken yet, in the order of the text.
    waiting: BTreeMap<Vec<Mark>, Vec<usize>>,
    invalid: bool,
    /// Stretches that may still be walked.
    left: u128,
    /// That of the largest network.
    size: Size,
}

impl Ways<'_> {
    /// Takes all ways from a stage to the next ones.
    fn go_on(&mut self, from: usize) -> Option<()> {
        let Stage { halt, chosen, .. } = &self.stages[from];
        let (halt, mut chosen) = (halt.clone(), chosen.clone());
        self.walk(from, halt.as_deref(), &mut chosen)
    }

    /// Walks a stretch, then branches on the first decision met that matters in it and is not chosen yet.
    fn walk(&mut self, from: usize, halt: Option<&Halt>, choices: &mut Choices) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let all = choices.iter().chain(self.fixed).cloned();
        let stretch = lower_stretch(self.purpose, self.spec, &self.bodies, Decisions::new(all), halt);
        let layer = halt.map(|halt| halt.marks[0].index);
        let is_chosen = |path: &str| choices.iter().chain(self.fixed).any(|(chosen, _)| chosen == path);
        let matters = |path: &str| path.contains(':') || self.reach.concerns(layer, path);
        let open = stretch.decisions.found().iter().find(|decision| matters(&decision.path) && !is_chosen(&decision.path));
        if let Some(decision) = open {
            if decision.options.len() as u128 > self.left {
                return None;
            }
            for value in decision.options.iter() {
                choices.push((decision.path.clone(), value));
                self.walk(from, halt, choices)?;
                choices.pop();
            }
            return Some(());
        }
        let Some(graph) = &stretch.graph else {
            self.invalid = true;
            return Some(());
        };
        let size = self.stages[from].size.plus(&stretch, graph);
        let to = match &stretch.halt {
            Some(next) => Some(self.stage(next, &stretch.around, choices, size)),
            None => {
                self.size = self.size.or(size);
                None
            }
        };
        let step = Step::of(graph, halt.map_or(0, |halt| halt.planes.len()), to)?;
        self.stages[from].steps.push(step);
        Some(())
    }

    /// The stage that is a halt with the choices that still matter there.
    fn stage(&mut self, halt: &Halt, around: &[String], choices: &Choices, size: Size) -> usize {
        let remembers = self.manner == Manner::Whole;
        let lies_at = |path: &str, place: &str| path.strip_prefix(place).is_some_and(|key| key.starts_with(':'));
        let matters = |path: &str| {
            if path.contains(':') {
                around.iter().any(|place| lies_at(path, place)) || remembers && path.starts_with("defaults/")
            } else {
                remembers && self.reach.concerns_from(halt.marks[0].index, path)
            }
        };
        let mut chosen: Choices = choices.iter().filter(|(path, _)| matters(path)).cloned().collect();
        chosen.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (halt, next) = (Rc::new(halt.clone()), self.stages.len());
        let stage = *self.known.entry((halt.clone(), chosen.clone())).or_insert(next);
        if stage == next {
            self.waiting.entry(halt.marks.clone()).or_default().push(stage);
            self.stages.push(Stage { halt: Some(halt), chosen, steps: Vec::new(), size });
        } else {
            self.stages[stage].size = self.stages[stage].size.or(size);
        }
        stage
    }
}

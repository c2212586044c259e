//! From a spec to proposals: its numbers as dials, the changes found, each written and counted again.

use crate::analyze;
use crate::analyze::Dial;
use crate::analyze::Fixed;
use crate::analyze::Goal;
use crate::analyze::LayerWidth;
use crate::analyze::Move;
use crate::analyze::Options;
use crate::analyze::Proposal;
use crate::analyze::Proposed;
use crate::analyze::Ratio;
use crate::analyze::SUGGEST;
use crate::analyze::Suggestion;
use crate::analyze::Suggestions;
use crate::analyze::WidthChange;
use crate::base::Quantity;
use crate::cli::loading::Network;
use crate::cli::rewriting;
use crate::graph::Counts;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::spec::Follows;
use crate::spec::Site;
use crate::spec::Written;
use crate::spec::rewritten;

/// Proposals that turn out untrue are looked for anew so many times, at most.
const MOST_ROUNDS: usize = 32;

/// The numbers of a spec that are widths, as dials.
struct Dials<'n> {
    network: &'n Network,
    form: Multilinear,
    written: Vec<Written>,
    all: Vec<Dial>,
    /// For each dial why it does not go all the way, if it does not.
    limits: Vec<Option<String>>,
}

impl<'n> Dials<'n> {
    fn of(network: &'n Network, multiple: u32) -> anyhow::Result<Dials<'n>> {
        let form = Multilinear::of(&network.graph);
        let mut written = rewriting::written(network, multiple)?;
        written.retain(|number| number.follow.iter().any(|follows| form.marginal(follows.knob) != Counts::default()));
        let dial = |number: &Written| Dial {
            from: number.site.number,
            least: 1,
            moves: number.follow.iter().map(|&Follows { knob, channels, of }| Move { knob, channels, of }).collect(),
        };
        let all: Vec<Dial> = written.iter().map(dial).collect();
        let limits = vec![None; all.len()];
        Ok(Dials { network, form, written, all, limits })
    }

    fn text(&self, changes: &[(usize, u32)]) -> String {
        let sites: Vec<(Site, u32)> = changes.iter().map(|&(dial, to)| (self.written[dial].site, to)).collect();
        rewritten(rewriting::text_of(self.network), &sites)
    }

    /// The network of the text with some changes, if it counts what was promised.
    fn counted(&self, proposal: &Proposal) -> Option<Graph> {
        let graph = rewriting::again(self.network, rewriting::name_of(self.network), &self.text(&proposal.changes))?;
        let totals = graph.inference_totals();
        let counts = Counts { madds: totals.cost.madds.cast_signed(), params: totals.params.cast_signed() };
        (counts == proposal.totals).then_some(graph)
    }

    /// Shortens the ways of the dials for proposals that do not count what they promise.
    fn shorten(&mut self, proposals: &[Proposal], multiple: u32) {
        let changes = proposals.iter().flat_map(|proposal| proposal.changes.iter().copied());
        let untrue: Vec<(usize, u32)> = changes.filter(|&change| !self.is_true(change)).collect();
        // Only when every dial goes as far as it does alone, so that none is cut short before the best single change is found.
        if untrue.is_empty() {
            self.shorten_one(&proposals[0], multiple);
        }
        for (at, to) in untrue {
            // The settings between, the nearest first: true as far as the number is followed.
            let nearer: Vec<u32> = self.all[at].smaller(&self.form, multiple).into_iter().filter(|&nearer| nearer > to).collect();
            let first = nearer.partition_point(|&nearer| self.is_true((at, nearer)));
            let least = first.checked_sub(1).map_or(self.all[at].from, |last| nearer[last]);
            self.limit(at, least, format!("follows its number only down to {least}"));
        }
    }

    /// Where each change is true alone but not all together, none of them can be told to be the one: the farthest goes half as far.
    fn shorten_one(&mut self, proposal: &Proposal, multiple: u32) {
        let share = |&(at, to): &(usize, u32)| Ratio::new((self.all[at].from - to).into(), self.all[at].from.into());
        let farthest = proposal.changes.iter().reduce(|far, other| if is_less(share(far), share(other)) { other } else { far });
        let Some(&(at, to)) = farthest else { return };
        let from = self.all[at].from;
        let nearer = self.all[at].smaller(&self.form, multiple).into_iter().filter(|&nearer| nearer > to);
        let least = nearer.take_while(|&nearer| from - nearer <= (from - to) / 2).last().unwrap_or(from);
        self.limit(at, least, "how far it follows its number depends on other numbers".to_owned());
    }

    fn limit(&mut self, at: usize, least: u32, because: String) {
        self.all[at].least = least;
        self.limits[at] = Some(because);
    }

    fn is_true(&self, change: (usize, u32)) -> bool {
        let (at, to) = change;
        let dial = &self.all[at];
        let mut form = self.form.clone();
        for along in &dial.moves {
            let Some(width) = dial.width(&self.form, along, to) else { return false };
            form.set(along.knob, width);
        }
        let relative = Ratio::new((dial.from - to).into(), dial.from.into());
        let alone = Proposal { kind: Proposed::Single, changes: vec![change], relative, totals: form.totals() };
        self.counted(&alone).is_some()
    }

    /// The best true proposal of each kind with its network, and what is proven of the mixed one.
    ///
    /// A proposal that does not count what it promises shortens the ways of its dials, and all kinds are looked for again. What was true
    /// before stays in the running. Nothing is proven then: the bound tells nothing of settings to which no dial goes.
    fn search(&mut self, goal: Goal) -> (Vec<(Proposal, Graph)>, Option<Ratio>) {
        let mut best: Vec<(Proposal, Graph)> = Vec::new();
        let mut lower = None;
        for round in 0..MOST_ROUNDS {
            let suggested = analyze::suggest(&self.form, &self.all, goal);
            let mut untrue = Vec::new();
            for proposal in suggested.proposals {
                match self.counted(&proposal) {
                    Some(graph) => keep(&mut best, proposal, graph),
                    None => untrue.push(proposal),
                }
            }
            if untrue.is_empty() {
                lower = suggested.lower.filter(|_| round == 0);
                break;
            }
            self.shorten(&untrue, goal.multiple);
        }
        // A set may have any size.
        let least =
            best.iter().cloned().reduce(|least, other| if is_less(other.0.relative, least.0.relative) { other } else { least });
        if let Some((least, graph)) = least {
            keep(&mut best, Proposal { kind: Proposed::Mixed, ..least }, graph);
        }
        best.sort_by_key(|(proposal, _)| proposal.kind);
        (best, lower)
    }

    fn change(&self, (at, to): (usize, u32)) -> WidthChange {
        let (dial, site) = (&self.all[at], self.written[at].site);
        let (line, column) = self.network.sources.place(site.span);
        let scopes = self.network.graph.scopes();
        let mut layers: Vec<LayerWidth> = Vec::new();
        for along in &dial.moves {
            let (from, to) = (self.form.width(along.knob), dial.width(&self.form, along, to).unwrap_or_default());
            for &node in &self.form.knobs()[along.knob].nodes {
                let path = scopes.path(self.network.graph.node(node).scope);
                if layers.last().is_none_or(|last| last.path != path) {
                    layers.push(LayerWidth { path, from, to });
                }
            }
        }
        WidthChange { line, column, from: site.number, to, layers }
    }

    /// The widths that cost something and are not proposed to change, or only part of the way.
    fn fixed(&self, multiple: u32) -> Vec<Fixed> {
        let mut fixed = Vec::new();
        for (at, knob) in self.form.knobs().iter().enumerate() {
            if self.form.marginal(at) == Counts::default() {
                continue;
            }
            let movers = || (0..self.all.len()).filter(|&dial| self.all[dial].moves.iter().any(|along| along.knob == at));
            let is_free = |&dial: &usize| !self.all[dial].smaller(&self.form, multiple).is_empty();
            let limit = movers().find_map(|dial| self.limits[dial].clone());
            if limit.is_none() && movers().any(|dial| is_free(&dial)) {
                continue;
            }
            let elsewhere = knob.span.filter(|span| span.file != rewriting::MAIN);
            let is_cut_short = limit.is_some();
            let because = match (limit, movers().next(), elsewhere) {
                (Some(because), ..) => because,
                (None, Some(_), _) => format!("no smaller number gives multiples of {multiple}"),
                (None, None, Some(span)) => {
                    format!("written in {}, which the spec extends", self.network.sources.get(span.file).name)
                }
                (None, None, None) => "no number that stands by itself sets them: a formula, a decision or shares do".to_owned(),
            };
            let path = self.network.graph.scopes().path(knob.scope);
            fixed.push(Fixed { path, width: self.form.width(at), is_cut_short, because });
        }
        fixed
    }
}

/// Keeps a proposal if there is no better one of its kind.
fn keep(best: &mut Vec<(Proposal, Graph)>, proposal: Proposal, graph: Graph) {
    match best.iter_mut().find(|(known, _)| known.kind == proposal.kind) {
        Some(known) if is_less(proposal.relative, known.0.relative) => *known = (proposal, graph),
        Some(_) => {}
        None => best.push((proposal, graph)),
    }
}

fn is_less(one: Ratio, other: Ratio) -> bool {
    one.part * other.whole < other.part * one.whole
}

/// The proposals for a spec, and the text of each.
pub(super) fn propose(
    network: &Network,
    limits: &[(Quantity, u64)],
    multiple: u32,
) -> anyhow::Result<(Suggestions, Vec<(Proposed, String)>)> {
    let limited = |quantity: Quantity| limits.iter().filter(|(other, _)| *other == quantity).map(|&(_, most)| most).min();
    let goal = Goal { madds: limited(Quantity::Madds), params: limited(Quantity::Params), multiple };
    let now = analyze::analyze(&network.graph, &Options::default()).with_limits(limits.iter().copied());
    let mut found = Suggestions {
        schema: SUGGEST,
        name: now.name.clone(),
        multiple,
        inside: now.budget.iter().filter(|limit| limit.quantity != Quantity::Memory).all(|limit| !limit.is_over()),
        limits: now.budget,
        proposals: Vec::new(),
        lower_bound: None,
        not_editable: Vec::new(),
    };
    if found.inside {
        return Ok((found, Vec::new()));
    }
    let mut dials = Dials::of(network, multiple)?;
    let (best, lower) = dials.search(goal);
    let mut texts = Vec::new();
    for (proposal, graph) in best {
        let analysis = analyze::analyze(&graph, &Options::default()).with_limits(limits.iter().copied());
        texts.push((proposal.kind, dials.text(&proposal.changes)));
        found.proposals.push(Suggestion {
            kind: proposal.kind,
            changes: proposal.changes.iter().map(|&change| dials.change(change)).collect(),
            relative_change: proposal.relative,
            madds: analysis.totals.madds,
            params: analysis.totals.params,
            memory_bytes: analysis.memory.peak_bytes,
            limits: analysis.budget,
        });
    }
    found.lower_bound = lower;
    found.not_editable = dials.fixed(multiple);
    Ok((found, texts))
}

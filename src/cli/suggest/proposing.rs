//! From a spec to proposals: its numbers as dials, the changes found, each written and counted again.

use std::path::Path;

use anyhow::ensure;

use crate::analyze;
use crate::analyze::Analysis;
use crate::analyze::Dial;
use crate::analyze::Extent;
use crate::analyze::Fixed;
use crate::analyze::Goal;
use crate::analyze::LayerWidth;
use crate::analyze::Move;
use crate::analyze::Options;
use crate::analyze::Proposal;
use crate::analyze::SUGGEST;
use crate::analyze::Suggestion;
use crate::analyze::Suggestions;
use crate::analyze::WidthChange;
use crate::base::FileId;
use crate::base::Quantity;
use crate::base::Severity;
use crate::base::Sources;
use crate::cli::files;
use crate::cli::loading::Network;
use crate::expr::Decisions;
use crate::graph::Counts;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::spec;
use crate::spec::Site;
use crate::spec::Written;
use crate::spec::lower;
use crate::spec::rewritten;

/// The text that the user named comes first.
const MAIN: FileId = FileId(0);
/// Each number is tried twice by reading the whole text again: so many bytes are read, at most.
const MOST_BYTES: usize = 1 << 28;

/// The text of the spec that the user named.
pub(super) fn text_of(network: &Network) -> &str {
    &network.sources.get(MAIN).text
}

/// The network of another text in the place of the spec's, if it means one.
fn again(network: &Network, name: &str, text: &str) -> Option<Graph> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let loaded = spec::load(&mut sources, file, &mut files::read_extended);
    let is_error = loaded.found.iter().any(|finding| finding.severity() == Severity::Error);
    let spec = loaded.spec.filter(|_| !is_error)?;
    let taken = network.decisions.taken().map(|(decision, value)| (decision.path.clone(), value.clone()));
    lower(&spec, Decisions::new(taken), network.input).graph
}

/// The numbers of a spec that are widths, as dials.
struct Dials<'n> {
    network: &'n Network,
    form: Multilinear,
    written: Vec<Written>,
    all: Vec<Dial>,
}

impl<'n> Dials<'n> {
    fn of(network: &'n Network, multiple: u32) -> anyhow::Result<Dials<'n>> {
        let form = Multilinear::of(&network.graph);
        let text = text_of(network);
        let sites = spec::sites(&network.sources, MAIN);
        ensure!(
            sites.len().saturating_mul(text.len()) <= MOST_BYTES,
            "the spec has {} numbers in {} bytes, too many to try each; write repeated layers as a module",
            sites.len(),
            text.len()
        );
        let name = &network.sources.get(MAIN).name;
        let mut written = spec::written(text, &sites, &network.graph, form.knobs(), multiple, |text| again(network, name, text));
        written.retain(|number| number.follow.iter().any(|&(knob, ..)| form.marginal(knob) != Counts::default()));
        let dial = |number: &Written| Dial {
            from: number.site.number,
            moves: number.follow.iter().map(|&(knob, channels, of)| Move { knob, channels, of }).collect(),
        };
        let all = written.iter().map(dial).collect();
        Ok(Dials { network, form, written, all })
    }

    fn text(&self, changes: &[(usize, u32)]) -> String {
        let sites: Vec<(Site, u32)> = changes.iter().map(|&(dial, to)| (self.written[dial].site, to)).collect();
        rewritten(text_of(self.network), &sites)
    }

    /// The analysis of the text with some changes, if it counts what was promised.
    fn counted(&self, proposal: &Proposal) -> Option<Analysis> {
        let graph = again(self.network, &self.network.sources.get(MAIN).name, &self.text(&proposal.changes))?;
        let analysis = analyze::analyze(&graph, &Options::default());
        let counts = Counts { madds: analysis.totals.madds.into(), params: analysis.totals.params.into() };
        (counts == proposal.totals).then_some(analysis)
    }

    /// Takes out the dials that do not follow their numbers as far as a proposal goes; whether there were any.
    fn drop_untrue(&mut self, proposal: &Proposal) -> bool {
        let untrue: Vec<usize> =
            proposal.changes.iter().filter(|&&change| !self.is_true(change)).map(|&(dial, _)| dial).collect();
        // Where each is true alone but not all together, none of them can be told to be the one.
        let out: Vec<usize> = if untrue.is_empty() { proposal.changes.iter().map(|&(dial, _)| dial).collect() } else { untrue };
        for &dial in out.iter().rev() {
            self.all.remove(dial);
            self.written.remove(dial);
        }
        !out.is_empty()
    }

    fn is_true(&self, change: (usize, u32)) -> bool {
        let (at, to) = change;
        let dial = &self.all[at];
        let mut form = self.form.clone();
        for along in &dial.moves {
            let Some(width) = dial.width(&self.form, along, to) else { return false };
            form.set(along.knob, width);
        }
        let alone = Proposal {
            extent: Extent::Single,
            changes: vec![change],
            relative: analyze::Ratio::new(0, 1),
            totals: form.totals(),
        };
        self.counted(&alone).is_some()
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

    /// The widths that cost something and are not proposed to change.
    fn fixed(&self, multiple: u32) -> Vec<Fixed> {
        let mut fixed = Vec::new();
        for (at, knob) in self.form.knobs().iter().enumerate() {
            if self.form.marginal(at) == Counts::default() {
                continue;
            }
            let movers = || self.all.iter().filter(|dial| dial.moves.iter().any(|along| along.knob == at));
            if movers().any(|dial| !dial.smaller(&self.form, multiple).is_empty()) {
                continue;
            }
            let elsewhere = knob.span.filter(|span| span.file != MAIN);
            let because = match (movers().next(), elsewhere) {
                (Some(_), _) => format!("no smaller number gives multiples of {multiple}"),
                (None, Some(span)) => format!("written in {}, which the spec extends", self.network.sources.get(span.file).name),
                (None, None) => "no number that stands by itself sets them: a formula, a decision or shares do".to_owned(),
            };
            let path = self.network.graph.scopes().path(knob.scope);
            fixed.push(Fixed { path, width: self.form.width(at), because });
        }
        fixed
    }
}

/// The proposals for a spec, and the text of each.
pub(super) fn propose(
    network: &Network,
    limits: &[(Quantity, u64)],
    multiple: u32,
) -> anyhow::Result<(Suggestions, Vec<(Extent, String)>)> {
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
    let (suggested, counted) = loop {
        let suggested = analyze::suggest(&dials.form, &dials.all, goal);
        let counted: Vec<Option<Analysis>> = suggested.proposals.iter().map(|proposal| dials.counted(proposal)).collect();
        let untrue = suggested.proposals.iter().zip(&counted).find(|(_, analysis)| analysis.is_none());
        match untrue.map(|(proposal, _)| proposal.clone()) {
            Some(proposal) if dials.drop_untrue(&proposal) => {}
            _ => break (suggested, counted),
        }
    };
    let mut texts = Vec::new();
    for (proposal, analysis) in suggested.proposals.iter().zip(counted) {
        let Some(analysis) = analysis.map(|analysis| analysis.with_limits(limits.iter().copied())) else { continue };
        texts.push((proposal.extent, dials.text(&proposal.changes)));
        found.proposals.push(Suggestion {
            kind: proposal.extent,
            changes: proposal.changes.iter().map(|&change| dials.change(change)).collect(),
            relative_change: proposal.relative,
            madds: analysis.totals.madds,
            params: analysis.totals.params,
            memory_bytes: analysis.memory.peak_bytes,
            limits: analysis.budget,
        });
    }
    found.lower_bound = suggested.lower;
    found.not_editable = dials.fixed(multiple);
    Ok((found, texts))
}

/// Makes sure that a text, read as the file that it becomes, counts what its proposal promises.
pub(super) fn check(network: &Network, path: &Path, text: &str, promised: Option<&Suggestion>) -> anyhow::Result<()> {
    let Some(graph) = again(network, &path.display().to_string(), text) else {
        anyhow::bail!("as `{}` the spec would be no network: what it extends does not lie beside it", path.display());
    };
    let Some(promised) = promised else { return Ok(()) };
    let totals = analyze::analyze(&graph, &Options::default()).totals;
    ensure!(
        (totals.madds, totals.params) == (promised.madds, promised.params),
        "as `{}` the spec would count {} multiply-adds, not the {} that were proposed",
        path.display(),
        totals.madds,
        promised.madds
    );
    Ok(())
}

//! A spec's text with other numbers: read and counted again before it is believed.

use std::ops::Range;
use std::path::Path;

use anyhow::ensure;

use crate::base::FileId;
use crate::base::Quantity;
use crate::base::Severity;
use crate::base::Sources;
use crate::base::Span;
use crate::cli::files;
use crate::cli::loading::Network;
use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::spec;
use crate::spec::Written;
use crate::spec::lower;

/// The text that the user named comes first.
pub(super) const MAIN: FileId = FileId(0);
/// Each number is tried twice by reading the whole text again: so many bytes are read, at most.
const MOST_BYTES: usize = 1 << 28;

/// The text of the spec that the user named.
pub(super) fn text_of(network: &Network) -> &str {
    &network.sources.get(MAIN).text
}

/// Its name, by which findings call it.
pub(super) fn name_of(network: &Network) -> &str {
    &network.sources.get(MAIN).name
}

/// The numbers of the text that are widths, each tried `multiple` more.
pub(super) fn written(network: &Network, multiple: u32) -> anyhow::Result<Vec<Written>> {
    let text = text_of(network);
    let sites = spec::sites(&network.sources, MAIN);
    ensure!(
        sites.len().saturating_mul(text.len()) <= MOST_BYTES,
        "the spec has {} numbers in {} bytes, too many to try each; write repeated layers as a module",
        sites.len(),
        text.len()
    );
    let form = Multilinear::of(&network.graph);
    let name = name_of(network);
    Ok(spec::written(text, &sites, &network.graph, form.knobs(), multiple, |text| again(network, name, text)))
}

/// The network of another text in the place of the spec's, if it means one.
pub(super) fn again(network: &Network, name: &str, text: &str) -> Option<Graph> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let loaded = spec::load(&mut sources, file, &mut files::read_extended);
    let is_error = loaded.found.iter().any(|finding| finding.severity() == Severity::Error);
    let spec = loaded.spec.filter(|_| !is_error)?;
    let taken = network.decisions.taken().map(|(decision, value)| (decision.path.clone(), value.clone()));
    lower(&spec, Decisions::new(taken), network.input).graph
}

/// Makes sure that a text, read as the file that it becomes, counts these multiply-adds and parameters.
pub(super) fn check(network: &Network, path: &Path, text: &str, promised: (u64, u64)) -> anyhow::Result<()> {
    let Some(graph) = again(network, &path.display().to_string(), text) else {
        anyhow::bail!("as `{}` the spec would be no network: what it extends does not lie beside it", path.display());
    };
    let totals = graph.inference_totals();
    let (madds, params) = promised;
    ensure!(
        (totals.cost.madds, totals.params) == (madds.into(), params.into()),
        "as `{}` the spec would count {} multiply-adds, not the {madds} that were proposed",
        path.display(),
        totals.cost.madds
    );
    Ok(())
}

/// An edit that makes the network's name end so; none where the name is not written in this text.
pub(super) fn named(network: &Network, suffix: &str) -> Vec<(Range<usize>, String)> {
    let (span, name) = (network.spec.span, &network.spec.name);
    let end = span.end as usize;
    let is_written = span.file == MAIN && span.end > span.start && text_of(network)[..end].ends_with(name.as_str());
    if is_written { vec![(end..end, suffix.to_owned())] } else { Vec::new() }
}

/// Edits that set written limits of multiply-adds to another number.
pub(super) fn budgeted(network: &Network, madds: u64) -> Vec<(Range<usize>, String)> {
    let limits = network.spec.budget.iter().flat_map(|budget| &budget.limits);
    let other = limits.filter(|limit| limit.quantity == Quantity::Madds && limit.span.file == MAIN && limit.whole() != madds);
    other.map(|limit| (bytes(limit.span), madds.to_string())).collect()
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

//! The naive twin of a network: every `inception` without its reductions and projections.

use std::collections::HashMap;

use crate::base::Diagnostic;
use crate::base::Severity;
use crate::base::Shape;
use crate::expr::Decisions;
use crate::graph::ScopeId;
use crate::graph::Twin;
use crate::graph::TwinModule;
use crate::spec::Spec;
use crate::spec::lower;
use crate::spec::lower::Met;
use crate::spec::lower::Purpose;
use crate::spec::lower::lower_for;

/// The network that a spec means and its naive twin (figure 2a of the paper): in every `inception`, by branches or by shares, wherever it
/// stands, `[reduce, width]` becomes `width` and `pool: width` becomes `pool: through`. Branches that are lists of layers are left. The
/// decisions are taken as for [`lower`]; `input` replaces the shape of every input.
///
/// ```
/// use nas::base::Sources;
/// use nas::expr::Decisions;
///
/// let text = "
/// nas: 1
/// input: {image: [192, 28, 28]}
/// net:
///   3a: {inception: {1x1: 64, 3x3: [96, 128], 5x5: [16, 32], pool: 32}}
/// ";
/// let mut sources = Sources::default();
/// let file = sources.add("module.yaml", text);
/// let spec = nas::spec::load(&mut sources, file, &mut |_, _| Err("no files".to_owned())).spec.unwrap();
/// let twin = nas::spec::naive_twin(&spec, &Decisions::default(), None).unwrap();
/// let naive = nas::analyze::naive(&twin);
/// assert_eq!(naive.modules[0].reduced.madds, 128_049_152);
/// assert_eq!(naive.modules[0].same_input.madds, 303_464_448);
/// assert_eq!(naive.modules[0].same_input.channels, [192, 416]);
/// ```
///
/// # Errors
/// What is wrong with the spec, or with the naive form of one of its modules where it stands.
pub fn naive_twin(spec: &Spec, decisions: &Decisions, input: Option<Shape>) -> Result<Twin, Vec<Diagnostic>> {
    let plain = lower(spec, decisions.clone(), input);
    let reduced = plain.graph.ok_or(plain.found)?;
    let beside = lower_for(Purpose::Beside, spec, decisions.clone(), input);
    let beside_graph = beside.graph.ok_or_else(|| errors(beside.found))?;
    let grown = lower_for(Purpose::Naive, spec, decisions.clone(), input);
    let in_grown: HashMap<&str, ScopeId> = grown.met.iter().map(|met| (&*met.path, met.scope)).collect();
    let paths = paths(&reduced);
    let (twinned, left): (Vec<Met>, Vec<Met>) = beside.met.into_iter().partition(|met| met.is_twinned);
    let modules = twinned.into_iter().map(|met| TwinModule {
        reduced: paths[&met.path],
        same_input: met.beside.expect("what has a naive form has it beside it"),
        grown: in_grown.get(&*met.path).copied(),
        path: met.path,
        left: met.left,
    });
    let modules = modules.collect();
    let left = left.into_iter().filter(|met| !met.left.is_empty()).map(|met| (met.path, met.left)).collect();
    Ok(Twin { reduced, beside: beside_graph, grown: grown.graph.ok_or_else(|| errors(grown.found)), modules, left })
}

fn errors(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.retain(|finding| finding.severity() == Severity::Error);
    found
}

fn paths(graph: &crate::graph::Graph) -> HashMap<String, ScopeId> {
    graph.scopes().all().map(|scope| (graph.scopes().path(scope), scope)).collect()
}

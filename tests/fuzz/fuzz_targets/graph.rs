//! Any bytes, from text to analysis: no panic, every finding inside its text, and the expansion law on whatever is a network.
//!
//! The law: a spec and its expansion have one analysis, and an expansion is its own expansion.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nas::analyze::Analysis;
use nas::analyze::Options;
use nas::analyze::analyze;
use nas::base::Diagnostic;
use nas::base::Severity;
use nas::base::Sources;
use nas::cli::Format;
use nas::cli::render;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::spec::Spec;
use nas::spec::expand;
use nas::spec::load;
use nas::spec::lower;
use nas::spec::untaken;

/// Larger networks are built and counted, but the law is not tried on them: their expansions pass the limits on a text.
const MAX_NODES: usize = 5_000;

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    let text = match nas::yaml::read_bytes(bytes.to_vec()) {
        Ok(text) => text,
        Err(bad) => {
            let fault = bad.report(&mut sources, "bytes.yaml");
            return check_places(&sources, &[fault]);
        }
    };
    let Some((spec, graph)) = network(&mut sources, "text.yaml", text) else { return };
    let analysis = analysis(&spec, &graph);
    if graph.nodes().len() > MAX_NODES {
        return;
    }
    let expansion = expand(&spec, &graph);
    let Some((flat, flat_graph)) = network(&mut sources, "expansion.yaml", expansion.clone()) else {
        panic!("the expansion is refused:\n{expansion}")
    };
    assert!(analysis == self::analysis(&flat, &flat_graph), "the expansion has another analysis:\n{expansion}");
    let again = expand(&flat, &flat_graph);
    assert!(expansion == again, "expanding again changes something:\n{expansion}\n---\n{again}");
});

/// The network that a text means, unless it is refused.
fn network(sources: &mut Sources, name: &str, text: String) -> Option<(Spec, Graph)> {
    let file = sources.add(name, text);
    let loaded = load(sources, file, &mut |_, _| Err("there is no such file".to_owned()));
    check_places(sources, &loaded.found);
    let Some(spec) = loaded.spec else {
        assert!(loaded.found.iter().any(is_error), "a text without a spec has an error");
        return None;
    };
    let lowered = lower(&spec, Decisions::default(), None);
    let untaken = untaken(&spec, sources, &lowered);
    check_places(sources, &lowered.found);
    check_places(sources, &untaken);
    let broken = loaded.found.iter().chain(&lowered.found).chain(&untaken).any(is_error);
    assert!(broken || lowered.graph.is_some(), "a spec without an error is a network");
    Some((spec, lowered.graph.filter(|_| !broken)?))
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity() == Severity::Error
}

fn analysis(spec: &Spec, graph: &Graph) -> Analysis {
    let limits = spec.budget.iter().flat_map(|budget| &budget.limits);
    let limits = limits.map(|limit| (limit.quantity, limit.whole()));
    analyze(graph, &Options::default()).with_limits(limits)
}

/// Every label lies in its text, on the borders of characters, and all findings can be shown.
fn check_places(sources: &Sources, found: &[Diagnostic]) {
    for finding in found {
        let patch = finding.patch.as_ref().map(|patch| patch.span);
        for span in finding.labels.iter().map(|label| label.span).chain(patch) {
            let text = &sources.get(span.file).text;
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "{:?} of `{}` lies outside its text",
                span,
                finding.message
            );
        }
    }
    if !found.is_empty() {
        for format in [Format::Human, Format::Json, Format::Github] {
            render(sources, found, format, false);
        }
    }
}

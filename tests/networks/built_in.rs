//! Networks of built-in specs.

use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::graph::Graph;

/// The start of a built-in spec.
pub(crate) fn built_in(name: &str) -> Graph {
    let text = |wanted: &str| BUILT_IN.iter().find(|(name, _)| *name == wanted.trim_end_matches(".yaml")).expect("is built in").1;
    let mut sources = Sources::default();
    let file = sources.add(name, text(name));
    let mut loader = |wanted: &str, _: &str| Ok((wanted.to_owned(), text(wanted).to_owned()));
    let spec = nas::spec::load(&mut sources, file, &mut loader).spec.expect("is a spec");
    nas::spec::lower(&spec, Decisions::new([]), None).graph.expect("is a network")
}

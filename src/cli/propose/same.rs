//! Whether a run is one of the spec, and whether it learned anything.

use std::path::Path;

use anyhow::bail;

use crate::cli::output;
use crate::cli::trained::Opened;
use crate::graph::Graph;

/// Refuses a run of another network, with the first layer that differs.
pub(super) fn check(graph: &Graph, of_run: &Graph, spec: &str, run: &Path) -> anyhow::Result<()> {
    let run = run.display();
    for node in graph.nodes() {
        if node.index() >= of_run.nodes().len() {
            bail!("`{run}` is no run of `{spec}`: the run's network ends before `{}`", graph.path(node));
        }
        let (one, other) = (graph.node(node), of_run.node(node));
        if one.op != other.op || one.shape != other.shape || graph.sources(node) != of_run.sources(node) {
            let (path, theirs) = (graph.path(node), of_run.path(node));
            let differs = if path == theirs {
                "is another layer there".to_owned()
            } else {
                format!("there `{theirs}` stands in its place")
            };
            bail!(
                "`{run}` is no run of `{spec}`: {path} gives {}, {differs}, {}; take the spec that was trained, `{run}/spec.yaml`",
                one.shape,
                other.shape
            );
        }
    }
    if of_run.nodes().len() > graph.nodes().len() {
        bail!(
            "`{run}` is no run of `{spec}`: the run's network goes on with `{}`",
            of_run.path(of_run.nodes().nth(graph.nodes().len()).expect("there are more"))
        );
    }
    Ok(())
}

/// Warns of a network that tells its classes apart hardly better than chance; whether it did.
pub(super) fn warn_if_untrained(opened: &Opened, classes: usize) -> anyhow::Result<bool> {
    let epochs = opened.run.log()?;
    let best = epochs.iter().map(|epoch| epoch.validation_accuracy.unwrap_or(epoch.accuracy)).fold(0.0, f64::max);
    let is_little = best * (classes as f64) < 2.0;
    if is_little {
        output::complain(&format!(
            "warning: the run has learned little ({:.1} % right after {} epoch{}, {:.1} % are chance): clusters tell of its architecture and images, not of what it learned",
            100.0 * best,
            epochs.len(),
            if epochs.len() == 1 { "" } else { "s" },
            100.0 / classes as f64
        ));
    }
    Ok(is_little)
}

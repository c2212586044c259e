//! `nas check`: the language's findings and the budget's, for continuous integration.

mod finding;

use clap::Args;

use crate::base::Diagnostic;
use crate::cli::Exit;
use crate::cli::analyze;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::output;
use crate::report;
use crate::report::Checked;
use crate::spec::Space;
use crate::spec::Spec;

/// Arguments of `nas check`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1 if a spec is over its budget, 3 if one is invalid.

Examples:
  nas check specs/*.yaml
  nas check mine.yaml --deny warnings --diagnostics github
  nas check specs/*.yaml --diagnostics sarif 2> nas.sarif")]
pub(super) struct Check {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
}

impl Check {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.check(findings))
    }

    fn check(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let mut exit = Exit::Ok;
        let mut checked = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings);
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else {
                checked.push(Checked { name: spec.clone(), analysis: None, is_denied: false });
                continue;
            };
            let analysis = analyze::analysis(&network, 1);
            let mut found = conditions(&network.spec);
            found.extend(finding::over_budget(spec, &network, &analysis));
            exit = exit.max(findings.show(&network.sources, &found));
            let is_denied = outcome.exit == Exit::Findings;
            checked.push(Checked { name: analysis.name.clone(), analysis: Some(analysis), is_denied });
        }
        output::give(&report::gauges(&checked, &self.reading.showing.color.paint()), None)?;
        Ok(exit)
    }
}

/// Faults of `search: where`, for which the whole space has to be walked.
fn conditions(spec: &Spec) -> Vec<Diagnostic> {
    let has_conditions = spec.search.as_ref().is_some_and(|search| !search.conditions.is_empty());
    if has_conditions { Space::of(spec).check_conditions(spec) } else { Vec::new() }
}

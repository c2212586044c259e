//! Findings on their way to the user: shown as they come, or gathered into the one document of a run.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Severity;
use crate::base::Sources;
use crate::cli::Exit;
use crate::cli::arguments::Showing;
use crate::cli::output;
use crate::cli::render;

/// Where the findings of one run go.
pub(super) struct Findings<'run> {
    showing: &'run Showing,
    /// Of a form that is one document.
    log: Option<render::Log>,
}

impl Findings<'_> {
    /// Does the work of a run. If its findings are to be one document, that is written at the end: also without a finding, and
    /// also when the run fails, with the failure in it.
    #[expect(clippy::unnecessary_wraps, reason = "all verbs end in one form")]
    pub(super) fn gather(showing: &Showing, work: impl FnOnce(&mut Findings) -> anyhow::Result<Exit>) -> anyhow::Result<Exit> {
        let log = (showing.diagnostics.format() == render::Format::Sarif).then(render::Log::default);
        let mut findings = Findings { showing, log };
        let exit = work(&mut findings).unwrap_or_else(|error| findings.fail(&error));
        if let Some(log) = findings.log {
            output::complain(&log.finish());
        }
        Ok(exit)
    }

    /// Shows what kept a part of the run from its end; how the command then ends.
    pub(super) fn fail(&mut self, error: &anyhow::Error) -> Exit {
        let message = format!("{error:#}");
        match &mut self.log {
            Some(log) => log.fail(message),
            None => output::complain(&render::render_failure(&message, self.showing.diagnostics.format())),
        }
        Exit::Usage
    }

    /// Shows findings; the exit code that they ask for.
    pub(super) fn show(&mut self, sources: &Sources, found: &[Diagnostic]) -> Exit {
        let Showing { diagnostics, color, deny } = self.showing;
        match &mut self.log {
            Some(log) => log.add(sources, found),
            None if found.is_empty() => {}
            None => output::complain(&render::render(sources, found, diagnostics.format(), color.on_stderr())),
        }
        let has = |severity| found.iter().any(|finding| finding.severity() == severity);
        let errors = || found.iter().filter(|finding| finding.severity() == Severity::Error);
        // That no spec offers what `--set` asks for is told where the decision is written.
        let of_usage = |finding: &Diagnostic| finding.code == Code::E0311 || sources.get(finding.span().file).is_argument;
        if has(Severity::Error) {
            if errors().all(of_usage) { Exit::Usage } else { Exit::Invalid }
        } else if has(Severity::Budget) || has(Severity::Warning) && deny.is_some() {
            Exit::Findings
        } else {
            Exit::Ok
        }
    }
}

//! `nas analyze --table1`: the GoogLeNet paper's Table 1 beside a network.

use crate::analyze;
use crate::analyze::Table1;
use crate::base::Code;
use crate::base::Diagnostic;
use crate::cli::Exit;
use crate::cli::findings::Findings;
use crate::cli::loading::Network;

/// The table of a network; if it lacks rows, that has been shown.
pub(super) fn of(network: &Network, findings: &mut Findings<'_>) -> Result<Table1, Exit> {
    analyze::table1(&network.graph).map_err(|missing| {
        let rows: Vec<String> = missing.iter().map(|row| format!("`{row}`")).collect();
        let plural = if rows.len() == 1 { "row" } else { "rows" };
        let message = format!("`{}` lacks {plural} {} of Table 1", network.graph.name(), rows.join(", "));
        let fault = Diagnostic::new(Code::E0218, network.spec.span, message, "");
        let help = "a row is the layer or module of that name; `linear` is every linear layer";
        findings.show(&network.sources, &[fault.with_help(help)])
    })
}

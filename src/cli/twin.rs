//! The naive twin of a network that was read.

use anyhow::bail;

use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading::Network;
use crate::graph::Twin;
use crate::spec::naive_twin;

/// The twin; if a module's naive form does not fit where it stands, that has been shown.
pub(super) fn of(
    named: &str,
    network: &Network,
    reading: &Reading,
    findings: &mut Findings<'_>,
) -> anyhow::Result<Result<Twin, Exit>> {
    match naive_twin(&network.spec, &network.decisions, reading.input) {
        Ok(twin) if !twin.modules.is_empty() => Ok(Ok(twin)),
        Ok(twin) if twin.left.is_empty() => bail!("`{named}` has no naive twin: it has no `inception`"),
        Ok(twin) => {
            let paths: Vec<&str> = twin.left.iter().map(|(path, _)| &**path).collect();
            bail!(
                "`{named}` has no naive twin: the branches of {} are lists of layers, which do not say which of them reduces",
                paths.join(", ")
            )
        }
        Err(found) => Ok(Err(findings.show(&network.sources, &found))),
    }
}

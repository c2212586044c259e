//! A spec as a network that can be trained, with its settings.

use crate::base::Severity;
use crate::base::Sources;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::train::flags::Flags;
use crate::cli::train::plan;
use crate::cli::trained;
use crate::spec;
use crate::spec::train_with;
use crate::train::Subject;

/// Reads a spec, settles what its section `train` and flags say, and refuses what cannot be trained, which is told.
pub(in crate::cli) fn network(
    named: &str,
    reading: &Reading,
    flags: &Flags,
    findings: &mut Findings<'_>,
) -> Result<(Network, spec::Train), Exit> {
    let outcome = loading::network(named, reading, findings);
    let mut network = outcome.network.ok_or(outcome.exit)?;
    let settings = settled(network.spec.train.as_ref(), flags, findings)?;
    network.spec.train = Some(settings.clone());
    Subject::of(&network.graph).map_err(|error| trained::fail(&error, findings))?;
    plan::fits(&network.graph, &settings).map_err(|error| findings.fail(&error))?;
    Ok((network, settings))
}

/// Settings, with those that flags write anew.
pub(in crate::cli) fn settled(
    of_spec: Option<&spec::Train>,
    flags: &Flags,
    findings: &mut Findings<'_>,
) -> Result<spec::Train, Exit> {
    let mut sources = Sources::default();
    let (settings, found) = train_with(of_spec, &flags.written(), &mut sources);
    if found.iter().any(|finding| finding.severity() == Severity::Error) {
        return Err(findings.show(&sources, &found));
    }
    Ok(settings)
}

//! `nas analyze --corners`: the least and the most that a candidate of a space costs.

use crate::cli::Exit;
use crate::cli::findings::Findings;
use crate::cli::loading::Network;
use crate::spec::Corners;
use crate::spec::NoCorners;
use crate::spec::Space;
use crate::spec::corners;

/// The corners of a spec; nothing if its conditions are invalid, which has then been shown.
pub(super) fn of(network: &Network, findings: &mut Findings<'_>) -> Result<Result<Corners, Exit>, NoCorners> {
    let space = Space::of(&network.spec);
    let faults = space.check_conditions(&network.spec);
    if faults.is_empty() { corners(&network.spec, &space).map(Ok) } else { Ok(Err(findings.show(&network.sources, &faults))) }
}

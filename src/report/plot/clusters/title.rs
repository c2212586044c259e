//! What a panel of one kind of clusters is called.

use crate::propose::ClustersOf;

/// As the beginning of a line.
pub(super) const fn title(of: ClustersOf) -> &'static str {
    match of {
        ClustersOf::Innovations => "Innovations",
        ClustersOf::Activations => "Activations",
    }
}

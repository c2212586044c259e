//! What the column of counts is called: `madds`, or another convention with its unit, so that nobody takes one for the other.

use crate::analyze::Analysis;

/// The two lines above the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CountHeading<'a> {
    /// The convention; `madds` for ours.
    pub(super) name: &'a str,
    /// The unit behind its prefix; ours is in the name.
    pub(super) unit: String,
}

impl<'a> CountHeading<'a> {
    /// The heading of an analysis whose numbers have this prefix.
    pub(super) fn of(analysis: &'a Analysis, prefix: &str) -> CountHeading<'a> {
        match &analysis.convention {
            Some(counted) => CountHeading { name: counted.name, unit: format!("{prefix} {}", counted.unit).trim().to_owned() },
            None => CountHeading { name: "madds", unit: prefix.to_owned() },
        }
    }

    /// Columns that it needs.
    pub(super) fn width(&self) -> usize {
        self.name.len().max(self.unit.len())
    }

    /// Both on one line: `fvcore FLOPs`.
    pub(super) fn in_words(&self) -> String {
        format!("{} {}", self.name, self.unit).trim_end().to_owned()
    }
}

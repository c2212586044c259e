//! The budget of multiply-adds as plots draw it: for as many images as what is drawn.

use crate::analyze::Analysis;
use crate::base::Quantity;
use crate::report::numbers::round;

/// A limit and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    pub(super) madds: u64,
    /// `1.5 G`, for eight images `8 × 1.5 G`.
    pub(super) words: String,
}

impl Budget {
    /// That of a network, if it has one. A spec's limit is for one image.
    pub(super) fn of(analysis: &Analysis) -> Option<Budget> {
        let limit = analysis.budget.iter().find(|limit| limit.quantity == Quantity::Madds)?.limit;
        let one = round(limit);
        let words = if analysis.batch > 1 { format!("{}\u{202F}×\u{202F}{one}", analysis.batch) } else { one };
        Some(Budget { madds: limit.saturating_mul(analysis.batch.into()), words })
    }
}

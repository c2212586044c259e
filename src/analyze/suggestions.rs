//! What `nas suggest` found for a spec, as plain data. Its JSON is `nas.suggest/1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Limit;
use crate::analyze::Proposed;
use crate::analyze::Ratio;

/// The name of the JSON's form; within `/1` keys are only added.
pub const SUGGEST: &str = "nas.suggest/1";

/// The least changes that bring a spec inside its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestions {
    /// [`SUGGEST`].
    #[schemars(extend("const" = SUGGEST))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Changed widths are multiples of this.
    pub multiple: u32,
    /// The limits, with what there is now.
    pub limits: Vec<Limit>,
    /// Whether nothing has to change.
    pub inside: bool,
    /// At most one of each kind: `single`, `pair`, `uniform`, `mixed`; none where nothing fits.
    pub proposals: Vec<Suggestion>,
    /// No set of changes sums to less, as far as widths follow their numbers in proportion; null where there is no proposal, and where
    /// numbers were met that widths do not follow all the way.
    pub lower_bound: Option<Ratio>,
    /// Widths that are not proposed to change, or only part of the way.
    pub not_editable: Vec<Fixed>,
}

/// One proposal, counted again on the text that has its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestion {
    /// Its kind.
    pub kind: Proposed,
    /// The numbers that change, in the order of the text.
    pub changes: Vec<WidthChange>,
    /// The sum of the shares by which they change.
    pub relative_change: Ratio,
    /// Multiply-adds then.
    pub madds: u64,
    /// Learned numbers then.
    pub params: u64,
    /// Bytes of activations live at once then.
    pub memory_bytes: u64,
    /// The limits, with what there is then.
    pub limits: Vec<Limit>,
}

/// A number of the text that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WidthChange {
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// The number.
    pub from: u32,
    /// The new one.
    pub to: u32,
    /// The widths that follow it.
    pub layers: Vec<LayerWidth>,
}

/// The width of a layer that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LayerWidth {
    /// The layer.
    pub path: String,
    /// Its width.
    pub from: u32,
    /// Its new width.
    pub to: u32,
}

/// A width that cannot be changed in the text, or not as far as its number could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fixed {
    /// Its first layer.
    pub path: String,
    /// The width.
    pub width: u32,
    /// Whether its number goes down, but not all the way.
    pub is_cut_short: bool,
    /// Why.
    pub because: String,
}

impl Suggestions {
    /// The proposal of a kind.
    pub fn find(&self, kind: Proposed) -> Option<&Suggestion> {
        self.proposals.iter().find(|proposal| proposal.kind == kind)
    }

    /// Whether the mixed proposal is proven to be the least change.
    pub fn is_proven(&self) -> bool {
        self.find(Proposed::Mixed).is_some_and(|mixed| Some(mixed.relative_change) == self.lower_bound)
    }
}

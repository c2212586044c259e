//! Operators in a word, and how they step: what boxes, rows and plots call them.

use crate::op::Class;
use crate::op::Op;
use crate::op::Window;

/// The operator's word; a pool's without `pool`, for which a box has little room.
pub(super) fn word(op: &Op) -> String {
    match op.class() {
        Class::MaxPool | Class::GlobalMaxPool => "max".to_owned(),
        Class::AvgPool | Class::GlobalAvgPool => "average".to_owned(),
        Class::Linear => "linear".to_owned(),
        Class::BatchNorm => "batch norm".to_owned(),
        Class::LayerNorm => "layer norm".to_owned(),
        Class::ResponseNorm => "LRN".to_owned(),
        _ => op.word().replace('_', " "),
    }
}

/// ` / 2` or ` / 2×1`; nothing for a window that steps by one.
pub(super) fn stride(window: &Window) -> String {
    match window.stride {
        [1, 1] => String::new(),
        [down, across] if down == across => format!(" / {down}"),
        [down, across] => format!(" / {down}×{across}"),
    }
}

//! What stands in a box: an operator's window, stride and width, or its word.

use crate::base::Shape;
use crate::op::Class;
use crate::op::Op;
use crate::op::Reach;
use crate::report::operator;

/// The words for a layer's operators, in at most two parts that may stand on two lines: of a convolution or pool with its norm and
/// activation those of the first; of a norm and an activation alone those of both.
pub(super) fn of(ops: &[Op]) -> Option<Vec<String>> {
    let (first, rest) = ops.split_first()?;
    let mut parts = one(first);
    if is_pointwise(first) {
        parts.extend(rest.iter().flat_map(one));
        if parts.len() > 2 {
            parts = vec![parts[0].clone(), parts[1..].join(", ")];
        }
    }
    Some(parts)
}

/// `256 × 28 × 28`; of a vector its channels.
pub(super) fn shape(shape: Shape) -> String {
    let Shape { c, h, w } = shape;
    if [h, w] == [1, 1] { c.to_string() } else { format!("{c} × {h} × {w}") }
}

/// Parts as one line.
pub(super) fn line(parts: &[String]) -> String {
    parts.join(", ")
}

fn is_pointwise(op: &Op) -> bool {
    matches!(op.class(), Class::BatchNorm | Class::LayerNorm | Class::Scale | Class::Activation(_))
}

fn one(op: &Op) -> Vec<String> {
    let written = op.write();
    let word = match op.class() {
        Class::Convolution if op.width().is_some() => String::new(),
        Class::ResponseNorm => return vec![operator::word(op)],
        _ => operator::word(op),
    };
    let main = match op.reach() {
        Reach::Window(window) => {
            let [h, w] = window.kernel;
            let stride = operator::stride(&window);
            let space = if word.is_empty() { "" } else { " " };
            format!("{h}×{w}{space}{word}{stride}")
        }
        Reach::Global if op.class() == Class::Linear => word,
        Reach::Global if op.class() == Class::GlobalAvgPool || op.class() == Class::GlobalMaxPool => format!("global {word}"),
        Reach::Global | Reach::Point => match &*written.main {
            "" | "{}" => word,
            main if op.width().is_none() => format!("{word} {main}"),
            _ => word,
        },
    };
    let is_weighted = op.class().is_contraction();
    let width = op.width().filter(|_| is_weighted).map(|width| width.to_string());
    [main].into_iter().chain(width).collect()
}

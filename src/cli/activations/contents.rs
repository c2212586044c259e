//! What a file of activations holds: the arrays, and what it says of them.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Shape;
use crate::base::units;
use crate::cli::streamed::Streamed;
use crate::train::Number;
use crate::train::npy_head;
use crate::train::safetensors_head;

/// Name of the form of [`About`].
pub(super) const ACTIVATIONS: &str = "nas.activations/1";
/// The array of the labels.
const LABELS: &str = "labels";

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Npy,
    Safetensors,
}

/// What was written; it stands in the metadata of a safetensors file as well.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct About<'a> {
    /// `nas.activations/1`.
    #[schemars(extend("const" = ACTIVATIONS))]
    pub(super) schema: &'static str,
    /// The network's name.
    pub(super) name: &'a str,
    /// Which weights: `best`, `last` or `ema`.
    pub(super) which: &'static str,
    /// Which images: `train`, `val` or `test`.
    pub(super) part: &'static str,
    /// As many.
    pub(super) images: usize,
    /// The arrays.
    pub(super) layers: Vec<Array<'a>>,
    /// Names of the classes of the images; a label is a place in this list.
    pub(super) classes: &'a [String],
}

/// One array.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Array<'a> {
    /// The layer as it was asked for.
    pub(super) layer: &'a str,
    /// The path of the node that gives it.
    pub(super) node: String,
    /// `[image, channel, row, column]`, or `[image, channel]` of single pixels.
    pub(super) shape: Vec<u64>,
}

impl About<'_> {
    /// For people: each layer, and where from and to.
    pub(super) fn told(&self, file: &Path) -> String {
        let bytes = |layer: &Array<'_>| u128::from(layer.shape.iter().product::<u64>() * Number::F32.bytes());
        let sides = |layer: &Array<'_>| layer.shape.iter().map(u64::to_string).collect::<Vec<String>>().join("x");
        let line = |layer: &Array<'_>| format!("{}  {}  {}\n", layer.node, sides(layer), units::bytes(bytes(layer), 1));
        let lines: String = self.layers.iter().map(line).collect();
        let images = units::grouped(self.images as u128);
        format!("{lines}{}, {} on {images} images of `{}`: {}\n", self.name, self.which, self.part, file.display())
    }
}

/// Writes what goes before the numbers, and the labels; gives where each layer's numbers begin.
pub(super) fn head(file: &mut Streamed, form: Form, about: &About<'_>, labels: &[u16]) -> anyhow::Result<Vec<u64>> {
    if form == Form::Npy {
        let head = npy_head(&about.layers[0].shape);
        file.write_at(0, &head)?;
        return Ok(vec![head.len() as u64]);
    }
    let name = |layer: &Array<'_>| match (about.layers.len(), layer.layer) {
        (1, _) => "activations".to_owned(),
        (_, LABELS) => layer.node.clone(),
        (_, path) => path.to_owned(),
    };
    let names: Vec<String> = about.layers.iter().map(name).collect();
    let mut arrays = vec![(LABELS, Number::I64, vec![about.images as u64])];
    arrays.extend(names.iter().zip(&about.layers).map(|(name, layer)| (&**name, Number::F32, layer.shape.clone())));
    let (head, begins) = safetensors_head(&arrays, &serde_json::to_string(about)?);
    let labels: Vec<u8> = labels.iter().flat_map(|&label| i64::from(label).to_le_bytes()).collect();
    file.write_at(0, &[head, labels].concat())?;
    Ok(begins[1..].to_vec())
}

/// `[image, channel, row, column]`, `[image, channel]` of single pixels.
pub(super) fn dims(images: usize, shape: Shape) -> Vec<u64> {
    let sides = if (shape.h, shape.w) == (1, 1) { vec![shape.c] } else { vec![shape.c, shape.h, shape.w] };
    std::iter::once(images as u64).chain(sides.into_iter().map(u64::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_pixel_has_no_rows() {
        assert_eq!(dims(2, Shape::new(4, 3, 5)), [2, 4, 3, 5]);
        assert_eq!(dims(2, Shape::new(4, 1, 1)), [2, 4]);
        assert_eq!(dims(2, Shape::new(4, 1, 3)), [2, 4, 1, 3]);
    }
}

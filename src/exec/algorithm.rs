//! How a step computes.

use serde::Serialize;
use serde::Serializer;

use crate::kernel::TileShape;

/// What a step's kernel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// A convolution tap by tap, straight from the blocked input.
    Direct,
    /// A convolution of one tap, or a fully connected layer: a product of matrices.
    Pointwise,
    /// A convolution by Winograd's tiles.
    Winograd(TileShape),
    /// A depthwise convolution.
    Depthwise,
    /// The largest of each window.
    MaxPool,
    /// The mean of each window.
    AvgPool,
    /// Normalisation by the statistics of the batch.
    BatchNorm,
    /// A factor and an offset for each channel.
    Affine,
    /// A rectifier.
    Rectify,
    /// A sum of maps.
    Sum,
    /// A map times a gate of one pixel.
    Gate,
    /// Local response normalisation.
    Lrn,
    /// A concatenation.
    Join,
    /// Channels in a new order.
    Gather,
    /// A copy.
    Copy,
    /// Nothing: another step does it, or the value lies where it is wanted.
    Nothing,
    /// The operator's own plain loop, on one thread.
    Naive,
}

impl Algorithm {
    /// The name in tables and files.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Direct => "direct",
            Algorithm::Pointwise => "pointwise",
            Algorithm::Winograd(TileShape::F2x3) => "winograd 2x2/3x3",
            Algorithm::Winograd(TileShape::F4x3) => "winograd 4x4/3x3",
            Algorithm::Winograd(TileShape::F2x5) => "winograd 2x2/5x5",
            Algorithm::Winograd(TileShape::F4x5) => "winograd 4x4/5x5",
            Algorithm::Winograd(TileShape::F3x4) => "winograd 3x3/4x4",
            Algorithm::Depthwise => "depthwise",
            Algorithm::MaxPool => "max pool",
            Algorithm::AvgPool => "avg pool",
            Algorithm::BatchNorm => "batch norm",
            Algorithm::Affine => "affine",
            Algorithm::Rectify => "rectify",
            Algorithm::Sum => "sum",
            Algorithm::Gate => "gate",
            Algorithm::Lrn => "lrn",
            Algorithm::Join => "join",
            Algorithm::Gather => "gather",
            Algorithm::Copy => "copy",
            Algorithm::Nothing => "-",
            Algorithm::Naive => "naive",
        }
    }
}

/// The name.
impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

//! Convolutions of stride 1 by fewer multiplications (Winograd 1980; Lavin and Gray 2016): `F(m x m, r x r)` computes a tile of `m x m`
//! outputs of an `r x r` window from `t x t` inputs, `t = m + r - 1`, by `t * t` products where the definition takes `m * m * r * r`.
//!
//! ```text
//!   input tile  d  t x t  ──  V = B^T d B  ──┐
//!                                            ├─  M = sum over channels of V * U  ──  y = A^T M A  m x m outputs
//!   window      g  r x r  ──  U = G g G^T  ──┘         for each of the t * t points a product of matrices
//! ```
//!
//! `transform` holds the three transforms of one dimension, `input`, `filter` and `output` those of maps, weights and sums in two, each on
//! 16 channels at a time; `product` the products of matrices between them. The gradient of weights is the same picture turned: the
//! gradient of a tile of outputs takes the window's place, tiles that of channels, and what comes out is a window.

mod filter;
mod input;
mod output;
mod product;
mod shape;
#[cfg(test)]
mod tests;
mod transform;

pub use filter::{Filters, WindowGradient};
pub(super) use filter::{filters, window_gradient};
pub use input::InputTiles;
pub(super) use input::{gradient_tiles, input_tiles};
pub use output::OutputTiles;
pub(super) use output::output_tiles;
pub use product::Product;
pub(super) use product::product;
pub use shape::{Grid, TileShape};

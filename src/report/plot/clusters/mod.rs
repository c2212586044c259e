//! What clusters of a layer look like: correlations in their order, windows, spectra; and shares by depth.

mod depth;
mod matrix;
mod portrait;
mod shares;
mod spectra;
mod title;
mod windows;

pub use depth::depth_picture;
pub use portrait::layer_clusters;
pub use shares::shares_by_depth;

//! One layer: its correlations in the order of clusters, the windows of the largest ones, its spectra.

use crate::base::units;
use crate::propose::LayerClusters;
use crate::report::picture::Picture;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::plot::clusters::matrix;
use crate::report::plot::clusters::spectra;
use crate::report::plot::clusters::windows;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;

/// Windows of each kind.
const WINDOWS: usize = 8;

/// A layer's clusters, side by side on a page, one below the other in a column.
pub fn layer_clusters(layer: &LayerClusters, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(Some(&layer.layer), "clusters of correlated units");
    let images = spaced(&units::grouped(layer.images.into()));
    let map = format!("{} channels on {}x{}, {images} images", layer.channels, layer.height, layer.width);
    let top = sheet.subtitle(&map, y) + sheet.em * 2;
    let found = layer.innovations.as_ref().unwrap_or(&layer.raw);
    let title = if layer.innovations.is_some() { "Clusters of innovations" } else { "Clusters of activations" };
    let whole = sheet.right() - MARGIN;
    let gap = sheet.em * 2;
    let beside = sheet.is_page();
    let half = if beside { (whole - gap) / 2 } else { whole };
    matrix::draw(&mut sheet, &layer.raw, [MARGIN, top], half);
    let under = top + matrix::height(&sheet, half);
    let [left, top] = if beside { [MARGIN + half + gap, top] } else { [MARGIN, under + sheet.em] };
    let below = windows::draw(&mut sheet, title, found, [left, top], half, WINDOWS);
    let below = below + sheet.em;
    let bottom = spectra::draw(&mut sheet, layer, [left, below], [half, half * 4 / 10]);
    let words = "Frames in the matrix are the largest clusters. Windows: squared correlation with the anchor, which lies in the middle, by \
                 offset; the frame is the filter that covers the cluster. Innovations are what a channel's neighbours do not foretell.";
    let bottom = sheet.remark(words, under.max(bottom) + sheet.em);
    sheet.finish(bottom)
}

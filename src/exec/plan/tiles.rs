//! Which convolutions are computed by Winograd's tiles, and by which.

use std::sync::Arc;

use crate::exec::Kernels;
use crate::exec::map::Map;
use crate::exec::steps::Folding;
use crate::kernel::Channels;
use crate::kernel::Grid;
use crate::kernel::LANES;
use crate::kernel::Links;
use crate::kernel::TileShape;
use crate::op::Window;

/// Channels below which transforms cost more than the products they save.
const CHANNELS: u32 = 16;
/// Tiles below which filters are read for too few products: smaller tiles have smaller filters.
const FEW: usize = 8;

/// The tiles of a convolution, if it is computed by tiles.
pub(in crate::exec) fn forward_tiles(
    kernels: Kernels,
    window: Window,
    links: &Links,
    input: &Map,
    out: &Map,
) -> Option<(TileShape, Grid)> {
    let pads = [window.pads(0)[0], window.pads(1)[0]];
    (kernels.winograd && is_plain(window, links, input, out)).then(|| tiles(window, [input, out], pads)).flatten()
}

/// The tiles of the gradient of a convolution's input, if it is computed by tiles: a convolution of the output's gradient.
pub(in crate::exec) fn backward_tiles(
    kernels: Kernels,
    window: Window,
    links: &Links,
    input: &Map,
    out: &Map,
) -> Option<(TileShape, Grid)> {
    let pads = [0, 1].map(|axis| (window.kernel[axis] - 1).checked_sub(window.pads(axis)[0]));
    let [Some(top), Some(left)] = pads else { return None };
    (kernels.winograd && is_plain(window, links, input, out)).then(|| tiles(window, [out, input], [top, left])).flatten()
}

/// The tiles of a convolution whose input is folded first, if it is computed so.
pub(in crate::exec) fn folded_tiles(
    kernels: Kernels,
    window: Window,
    links: &Links,
    input: &Map,
    out: &Map,
) -> Option<(TileShape, Grid, Folding)> {
    let folding = Folding {
        channels: input.shape.c as usize,
        input: [input.shape.h as usize, input.shape.w as usize],
        window: window.kernel.map(|side| side as usize),
        pads: [0, 1].map(|axis| window.pads(axis)[0] as usize),
    };
    let fits = kernels.winograd
        && window.stride == [2, 2]
        && window.dilation == [1, 1]
        && is_whole(links, input, out)
        && out.shape.c >= CHANNELS
        && Folding::PHASES * folding.channels <= LANES
        && folding.window() == [TileShape::F3x4.window(); 2];
    let grid = Grid {
        input: folding.input.map(|side| side.div_ceil(2)),
        output: [out.shape.h as usize, out.shape.w as usize],
        pads: folding.pads(),
        side: TileShape::F3x4.outputs(),
    };
    fits.then_some((TileShape::F3x4, grid, folding))
}

/// Links and input channels of a folded convolution.
pub(in crate::exec) fn folded_links(links: &Links, folding: Folding) -> (Links, Arc<Channels>) {
    let channels = links.in_of_group * Folding::PHASES as u32;
    let [rows, columns] = folding.window();
    (Links { in_of_group: channels, taps: rows * columns, ..links.clone() }, Arc::new(Channels::new(channels)))
}

fn is_whole(links: &Links, input: &Map, out: &Map) -> bool {
    links.table.is_none() && links.in_of_group == input.shape.c && links.out_of_group == out.shape.c
}

/// Whether a window moves pixel by pixel, and all channels are connected.
fn is_plain(window: Window, links: &Links, input: &Map, out: &Map) -> bool {
    let is_wide = input.shape.c >= CHANNELS && out.shape.c >= CHANNELS;
    window.stride == [1, 1] && window.dilation == [1, 1] && is_whole(links, input, out) && is_wide
}

fn tiles(window: Window, [from, to]: [&Map; 2], pads: [u32; 2]) -> Option<(TileShape, Grid)> {
    let grid = |shape: TileShape| Grid {
        input: [from.shape.h as usize, from.shape.w as usize],
        output: [to.shape.h as usize, to.shape.w as usize],
        pads: pads.map(|pad| pad as usize),
        side: shape.outputs(),
    };
    let [small, large] = match window.kernel {
        [3, 3] => [TileShape::F2x3, TileShape::F4x3],
        [5, 5] => [TileShape::F2x5, TileShape::F4x5],
        _ => return None,
    };
    let [rows, columns] = grid(large).tiles();
    let shape = if to.images * rows * columns < FEW { small } else { large };
    Some((shape, grid(shape)))
}

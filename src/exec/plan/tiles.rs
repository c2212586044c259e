//! Which convolutions are computed by Winograd's tiles, and by which.

use std::sync::Arc;

use crate::exec::Kernels;
use crate::exec::map::Map;
use crate::exec::steps::Folding;
use crate::exec::steps::Tiling;
use crate::kernel::Channels;
use crate::kernel::Direction;
use crate::kernel::Grid;
use crate::kernel::LANES;
use crate::kernel::Links;
use crate::kernel::Panels;
use crate::kernel::TileShape;
use crate::op::Window;

/// Channels below which transforms cost more than the products they save.
const CHANNELS: u32 = 16;
/// Tiles below which filters are read for too few products: smaller tiles have smaller filters. A map of 14 x 14 has sixteen of 4 x 4, and
/// their filters, which one image reads once, are slower to come than they are to multiply with.
const FEW: usize = 20;

/// The tiles of a convolution, or of the gradient of its input, which is a convolution of the output's gradient; if it is computed by tiles.
pub(in crate::exec) fn tiling(
    kernels: Kernels<'_>,
    direction: Direction,
    window: Window,
    links: &Links,
    [input, out]: [&Map; 2],
) -> Option<Tiling> {
    let is_whole = links.table.is_none() && links.in_of_group == input.shape.c && links.out_of_group == out.shape.c;
    if !kernels.winograd || !is_whole || window.dilation != [1, 1] || out.shape.c < CHANNELS {
        return None;
    }
    let is_wide = input.shape.c >= CHANNELS;
    match (window.stride, direction) {
        ([1, 1], Direction::Forward) if is_wide => plain(window.kernel, [input, out], [0, 1].map(|axis| window.pads(axis)[0])),
        ([1, 1], Direction::Backward) if is_wide => {
            let [top, left] = [0, 1].map(|axis| (window.kernel[axis] - 1).checked_sub(window.pads(axis)[0]));
            plain(window.kernel, [out, input], [top?, left?])
        }
        ([2, 2], Direction::Forward) => folded(window, input, out),
        _ => None,
    }
}

/// The panels of a convolution's weights, of the folded ones where tiles fold the input.
pub(in crate::exec) fn panels(
    tiling: Option<&Tiling>,
    links: Links,
    direction: Direction,
    [rows, columns]: [&Arc<Channels>; 2],
    most: usize,
) -> Panels {
    let (links, rows) = match tiling.and_then(|tiling| tiling.folding) {
        None => (links, Arc::clone(rows)),
        Some(folding) => {
            let channels = links.in_of_group * Folding::PHASES as u32;
            let [height, width] = folding.window();
            (Links { in_of_group: channels, taps: height * width, ..links }, Arc::new(Channels::new(channels)))
        }
    };
    Panels::new(links, direction, rows, Arc::clone(columns), most)
}

fn folded(window: Window, input: &Map, out: &Map) -> Option<Tiling> {
    let folding = Folding {
        channels: input.shape.c as usize,
        input: [input.shape.h as usize, input.shape.w as usize],
        window: window.kernel.map(|side| side as usize),
        pads: [0, 1].map(|axis| window.pads(axis)[0] as usize),
    };
    let shape = TileShape::F3x4;
    let fits = Folding::PHASES * folding.channels <= LANES
        && folding.window() == [shape.window(); 2]
        && *input.channels == Channels::new(input.shape.c);
    let grid = Grid {
        input: folding.input.map(|side| side.div_ceil(2)),
        output: [out.shape.h as usize, out.shape.w as usize],
        pads: folding.pads(),
        side: shape.outputs(),
    };
    fits.then_some(Tiling { shape, grid, folding: Some(folding) })
}

fn plain(kernel: [u32; 2], [from, to]: [&Map; 2], pads: [u32; 2]) -> Option<Tiling> {
    let tiling = |shape: TileShape| {
        let sides = |map: &Map| [map.shape.h as usize, map.shape.w as usize];
        let grid = Grid { input: sides(from), output: sides(to), pads: pads.map(|pad| pad as usize), side: shape.outputs() };
        Tiling { shape, grid, folding: None }
    };
    let [small, large] = match kernel {
        [3, 3] => [TileShape::F2x3, TileShape::F4x3],
        [5, 5] => [TileShape::F2x5, TileShape::F4x5],
        _ => return None,
    };
    let [rows, columns] = tiling(large).grid.tiles();
    Some(tiling(if to.images * rows * columns < FEW { small } else { large }))
}

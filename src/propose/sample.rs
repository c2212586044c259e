//! Maps whose statistics are known, for tests.

use crate::base::Purpose;
use crate::base::Random;
use crate::kernel::Arch;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::Statistics;

/// Independent values of mean 0 and variance 1, about Gaussian: sums of twelve uniform ones.
pub(in crate::propose) fn noise(shape: MapShape, images: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed, Purpose::PlantedMaps, 0);
    let mut value = || (0..12).map(|_| random.between(-0.5, 0.5)).sum::<f64>() as f32;
    (0..images * shape.values()).map(|_| value()).collect()
}

/// Sums over square windows that reach `radius` far, where they lie in the map: maps become so much smaller on each side.
pub(in crate::propose) fn smooth(shape: MapShape, values: &[f32], radius: usize) -> (MapShape, Vec<f32>) {
    let side = 2 * radius + 1;
    let left = MapShape { height: shape.height + 1 - side, width: shape.width + 1 - side, ..shape };
    let mut all = Vec::with_capacity(values.len());
    for map in values.chunks_exact(shape.positions()) {
        for at in 0..left.positions() {
            let corner = at / left.width * shape.width + at % left.width;
            let window = (0..side * side).map(|place| map[corner + place / side * shape.width + place % side]);
            all.push(window.sum());
        }
    }
    (left, all)
}

/// The covariance of a channel with another so far away, over all pairs of positions, by its definition.
pub(in crate::propose) fn covariance(shape: MapShape, values: &[f32], offset: [isize; 2], channel: usize, other: usize) -> f64 {
    let mut pairs = Vec::new();
    for image in values.chunks_exact(shape.values()) {
        for row in 0..shape.height as isize {
            for column in 0..shape.width as isize {
                let at = |channel: usize, row: isize, column: isize| -> Option<f64> {
                    let inside = (0..shape.height as isize).contains(&row) && (0..shape.width as isize).contains(&column);
                    let place = (channel as isize * shape.height as isize + row) * shape.width as isize + column;
                    inside.then(|| f64::from(image[place as usize]))
                };
                if let (Some(a), Some(b)) = (at(channel, row, column), at(other, row + offset[0], column + offset[1])) {
                    pairs.push([a, b]);
                }
            }
        }
    }
    let count = pairs.len() as f64;
    let [a, b] = [0, 1].map(|side| pairs.iter().map(|pair| pair[side]).sum::<f64>() / count);
    pairs.iter().map(|pair| (pair[0] - a) * (pair[1] - b)).sum::<f64>() / count
}

/// Channels in another order: the one that was `order[c]` becomes `c`. May leave some out, or take some twice.
pub(in crate::propose) fn reorder(shape: MapShape, values: &[f32], order: &[usize]) -> (MapShape, Vec<f32>) {
    let map = |image: &[f32], channel: usize| image[channel * shape.positions()..][..shape.positions()].to_vec();
    let all = values.chunks_exact(shape.values()).flat_map(|image| order.iter().flat_map(move |&channel| map(image, channel)));
    (MapShape { channels: order.len(), ..shape }, all.collect())
}

/// Of all images, on the best instruction set.
pub(in crate::propose) fn statistics(shape: MapShape, radius: usize, values: &[f32]) -> Statistics {
    let mut statistics = Statistics::new(Arch::best(), shape, Offsets::new(radius), 0).unwrap();
    statistics.add(values).unwrap();
    statistics
}

//! What a branch with a maximum in front would tell that the map does not: `1 - corr(m_c, x_c)^2`, the part of the variance of `m_c`, the maximum
//! over 3x3 of channel `c`, that a 1x1 filter on `x_c` does not give. Positions at the edge, which have no eight neighbours, are left out.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::propose::StatisticsError;
use crate::propose::statistics::MapShape;

/// Sums over positions of a channel's value `x` and the maximum `m` around it, shifted by the first value seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    shift: f64,
    count: f64,
    x: f64,
    m: f64,
    xx: f64,
    mm: f64,
    xm: f64,
}

/// For each channel how its neighbourhood's maximum hangs on itself.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolNovelty {
    shape: MapShape,
    channels: Vec<Sums>,
}

impl PoolNovelty {
    /// Of nothing yet.
    pub fn new(shape: MapShape) -> PoolNovelty {
        PoolNovelty { shape, channels: vec![Sums::default(); shape.channels] }
    }

    /// Takes in images, `[image, channel, row, column]`.
    pub fn add(&mut self, batch: &[f32]) -> Result<(), StatisticsError> {
        self.shape.images(batch)?;
        let MapShape { height, width, .. } = self.shape;
        if height.min(width) < 3 {
            return Ok(());
        }
        let positions = self.shape.positions();
        // Channels are summed apart, so that the order of additions hangs on no thread.
        let sums: Vec<Vec<Sums>> = batch
            .par_chunks_exact(self.shape.values())
            .map(|image| {
                let maps = image.chunks_exact(positions).zip(&self.channels);
                maps.map(|(map, before)| Sums::of(map, height, width, before.started(map[0]))).collect()
            })
            .collect();
        for image in sums {
            for (all, of_image) in self.channels.iter_mut().zip(image) {
                all.add(of_image);
            }
        }
        Ok(())
    }

    /// The mean over channels that vary; nothing where none does, or maps have no inside.
    pub fn mean(&self) -> Option<f64> {
        let known: Vec<f64> = self.channels.iter().filter_map(Sums::novelty).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

impl Sums {
    fn started(&self, first: f32) -> f64 {
        if self.count > 0.0 { self.shift } else { f64::from(first) }
    }

    fn of(map: &[f32], height: usize, width: usize, shift: f64) -> Sums {
        let mut sums = Sums { shift, ..Sums::default() };
        for row in 1..height - 1 {
            for column in 1..width - 1 {
                let rows = (row - 1..=row + 1).flat_map(|row| &map[row * width + column - 1..=row * width + column + 1]);
                let m = f64::from(rows.fold(f32::MIN, |most, &value| most.max(value))) - shift;
                let x = f64::from(map[row * width + column]) - shift;
                sums.count += 1.0;
                sums.x += x;
                sums.m += m;
                sums.xx += x * x;
                sums.mm += m * m;
                sums.xm += x * m;
            }
        }
        sums
    }

    /// Adds sums that were shifted by their own amount.
    fn add(&mut self, other: Sums) {
        if self.count == 0.0 {
            *self = other;
            return;
        }
        let by = other.shift - self.shift;
        self.count += other.count;
        self.xx += other.xx + 2.0 * by * other.x + by * by * other.count;
        self.mm += other.mm + 2.0 * by * other.m + by * by * other.count;
        self.xm += other.xm + by * (other.x + other.m) + by * by * other.count;
        self.x += other.x + by * other.count;
        self.m += other.m + by * other.count;
    }

    fn novelty(&self) -> Option<f64> {
        let Sums { count, x, m, xx, mm, xm, .. } = *self;
        let [of_x, of_m] = [xx - x * x / count, mm - m * m / count];
        let shared = xm - x * m / count;
        (count > 0.0 && of_x > 1e-12 * xx && of_m > 1e-12 * mm).then(|| 1.0 - (shared * shared / (of_x * of_m)).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::noise;

    /// Against the definition, in two passes; batches and constant channels change nothing.
    #[test]
    fn novelty_is_one_less_the_squared_correlation() {
        let shape = MapShape { channels: 2, height: 5, width: 4 };
        let mut values = noise(shape, 30, 3);
        values.chunks_exact_mut(20).step_by(2).for_each(|map| map.iter_mut().for_each(|value| *value += 100.0));
        values.chunks_exact_mut(20).skip(1).step_by(2).for_each(|map| map.fill(2.0));
        let mut pairs: Vec<[f64; 2]> = Vec::new();
        for map in values.chunks_exact(20).step_by(2) {
            for (row, column) in (1..4).flat_map(|row| (1..3).map(move |column| (row, column))) {
                let around = (0..9).map(|k| map[(row + k / 3 - 1) * 4 + column + k % 3 - 1]);
                pairs.push([map[row * 4 + column], around.fold(f32::MIN, f32::max)].map(f64::from));
            }
        }
        let mean = |side: usize| pairs.iter().map(|pair| pair[side]).sum::<f64>() / pairs.len() as f64;
        let means = [mean(0), mean(1)];
        let product = |a: usize, b: usize| pairs.iter().map(|pair| (pair[a] - means[a]) * (pair[b] - means[b])).sum::<f64>();
        let want = 1.0 - product(0, 1).powi(2) / (product(0, 0) * product(1, 1));
        let mut whole = PoolNovelty::new(shape);
        whole.add(&values).unwrap();
        let mut parts = PoolNovelty::new(shape);
        values.chunks(3 * shape.values()).for_each(|part| parts.add(part).unwrap());
        for found in [&whole, &parts] {
            assert!((found.mean().unwrap() - want).abs() < 1e-9, "{:?} {want}", found.mean());
        }
        assert!(want > 0.3);
    }

    #[test]
    fn maps_without_an_inside_tell_nothing() {
        let shape = MapShape { channels: 1, height: 2, width: 9 };
        let mut novelty = PoolNovelty::new(shape);
        novelty.add(&noise(shape, 3, 1)).unwrap();
        assert_eq!(novelty.mean(), None);
    }
}

//! Random numbers: the same on every machine, apart for every purpose.

use rand::Rng;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// What numbers are drawn for. Its number never changes: it is the first byte of the stream's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Setting images aside for validation.
    Split = 1,
    /// Generated images for training.
    ShapesTrain = 2,
    /// Generated images for testing.
    ShapesTest = 3,
    /// The order of an epoch's images.
    Order = 4,
    /// How an image is varied in an epoch.
    Augment = 5,
    /// Planted networks and their samples.
    Planted = 6,
    /// Covers of units by groups.
    Cover = 7,
    /// Partitions of units.
    Partition = 8,
    /// Which groups of images a replicate of a bootstrap draws.
    Bootstrap = 9,
    /// Maps with known statistics.
    PlantedMaps = 10,
    /// Widths that a proposal is compared with.
    Widths = 11,
}

/// A stream of random numbers.
#[derive(Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The stream of a seed, a purpose and an index below 2^56.
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Random {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(((purpose as u64) << 56) | index);
        Random(random)
    }

    /// A whole number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.0.next_u64()) * end as u128) >> 64) as usize
    }

    /// A number from `from` to just below `to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        let unit = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        from + (to - from) * unit
    }

    /// One of two, as likely as the other.
    pub fn coin(&mut self) -> bool {
        self.0.next_u64() >> 63 == 1
    }

    /// Every order is as likely as every other.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

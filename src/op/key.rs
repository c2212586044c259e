//! Random numbers that are a pure function of where they are wanted: no state, so that resuming, recomputing and threads do not matter.
//!
//! The finalizer of `SplitMix64` (Steele, Lea and Flood 2014) mixes seed, step, node and image into a start; element `i` of that image draws
//! the `i`-th number of the generator that begins there.

/// The increment of `SplitMix64`: the golden ratio in 64 bits, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Which random numbers a node draws in a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The run's seed.
    pub seed: u64,
    /// The number of the step.
    pub step: u64,
    /// The number of the node.
    pub node: u32,
}

impl Key {
    /// The start of an image's numbers; its place within the batch.
    pub fn image(self, image: usize) -> Draws {
        let parts = [self.seed, self.step, u64::from(self.node), image as u64];
        Draws(parts.into_iter().fold(0, |mixed, part| mix(mixed ^ mix(part.wrapping_add(GOLDEN)))))
    }
}

/// The random numbers of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws(u64);

impl Draws {
    /// Whether element `at` is kept where the share `dropped` is not.
    pub fn keeps(self, at: usize, dropped: f64) -> bool {
        self.uniform(at) >= dropped
    }

    /// A number from 0 up to 1, a multiple of 2^-32.
    pub fn uniform(self, at: usize) -> f64 {
        let bits = mix(self.0.wrapping_add((at as u64 + 1).wrapping_mul(GOLDEN)));
        (bits >> 32) as f64 / 4_294_967_296.0
    }
}

/// The finalizer.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_uniform_and_hang_on_every_part_of_the_key() {
        let key = Key { seed: 1, step: 2, node: 3 };
        let mean = (0..10_000).map(|at| key.image(0).uniform(at)).sum::<f64>() / 10_000.0;
        // The deviation of the mean of 10 000 uniform numbers is 0.0029.
        assert!((mean - 0.5).abs() < 0.012, "{mean}");
        let others = [Key { seed: 2, ..key }, Key { step: 3, ..key }, Key { node: 4, ..key }].map(|key| key.image(0));
        let all = [&others[..], &[key.image(0), key.image(1)]].concat();
        for (number, draws) in all.iter().enumerate() {
            assert!(all[..number].iter().all(|other| other != draws), "{all:?}");
        }
    }

    #[test]
    fn the_generator_is_splitmix64() {
        // The first outputs of SplitMix64 from the state 1234567, as published with its reference implementation.
        let draws = Draws(1_234_567);
        let published = [6_457_827_717_110_365_317_u64, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        for (at, bits) in published.into_iter().enumerate() {
            assert_eq!(draws.uniform(at).to_bits(), ((bits >> 32) as f64 / 4_294_967_296.0).to_bits());
        }
    }
}

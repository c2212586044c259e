//! A layer on its way through two passes over the same images: activations first, then innovations. Images are taken in by blocks and kept in
//! groups, from which a bootstrap draws.

use crate::kernel::Arch;
use crate::propose::Innovations;
use crate::propose::PoolNovelty;
use crate::propose::StatisticsError;
use crate::propose::statistics::BLOCK;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::Statistics;

/// Sides of maps below which there is nothing to say of innovations in windows of 5x5.
const LEAST_SIDE: usize = 5;

/// Which images are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sightings {
    /// Images of a pass.
    pub images: usize,
    /// Groups of them, alike in size but for the last; fewer where blocks of images do not suffice.
    pub groups: usize,
}

impl Sightings {
    /// Images of a group: whole blocks.
    fn of_group(self) -> u64 {
        (self.images.div_ceil(self.groups.max(1)).div_ceil(BLOCK).max(1) * BLOCK) as u64
    }
}

/// What is gathered of a layer.
#[derive(Clone, Debug)]
pub struct Watch {
    arch: Arch,
    of_group: u64,
    /// Activations, a group after the other.
    first: Vec<Statistics>,
    /// What neighbours foretell.
    foretold: Option<Innovations>,
    /// Innovations, a group after the other.
    second: Vec<Statistics>,
    novelty: PoolNovelty,
    /// Images that make no whole block yet: results do not hang on the size of batches.
    waiting: Vec<f32>,
    turned: bool,
}

impl Watch {
    /// Of a layer with these maps.
    ///
    /// # Errors
    /// No channels, or maps with a side of 1 or 2: no two positions are two apart.
    pub fn new(arch: Arch, shape: MapShape, sightings: Sightings) -> Result<Watch, StatisticsError> {
        let first = vec![Statistics::new(arch, shape, Offsets::five(), 0)?];
        Ok(Watch {
            arch,
            of_group: sightings.of_group(),
            first,
            foretold: None,
            second: Vec::new(),
            novelty: PoolNovelty::new(shape),
            waiting: Vec::new(),
            turned: false,
        })
    }

    /// Bytes that statistics of a layer with so many channels hold, in so many groups.
    pub fn bytes(channels: usize, groups: usize) -> usize {
        2 * groups * Offsets::five().half().len() * channels * channels * size_of::<f64>()
    }

    /// The shape of an image's maps.
    pub fn shape(&self) -> MapShape {
        self.first[0].shape()
    }

    /// Takes in images, `[image, channel, row, column]`.
    pub fn add(&mut self, values: &[f32]) -> Result<(), StatisticsError> {
        self.waiting.extend_from_slice(values);
        let of_block = BLOCK * self.shape().values();
        let waiting = std::mem::take(&mut self.waiting);
        let mut blocks = waiting.chunks_exact(of_block);
        for block in &mut blocks {
            self.take(block)?;
        }
        self.waiting = blocks.remainder().to_vec();
        Ok(())
    }

    /// Ends the pass over activations; the same images are to come once more, where innovations are wanted: [`Watch::wants_more`].
    pub fn turn(&mut self) -> Result<(), StatisticsError> {
        self.flush()?;
        self.turned = true;
        let shape = self.shape();
        if shape.height.min(shape.width) >= LEAST_SIDE {
            let foretold = Innovations::of(&self.activations()?)?;
            self.second.push(Statistics::new(self.arch, foretold.shape(), Offsets::five(), 0)?);
            self.foretold = Some(foretold);
        }
        Ok(())
    }

    /// Whether a second pass tells something.
    pub fn wants_more(&self) -> bool {
        self.foretold.is_some()
    }

    /// Ends the last pass.
    pub fn end(&mut self) -> Result<(), StatisticsError> {
        self.flush()
    }

    fn flush(&mut self) -> Result<(), StatisticsError> {
        let rest = std::mem::take(&mut self.waiting);
        if rest.is_empty() { Ok(()) } else { self.take(&rest) }
    }

    /// A block, or what is left at the end.
    fn take(&mut self, values: &[f32]) -> Result<(), StatisticsError> {
        if !self.turned {
            self.novelty.add(values)?;
            return into_group(&mut self.first, self.of_group, values);
        }
        match &self.foretold {
            Some(foretold) => into_group(&mut self.second, self.of_group, &foretold.apply(values)?),
            None => Ok(()),
        }
    }

    /// Statistics of the groups: of activations, and of innovations where there are.
    pub fn groups(&self) -> [&[Statistics]; 2] {
        [&self.first, &self.second]
    }

    /// What a pooling branch would tell.
    pub fn novelty(&self) -> &PoolNovelty {
        &self.novelty
    }

    /// Of all groups.
    pub fn activations(&self) -> Result<Statistics, StatisticsError> {
        merged(&self.first)
    }
}

/// Statistics of all groups together.
pub(in crate::propose) fn merged(groups: &[Statistics]) -> Result<Statistics, StatisticsError> {
    let mut all = groups[0].clone();
    groups[1..].iter().try_for_each(|group| all.merge(group))?;
    Ok(all)
}

fn into_group(groups: &mut Vec<Statistics>, of_group: u64, values: &[f32]) -> Result<(), StatisticsError> {
    let last = groups.last().expect("there is a first group");
    if last.images() >= of_group {
        let first = of_group * groups.len() as u64;
        groups.push(last.afresh(first));
    }
    groups.last_mut().expect("there is a first group").add(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::noise;
    use crate::propose::sample::statistics;

    const SHAPE: MapShape = MapShape { channels: 3, height: 6, width: 5 };

    fn watched(batch: usize, groups: usize, values: &[f32]) -> Watch {
        let sightings = Sightings { images: values.len() / SHAPE.values(), groups };
        let mut watch = Watch::new(Arch::best(), SHAPE, sightings).unwrap();
        for _ in 0..2 {
            values.chunks(batch * SHAPE.values()).for_each(|batch| watch.add(batch).unwrap());
            if watch.turned { watch.end().unwrap() } else { watch.turn().unwrap() }
        }
        watch
    }

    /// 130 images are 5 blocks and 10 more; in three groups two blocks each.
    #[test]
    fn groups_hold_whole_blocks_whatever_the_batch() {
        let values = noise(SHAPE, 130, 1);
        let watch = watched(7, 3, &values);
        let images = |groups: &[Statistics]| groups.iter().map(Statistics::images).collect::<Vec<_>>();
        assert_eq!(watch.groups().map(images), [[48, 48, 34], [48, 48, 34]]);
        let other = watched(130, 3, &values);
        for (one, other) in watch.groups().concat().iter().zip(other.groups().concat()) {
            assert_eq!(one.variances(), other.variances());
            assert_eq!(one.covariances(3), other.covariances(3));
        }
        let whole = statistics(SHAPE, 2, &values);
        let merged = watch.activations().unwrap();
        for (one, other) in merged.covariances(5).iter().zip(whole.covariances(5)) {
            assert!((one - other).abs() < 1e-10);
        }
    }

    #[test]
    fn small_maps_have_no_second_pass() {
        let shape = MapShape { channels: 2, height: 4, width: 4 };
        let mut watch = Watch::new(Arch::best(), shape, Sightings { images: 30, groups: 1 }).unwrap();
        watch.add(&noise(shape, 30, 1)).unwrap();
        watch.turn().unwrap();
        assert!(!watch.wants_more() && watch.groups()[1].is_empty());
        assert_eq!(watch.activations().unwrap().images(), 30);
    }
}

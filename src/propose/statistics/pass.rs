//! One pass over activations, in batches; passes over parts are merged.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::propose::StatisticsError;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::accumulate::Rank1;
use crate::propose::statistics::accumulate::add_raw;
use crate::propose::statistics::marginals::Marginals;
use crate::propose::statistics::means::Means;
use crate::propose::statistics::offsets;
use crate::propose::statistics::products::Scratch;
use crate::propose::statistics::spectrum::Part;
use crate::propose::statistics::spectrum::parts;
use crate::propose::statistics::strips::Strips;
use crate::propose::statistics::survey::Survey;
use crate::propose::statistics::transform::Block;

/// Images whose products are added up in single precision. Blocks begin at multiples of it.
pub const BLOCK: usize = 24;

/// Means, variances and cross products of channels.
///
/// For a kept offset `d`, `M_d[c][c'] = sum over p of (x_c(p) - a_c)(x_c'(p + d) - b_c')` over all positions `p` of all images for which
/// `p + d` lies in the map; `a` and `b` are the means over exactly those positions. Products are added up in `f32` within blocks of
/// 24 images, which are standardised by their own means and deviations, and in `f64` across blocks. Blocks begin at image numbers
/// that are multiples of 24, so that passes over parts that are cut there and merged give the same to rounding in `f64`. A batch that ends
/// elsewhere cuts a block in two: that costs time, and changes the last digits of `f32`.
///
/// ```
/// use nas::kernel::Arch;
/// use nas::propose::statistics::MapShape;
/// use nas::propose::statistics::Offsets;
/// use nas::propose::statistics::Statistics;
///
/// // Two images of one channel; a value is 1 where its left neighbour is 0.
/// let shape = MapShape { channels: 1, height: 2, width: 4 };
/// let mut statistics = Statistics::new(Arch::best(), shape, Offsets::new(1), 0)?;
/// statistics.add(&[0., 1., 0., 1., 1., 0., 1., 0., 1., 0., 1., 0., 0., 1., 0., 1.])?;
/// assert_eq!(statistics.variances(), [0.25]);
/// let next = statistics.covariance([0, 1], 0, 0).unwrap();
/// assert!((next + 0.25).abs() < 1e-6);
/// # Ok::<(), nas::propose::StatisticsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Statistics {
    arch: Arch,
    shape: MapShape,
    offsets: Offsets,
    parts: Vec<Part>,
    strips: Strips,
    next: u64,
    marginals: Marginals,
    means: Means,
    products: Vec<f64>,
}

impl Statistics {
    /// Of nothing yet. The first image that is handed in has the number `first`.
    pub fn new(arch: Arch, shape: MapShape, offsets: Offsets, first: u64) -> Result<Statistics, StatisticsError> {
        let MapShape { channels, height, width } = shape;
        if channels == 0 {
            return Err(StatisticsError::NoChannels);
        }
        if height.min(width) <= offsets.radius() {
            return Err(StatisticsError::SmallMaps { height, width, radius: offsets.radius() });
        }
        let strips = Strips::new(channels.div_ceil(LANES), offsets.half().len());
        Ok(Statistics {
            arch,
            shape,
            parts: parts(shape.sides(), &offsets),
            next: first,
            marginals: Marginals::new(channels),
            means: Means::zeros(&offsets, channels),
            products: vec![0.0; strips.len()],
            strips,
            offsets,
        })
    }

    /// Of nothing yet, for the same maps and offsets; the first image has the number `first`.
    pub(in crate::propose) fn afresh(&self, first: u64) -> Statistics {
        Statistics {
            next: first,
            marginals: Marginals::new(self.shape.channels),
            means: Means::zeros(&self.offsets, self.shape.channels),
            products: vec![0.0; self.strips.len()],
            parts: self.parts.clone(),
            strips: self.strips.clone(),
            offsets: self.offsets.clone(),
            ..*self
        }
    }

    /// Takes in images, `[image, channel, row, column]`. After an error nothing of the block that has it is counted.
    pub fn add(&mut self, batch: &[f32]) -> Result<(), StatisticsError> {
        self.shape.images(batch)?;
        let mut rest = batch;
        while !rest.is_empty() {
            let room = BLOCK - (self.next % BLOCK as u64) as usize;
            let (block, others) = rest.split_at(rest.len().min(room * self.shape.values()));
            self.add_block(block)?;
            rest = others;
        }
        Ok(())
    }

    fn add_block(&mut self, values: &[f32]) -> Result<(), StatisticsError> {
        let shape = self.shape;
        let images = values.len() / shape.values();
        let mut marginals = Marginals::of(values, shape, self.next)?;
        let count = (images * shape.positions()) as f64;
        let mut scale: Vec<f64> = marginals.squares.iter().map(|squares| (squares / count).sqrt()).collect();
        let inverse: Vec<f64> = scale.iter().map(|&scale| if scale > 0.0 { scale.recip() } else { 0.0 }).collect();
        let block = Block { arch: self.arch, shape, values, images, mean: &marginals.mean, inverse: &inverse };
        scale.resize(block.blocks() * LANES, 0.0);

        let Survey { centres, fourth } = Survey::of(&block, &self.offsets, &scale);
        let apart = centres.map(&self.means, shape.channels, |channel, centre, mean| marginals.mean[channel] + centre - mean);
        let [within, across] = self.weights(images as f64);
        let means = [Rank1 { means: &centres, weights: &within }, Rank1 { means: &apart, weights: &across }];

        let most = self.parts.iter().map(|part| block.plane(part)).max().unwrap_or(0);
        let mut spectra = vec![0.0; most * block.blocks()];
        for (number, part) in self.parts.iter().enumerate() {
            let plane = block.plane(part);
            let spectra = &mut spectra[..plane * block.blocks()];
            block.transform(part, spectra);
            // Means are taken out once; parts of the spectrum add up.
            let means = if number == 0 { &means[..] } else { &[] };
            self.strips.cut(&mut self.products).into_par_iter().for_each_init(Scratch::default, |scratch, (strip, products)| {
                scratch.fill(self.arch, part, strip, spectra, plane);
                add_raw(strip, within.len(), &scale, [&scratch.even, &scratch.odd], products);
                means.iter().for_each(|means| means.add(strip, products));
            });
        }
        self.move_means(&apart, images as f64);
        marginals.fourth = fourth;
        self.marginals.merge(&marginals, shape.positions());
        self.next += images as u64;
        Ok(())
    }

    /// Moves means towards those of so many more images, that lie so far apart from them.
    fn move_means(&mut self, apart: &Means, images: f64) {
        let share = images / (self.marginals.images as f64 + images);
        self.means = self.means.map(apart, self.shape.channels, |_, mean, apart| mean + apart * share);
    }

    /// For each kept offset what takes the means out of the products of so many more images, and what is between them and those before.
    fn weights(&self, images: f64) -> [Vec<f64>; 2] {
        let before = self.marginals.images as f64;
        let pairs = || self.offsets.half().iter().map(|&offset| offsets::pairs(self.shape.sides(), offset) as f64);
        let between = if before == 0.0 { 0.0 } else { before * images / (before + images) };
        [pairs().map(|pairs| -pairs * images).collect(), pairs().map(|pairs| pairs * between).collect()]
    }

    /// Takes in what another pass saw; images that come later follow those of this one.
    pub fn merge(&mut self, other: &Statistics) -> Result<(), StatisticsError> {
        if self.shape != other.shape || self.offsets != other.offsets {
            return Err(StatisticsError::Different);
        }
        if other.marginals.images == 0 {
            return Ok(());
        }
        let images = other.marginals.images as f64;
        let [_, across] = self.weights(images);
        let apart = other.means.map(&self.means, self.shape.channels, |_, theirs, ours| theirs - ours);
        self.strips.cut(&mut self.products).into_par_iter().for_each(|(strip, products)| {
            let others = &other.products[strip.begin..][..products.len()];
            products.iter_mut().zip(others).for_each(|(sum, more)| *sum += more);
            Rank1 { means: &apart, weights: &across }.add(strip, products);
        });
        self.move_means(&apart, images);
        self.marginals.merge(&other.marginals, self.shape.positions());
        Ok(())
    }

    /// The shape of an image's maps.
    pub fn shape(&self) -> MapShape {
        self.shape
    }

    /// The offsets that are kept.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// Images that were counted.
    pub fn images(&self) -> u64 {
        self.marginals.images
    }

    /// The means of channels over all positions.
    pub fn means(&self) -> &[f64] {
        &self.marginals.mean
    }

    /// The variances of channels over all positions: sums of squares divided by the number of values.
    pub fn variances(&self) -> Vec<f64> {
        let count = self.count([0, 0]);
        self.marginals.squares.iter().map(|squares| squares / count).collect()
    }

    /// For each channel the sum over images of squared deviations of an image's mean.
    pub(in crate::propose) fn between_images(&self) -> &[f64] {
        &self.marginals.between
    }

    /// The mean over positions of the fourth power of the length of the standardised channels.
    pub(in crate::propose) fn fourth(&self) -> f64 {
        self.marginals.fourth / self.count([0, 0])
    }

    /// Pairs of positions so far apart, in all images.
    pub fn count(&self, offset: [isize; 2]) -> f64 {
        self.marginals.images as f64 * offsets::pairs(self.shape.sides(), offset) as f64
    }

    /// The covariance of a channel with another so far away, `[down, right]`; none where the offset is not kept.
    pub fn covariance(&self, offset: [isize; 2], channel: usize, other: usize) -> Option<f64> {
        let place = self.strips.find(self.offsets.find(offset)?, channel, other);
        Some(self.products[place] / self.count(offset))
    }

    /// The covariances of the kept offset of this number, `[channel][channel]`: the first at the head, the second at the tail.
    pub fn covariances(&self, offset: usize) -> Vec<f64> {
        let channels = self.shape.channels;
        let count = self.count(self.offsets.half()[offset]);
        let place = |at: usize| self.strips.find((offset, false), at / channels, at % channels);
        (0..channels * channels).into_par_iter().map(|at| self.products[place(at)] / count).collect()
    }
}

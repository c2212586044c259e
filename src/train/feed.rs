//! From stored bytes to batches of numbers: normalised, and varied for training.

use rayon::prelude::*;

use crate::base::Purpose;
use crate::base::Random;
use crate::base::Shape;
use crate::data::Images;
use crate::data::Statistics;
use crate::spec::Augment;
use crate::spec::Train;
use crate::train::error::TrainError;
use crate::train::vary;

/// The least deviation that values are divided by: a channel that is the same everywhere stays zero.
const LEAST_DEVIATION: f64 = 1.0 / 255.0;

/// What images become before a network sees them: `(value / 255 - mean) / deviation` of each channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalisation {
    /// Of each channel, of values from 0 to 1.
    pub mean: Vec<f32>,
    /// Of each channel.
    pub deviation: Vec<f32>,
}

impl Normalisation {
    /// That of a training set, for a network with so many channels; grey is shown to each of them.
    pub fn of(statistics: &Statistics, channels: usize) -> Normalisation {
        let of_channel = |values: &[f64], channel: usize| if values.len() == 1 { values[0] } else { values[channel] };
        Normalisation {
            mean: (0..channels).map(|channel| of_channel(&statistics.mean, channel) as f32).collect(),
            deviation: (0..channels)
                .map(|channel| of_channel(&statistics.deviation, channel).max(LEAST_DEVIATION) as f32)
                .collect(),
        }
    }
}

/// Sides at which images are stored for a network that is shown `shape`: larger where a random part is cut from them.
pub fn stored_size(shape: Shape, augment: Augment) -> [usize; 2] {
    let side = |side: u32| match augment {
        Augment::None | Augment::Cifar => side as usize,
        // 256 for 224, as is usual.
        Augment::Paper => (side as usize * 8).div_ceil(7),
    };
    [side(shape.h), side(shape.w)]
}

/// Gives out batches of a store's images, `[image, channel, row, column]`.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    images: &'a Images,
    shape: Shape,
    normalisation: &'a Normalisation,
}

impl<'a> Feed<'a> {
    /// Of a store, for a network that is shown `shape`; refuses other numbers of channels, and images that are smaller.
    pub fn new(images: &'a Images, shape: Shape, normalisation: &'a Normalisation) -> Result<Feed<'a>, TrainError> {
        let [channels, height, width] = images.shape();
        if channels != shape.c as usize && channels != 1 {
            let has = format!("images have {channels} channels, the network is shown {}", shape.c);
            return Err(TrainError::Unfit(has));
        }
        if height < shape.h as usize || width < shape.w as usize {
            let has = format!("images are {height}x{width}, the network is shown {}x{} (height x width)", shape.h, shape.w);
            return Err(TrainError::Unfit(has));
        }
        Ok(Feed { images, shape, normalisation })
    }

    /// The store.
    pub fn images(&self) -> &'a Images {
        self.images
    }

    /// The labels of these images.
    pub fn labels(&self, places: &[usize]) -> Vec<u16> {
        places.iter().map(|&place| self.images.labels()[place]).collect()
    }

    /// Images as they are, cut around the centre; `batch` may have room for more, which stays as it is.
    pub fn plain(&self, places: &[usize], batch: &mut [f32]) {
        self.fill(places, batch, |_, image| image);
    }

    /// Images for training, varied as the settings say: what becomes of an image hangs on the seed, the epoch and its place in the store.
    pub fn varied(&self, places: &[usize], train: &Train, epoch: u32, batch: &mut [f32]) {
        self.fill(places, batch, |place, image| {
            let mut random = Random::new(u64::from(train.seed), Purpose::Augment, u64::from(epoch) << 32 | place as u64);
            let image = match train.augment {
                Augment::None => image,
                Augment::Cifar => vary::mirrored(vary::shifted(&image, &mut random), &mut random),
                Augment::Paper => {
                    let part = vary::part(&image, [self.shape.h as usize, self.shape.w as usize], &mut random);
                    vary::relit(vary::mirrored(part, &mut random), &mut random)
                }
            };
            vary::cut_out(image, train.cutout as usize, &mut random)
        });
    }

    fn fill(&self, places: &[usize], batch: &mut [f32], change: impl Fn(usize, vary::Picture) -> vary::Picture + Sync) {
        let [channels, height, width] = self.images.shape();
        let (rows, columns) = (self.shape.h as usize, self.shape.w as usize);
        let length = self.shape.elements() as usize;
        batch.par_chunks_mut(length).zip(places).for_each(|(out, &place)| {
            let values = self.images.image(place).iter().map(|&value| f32::from(value) / 255.0).collect();
            let picture = change(place, vary::Picture { values, sides: [channels, height, width] });
            // What was varied may have the wanted size already; what was not is cut around its centre.
            let [_, height, width] = picture.sides;
            let [top, left] = [(height - rows) / 2, (width - columns) / 2];
            for (channel, out) in out.chunks_exact_mut(rows * columns).enumerate() {
                let plane = &picture.values[(channel % channels) * height * width..][..height * width];
                let (mean, deviation) = (self.normalisation.mean[channel], self.normalisation.deviation[channel]);
                for (row, out) in out.chunks_exact_mut(columns).enumerate() {
                    for (out, value) in out.iter_mut().zip(&plane[(top + row) * width + left..]) {
                        // What is blanked is the mean: nothing to see.
                        *out = if value.is_nan() { 0.0 } else { (value - mean) / deviation };
                    }
                }
            }
        });
    }
}

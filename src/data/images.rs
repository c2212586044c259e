//! The store: images of one shape with their labels, in one piece of memory.

use rayon::prelude::*;

use crate::data::resize;

/// Labelled images of one shape. Pixels are bytes, image after image, in each channel after channel, in each row after row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    shape: [usize; 3],
    labels: Vec<u16>,
    pixels: Vec<u8>,
}

impl Images {
    /// Images of the shape `[channels, height, width]`; `None` where the pixels are not exactly those of as many images as labels.
    pub fn new(shape: [usize; 3], labels: Vec<u16>, pixels: Vec<u8>) -> Option<Images> {
        let [channels, height, width] = shape;
        let wanted = channels.checked_mul(height)?.checked_mul(width)?.checked_mul(labels.len())?;
        (pixels.len() == wanted).then_some(Images { shape, labels, pixels })
    }

    /// No images yet, of the shape `[channels, height, width]`.
    pub fn empty(shape: [usize; 3]) -> Images {
        Images { shape, ..Images::default() }
    }

    /// Channels, height and width of each image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// How many bytes an image has: channels x height x width.
    pub fn image_len(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of one image, `[channels][height][width]`.
    pub fn image(&self, at: usize) -> &[u8] {
        let len = self.image_len();
        &self.pixels[at * len..(at + 1) * len]
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// The pixels of all images, `[images][channels][height][width]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// How many images each of so many classes has.
    pub fn counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    /// The images at these places, in this order.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Images {
        let mut chosen = Images::empty(self.shape);
        chosen.pixels.reserve_exact(places.len() * self.image_len());
        places.iter().for_each(|&at| chosen.push(self.labels[at], self.image(at)));
        chosen
    }

    /// The same images at a height and width.
    pub(super) fn resized(self, size: [usize; 2]) -> Images {
        let [channels, height, width] = self.shape;
        if [height, width] == size {
            return self;
        }
        let shape = [channels, size[0], size[1]];
        let len = shape.iter().product::<usize>();
        let mut pixels = vec![0; len * self.len()];
        if len > 0 {
            let images = pixels.par_chunks_exact_mut(len).enumerate();
            images.for_each(|(at, out)| out.copy_from_slice(&resize::resize(self.image(at), self.shape, size)));
        }
        Images { shape, labels: self.labels, pixels }
    }

    /// Adds an image of the store's shape.
    pub(super) fn push(&mut self, label: u16, image: &[u8]) {
        debug_assert_eq!(image.len(), self.image_len());
        self.labels.push(label);
        self.pixels.extend_from_slice(image);
    }

    pub(super) fn reserve(&mut self, images: usize) {
        self.labels.reserve_exact(images);
        self.pixels.reserve_exact(images * self.image_len());
    }
}

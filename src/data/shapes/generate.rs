//! The whole set, from a seed.

use std::path::Path;

use rayon::prelude::*;

use crate::base::Purpose;
use crate::base::Random;
use crate::data::cache::CacheUse;
use crate::data::dataset::Dataset;
use crate::data::dataset::Kind;
use crate::data::dataset::SizeMet;
use crate::data::error::DataError;
use crate::data::images::Images;
use crate::data::shapes::figure::Figure;
use crate::data::shapes::fill::Fill;
use crate::data::shapes::paint::Motif;
use crate::data::shapes::paint::paint;

/// Classes, at most: outlines x patterns x numbers of copies.
const MOST_CLASSES: usize = 1000;

/// Settings of the generated set. The same settings give the same bytes, on every machine and any number of threads; an image does not
/// change when more are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// Number of classes, 2 to 1000.
    pub classes: usize,
    /// Channels of an image.
    pub channels: usize,
    /// Height and width of an image in pixels.
    pub size: [usize; 2],
    /// Images for training; image `i` is of class `i % classes`.
    pub train: usize,
    /// Images for testing, likewise.
    pub test: usize,
    /// What all is drawn from.
    pub seed: u64,
}

/// Ten classes of colour images of 32 x 32, 5 000 for training and 1 000 for testing.
impl Default for Shapes {
    fn default() -> Shapes {
        Shapes { classes: 10, channels: 3, size: [32, 32], train: 5000, test: 1000, seed: 0 }
    }
}

impl Shapes {
    /// Makes the set.
    pub fn generate(&self) -> Result<Dataset, DataError> {
        let [height, width] = self.size;
        let says = |wrong: bool, what| if wrong { Err(DataError::Settings(what)) } else { Ok(()) };
        says(!(2..=MOST_CLASSES).contains(&self.classes), "shapes have from 2 to 1000 classes")?;
        says(!(1..=64).contains(&self.channels), "shapes have from 1 to 64 channels")?;
        says([height, width].iter().any(|size| !(1..=4096).contains(size)), "shapes have a size from 1 to 4096")?;
        says(self.train < 2, "shapes have at least 2 images for training")?;
        let parts = [(self.train, Purpose::ShapesTrain), (0, Purpose::ShapesTrain), (self.test, Purpose::ShapesTest)];
        let dataset = Dataset {
            kind: Kind::Shapes,
            classes: (0..self.classes).map(name).collect(),
            parts: parts.map(|(images, purpose)| self.part(images, purpose)),
            sizes: vec![SizeMet { height, width, images: self.train + self.test }],
            bad: Vec::new(),
            cache: CacheUse::None,
        };
        dataset.checked(Path::new("shapes"))
    }

    fn part(&self, images: usize, purpose: Purpose) -> Images {
        let shape = [self.channels, self.size[0], self.size[1]];
        let mut pixels = vec![0; images * shape.iter().product::<usize>()];
        pixels.par_chunks_exact_mut(shape.iter().product()).enumerate().for_each(|(at, out)| {
            let mut random = Random::new(self.seed, purpose, at as u64);
            out.copy_from_slice(&paint(motif(at % self.classes), shape, &mut random));
        });
        let labels = (0..images).map(|at| (at % self.classes) as u16).collect();
        Images::new(shape, labels, pixels).unwrap_or(Images::empty(shape))
    }
}

fn motif(class: usize) -> Motif {
    let figure = Figure::ALL[class % 10];
    Motif { figure, fill: Fill::ALL[class / 10 % 10], copies: class / 100 + 1 }
}

/// Such as `ring`, `ring-stripes`, `ring-stripes-2`.
fn name(class: usize) -> String {
    let motif = motif(class);
    let mut name = motif.figure.name().to_owned();
    if motif.fill != Fill::Plain || motif.copies > 1 {
        name += &format!("-{}", motif.fill.name());
    }
    if motif.copies > 1 {
        name += &format!("-{}", motif.copies);
    }
    name
}

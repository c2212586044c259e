//! What is learned from and chosen by.

use crate::base::Digest;
use crate::data::Dataset;
use crate::data::Images;
use crate::data::Manner;
use crate::data::Part;
use crate::data::split;
use crate::spec::Train;
use crate::train::error::TrainError;
use crate::train::feed::Feed;
use crate::train::feed::Normalisation;
use crate::train::learner::Learner;
use crate::train::subject::Subject;

/// Images and which of them are for what.
#[derive(Clone, Debug)]
pub struct Material<'a> {
    /// The training images.
    pub feed: Feed<'a>,
    /// Those of them to learn from.
    pub learned: Vec<usize>,
    /// The images to choose by: the data set's own, or those set aside from the training images.
    pub chosen: Feed<'a>,
    /// Which of them.
    pub validation: Vec<usize>,
}

impl<'a> Material<'a> {
    /// Of a data set, whose own part for validation is taken if it has one; else a share of each class is set aside, by the seed.
    pub fn of(
        dataset: &'a Dataset,
        subject: &Subject<'_>,
        train: &Train,
        normalisation: &'a Normalisation,
    ) -> Result<Material<'a>, TrainError> {
        if dataset.classes.len() > subject.classes {
            let (has, tells) = (dataset.classes.len(), subject.classes);
            return Err(TrainError::Unfit(format!(
                "the images are of {has} classes, `{}` tells {tells} apart",
                subject.graph.name()
            )));
        }
        let feed = Feed::new(dataset.train(), subject.image, normalisation)?;
        let own = dataset.part(Part::Validation);
        let all = || (0..dataset.train().len()).collect::<Vec<usize>>();
        let (learned, chosen, validation) = if !own.is_empty() {
            (all(), Feed::new(own, subject.image, normalisation)?, (0..own.len()).collect())
        } else if train.validation.get() == 0.0 {
            (all(), feed.clone(), Vec::new())
        } else {
            let parts = split(dataset.train().labels(), train.validation.get(), u64::from(train.seed), Manner::Stratified);
            (parts.train, feed.clone(), parts.validation)
        };
        if learned.len() < train.batch as usize {
            let has = format!("there are {} images to learn from, a step takes a batch of {}", learned.len(), train.batch);
            return Err(TrainError::Unfit(format!("{has}; take a smaller `--batch`")));
        }
        Ok(Material { feed, learned, chosen, validation })
    }

    /// Steps of an epoch. The images that are left over, fewer than a batch, are others in every epoch.
    pub fn steps(&self, train: &Train) -> u64 {
        (self.learned.len() / train.batch as usize) as u64
    }

    /// Room for the images that are computed together.
    pub fn room(subject: &Subject<'_>, train: &Train) -> Vec<f32> {
        vec![0.0; Learner::images_at_once(train) * subject.image.elements() as usize]
    }
}

/// A digest of what training hangs on: labels and pixels of the images to learn from and to choose by.
pub fn digest(dataset: &Dataset) -> String {
    digest_of([dataset.train(), dataset.part(Part::Validation)])
}

/// The same of the images for testing.
pub fn test_digest(dataset: &Dataset) -> String {
    digest_of([dataset.test()])
}

fn digest_of<const PARTS: usize>(parts: [&Images; PARTS]) -> String {
    let heads = parts.map(|images| {
        let mut head: Vec<u8> = images.shape().iter().flat_map(|&side| (side as u64).to_le_bytes()).collect();
        head.extend((images.len() as u64).to_le_bytes());
        head.extend(images.labels().iter().flat_map(|label| label.to_le_bytes()));
        (head, images.pixels())
    });
    Digest::of_parts(heads.iter().flat_map(|(head, pixels)| [head.as_slice(), pixels])).to_string()
}

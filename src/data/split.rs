//! A part of the training set set aside for validation.

use crate::base::Purpose;
use crate::base::Random;

/// How the part is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// The same fraction of every class, as nearly as whole images allow.
    #[default]
    Stratified,
    /// From all images alike.
    Plain,
}

/// Two parts of a training set, as places of images in ascending order. Together they are all places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// To learn from.
    pub train: Vec<usize>,
    /// To choose by.
    pub validation: Vec<usize>,
}

/// Sets aside a fraction between 0 and 1, rounded to whole images, and never the last image for training of a class when stratified. The
/// same labels, fraction, seed and manner give the same split.
pub fn split(labels: &[u16], fraction: f64, seed: u64, manner: Manner) -> Split {
    let fraction = fraction.clamp(0.0, 1.0);
    let classes = labels.iter().max().map_or(0, |&label| usize::from(label) + 1);
    let groups: Vec<Vec<usize>> = match manner {
        Manner::Plain => vec![(0..labels.len()).collect()],
        Manner::Stratified => {
            let mut groups = vec![Vec::new(); classes];
            labels.iter().enumerate().for_each(|(at, &label)| groups[usize::from(label)].push(at));
            groups
        }
    };
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    let shares = shares(&sizes, fraction, manner == Manner::Stratified);
    let mut chosen = vec![false; labels.len()];
    for (index, (mut group, share)) in groups.into_iter().zip(shares).enumerate() {
        Random::new(seed, Purpose::Split, index as u64).shuffle(&mut group);
        group[..share].iter().for_each(|&at| chosen[at] = true);
    }
    let (validation, train) = (0..labels.len()).partition(|&at| chosen[at]);
    Split { train, validation }
}

/// How many each group gives, so that the sum is the fraction of all: whole parts first, then one more where most is left over.
fn shares(sizes: &[usize], fraction: f64, keeps_one: bool) -> Vec<usize> {
    let most = |size: usize| if keeps_one { size.saturating_sub(1) } else { size };
    let exact: Vec<f64> = sizes.iter().map(|&size| size as f64 * fraction).collect();
    let mut shares: Vec<usize> =
        sizes.iter().zip(&exact).map(|(&size, exact)| (exact.floor() as usize).min(most(size))).collect();
    let wanted = (sizes.iter().sum::<usize>() as f64 * fraction).round() as usize;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    for at in order {
        if shares.iter().sum::<usize>() >= wanted {
            break;
        }
        shares[at] = (shares[at] + 1).min(most(sizes[at]));
    }
    shares
}

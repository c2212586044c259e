//! `PairwiseGraph`: two units are related if they are on together in at least two thirds of the samples in which one hidden unit is.

use thiserror::Error;

use crate::propose::Samples;
use crate::propose::cover::together;

/// The part of `rho N` from which units are related.
const PART: f64 = 2.0 / 3.0;

/// An undirected graph: for each unit the related ones, ascending.
pub type Related = Vec<Vec<u32>>;

/// Why units are not related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RelatedError {
    /// The rate is no probability above 0.
    #[error("the rate of hidden units is above 0 and at most 1")]
    Rate,
}

/// Relates the units of samples whose hidden units are each on with probability `rate`: `C_uv >= (2 / 3) rate N`.
pub fn relate(samples: &Samples, rate: f64) -> Result<Related, RelatedError> {
    if !(rate > 0.0 && rate <= 1.0) {
        return Err(RelatedError::Rate);
    }
    let least = PART * rate * samples.len() as f64;
    let keep = |u: u32, v: u32, count: u32| (f64::from(count) >= least).then_some((u, v));
    let mut related = vec![Vec::new(); samples.units()];
    for (u, v) in together(samples.lists(), &samples.columns(), keep) {
        related[u as usize].push(v);
        related[v as usize].push(u);
    }
    related.iter_mut().for_each(|list: &mut Vec<u32>| list.sort_unstable());
    Ok(related)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_that_are_on_together_often_enough_are_related() {
        let samples = Samples::new(3, [vec![0, 1], vec![0, 1], vec![1, 2], vec![]]).expect("is valid");
        // Two thirds of 0.75 of 4 samples are 2.
        assert_eq!(relate(&samples, 0.75), Ok(vec![vec![1], vec![0], vec![]]));
        assert_eq!(relate(&samples, 0.0), Err(RelatedError::Rate));
        assert_eq!(relate(&samples, f64::NAN), Err(RelatedError::Rate));
    }
}

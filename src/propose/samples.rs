//! Binary samples of many units: each sample lists the units that are on, so that memory is linear in the ones.

use thiserror::Error;

use crate::propose::lists::Lists;

/// Binary samples `X`, shape `[samples, units]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples {
    units: usize,
    lists: Lists,
}

/// Why lists are no samples.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SamplesError {
    /// A sample names a unit that does not exist.
    #[error("sample {sample} names unit {unit}, but there are {units} units")]
    NoSuchUnit {
        /// The sample's number.
        sample: usize,
        /// What it names.
        unit: u32,
        /// How many there are.
        units: usize,
    },
    /// The units of a sample do not ascend.
    #[error("the units of sample {sample} do not ascend")]
    NotAscending {
        /// The sample's number.
        sample: usize,
    },
    /// Samples or units are too many to be numbered.
    #[error("more than 2^31 samples or units")]
    TooMany,
}

/// Numbers of samples and units fit into 31 bits.
const MOST: usize = 1 << 31;

impl Samples {
    /// Samples of `units` units, each the ascending list of units that are on.
    ///
    /// ```
    /// use nas::propose::Samples;
    ///
    /// let samples = Samples::new(3, [vec![0, 2], vec![], vec![1]])?;
    /// assert_eq!((samples.len(), samples.units(), samples.ones(0)), (3, 3, &[0, 2][..]));
    /// assert!(Samples::new(3, [[2, 3]]).is_err());
    /// # Ok::<(), nas::propose::SamplesError>(())
    /// ```
    pub fn new<L: AsRef<[u32]>>(units: usize, samples: impl IntoIterator<Item = L>) -> Result<Samples, SamplesError> {
        let mut lists = Lists::default();
        for (sample, ones) in samples.into_iter().enumerate() {
            let ones = ones.as_ref();
            if ones.windows(2).any(|pair| pair[0] >= pair[1]) {
                return Err(SamplesError::NotAscending { sample });
            }
            if let Some(&unit) = ones.last().filter(|&&unit| unit as usize >= units) {
                return Err(SamplesError::NoSuchUnit { sample, unit, units });
            }
            lists.push(ones.iter().copied());
        }
        if units > MOST || lists.len() > MOST {
            return Err(SamplesError::TooMany);
        }
        Ok(Samples { units, lists })
    }

    /// Samples from lists that ascend and hold numbers below `units`.
    pub(in crate::propose) fn of(units: usize, lists: Lists) -> Samples {
        Samples { units, lists }
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The units that are on in a sample, ascending.
    pub fn ones(&self, sample: usize) -> &[u32] {
        self.lists.get(sample)
    }

    /// The ones of all samples together.
    pub fn total(&self) -> usize {
        self.lists.total()
    }

    /// All samples in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.lists.iter()
    }

    /// The lists of all samples.
    pub(in crate::propose) fn lists(&self) -> &Lists {
        &self.lists
    }

    /// For each unit the samples in which it is on.
    pub(in crate::propose) fn columns(&self) -> Lists {
        self.lists.transposed(self.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named() {
        assert_eq!(Samples::new(3, [vec![1], vec![2, 1]]), Err(SamplesError::NotAscending { sample: 1 }));
        assert_eq!(Samples::new(3, [vec![1, 1]]), Err(SamplesError::NotAscending { sample: 0 }));
        assert_eq!(Samples::new(3, [vec![0, 3]]), Err(SamplesError::NoSuchUnit { sample: 0, unit: 3, units: 3 }));
        assert!(Samples::new(0, Vec::<Vec<u32>>::new()).is_ok_and(|none| none.is_empty()));
    }
}

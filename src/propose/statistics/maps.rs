//! Activations as they are handed in.

use crate::propose::StatisticsError;

/// The shape of one image's maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapShape {
    /// Channels.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl MapShape {
    /// Positions of a map.
    pub fn positions(self) -> usize {
        self.height * self.width
    }

    /// Values of an image.
    pub fn values(self) -> usize {
        self.channels * self.positions()
    }

    /// Rows and columns.
    pub(super) fn sides(self) -> [usize; 2] {
        [self.height, self.width]
    }

    /// How many images a batch holds.
    pub fn images(self, batch: &[f32]) -> Result<usize, StatisticsError> {
        let MapShape { channels, height, width } = self;
        let of_image = self.values();
        if of_image == 0 || !batch.len().is_multiple_of(of_image) {
            return Err(StatisticsError::Batch { values: batch.len(), channels, height, width });
        }
        Ok(batch.len() / of_image)
    }
}

//! Memory that a run needs: how much, and from when until when.

use crate::graph::Extent;
use crate::graph::NodeIndex;

/// What a buffer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holds {
    /// A node's value, and those of the nodes that work in place over it or are parts of it.
    Value,
    /// What a node's forward leaves for its backward beside values, such as the places of maxima.
    Saved,
    /// The gradient of a node's value, and of those that take it over.
    Gradient,
}

/// Memory that is written first at one step of a run and read last at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// What it holds.
    pub holds: Holds,
    /// The node whose value, leavings or gradient is written there first.
    pub node: NodeIndex,
    /// Elements for each image of a batch.
    pub per_image: u64,
    /// Elements for the whole batch.
    pub per_batch: u64,
    /// The moment from which it is live.
    pub from: u32,
    /// The last moment at which it is.
    pub until: u32,
}

impl Buffer {
    /// Its elements for a batch.
    pub fn elements(&self, batch: u32) -> u128 {
        u128::from(self.per_image) * u128::from(batch) + u128::from(self.per_batch)
    }

    /// Whether it is live at a moment.
    pub fn is_live(&self, moment: u32) -> bool {
        (self.from..=self.until).contains(&moment)
    }

    /// What is to be placed for a batch, in bytes.
    ///
    /// # Panics
    /// If the bytes leave a `u64`.
    pub fn extent(&self, batch: u32, bytes_of_element: u64) -> Extent {
        let size = u64::try_from(self.elements(batch) * u128::from(bytes_of_element)).expect("a buffer's bytes fit 64 bits");
        Extent { size, from: self.from, until: self.until }
    }
}

/// Elements live at each moment before `moments`, for a batch.
pub fn live(buffers: &[Buffer], batch: u32, moments: u32) -> Vec<u128> {
    let mut starts = vec![0; moments as usize];
    let mut ends = vec![0; moments as usize];
    for buffer in buffers {
        starts[buffer.from as usize] += buffer.elements(batch);
        ends[buffer.until as usize] += buffer.elements(batch);
    }
    let mut live = 0;
    let sums = starts.iter().zip(&ends).map(|(start, end)| {
        let here = live + start;
        live = here - end;
        here
    });
    sums.collect()
}

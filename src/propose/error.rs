//! What may be wrong with activations.

/// Why nothing can be said about activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatisticsError {
    /// A value that is no number, or infinite.
    #[error("channel {channel} of image {image} holds a value that is not finite")]
    NotFinite {
        /// The channel.
        channel: usize,
        /// The image, counted from the first that was ever handed in.
        image: u64,
    },
    /// Too few images to tell chance from structure.
    #[error("{images} images are too few: at least {needed} are needed")]
    FewImages {
        /// As many there are.
        images: u64,
        /// As many it takes.
        needed: u64,
    },
    /// Maps that have no two positions so far apart.
    #[error("maps of {height}x{width} are too small for offsets of {radius}: both sides must be larger")]
    SmallMaps {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// The largest offset.
        radius: usize,
    },
    /// No channels.
    #[error("maps without channels")]
    NoChannels,
    /// A batch that is not made of whole maps.
    #[error("{values} values are no whole number of maps of {channels}x{height}x{width}")]
    Batch {
        /// As many were handed in.
        values: usize,
        /// Channels.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// Statistics of different layers.
    #[error("statistics of maps of different shapes or of different offsets cannot be merged")]
    Different,
    /// Statistics that do not reach as far as a question does.
    #[error("offsets up to {radius} are needed, the statistics have them up to {found}")]
    Reach {
        /// What is needed.
        radius: usize,
        /// What there is.
        found: usize,
    },
    /// Nothing varies.
    #[error("all {channels} channels are constant")]
    AllConstant {
        /// Channels.
        channels: usize,
    },
}

//! One decoded image.

use crate::data::resize;

/// One decoded image, `[channels][height][width]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) shape: [usize; 3],
    pub(super) pixels: Vec<u8>,
    /// Height and width in the file.
    pub(super) met: [usize; 2],
}

impl Picture {
    /// Of pixels whose channels lie side by side, of which the first `channels` are kept.
    pub(super) fn interleaved(pixels: &[u8], stride: usize, channels: usize, [height, width]: [usize; 2]) -> Picture {
        let plane = |channel| pixels.iter().skip(channel).step_by(stride).copied();
        let planes = (0..channels).flat_map(plane).collect();
        Picture { shape: [channels, height, width], pixels: planes, met: [height, width] }
    }

    /// At a height and width.
    pub(super) fn resized(self, size: Option<[usize; 2]>) -> Picture {
        match size {
            Some(size) if size != self.met => {
                let pixels = resize::resize(&self.pixels, self.shape, size);
                Picture { shape: [self.shape[0], size[0], size[1]], pixels, met: self.met }
            }
            _ => self,
        }
    }

    /// A grey image as a colour image of three equal channels.
    pub(super) fn coloured(self) -> Picture {
        match self.shape {
            [1, height, width] => Picture { shape: [3, height, width], pixels: self.pixels.repeat(3), met: self.met },
            _ => self,
        }
    }
}

//! Between plain maps, `[image, channel, row, column]`, and blocked ones.

use crate::kernel::Channels;

/// Channels in a block.
pub const LANES: usize = 16;

/// Where plain maps lie blocked.
#[derive(Clone, Copy, Debug)]
pub struct Blocked<'a> {
    /// Which channel each lane carries.
    pub channels: &'a Channels,
    /// Images.
    pub images: usize,
    /// Pixels of an image.
    pub pixels: usize,
}

impl Blocked<'_> {
    /// Elements of a channel block.
    pub fn plane(&self) -> usize {
        self.images * self.pixels * LANES
    }

    /// Writes plain maps into lanes; lanes that carry nothing become zero.
    pub fn pack(&self, plain: &[f32], blocked: &mut [f32]) {
        let (pixels, channels) = (self.pixels, self.channels.count() as usize);
        for (block, plane) in blocked.chunks_exact_mut(self.plane().max(1)).enumerate() {
            let lanes = self.channels.of_block(block);
            for (image, map) in plane.chunks_exact_mut(pixels * LANES).enumerate() {
                for (pixel, values) in map.chunks_exact_mut(LANES).enumerate() {
                    for (value, &channel) in values.iter_mut().zip(lanes) {
                        *value = plain[(image * channels + channel as usize) * pixels + pixel];
                    }
                    values[lanes.len()..].fill(0.0);
                }
            }
        }
    }

    /// Reads plain maps out of lanes.
    pub fn unpack(&self, blocked: &[f32], plain: &mut [f32]) {
        let channels = self.channels.count() as usize;
        self.walk(blocked, |image, channel, pixel, value| {
            plain[(image * channels + channel) * self.pixels + pixel] = value;
        });
    }

    fn walk(&self, blocked: &[f32], mut each: impl FnMut(usize, usize, usize, f32)) {
        for (block, plane) in blocked.chunks_exact(self.plane().max(1)).enumerate() {
            let lanes = self.channels.of_block(block);
            for (image, map) in plane.chunks_exact(self.pixels * LANES).enumerate() {
                for (pixel, values) in map.chunks_exact(LANES).enumerate() {
                    for (&value, &channel) in values.iter().zip(lanes) {
                        each(image, channel as usize, pixel, value);
                    }
                }
            }
        }
    }
}

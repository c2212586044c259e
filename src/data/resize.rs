//! Images at another size: scaled until they cover it, cut around the centre.

use fast_image_resize::FilterType;
use fast_image_resize::PixelType;
use fast_image_resize::ResizeAlg;
use fast_image_resize::ResizeOptions;
use fast_image_resize::Resizer;
use fast_image_resize::images::Image;
use fast_image_resize::images::ImageRef;

/// An image `[channels][height][width]` at `size`, height and width. The filter is a triangle as wide as the scale asks for, so that
/// making small does not alias.
pub(super) fn resize(pixels: &[u8], shape: [usize; 3], size: [usize; 2]) -> Vec<u8> {
    let [channels, height, width] = shape;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
        .use_alpha(false)
        .fit_into_destination(Some((0.5, 0.5)));
    let mut resizer = Resizer::new();
    let mut out = Vec::with_capacity(channels * size[0] * size[1]);
    for plane in pixels.chunks_exact((height * width).max(1)).take(channels) {
        let mut scaled = Image::new(size[1] as u32, size[0] as u32, PixelType::U8);
        let plane = ImageRef::new(width as u32, height as u32, plane, PixelType::U8);
        // Both are planes of bytes whose sizes are those of their buffers; nothing else is refused.
        let done = plane.is_ok_and(|plane| resizer.resize(&plane, &mut scaled, &options).is_ok());
        debug_assert!(done, "planes of bytes can be resized");
        out.extend_from_slice(scaled.buffer());
    }
    out
}

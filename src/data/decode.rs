//! JPEG and PNG to pixels, told apart by their first bytes.

use std::io::Cursor;

use png::ColorType;
use png::Transformations;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::data::error::Fault;
use crate::data::picture::Picture;

/// Pixels of an image, at most.
const MOST_PIXELS: usize = 1 << 26;

/// Decodes an image. Of 16 bits the higher 8 are kept, transparency is dropped, palettes are looked up, of an animation the first picture
/// is taken. A note on how the picture was held is not followed.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, Fault> {
    match bytes {
        [] => Err(Fault::Empty),
        [0xff, 0xd8, ..] => jpeg(bytes),
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        _ => Err(Fault::Format),
    }
}

fn bounded(width: usize, height: usize) -> Result<(), Fault> {
    match width.checked_mul(height) {
        Some(pixels) if pixels <= MOST_PIXELS => Ok(()),
        _ => Err(Fault::TooLarge { width, height }),
    }
}

fn jpeg(bytes: &[u8]) -> Result<Picture, Fault> {
    let damaged = |error: zune_jpeg::errors::DecodeErrors| Fault::Jpeg(one_line(&error.to_string()));
    let options = DecoderOptions::default().set_max_width(1 << 16).set_max_height(1 << 16);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or(Fault::Truncated)?;
    let [height, width] = [usize::from(info.height), usize::from(info.width)];
    bounded(width, height)?;
    let (space, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => (ColorSpace::RGB, 3),
        Some(other) => return Err(Fault::Colours(format!("{other:?}"))),
        None => return Err(Fault::Truncated),
    };
    if !ends(bytes) {
        return Err(Fault::Truncated);
    }
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let pixels = decoder.decode().map_err(damaged)?;
    if pixels.len() != channels * height * width {
        return Err(Fault::Truncated);
    }
    Ok(Picture::interleaved(&pixels, channels, channels, [height, width]))
}

/// Whether the mark of the end follows the last scan. Within a scan the mark cannot stand; a small picture in the head has its own, before
/// the scan. Decoders fill what is missing with grey.
fn ends(bytes: &[u8]) -> bool {
    let last = |mark: u8| bytes.windows(2).rposition(|pair| pair == [0xff, mark]);
    last(0xda).is_some_and(|scan| last(0xd9).is_some_and(|end| end > scan))
}

fn png(bytes: &[u8]) -> Result<Picture, Fault> {
    let damaged = |error: png::DecodingError| match error {
        png::DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Fault::Truncated,
        error => Fault::Png(one_line(&error.to_string())),
    };
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let [height, width] = [reader.info().height as usize, reader.info().width as usize];
    bounded(width, height)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(Fault::TooLarge { width, height })?];
    reader.next_frame(&mut pixels).map_err(damaged)?;
    reader.finish().map_err(damaged)?;
    let (stride, channels) = match reader.output_color_type().0 {
        ColorType::Grayscale => (1, 1),
        ColorType::GrayscaleAlpha => (2, 1),
        ColorType::Rgb | ColorType::Indexed => (3, 3),
        ColorType::Rgba => (4, 3),
    };
    Ok(Picture::interleaved(&pixels, stride, channels, [height, width]))
}

/// A message of a decoder without breaks of lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

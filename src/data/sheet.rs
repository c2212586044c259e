//! A contact sheet: some images of each class, a row a class.

use crate::data::dataset::Dataset;
use crate::data::images::Images;

/// Pixels between images.
const GAP: usize = 2;
/// Smaller images are shown as whole multiples of their size, at least so high.
const LEAST: usize = 32;
/// Grey between images, and where a class has too few.
const GROUND: u8 = 0xd0;

/// A PNG: in the row of each class up to `columns` images of the training set, spread evenly over the class. Of images that have neither
/// one channel nor three, the first channel is shown.
pub fn sheet(dataset: &Dataset, columns: usize) -> Result<Vec<u8>, png::EncodingError> {
    let images = dataset.train();
    let mut of_class = vec![Vec::new(); dataset.classes.len()];
    images.labels().iter().enumerate().for_each(|(at, &label)| of_class[usize::from(label)].push(at));
    let rows: Vec<Vec<usize>> = of_class
        .iter()
        .map(|of_class| {
            let shown = columns.min(of_class.len());
            (0..shown).map(|column| of_class[column * of_class.len() / shown]).collect()
        })
        .collect();
    sheet_of(images, &rows)
}

/// A PNG of these images, each row a list of places.
pub fn sheet_of(images: &Images, rows: &[Vec<usize>]) -> Result<Vec<u8>, png::EncodingError> {
    let [_, height, width] = images.shape();
    let scale = LEAST.div_ceil(height.max(1)).max(1);
    let cell = [height * scale + GAP, width * scale + GAP];
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let size = [rows.len().max(1) * cell[0] + GAP, columns * cell[1] + GAP];
    let mut pixels = vec![GROUND; size[0] * size[1] * 3];
    for (row, places) in rows.iter().enumerate() {
        for (column, &at) in places.iter().enumerate() {
            paint(images, at, scale, [row * cell[0] + GAP, column * cell[1] + GAP], size[1], &mut pixels);
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size[1] as u32, size[0] as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

fn paint(images: &Images, at: usize, scale: usize, corner: [usize; 2], stride: usize, pixels: &mut [u8]) {
    let [channels, height, width] = images.shape();
    let image = images.image(at);
    for y in 0..height * scale {
        for x in 0..width * scale {
            let from = y / scale * width + x / scale;
            let to = ((corner[0] + y) * stride + corner[1] + x) * 3;
            for colour in 0..3 {
                let channel = if channels == 3 { colour } else { 0 };
                pixels[to + colour] = image[channel * height * width + from];
            }
        }
    }
}

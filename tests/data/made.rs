//! Files made by hand: folders, JPEG, PNG, tar, gzip.

use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

/// A new empty folder.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("data").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file below a folder, with the folders that it needs.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Bits, highest first.
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn put(&mut self, value: u32, width: usize) {
        for at in (0..width).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> at & 1) as u8) << (7 - self.count % 8);
            self.count += 1;
        }
    }
}

/// A baseline JPEG of one row of blocks of 8 x 8, each of one colour, given by one value a component. Quantisation is 8 throughout, so a
/// value survives exactly: the first coefficient is 8 (value - 128) / 8.
pub(crate) fn jpeg(blocks: &[&[u8]]) -> Vec<u8> {
    let components = blocks[0].len();
    let mut file = vec![0xff, 0xd8];
    if components == 4 {
        // Adobe's mark: no transformation, so CMYK.
        file.extend(b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00");
    }
    file.extend([0xff, 0xdb, 0, 67, 0]);
    file.extend([8; 64]);
    file.extend([0xff, 0xc0, 0, 8 + 3 * components as u8, 8, 0, 8, 0, 8 * blocks.len() as u8, components as u8]);
    (1..=components as u8).for_each(|component| file.extend([component, 0x11, 0]));
    // Differences of 0 to 8 bits, each with a code of 4 bits; of the other coefficients only the end, with a code of 1 bit.
    file.extend([0xff, 0xc4, 0, 28, 0x00, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    file.extend([0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0xff, 0xda, 0, 6 + 2 * components as u8, components as u8]);
    (1..=components as u8).for_each(|component| file.extend([component, 0]));
    file.extend([0, 63, 0]);
    let mut bits = Bits { bytes: Vec::new(), count: 0 };
    let mut last = vec![128; components];
    for block in blocks {
        for (value, last) in block.iter().zip(&mut last) {
            let difference = i32::from(*value) - *last;
            *last = i32::from(*value);
            let width = (32 - difference.unsigned_abs().leading_zeros()) as usize;
            bits.put(width as u32, 4);
            let coded = if difference < 0 { difference + (1 << width) - 1 } else { difference };
            bits.put(coded as u32, width);
            bits.put(0, 1);
        }
    }
    while !bits.count.is_multiple_of(8) {
        bits.put(1, 1);
    }
    for byte in bits.bytes {
        file.push(byte);
        if byte == 0xff {
            file.push(0);
        }
    }
    file.extend([0xff, 0xd9]);
    file
}

/// A PNG of these pixels, channels side by side.
pub(crate) fn png(colour: png::ColorType, depth: png::BitDepth, size: [u32; 2], pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size[1], size[0]);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    writer.finish().unwrap();
    file
}

/// A grey PNG of 8 bits.
pub(crate) fn grey(size: [u32; 2], pixels: &[u8]) -> Vec<u8> {
    png(png::ColorType::Grayscale, png::BitDepth::Eight, size, pixels)
}

/// A tar archive as the POSIX standard describes it: for each file a head of 512 bytes, the bytes, zeros up to whole blocks; two blocks of
/// zeros at the end.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        let mut head = [0_u8; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..108].copy_from_slice(b"0000644\0");
        head[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        head[136..148].copy_from_slice(b"00000000000\0");
        head[148..156].copy_from_slice(b"        ");
        head[156] = b'0';
        head[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = head.iter().map(|&byte| u32::from(byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(head);
        archive.extend(*bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.extend([0; 1024]);
    archive
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

//! Ways to vary a training image. Values are from 0 to 1; what is blank, beside the image or cut out of it, is no number, and becomes zero
//! once the image is normalised.

use crate::base::Random;

/// The part of an image's area that is seen, at least and at most (Szegedy et al. 2015, section 6).
const AREA: [f64; 2] = [0.08, 1.0];
/// Width to height of that part (the same).
const ASPECT: [f64; 2] = [3.0 / 4.0, 4.0 / 3.0];
/// Draws of a part that may not fit before the largest is taken.
const DRAWS: usize = 10;
/// Factors of brightness, contrast and saturation (Howard 2013).
const LIGHT: [f64; 2] = [0.5, 1.5];
/// Weights of red, green and blue in what is seen as bright (ITU-R BT.601).
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// An image while it is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    /// `[channel, row, column]`.
    pub(super) values: Vec<f32>,
    /// Channels, height, width.
    pub(super) sides: [usize; 3],
}

/// Moved by up to an eighth of each side; what comes in from outside is blank.
pub(super) fn shifted(picture: &Picture, random: &mut Random) -> Picture {
    let [channels, height, width] = picture.sides;
    let mut offset = |side: usize| {
        let most = side.div_ceil(8);
        random.below(2 * most + 1) as isize - most as isize
    };
    let (down, right) = (offset(height), offset(width));
    let mut values = vec![f32::NAN; picture.values.len()];
    for channel in 0..channels {
        for row in 0..height {
            let Some(from) = row.checked_add_signed(down).filter(|&from| from < height) else { continue };
            for column in 0..width {
                let Some(at) = column.checked_add_signed(right).filter(|&at| at < width) else { continue };
                values[(channel * height + row) * width + column] = picture.values[(channel * height + from) * width + at];
            }
        }
    }
    Picture { values, sides: picture.sides }
}

/// Every other time mirrored, left to right.
pub(super) fn mirrored(mut picture: Picture, random: &mut Random) -> Picture {
    if random.coin() {
        picture.values.chunks_exact_mut(picture.sides[2]).for_each(<[f32]>::reverse);
    }
    picture
}

/// A random part, scaled to `size`: its share of the area evenly from [`AREA`], the logarithm of its aspect from [`ASPECT`].
pub(super) fn part(picture: &Picture, size: [usize; 2], random: &mut Random) -> Picture {
    let [channels, height, width] = picture.sides;
    let area = (height * width) as f64;
    let mut window = None;
    for _ in 0..DRAWS {
        let wanted = area * random.between(AREA[0], AREA[1]);
        let aspect = libm::exp(random.between(libm::log(ASPECT[0]), libm::log(ASPECT[1])));
        let sides = [libm::sqrt(wanted / aspect), libm::sqrt(wanted * aspect)];
        if sides[0] <= height as f64 && sides[1] <= width as f64 {
            let corner = [height as f64 - sides[0], width as f64 - sides[1]].map(|room| random.between(0.0, room));
            window = Some((corner, sides));
            break;
        }
    }
    let (corner, sides) = window.unwrap_or(([0.0; 2], [height as f64, width as f64]));
    let taps = [0, 1].map(|axis| taps(corner[axis], sides[axis], size[axis], picture.sides[axis + 1]));
    let mut values = Vec::with_capacity(channels * size[0] * size[1]);
    for plane in picture.values.chunks_exact(height * width) {
        for &(row, below, share) in &taps[0] {
            let [above, under] = [row, below].map(|row| &plane[row * width..][..width]);
            for &(column, beside, part) in &taps[1] {
                let high = above[column] + (above[beside] - above[column]) * part;
                let low = under[column] + (under[beside] - under[column]) * part;
                values.push(high + (low - high) * share);
            }
        }
    }
    Picture { values, sides: [channels, size[0], size[1]] }
}

/// For each pixel of the result along an axis: the two it lies between, and how far towards the second. The stored image is at most 8/7 as
/// large as the result, so that two are enough.
fn taps(corner: f64, side: f64, size: usize, limit: usize) -> Vec<(usize, usize, f32)> {
    let tap = |at: usize| {
        let place = (corner + (at as f64 + 0.5) * side / size as f64 - 0.5).clamp(0.0, (limit - 1) as f64);
        let first = place.floor() as usize;
        (first, (first + 1).min(limit - 1), (place - place.floor()) as f32)
    };
    (0..size).map(tap).collect()
}

/// Brightness, contrast and, of colour, saturation, each by a factor, in random order; cut off at black and white.
pub(super) fn relit(mut picture: Picture, random: &mut Random) -> Picture {
    let mut steps = [0, 1, 2];
    random.shuffle(&mut steps);
    for step in steps {
        let factor = random.between(LIGHT[0], LIGHT[1]) as f32;
        match step {
            0 => picture.values.iter_mut().for_each(|value| *value = (*value * factor).clamp(0.0, 1.0)),
            1 => {
                let grey = brightness(&picture);
                let mean = grey.iter().map(|&value| f64::from(value)).sum::<f64>() / grey.len().max(1) as f64;
                picture.values.iter_mut().for_each(|value| *value = blend(mean as f32, *value, factor));
            }
            _ if picture.sides[0] == 3 => {
                let grey = brightness(&picture);
                let plane = grey.len();
                for (value, grey) in picture.values.chunks_exact_mut(plane).flat_map(|plane| plane.iter_mut().zip(&grey)) {
                    *value = blend(*grey, *value, factor);
                }
            }
            _ => {}
        }
    }
    picture
}

fn blend(from: f32, to: f32, factor: f32) -> f32 {
    (from + (to - from) * factor).clamp(0.0, 1.0)
}

fn brightness(picture: &Picture) -> Vec<f32> {
    let [channels, height, width] = picture.sides;
    let plane = height * width;
    let weights: Vec<f32> = if channels == 3 { LUMA.to_vec() } else { vec![1.0 / channels as f32; channels] };
    (0..plane)
        .map(|at| weights.iter().enumerate().map(|(channel, weight)| picture.values[channel * plane + at] * weight).sum())
        .collect()
}

/// A square of this side around a random pixel blanked, cut off at the borders ("Cutout", arXiv 1708.04552).
pub(super) fn cut_out(mut picture: Picture, side: usize, random: &mut Random) -> Picture {
    let [_, height, width] = picture.sides;
    if side == 0 {
        return picture;
    }
    let mut span = |limit: usize| {
        let from = random.below(limit) as isize - (side / 2) as isize;
        from.max(0) as usize..((from + side as isize).max(0) as usize).min(limit)
    };
    let (rows, columns) = (span(height), span(width));
    for plane in picture.values.chunks_exact_mut(height * width) {
        for row in rows.clone() {
            plane[row * width..][columns.clone()].fill(f32::NAN);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;

    fn random(index: u64) -> Random {
        Random::new(7, Purpose::Augment, index)
    }

    /// Each pixel tells its place.
    fn ramp(sides: [usize; 3]) -> Picture {
        let count = sides.iter().product::<usize>();
        Picture { values: (0..count).map(|at| at as f32 / count as f32).collect(), sides }
    }

    #[test]
    fn shifts_reach_every_offset_and_blank_what_is_outside() {
        let picture = ramp([1, 8, 8]);
        let mut corners = std::collections::BTreeSet::new();
        for index in 0..200 {
            let moved = shifted(&picture, &mut random(index));
            let blank = moved.values.iter().filter(|value| value.is_nan()).count();
            let centre = (moved.values[27] * 64.0) as isize - 27;
            corners.insert(centre);
            let down = (centre + 4).div_euclid(8);
            let right = centre - 8 * down;
            assert_eq!(blank as isize, 64 - (8 - down.abs()) * (8 - right.abs()), "{centre}");
        }
        assert_eq!(corners.into_iter().collect::<Vec<_>>(), [-9, -8, -7, -1, 0, 1, 7, 8, 9]);
    }

    #[test]
    fn mirrors_half_of_the_images() {
        let picture = ramp([2, 2, 3]);
        let turned = (0..1000).filter(|&index| mirrored(picture.clone(), &mut random(index)).values[0] > 0.0).count();
        assert!((430..570).contains(&turned), "{turned}");
    }

    #[test]
    fn parts_keep_a_flat_image_flat_and_a_ramp_in_its_range() {
        let flat = Picture { values: vec![0.25; 3 * 9 * 9], sides: [3, 9, 9] };
        let (mut least, mut most) = (1.0_f32, 0.0_f32);
        for index in 0..300 {
            assert!(part(&flat, [8, 8], &mut random(index)).values.iter().all(|value| (value - 0.25).abs() < 1e-6));
            let seen = part(&ramp([1, 9, 9]), [8, 8], &mut random(index));
            assert_eq!(seen.sides, [1, 8, 8]);
            let rows = seen.values[63] - seen.values[0];
            (least, most) = (least.min(rows), most.max(rows));
        }
        // A part of 8 % has about a quarter of each side, the whole nearly all of it.
        assert!(least < 0.35 && most > 0.8, "{least} to {most}");
    }

    #[test]
    fn light_changes_and_stays_between_black_and_white() {
        let picture = ramp([3, 4, 4]);
        let relit: Vec<Picture> = (0..50).map(|index| relit(picture.clone(), &mut random(index))).collect();
        assert!(relit.iter().all(|picture| picture.values.iter().all(|value| (0.0..=1.0).contains(value))));
        assert!(relit.iter().filter(|relit| **relit != picture).count() > 45);
    }

    #[test]
    fn cut_outs_blank_a_square_at_most() {
        for index in 0..100 {
            let cut = cut_out(ramp([3, 8, 8]), 4, &mut random(index));
            let blank = cut.values.iter().filter(|value| value.is_nan()).count();
            assert!(blank % 3 == 0 && (3 * 4..=3 * 16).contains(&blank), "{blank}");
        }
        let whole = ramp([3, 8, 8]);
        assert_eq!(cut_out(whole.clone(), 0, &mut random(0)), whole);
    }
}

//! One generated image.

use crate::base::Random;
use crate::data::shapes::figure::Figure;
use crate::data::shapes::fill::Fill;

/// What a class shows: an outline, its pattern, how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Motif {
    pub(super) figure: Figure,
    pub(super) fill: Fill,
    pub(super) copies: usize,
}

/// One outline in the image; lengths in pixels.
struct Stamp {
    centre: [f64; 2],
    radius: f64,
    /// Cosine and sine of its turn.
    turn: [f64; 2],
}

/// Share of images whose figures are darker than the ground.
const DARK: f64 = 0.1;

/// Paints an image `[channels][height][width]`: place, scale, turn, colours, the ground's texture and noise are drawn, the motif is given.
pub(super) fn paint(motif: Motif, [channels, height, width]: [usize; 3], random: &mut Random) -> Vec<u8> {
    let stamps: Vec<Stamp> = (0..motif.copies).map(|_| stamp(motif.copies, height, width, random)).collect();
    let dark = random.between(0.0, 1.0) < DARK;
    let [waves, shift] = [random.between(0.15, 0.9), random.between(0.0, 6.0)];
    let slope = random.between(0.0, 3.0);
    let slope = [libm::cos(slope), libm::sin(slope)];
    let cover: Vec<[f64; 2]> =
        (0..height * width).map(|at| cover(motif, &stamps, [(at % width) as f64 + 0.5, (at / width) as f64 + 0.5])).collect();
    let mut pixels = Vec::with_capacity(channels * height * width);
    for _ in 0..channels {
        let [mut ground, mut first] = [random.between(0.15, 0.35), random.between(0.6, 0.9)];
        if dark {
            std::mem::swap(&mut ground, &mut first);
        }
        let second = ground + (first - ground) * 0.3;
        let texture = random.between(0.03, 0.12);
        for (at, [first_part, second_part]) in cover.iter().enumerate() {
            let [x, y] = [(at % width) as f64, (at / width) as f64];
            let wave = libm::sin((x * slope[0] + y * slope[1]) * waves + shift);
            let value = ground + texture * wave + (first - ground) * first_part + (second - ground) * second_part;
            let value = value + random.between(-0.1, 0.1);
            pixels.push((value * 255.0).round().clamp(0.0, 255.0) as u8);
        }
    }
    pixels
}

fn stamp(copies: usize, height: usize, width: usize, random: &mut Random) -> Stamp {
    let half = [height as f64 / 2.0, width as f64 / 2.0];
    let radius = half[0].min(half[1]) * random.between(0.4, 0.85) / (copies as f64).sqrt();
    let mut centre = |half: f64| half + random.between(-0.4, 0.4) * (half - radius);
    let centre = [centre(half[1]), centre(half[0])];
    let turn = random.between(-0.3, 0.3);
    Stamp { centre, radius, turn: [libm::cos(turn), libm::sin(turn)] }
}

/// How much of a pixel the first and the second colour cover.
fn cover(motif: Motif, stamps: &[Stamp], [x, y]: [f64; 2]) -> [f64; 2] {
    let mut most = [0.0, 0.0];
    for stamp in stamps {
        let [dx, dy] = [(x - stamp.centre[0]) / stamp.radius, (y - stamp.centre[1]) / stamp.radius];
        let [cosine, sine] = stamp.turn;
        let point = [dx * cosine + dy * sine, dy * cosine - dx * sine];
        let part = (0.5 - motif.figure.distance(point) * stamp.radius).clamp(0.0, 1.0);
        if part > most[0] + most[1] {
            most = if motif.fill.is_second(point) { [0.0, part] } else { [part, 0.0] };
        }
    }
    most
}

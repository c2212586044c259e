//! Correlation by the discrete Fourier transform: a sum over positions for every offset becomes one product for every frequency.
//!
//! Maps of `h x w` are set into a lattice of `(h + r) x (w + r)` zeros, so that offsets up to `r` do not come round to the other side.
//! With `X(k) = sum over p of x(p) exp(-i t)`, `t = 2 pi k p` in units of the lattice (the correlation theorem),
//!
//! `sum over p of x(p) y(p + d) = 1 / N sum over k of conj(X(k)) Y(k) exp(i t_d)`,
//!
//! and `k` and `-k` say the same. With `X = A + i B`, `Y = A' + i B'`, and weights `v = 1` where `k` is its own opposite and `2` elsewhere,
//!
//! `even(d) = 1 / N sum v (A A' + B B') cos t_d`, `odd(d) = 1 / N sum v (B A' - A B') sin t_d`: `even + odd` at `d`, `even - odd` at `-d`.
//!
//! `N` products of an image's map stand for `(2 r + 1)^2 h w / 2` direct ones. Spectra of all images are multiplied and added up by the
//! kernel of weight gradients, and so are the transforms, whose tables are its inputs.

use std::f64::consts::TAU;
use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::Run;
use crate::propose::statistics::Offsets;

/// Real numbers of an image's spectrum that are held at a time: bounds the memory of large maps, and holds all of a map of 7x7.
const HELD: usize = 96;

/// The part of a spectrum that is computed at a time, and its tables.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Frequencies.
    pub(super) frequencies: usize,
    /// Along rows: `[column of the map][lane]` for each group of 16 coefficients.
    pub(super) rows: Tables,
    /// Along columns, for each frequency along rows.
    pub(super) columns: Vec<Tables>,
    /// Back to offsets: `[frequency][lane]`, and `[frequency][plus, minus][lane]`.
    pub(super) even: Tables,
    pub(super) odd: Tables,
}

/// A matrix `[term][coefficient]`, cut into groups of at most 16 coefficients: what the kernel multiplies data with.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    terms: usize,
    coefficients: usize,
    groups: Vec<f32>,
}

impl Tables {
    fn new(terms: usize, coefficients: usize, value: impl Fn(usize, usize) -> f64) -> Tables {
        let mut groups = vec![0.0; coefficients.div_ceil(LANES) * terms * LANES];
        for coefficient in 0..coefficients {
            for term in 0..terms {
                let at = (coefficient / LANES * terms + term) * LANES + coefficient % LANES;
                groups[at] = value(term, coefficient) as f32;
            }
        }
        Tables { terms, coefficients, groups }
    }

    /// How many coefficients come out.
    pub(super) fn coefficients(&self) -> usize {
        self.coefficients
    }

    /// Each group: its first coefficient, how many there are, and its matrix.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, &[f32])> {
        let first = (0..self.coefficients).step_by(LANES);
        let groups = self.groups.chunks_exact(self.terms.max(1) * LANES);
        first.zip(groups).map(|(first, group)| (first, LANES.min(self.coefficients - first), group))
    }
}

/// The parts of the spectrum of maps of one size.
pub(super) fn parts([height, width]: [usize; 2], offsets: &Offsets) -> Vec<Part> {
    let lattice = [height + offsets.radius(), width + offsets.radius()];
    let columns: Vec<(usize, Vec<usize>)> = (0..=lattice[1] / 2)
        .map(|right| {
            // Where the opposite of a column of frequencies is itself, half of it tells the rest.
            let own = (2 * right).is_multiple_of(lattice[1]);
            (right, (0..if own { lattice[0] / 2 + 1 } else { lattice[0] }).collect())
        })
        .collect();
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut held = 0;
    for (number, (_, downs)) in columns.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if held + 2 * downs.len() <= HELD => part.end = number + 1,
            _ => {
                parts.push(number..number + 1);
                held = 0;
            }
        }
        held += 2 * downs.len();
    }
    parts.into_iter().map(|part| self::part([height, width], lattice, &columns[part], offsets)).collect()
}

fn part([height, width]: [usize; 2], lattice: [usize; 2], columns: &[(usize, Vec<usize>)], offsets: &Offsets) -> Part {
    let angle = |frequency: usize, place: isize, side: usize| TAU * frequency as f64 * place as f64 / lattice[side] as f64;
    let rows = Tables::new(width, 2 * columns.len(), |column, coefficient| {
        let (sin, cos) = angle(columns[coefficient / 2].0, column as isize, 1).sin_cos();
        [cos, -sin][coefficient % 2]
    });
    let down = |downs: &Vec<usize>| {
        Tables::new(2 * height, 2 * downs.len(), |term, coefficient| {
            let (sin, cos) = angle(downs[coefficient / 2], (term / 2) as isize, 0).sin_cos();
            [[cos, -sin], [sin, cos]][term % 2][coefficient % 2]
        })
    };
    let frequencies: Vec<[usize; 2]> =
        columns.iter().flat_map(|(right, downs)| downs.iter().map(move |&down| [down, *right])).collect();
    let back = |frequency: [usize; 2], offset: usize| -> (f64, f64) {
        let [down, right] = offsets.half()[offset];
        let own = (0..2).all(|side| (2 * frequency[side]).is_multiple_of(lattice[side]));
        let weight = if own { 1.0 } else { 2.0 } / (lattice[0] * lattice[1]) as f64;
        let (sin, cos) = (angle(frequency[0], down, 0) + angle(frequency[1], right, 1)).sin_cos();
        (weight * sin, weight * cos)
    };
    let lags = offsets.half().len();
    Part {
        frequencies: frequencies.len(),
        rows,
        columns: columns.iter().map(|(_, downs)| down(downs)).collect(),
        even: Tables::new(frequencies.len(), lags, |term, offset| back(frequencies[term], offset).1),
        odd: Tables::new(2 * frequencies.len(), lags, |term, offset| {
            back(frequencies[term / 2], offset).0 * [1.0, -1.0][term % 2]
        }),
    }
}

/// One position after another: `terms` of them, the data's lying `step` elements apart from `begin` on.
pub(super) fn spaced(terms: usize, begin: usize, step: usize) -> Vec<Run> {
    let run = |term: usize| Run { input: (term * LANES) as u32, output: (begin + term * step) as u32, pixels: 1 };
    (0..terms).map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transforms in `f64` loops over the tables, against direct sums.
    #[test]
    fn tables_correlate_maps() {
        for sides in [[3, 4], [7, 7], [6, 3], [9, 12]] {
            let offsets = Offsets::five();
            let [height, width] = sides;
            let map = |factor: usize| -> Vec<f64> { (0..height * width).map(|p| ((p * factor + 3) % 11) as f64 - 5.0).collect() };
            let maps = [map(7), map(5)];
            let mut got = vec![[0.0; 2]; offsets.half().len()];
            for part in parts(sides, &offsets) {
                let spectra = maps.each_ref().map(|map| spectrum(sides, &part, map));
                for (offset, got) in got.iter_mut().enumerate() {
                    for frequency in 0..part.frequencies {
                        let [[a, b], [c, d]] = spectra.each_ref().map(|spectrum| spectrum[frequency]);
                        got[0] += value(&part.even, frequency, offset) * (a * c + b * d);
                        got[1] += value(&part.odd, 2 * frequency, offset) * (b * c);
                        got[1] += value(&part.odd, 2 * frequency + 1, offset) * (a * d);
                    }
                }
            }
            for (&[down, right], [even, odd]) in offsets.half().iter().zip(got) {
                let want = |first: &[f64], second: &[f64]| -> f64 {
                    let at = |y: isize, x: isize| (0..height as isize).contains(&y) && (0..width as isize).contains(&x);
                    let places = (0..height as isize).flat_map(|y| (0..width as isize).map(move |x| (y, x)));
                    let kept = places.filter(|&(y, x)| at(y + down, x + right));
                    let index = |y: isize, x: isize| (y * width as isize + x) as usize;
                    kept.map(|(y, x)| first[index(y, x)] * second[index(y + down, x + right)]).sum()
                };
                assert!((even + odd - want(&maps[0], &maps[1])).abs() < 1e-3, "{sides:?} {down} {right}");
                assert!((even - odd - want(&maps[1], &maps[0])).abs() < 1e-3, "{sides:?} {down} {right}");
            }
        }
    }

    fn value(tables: &Tables, term: usize, coefficient: usize) -> f64 {
        let (_, _, group) = tables.iter().nth(coefficient / LANES).unwrap();
        f64::from(group[term * LANES + coefficient % LANES])
    }

    fn spectrum([height, width]: [usize; 2], part: &Part, map: &[f64]) -> Vec<[f64; 2]> {
        let mut all = Vec::new();
        for (number, columns) in part.columns.iter().enumerate() {
            for frequency in 0..columns.coefficients() / 2 {
                let along = |row: usize, coefficient: usize| -> f64 {
                    (0..width).map(|x| value(&part.rows, x, coefficient) * map[row * width + x]).sum()
                };
                let sum = |side: usize| -> f64 {
                    let terms = (0..2 * height)
                        .map(|term| value(columns, term, 2 * frequency + side) * along(term / 2, 2 * number + term % 2));
                    terms.sum()
                };
                all.push([sum(0), sum(1)]);
            }
        }
        all
    }

    #[test]
    fn a_map_of_seven_is_one_part_of_41_frequencies() {
        let all = parts([7, 7], &Offsets::five());
        assert_eq!(all.iter().map(|part| part.frequencies).collect::<Vec<_>>(), [41]);
        // 16 x 16: four frequencies are their own opposites.
        let frequencies: usize = parts([14, 14], &Offsets::five()).iter().map(|part| part.frequencies).sum();
        assert_eq!(frequencies, 4 + 252 / 2);
    }
}

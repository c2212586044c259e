//! The transforms of one dimension, at the points 0, ±p for each of some p, and infinity (Toom 1963; Cook 1966).
//!
//! A product of polynomials is known from its values at as many points as it has coefficients. With `t` points, `f` of them finite,
//!
//! ```text
//!   A^T  m x t   row i:  the i-th power of each point; infinity counts in the last row
//!   G    t x r   row j:  1, p, p^2, ... of point j over the product of its distances from the others; infinity takes the last
//!   B^T  t x t   row j:  coefficients of the product of (x - q) over all finite points q but j; infinity over all of them
//! ```
//!
//! Points ±p share their even and their odd half, so each pair costs little more than one of them. Powers of two and three quarters
//! are exact in binary, and points near 1 keep the powers alike: with 3/4 and 3/2 the error of `t = 6` is a fifth of that with 1 and 2.

#![allow(unsafe_code)]

use crate::kernel::arch::vector::Vector;

/// The points ±p of `t` = 4, 6 and 8.
const PAIRS: [&[f64]; 3] = [&[1.0], &[0.75, 1.5], &[0.5, 1.0, 1.5]];

/// The points of a transform with `t` values.
const fn pairs(t: usize) -> &'static [f64] {
    PAIRS[t / 2 - 2]
}

/// The coefficients of the product of `x^2 - p^2` over all pairs but one, the lowest first, in steps of `x^2`.
const fn squares_but(t: usize, but: usize) -> [f64; 4] {
    let mut product = [1.0, 0.0, 0.0, 0.0];
    let mut k = 0;
    while k < pairs(t).len() {
        if k != but {
            let square = pairs(t)[k] * pairs(t)[k];
            let before = product;
            product[0] = -square * before[0];
            let mut i = 1;
            while i < 4 {
                product[i] = before[i - 1] - square * before[i];
                i += 1;
            }
        }
        k += 1;
    }
    product
}

/// The product of the distances of point `+p`, or of zero where `k` is no pair, from the other finite points.
const fn distances(t: usize, k: usize) -> f64 {
    let mut product = 1.0;
    let own = if k < pairs(t).len() { pairs(t)[k] } else { 0.0 };
    let mut other = 0;
    while other < pairs(t).len() {
        if other != k {
            product *= own * own - pairs(t)[other] * pairs(t)[other];
        }
        other += 1;
    }
    if k < pairs(t).len() { product * own * 2.0 * own } else { product }
}

const fn power(base: f64, exponent: usize) -> f64 {
    let mut power = 1.0;
    let mut i = 0;
    while i < exponent {
        power *= base;
        i += 1;
    }
    power
}

const fn is_one(number: f64) -> bool {
    number.to_bits() == 1.0_f64.to_bits()
}

/// A transform of `I` values into `O`.
pub(super) trait Transform<V: Vector, const I: usize, const O: usize> {
    /// Along one dimension.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`.
    unsafe fn line(x: [V; I]) -> [V; O];

    /// Along both, columns first.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`.
    #[inline(always)]
    unsafe fn square(x: [[V; I]; I]) -> [[V; O]; O] {
        // SAFETY: the caller's.
        unsafe {
            let zero = V::splat(0.0);
            let mut half = [[zero; I]; O];
            for j in 0..I {
                let mut column = [zero; I];
                for i in 0..I {
                    column[i] = x[i][j];
                }
                let column = Self::line(column);
                for i in 0..O {
                    half[i][j] = column[i];
                }
            }
            let mut y = [[zero; O]; O];
            for i in 0..O {
                y[i] = Self::line(half[i]);
            }
            y
        }
    }
}

/// `B^T`, of a tile of inputs.
pub(super) struct Input;
/// `G`, of a window.
pub(super) struct Filter;
/// `A^T`, of sums.
pub(super) struct Output;

impl<V: Vector, const T: usize> Transform<V, T, T> for Input {
    #[inline(always)]
    unsafe fn line(x: [V; T]) -> [V; T] {
        // SAFETY: the caller's.
        unsafe {
            let count = T / 2 - 1;
            let mut y = x;
            let all = const { squares_but(T, usize::MAX) };
            // Zero has all pairs as factors, and so has infinity, times x.
            let mut sums = [x[0].mul(V::splat(all[0] as f32)), x[1].mul(V::splat(all[0] as f32))];
            for i in 1..=count {
                for (side, sum) in sums.iter_mut().enumerate() {
                    *sum = if i == count { sum.add(x[2 * i + side]) } else { sum.madd(x[2 * i + side], V::splat(all[i] as f32)) };
                }
            }
            [y[0], y[T - 1]] = sums;
            for k in 0..count {
                let others = squares_but(T, k);
                // The even half is x times the other pairs at x, the odd one that without x, times p.
                let mut even = x[2 * count];
                let mut odd = x[2 * count - 1];
                for (i, &coefficient) in others.iter().enumerate().take(count - 1) {
                    even = even.madd(x[2 * i + 2], V::splat(coefficient as f32));
                    odd = odd.madd(x[2 * i + 1], V::splat(coefficient as f32));
                }
                let odd = if is_one(pairs(T)[k]) { odd } else { odd.mul(V::splat(pairs(T)[k] as f32)) };
                y[1 + 2 * k] = even.add(odd);
                y[2 + 2 * k] = even.sub(odd);
            }
            y
        }
    }
}

impl<V: Vector, const R: usize, const T: usize> Transform<V, R, T> for Filter {
    #[inline(always)]
    unsafe fn line(g: [V; R]) -> [V; T] {
        // SAFETY: the caller's.
        unsafe {
            let count = T / 2 - 1;
            let mut y = [g[R - 1]; T];
            y[0] = g[0].mul(V::splat((1.0 / distances(T, usize::MAX)) as f32));
            for k in 0..count {
                let (point, over) = (pairs(T)[k], distances(T, k));
                let mut halves = [V::splat(0.0); 2];
                for (i, &g) in g.iter().enumerate() {
                    let factor = V::splat((power(point, i) / over) as f32);
                    halves[i % 2] = if i < 2 { g.mul(factor) } else { halves[i % 2].madd(g, factor) };
                }
                y[1 + 2 * k] = halves[0].add(halves[1]);
                y[2 + 2 * k] = halves[0].sub(halves[1]);
            }
            y
        }
    }
}

impl<V: Vector, const T: usize, const M: usize> Transform<V, T, M> for Output {
    #[inline(always)]
    unsafe fn line(x: [V; T]) -> [V; M] {
        // SAFETY: the caller's.
        unsafe {
            let count = T / 2 - 1;
            let mut halves = [[V::splat(0.0); 2]; 3];
            for (k, halves) in halves.iter_mut().enumerate().take(count) {
                *halves = [x[1 + 2 * k].add(x[2 + 2 * k]), x[1 + 2 * k].sub(x[2 + 2 * k])];
            }
            let mut y = [x[0]; M];
            for (i, y) in y.iter_mut().enumerate() {
                let mut sum = if i == 0 { x[0] } else { V::splat(0.0) };
                let mut is_begun = i == 0;
                if i == M - 1 {
                    sum = if is_begun { sum.add(x[T - 1]) } else { x[T - 1] };
                    is_begun = true;
                }
                for (k, halves) in halves.iter().enumerate().take(count) {
                    let (half, factor) = (halves[i % 2], power(pairs(T)[k], i));
                    sum = match (is_begun, is_one(factor)) {
                        (true, true) => sum.add(half),
                        (true, false) => sum.madd(half, V::splat(factor as f32)),
                        (false, true) => half,
                        (false, false) => half.mul(V::splat(factor as f32)),
                    };
                    is_begun = true;
                }
                *y = sum;
            }
            y
        }
    }
}

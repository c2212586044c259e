//! Plain Rust: sixteen numbers, for every processor. Products are rounded before they are added.

#![allow(unsafe_code)]

use crate::kernel::arch::vector::Vector;

/// Sixteen numbers.
#[derive(Clone, Copy)]
pub(super) struct Plain([f32; 16]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Plain, both: impl Fn(f32, f32) -> f32) -> Plain {
        Plain(std::array::from_fn(|lane| both(self.0[lane], other.0[lane])))
    }
}

// SAFETY (all methods): any processor can run them; the caller hands pointers that are valid for what is read or written.
impl Vector for Plain {
    type Mask = [bool; 16];

    #[inline(always)]
    unsafe fn splat(value: f32) -> Plain {
        Plain([value; 16])
    }
    #[inline(always)]
    unsafe fn splat_at(at: *const f32) -> Plain {
        // SAFETY: see above.
        unsafe { Plain([*at; 16]) }
    }
    #[inline(always)]
    unsafe fn load(at: *const f32) -> Plain {
        // SAFETY: see above; an array of numbers is aligned as a number is.
        unsafe { Plain(*at.cast()) }
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        // SAFETY: see above; an array of numbers is aligned as a number is.
        unsafe { *at.cast() = self.0 }
    }
    #[inline(always)]
    unsafe fn madd(self, a: Plain, b: Plain) -> Plain {
        Plain(std::array::from_fn(|lane| self.0[lane] + a.0[lane] * b.0[lane]))
    }
    #[inline(always)]
    unsafe fn add(self, other: Plain) -> Plain {
        self.with(other, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(self, other: Plain) -> Plain {
        self.with(other, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn mul(self, other: Plain) -> Plain {
        self.with(other, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn max(self, other: Plain) -> Plain {
        self.with(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    unsafe fn min(self, other: Plain) -> Plain {
        self.with(other, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    unsafe fn is_greater_or_nan(self, than: Plain) -> [bool; 16] {
        std::array::from_fn(|lane| (self.0[lane] > than.0[lane]) | self.0[lane].is_nan())
    }
    #[inline(always)]
    unsafe fn is_between(self, low: Plain, high: Plain) -> [bool; 16] {
        std::array::from_fn(|lane| self.0[lane] > low.0[lane] && self.0[lane] < high.0[lane])
    }
    #[inline(always)]
    unsafe fn is_nan_beside(self, other: Plain) -> [bool; 16] {
        std::array::from_fn(|lane| self.0[lane].is_nan() || other.0[lane].is_nan())
    }
    #[inline(always)]
    unsafe fn either(one: [bool; 16], other: [bool; 16]) -> [bool; 16] {
        std::array::from_fn(|lane| one[lane] || other[lane])
    }
    #[inline(always)]
    #[allow(clippy::float_cmp, reason = "the lanes that hold exactly this")]
    unsafe fn is_equal(self, to: Plain) -> [bool; 16] {
        std::array::from_fn(|lane| self.0[lane] == to.0[lane])
    }
    #[inline(always)]
    unsafe fn or(self, mask: [bool; 16], other: Plain) -> Plain {
        Plain(std::array::from_fn(|lane| if mask[lane] { self.0[lane] } else { other.0[lane] }))
    }
}

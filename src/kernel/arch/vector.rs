//! Sixteen lanes of `f32`, as an instruction set has them.

#![allow(unsafe_code)]

use crate::kernel::LANES;

/// Sixteen lanes. All methods are inlined into a function that has the instruction set.
///
/// # Safety
/// Methods may run only where the processor has the implementor's instruction set. Loads and stores take pointers that are valid for
/// sixteen elements, and for one with [`Vector::splat_at`].
pub(super) trait Vector: Copy {
    /// A truth for each lane.
    type Mask: Copy;

    /// All lanes alike.
    unsafe fn splat(value: f32) -> Self;
    /// All lanes as one element in memory.
    unsafe fn splat_at(at: *const f32) -> Self;
    /// Sixteen elements.
    unsafe fn load(at: *const f32) -> Self;
    /// Writes sixteen elements.
    unsafe fn store(self, at: *mut f32);
    /// `self + a * b`, rounded once where the instruction set can.
    unsafe fn madd(self, a: Self, b: Self) -> Self;
    /// Lane by lane.
    unsafe fn add(self, other: Self) -> Self;
    /// Lane by lane.
    unsafe fn sub(self, other: Self) -> Self;
    /// Lane by lane.
    unsafe fn mul(self, other: Self) -> Self;
    /// The larger; NaN where `other` is.
    unsafe fn max(self, other: Self) -> Self;
    /// The smaller; NaN where `other` is.
    unsafe fn min(self, other: Self) -> Self;
    /// Where it is greater, or NaN.
    unsafe fn is_greater_or_nan(self, than: Self) -> Self::Mask;
    /// Where it lies strictly between two numbers; NaN does not.
    unsafe fn is_between(self, low: Self, high: Self) -> Self::Mask;
    /// Where it or the other is NaN.
    unsafe fn is_nan_beside(self, other: Self) -> Self::Mask;
    /// Where one of two masks holds.
    unsafe fn either(one: Self::Mask, other: Self::Mask) -> Self::Mask;
    /// Where both are equal.
    unsafe fn is_equal(self, to: Self) -> Self::Mask;
    /// This where the mask holds, `other` elsewhere.
    unsafe fn or(self, mask: Self::Mask, other: Self) -> Self;
}

/// Asks for a cache line that is wanted soon; a request only, which reads nothing.
#[inline(always)]
pub(super) fn prefetch(line: &[f32]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this kind has SSE, and a prefetch faults nowhere.
    unsafe {
        use std::arch::x86_64::_MM_HINT_T1;
        use std::arch::x86_64::_mm_prefetch;
        _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast());
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: a prefetch changes nothing and faults nowhere.
    unsafe {
        std::arch::asm!("prfm pldl2keep, [{line}]", line = in(reg) line.as_ptr(), options(nostack, preserves_flags, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = line;
}

/// A part of what comes next, whole cache lines.
pub(super) fn share(next: &[f32], number: usize, count: usize) -> &[f32] {
    let lines = next.len() / LANES;
    &next[lines * number / count * LANES..lines * (number + 1) / count * LANES]
}

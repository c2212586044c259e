//! Sixteen lanes of `f32`, as an instruction set has them.

#![allow(unsafe_code)]

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
    /// Where both are equal.
    unsafe fn is_equal(self, to: Self) -> Self::Mask;
    /// This where the mask holds, `other` elsewhere.
    unsafe fn or(self, mask: Self::Mask, other: Self) -> Self;
}

//! AVX2 with FMA: a vector is two registers of sixteen.

#![allow(unsafe_code)]

use std::arch::x86_64::__m256;
use std::arch::x86_64::_CMP_EQ_OQ;
use std::arch::x86_64::_CMP_GT_OQ;
use std::arch::x86_64::_CMP_LT_OQ;
use std::arch::x86_64::_CMP_UNORD_Q;
use std::arch::x86_64::_mm256_add_ps;
use std::arch::x86_64::_mm256_and_ps;
use std::arch::x86_64::_mm256_blendv_ps;
use std::arch::x86_64::_mm256_broadcast_ss;
use std::arch::x86_64::_mm256_cmp_ps;
use std::arch::x86_64::_mm256_fmadd_ps;
use std::arch::x86_64::_mm256_loadu_ps;
use std::arch::x86_64::_mm256_max_ps;
use std::arch::x86_64::_mm256_min_ps;
use std::arch::x86_64::_mm256_mul_ps;
use std::arch::x86_64::_mm256_or_ps;
use std::arch::x86_64::_mm256_set1_ps;
use std::arch::x86_64::_mm256_storeu_ps;
use std::arch::x86_64::_mm256_sub_ps;

use crate::kernel::arch::vector::Vector;

/// Sixteen lanes in two registers.
#[derive(Clone, Copy)]
pub(super) struct Ymm(__m256, __m256);

// SAFETY (all methods): the caller runs where the processor has AVX2 and FMA, and hands pointers that are valid for what is read or written.
impl Vector for Ymm {
    type Mask = (__m256, __m256);

    #[inline(always)]
    unsafe fn splat(value: f32) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_set1_ps(value), _mm256_set1_ps(value)) }
    }
    #[inline(always)]
    unsafe fn splat_at(at: *const f32) -> Ymm {
        // SAFETY: see above.
        unsafe {
            let value = _mm256_broadcast_ss(&*at);
            Ymm(value, value)
        }
    }
    #[inline(always)]
    unsafe fn load(at: *const f32) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8))) }
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        // SAFETY: see above.
        unsafe {
            _mm256_storeu_ps(at, self.0);
            _mm256_storeu_ps(at.add(8), self.1);
        }
    }
    #[inline(always)]
    unsafe fn madd(self, a: Ymm, b: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_fmadd_ps(a.0, b.0, self.0), _mm256_fmadd_ps(a.1, b.1, self.1)) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn sub(self, other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn mul(self, other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_mul_ps(self.0, other.0), _mm256_mul_ps(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn max(self, other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn min(self, other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_min_ps(self.0, other.0), _mm256_min_ps(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn is_greater_or_nan(self, than: Ymm) -> (__m256, __m256) {
        // SAFETY: see above.
        unsafe {
            let half =
                |value, than| _mm256_or_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(value, than), _mm256_cmp_ps::<_CMP_UNORD_Q>(value, value));
            (half(self.0, than.0), half(self.1, than.1))
        }
    }
    #[inline(always)]
    unsafe fn is_between(self, low: Ymm, high: Ymm) -> (__m256, __m256) {
        // SAFETY: see above.
        unsafe {
            let half = |value, low, high| {
                _mm256_and_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(value, low), _mm256_cmp_ps::<_CMP_LT_OQ>(value, high))
            };
            (half(self.0, low.0, high.0), half(self.1, low.1, high.1))
        }
    }
    #[inline(always)]
    unsafe fn is_nan_beside(self, other: Ymm) -> (__m256, __m256) {
        // SAFETY: see above.
        unsafe { (_mm256_cmp_ps::<_CMP_UNORD_Q>(self.0, other.0), _mm256_cmp_ps::<_CMP_UNORD_Q>(self.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn either(one: (__m256, __m256), other: (__m256, __m256)) -> (__m256, __m256) {
        // SAFETY: see above.
        unsafe { (_mm256_or_ps(one.0, other.0), _mm256_or_ps(one.1, other.1)) }
    }
    #[inline(always)]
    unsafe fn is_equal(self, to: Ymm) -> (__m256, __m256) {
        // SAFETY: see above.
        unsafe { (_mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, to.0), _mm256_cmp_ps::<_CMP_EQ_OQ>(self.1, to.1)) }
    }
    #[inline(always)]
    unsafe fn or(self, mask: (__m256, __m256), other: Ymm) -> Ymm {
        // SAFETY: see above.
        unsafe { Ymm(_mm256_blendv_ps(other.0, self.0, mask.0), _mm256_blendv_ps(other.1, self.1, mask.1)) }
    }
}

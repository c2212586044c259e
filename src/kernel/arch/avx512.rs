//! AVX-512: a vector is one register, and there are 32 of them.

#![allow(unsafe_code)]

use std::arch::x86_64::__m512;
use std::arch::x86_64::__mmask16;
use std::arch::x86_64::_CMP_EQ_OQ;
use std::arch::x86_64::_CMP_GT_OQ;
use std::arch::x86_64::_CMP_LT_OQ;
use std::arch::x86_64::_CMP_UNORD_Q;
use std::arch::x86_64::_mm512_add_ps;
use std::arch::x86_64::_mm512_cmp_ps_mask;
use std::arch::x86_64::_mm512_fmadd_ps;
use std::arch::x86_64::_mm512_loadu_ps;
use std::arch::x86_64::_mm512_mask_blend_ps;
use std::arch::x86_64::_mm512_max_ps;
use std::arch::x86_64::_mm512_min_ps;
use std::arch::x86_64::_mm512_mul_ps;
use std::arch::x86_64::_mm512_set1_ps;
use std::arch::x86_64::_mm512_storeu_ps;
use std::arch::x86_64::_mm512_sub_ps;

use crate::kernel::arch::vector::Vector;

/// Sixteen lanes in one register.
#[derive(Clone, Copy)]
pub(super) struct Zmm(__m512);

// SAFETY (all methods): the caller runs where the processor has AVX-512F, and hands pointers that are valid for what is read or written.
impl Vector for Zmm {
    type Mask = __mmask16;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_set1_ps(value)) }
    }
    #[inline(always)]
    unsafe fn splat_at(at: *const f32) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_set1_ps(*at)) }
    }
    #[inline(always)]
    unsafe fn load(at: *const f32) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_loadu_ps(at)) }
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        // SAFETY: see above.
        unsafe { _mm512_storeu_ps(at, self.0) }
    }
    #[inline(always)]
    unsafe fn madd(self, a: Zmm, b: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_fmadd_ps(a.0, b.0, self.0)) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_add_ps(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn sub(self, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_sub_ps(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn mul(self, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_mul_ps(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn max(self, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_max_ps(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn min(self, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_min_ps(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn is_greater_or_nan(self, than: Zmm) -> __mmask16 {
        // SAFETY: see above.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, than.0) | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(self.0, self.0) }
    }
    #[inline(always)]
    unsafe fn is_between(self, low: Zmm, high: Zmm) -> __mmask16 {
        // SAFETY: see above.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, low.0) & _mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, high.0) }
    }
    #[inline(always)]
    unsafe fn is_nan_beside(self, other: Zmm) -> __mmask16 {
        // SAFETY: see above.
        unsafe { _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(self.0, other.0) }
    }
    #[inline(always)]
    unsafe fn either(one: __mmask16, other: __mmask16) -> __mmask16 {
        one | other
    }
    #[inline(always)]
    unsafe fn is_equal(self, to: Zmm) -> __mmask16 {
        // SAFETY: see above.
        unsafe { _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, to.0) }
    }
    #[inline(always)]
    unsafe fn or(self, mask: __mmask16, other: Zmm) -> Zmm {
        // SAFETY: see above.
        unsafe { Zmm(_mm512_mask_blend_ps(mask, other.0, self.0)) }
    }
}

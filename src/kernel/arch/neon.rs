//! NEON: a vector is four registers of thirty-two. Every processor of this kind has it.

#![allow(unsafe_code)]

use std::arch::aarch64::float32x4_t;
use std::arch::aarch64::uint32x4_t;
use std::arch::aarch64::vaddq_f32;
use std::arch::aarch64::vandq_u32;
use std::arch::aarch64::vbslq_f32;
use std::arch::aarch64::vceqq_f32;
use std::arch::aarch64::vcgtq_f32;
use std::arch::aarch64::vcltq_f32;
use std::arch::aarch64::vdupq_n_f32;
use std::arch::aarch64::vfmaq_f32;
use std::arch::aarch64::vld1q_dup_f32;
use std::arch::aarch64::vld1q_f32;
use std::arch::aarch64::vmaxq_f32;
use std::arch::aarch64::vminq_f32;
use std::arch::aarch64::vmulq_f32;
use std::arch::aarch64::vmvnq_u32;
use std::arch::aarch64::vorrq_u32;
use std::arch::aarch64::vst1q_f32;
use std::arch::aarch64::vsubq_f32;

use crate::kernel::arch::vector::Vector;

/// Registers of a vector.
const PARTS: usize = 4;
/// Lanes of a register.
const WIDTH: usize = 4;

/// Sixteen lanes in four registers.
#[derive(Clone, Copy)]
pub(super) struct Quad([float32x4_t; PARTS]);

/// A truth for each lane, all ones or none.
type Truths = [uint32x4_t; PARTS];

/// Part by part. The closures are inlined into methods that are themselves inlined into a function that has NEON.
#[inline(always)]
fn each<T>(part: impl FnMut(usize) -> T) -> [T; PARTS] {
    std::array::from_fn(part)
}

// SAFETY (all methods): the caller runs where the processor has NEON, and hands pointers that are valid for what is read or written.
impl Vector for Quad {
    type Mask = Truths;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Quad {
        // SAFETY: see above.
        unsafe { Quad([vdupq_n_f32(value); PARTS]) }
    }
    #[inline(always)]
    unsafe fn splat_at(at: *const f32) -> Quad {
        // SAFETY: see above.
        unsafe { Quad([vld1q_dup_f32(at); PARTS]) }
    }
    #[inline(always)]
    unsafe fn load(at: *const f32) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vld1q_f32(at.add(part * WIDTH)) }))
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        for (part, value) in self.0.into_iter().enumerate() {
            // SAFETY: see above.
            unsafe { vst1q_f32(at.add(part * WIDTH), value) }
        }
    }
    #[inline(always)]
    unsafe fn madd(self, a: Quad, b: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vfmaq_f32(self.0[part], a.0[part], b.0[part]) }))
    }
    #[inline(always)]
    unsafe fn add(self, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vaddq_f32(self.0[part], other.0[part]) }))
    }
    #[inline(always)]
    unsafe fn sub(self, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vsubq_f32(self.0[part], other.0[part]) }))
    }
    #[inline(always)]
    unsafe fn mul(self, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vmulq_f32(self.0[part], other.0[part]) }))
    }
    #[inline(always)]
    unsafe fn max(self, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vmaxq_f32(self.0[part], other.0[part]) }))
    }
    #[inline(always)]
    unsafe fn min(self, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vminq_f32(self.0[part], other.0[part]) }))
    }
    #[inline(always)]
    unsafe fn is_greater_or_nan(self, than: Quad) -> Truths {
        // SAFETY: see above.
        each(|part| unsafe {
            let value = self.0[part];
            vorrq_u32(vcgtq_f32(value, than.0[part]), vmvnq_u32(vceqq_f32(value, value)))
        })
    }
    #[inline(always)]
    unsafe fn is_between(self, low: Quad, high: Quad) -> Truths {
        // SAFETY: see above.
        each(|part| unsafe { vandq_u32(vcgtq_f32(self.0[part], low.0[part]), vcltq_f32(self.0[part], high.0[part])) })
    }
    #[inline(always)]
    unsafe fn is_nan_beside(self, other: Quad) -> Truths {
        // SAFETY: see above.
        each(|part| unsafe {
            let [one, other] = [self.0[part], other.0[part]];
            vmvnq_u32(vandq_u32(vceqq_f32(one, one), vceqq_f32(other, other)))
        })
    }
    #[inline(always)]
    unsafe fn either(one: Truths, other: Truths) -> Truths {
        // SAFETY: see above.
        each(|part| unsafe { vorrq_u32(one[part], other[part]) })
    }
    #[inline(always)]
    unsafe fn is_equal(self, to: Quad) -> Truths {
        // SAFETY: see above.
        each(|part| unsafe { vceqq_f32(self.0[part], to.0[part]) })
    }
    #[inline(always)]
    unsafe fn or(self, mask: Truths, other: Quad) -> Quad {
        // SAFETY: see above.
        Quad(each(|part| unsafe { vbslq_f32(mask[part], self.0[part], other.0[part]) }))
    }
}

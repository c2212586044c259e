//! Plain loops compiled once for each instruction set: for kernels that the compiler vectorizes well by itself.

/// Functions whose first argument chooses the instruction set for which their body is compiled. No sum is reordered and no product fused
/// with its sum, so the result is the same for all of them.
macro_rules! vectorized {
    ($(
        $(#[$meta:meta])*
        $vis:vis fn $name:ident($arch:ident, $($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block
    )*) => {$(
        $(#[$meta])*
        #[allow(unsafe_code, clippy::too_many_arguments)]
        $vis fn $name($arch: $crate::kernel::Arch, $($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn plain($($argument: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($argument: $type),*) $(-> $result)? {
                plain($($argument),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
            fn avx512($($argument: $type),*) $(-> $result)? {
                plain($($argument),*)
            }
            match $arch.set() {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: an `Arch` of this set was found on this processor.
                $crate::kernel::arch::Set::Avx2 => unsafe { avx2($($argument),*) },
                #[cfg(target_arch = "x86_64")]
                // SAFETY: an `Arch` of this set was found on this processor.
                $crate::kernel::arch::Set::Avx512 => unsafe { avx512($($argument),*) },
                _ => plain($($argument),*),
            }
        }
    )*};
}

pub(in crate::kernel) use vectorized;

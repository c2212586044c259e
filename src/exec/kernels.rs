//! With which kernels a plan may be made.

use crate::kernel::Arch;

/// What a plan chooses kernels from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernels {
    /// The instruction set.
    pub arch: Arch,
    /// Whether convolutions may be computed by Winograd's tiles, with fewer products and some more rounding; else tap by tap.
    pub winograd: bool,
}

/// All kernels of an instruction set.
impl From<Arch> for Kernels {
    fn from(arch: Arch) -> Kernels {
        Kernels { arch, winograd: true }
    }
}

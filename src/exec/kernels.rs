//! With which kernels a plan may be made.

use crate::graph::NodeIndex;
use crate::kernel::Arch;

/// What a plan chooses kernels from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernels<'a> {
    /// The instruction set.
    pub arch: Arch,
    /// Whether convolutions may be computed by Winograd's tiles, with fewer products and some more rounding; else tap by tap.
    pub winograd: bool,
    /// Convolutions that are computed tap by tap all the same.
    pub by_taps: &'a [NodeIndex],
}

impl Kernels<'_> {
    /// What a node's kernel is chosen from.
    pub(in crate::exec) fn of(self, node: NodeIndex) -> Self {
        Kernels { winograd: self.winograd && !self.by_taps.contains(&node), ..self }
    }
}

/// All kernels of an instruction set.
impl From<Arch> for Kernels<'_> {
    fn from(arch: Arch) -> Self {
        Kernels { arch, winograd: true, by_taps: &[] }
    }
}

//! Which instruction set is used: the best that the processor has, or a lesser one by name.

use std::fmt;

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arch(Set);

/// The instruction sets, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::kernel) enum Set {
    Scalar,
    Neon,
    Avx2,
    Avx512,
}

/// A name of no instruction set that this processor has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no instruction set of this processor; it has {}", .available.join(", "))]
pub struct Unavailable {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub available: Vec<&'static str>,
}

impl Arch {
    /// Plain Rust, for every processor.
    pub const SCALAR: Arch = Arch(Set::Scalar);

    /// The best that this processor has.
    pub fn best() -> Arch {
        Arch::all().pop().unwrap_or(Arch::SCALAR)
    }

    /// All that this processor has, the least first.
    pub fn all() -> Vec<Arch> {
        let sets = [Set::Scalar, Set::Neon, Set::Avx2, Set::Avx512];
        sets.into_iter().filter(|&set| is_there(set)).map(Arch).collect()
    }

    /// The one of this name: `scalar`, `neon`, `avx2`, `avx512`.
    pub fn named(name: &str) -> Result<Arch, Unavailable> {
        let all = Arch::all();
        let found = all.iter().find(|arch| arch.name() == name).copied();
        found.ok_or_else(|| Unavailable { name: name.to_owned(), available: all.iter().map(|arch| arch.name()).collect() })
    }

    /// Which it is.
    pub(in crate::kernel) const fn set(self) -> Set {
        self.0
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self.0 {
            Set::Scalar => "scalar",
            Set::Neon => "neon",
            Set::Avx2 => "avx2",
            Set::Avx512 => "avx512",
        }
    }
}

/// The name.
impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(target_arch = "x86_64")]
fn is_there(set: Set) -> bool {
    match set {
        Set::Scalar => true,
        Set::Neon => false,
        Set::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        Set::Avx512 => {
            is_there(Set::Avx2)
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
        }
    }
}

#[cfg(target_arch = "aarch64")]
fn is_there(set: Set) -> bool {
    match set {
        Set::Scalar => true,
        Set::Neon => std::arch::is_aarch64_feature_detected!("neon"),
        Set::Avx2 | Set::Avx512 => false,
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn is_there(set: Set) -> bool {
    set == Set::Scalar
}

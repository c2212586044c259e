//! The fast executor against the operators' own naive code: every built-in network, layers of odd shapes, every instruction set that is here,
//! fused and node by node.
//!
//! `NAS_ARCH=scalar|avx2|avx512` in the environment keeps to one instruction set, `NAS_NET=name` to one network. `NAS_NETS=all` trains the
//! heaviest networks too, which takes minutes; `.ci/run` does.

#[path = "../networks/built_in.rs"]
mod built_in;
mod drawn;
mod gathers;
mod inference;
mod oracle;
mod room;
mod shapes;
mod training;

//! What every floor speaks: places in text, diagnostics, shapes, exact units, what a machine can do.

mod code;
mod diagnostic;
mod digest;
mod divisor;
mod machine;
mod quantity;
mod random;
mod real;
mod revision;
mod shape;
mod source;
mod spelling;
pub mod units;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Label, Patch};
pub use digest::Digest;
pub use divisor::{greatest_divisor, greatest_divisor_u64};
pub use machine::{KernelTime, MACHINE, Machine, NotAMachine, Speed};
pub use quantity::Quantity;
pub use random::{Purpose, Random};
pub use real::Real64;
pub use revision::split_revision;
pub use shape::Shape;
pub use source::{FileId, Source, Sources, Span};
pub use spelling::{listed, nearest};

//! The list of operators; everything that goes over all of them is derived from it.

use crate::base::Shape;
use crate::op;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Keeps;
use crate::op::Manual;
use crate::op::Mismatch;
use crate::op::Operator;
use crate::op::Param;
use crate::op::Reach;
use crate::op::Real;
use crate::op::Role;
use crate::op::Storage;
use crate::op::Written;

/// An operator's line in the list.
#[derive(Debug)]
pub struct Entry {
    /// Its page.
    pub manual: fn() -> &'static Manual,
    /// Reads one.
    pub read: fn(&mut Fields<'_>) -> Op,
    /// Its instances for the laws.
    pub examples: fn() -> Vec<(Op, Vec<Shape>)>,
}

impl Entry {
    /// The operator that owns a word.
    pub fn find(role: Role, word: &str) -> Option<&'static Entry> {
        Op::ENTRIES.iter().find(|entry| {
            let manual = (entry.manual)();
            manual.role == role && manual.words.contains(&word)
        })
    }
}

macro_rules! ops {
    ($($name:ident)*) => {
        /// Any operator.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Op { $(#[doc = concat!("See [`op::", stringify!($name), "`].")] $name(op::$name),)* }

        impl Op {
            /// Every operator, in the order of the reference.
            pub const ENTRIES: &'static [Entry] = &[$(Entry {
                manual: <op::$name as Operator>::manual,
                read: |fields| Op::$name(op::$name::read(fields)),
                examples: || op::$name::examples().into_iter().map(|(op, inputs)| (Op::$name(op), inputs)).collect(),
            },)*];

            /// Its page.
            pub fn manual(&self) -> &'static Manual {
                match self { $(Op::$name(_) => op::$name::manual(),)* }
            }
        }

        $(impl From<op::$name> for Op {
            fn from(op: op::$name) -> Op {
                Op::$name(op)
            }
        })*

        delegate! { $($name)* }
    };
}

macro_rules! delegate {
    ($($name:ident)*) => {
        impl Op {
            /// The word that it is written with.
            pub fn word(&self) -> &'static str {
                match self.manual().words {
                    [word] => word,
                    _ => self.write().word,
                }
            }
            /// See [`Operator::write`].
            pub fn write(&self) -> Written {
                let mut out = Written::default();
                match self { $(Op::$name(op) => op.write(&mut out),)* }
                out
            }
            /// See [`Operator::class`].
            pub fn class(&self) -> Class {
                match self { $(Op::$name(op) => op.class(),)* }
            }
            /// See [`Operator::shape`].
            pub fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
                match self { $(Op::$name(op) => op.shape(inputs),)* }
            }
            /// See [`Operator::cost`].
            pub fn cost(&self, inputs: &[Shape], out: Shape) -> Cost {
                match self { $(Op::$name(op) => op.cost(inputs, out),)* }
            }
            /// See [`Operator::formulas`].
            pub fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula> {
                match self { $(Op::$name(op) => op.formulas(inputs, out),)* }
            }
            /// See [`Operator::params`].
            pub fn params(&self, inputs: &[Shape]) -> Vec<Param> {
                match self { $(Op::$name(op) => op.params(inputs),)* }
            }
            /// See [`Operator::reach`].
            pub fn reach(&self) -> Reach {
                match self { $(Op::$name(op) => op.reach(),)* }
            }
            /// See [`Operator::storage`].
            pub fn storage(&self, training: bool) -> Storage {
                match self { $(Op::$name(op) => op.storage(training),)* }
            }
            /// See [`Operator::keeps`].
            pub fn keeps(&self, inputs: &[Shape]) -> Keeps {
                match self { $(Op::$name(op) => op.keeps(inputs),)* }
            }
            /// See [`Operator::width`].
            pub fn width(&self) -> Option<u32> {
                match self { $(Op::$name(op) => op.width(),)* }
            }
            /// See [`Operator::set_width`].
            pub fn set_width(&mut self, width: u32) {
                match self { $(Op::$name(op) => op.set_width(width),)* }
            }
            /// See [`Operator::forward`].
            pub fn forward<T: Real>(&self, step: Forward<'_, T>) {
                match self { $(Op::$name(op) => op.forward(step),)* }
            }
            /// See [`Operator::backward`].
            pub fn backward<T: Real>(&self, step: Backward<'_, T>) {
                match self { $(Op::$name(op) => op.backward(step),)* }
            }
        }
    };
}

ops! {
    Conv Depthwise Linear
    MaxPool AvgPool
    BatchNorm LayerNorm Affine Scale Lrn
    Activation Softmax
    Add Mul Times
    Concat Take Shuffle Flatten
    Dropout DropPath
}

//! The contract of an operator: one file implements all of it, and nothing has a default.

use std::fmt::{self, Debug};
use std::hash::Hash;

use crate::base::Code;
use crate::base::Real64;
use crate::base::Shape;
use crate::op::Backward;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Function;
use crate::op::Manual;
use crate::op::Real;
use crate::op::WeightInit;
use crate::op::Window;
use crate::op::Written;

/// What an operator has to say. A new method is a compile error in every operator file until it is written there.
pub trait Operator: Clone + Eq + Hash + Debug + Sized {
    /// Its words in the spec language and their documentation.
    fn manual() -> &'static Manual;
    /// Reads one layer's settings; faults go into `fields` with their places.
    fn read(fields: &mut Fields<'_>) -> Self;
    /// Writes every setting out, defaults included; reading that back gives an equal operator.
    fn write(&self, out: &mut Written);
    /// Small loud instances with input shapes: together they reach every branch of the operator. The laws run over them.
    fn examples() -> Vec<(Self, Vec<Shape>)>;
    /// The group it belongs to in conventions and reports.
    fn class(&self) -> Class;
    /// The output's shape. Refuses what does not fit, never rounds.
    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch>;
    /// Operations for one image; `inputs` and `out` as [`Operator::shape`] accepted and gave them.
    fn cost(&self, inputs: &[Shape], out: Shape) -> Cost;
    /// The formula behind every number of [`Operator::cost`] that is not zero, and behind the parameters; for `nas explain`.
    fn formulas(&self, inputs: &[Shape], out: Shape) -> Vec<Formula>;
    /// Its tensors, in the order that `forward` takes them.
    fn params(&self, inputs: &[Shape]) -> Vec<Param>;
    /// Which part of the input one output element sees.
    fn reach(&self) -> Reach;
    /// Where its output may live.
    fn storage(&self, training: bool) -> Storage;
    /// What a training step must keep for its backward; further numbers go into [`Forward::saved`], those of each image first.
    fn keeps(&self, inputs: &[Shape]) -> Keeps;
    /// The number of output channels, where the operator itself sets it.
    fn width(&self) -> Option<u32>;
    /// Sets that number; a no-op where there is none.
    fn set_width(&mut self, width: u32);
    /// Fills `step.out`: naive, single-threaded, the oracle of every fast path.
    fn forward<T: Real>(&self, step: Forward<'_, T>);
    /// Adds the gradients that are asked for: naive, single-threaded, the oracle of every fast path. Reads nothing that
    /// [`Operator::keeps`] does not claim.
    fn backward<T: Real>(&self, step: Backward<'_, T>);
}

/// Groups of operators that conventions and reports tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Convolutions, depthwise too.
    Convolution,
    /// Fully connected.
    Linear,
    /// Normalisation by running statistics.
    BatchNorm,
    /// Normalisation by the statistics of each position.
    LayerNorm,
    /// Local response normalisation.
    ResponseNorm,
    /// A learned factor of each channel, with or without an offset.
    Scale,
    /// A pointwise non-linearity, by its function: tools price them apart.
    Activation(Function),
    /// Maximum over a moving window.
    MaxPool,
    /// Maximum over the whole map.
    GlobalMaxPool,
    /// Average over a moving window.
    AvgPool,
    /// Average over the whole map.
    GlobalAvgPool,
    /// Sums and products of maps.
    Elementwise,
    /// Copies, views, identities.
    Move,
    /// Softmax.
    Softmax,
}

impl Class {
    /// Whether it is a sum of products with weights: what multiply-adds count.
    pub const fn is_contraction(self) -> bool {
        matches!(self, Class::Convolution | Class::Linear)
    }
}

/// Why an operator refuses its inputs: the smallest truth, without names. The graph adds the layer and both places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The code of the fault.
    pub code: Code,
    /// The input that is to blame, if one is.
    pub input: Option<usize>,
    /// A sentence that goes on after the layer's name: "joins maps of unlike size", "has a 7x7 window on a 4x4 map".
    pub because: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Mismatch {
    /// A refusal with its reason.
    pub fn new(code: Code, because: impl Into<String>) -> Mismatch {
        Mismatch { code, input: None, because: because.into(), help: None }
    }

    /// Blames one input.
    #[must_use]
    pub fn at(mut self, input: usize) -> Mismatch {
        self.input = Some(input);
        self
    }

    /// Adds an advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Mismatch {
        self.help = Some(help.into());
        self
    }
}

/// Up to four dimensions, such as `[out, in, kh, kw]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dims {
    sizes: [u32; 4],
    rank: u8,
}

impl Dims {
    /// The dimensions in order.
    pub const fn new<const N: usize>(dims: [u32; N]) -> Dims {
        let mut sizes = [1; 4];
        let mut at = 0;
        while at < N {
            sizes[at] = dims[at];
            at += 1;
        }
        Dims { sizes, rank: N as u8 }
    }

    /// The dimensions as a slice.
    pub fn as_slice(&self) -> &[u32] {
        &self.sizes[..self.rank as usize]
    }

    /// Their product.
    pub fn elements(&self) -> u128 {
        self.sizes.iter().map(|&size| u128::from(size)).product()
    }
}

impl Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

/// What a tensor is to its operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Weights of a convolution or linear layer.
    Weight,
    /// Its bias.
    Bias,
    /// A normalisation's learned factor.
    Scale,
    /// A normalisation's learned offset.
    Shift,
    /// Running mean: kept, not learned, no parameter.
    Mean,
    /// Running variance (unbiased): kept, not learned, no parameter.
    Variance,
}

impl Role {
    /// Whether it is a parameter, rather than a running statistic.
    pub const fn is_parameter(self) -> bool {
        !matches!(self, Role::Mean | Role::Variance)
    }

    /// Its name in parameter paths (`3b/3x3:conv.weight`).
    pub const fn name(self) -> &'static str {
        match self {
            Role::Weight => "weight",
            Role::Bias => "bias",
            Role::Scale => "scale",
            Role::Shift => "shift",
            Role::Mean => "mean",
            Role::Variance => "variance",
        }
    }
}

/// How a tensor starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Init {
    /// By a rule for weights.
    Weights(WeightInit),
    /// One constant.
    Constant(Real64),
}

/// The rule's word, or the constant.
impl fmt::Display for Init {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Init::Weights(rule) => f.pad(rule.name()),
            Init::Constant(value) => f.pad(&value.to_string()),
        }
    }
}

/// One tensor of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// What it is.
    pub role: Role,
    /// Its dimensions; weights are `[out, in / groups, kh, kw]` or `[out, in]`. Under a connection table the absent links count
    /// in the dimensions but not in `count`.
    pub dims: Dims,
    /// Learned numbers in it.
    pub count: u128,
    /// Inputs of one output element.
    pub fan_in: u64,
    /// Outputs that one input element reaches, per position.
    pub fan_out: u64,
    /// Whether training changes it.
    pub trainable: bool,
    /// Its start.
    pub init: Init,
}

impl Param {
    /// A tensor of one number per channel.
    pub fn per_channel(role: Role, channels: u32, start: f64) -> Param {
        let init = Init::Constant(Real64::new(start));
        let (dims, count) = (Dims::new([channels]), u128::from(channels));
        Param { role, dims, count, fan_in: 1, fan_out: 1, trainable: role.is_parameter(), init }
    }
}

/// Which part of the input one output element sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// A window that moves over the map.
    Window(Window),
    /// The whole map.
    Global,
    /// Its own position.
    Point,
}

impl Reach {
    /// Kernel and stride on an input: of the whole map one window, of its own position one tap.
    pub const fn window_on(self, input: Shape) -> [[u32; 2]; 2] {
        match self {
            Reach::Window(window) => [window.kernel, window.stride],
            Reach::Global => [[input.h, input.w], [1, 1]],
            Reach::Point => [[1, 1], [1, 1]],
        }
    }
}

/// Where an output may live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// In memory of its own.
    Own,
    /// In place of any of the first `n` inputs that has the output's size: no output element needs another element of that input
    /// than the one in its place.
    Over(usize),
    /// Its inputs can be written straight into their parts of the output.
    Joins,
    /// It is a part of its input, from channel `after` on.
    View {
        /// The first channel.
        after: u32,
    },
}

/// What backward needs to find again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keeps {
    /// The inputs.
    pub inputs: bool,
    /// The output.
    pub output: bool,
    /// Further numbers per image.
    pub per_image: u64,
    /// Further numbers per batch.
    pub per_batch: u64,
}

impl Keeps {
    /// Nothing.
    pub const NOTHING: Keeps = Keeps { inputs: false, output: false, per_image: 0, per_batch: 0 };
    /// The inputs alone.
    pub const INPUTS: Keeps = Keeps { inputs: true, ..Keeps::NOTHING };
    /// The output alone.
    pub const OUTPUT: Keeps = Keeps { output: true, ..Keeps::NOTHING };
}

//! Pointwise non-linearities, one word each; [`Function`] has their formulas.
//!
//! None branches on data: what chooses is a comparison, and counted.

use crate::base::Shape;
use crate::op::Backward;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Fields;
use crate::op::Figure;
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
use crate::op::Setting;
use crate::op::Storage;
use crate::op::Written;

/// The slope of `leaky` below zero.
const LEAKY_SLOPE: f64 = 0.01;

/// The non-linearities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`.
    Relu6,
    /// `max(x, 0.01 * x)`.
    Leaky,
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// `x / (1 + e^-x)`, also called `SiLU`.
    Swish,
    /// `x * min(max(x + 3, 0), 6) / 6`.
    Hswish,
    /// `min(max(x + 3, 0), 6) / 6`.
    Hsigmoid,
    /// `0.5 * x * (1 + erf(x / sqrt(2)))`.
    Gelu,
}

impl Function {
    /// Every function, in the order of their words.
    pub const ALL: [Function; 9] = [
        Function::Relu,
        Function::Relu6,
        Function::Leaky,
        Function::Sigmoid,
        Function::Tanh,
        Function::Swish,
        Function::Hswish,
        Function::Hsigmoid,
        Function::Gelu,
    ];

    /// Its word in a spec.
    pub fn word(self) -> &'static str {
        WORDS[self as usize]
    }

    /// What one element costs.
    const fn cost(self) -> Cost {
        let none = Cost::FREE;
        match self {
            Function::Relu => Cost { cmps: 1, ..none },
            Function::Relu6 => Cost { cmps: 2, ..none },
            Function::Leaky => Cost { muls: 1, cmps: 1, ..none },
            Function::Sigmoid | Function::Swish => Cost { adds: 1, divs: 1, exps: 1, ..none },
            Function::Tanh => Cost { exps: 1, ..none },
            Function::Hswish => Cost { adds: 1, muls: 1, cmps: 2, divs: 1, ..none },
            Function::Hsigmoid => Cost { adds: 1, cmps: 2, divs: 1, ..none },
            Function::Gelu => Cost { adds: 1, muls: 3, exps: 1, ..none },
        }
    }

    /// The derivative, from the output where that tells it ([`Function::is_told_by_output`]), else from the input. At a knee it is that of the
    /// flatter side, as in `PyTorch`; that of `hswish` at 3 is 1.
    fn slope<T: Real>(self, told: T) -> T {
        let (value, one) = (told.value(), T::of(1.0));
        let step = |is_steep: bool, slope: f64| if is_steep { T::of(slope) } else { T::of(0.0) };
        let logistic = |x: T| one / (one + (-x).exp());
        match self {
            Function::Relu => step(value > 0.0, 1.0),
            Function::Relu6 => step(value > 0.0 && value < 6.0, 1.0),
            Function::Leaky => T::of(if value > 0.0 { 1.0 } else { LEAKY_SLOPE }),
            Function::Sigmoid => told * (one - told),
            Function::Tanh => one - told * told,
            Function::Swish => logistic(told) * (one + told * (one - logistic(told))),
            Function::Hswish if value <= -3.0 => T::of(0.0),
            Function::Hswish if value >= 3.0 => one,
            Function::Hswish => (told * T::of(2.0) + T::of(3.0)) / T::of(6.0),
            Function::Hsigmoid => step(value > 0.0 && value < 1.0, 1.0 / 6.0),
            Function::Gelu => {
                let area = T::of(0.5) * (one + (told * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf());
                let density = (-(told * told) * T::of(0.5)).exp() * T::of((2.0 * std::f64::consts::PI).sqrt().recip());
                area + told * density
            }
        }
    }

    /// Whether its derivative can be told from its output.
    const fn is_told_by_output(self) -> bool {
        match self {
            Function::Relu | Function::Relu6 | Function::Leaky | Function::Sigmoid | Function::Tanh | Function::Hsigmoid => true,
            Function::Swish | Function::Hswish | Function::Gelu => false,
        }
    }

    fn of<T: Real>(self, x: T) -> T {
        let clipped = |x: T| x.max(T::of(0.0)).min(T::of(6.0));
        match self {
            Function::Relu => x.max(T::of(0.0)),
            Function::Relu6 => clipped(x),
            Function::Leaky => x.max(x * T::of(LEAKY_SLOPE)),
            Function::Sigmoid => T::of(1.0) / (T::of(1.0) + (-x).exp()),
            Function::Tanh => x.tanh(),
            Function::Swish => x / (T::of(1.0) + (-x).exp()),
            Function::Hswish => x * clipped(x + T::of(3.0)) / T::of(6.0),
            Function::Hsigmoid => clipped(x + T::of(3.0)) / T::of(6.0),
            Function::Gelu => {
                let twice = T::of(1.0) + (x * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf();
                x * T::of(0.5) * twice
            }
        }
    }
}

/// The words of [`Function::ALL`].
const WORDS: [&str; 9] = ["relu", "relu6", "leaky", "sigmoid", "tanh", "swish", "hswish", "hsigmoid", "gelu"];

/// A function of each element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Activation {
    /// The function.
    pub function: Function,
}

impl Operator for Activation {
    fn manual() -> &'static Manual {
        &Manual {
            words: &WORDS,
            role: Role::Act,
            doc: "A function of each element. Operations for each: relu 1 comparison; relu6 2; leaky 1 multiplication, 1 comparison; sigmoid and \
                  swish 1 addition, 1 division, 1 exponential; tanh 1 exponential; hsigmoid 1 addition, 2 comparisons, 1 division; hswish the \
                  same and 1 multiplication; gelu 1 addition, 3 multiplications, 1 exponential. No parameters.",
            main: Setting::NOTHING,
            settings: &[],
            output: ["in", "h", "w"],
            params: "0",
            madds: "0",
            example: "{conv: 64, act: relu}",
        }
    }

    fn read(fields: &mut Fields<'_>) -> Activation {
        let named = Function::ALL.into_iter().find(|function| function.word() == fields.word);
        Activation { function: named.expect("read under one of its own words") }
    }

    fn write(&self, out: &mut Written) {
        out.main(self.function.word(), "");
    }

    fn examples() -> Vec<(Activation, Vec<Shape>)> {
        Function::ALL.map(|function| (Activation { function }, vec![Shape::new(3, 4, 5)])).to_vec()
    }

    fn class(&self) -> Class {
        Class::Activation(self.function)
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, Mismatch> {
        Ok(inputs[0])
    }

    fn cost(&self, _inputs: &[Shape], out: Shape) -> Cost {
        self.function.cost().times(out.elements())
    }

    fn formulas(&self, _inputs: &[Shape], out: Shape) -> Vec<Formula> {
        let times = |figure: Figure| figure.of(self.function.cost(), 0);
        let charged = Figure::ALL.into_iter().filter(|&figure| times(figure) > 0);
        charged.map(|figure| Formula::each(figure, times(figure), out)).collect()
    }

    fn params(&self, _inputs: &[Shape]) -> Vec<Param> {
        Vec::new()
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    /// In place wherever the input is not needed again.
    fn storage(&self, training: bool) -> Storage {
        if training && !self.function.is_told_by_output() { Storage::Own } else { Storage::Over(1) }
    }

    fn keeps(&self, _inputs: &[Shape]) -> Keeps {
        if self.function.is_told_by_output() { Keeps::OUTPUT } else { Keeps::INPUTS }
    }

    fn width(&self) -> Option<u32> {
        None
    }

    fn set_width(&mut self, _width: u32) {}

    fn forward<T: Real>(&self, step: Forward<'_, T>) {
        for (out, &value) in step.out.data.iter_mut().zip(step.inputs[0].data) {
            *out = self.function.of(value);
        }
    }

    fn backward<T: Real>(&self, step: Backward<'_, T>) {
        let Some(Some(mut d_input)) = step.d_inputs.into_iter().next() else { return };
        let told = if self.function.is_told_by_output() { step.out.data } else { step.inputs[0].data };
        let gradients = step.d_out.data.iter().zip(told).map(|(&gradient, &told)| gradient * self.function.slope(told));
        d_input.add_all(gradients);
    }
}

//! Running an operator on reproducible data.

use nas::base::Shape;
use nas::op::Cost;
use nas::op::Count;
use nas::op::Forward;
use nas::op::Mode;
use nas::op::Op;
use nas::op::ParamRole;
use nas::op::Real;
use nas::op::Tally;
use nas::op::View;
use nas::op::ViewMut;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// Images in every batch, so that a mix-up of images shows.
pub(crate) const IMAGES: usize = 2;

/// What forward leaves.
pub(crate) struct Ran<T> {
    pub(crate) out: Vec<T>,
    pub(crate) saved: Vec<T>,
    pub(crate) running: Vec<Vec<T>>,
}

/// An operator on inputs that it accepts, with data for both.
pub(crate) struct Case {
    pub(crate) op: Op,
    pub(crate) inputs: Vec<Shape>,
    pub(crate) out: Shape,
    pub(crate) data: Vec<Vec<f64>>,
    pub(crate) params: Vec<Vec<f64>>,
}

impl Case {
    /// Data for an operator; nothing if it refuses the inputs.
    pub(crate) fn new(op: Op, inputs: Vec<Shape>) -> Option<Case> {
        let out = op.shape(&inputs).ok()?;
        let mut random = ChaCha8Rng::seed_from_u64(7);
        // Wide enough to pass both knees of `relu6` and `hswish`.
        let mut draw =
            |size: usize, low: f64, high: f64| -> Vec<f64> { (0..size).map(|_| random.random_range(low..high)).collect() };
        let data = inputs.iter().map(|input| draw(IMAGES * input.elements() as usize, -8.0, 8.0)).collect();
        let tensor = |param: nas::op::Param| {
            let low = if param.role == ParamRole::Variance { 0.5 } else { -2.0 };
            draw(param.dims.elements() as usize, low, 2.0)
        };
        let params = op.params(&inputs).into_iter().map(tensor).collect();
        Some(Case { op, inputs, out, data, params })
    }

    /// Every example of every operator.
    pub(crate) fn all() -> Vec<Case> {
        let examples = Op::ENTRIES.iter().flat_map(|entry| (entry.examples)());
        let case = |(op, inputs): (Op, Vec<Shape>)| {
            let name = format!("{op:?} on {inputs:?}");
            Case::new(op, inputs).unwrap_or_else(|| panic!("{name} is refused"))
        };
        examples.map(case).collect()
    }

    /// What it is, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{:?} on {:?}", self.op, self.inputs)
    }

    /// The outputs of forward on some number in inference, from an output full of NaN.
    pub(crate) fn forward<T: Real>(&self, data: impl Fn(f64) -> T, param: impl Fn(f64) -> T) -> Vec<T> {
        self.run(Mode::Infer, data, param).out
    }

    /// Forward on some number, from an output full of NaN.
    pub(crate) fn run<T: Real>(&self, mode: Mode, data: impl Fn(f64) -> T, param: impl Fn(f64) -> T) -> Ran<T> {
        let data: Vec<Vec<T>> = self.data.iter().map(|values| values.iter().map(|&value| data(value)).collect()).collect();
        let params: Vec<Vec<T>> = self.params.iter().map(|values| values.iter().map(|&value| param(value)).collect()).collect();
        let views: Vec<View<'_, T>> =
            data.iter().zip(&self.inputs).map(|(data, &shape)| View { data, images: IMAGES, shape }).collect();
        let of_statistics = self.op.params(&self.inputs).into_iter().zip(&params).filter(|(param, _)| !param.role.is_parameter());
        let mut running: Vec<Vec<T>> = of_statistics.map(|(_, values)| values.clone()).collect();
        let params: Vec<&[T]> = params.iter().map(Vec::as_slice).collect();
        let mut out = vec![T::of(f64::NAN); IMAGES * self.out.elements() as usize];
        let mut saved = Vec::new();
        self.op.forward(Forward {
            inputs: &views,
            out: ViewMut { data: &mut out, images: IMAGES, shape: self.out },
            params: &params,
            mode,
            running: if mode == Mode::Infer { Vec::new() } else { running.iter_mut().map(Vec::as_mut_slice).collect() },
            saved: Some(&mut saved),
        });
        Ran { out, saved, running }
    }

    /// The outputs in `f64`.
    pub(crate) fn outputs(&self) -> Vec<f64> {
        self.forward(|value| value, |value| value)
    }

    /// What forward does to the data of the batch; every output must come from data.
    pub(crate) fn tally(&self) -> Cost {
        let tally = Tally::default();
        let out = self.forward(|value| Count::data(value, &tally), Count::parameter);
        assert!(out.iter().all(Count::is_data), "{}: an output does not hang on the input", self.name());
        tally.cost()
    }

    /// What one image is claimed to cost.
    pub(crate) fn claimed(&self) -> Cost {
        self.op.cost(&self.inputs, self.out)
    }
}

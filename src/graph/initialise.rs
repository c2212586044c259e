//! The start of a network's numbers, drawn by the rules that its operators name.
//!
//! - He et al. 2015: normal, variance `2 / fan_in`.
//! - Glorot and Bengio 2010: uniform on `±sqrt(6 / (fan_in + fan_out))`, whose variance is `2 / (fan_in + fan_out)`.
//! - Gabor: output channel `o` is a plane wave under a Gaussian. Directions go round first, then the two phases, then wavelengths; every
//!   input channel has the same filter; its mean is zero and its squares sum to 2 over all inputs, as He's do on average.
//!
//! Every tensor has a stream of its own, so that one tensor's size moves nobody else's numbers.

use std::f64::consts::PI;
use std::f64::consts::TAU;
use std::sync::Arc;

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::graph::Graph;
use crate::graph::Layout;
use crate::graph::State;
use crate::op::Init;
use crate::op::Param;
use crate::op::WeightInit;

/// Directions of a bank of Gabor filters.
const DIRECTIONS: usize = 8;
/// Taps of the shortest wave: at two, one phase is the other turned over.
const SHORTEST: f64 = 3.0;
/// Phases: even and odd.
const PHASES: usize = 2;

/// A network's numbers before training: the same for the same seed.
pub fn initialise(graph: &Graph, seed: u64) -> State {
    let mut state = State::zeros(Arc::new(Layout::of(graph)));
    for number in 0..state.layout().tensors().len() {
        let param = state.layout().tensors()[number].param;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number as u64);
        fill(&param, &mut random, state.tensor_mut(number));
    }
    state
}

fn fill(param: &Param, random: &mut ChaCha8Rng, numbers: &mut [f32]) {
    match param.init {
        Init::Constant(value) => numbers.fill(value.get() as f32),
        Init::Weights(WeightInit::He) => {
            let deviation = (2.0 / param.fan_in as f64).sqrt();
            numbers.iter_mut().for_each(|number| *number = (deviation * normal(random)) as f32);
        }
        Init::Weights(WeightInit::Xavier) => {
            let bound = (6.0 / (param.fan_in + param.fan_out) as f64).sqrt();
            numbers.iter_mut().for_each(|number| *number = (bound * random.random_range(-1.0..1.0)) as f32);
        }
        Init::Weights(WeightInit::Gabor) => gabor(param, numbers),
    }
}

/// A number of the standard normal distribution (Box and Muller 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    // From above 0 up to 1, so that its logarithm is finite.
    let radius = 1.0 - random.random::<f64>();
    libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(TAU * random.random::<f64>())
}

fn gabor(param: &Param, numbers: &mut [f32]) {
    let &[out, inputs, rows, columns] = param.dims.as_slice() else { unreachable!("Gabor filters have a plane of taps") };
    let taps = (rows * columns) as usize;
    let kinds = DIRECTIONS * PHASES;
    let lengths = (out as usize).div_ceil(kinds);
    for (o, filters) in numbers.chunks_exact_mut(inputs as usize * taps).enumerate() {
        let direction = PI * (o % DIRECTIONS) as f64 / DIRECTIONS as f64;
        let phase = PI / 2.0 * (o / DIRECTIONS % PHASES) as f64;
        // From the shortest wave that shows both phases to one that fills the window.
        let share = if lengths > 1 { (o / kinds) as f64 / (lengths - 1) as f64 } else { 0.5 };
        let longest = f64::from(rows.max(columns));
        let wave = SHORTEST * libm::pow((longest / SHORTEST).max(1.0), share);
        let filter = filter([rows, columns], direction, phase, wave);
        let norm = libm::sqrt(f64::from(inputs) * filter.iter().map(|tap| tap * tap).sum::<f64>() / 2.0);
        for (number, tap) in filters.iter_mut().zip(filter.iter().cycle()) {
            *number = (tap / norm) as f32;
        }
    }
}

/// One filter, row by row, with mean zero.
fn filter([rows, columns]: [u32; 2], direction: f64, phase: f64, wave: f64) -> Vec<f64> {
    let (sine, cosine) = (libm::sin(direction), libm::cos(direction));
    let sigma = f64::from(rows.max(columns)) / 3.0;
    let at = |side: u32, place: u32| f64::from(place) - f64::from(side - 1) / 2.0;
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let mut filter: Vec<f64> = places
        .map(|(row, column)| {
            let (y, x) = (at(rows, row), at(columns, column));
            // A quarter of a tap beside the middle, or a window of two taps would see the same on both.
            let along = x * cosine + y * sine;
            libm::exp(-(x * x + y * y) / (2.0 * sigma * sigma)) * libm::cos(TAU * (along + 0.25) / wave + phase)
        })
        .collect();
    let mean = filter.iter().sum::<f64>() / filter.len() as f64;
    filter.iter_mut().for_each(|tap| *tap -= mean);
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Real64;
    use crate::op::Dims;
    use crate::op::ParamRole;

    fn param(dims: [u32; 4], init: Init) -> Param {
        let count = dims.iter().map(|&side| u128::from(side)).product();
        let fan_in = u64::from(dims[1] * dims[2] * dims[3]);
        Param { role: ParamRole::Weight, dims: Dims::new(dims), count, fan_in, fan_out: 50, trainable: true, init }
    }

    fn filled(param: &Param) -> Vec<f32> {
        let mut numbers = vec![0.0; param.count as usize];
        fill(param, &mut ChaCha8Rng::seed_from_u64(1), &mut numbers);
        numbers
    }

    fn moment(numbers: &[f32], power: i32) -> f64 {
        numbers.iter().map(|&number| f64::from(number).powi(power)).sum::<f64>() / numbers.len() as f64
    }

    #[test]
    fn the_variance_is_that_of_the_rule() {
        // 90 000 numbers: the deviation of their variance is 0.5 % of it, and that of their mean 0.3 % of their deviation.
        let dims = [1000, 10, 3, 3];
        for (rule, variance, kurtosis) in [(WeightInit::He, 2.0 / 90.0, 3.0), (WeightInit::Xavier, 2.0 / 140.0, 1.8)] {
            let numbers = filled(&param(dims, Init::Weights(rule)));
            let found = moment(&numbers, 2);
            assert!((found / variance - 1.0).abs() < 0.02, "{rule}: {found} against {variance}");
            assert!(moment(&numbers, 1).abs() < 0.015 * variance.sqrt(), "{rule}");
            let shape = moment(&numbers, 4) / (found * found);
            assert!((shape / kurtosis - 1.0).abs() < 0.05, "{rule}: a fourth moment of {shape}");
        }
        let ones = filled(&param([2, 1, 1, 1], Init::Constant(Real64::new(0.25))));
        assert_eq!(ones, [0.25, 0.25]);
    }

    #[test]
    fn gabor_filters_differ_and_answer_to_edges_only() {
        let numbers = filled(&param([40, 3, 5, 5], Init::Weights(WeightInit::Gabor)));
        let filters: Vec<&[f32]> = numbers.chunks_exact(75).collect();
        for (number, filter) in filters.iter().enumerate() {
            let sum: f32 = filter.iter().sum();
            assert!(sum.abs() < 1e-4, "filter {number} sums to {sum}");
            let squares: f32 = filter.iter().map(|tap| tap * tap).sum();
            assert!((squares - 2.0).abs() < 1e-3, "filter {number}: {squares}");
            assert!(filter[..25] == filter[25..50], "every input has the same filter");
            for other in &filters[..number] {
                let alike: f32 = filter.iter().zip(*other).map(|(a, b)| a * b).sum();
                assert!(alike.abs() < 1.999, "filter {number} is another's twin: {alike}");
            }
        }
        // The first filters are waves along rows: stripes of their length across them are seen, stripes along them hardly.
        let energy = |place: fn(usize) -> usize| -> f64 {
            let part = |wave: fn(f64) -> f64| -> f64 {
                (0..25).map(|tap| f64::from(filters[0][tap]) * wave(TAU * place(tap) as f64 / SHORTEST)).sum()
            };
            part(libm::cos).powi(2) + part(libm::sin).powi(2)
        };
        let (across, along) = (energy(|tap| tap % 5), energy(|tap| tap / 5));
        assert!(across > 4.0 * along, "{across} against {along}");
        assert!(filled(&param([4, 1, 2, 2], Init::Weights(WeightInit::Gabor))).iter().all(|tap| tap.is_finite()));
    }
}

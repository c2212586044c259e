//! Backward gives the slopes of forward: held against central differences of a random linear form of the outputs.

use nas::op::Backward;
use nas::op::Key;
use nas::op::Mode;
use nas::op::View;
use nas::op::ViewMut;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::run::Case;
use crate::run::IMAGES;

const MODES: [Mode; 2] = [Mode::Infer, Mode::Train(Key { seed: 3, step: 5, node: 7 })];

/// What stands in every gradient before.
const BEFORE: f64 = 0.75;

/// Which gradients are asked for.
#[derive(Clone, Copy)]
struct Asked {
    inputs: bool,
    params: bool,
}

/// Gradients of inputs and of tensors, less what stood there before.
struct Gradients {
    inputs: Vec<Vec<f64>>,
    params: Vec<Vec<f64>>,
}

/// The factor of each output in the linear form.
fn form(case: &Case) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    (0..IMAGES * case.out.elements() as usize).map(|_| random.random_range(-1.0..1.0)).collect()
}

/// The form's value.
fn loss(case: &Case, mode: Mode) -> f64 {
    case.run(mode, |value| value, |value| value).out.iter().zip(form(case)).map(|(out, factor)| out * factor).sum()
}

/// Backward, where what the operator disclaims is `disclaimed`.
fn gradients(case: &Case, mode: Mode, asked: Asked, disclaimed: Option<f64>) -> Gradients {
    let ran = case.run(mode, |value| value, |value| value);
    let keeps = case.op.keeps(&case.inputs);
    let numbers = IMAGES as u64 * keeps.per_image + keeps.per_batch;
    assert_eq!(ran.saved.len() as u64, numbers, "{}: what forward saves is what it claims", case.name());
    let unless = |kept: bool, values: &[f64]| match disclaimed.filter(|_| !kept) {
        Some(value) => vec![value; values.len()],
        None => values.to_vec(),
    };
    let inputs: Vec<Vec<f64>> = case.data.iter().map(|values| unless(keeps.inputs, values)).collect();
    let out = unless(keeps.output, &ran.out);
    let views: Vec<View<'_, f64>> =
        inputs.iter().zip(&case.inputs).map(|(data, &shape)| View { data, images: IMAGES, shape }).collect();
    let params: Vec<&[f64]> = case.params.iter().map(Vec::as_slice).collect();
    let d_out = form(case);
    let mut d_inputs: Vec<Vec<f64>> = case.data.iter().map(|values| vec![BEFORE; values.len()]).collect();
    let mut d_params: Vec<Vec<f64>> = case.params.iter().map(|values| vec![BEFORE; values.len()]).collect();
    let roles = case.op.params(&case.inputs);
    let view = |(data, &shape)| asked.inputs.then_some(ViewMut { data, images: IMAGES, shape });
    case.op.backward(Backward {
        inputs: &views,
        out: View { data: &out, images: IMAGES, shape: case.out },
        d_out: View { data: &d_out, images: IMAGES, shape: case.out },
        params: &params,
        saved: &ran.saved,
        mode,
        d_inputs: d_inputs.iter_mut().map(Vec::as_mut_slice).zip(&case.inputs).map(view).collect(),
        d_params: d_params
            .iter_mut()
            .zip(&roles)
            .map(|(data, param)| (asked.params && param.role.is_parameter()).then_some(data.as_mut_slice()))
            .collect(),
    });
    let less = |values: Vec<f64>| values.into_iter().map(|value| value - BEFORE).collect();
    Gradients { inputs: d_inputs.into_iter().map(less).collect(), params: d_params.into_iter().map(less).collect() }
}

const ALL: Asked = Asked { inputs: true, params: true };

#[test]
fn backward_gives_the_slopes_of_forward() {
    const STEP: f64 = 1e-5;
    for mode in MODES {
        for mut case in Case::all() {
            let found = gradients(&case, mode, ALL, None);
            let roles = case.op.params(&case.inputs);
            let mut slope = |place: &dyn Fn(&mut Case) -> &mut f64| {
                let old = *place(&mut case);
                let at = [old - STEP, old + STEP].map(|value| {
                    *place(&mut case) = value;
                    loss(&case, mode)
                });
                *place(&mut case) = old;
                (at[1] - at[0]) / (2.0 * STEP)
            };
            let mut differences = Vec::new();
            for (input, gradients) in found.inputs.iter().enumerate() {
                for (at, &gradient) in gradients.iter().enumerate() {
                    differences.push((
                        format!("input {input}, element {at}"),
                        gradient,
                        slope(&move |case| &mut case.data[input][at]),
                    ));
                }
            }
            for (tensor, gradients) in found.params.iter().enumerate().filter(|&(tensor, _)| roles[tensor].role.is_parameter()) {
                for (at, &gradient) in gradients.iter().enumerate() {
                    differences.push((
                        format!("tensor {tensor}, element {at}"),
                        gradient,
                        slope(&move |case| &mut case.params[tensor][at]),
                    ));
                }
            }
            for (place, gradient, slope) in differences {
                let bound = 2e-6 * slope.abs().max(1.0);
                assert!((gradient - slope).abs() < bound, "{}, {mode:?}: {place}: {gradient} instead of {slope}", case.name());
            }
        }
    }
}

#[test]
fn backward_reads_no_more_than_is_kept() {
    for mode in MODES {
        for case in Case::all() {
            let (all, kept) = (gradients(&case, mode, ALL, None), gradients(&case, mode, ALL, Some(f64::NAN)));
            let bits = |gradients: &[Vec<f64>]| gradients.iter().flatten().map(|value| value.to_bits()).collect::<Vec<u64>>();
            assert_eq!(bits(&all.inputs), bits(&kept.inputs), "{}, {mode:?}", case.name());
            assert_eq!(bits(&all.params), bits(&kept.params), "{}, {mode:?}", case.name());
        }
    }
}

#[test]
fn gradients_that_nobody_asks_for_change_no_others() {
    for case in Case::all() {
        let all = gradients(&case, MODES[1], ALL, None);
        let inputs = gradients(&case, MODES[1], Asked { inputs: true, params: false }, None);
        let params = gradients(&case, MODES[1], Asked { inputs: false, params: true }, None);
        assert_eq!(all.inputs, inputs.inputs, "{}", case.name());
        assert_eq!(all.params, params.params, "{}", case.name());
        assert!(inputs.params.iter().chain(&params.inputs).flatten().all(|&gradient| gradient == 0.0), "{}", case.name());
    }
}

#[test]
fn training_brings_statistics_up_to_date_and_nothing_else_differs_without_randomness() {
    for case in Case::all() {
        let [infer, train] = MODES.map(|mode| case.run(mode, |value| value, |value| value));
        let statistics = train.running.iter().flatten().count();
        if statistics == 0 {
            let draws = infer.out.iter().zip(&train.out).filter(|(infer, train)| infer.to_bits() != train.to_bits()).count();
            assert!(draws == 0 || case.op.params(&case.inputs).is_empty(), "{}", case.name());
        } else {
            let before: Vec<&f64> = case
                .op
                .params(&case.inputs)
                .iter()
                .zip(&case.params)
                .filter(|(param, _)| !param.role.is_parameter())
                .flat_map(|(_, values)| values)
                .collect();
            assert!(
                train.running.iter().flatten().zip(before).all(|(after, before)| after.to_bits() != before.to_bits()),
                "{}",
                case.name()
            );
        }
    }
}

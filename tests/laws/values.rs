//! Forward fills exactly the inferred shape with finite numbers, in `f64` as in `f32`.

use crate::run::Case;

/// Held on the examples here, on random windows in `windows`.
pub(crate) fn holds(case: &Case) {
    let exact = case.outputs();
    let single = case.forward(|value| value as f32, |value| value as f32);
    for (at, (exact, single)) in exact.into_iter().zip(single).enumerate() {
        assert!(exact.is_finite(), "{}: output {at} is {exact}", case.name());
        let bound = 1e-4 * exact.abs().max(1.0);
        assert!((exact - f64::from(single)).abs() <= bound, "{}: output {at} is {exact}, in f32 {single}", case.name());
    }
}

#[test]
fn outputs_are_finite_and_f32_agrees() {
    Case::all().iter().for_each(holds);
}

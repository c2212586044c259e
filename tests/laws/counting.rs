//! The law of the house: forward on the counting number makes exactly the claimed cost, and reads exactly the claimed parameters.

use crate::run::Case;
use crate::run::IMAGES;

/// Held on the examples here, on random windows in `windows`.
pub(crate) fn holds(case: &Case) {
    let claimed = case.claimed().times(IMAGES as u128);
    assert_eq!(case.tally(), claimed, "{}: counted against claimed, for {IMAGES} images", case.name());
}

#[test]
fn forward_costs_what_is_claimed() {
    Case::all().iter().for_each(holds);
}

#[test]
fn every_parameter_matters_and_no_other_is_read() {
    for mut case in Case::all() {
        let tensors = case.op.params(&case.inputs);
        assert!(tensors.is_sorted_by_key(|param| param.role), "{}: tensors stand in the order of their roles", case.name());
        let is_frozen = case.op.write().settings.contains(&("trainable", "false".to_owned()));
        let before = case.outputs();
        for (number, param) in tensors.iter().enumerate() {
            assert_eq!(param.trainable, param.role.is_parameter() && !is_frozen, "{}: {param:?}", case.name());
            let elements = 0..case.params[number].len();
            let matters = elements.filter(|&at| {
                case.params[number][at] += 0.375;
                let differs = case.outputs() != before;
                case.params[number][at] -= 0.375;
                differs
            });
            let matter = matters.count() as u128;
            assert_eq!(matter, param.count, "{}: numbers in {} that change an output", case.name(), param.role.name());
        }
    }
}

//! The optimizers and the average against a few steps by hand.

use std::sync::Arc;

use nas::base::Sources;
use nas::graph::Layout;
use nas::graph::State;
use nas::spec::Train;
use nas::spec::train_with;
use nas::train::Optimizer;
use nas::train::average;
use nas::train::gradient_norm;

fn settings(flags: &[(&str, &str)]) -> Train {
    let (train, found) = train_with(None, flags, &mut Sources::default());
    assert!(found.is_empty(), "{found:?}");
    train
}

/// One weight, one bias; a frozen layer behind them.
fn layout() -> Arc<Layout> {
    let text = "nas: 1\nname: two\ninput: {image: [1, 1, 1]}\nnet:\n  a: {fc: 1}\n  b: {fc: 1, bias: false, trainable: false}\n";
    Arc::new(Layout::of(&crate::made::graph(text)))
}

fn state(values: [f32; 3]) -> State {
    let mut state = State::zeros(layout());
    state.values.copy_from_slice(&values);
    state
}

fn walk(flags: &[(&str, &str)], clip: f64, steps: &[[f32; 3]]) -> Vec<f32> {
    let train = settings(flags);
    let mut weights = state([1.0, 1.0, 1.0]);
    let mut optimizer = Optimizer::new(&train, weights.layout());
    for (number, &gradients) in steps.iter().enumerate() {
        optimizer.step(&train, 0.1, number as u64, clip, &state(gradients), &mut weights);
    }
    weights.values
}

fn near(found: &[f32], wanted: [f32; 3]) {
    assert!(found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-6), "{found:?} against {wanted:?}");
}

#[test]
fn momentum_by_hand() {
    let steps = [[1.0, 2.0, 5.0], [1.0, 0.0, 5.0]];
    // v = 1, then 0.5 + 1; of the bias 2, then 1. What is frozen stays.
    near(&walk(&[("momentum", "0.5")], 1.0, &steps), [1.0 - 0.1 - 0.15, 1.0 - 0.2 - 0.1, 1.0]);
    // Nesterov: g + 0.5 v.
    let nesterov = [("momentum", "0.5"), ("nesterov", "true")];
    near(&walk(&nesterov, 1.0, &steps), [1.0 - 0.15 - 0.175, 1.0 - 0.3 - 0.05, 1.0]);
    near(&walk(&[("momentum", "0")], 0.5, &steps), [1.0 - 0.05 - 0.05, 1.0 - 0.1, 1.0]);
    // Weights decay, biases do not.
    near(&walk(&[("momentum", "0"), ("weight_decay", "0.5")], 1.0, &[[0.0; 3]]), [0.95, 1.0, 1.0]);
}

#[test]
fn adamw_by_hand() {
    // The first step is the sign of the gradient, whatever its length; decay comes beside it.
    let flags = [("optimizer", "adamw"), ("epsilon", "1e-12"), ("weight_decay", "0.5")];
    near(&walk(&flags, 1.0, &[[0.003, -40.0, 1.0]]), [0.95 - 0.1, 1.1, 1.0]);
    // Second: m = 0.9 * 0.1 + 0.1 * 3 = 0.39, over 1 - 0.81; s = 0.9 * 0.1 + 0.1 * 9 = 0.99, over 1 - 0.81.
    let flags = [("optimizer", "adamw"), ("epsilon", "1e-12"), ("beta2", "0.9")];
    let wanted = 0.9_f32 - 0.1 * (0.39 / 0.19) / (0.99_f32 / 0.19).sqrt();
    near(
        &walk(&flags, 1.0, &[[1.0, 0.0, 0.0], [3.0, 0.0, 0.0]]),
        [wanted, f32::NAN, 1.0].map(|value| if value.is_nan() { 1.0 } else { value }),
    );
}

#[test]
fn the_average_forgets_its_start() {
    let mut kept = state([0.0; 3]);
    average(0.9, 0, &state([1.0; 3]), &mut kept);
    near(&kept.values, [0.9; 3]);
    average(0.9, 1000, &state([2.0; 3]), &mut kept);
    near(&kept.values, [0.9 * 0.9 + 0.2; 3]);
}

#[test]
fn the_norm_is_of_what_learns() {
    assert!((gradient_norm(&state([3.0, 4.0, 100.0])) - 5.0).abs() < 1e-12);
}

//! Small networks trained for three steps: loss with smoothed labels, heads by their weights, optimizers, running statistics.

use nas::base::Sources;
use nas::spec::train_with;
use nas::train::Learner;
use nas::train::Subject;

use crate::golden::archs;
use crate::golden::below;
use crate::golden::graph;
use crate::golden::near;
use crate::golden::numbers;
use crate::golden::specs;
use crate::golden::state;

/// Three steps carry the rounding of the first into the last; `AdamW` divides by small roots.
const TOLERANCE: f32 = 2e-4;
const STEPS: u64 = 3;
const RATE: f64 = 0.05;
const OPTIMIZERS: [(&str, &[(&str, &str)]); 3] = [
    ("nesterov", &[("nesterov", "true"), ("weight_decay", "0.01")]),
    ("adamw", &[("optimizer", "adamw"), ("weight_decay", "0.1")]),
    ("clipped", &[("clip", "0.5")]),
];

#[test]
fn three_steps_are_those_of_pytorch() {
    for (name, text) in specs("nets") {
        let graph = graph(&text);
        let start = state(&graph, &format!("{name}/param"));
        let labels =
            |step: u64| -> Vec<u16> { numbers(&format!("{name}/labels/{step}")).iter().map(|&label| label as u16).collect() };
        let batch = labels(0).len().to_string();
        for (optimizer, flags) in OPTIMIZERS {
            let flags = [&[("batch", &*batch), ("label_smoothing", "0.1")], flags].concat();
            let (settings, found) = train_with(None, &flags, &mut Sources::default());
            assert!(found.is_empty(), "{found:?}");
            let losses = numbers(&format!("{name}/loss/{optimizer}"));
            for arch in archs() {
                let what = format!("{name} by {optimizer} on {arch}");
                let subject = Subject::of(&graph).expect("a classifier");
                let mut learner = Learner::new(subject, &settings, start.clone(), arch);
                let mut images = numbers(&format!("{name}/x/0"));
                for step in 0..STEPS {
                    let next = |_: usize, room: &mut [f32]| {
                        room.copy_from_slice(&numbers(&format!("{name}/x/{step}")));
                        labels(step)
                    };
                    let loss = learner.step(step, RATE, &mut images, next).expect("finite numbers");
                    let mean = (loss.sum / labels(step).len() as f64) as f32;
                    near(
                        &format!("{what}, loss of step {step}"),
                        &[mean],
                        &losses[step as usize..=step as usize],
                        TOLERANCE,
                        1e-2,
                    );
                }
                for path in below(&format!("{name}/{optimizer}")) {
                    let number = start.layout().find(&path).expect("a tensor");
                    let wanted = numbers(&format!("{name}/{optimizer}/{path}"));
                    near(&format!("{what}, {path}"), learner.state.tensor(number), &wanted, TOLERANCE, 1e-2);
                }
            }
        }
    }
}

//! Each operator: what it gives in inference and in training, its gradients, its running statistics.
//!
//! The convolution in front makes the gradient of the operator's input a gradient of weights.

use std::collections::BTreeSet;

use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::exec::Training;
use nas::graph::Learning;
use nas::graph::State;
use nas::op::Op;

use crate::golden::archs;
use crate::golden::below;
use crate::golden::graph;
use crate::golden::near;
use crate::golden::numbers;
use crate::golden::specs;
use crate::golden::state;

/// Sums of at most some hundred products in single precision, of numbers near 1, against double precision: a few ten units in the last
/// place of the largest.
const TOLERANCE: f32 = 1e-5;
const IMAGES: usize = 3;

/// Words of operators of which PyTorch has no counterpart that gives the same numbers, and why.
const LEFT_OUT: [(&str, &str); 3] = [
    ("dropout", "which elements are dropped is drawn by another generator; tests/laws hold its backward against its forward"),
    ("droppath", "likewise, which images are dropped"),
    ("take", "a slice, whose numbers are moved and not computed"),
];

#[test]
fn operators_are_those_of_pytorch() {
    for (name, text) in specs("cases") {
        let graph = graph(&text);
        let of = |part: &str| numbers(&format!("{name}/{part}"));
        let start = state(&graph, &format!("{name}/param"));
        let x = of("x");
        for arch in archs() {
            let what = |part: &str| format!("{name}, {part} on {arch}");
            for fused in [false, true] {
                let plan = InferencePlan { images: IMAGES, kernels: arch.into(), keep: &[], fused };
                let mut inference = Inference::new(&graph, &start, &plan);
                inference.run(&[&x]);
                near(&what("inference"), &inference.output(0), &of("infer"), TOLERANCE, 1.0);
            }
            let mut trained = start.clone();
            let mut training = Training::new(&graph, &Learning::of(&graph), IMAGES, arch.into());
            training.forward(&mut trained, &[&x], 0, 0);
            near(&what("training"), &training.output(0), &of("train"), TOLERANCE, 1.0);
            let mut gradients = State::zeros(std::sync::Arc::clone(start.layout()));
            training.backward(&trained, &[&of("dy")], &mut gradients);
            for path in below(&format!("{name}/grad")) {
                let number = start.layout().find(&path).expect("a tensor");
                near(
                    &what(&format!("gradient of {path}")),
                    gradients.tensor(number),
                    &of(&format!("grad/{path}")),
                    4.0 * TOLERANCE,
                    1.0,
                );
            }
            for path in below(&format!("{name}/after")) {
                let number = start.layout().find(&path).expect("a tensor");
                near(&what(&format!("{path} afterwards")), trained.tensor(number), &of(&format!("after/{path}")), TOLERANCE, 1.0);
            }
        }
    }
}

#[test]
fn every_operator_is_there_or_left_out_for_a_reason() {
    let mut met = BTreeSet::new();
    for text in specs("cases").values().chain(specs("nets").values()) {
        let graph = graph(text);
        met.extend(graph.nodes().filter_map(|node| graph.node(node).op.as_ref().map(Op::word)));
    }
    for entry in Op::ENTRIES {
        for word in (entry.manual)().words {
            let reason = LEFT_OUT.iter().find(|(left_out, _)| left_out == word);
            assert!(met.contains(word) != reason.is_some(), "`{word}` is met: {}, left out: {reason:?}", met.contains(word));
        }
    }
}

//! What holds for every network on every machine.

use nas::analyze::Bound;
use nas::analyze::RoofRow;
use nas::analyze::Roofline;
use nas::analyze::roofline;
use nas::base::Machine;
use nas::cli::BUILT_IN;
use nas::graph::Graph;

use crate::networks::built_in;
use crate::networks::counted;
use crate::tables;

fn networks() -> impl Iterator<Item = (&'static str, Graph)> {
    BUILT_IN.iter().map(|(name, _)| (*name, built_in(name)))
}

fn on(graph: &Graph, machine: &Machine, batch: u32) -> Roofline {
    roofline(graph, machine, machine.speed(None).expect("a speed"), batch)
}

/// The sums of a row are those of its steps and children, all the way down.
fn check_sums(row: &RoofRow) {
    let sums = |of: fn(&RoofRow) -> u128, steps: u128| of(row) == row.children.iter().map(of).sum::<u128>() + steps;
    assert!(sums(|row| row.predicted_ns, row.steps.iter().map(|step| step.predicted_ns).sum()), "{}", row.path);
    assert!(sums(|row| row.madds, row.steps.iter().map(|step| step.madds).sum()), "{}", row.path);
    assert!(sums(|row| row.bytes, row.steps.iter().map(nas::analyze::RoofStep::bytes).sum()), "{}", row.path);
    assert!(row.memory_bound_ns <= row.predicted_ns && row.close_ns <= row.predicted_ns, "{}", row.path);
    row.children.iter().for_each(check_sums);
}

#[test]
fn times_add_up_and_multiply_adds_are_those_of_the_analysis() {
    for machine in [tables::example(), tables::round(Vec::new())] {
        for (name, graph) in networks() {
            let found = on(&graph, &machine, 3);
            check_sums(&found.tree);
            let steps = found.tree.all_steps();
            let total: u128 = steps.iter().map(|(_, step)| step.predicted_ns).sum();
            assert_eq!(found.tree.predicted_ns, total, "{name}");
            assert_eq!(found.tree.madds, 3 * counted(&graph).0, "{name}");
            // Every node of inference is in one step.
            let needed = graph.in_inference();
            let nodes = graph.nodes().filter(|&node| needed[node.index()] && graph.node(node).op.is_some()).count();
            assert_eq!(steps.iter().map(|(_, step)| 1 + step.fused.len()).sum::<usize>(), nodes, "{name}");
        }
    }
}

#[test]
fn intensity_times_bytes_are_multiply_adds_and_the_ridge_parts_what_is_waited_for() {
    let machine = tables::example();
    for (name, graph) in networks() {
        let found = on(&graph, &machine, 1);
        for (_, step) in found.tree.all_steps() {
            let Some(intensity) = step.intensity else {
                assert_eq!((step.bytes(), step.predicted_ns), (0, 0), "{name} {}", step.path);
                continue;
            };
            let madds = intensity.get() * step.bytes() as f64;
            assert!((madds - step.madds as f64).abs() <= 1e-9 * step.madds as f64, "{name} {}", step.path);
            let left = intensity.get() < found.machine.ridge.get();
            assert_eq!(step.bound, Some(if left { Bound::Memory } else { Bound::Compute }), "{name} {}", step.path);
            assert!(step.predicted_ns >= step.compute_ns.max(step.memory_ns), "{name} {}", step.path);
            assert!(step.close.is_some() || step.predicted_ns == step.compute_ns.max(step.memory_ns), "{name} {}", step.path);
        }
    }
}

#[test]
fn a_faster_machine_makes_nothing_slower() {
    let machine = tables::example();
    let mut wider = machine.clone();
    wider.speeds.iter_mut().for_each(|speed| speed.read_bytes_per_second *= 2);
    let mut stronger = machine.clone();
    stronger.speeds.iter_mut().for_each(|speed| speed.peak_madds_per_second *= 2);
    for (name, graph) in networks() {
        let before = on(&graph, &machine, 1);
        for faster in [&wider, &stronger] {
            let after = on(&graph, faster, 1);
            for ((_, before), (_, after)) in before.tree.all_steps().into_iter().zip(after.tree.all_steps()) {
                assert!(after.predicted_ns <= before.predicted_ns, "{name} {}", before.path);
            }
            assert!(after.tree.predicted_ns <= before.tree.predicted_ns, "{name}");
        }
        let ends = [&wider, &stronger].map(|machine| on(&graph, machine, 1).tree.memory_bound_ns);
        assert!(ends[0] <= before.tree.memory_bound_ns && ends[1] >= before.tree.memory_bound_ns, "{name}");
    }
}

/// Weights are moved once a batch, so that an image of many is never slower than one alone.
#[test]
fn a_batch_is_never_slower_than_its_images_one_by_one() {
    let machine = tables::round(Vec::new());
    for (name, graph) in networks() {
        let [one, eight] = [1, 8].map(|batch| on(&graph, &machine, batch).tree);
        assert!(eight.predicted_ns <= 8 * one.predicted_ns && eight.bytes <= 8 * one.bytes, "{name}");
    }
}

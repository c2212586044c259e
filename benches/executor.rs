//! How fast networks run and learn, in images a second; `nas profile` says where the time goes, `benches/peers` sets it beside others.
//!
//! One iteration is one batch: of inference, or of a training step with the loss, backward, and the update of weights (SGD with momentum).
//! The name of each bench is followed by the bytes of its arena.

use divan::Bencher;
use divan::counter::ItemsCount;
use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::graph::initialise;
use nas::kernel::Arch;
use nas::spec::train_with;
use nas::train::Learner;
use nas::train::Subject;

fn main() {
    divan::main();
}

fn built_in(name: &str) -> Graph {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).expect("a built-in spec");
    let mut sources = Sources::default();
    let file = sources.add(name, *text);
    let spec = nas::spec::load(&mut sources, file, &mut |_, _| Err("no other text".to_owned())).spec.expect("a spec");
    nas::spec::lower(&spec, Decisions::default(), None).graph.expect("a network")
}

/// Numbers between -1 and 1, the same each time.
fn noise(count: usize) -> Vec<f32> {
    let mut seed = 1_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn infer(bencher: Bencher<'_, '_>, name: &str, images: usize) {
    let graph = built_in(name);
    let state = initialise(&graph, 0);
    let plan = InferencePlan { images, kernels: Arch::best().into(), keep: &[], fused: true };
    let mut inference = Inference::new(&graph, &state, &plan);
    let input = graph.inputs().next().expect("an input");
    let batch = noise(images * graph.node(input).shape.elements() as usize);
    told(name, images, inference.room().arena);
    bencher.counter(ItemsCount::new(images)).bench_local(|| inference.run(&[&batch]));
}

fn train(bencher: Bencher<'_, '_>, name: &str, images: usize) {
    let graph = built_in(name);
    let subject = Subject::of(&graph).expect("a classifier");
    let batch = images.to_string();
    let (settings, _) = train_with(None, &[("batch", &batch), ("weight_decay", "1e-4")], &mut Sources::default());
    let mut learner = Learner::new(subject, &settings, initialise(&graph, 0), Arch::best());
    let pixels = noise(images * subject.image.elements() as usize);
    let labels: Vec<u16> = (0..images).map(|image| (image % subject.classes) as u16).collect();
    let (mut room, mut number) = (vec![0.0; pixels.len()], 0);
    told(name, images, learner.engine().room().arena);
    bencher.counter(ItemsCount::new(images)).bench_local(|| {
        number += 1;
        // So slow that numbers stay as they are at first, however long it runs.
        learner.step(number, 1e-6, &mut room, |_, room| {
            room.copy_from_slice(&pixels);
            labels.clone()
        })
    });
}

fn told(name: &str, images: usize, arena: u64) {
    use std::io::Write as _;
    writeln!(std::io::stderr(), "{name}, batch {images}: arena of {arena} bytes").expect("standard error is open");
}

#[divan::bench(args = [1, 16])]
fn googlenet_torchvision_inference(bencher: Bencher<'_, '_>, images: usize) {
    infer(bencher, "googlenet-torchvision", images);
}

#[divan::bench(args = [16], sample_count = 10)]
fn googlenet_torchvision_training(bencher: Bencher<'_, '_>, images: usize) {
    train(bencher, "googlenet-torchvision", images);
}

#[divan::bench(args = [128], sample_count = 20)]
fn cifar_inception_inference(bencher: Bencher<'_, '_>, images: usize) {
    infer(bencher, "cifar-inception", images);
}

#[divan::bench(args = [128], sample_count = 10)]
fn cifar_inception_training(bencher: Bencher<'_, '_>, images: usize) {
    train(bencher, "cifar-inception", images);
}

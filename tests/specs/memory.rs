//! Memory and training of built-in networks against figures from elsewhere, and of small ones by hand.

use nas::analyze::Hold;
use nas::analyze::Optimizer;
use nas::analyze::Options;
use nas::analyze::Plan;
use nas::analyze::Row;
use nas::analyze::StepMadds;
use nas::analyze::TrainingRun;
use nas::analyze::analyze;
use nas::analyze::footprint;
use nas::analyze::training_run;
use nas::base::Shape;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Learning;
use nas::op::Concat;
use nas::op::Conv;

use crate::network::built_in;
use crate::network::of;

const PLAIN: Plan = Plan { batch: 1, images: None, epochs: None, optimizer: Optimizer::Momentum };

/// A run in which the layers whose paths begin so are frozen.
fn frozen(graph: &Graph, stems: &[&str]) -> TrainingRun {
    let is_frozen = |path: String| stems.iter().any(|stem| path.starts_with(stem));
    training_run(graph, &Learning::without(graph, |node| is_frozen(graph.path(node))), &PLAIN)
}

/// The published figures end with a softmax of 1 000 elements, a step more; ours ends with what goes into it.
#[test]
fn googlenet_has_its_peak_at_the_second_normalisation() {
    let graph = built_in("googlenet").graph;
    let memory = analyze(&graph, &Options::default()).memory;
    assert_eq!((memory.peak_elements, memory.peak_bytes, &*memory.peak_at), (1_204_224, 4_816_896, "norm2"));
    assert_eq!(memory.sum_elements, 6_835_584 - 1000);
    assert_eq!(memory.timeline.len(), 85 - 1);
    let holds: Vec<(&str, Hold, u64)> = memory.peak_holds.iter().map(|held| (&*held.path, held.hold, held.elements)).collect();
    assert_eq!(holds, [("norm2:lrn", Hold::Written, 602_112), ("conv2:act", Hold::Read, 602_112)]);
    let inside = memory.peak_in_modules.expect("it has modules");
    assert_eq!((&*inside.path, inside.elements), ("3b:concat", 752_640));
    for moment in &memory.timeline {
        assert_eq!(moment.live_elements, moment.waiting_elements + moment.read_elements + moment.written_elements);
    }
    assert_eq!(memory.timeline.iter().map(|moment| moment.written_elements).sum::<u64>(), memory.sum_elements);
    let batch = analyze(&graph, &Options { batch: 8 }).memory;
    assert_eq!((batch.peak_elements, batch.sum_elements), (8 * memory.peak_elements, 8 * memory.sum_elements));
    assert_eq!(batch.arena_bytes, 8 * memory.arena_bytes);
    let next = footprint(&graph, 1, &[], Optimizer::Sgd).next.expect("it has other steps");
    assert_eq!((&*next.path, next.elements), ("pool1:max", 802_816 + 200_704));
}

/// 3 F - F(conv1), where F is of the network or of the network with its heads.
#[test]
fn googlenet_s_step_is_three_forwards_less_its_first_convolution() {
    let graph = built_in("googlenet").graph;
    let run = frozen(&graph, &[]);
    assert_eq!(run.step.total(), 4_655_118_336);
    let training = analyze(&graph, &Options::default()).training;
    assert_eq!((training.madds, training.madds_with_heads), (4_630_001_664, 4_655_118_336));
    assert_eq!((training.parts, &training.memory), (run.step, &run.memory));
    // With conv1 frozen its own gradients go, and that of what reduce2 reads, 64 x 64 links at 56 x 56 places.
    let run = frozen(&graph, &["conv1:"]);
    assert_eq!(run.step.total(), 4_655_118_336 - 118_013_952 - 64 * 64 * 56 * 56);
    assert_eq!(run.frozen, ["conv1"]);
    assert_eq!(run.memory.trainable_params, 6_998_552 + 6_379_728 - (7 * 7 * 3 * 64 + 64));
}

/// PyTorch's counter on torchvision's network, two images, in FLOPs.
#[test]
fn torchvision_s_step_is_what_pytorch_counts() {
    let graph = built_in("googlenet-torchvision").graph;
    let training = analyze(&graph, &Options { batch: 2 }).training;
    assert_eq!(2 * training.madds, 17_508_458_496);
}

fn sums(row: &Row) -> StepMadds {
    let mut sum = StepMadds::default();
    row.children.iter().map(sums).for_each(|part| sum += part);
    row.nodes.iter().for_each(|node| sum += node.step_madds);
    sum
}

#[test]
fn rows_sum_to_the_step() {
    for name in ["googlenet", "resnet50", "densenet121", "mobilenet_v2", "inception-v4"] {
        let analysis = analyze(&built_in(name).graph, &Options::default());
        assert_eq!(analysis.tree.step_madds.total(), analysis.training.madds, "{name}");
        assert_eq!(sums(&analysis.tree), analysis.tree.step_madds, "{name}");
        assert_eq!(analysis.tree.step_madds.forward, analysis.totals.madds, "{name}");
        let heads: u64 = analysis.heads.iter().flat_map(|head| &head.layers).map(|row| row.step_madds.total()).sum();
        assert_eq!(analysis.training.madds + heads, analysis.training.madds_with_heads, "{name}");
    }
}

/// 64 positions: `a` has 3 x 4 links, `b` 2 x 4, `c` behind both 8 x 5.
#[test]
fn two_stems_have_no_gradients_of_images() {
    let mut net = GraphBuilder::new("stems");
    let [left, right] = [("left", 3), ("right", 2)].map(|(name, channels)| net.input(name, Shape::new(channels, 8, 8)));
    let a = net.layer("a", [Conv::new(4, 1).into()], &[left]);
    let b = net.layer("b", [Conv::new(4, 1).into()], &[right]);
    let both = net.layer("both", [Concat.into()], &[a, b]);
    let c = net.layer("c", [Conv::new(5, 1).into()], &[both]);
    net.output("main", c);
    let graph = net.finish().expect("it fits");
    let step = |stems: &[&str]| frozen(&graph, stems).step;
    let of = |forward, weight_gradients, input_gradients| StepMadds { forward, weight_gradients, input_gradients };
    assert_eq!(step(&[]), of(64 * 60, 64 * 60, 64 * 40));
    assert_eq!(step(&["b:"]), of(64 * 60, 64 * 52, 64 * 40));
    assert_eq!(step(&["a:", "b:"]), of(64 * 60, 64 * 40, 0));
    assert_eq!(step(&["c:"]), of(64 * 60, 64 * 20, 64 * 40));
    assert_eq!(step(&["a:", "b:", "c:"]), of(64 * 60, 0, 0));
}

/// 50 000 images in steps of 128 are 391 a epoch, the last of 80.
#[test]
fn epochs_are_counted_by_images() {
    let graph = built_in("cifar-inception-small").graph;
    let image = analyze(&graph, &Options::default()).training;
    let plan = Plan { batch: 128, images: Some(50_000), epochs: Some(3), optimizer: Optimizer::AdamW };
    let run = training_run(&graph, &Learning::of(&graph), &plan);
    let whole = run.whole.expect("all is given");
    assert_eq!((whole.steps, whole.madds), (3 * 391, 3 * 50_000 * u128::from(image.madds)));
    assert_eq!(run.step.total(), 128 * image.madds);
    assert_eq!(run.state_bytes, 2 * 4 * analyze(&graph, &Options::default()).totals.params);
    assert_eq!(run.total_bytes, run.memory.stateless_bytes + u128::from(run.state_bytes));
}

fn graph_of(input: &str, net: &str) -> Graph {
    of("stems.yaml", &format!("nas: 1\nname: stems\ninput: {{image: {input}}}\nnet:\n{net}"), Decisions::default()).graph
}

fn step_of(graph: &Graph) -> [u64; 3] {
    let StepMadds { forward, weight_gradients, input_gradients } = frozen(graph, &[]).step;
    [forward, weight_gradients, input_gradients]
}

/// On 8 x 8 positions the stem has 5 x 5 x 3 x 8 links, the body 3 x 3 x 8 x 6; the classifier has 384 x 10.
#[test]
fn a_frozen_gabor_stem_learns_nothing() {
    let stem = |settings: &str| {
        let net = format!(
            "  stem: {{conv: 8, kernel: 5, stride: 2, act: relu{settings}}}\n  body: {{conv: 6, kernel: 3, norm: batch, act: relu}}\n  \
             logits: {{fc: 10}}\n"
        );
        graph_of("[3, 16, 16]", &net)
    };
    let (gabor, learned) = (stem(", trainable: false, init: gabor"), stem(""));
    assert_eq!(step_of(&learned), [38_400 + 27_648 + 3_840, 38_400 + 27_648 + 3_840, 27_648 + 3_840]);
    assert_eq!(step_of(&gabor), [38_400 + 27_648 + 3_840, 27_648 + 3_840, 3_840]);
    // Weights and bias of the stem, weights of the body, its norm, weights and bias of the classifier.
    let params = 608 + 432 + 12 + 3850;
    for (graph, trainable) in [(&gabor, params - 608), (&learned, params)] {
        let plan = Plan { optimizer: Optimizer::AdamW, ..PLAIN };
        let run = training_run(graph, &Learning::of(graph), &plan);
        assert_eq!(run.memory.trainable_params, trainable);
        assert_eq!((run.memory.gradient_bytes, run.state_bytes), (4 * trainable, 8 * trainable));
        // The norm has a running mean and variance beside its parameters.
        assert_eq!(run.memory.stored_bytes, 4 * (params + 12));
        assert_eq!(analyze(graph, &Options::default()).totals.params, params);
    }
    // The body's input, its norm's, its activation's output, and mean and deviation of 6 channels; a stem that learns wants its image.
    let kept = |graph: &Graph| frozen(graph, &[]).memory.kept_bytes;
    assert_eq!(kept(&gabor), 4 * (512 + 384 + 384 + 12));
    assert_eq!(kept(&learned), kept(&gabor) + 4 * 3 * 16 * 16);
    assert_eq!((frozen(&gabor, &[]).frozen, frozen(&learned, &[]).frozen), (vec!["stem".to_owned()], Vec::new()));
    assert_eq!(frozen(&gabor, &["body:conv"]).step.weight_gradients, 3_840, "what is frozen by hand adds to it");
    assert_eq!(frozen(&learned, &["stem:"]).step, frozen(&gabor, &[]).step, "and does the same");
}

/// 64 positions; 3 x 3 x 3 links lead to each of 4 and of 2 channels, 6 to each of 5.
#[test]
fn two_stems_one_of_which_is_frozen() {
    let net = |left: &str, right: &str| {
        let conv =
            |name: &str, width: u32, settings: &str| format!("  {name}: {{conv: {width}, kernel: 3, from: in{settings}}}\n");
        let text = conv("left", 4, left) + &conv("right", 2, right) + "  both: {concat: [left, right]}\n  c: {conv: 5}\n";
        graph_of("[3, 8, 8]", &text)
    };
    let (left, right, c) = (64 * 27 * 4, 64 * 27 * 2, 64 * 6 * 5);
    let fixed = ", trainable: false, init: gabor";
    let forward = left + right + c;
    assert_eq!(step_of(&net("", "")), [forward, left + right + c, c]);
    assert_eq!(step_of(&net(fixed, "")), [forward, right + c, c]);
    assert_eq!(step_of(&net("", fixed)), [forward, left + c, c]);
    assert_eq!(step_of(&net(fixed, fixed)), [forward, c, 0]);
}

/// A frozen layer behind one that learns hands the gradient on, and needs nothing for it; a norm behind it learns.
#[test]
fn a_frozen_layer_amid_others_hands_gradients_on() {
    let graph =
        graph_of("[3, 8, 8]", "  a: {conv: 4}\n  b: {conv: 4, trainable: false, norm: batch}\n  c: {conv: 5, bias: false}\n");
    let [a, b, c] = [3 * 4, 4 * 4, 4 * 5].map(|links| 64 * links);
    assert_eq!(step_of(&graph), [a + b + c, a + c, b + c]);
    let run = frozen(&graph, &[]);
    assert_eq!(run.memory.trainable_params, 16 + 8 + 20);
    // `b` does without its input: what stays is the image, the norm's input and statistics, and what `c` reads.
    assert_eq!(run.memory.kept_bytes, 4 * (192 + 256 + 8 + 256));
    assert!(run.frozen.is_empty(), "a norm in `b` learns");
}

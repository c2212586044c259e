//! Networks to run the laws on.

use nas::base::Real64;
use nas::base::Shape;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::NodeIndex;
use nas::op;
use rand::Rng;
use rand::rngs::ChaCha8Rng;

/// A number in -1..1.
pub(crate) fn number(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

pub(crate) fn pick(rng: &mut ChaCha8Rng, count: usize) -> usize {
    (rng.next_u64() % count as u64) as usize
}

/// A network of up to thirty operators on one grid, with joins, sums, gates, views and readers far apart.
pub(crate) fn random_net(rng: &mut ChaCha8Rng) -> Graph {
    let mut net = GraphBuilder::new("random");
    let shape = Shape::new(2 * (1 + pick(rng, 3) as u32), 3, 4);
    let mut nodes = vec![net.input("image", shape)];
    for _ in 0..5 + pick(rng, 25) {
        // The last nodes are read most, so that chains arise in which memory can be shared.
        let any = |rng: &mut ChaCha8Rng, nodes: &[NodeIndex]| {
            let back = pick(rng, nodes.len()).min(pick(rng, nodes.len()));
            nodes[nodes.len() - 1 - back]
        };
        let (a, b) = (any(rng, &nodes), any(rng, &nodes));
        let channels = net.shape(a).expect("it fits").c;
        let equal = net.shape(a) == net.shape(b);
        let relu = op::Activation { function: op::Function::Relu };
        let node = match pick(rng, 12) {
            0 | 1 => net.add(op::Conv::new(2 * (1 + pick(rng, 4) as u32), 1), &[a]),
            2 | 3 => net.add(relu, &[a]),
            4 => net.add(op::Times { factor: Real64::new(0.5) }, &[a]),
            5 if equal => net.add(op::Add, &[a, b]),
            6 => net.add(op::Concat, &[a, b]),
            7 if channels > 1 => net.add(op::Take { width: channels / 2, after: channels - channels / 2 }, &[a]),
            8 if channels.is_multiple_of(2) => net.add(op::Shuffle { groups: 2 }, &[a]),
            9 => net.add(op::Dropout { share: Real64::new(0.3) }, &[a]),
            10 if equal => net.add(op::Mul, &[a, b]),
            11 => net.add(op::Softmax, &[a]),
            _ => net.add(op::BatchNorm::default(), &[a]),
        };
        if net.shape(node).expect("it fits").c < 64 {
            nodes.push(node);
        }
    }
    let last = *nodes.last().expect("there is one");
    net.output("main", last);
    if pick(rng, 3) == 0 {
        let middle = nodes[nodes.len() / 2];
        net.output("tap", middle);
    }
    net.finish().expect("all shapes fit")
}

//! Networks of takes, concatenations, shuffles, sums, rectifiers and convolutions of one tap, drawn at random.

use nas::base::Shape;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::NodeIndex;
use nas::op::Activation;
use nas::op::Add;
use nas::op::Concat;
use nas::op::Conv;
use nas::op::Function;
use nas::op::Shuffle;
use nas::op::Take;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// A network while it is drawn.
struct Drawing {
    random: ChaCha8Rng,
    net: GraphBuilder,
    nodes: Vec<NodeIndex>,
    /// Takes for a concatenation that comes later.
    early: Vec<NodeIndex>,
}

impl Drawing {
    fn any(&mut self) -> NodeIndex {
        // Late nodes more often than early ones.
        let at = self.random.random_range(0..self.nodes.len()).max(self.random.random_range(0..self.nodes.len()));
        self.nodes[at]
    }

    fn channels(&self, node: NodeIndex) -> u32 {
        self.net.shape(node).expect("fits").c
    }

    /// Some neighbouring channels; all of them now and then.
    fn take(&mut self, node: NodeIndex) -> NodeIndex {
        let channels = self.channels(node);
        let after = self.random.random_range(0..channels);
        let width = if self.random.random_bool(0.5) { 1 } else { self.random.random_range(1..=channels - after) };
        self.net.add(Take { width, after }, &[node])
    }

    /// A gather: takes of one node or several, sometimes of takes.
    fn gather(&mut self) -> NodeIndex {
        let base = self.any();
        let count = self.random.random_range(1..=20);
        let takes: Vec<NodeIndex> = (0..count)
            .map(|_| {
                let from = if self.random.random_bool(0.8) { base } else { self.any() };
                let take = self.take(from);
                if self.random.random_bool(0.1) {
                    self.nodes.push(take);
                }
                if self.random.random_bool(0.2) { self.take(take) } else { take }
            })
            .collect();
        self.net.add(Concat, &takes)
    }

    /// All channels of a node, each by a take of its own, in another order.
    fn permutation(&mut self) -> NodeIndex {
        let base = self.any();
        let mut order: Vec<u32> = (0..self.channels(base)).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.random.random_range(0..=at));
        }
        let takes: Vec<NodeIndex> = order.into_iter().map(|after| self.net.add(Take { width: 1, after }, &[base])).collect();
        self.net.add(Concat, &takes)
    }

    fn step(&mut self) {
        let source = self.any();
        let channels = self.channels(source);
        let node = match self.random.random_range(0..12) {
            0 => self.take(source),
            1 if self.early.is_empty() => {
                self.early = (0..3).map(|_| self.take(source)).collect();
                return;
            }
            1 => {
                let takes = std::mem::take(&mut self.early);
                self.net.add(Concat, &takes)
            }
            2 | 3 => self.gather(),
            4 => self.permutation(),
            5 => {
                let groups = (1..=channels).filter(|&groups| channels.is_multiple_of(groups)).collect::<Vec<u32>>();
                let groups = groups[self.random.random_range(0..groups.len())];
                self.net.add(Shuffle { groups }, &[source])
            }
            6 => {
                let other = self.any();
                self.net.add(Concat, &[source, other])
            }
            7 | 8 => {
                let mut alike = self.nodes.iter().copied().filter(|&node| node != source && self.channels(node) == channels);
                match alike.next_back() {
                    Some(other) => self.net.add(Add, &[source, other]),
                    None => return,
                }
            }
            9 => self.net.add(Activation { function: Function::Relu }, &[source]),
            _ => {
                let width = [3, 16, 20, channels.min(40)][self.random.random_range(0..4)];
                let bias = self.random.random_bool(0.5);
                self.net.add(Conv { bias, ..Conv::new(width, 1) }, &[source])
            }
        };
        if self.channels(node) <= 64 {
            self.nodes.push(node);
        }
    }

    /// A network of one image; some of its nodes are results.
    fn finish(mut self) -> Graph {
        let last = *self.nodes.last().expect("an image");
        self.net.output("last", last);
        if self.random.random_bool(0.5) {
            let other = self.any();
            if other != last && other.index() > 0 {
                self.net.output("other", other);
            }
        }
        self.net.finish().expect("fits")
    }
}

/// A network, another for each seed.
pub(crate) fn drawn(seed: u64) -> Graph {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let channels = [1, 5, 16, 35][random.random_range(0..4)];
    let [h, w] = [[1, 1], [3, 5], [4, 4]][random.random_range(0..3)];
    let mut net = GraphBuilder::new("drawn");
    let image = net.input("image", Shape::new(channels, h, w));
    let mut drawing = Drawing { random, net, nodes: vec![image], early: Vec::new() };
    let steps = drawing.random.random_range(2..14);
    (0..steps).for_each(|_| drawing.step());
    drawing.finish()
}

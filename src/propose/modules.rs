//! Inception modules as a graph has them: branches from one map to one concatenation, and which of their convolutions set widths.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::base::Shape;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Class;
use crate::op::Op;
use crate::op::Reach;
use crate::propose::Extent;

/// What a branch covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Name", into = "Name")]
#[schemars(with = "Name")]
pub enum Covers {
    /// Clusters of this extent: its convolutions together see so much.
    Window(Extent),
    /// What the maximum, or the average, of a neighbourhood tells.
    Pool,
}

/// `1x1`, `3x3`, `5x5` or `pool`, as results have it.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
enum Name {
    #[serde(rename = "1x1")]
    One,
    #[serde(rename = "3x3")]
    Three,
    #[serde(rename = "5x5")]
    Five,
    #[serde(rename = "pool")]
    Pool,
}

impl From<Name> for Covers {
    fn from(name: Name) -> Covers {
        match name {
            Name::One => Covers::Window(Extent::One),
            Name::Three => Covers::Window(Extent::Three),
            Name::Five => Covers::Window(Extent::Five),
            Name::Pool => Covers::Pool,
        }
    }
}

impl From<Covers> for Name {
    fn from(covers: Covers) -> Name {
        match covers {
            Covers::Window(Extent::One) => Name::One,
            Covers::Window(Extent::Three) => Name::Three,
            Covers::Window(Extent::Five) => Name::Five,
            Covers::Pool => Name::Pool,
        }
    }
}

impl Covers {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Covers::Window(Extent::One) => "1x1",
            Covers::Window(Extent::Three) => "3x3",
            Covers::Window(Extent::Five) => "5x5",
            Covers::Pool => "pool",
        }
    }
}

/// A branch of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The path of the convolution that sets its width, or of what else gives its output.
    pub path: String,
    /// What it covers.
    pub covers: Covers,
    /// The 1x1 convolution in front of a larger one.
    pub reduce: Option<NodeIndex>,
    /// Convolutions between that and the last.
    pub between: Vec<NodeIndex>,
    /// The convolution that sets its width; none where a pooled map is handed on as it is.
    pub last: Option<NodeIndex>,
    /// Channels that it gives.
    pub channels: u32,
}

/// Branches side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// The node that all branches read.
    pub input: NodeIndex,
    /// The concatenation.
    pub join: NodeIndex,
    /// What it reads.
    pub shape: Shape,
    /// In order.
    pub branches: Vec<Branch>,
}

/// The Inception modules of a network's inference, in order: concatenations of chains that begin at one node and keep its grid, two of them at least
/// with widths of their own, one of those wider than 1x1.
pub fn modules(graph: &Graph) -> Vec<Module> {
    let needed = graph.in_inference();
    graph.nodes().filter(|node| needed[node.index()]).filter_map(|node| module(graph, node)).collect()
}

/// How many modules give maps of `[height, width]`.
pub fn modules_on(sides: [u32; 2], graph: &Graph) -> usize {
    let of = |module: &Module| graph.node(module.join).shape;
    modules(graph).iter().filter(|module| [of(module).h, of(module).w] == sides).count()
}

impl Module {
    /// Channels of all branches.
    pub fn channels(&self) -> u32 {
        self.branches.iter().map(|branch| branch.channels).sum()
    }

    /// What each branch covers.
    pub fn covers(&self) -> Vec<Covers> {
        self.branches.iter().map(|branch| branch.covers).collect()
    }
}

fn module(graph: &Graph, join: NodeIndex) -> Option<Module> {
    let node = graph.node(join);
    let sources = graph.sources(join);
    if sources.len() < 2 || node.op.as_ref()?.class() != Class::Move {
        return None;
    }
    let chains: Vec<Vec<NodeIndex>> = sources.iter().map(|&source| chain(graph, source)).collect();
    let input = *chains[0].iter().find(|node| chains.iter().all(|chain| chain.contains(node)))?;
    let shape = graph.node(input).shape;
    let branches: Vec<Branch> = chains
        .iter()
        .map(|chain| {
            let own: Vec<NodeIndex> = chain.iter().copied().take_while(|&node| node != input).collect();
            branch(graph, &own)
        })
        .collect::<Option<_>>()?;
    let wide =
        |branch: &&Branch| branch.last.is_some() && matches!(branch.covers, Covers::Window(extent) if extent != Extent::One);
    let is_module =
        branches.iter().filter(|branch| branch.last.is_some()).count() > 1 && branches.iter().any(|branch| wide(&branch));
    let same_grid = (node.shape.h, node.shape.w) == (shape.h, shape.w);
    (is_module && same_grid).then(|| Module { path: graph.scopes().path(node.scope), input, join, shape, branches })
}

/// The node and those before it, the nearest first, as far back as each reads one other.
fn chain(graph: &Graph, from: NodeIndex) -> Vec<NodeIndex> {
    let before = |&node: &NodeIndex| {
        let sources = graph.sources(node);
        if let [one] = sources[..] { Some(one) } else { None }
    };
    std::iter::successors(Some(from), before).collect()
}

/// A chain, the last node first; nothing where it is empty or changes the grid.
fn branch(graph: &Graph, chain: &[NodeIndex]) -> Option<Branch> {
    let mut extent = 1;
    let mut pools = false;
    let mut widths = Vec::new();
    for &node in chain.iter().rev() {
        let op = graph.node(node).op.as_ref()?;
        let class = op.class();
        pools |= matches!(class, Class::MaxPool | Class::AvgPool);
        match op.reach() {
            Reach::Global => return None,
            Reach::Window(window) if window.stride != [1, 1] => return None,
            Reach::Window(window) if class == Class::Convolution => {
                let reach = |axis: usize| window.dilation[axis] * (window.kernel[axis] - 1);
                extent += reach(0).max(reach(1));
            }
            Reach::Window(_) | Reach::Point => {}
        }
        if class == Class::Convolution && op.width().is_some() {
            widths.push(node);
        }
    }
    let last = widths.pop();
    let is_point = |node: NodeIndex| {
        let reach = graph.node(node).op.as_ref().map(Op::reach);
        matches!(reach, Some(Reach::Window(window)) if window.kernel == [1, 1]) || matches!(reach, Some(Reach::Point))
    };
    let reduce = (widths.first().copied()).filter(|&first| !pools && is_point(first));
    let between = widths.into_iter().skip(usize::from(reduce.is_some())).collect();
    let extent = match extent {
        1 => Extent::One,
        2 | 3 => Extent::Three,
        _ => Extent::Five,
    };
    let named = last.or(chain.first().copied())?;
    Some(Branch {
        path: graph.scopes().path(graph.node(named).scope),
        covers: if pools { Covers::Pool } else { Covers::Window(extent) },
        reduce,
        between,
        last,
        channels: graph.node(*chain.first()?).shape.c,
    })
}

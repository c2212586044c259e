//! The law of fast re-counts: after any sets, `Multilinear` says what a full analysis of the changed network says.

mod networks;

use nas::base::Shape;
use nas::cli::BUILT_IN;
use nas::graph::Counts;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Knob;
use nas::graph::Multilinear;
use nas::graph::NodeIndex;
use nas::graph::Resizing;
use nas::op;
use nas::op::Function;
use nas::op::Op;
use nas::op::Window;
use networks::built_in;
use networks::counted;
use proptest::prelude::*;
use proptest::sample::Index;

/// A full count of inference.
fn analysed(graph: &Graph) -> Counts {
    let (madds, params) = counted(graph);
    Counts { madds: madds.cast_signed(), params: params.cast_signed() }
}

/// The network at the form's widths, if it is one: which `Resizing` says as well.
fn resized(graph: &Graph, form: &Multilinear) -> Option<Graph> {
    let widths =
        form.knobs().iter().enumerate().flat_map(|(at, knob)| knob.nodes.iter().map(move |&node| (node, form.width(at))));
    let widths: Vec<_> = widths.collect();
    let resized = graph.with_widths(&widths).ok();
    assert_eq!(Resizing::of(graph).accepts(&widths), resized.is_some());
    resized
}

/// One of the widths up to thrice the first that a knob accepts.
fn pick(knob: &Knob, chosen: Index) -> u32 {
    let widths: Vec<u32> = (1..=3 * knob.width).filter(|&width| knob.accepts(width)).collect();
    widths[chosen.index(widths.len())]
}

/// Sets knobs one after the other; says how often the network was refused, which only a `take` may do.
fn follow(graph: &Graph, sets: &[(Index, Index)]) -> usize {
    let mut form = Multilinear::of(graph);
    assert_eq!(form.totals(), analysed(graph), "at first");
    let mut refused = 0;
    if form.knobs().is_empty() {
        return 0;
    }
    for &(knob, width) in sets {
        let knob = knob.index(form.knobs().len());
        let width = pick(&form.knobs()[knob], width);
        let expected = form.at(knob, width);
        assert_eq!(form.set(knob, width), expected);
        let Some(whole) = resized(graph, &form) else {
            refused += 1;
            continue;
        };
        assert_eq!(form.totals(), analysed(&whole), "{:?} at {width}", form.knobs()[knob]);
        let knob_step = form.knobs()[knob].step;
        let mut wider = form.clone();
        wider.set(knob, width + knob_step);
        if let Some(wider) = resized(graph, &wider) {
            let (more, base) = (analysed(&wider), analysed(&whole));
            let marginal = Counts { madds: more.madds - base.madds, params: more.params - base.params };
            assert_eq!(form.marginal(knob), marginal);
        }
    }
    refused
}

#[test]
fn googlenets_marginals_are_those_of_an_independent_count() {
    let graph = built_in("googlenet");
    let form = Multilinear::of(&graph);
    let mut checked = 0;
    for line in include_str!("fixtures/truth/marginal.csv").lines().filter(|line| !line.starts_with('#')).skip(1) {
        let [path, width, madds, params] = line.split(',').collect::<Vec<_>>()[..] else { panic!("four fields in {line}") };
        let number = |text: &str| text.parse::<i128>().expect("is a number");
        let at = form.knobs().iter().position(|knob| graph.scopes().path(knob.scope) == path);
        let at = at.unwrap_or_else(|| panic!("{path} is a knob"));
        assert_eq!(i128::from(form.width(at)), number(width), "{path}");
        assert_eq!(form.marginal(at), Counts { madds: number(madds), params: number(params) }, "{path}");
        checked += 1;
    }
    assert_eq!(checked, 54);
    // With the three layers before the modules; the 1000 classes are not a choice, the heads for training are no cost.
    let counted = (0..form.knobs().len()).filter(|&knob| form.marginal(knob).madds > 0);
    assert_eq!(counted.count(), 57);
}

fn conv(net: &mut GraphBuilder, width: u32, kernel: u32, from: NodeIndex) -> NodeIndex {
    let name = format!("conv{}", net.len());
    net.layer(&name, [op::Conv::new(width, kernel).into()], &[from])
}

fn finish(mut net: GraphBuilder, last: NodeIndex) -> Graph {
    let classes = net.layer("classes", [op::Linear::new(10).into()], &[last]);
    net.output("main", classes);
    net.finish().expect("fits")
}

fn names(graph: &Graph) -> Vec<(String, u32, u32)> {
    let form = Multilinear::of(graph);
    form.knobs().iter().map(|knob| (graph.scopes().path(knob.scope), knob.width, knob.step)).collect()
}

#[test]
fn what_is_added_is_one_knob_and_what_meets_the_image_is_none() {
    let mut net = GraphBuilder::new("net");
    let image = net.input("image", Shape::new(3, 8, 8));
    let like_image = net.layer("like_image", [op::Conv::new(3, 3).into()], &[image]);
    let joined = net.add(op::Add, &[image, like_image]);
    let left = net.layer("left", [op::Conv::new(16, 3).into()], &[joined]);
    let right = net.layer("right", [op::Conv::new(16, 1).into(), op::Depthwise::new(3).into()], &[left]);
    let sum = net.add(op::Add, &[left, right]);
    let graph = finish(net, sum);
    assert_eq!(names(&graph), [("left".to_owned(), 16, 1)]);
    let form = Multilinear::of(&graph);
    assert_eq!(form.knobs()[0].nodes.len(), 2);
    // left: 3*9 + 1; right: 33 more weights (17*17 - 16*16) + 1; depthwise: 9 + 1; classes: 10 * 64 weights.
    assert_eq!(form.marginal(0).params, 28 + 34 + 10 + 640);
    // on 8 x 8: 27 and 33 and 9 taps; 640 in the classifier.
    assert_eq!(form.marginal(0).madds, 64 * (27 + 33 + 9) + 640);
}

#[test]
fn groups_give_steps_takes_and_tables_fix() {
    let mut net = GraphBuilder::new("net");
    let image = net.input("image", Shape::new(3, 4, 4));
    let wide = net.layer("wide", [op::Conv::new(24, 1).into()], &[image]);
    let grouped = op::Conv { groups: 4, ..op::Conv::new(16, 3) };
    let grouped = net.layer("grouped", [grouped.into(), op::Shuffle { groups: 8 }.into()], &[wide]);
    let split = net.layer("split", [op::Conv::new(6, 1).into()], &[grouped]);
    let [low, high] = [0, 3].map(|after| net.add(op::Take { width: 3, after }, &[split]));
    let both = net.add(op::Concat, &[low, high]);
    let rows: [&[u32]; 2] = [&[0, 1], &[3, 5]];
    let table = op::Conv { table: Some(rows.iter().map(|&row| row.into()).collect()), ..op::Conv::new(2, 1) };
    let table = net.layer("table", [table.into()], &[both]);
    let last = net.layer("last", [op::Conv::new(5, 1).into()], &[table]);
    let graph = finish(net, last);
    let expected = [("wide", 24, 4), ("grouped", 16, 8), ("last", 5, 1)];
    assert_eq!(names(&graph), expected.map(|(name, width, step)| (name.to_owned(), width, step)));
    // Four more channels of the grouped layer's 24 are one more for each of its 16 filters, of nine weights.
    assert_eq!(Multilinear::of(&graph).marginal(0).params, 4 * (3 + 1) + 16 * 9);
}

#[test]
fn what_would_take_too_long_is_fixed_and_still_counted() {
    // Each layer reads all before it: the form would have some 5 million products.
    let mut net = GraphBuilder::new("dense");
    let mut last = net.input("image", Shape::new(3, 1, 1));
    for _ in 0..2200 {
        let fresh = conv(&mut net, 2, 1, last);
        last = net.add(op::Concat, &[last, fresh]);
    }
    let graph = finish(net, last);
    assert_eq!(Multilinear::of(&graph).totals(), analysed(&graph));
    // One join of as many layers.
    let mut net = GraphBuilder::new("wide");
    let image = net.input("image", Shape::new(3, 1, 1));
    let layers: Vec<NodeIndex> = (0..2200).map(|_| conv(&mut net, 2, 1, image)).collect();
    let joined = net.add(op::Concat, &layers);
    let graph = finish(net, joined);
    assert_eq!(Multilinear::of(&graph).totals(), analysed(&graph));
}

/// What a random network may be made of.
#[derive(Clone, Debug)]
enum Block {
    Conv {
        width: u32,
        kernel: u32,
        norm: bool,
    },
    Grouped {
        groups: u32,
        wide: u32,
    },
    Depthwise {
        multiplier: u32,
    },
    /// Without an inner layer if 0 wide: then a layer reads its own width.
    Residual {
        width: u32,
    },
    Branches {
        widths: Vec<u32>,
        twice: bool,
    },
    Gate {
        width: u32,
    },
    Split,
    Pool,
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        (1..24u32, 1..4u32, any::<bool>()).prop_map(|(width, kernel, norm)| Block::Conv { width, kernel: 2 * kernel - 1, norm }),
        (1..5u32, 1..4u32).prop_map(|(groups, wide)| Block::Grouped { groups, wide }),
        (1..4u32).prop_map(|multiplier| Block::Depthwise { multiplier }),
        (0..9u32).prop_map(|width| Block::Residual { width }),
        (prop::collection::vec(1..12u32, 1..5), any::<bool>()).prop_map(|(widths, twice)| Block::Branches { widths, twice }),
        (1..9u32).prop_map(|width| Block::Gate { width }),
        Just(Block::Split),
        Just(Block::Pool),
    ]
}

fn add_block(net: &mut GraphBuilder, block: &Block, from: NodeIndex) -> NodeIndex {
    let channels = net.shape(from).expect("is known").c;
    match block {
        Block::Conv { width, kernel, norm } => {
            let made = conv(net, *width, *kernel, from);
            let made = if *norm { net.add(op::BatchNorm::default(), &[made]) } else { made };
            net.add(op::Activation { function: Function::Relu }, &[made])
        }
        Block::Grouped { groups, wide } => {
            let made = conv(net, groups * 6, 1, from);
            let grouped = net.add(op::Conv { groups: *groups, ..op::Conv::new(groups * wide, 3) }, &[made]);
            net.add(op::Shuffle { groups: *groups }, &[grouped])
        }
        Block::Depthwise { multiplier } => net.add(op::Depthwise { multiplier: *multiplier, ..op::Depthwise::new(3) }, &[from]),
        Block::Residual { width } => {
            let inner = if *width == 0 { from } else { conv(net, *width, 3, from) };
            let outer = conv(net, channels, 1, inner);
            net.add(op::Add, &[from, outer])
        }
        Block::Branches { widths, twice } => {
            let mut outs: Vec<NodeIndex> = widths.iter().map(|&width| conv(net, width, 1, from)).collect();
            if *twice {
                outs.push(outs[0]);
                outs.push(from);
            }
            net.add(op::Concat, &outs)
        }
        Block::Gate { width } => {
            let mean = net.add(op::AvgPool { window: None, count_pad: true }, &[from]);
            let squeeze = conv(net, *width, 1, mean);
            let excite = conv(net, channels, 1, squeeze);
            net.add(op::Mul, &[from, excite])
        }
        Block::Split => {
            let low = net.add(op::Take { width: channels.div_ceil(2), after: 0 }, &[from]);
            let low = conv(net, 4, 3, low);
            net.add(op::Concat, &[low, from])
        }
        Block::Pool => net.add(op::MaxPool { window: Some(Window::of([1, 1])) }, &[from]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_network_is_recounted(
        blocks in prop::collection::vec(block(), 1..8),
        sets in prop::collection::vec(any::<(Index, Index)>(), 12),
    ) {
        let mut net = GraphBuilder::new("random");
        let image = net.input("image", Shape::new(3, 6, 5));
        let stem = conv(&mut net, 8, 3, image);
        let last = blocks.iter().fold(stem, |from, block| add_block(&mut net, block, from));
        let graph = finish(net, last);
        let takes = graph.nodes().any(|node| matches!(graph.node(node).op, Some(Op::Take(_))));
        let refused = follow(&graph, &sets);
        prop_assert!(takes || refused == 0, "{refused} sets were refused");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_built_in_network_is_recounted(sets in prop::collection::vec(any::<(Index, Index)>(), 24)) {
        for (name, _) in BUILT_IN {
            prop_assert_eq!(follow(&built_in(name), &sets), 0, "{}", name);
        }
    }
}

#[test]
fn another_input_is_inferred_again_or_refused() {
    let mut net = GraphBuilder::new("net");
    let image = net.input("image", Shape::new(3, 8, 8));
    let filters = conv(&mut net, 16, 3, image);
    let pooled = net.layer("pool", [op::MaxPool { window: Some(Window::of([8, 8])) }.into()], &[filters]);
    let graph = finish(net, pooled);
    assert_eq!(analysed(&graph).madds, 64 * 3 * 9 * 16 + 160);
    let larger = graph.with_inputs(&[(image, Shape::new(3, 8, 15))]).expect("fits");
    // The pool's eight columns fit eight times into fifteen.
    assert_eq!(analysed(&larger).madds, 120 * 3 * 9 * 16 + 1280);
    let misfits = graph.with_inputs(&[(image, Shape::new(3, 7, 8))]).expect_err("the pool is larger than its map");
    assert_eq!(misfits[0].path, "pool");
}

//! How fast networks are read, built and counted. Each bench names what one iteration is; nets a second are its inverse.

use divan::Bencher;
use divan::black_box;
use nas::analyze::Dial;
use nas::analyze::Goal;
use nas::analyze::Move;
use nas::analyze::Options;
use nas::analyze::Subject;
use nas::analyze::analyze;
use nas::analyze::marginals;
use nas::analyze::suggest;
use nas::base::Digest;
use nas::base::Quantity;
use nas::base::Shape;
use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::expr::Value;
use nas::graph::Extent;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::Multilinear;
use nas::graph::NodeIndex;
use nas::graph::Totals;
use nas::graph::place;
use nas::op;
use nas::op::Function;
use nas::op::Op;
use nas::op::Pad;
use nas::op::Window;
use nas::report::PageNetwork;
use nas::spec::Spec;

/// GoogLeNet's multiply-adds in inference, to be sure that what is timed is right.
const GOOGLENET: u128 = 1_582_671_872;

fn main() {
    divan::main();
}

fn built_in(wanted: &str) -> &'static str {
    let name = wanted.trim_end_matches(".yaml");
    BUILT_IN.iter().find(|(built_in, _)| *built_in == name).expect("is built in").1
}

fn googlenet_text() -> &'static str {
    built_in("googlenet")
}

fn spec(text: &str) -> Spec {
    let mut sources = Sources::default();
    let file = sources.add("net.yaml", text);
    let mut loader = |wanted: &str, _: &str| Ok((wanted.to_owned(), built_in(wanted).to_owned()));
    nas::spec::load(&mut sources, file, &mut loader).spec.expect("is a spec")
}

fn graph(spec: &Spec) -> Graph {
    nas::spec::lower(spec, Decisions::new([]), None).graph.expect("is a network")
}

fn count(graph: &Graph) -> Totals {
    let needed = graph.in_inference();
    graph.totals(graph.nodes().filter(|node| needed[node.index()]))
}

/// Text to tree, spec, graph, totals.
#[divan::bench]
fn googlenet_from_text(bencher: Bencher<'_, '_>) {
    let text = googlenet_text();
    assert_eq!(count(&graph(&spec(text))).cost.madds, GOOGLENET);
    bencher.bench(|| count(&graph(&spec(black_box(text)))));
}

/// Spec to graph and totals, as a search does for each candidate.
#[divan::bench]
fn googlenet_from_spec(bencher: Bencher<'_, '_>) {
    let spec = spec(googlenet_text());
    bencher.bench(|| count(&graph(black_box(&spec))));
}

/// Graph and totals through the builder.
#[divan::bench]
fn googlenet_from_builder(bencher: Bencher<'_, '_>) {
    assert_eq!(count(&googlenet()).cost.madds, GOOGLENET);
    bencher.bench(|| count(&googlenet()));
}

/// The whole analysis: attribution, timeline, arena, training.
#[divan::bench]
fn googlenet_analysed(bencher: Bencher<'_, '_>) {
    let graph = googlenet();
    bencher.bench(|| analyze(black_box(&graph), &Options::default()));
}

/// Buffers of twenty thousand layers in a chain, each read by the next, in one arena.
#[divan::bench(sample_count = 10)]
fn twenty_thousand_buffers_placed(bencher: Bencher<'_, '_>) {
    let extents: Vec<Extent> =
        (0..20_000).map(|at| Extent { size: 1 + u64::from(at) * 7919 % 5003, from: at, until: at + 1 }).collect();
    bencher.bench(|| place(black_box(&extents), 64));
}

/// Totals of a graph.
#[divan::bench]
fn googlenet_counted(bencher: Bencher<'_, '_>) {
    let graph = googlenet();
    bencher.bench(|| count(black_box(&graph)));
}

/// The quadratic form of a graph.
#[divan::bench]
fn multilinear_of(bencher: Bencher<'_, '_>) {
    let graph = googlenet();
    bencher.bench(|| Multilinear::of(black_box(&graph)));
}

/// One width changed and the network counted again, each knob in turn.
#[divan::bench]
fn multilinear_set(bencher: Bencher<'_, '_>) {
    let mut form = Multilinear::of(&googlenet());
    let widths: Vec<[u32; 2]> = form.knobs().iter().map(|knob| [knob.width, knob.width + 8]).collect();
    let mut at = 0;
    bencher.bench_local(|| {
        at += 1;
        let knob = at % widths.len();
        form.set(black_box(knob), widths[knob][at / widths.len() % 2])
    });
}

/// What one more filter costs, each knob in turn.
#[divan::bench]
fn multilinear_marginal(bencher: Bencher<'_, '_>) {
    let form = Multilinear::of(&googlenet());
    let mut at = 0;
    bencher.bench_local(|| {
        at += 1;
        form.marginal(black_box(at % form.knobs().len()))
    });
}

/// What one filter more costs in every width of Inception-v4, from its graph.
#[divan::bench]
fn inception_v4_marginals(bencher: Bencher<'_, '_>) {
    let graph = graph(&spec(built_in("inception-v4")));
    bencher.bench(|| marginals(black_box(&graph), &[(Quantity::Madds, 12_000_000_000)]));
}

/// The least changes that bring GoogLeNet inside its budget: its numbers found in the text, proposals searched over them.
#[divan::bench]
fn googlenet_suggested(bencher: Bencher<'_, '_>) {
    let text = googlenet_text();
    let whole = graph(&spec(text));
    bencher.bench(|| {
        let form = Multilinear::of(&whole);
        let mut sources = Sources::default();
        let file = sources.add("net.yaml", black_box(text));
        let sites = nas::spec::sites(&sources, file);
        let again = |text: &str| nas::spec::lower(&spec(text), Decisions::new([]), None).graph;
        let written = nas::spec::written(text, &sites, &whole, form.knobs(), 8, again);
        let moves = |number: &nas::spec::Written| {
            let follow = number.follow.iter();
            follow.map(|&nas::spec::Follows { knob, channels, of }| Move { knob, channels, of }).collect()
        };
        let dial = |number: &nas::spec::Written| Dial { from: number.site.number, least: 1, moves: moves(number) };
        let dials: Vec<Dial> = written.iter().map(dial).collect();
        let found = suggest(&form, &dials, Goal { madds: Some(1_500_000_000), params: None, multiple: 8 });
        assert_eq!(found.proposals.len(), 4);
        found
    });
}

/// Every built-in spec from its text to its analysis, one after the other: what `nas analyze` does with all of them, printing apart.
#[divan::bench]
fn all_built_in_specs_analysed(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let analysed =
            |(_, text): &(&str, &'static str)| analyze(&graph(&spec(black_box(text))), &Options::default()).totals.madds;
        BUILT_IN.iter().map(analysed).fold(0, u64::wrapping_add)
    });
}

/// GoogLeNet against its naive twin: both lowered, analysed and compared.
#[divan::bench]
fn googlenet_against_its_naive_twin(bencher: Bencher<'_, '_>) {
    let spec = spec(googlenet_text());
    let compared = || {
        let twin = nas::spec::naive_twin(black_box(&spec), &Decisions::default(), None).expect("has a twin");
        nas::analyze::naive(&twin)
    };
    assert_eq!(compared().grown.expect("fits").madds, 12_568_061_056);
    bencher.bench(compared);
}

/// GoogLeNet's page from its graph and figures: rows, every picture twice, data.
#[divan::bench]
fn googlenet_page(bencher: Bencher<'_, '_>) {
    let text = googlenet_text();
    let spec = spec(text);
    let graph = graph(&spec);
    let analysis = analyze(&graph, &Options::default()).with_limits([(Quantity::Madds, 1_500_000_000)]);
    let twin = nas::spec::naive_twin(&spec, &Decisions::default(), None).expect("has a twin");
    let grown = analyze(twin.grown.as_ref().expect("fits"), &Options::default());
    let (naive, marginals) = (nas::analyze::naive(&twin), marginals(&graph, &[(Quantity::Madds, 1_500_000_000)]));
    let network = PageNetwork {
        graph: &graph,
        analysis: &analysis,
        marginals: &marginals,
        clusters: &[],
        naive: Some((&naive, Some(&grown))),
        source: "googlenet.yaml",
        digest: Digest::of(text.as_bytes()),
    };
    bencher.bench(|| nas::report::html(black_box(&[network])));
}

/// Two Inception nets aligned and compared, analyses apart.
#[divan::bench]
fn inception_v4_against_v3(bencher: Bencher<'_, '_>) {
    let [old, new] = ["inception-v3", "inception-v4"].map(|name| graph(&spec(built_in(name))));
    let [before, after] = [&old, &new].map(|graph| analyze(graph, &Options::default()));
    bencher.bench(|| {
        let subjects = [Subject::network("old", &old, &before), Subject::network("new", &new, &after)];
        nas::analyze::compare(black_box(&subjects[0]), &subjects[1..])
    });
}

/// All 6 561 nets of NAS-Bench-Macro, lowered from one spec with the decisions of a code and counted.
#[divan::bench(sample_count = 10)]
fn nas_bench_macro_from_spec(bencher: Bencher<'_, '_>) {
    /// Of all nets together, from the published table.
    const MADDS: u128 = 364_399_409_664;
    let spec = spec(built_in("nas-bench-macro"));
    let mut start = Decisions::new([]);
    start = nas::spec::lower(&spec, start, None).decisions;
    let digits: Vec<(String, Vec<Value>)> =
        start.found().iter().map(|decision| (decision.path.clone(), decision.options.iter().collect())).collect();
    let net = |code: usize| {
        let chosen = digits
            .iter()
            .enumerate()
            .map(|(at, (path, options))| (path.clone(), options[code / options.len().pow(at as u32) % options.len()].clone()));
        let lowered = nas::spec::lower(&spec, Decisions::new(chosen), None);
        count(&lowered.graph.expect("is a network")).cost.madds
    };
    let all = || (0..6561).map(net).sum::<u128>();
    assert_eq!(all(), MADDS);
    bencher.bench(|| black_box(all()));
}

/// 20 000 layers, each a line of its own, three operators each.
fn deep_text() -> String {
    let mut text = String::from("nas: 1\nname: deep\ninput: {image: [3, 32, 32]}\nnet:\n");
    for layer in 0..20_000 {
        text += &format!("  l{layer}: {{conv: 16, kernel: 3, norm: batch, act: relu}}\n");
    }
    text
}

/// Text to totals for 20 000 layers, what is not reached checked as well, as every verb does.
#[divan::bench(sample_count = 10)]
fn deep_from_text(bencher: Bencher<'_, '_>) {
    let text = deep_text();
    bencher.bench(|| {
        let mut sources = Sources::default();
        let file = sources.add("deep.yaml", black_box(&*text));
        let spec = nas::spec::load(&mut sources, file, &mut |_, _| Err("no file".to_owned())).spec.expect("is a spec");
        let lowered = nas::spec::lower(&spec, Decisions::default(), None);
        assert!(nas::spec::untaken(&spec, &sources, &lowered).is_empty());
        count(&lowered.graph.expect("is a network"))
    });
}

/// The part of that which makes a spanned tree of the text.
#[divan::bench(sample_count = 10)]
fn deep_yaml_alone(bencher: Bencher<'_, '_>) {
    let text = deep_text();
    bencher.bench(|| {
        let mut sources = Sources::default();
        let file = sources.add("net.yaml", &*text);
        nas::yaml::parse(&sources, file)
    });
}

fn relu() -> Op {
    op::Activation { function: Function::Relu }.into()
}

fn conv(net: &mut GraphBuilder, name: &str, width: u32, kernel: u32, from: NodeIndex) -> NodeIndex {
    net.layer(name, [op::Conv::new(width, kernel).into(), relu()], &[from])
}

fn pool(net: &mut GraphBuilder, name: &str, window: Window, from: NodeIndex) -> NodeIndex {
    net.layer(name, [op::MaxPool { window: Some(window) }.into()], &[from])
}

/// A module: 1x1, 3x3 and 5x5 behind their reductions, the pool's projection.
fn inception(net: &mut GraphBuilder, name: &str, widths: [u32; 6], from: NodeIndex) -> NodeIndex {
    let [one, reduce3, three, reduce5, five, projection] = widths;
    net.open(name, None);
    let one = conv(net, "1x1", one, 1, from);
    net.open("3x3", None);
    let reduced = conv(net, "reduce", reduce3, 1, from);
    let three = conv(net, "conv", three, 3, reduced);
    net.close();
    net.open("5x5", None);
    let reduced = conv(net, "reduce", reduce5, 1, from);
    let five = conv(net, "conv", five, 5, reduced);
    net.close();
    net.open("pool", None);
    let pooled = pool(net, "pool", Window { pad: Pad::Same, ..Window::of([3, 3]) }, from);
    let projection = conv(net, "conv", projection, 1, pooled);
    net.close();
    let joined = net.add(op::Concat, &[one, three, five, projection]);
    net.close();
    joined
}

/// A head for training.
fn head(net: &mut GraphBuilder, name: &str, from: NodeIndex) {
    net.open(name, None);
    let pooled = net.layer("pool", [op::AvgPool::new(5, 3).into()], &[from]);
    let conv = conv(net, "conv", 128, 1, pooled);
    let hidden = net.layer("fc", [op::Linear::new(1024).into(), relu()], &[conv]);
    let logits = net.layer("logits", [op::Linear::new(1000).into()], &[hidden]);
    net.close();
    let weight = nas::base::Real64::new(0.3);
    net.add_output(nas::graph::Output { name: name.to_owned(), node: logits, weight, train_only: true, span: None });
}

/// `DenseNet-121` laid out and written as SVG, every dense layer of its own.
#[divan::bench]
fn densenet121_drawn(bencher: Bencher<'_, '_>) {
    let graph = graph(&spec(built_in("densenet121")));
    let analysis = analyze(&graph, &Options::default());
    let drawing = nas::report::Drawing { all: true, ..Default::default() };
    let colours = nas::report::Colouring::Theme(nas::report::Theme::Light);
    bencher.bench(|| nas::report::svg(&nas::report::draw(black_box(&graph), &analysis, drawing), colours));
}

/// GoogLeNet as in `specs/googlenet.yaml`, without dropout.
fn googlenet() -> Graph {
    let mut net = GraphBuilder::new("googlenet");
    let halve = Window { stride: [2, 2], ceil: true, ..Window::of([3, 3]) };
    let image = net.input("image", Shape::new(3, 224, 224));
    let stem = op::Conv::new(64, 7);
    let stem = op::Conv { window: Window { stride: [2, 2], ..stem.window }, ..stem };
    let mut last = net.layer("conv1", [stem.into(), relu()], &[image]);
    last = pool(&mut net, "pool1", halve, last);
    last = net.layer("norm1", [op::Lrn::new(5).into()], &[last]);
    last = conv(&mut net, "reduce2", 64, 1, last);
    last = conv(&mut net, "conv2", 192, 3, last);
    last = net.layer("norm2", [op::Lrn::new(5).into()], &[last]);
    last = pool(&mut net, "pool2", halve, last);
    let modules = [
        ("3a", [64, 96, 128, 16, 32, 32]),
        ("3b", [128, 128, 192, 32, 96, 64]),
        ("4a", [192, 96, 208, 16, 48, 64]),
        ("4b", [160, 112, 224, 24, 64, 64]),
        ("4c", [128, 128, 256, 24, 64, 64]),
        ("4d", [112, 144, 288, 32, 64, 64]),
        ("4e", [256, 160, 320, 32, 128, 128]),
        ("5a", [256, 160, 320, 32, 128, 128]),
        ("5b", [384, 192, 384, 48, 128, 128]),
    ];
    for (name, widths) in modules {
        last = inception(&mut net, name, widths, last);
        match name {
            "3b" => last = pool(&mut net, "pool3", halve, last),
            "4e" => last = pool(&mut net, "pool4", halve, last),
            "4a" => head(&mut net, "aux1", last),
            "4d" => head(&mut net, "aux2", last),
            _ => {}
        }
    }
    last = net.layer("gap", [op::AvgPool { window: None, count_pad: true }.into()], &[last]);
    last = net.layer("logits", [op::Linear::new(1000).into()], &[last]);
    net.output("main", last);
    net.finish().expect("fits")
}

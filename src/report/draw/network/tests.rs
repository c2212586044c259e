//! What a drawing keeps, on every built-in spec and on drawn graphs: no text, box or ribbon covers another, every link is there once,
//! and what is drawn adds up to the network.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::analyze::Options;
use crate::analyze::analyze;
use crate::base::Shape;
use crate::base::Sources;
use crate::expr::Decisions;
use crate::graph::GraphBuilder;
use crate::graph::NodeIndex;
use crate::op::Add;
use crate::op::Concat;
use crate::op::Conv;
use crate::op::Weights;
use crate::report::Colouring;
use crate::report::Theme;
use crate::report::draw::frames::Lane;
use crate::report::draw::plan::Ribbon;
use crate::report::picture::Area;
use crate::report::picture::Mark;
use crate::report::picture::Point;
use crate::report::svg;

macro_rules! specs {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../../../specs/", $name, ".yaml")))),*] };
}

const SPECS: [(&str, &str); 34] = specs! {
    "alexnet" "bn-inception" "cifar-inception" "cifar-inception-small" "convnext_tiny" "densenet121" "efficientnet_b0" "googlenet"
    "googlenet-floor" "googlenet-naive" "googlenet-sepconv" "googlenet-space" "googlenet-torchvision" "inception-module-naive"
    "inception-module-reduced" "inception-resnet-v2" "inception-v3" "inception-v4" "lenet5" "mnasnet1_0" "mobilenet_v2"
    "mobilenet_v3_small" "naive-vs-reduced" "nas-bench-macro" "nin" "overfeat-fast" "regnet_y_400mf" "resnet18" "resnet50"
    "shufflenet_v2_x1_0" "squeezenet1_1" "tiny-space" "vgg16" "zfnet"
};

fn built_in(name: &str) -> Graph {
    let text = |wanted: &str| {
        let name = wanted.trim_end_matches(".yaml");
        SPECS.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned()).ok_or_else(|| wanted.to_owned())
    };
    let mut sources = Sources::default();
    let file = sources.add("net.yaml", text(name).expect("is built in"));
    let mut loader = |wanted: &str, _: &str| text(wanted).map(|text| (wanted.to_owned(), text));
    let spec = crate::spec::load(&mut sources, file, &mut loader).spec.expect("is a spec");
    crate::spec::lower(&spec, Decisions::default(), None).graph.expect("is a network")
}

fn laid(graph: &Graph, drawing: Drawing) -> Laid {
    let scene = Scene::new(drawing.width.extent());
    let analysis = analyze(graph, &Options::default());
    lay(&scene, Net::of(graph, &analysis), analysis.totals.madds, drawing, [MARGIN, scene.width - MARGIN, 1000])
}

const DRAWINGS: [Drawing; 3] = [
    Drawing { width: Width::Page, all: false },
    Drawing { width: Width::Column, all: false },
    Drawing { width: Width::Page, all: true },
];

/// All that must hold of a drawing.
fn check(name: &str, graph: &Graph) {
    for drawing in DRAWINGS {
        let what = format!("{name}, {drawing:?}");
        let laid = laid(graph, drawing);
        boxes_are_apart(&what, &laid);
        frames_hold_their_boxes(&what, &laid);
        ribbons_pass_no_box(&what, &laid);
        every_link_is_there_once(&what, &laid);
        ribbons_fill_bars_in_order(&what, &laid);
        let madds: u64 = laid.columns.plan.boxes.iter().map(|placed| placed.madds).sum();
        assert_eq!(madds, analyze(graph, &Options::default()).totals.madds, "{what}");
        let picture = draw(graph, &analyze(graph, &Options::default()), drawing);
        texts_are_apart(&what, &picture);
    }
}

fn boxes_are_apart(what: &str, laid: &Laid) {
    let boxes = &laid.columns.plan.boxes;
    let tags = laid.columns.plan.tags.iter().map(|tag| tag.area);
    let areas: Vec<Area> = boxes.iter().map(|placed| placed.area).chain(tags).collect();
    for (at, area) in areas.iter().enumerate() {
        assert!(areas[..at].iter().all(|other| !area.meets(*other)), "{what}: box {area:?} meets another");
    }
    for pair in laid.columns.plan.frames.windows(2) {
        assert!(!pair[0].area.meets(pair[1].area), "{what}: frames meet");
    }
}

fn frames_hold_their_boxes(what: &str, laid: &Laid) {
    for frame in &laid.columns.plan.frames {
        for placed in &laid.columns.plan.boxes {
            let Area { left, top, right, bottom } = placed.area;
            let inside =
                frame.area.left <= left && right <= frame.area.right && frame.area.top <= top && bottom <= frame.area.bottom;
            assert_eq!(
                inside,
                frame.copies[0].contains(&placed.at),
                "{what}: {:?} {:?}",
                frame.paths,
                laid.net.layers[placed.at].path
            );
        }
    }
}

/// Points along a ribbon's middle, bends as they are painted.
fn along(ribbon: &Ribbon) -> Vec<Point> {
    let mut points = Vec::new();
    for pair in ribbon.points.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let y = f64::from(i32::midpoint(from.y, to.y));
        for step in 0..=24 {
            let t = f64::from(step) / 24.0;
            let cubic = |a: f64, b: f64, c: f64, d: f64| {
                let s = 1.0 - t;
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            let [a, d] = [f64::from(from.x), f64::from(to.x)];
            points.push(Point::at(cubic(a, a, d, d) as i32, cubic(f64::from(from.y), y, y, f64::from(to.y)) as i32));
        }
    }
    points
}

/// For the boxes of further copies the one that is drawn.
fn drawn_for(elements: &[Element]) -> BTreeMap<usize, usize> {
    let mut drawn = BTreeMap::new();
    let mut open: Vec<&Element> = elements.iter().collect();
    while let Some(element) = open.pop() {
        match element {
            Element::Box(_) | Element::Grid(_) => {}
            Element::Frame(frame) => {
                let first = &frame.copies[0];
                drawn.extend(frame.copies.iter().flat_map(|copy| copy.iter().copied().zip(first.iter().copied())));
                open.extend(&frame.elements);
            }
            Element::Wide(lanes) => {
                for lane in lanes {
                    if let Lane::Stack(elements) = lane {
                        open.extend(elements);
                    }
                }
            }
        }
    }
    drawn
}

fn ribbons_pass_no_box(what: &str, laid: &Laid) {
    let drawn = drawn_for(&laid.elements);
    let drawn = |at: usize| drawn.get(&at).copied().unwrap_or(at);
    for ribbon in &laid.columns.plan.ribbons {
        let link = laid.net.links[ribbon.link];
        let ends = [drawn(link.from), drawn(link.to)];
        let points = along(ribbon);
        for placed in laid.columns.plan.boxes.iter().filter(|placed| !ends.contains(&placed.at)) {
            for &Point { x, y } in &points {
                let half = ribbon.width / 2 - 1;
                let here = Area { left: x - half.max(0), right: x + half.max(1), top: y, bottom: y + 1 };
                assert!(
                    !here.meets(placed.area),
                    "{what}: {} to {} behind {}",
                    laid.net.layers[link.from].path,
                    laid.net.layers[link.to].path,
                    laid.net.layers[placed.at].path
                );
            }
        }
        let target = laid.columns.plan.boxes.iter().find(|placed| placed.at == ends[1]).expect("a link ends at a box");
        let end = ribbon.points.last().expect("a ribbon is somewhere");
        assert_eq!(end.y, target.area.top, "{what}: a ribbon ends at its box");
        let half = ribbon.width / 2;
        assert!(end.x - half >= target.area.left - 1 && end.x + half <= target.area.right + 1, "{what}: beside {target:?}");
        assert!(ribbon.points.windows(2).all(|pair| pair[0].y <= pair[1].y), "{what}: ribbons run down");
    }
}

/// Ribbons, multiplied out over the copies of equal modules, are the network's links.
fn every_link_is_there_once(what: &str, laid: &Laid) {
    let mut counts: BTreeMap<(usize, usize, usize), u32> = BTreeMap::new();
    let frame_of = |at: usize| {
        laid.columns
            .plan
            .frames
            .iter()
            .find_map(|frame| frame.copies.iter().position(|copy| copy.contains(&at)).map(|copy| (frame, copy)))
    };
    for ribbon in &laid.columns.plan.ribbons {
        let link = laid.net.links[ribbon.link];
        let mut add = |from: usize, to: usize| *counts.entry((from, to, link.port)).or_default() += 1;
        add(link.from, link.to);
        let Some((frame, 0)) = frame_of(link.to) else { continue };
        let place = |at: usize| frame.copies[0].iter().position(|&own| own == at);
        let to = place(link.to).expect("it is in the first copy");
        for pair in frame.copies.windows(2) {
            match place(link.from) {
                Some(from) => add(pair[1][from], pair[1][to]),
                None => add(pair[0][pair[0].len() - 1], pair[1][to]),
            }
        }
    }
    let mut wanted: BTreeMap<(usize, usize, usize), u32> = BTreeMap::new();
    for link in &laid.net.links {
        *wanted.entry((link.from, link.to, link.port)).or_default() += 1;
    }
    assert_eq!(counts, wanted, "{what}");
}

fn ribbons_fill_bars_in_order(what: &str, laid: &Laid) {
    for placed in &laid.columns.plan.boxes {
        let mut ends: Vec<(usize, Point, i32)> = Vec::new();
        for ribbon in &laid.columns.plan.ribbons {
            let link = laid.net.links[ribbon.link];
            if link.to == placed.at {
                ends.push((link.port, *ribbon.points.last().expect("a ribbon is somewhere"), ribbon.width));
            }
        }
        ends.sort_by_key(|(port, ..)| *port);
        for pair in ends.windows(2) {
            assert_eq!(
                pair[0].1.x - pair[0].2 / 2 + pair[0].2,
                pair[1].1.x - pair[1].2 / 2,
                "{what}: ribbons lie side by side in order"
            );
        }
        if laid.net.layers[placed.at].form == Form::Join {
            let [first, .., last] = &ends[..] else { panic!("{what}: a bar joins several") };
            assert_eq!(first.1.x - first.2 / 2, placed.area.left, "{what}");
            assert_eq!(last.1.x - last.2 / 2 + last.2, placed.area.right, "{what}");
        }
    }
}

fn texts(marks: &[Mark], into: &mut Vec<(String, Area)>) {
    for mark in marks {
        match mark {
            Mark::Text(text, area) => into.push((text.words.clone(), *area)),
            Mark::Group(_, marks) => texts(marks, into),
            Mark::Panel(_) | Mark::Path { .. } | Mark::Marker { .. } => {}
        }
    }
}

fn texts_are_apart(what: &str, picture: &Picture) {
    let mut found = Vec::new();
    texts(&picture.marks, &mut found);
    for (at, (words, area)) in found.iter().enumerate() {
        let inside = area.left >= 0 && area.right <= picture.width && area.top >= 0 && area.bottom <= picture.height;
        assert!(inside, "{what}: {words:?} leaves the page: {area:?}");
        for (other, other_area) in &found[..at] {
            assert!(!area.meets(*other_area), "{what}: {words:?} meets {other:?}");
        }
    }
}

#[test]
fn built_in_networks_are_drawn_as_they_are() {
    for (name, _) in SPECS {
        check(name, &built_in(name));
    }
}

/// Branches stand in written order: the ways to a join do not cross.
#[test]
fn branches_stand_in_written_order() {
    for (name, _) in SPECS {
        let laid = laid(&built_in(name), Drawing::default());
        for placed in &laid.columns.plan.boxes {
            let ribbons = laid.columns.plan.ribbons.iter().filter(|ribbon| laid.net.links[ribbon.link].to == placed.at);
            let mut ways: Vec<(usize, i32)> = ribbons
                .map(|ribbon| {
                    let bend = ribbon.points.windows(2).rfind(|pair| pair[0].x != pair[1].x);
                    (laid.net.links[ribbon.link].port, bend.map_or(ribbon.points[0].x, |pair| pair[0].x))
                })
                .collect();
            ways.sort_unstable();
            assert!(ways.windows(2).all(|pair| pair[0].1 < pair[1].1), "{name}: {} {ways:?}", laid.net.layers[placed.at].path);
        }
    }
}

#[test]
fn equal_modules_are_drawn_once() {
    let frames = |name: &str, all: bool| -> Vec<String> {
        let laid = laid(&built_in(name), Drawing { width: Width::Page, all });
        let said = |paths: &[String]| if paths.len() > 1 { format!("{} x {}", paths[0], paths.len()) } else { paths[0].clone() };
        laid.columns.plan.frames.iter().map(|frame| said(&frame.paths)).collect()
    };
    assert_eq!(frames("inception-v4", false), ["3a", "4a", "5a", "a.1 x 4", "reduce1", "b.1 x 7", "reduce2", "c.1 x 3"]);
    assert_eq!(frames("densenet121", false), ["d1.1 x 6", "t1", "d2.1 x 12", "t2", "d3.1 x 24", "t3", "d4.1 x 16"]);
    let residual = ["conv2.1", "conv2.2 x 2", "conv3.1", "conv3.2 x 3", "conv4.1", "conv4.2 x 5", "conv5.1", "conv5.2 x 2"];
    assert_eq!(frames("resnet50", false), residual);
    assert_eq!(frames("densenet121", true).len(), 61);
    assert_eq!(frames("googlenet", false).len(), 9);
}

/// The same layers under other names, in an order that names would not give; a layer that is frozen is another one.
#[test]
fn likeness_is_of_structure_not_of_names() {
    let module = |net: &mut GraphBuilder, name: &str, width: u32, trainable: bool, from: NodeIndex| {
        net.open(name, None);
        let a = net.layer("z", [Conv { weights: Weights { trainable, ..Weights::HE }, ..Conv::new(width, 3) }.into()], &[from]);
        let b = net.layer("a", [Conv::new(8 - width, 1).into()], &[from]);
        let join = net.add(Concat, &[a, b]);
        net.close();
        join
    };
    let mut net = GraphBuilder::new("net");
    let mut last = net.input("image", Shape::new(8, 9, 9));
    for (name, width, trainable) in
        [("one", 4, true), ("two", 4, true), ("one.1", 3, true), ("one.2", 4, true), ("one.3", 4, false)]
    {
        last = module(&mut net, name, width, trainable, last);
    }
    net.output("main", last);
    let laid = laid(&net.finish().expect("a network"), Drawing::default());
    let paths: Vec<usize> = laid.columns.plan.frames.iter().map(|frame| frame.paths.len()).collect();
    assert_eq!(paths, [2, 1, 1, 1]);
}

#[test]
fn what_is_not_series_parallel_is_a_tangle() {
    // A bridge: a and b from the input, c from both, d from a, e from b; and one link over all of it.
    let mut net = GraphBuilder::new("bridge");
    let conv = || crate::op::Op::from(Conv::new(8, 3));
    let input = net.input("image", Shape::new(8, 16, 16));
    let a = net.layer("a", [conv()], &[input]);
    let b = net.layer("b", [conv()], &[input]);
    let sum = net.layer("c", [Add.into()], &[a, b]);
    let d = net.layer("d", [conv()], &[a]);
    let e = net.layer("e", [Add.into()], &[b, sum]);
    let last = net.layer("f", [Concat.into()], &[d, sum, e, input]);
    net.output("main", last);
    let graph = net.finish().expect("a network");
    assert!(parse(&Net::of(&graph, &analyze(&graph, &Options::default()))).iter().any(|item| match item {
        Item::Fork(branches) =>
            branches.iter().any(|branch| matches!(branch, Branch::Chain(items) if matches!(items[..], [Item::Tangle(_)]))),
        _ => false,
    }));
    check("bridge", &graph);
}

#[test]
fn several_inputs_and_results_are_drawn() {
    let mut net = GraphBuilder::new("two");
    let left = net.input("left", Shape::new(3, 16, 16));
    let right = net.input("right", Shape::new(5, 16, 16));
    let conv = net.layer("conv", [Conv::new(5, 3).into()], &[left]);
    let twice = net.layer("twice", [Add.into()], &[conv, conv]);
    let sum = net.layer("sum", [Concat.into()], &[twice, right]);
    let first = net.layer("first", [Conv::new(4, 1).into()], &[sum]);
    let second = net.layer("second", [Conv::new(6, 1).into()], &[sum]);
    net.output("a", first);
    net.output("b", second);
    check("two", &net.finish().expect("a network"));
}

#[test]
fn pictures_are_the_same_every_time() {
    let graph = built_in("inception-v4");
    let picture =
        || svg(&draw(&graph, &analyze(&graph, &Options::default()), Drawing::default()), Colouring::Theme(Theme::Light));
    assert_eq!(picture(), picture());
}

#[test]
fn modules_alone_have_their_texts_apart() {
    for (name, module) in
        [("googlenet", "3b"), ("inception-v4", "c.1"), ("resnet50", "conv2.1"), ("googlenet", "conv1"), ("googlenet", "aux1")]
    {
        let graph = built_in(name);
        let scope = graph.scopes().find(module).expect("is there");
        for width in [Width::Page, Width::Column] {
            let picture = crate::report::draw_module(&graph, &analyze(&graph, &Options::default()), scope, width);
            texts_are_apart(&format!("{name} {module} {width:?}"), &picture);
        }
    }
}

/// One layer of a drawn network: what it reads, counted back, and whether it is a convolution, a sum or a concat.
fn layers() -> impl Strategy<Value = Vec<(u8, Vec<usize>)>> {
    prop::collection::vec((0_u8..4, prop::collection::vec(0_usize..4, 1..4)), 1..14)
}

/// Draws such a network and judges the drawing.
fn drawn(layers: &[(u8, Vec<usize>)]) {
    let mut net = GraphBuilder::new("drawn");
    let mut nodes = vec![net.input("image", Shape::new(4, 8, 8))];
    for (number, (kind, back)) in layers.iter().enumerate() {
        let sources: Vec<NodeIndex> = back.iter().map(|&back| nodes[nodes.len().saturating_sub(1 + back)]).collect();
        // Modules of two layers, some of which read past the one before.
        net.open(&format!("m{}", number / 2), None);
        let name = format!("l{number}");
        let added = match kind {
            0 | 1 => net.layer(&name, [Conv::new(4, 3).into()], &sources[..1]),
            2 => net.layer(&name, [Add.into()], &sources),
            _ => {
                let wide = net.layer(&format!("{name}c"), [Concat.into()], &sources);
                net.layer(&name, [Conv::new(4, 1).into()], &[wide])
            }
        };
        net.close();
        nodes.push(added);
    }
    net.output("main", nodes[nodes.len() - 1]);
    if nodes.len() > 3 {
        net.output("side", nodes[nodes.len() / 2]);
    }
    let graph = crate::graph::drop_dead(net.finish().expect("a network"));
    check("drawn", &graph);
}

/// The second module ends in a fork that joins in the third: it hands on two results, unlike the first.
#[test]
fn what_ends_in_a_fork_is_like_no_other() {
    let plain = |back: usize| (0, vec![back]);
    drawn(&[plain(0), plain(1), plain(0), plain(1), (2, vec![2, 0]), plain(0), plain(0), plain(0), plain(0)]);
    drawn(&[plain(0), (2, vec![1, 0]), plain(0), plain(0), plain(3)]);
}

/// Three results of one size are added in a frame, whose boxes are narrower than those beside frames.
#[test]
fn links_to_a_box_of_a_frame_are_no_wider_than_it() {
    let plain = |back: usize| (0, vec![back]);
    drawn(&[plain(0), plain(0), plain(1), plain(0), (2, vec![3, 0, 2]), plain(0), plain(0), plain(0), plain(0)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drawn_networks_are_drawn_as_they_are(layers in layers()) {
        drawn(&layers);
    }
}

//! What a position sees, what lies on padding, what is left once batch norms are folded: per node, in the JSON.

use nas::cli::BUILT_IN;
use nas::graph::Graph;
use nas::graph::NodeIndex;
use nas::graph::receptive_fields;
use nas::op::ParamRole;
use nas::op::Reach;
use serde_json::Value;

use crate::network::built_in;
use crate::rows::from_library;
use crate::rows::number;
use crate::rows::row;
use crate::table::Table;

#[test]
fn receptive_fields_are_those_of_the_table() {
    let analysis = from_library("googlenet");
    for line in Table::read("receptive_field.csv").lines() {
        let path = line.text("path");
        let field = &row(&analysis["tree"], path).unwrap_or_else(|| panic!("no row `{path}`"))["receptive_field"];
        for axis in 0..2 {
            assert_eq!(number(field, &format!("/size/{axis}")), line.number("size"), "{path}");
            if path != "gap" {
                assert_eq!(number(field, &format!("/jump/{axis}")), line.number("jump"), "{path}");
            }
        }
    }
    // Through the 1x1 branches alone only the pools widen what is seen: 27 pixels at pool2, then 2 * 8 and 2 * 16 more.
    let ends =
        ["smallest", "size"].map(|key| number(row(&analysis["tree"], "5b").unwrap(), &format!("/receptive_field/{key}/0")));
    assert_eq!(ends, [27 + 16 + 32, 715]);
}

/// Pixels `[first, last]` that one position of a node sees along an axis, found backwards from the node, on a map without end.
fn seen(graph: &Graph, node: NodeIndex, position: i64, axis: usize) -> [i64; 2] {
    let mut wanted: Vec<Option<[i64; 2]>> = vec![None; node.index() + 1];
    wanted[node.index()] = Some([position; 2]);
    let mut pixels: Option<[i64; 2]> = None;
    let join = |into: &mut Option<[i64; 2]>, [first, last]: [i64; 2]| {
        *into = Some(into.map_or([first, last], |[low, high]| [low.min(first), high.max(last)]));
    };
    for at in (0..=node.index()).rev() {
        let Some([first, last]) = wanted[at] else { continue };
        let here = NodeIndex::new(at);
        let Some(op) = &graph.node(here).op else {
            join(&mut pixels, [first, last]);
            continue;
        };
        for (source, shape) in graph.sources(here).into_iter().zip(graph.input_shapes(here)) {
            let reads = match op.reach() {
                Reach::Point => [first, last],
                Reach::Global => [0, i64::from([shape.h, shape.w][axis]) - 1],
                Reach::Window(window) => {
                    let [stride, kernel, dilation] =
                        [window.stride, window.kernel, window.dilation].map(|pair| i64::from(pair[axis]));
                    let before = i64::from(window.pads(axis)[0]);
                    [first * stride - before, last * stride - before + dilation * (kernel - 1)]
                }
            };
            join(&mut wanted[source.index()], reads);
        }
    }
    pixels.expect("every node reads an input")
}

#[test]
fn receptive_fields_are_what_a_walk_backwards_finds() {
    for (name, _) in BUILT_IN {
        let graph = built_in(name).graph;
        let fields = receptive_fields(&graph);
        let behind = behind_gates(&graph);
        let step = (graph.nodes().len() / 60).max(1);
        for node in graph.nodes().filter(|node| node.index() % step == 0) {
            let field = fields[node.index()];
            let behind_gate = behind[node.index()];
            for axis in 0..2 {
                let [first, last] = seen(&graph, node, 0, axis);
                let path = graph.path(node);
                assert_eq!((field.start[axis], field.size[axis]), (first, first.abs_diff(last) + 1), "{name}: {path}");
                assert!(field.smallest[axis] <= field.size[axis], "{name}: {path}");
                // Behind a gate the next position may see no other end.
                let next = seen(&graph, node, 1, axis);
                let moved = first.abs_diff(next[0]).max(last.abs_diff(next[1]));
                assert!(moved == field.jump[axis] || behind_gate && moved < field.jump[axis], "{name}: {path}");
            }
        }
    }
}

/// For each node whether something before it reads a whole map.
fn behind_gates(graph: &Graph) -> Vec<bool> {
    let mut behind: Vec<bool> = Vec::new();
    for node in graph.nodes() {
        let is_global = graph.node(node).op.as_ref().is_some_and(|op| op.reach() == Reach::Global);
        behind.push(is_global || graph.sources(node).into_iter().any(|source| behind[source.index()]));
    }
    behind
}

/// Of a k x k window with zeros all around on an n x n map, `((k n)^2 - (k n - 2 (1 + ... + k / 2))^2) / (k n)^2` of the taps are zeros:
/// 1 - (29 / 35)^2 of a 5x5 on 7x7, 1 - (19 / 21)^2 of a 3x3.
#[test]
fn border_shares_are_those_of_windows_on_small_maps() {
    let analysis = from_library("googlenet");
    for (path, inside, all) in [("5a/5x5", 29, 35), ("5b/3x3", 19, 21), ("5a/1x1", 1, 1)] {
        let node = &row(&analysis["tree"], path).unwrap()["nodes"][0];
        let (madds, on_padding) = (number(node, "/madds"), number(node, "/on_padding"));
        assert_eq!(on_padding * all * all, madds * (all * all - inside * inside), "{path}");
        let share = node["border_share"].as_f64().unwrap();
        assert!((share - on_padding as f64 / madds as f64).abs() < 1e-12, "{path}: {share}");
    }
    // The pool of `5a` has the same window; a comparison each.
    let pool = &row(&analysis["tree"], "5a/pool/max").unwrap()["nodes"][0];
    assert!((pool["border_share"].as_f64().unwrap() - (1.0 - 361.0 / 441.0)).abs() < 1e-12);
}

/// A folded batch norm leaves a bias in its convolution: c parameters less for each norm of c channels. Torchvision's GoogLeNet has 7 280
/// such channels, and its ONNX export 6 617 624 parameters.
#[test]
fn deployed_parameters_are_those_of_an_export() {
    assert_eq!(number(&from_library("googlenet-torchvision"), "/totals/params_deployed"), 6_617_624);
    assert_eq!(number(&from_library("googlenet"), "/totals/params_deployed"), 6_998_552, "nothing to fold");
}

#[test]
fn folding_is_told_node_by_node() {
    for (name, _) in BUILT_IN {
        let network = built_in(name);
        let analysis = network.analysis();
        let json = serde_json::to_value(&analysis).unwrap();
        let nodes = analysis.tree.all_nodes();
        let sum: u64 = nodes.iter().map(|node| node.params_deployed).sum();
        assert_eq!(sum, number(&json, "/totals/params_deployed"), "{name}");
        assert_eq!(sum, number(&json, "/tree/params_deployed"), "{name}");
        for node in &nodes {
            let norms = node.kind == "batch";
            match &node.folded_into {
                Some(into) => {
                    assert!(norms, "{name}: {}", node.path);
                    let source = network.graph.sources(node.index)[0];
                    assert_eq!((into, node.params_deployed), (&network.graph.path(source), 0), "{name}: {}", node.path);
                }
                None if norms => assert_eq!(node.params_deployed, node.params, "{name}: {} stays", node.path),
                None => {
                    let takes_in = nodes.iter().any(|other| other.folded_into.as_ref() == Some(&node.path));
                    let op = network.graph.node(node.index).op.as_ref().unwrap();
                    let has_bias =
                        op.params(&network.graph.input_shapes(node.index)).iter().any(|param| param.role == ParamRole::Bias);
                    let bias = if takes_in && !has_bias { u64::from(node.output[0]) } else { 0 };
                    assert_eq!(node.params_deployed, node.params + bias, "{name}: {}", node.path);
                }
            }
        }
    }
}

/// The multiply-adds on padding of a row and all below it are those of its children and its own nodes.
fn check_border(row: &Value) {
    let list = |key: &str| row[key].as_array().unwrap();
    let below: u64 = list("children").iter().map(|child| number(child, "/madds_on_padding")).sum();
    let own = list("nodes").iter().filter(|node| number(node, "/madds") > 0);
    assert_eq!(number(row, "/madds_on_padding"), below + own.map(|node| number(node, "/on_padding")).sum::<u64>());
    list("children").iter().for_each(check_border);
}

#[test]
fn rows_bear_what_their_nodes_bear() {
    check_border(&from_library("googlenet")["tree"]);
}

//! The built-in specs against the truth tables, to the unit: totals, layers, modules, memory, training.

use serde_json::Value;

use crate::network::built_in;
use crate::rows::Node;
use crate::rows::from_binary;
use crate::rows::from_library;
use crate::rows::layers;
use crate::rows::number;
use crate::rows::row;
use crate::table::Line;
use crate::table::Table;

/// Specs with no normalisation that has parameters.
const HAVE_NO_NORM: [&str; 15] = [
    "alexnet",
    "googlenet",
    "googlenet-floor",
    "googlenet-naive",
    "googlenet-sepconv",
    "googlenet-space",
    "inception-module-naive",
    "inception-module-reduced",
    "naive-vs-reduced",
    "nin",
    "overfeat-fast",
    "squeezenet1_1",
    "tiny-space",
    "vgg16",
    "zfnet",
];

#[test]
fn totals_are_those_of_the_table() {
    let table = Table::read("totals.csv");
    let mut specs: Vec<&str> = table.lines().map(|line| line.text("spec")).collect();
    specs.sort_unstable();
    let built_in: Vec<&str> = nas::cli::BUILT_IN.iter().map(|(name, _)| *name).collect();
    assert_eq!(specs, built_in, "every spec has a line, every line a spec");
    for line in table.lines() {
        let name = line.text("spec");
        for analysis in [from_library(name), from_binary(name)] {
            let heads = analysis["heads"].as_array().unwrap();
            let of_heads = |key: &str| heads.iter().map(|head| number(head, key)).sum::<u64>();
            let found = [
                number(&analysis, "/totals/madds"),
                number(&analysis, "/totals/params"),
                of_heads("/madds"),
                of_heads("/params"),
            ];
            let wanted = ["madds", "params", "aux_madds", "aux_params"].map(|column| line.number(column));
            assert_eq!(found, wanted, "{name}: multiply-adds, parameters, those of the training heads");
            let parts = ["weights", "biases", "norm_params"].map(|part| number(&analysis, &format!("/totals/{part}")));
            assert_eq!(parts.iter().sum::<u64>(), line.number("params"), "{name}: parameters by role");
            assert_eq!(parts[2] == 0, HAVE_NO_NORM.contains(&name), "{name}: parameters of normalisations");
            assert_eq!(number(&analysis, "/totals/flops"), 2 * line.number("madds"));
            assert_eq!(number(&analysis, "/tree/madds"), line.number("madds"), "{name}: the tree's root");
            assert_eq!(number(&analysis, "/tree/params"), line.number("params"), "{name}: the tree's root");
        }
    }
}

/// What `totals.csv` says of a model of torchvision is what torchvision's own table says.
#[test]
fn totals_of_torchvisions_models_are_its_own() {
    let models = Table::read("torchvision_models.csv");
    let mut compared = 0;
    for line in Table::read("totals.csv").lines() {
        let source = line.text("source").split(';').next().unwrap();
        let Some(name) = source.strip_prefix("torchvision ") else { continue };
        let model = models.lines().find(|model| model.text("model") == name).unwrap_or_else(|| panic!("no model `{name}`"));
        for column in ["madds", "params", "aux_params"] {
            assert_eq!(line.number(column), model.number(column), "{name}: {column}");
        }
        assert_eq!(built_in(line.text("spec")).input(), model.shape(), "{name}: input");
        compared += 1;
    }
    assert_eq!(compared, 14);
}

/// Every line of a table of layers, and no layer with a cost beside it.
fn check_layers(table: &str, spec: &str, analysis: &Value) {
    let table = Table::read(table);
    let layers = layers(analysis);
    let mut rest = layers.clone();
    for line in table.lines() {
        let path = line.text("path");
        let (layer, is_norm) = path.strip_suffix(":norm").map_or((path, false), |layer| (layer, true));
        let Some((nodes, head)) = layers.get(layer) else { panic!("{spec} has no layer `{layer}`") };
        let own: Vec<&Node> = nodes.iter().filter(|node| (node.part == "norm") == is_norm).collect();
        let sums = [own.iter().map(|node| node.madds).sum::<u64>(), own.iter().map(|node| node.params).sum()];
        assert_eq!(sums, [line.number("madds"), line.number("params")], "{spec} {path}: multiply-adds, parameters");
        assert_eq!(own.last().map(|node| node.shape), Some(line.shape()), "{spec} {path}: shape");
        if table.has("head") {
            assert_eq!(*head, line.text("head"), "{spec} {path}: head");
        }
        rest.get_mut(layer).unwrap().0.retain(|node| (node.part == "norm") != is_norm);
    }
    for (layer, (nodes, _)) in rest {
        assert!(nodes.iter().all(|node| node.madds == 0 && node.params == 0), "{spec}: `{layer}` is in no line: {nodes:?}");
    }
}

#[test]
fn googlenet_is_caffes_layer_by_layer() {
    check_layers("caffe_googlenet.csv", "googlenet", &from_library("googlenet"));
    check_layers("caffe_googlenet.csv", "googlenet", &from_binary("googlenet"));
}

#[test]
fn alexnet_is_caffes_layer_by_layer() {
    check_layers("caffe_alexnet.csv", "alexnet", &from_library("alexnet"));
    check_layers("caffe_alexnet.csv", "alexnet", &from_binary("alexnet"));
}

#[test]
fn googlenet_torchvision_is_torchvisions_layer_by_layer() {
    check_layers("torchvision_googlenet.csv", "googlenet-torchvision", &from_library("googlenet-torchvision"));
    check_layers("torchvision_googlenet.csv", "googlenet-torchvision", &from_binary("googlenet-torchvision"));
}

/// The starting point of the space is GoogLeNet, which the table gives with its training heads; the space has none.
#[test]
fn googlenet_space_starts_at_caffes_network_layer_by_layer() {
    let analysis = from_library("googlenet-space");
    let layers = layers(&analysis);
    let table = Table::read("caffe_googlenet.csv");
    let mut sums = [0, 0];
    for line in table.lines().filter(|line| line.text("head") == "main") {
        let path = line.text("path");
        let (nodes, _) = layers.get(path).unwrap_or_else(|| panic!("no layer `{path}`"));
        let found = [nodes.iter().map(|node| node.madds).sum::<u64>(), nodes.iter().map(|node| node.params).sum()];
        let wanted = [line.number("madds"), line.number("params")];
        assert_eq!(found, wanted, "{path}: multiply-adds, parameters");
        assert_eq!(nodes.last().unwrap().shape, line.shape(), "{path}: shape");
        sums = [sums[0] + wanted[0], sums[1] + wanted[1]];
    }
    assert_eq!(sums, ["madds", "params"].map(|key| number(&analysis, &format!("/totals/{key}"))), "no other layer costs");
}

/// The depth that a network's name or its paper states is its longest path.
#[test]
fn depths_are_those_of_the_papers() {
    let stated = [
        ("alexnet", 8),
        ("zfnet", 8),
        ("overfeat-fast", 8),
        ("vgg16", 16),
        ("resnet18", 18),
        ("resnet50", 50),
        ("densenet121", 121),
    ];
    for (name, depth) in stated {
        assert_eq!(number(&from_library(name), "/depth/longest_path"), depth, "{name}");
    }
}

/// Modules and branches of GoogLeNet; weights and biases apart.
#[test]
fn modules_and_branches_are_those_of_the_table() {
    let network = built_in("googlenet");
    let analysis = serde_json::to_value(network.analysis()).unwrap();
    let table = Table::read("googlenet_modules.csv");
    for line in table.lines().filter(|line| line.text("branch") != "naive") {
        let (module, branch) = (line.text("module"), line.text("branch"));
        let path = if branch == "total" { module.to_owned() } else { format!("{module}/{branch}") };
        let found = row(&analysis["tree"], &path).unwrap_or_else(|| panic!("no row `{path}`"));
        assert_eq!(number(found, "/output/0"), line.number("channels"), "{path}: channels");
        assert_eq!(number(found, "/madds"), line.number("madds"), "{path}: multiply-adds");
        assert_eq!(number(found, "/params"), line.number("weights") + line.number("biases"), "{path}: parameters");
        assert_eq!(found["level"], if branch == "total" { "module" } else { "branch" }, "{path}: level");
    }
    // A module of figure 2a on one input; the same module stands in a spec of its own.
    let naive = table.lines().find(|line| line.text("module") == "3a" && line.text("branch") == "naive").unwrap();
    let alone = from_library("inception-module-naive");
    assert_eq!(number(&alone, "/totals/madds"), naive.number("madds"));
    assert_eq!(number(&alone, "/totals/weights"), naive.number("weights"));
    assert_eq!(number(&alone, "/totals/biases"), naive.number("biases"));
}

#[test]
fn naive_modules_grow_as_in_the_table() {
    let network = built_in("googlenet-naive");
    let analysis = serde_json::to_value(network.analysis()).unwrap();
    for line in Table::read("googlenet_naive.csv").lines() {
        let module = line.text("module");
        let found = row(&analysis["tree"], module).unwrap();
        assert_eq!(number(found, "/output/0"), line.number("out"), "{module}: channels");
        assert_eq!(number(found, "/madds"), line.number("madds"), "{module}: multiply-adds");
        let scope = network.graph.scopes().find(module).unwrap();
        let inside = |node: &nas::graph::NodeIndex| {
            network.graph.scopes().ancestors(network.graph.node(*node).scope).any(|around| around == scope)
        };
        let first = network.graph.nodes().find(inside).unwrap();
        let given = u64::from(network.graph.input_shapes(first)[0].c);
        assert_eq!(given, line.number("in"), "{module}: input channels");
        let weights: u128 = network
            .graph
            .nodes()
            .filter(inside)
            .flat_map(|node| network.graph.node(node).op.as_ref().unwrap().params(&network.graph.input_shapes(node)))
            .filter(|param| param.role == nas::op::ParamRole::Weight)
            .map(|param| param.count)
            .sum();
        assert_eq!(weights, u128::from(line.number("weights")), "{module}: weights");
    }
}

#[test]
fn memory_is_that_of_the_table() {
    /// The table's network ends in a softmax, which the spec leaves to the loss.
    const SOFTMAX: u64 = 1000;
    for line in Table::read("memory.csv").lines() {
        let analysis = from_library(line.text("spec"));
        match line.text("quantity") {
            "peak_live" => {
                assert_eq!(number(&analysis, "/memory/peak_elements"), line.number("elements"));
                assert_eq!(number(&analysis, "/memory/peak_bytes"), 4 * line.number("elements"));
                assert_eq!(analysis["memory"]["peak_at"], line.text("at"));
            }
            "sum_of_blobs" => {
                assert_eq!(number(&analysis, "/memory/sum_elements") + SOFTMAX, line.number("elements"));
            }
            other => panic!("no test knows the quantity `{other}`"),
        }
    }
}

/// 22 layers deep by the longest path, as the paper counts; 57 convolutions and one linear layer (DECISIONS 2).
#[test]
fn googlenet_is_22_layers_deep() {
    let analysis = from_library("googlenet");
    let found = ["longest_path", "convolutions", "linear"].map(|key| number(&analysis, &format!("/depth/{key}")));
    assert_eq!(found, [22, 57, 1]);
}

/// Three times forward, without the gradients of the image: 3 x 1 582 671 872 - 118 013 952; the heads add 3 x 8 372 224.
#[test]
fn a_training_step_of_googlenet() {
    let totals = Table::read("totals.csv");
    let line = totals.lines().find(|line| line.text("spec") == "googlenet").unwrap();
    let caffe = Table::read("caffe_googlenet.csv");
    let conv1 = caffe.lines().find(|line| line.text("path") == "conv1").unwrap();
    let analysis = from_library("googlenet");
    let step = 3 * line.number("madds") - conv1.number("madds");
    assert_eq!(step, 4_630_001_664);
    assert_eq!(number(&analysis, "/training/madds"), step);
    let with_heads = step + 3 * line.number("aux_madds");
    assert_eq!(with_heads, 4_655_118_336);
    assert_eq!(number(&analysis, "/training/madds_with_heads"), with_heads);
}

/// Deployed, a batch norm is folded: its two parameters a channel become the bias of the convolution, one a channel.
#[test]
fn deployed_parameters_fold_batch_norm() {
    let table = Table::read("torchvision_googlenet.csv");
    let norms = table.lines().filter(|line| line.text("path").ends_with(":norm") && line.text("head") == "main");
    let channels: u64 = norms.map(|line| line.number("c")).sum();
    let totals = Table::read("totals.csv");
    let of_table = |line: &Line<'_>| HAVE_NO_NORM.contains(&line.text("spec")) || line.text("spec") == "googlenet-torchvision";
    for line in totals.lines().filter(of_table) {
        let name = line.text("spec");
        let folded = if HAVE_NO_NORM.contains(&name) { 0 } else { channels };
        assert_eq!(number(&from_library(name), "/totals/params_deployed"), line.number("params") - folded, "{name}");
    }
}

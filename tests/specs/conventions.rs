//! Conventions of other tools: their totals on real networks, every term by hand on small ones, the laws that make a reconciliation
//! add up.

use std::process::Command;

use nas::analyze::Convention;
use nas::analyze::Measure;
use nas::analyze::Options;
use nas::analyze::Row;
use nas::analyze::analyze;
use nas::analyze::reconcile;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::op::Class;
use serde_json::Value;

use crate::network;
use crate::network::built_in;
use crate::table::Table;

fn sum(convention: &Convention, graph: &Graph) -> i128 {
    convention.sums(graph).iter().sum()
}

#[test]
fn eight_totals_of_torchvisions_googlenet() {
    let graph = built_in("googlenet-torchvision").graph;
    let table = Table::read("conventions.csv");
    let names: Vec<&str> = table.lines().map(|line| line.text("convention")).collect();
    assert_eq!(names, Convention::ALL.iter().map(|convention| convention.name).collect::<Vec<_>>());
    for line in table.lines() {
        let convention = Convention::find(line.text("convention")).unwrap();
        assert_eq!(sum(convention, &graph), i128::from(line.number("total")), "{}", convention.name);
        assert_eq!(convention.unit.name(), line.text("unit"), "{}", convention.name);
    }
}

/// What fvcore itself found, operator by operator. It differs from the convention only where the model's code does not say what the
/// network says: pools that change nothing, and averages that are a call of `mean`.
#[test]
fn fvcore_on_torchvisions_networks() {
    let convention = Convention::find("fvcore").unwrap();
    let table = Table::read("fvcore.csv");
    let mut compared = Vec::new();
    for line in table.lines() {
        let spec = line.text("spec");
        if !BUILT_IN.iter().any(|(name, _)| *name == spec) {
            continue;
        }
        let graph = built_in(spec).graph;
        let sums = convention.sums(&graph);
        let of = |class: Class| {
            let terms = convention.terms.iter().zip(&sums).filter(|(term, _)| term.classes.contains(&class));
            terms.map(|(_, sum)| *sum).sum::<i128>()
        };
        let number = |column: &str| i128::from(line.number(column));
        assert_eq!(of(Class::Convolution), number("conv_linear"), "{spec}: convolutions and linear layers");
        assert_eq!(of(Class::BatchNorm), number("batch_norm"), "{spec}: batch norm");
        assert_eq!(of(Class::LayerNorm), number("layer_norm"), "{spec}: layer norm");
        let average = number("adaptive_avg_pool") - number("idle") + number("mean");
        assert_eq!(of(Class::GlobalAvgPool), average, "{spec}: global average pool");
        assert_eq!(sum(convention, &graph), number("fvcore") - number("idle") + number("mean"), "{spec}: total");
        compared.push(spec.to_owned());
    }
    assert!(compared.len() >= 14, "only {compared:?}");
}

/// On 8 maps of 4 x 4 (128 elements, 16 positions), by the formulas in the tools' sources: fvcore `jit_handles.py`, thop
/// `vision/basic_hooks.py` and `calc_func.py`, ptflops `pytorch_ops.py`, torchinfo `layer_info.py`, `DeepSpeed` `profiler.py`, onnx-tool
/// `node.py`. In the order fvcore, thop, ptflops, torchinfo, deepspeed, onnx-tool; what the layer adds to a network without it.
const BY_HAND: [(&str, [i128; 6]); 25] = [
    // 3x3, 5 out: 5 * 16 * 8 * 9 = 5760, 80 biases.
    ("{conv: 5, kernel: 3, bias: false}", [5760, 5760, 5760, 5760, 11520, 5760]),
    ("{conv: 5, kernel: 3}", [5760, 5760, 5840, 5840, 11600, 5840]),
    // Two groups halve it.
    ("{conv: 6, kernel: 3, groups: 2, bias: false}", [3456, 3456, 3456, 3456, 6912, 3456]),
    ("{depthwise: 3, bias: false}", [1152, 1152, 1152, 1152, 2304, 1152]),
    // 128 * 10 = 1280, 10 biases, which DeepSpeed leaves out.
    ("{fc: 10}", [1280, 1280, 1290, 1290, 2560, 1290]),
    // 4 out, norm on 64 elements with 4 scales and 4 shifts; 4 * 16 * 8 = 512 multiply-adds; onnx-tool: folded into a bias of 64.
    ("{conv: 4, norm: batch}", [640, 768, 640, 520, 1152, 576]),
    // An exporter folds into convolutions only: 31 for each of 10 elements.
    ("{fc: 10, norm: batch}", [1300, 1320, 1300, 1300, 2580, 1590]),
    // A batch norm that nothing takes in: 2, 4, 2 an element, 16 parameters, 1 + 24 + 4 + 1 + 1 an element.
    ("{norm: batch}", [256, 512, 256, 16, 256, 3968]),
    // 5, 4, 1, 5 an element; onnx-tool 3 + 4 an element, 1 + 24 + 4 a position.
    ("{norm: layer}", [640, 512, 128, 16, 640, 1360]),
    // PyTorch: x * x, a pool over 8 + 5 - 1 channels, * alpha, + k: 3 * 128 + 192; onnx-tool: 4 + 32 + 1 + 5 an element.
    ("{lrn: 5}", [0, 0, 576, 0, 576, 5376]),
    ("{norm: scale}", [0, 0, 0, 0, 0, 128]),
    ("{norm: affine}", [0, 0, 0, 0, 0, 256]),
    ("{act: relu}", [0, 0, 128, 0, 128, 128]),
    ("{act: relu6}", [0, 0, 128, 0, 0, 256]),
    ("{act: leaky}", [0, 0, 128, 0, 128, 256]),
    ("{act: sigmoid}", [0, 0, 0, 0, 0, 4096]),
    ("{act: swish}", [0, 0, 128, 0, 128, 4224]),
    // (32 + 2 + 4) * 2.
    ("{act: tanh}", [0, 0, 0, 0, 0, 9728]),
    ("{act: hsigmoid}", [0, 0, 0, 0, 0, 512]),
    ("{act: hswish}", [0, 0, 0, 0, 0, 640]),
    ("{act: gelu}", [0, 0, 256, 0, 128, 896]),
    // 2x2 outputs of 2x2 taps.
    ("{max: 2, stride: 2}", [0, 0, 256, 0, 128, 128]),
    ("{avg: 2, stride: 2}", [0, 32, 256, 0, 128, 128]),
    // 8 results: 128 + 8; 128 + 4 * 8.
    ("{avg: global}", [128, 136, 256, 0, 128, 160]),
    // 3 * 128 - 16; 32 + 4 an element.
    ("{softmax: {}}", [0, 368, 128, 0, 128, 4608]),
];

const TOOLS: [&str; 6] = ["fvcore", "thop", "ptflops", "torchinfo", "deepspeed", "onnx-tool"];

fn small(layers: &str) -> Graph {
    let text = format!("nas: 1\ninput: {{image: [8, 4, 4]}}\nnet:\n{layers}");
    network::of("small.yaml", &text, Decisions::default()).graph
}

#[test]
fn every_term_by_hand() {
    let mut met: Vec<Vec<bool>> = Convention::ALL.iter().map(|convention| vec![false; convention.terms.len()]).collect();
    for (layer, expected) in BY_HAND {
        let graph = small(&format!("  layer: {layer}\n"));
        for (tool, expected) in TOOLS.iter().zip(expected) {
            assert_eq!(sum(Convention::find(tool).unwrap(), &graph), expected, "{tool} on {layer}");
        }
        for (convention, met) in Convention::ALL.iter().zip(&mut met) {
            convention.sums(&graph).iter().zip(met).for_each(|(sum, met)| *met |= *sum != 0);
        }
    }
    // Sums and products of maps: only onnx-tool sees them, one an operation.
    let graph = small("  a: {act: relu}\n  b: {add: [a, in, a]}\n  c: {mul: [b, a]}\n");
    let expected = [0, 0, 128, 0, 128, 128 + 2 * 128 + 128];
    for (tool, expected) in TOOLS.iter().zip(expected) {
        assert_eq!(sum(Convention::find(tool).unwrap(), &graph), expected, "{tool} on sums and products");
    }
    for (convention, met) in Convention::ALL.iter().zip(&mut met) {
        convention.sums(&graph).iter().zip(&mut *met).for_each(|(sum, met)| *met |= *sum != 0);
        let unmet = convention.terms.iter().zip(met).find(|(_, met)| !**met);
        assert!(unmet.is_none(), "{}: no case has the term `{}`", convention.name, unmet.unwrap().0.what);
    }
}

/// The sum of the nodes' counts; every row's count is that of its own nodes and of the rows in it.
fn added_up(row: &Row) -> u128 {
    let nodes: u128 = row.nodes.iter().map(|node| node.count.unwrap()).sum();
    let sum = nodes + row.children.iter().map(added_up).sum::<u128>();
    assert_eq!(row.count, Some(sum), "{}", row.path);
    sum
}

#[test]
fn totals_are_sums_over_layers_and_over_terms_in_every_spec() {
    for (name, _) in BUILT_IN {
        let graph = built_in(name).graph;
        let batch = 3;
        let plain = analyze(&graph, &Options { batch });
        for convention in Convention::ALL {
            let counted = plain.clone().counted_as(&graph, convention);
            if convention.is_ours() {
                assert_eq!(counted, plain, "{name}: ours is what an analysis is in");
                continue;
            }
            let total = added_up(&counted.tree);
            let found = counted.convention.as_ref().unwrap();
            let terms: i128 = found.terms.iter().map(|term| term.count).sum();
            assert_eq!(found.total, total, "{name} {}: over layers", convention.name);
            assert_eq!(i128::try_from(total).unwrap(), terms, "{name} {}: over terms", convention.name);
            assert_eq!(terms, 3 * sum(convention, &graph), "{name} {}: of one image", convention.name);
            for row in counted.heads.iter().flat_map(|head| &head.layers) {
                added_up(row);
            }
            // All else stays as it is.
            assert_eq!((counted.totals, &counted.heads.len()), (plain.totals, &plain.heads.len()));
            assert_eq!(counted.tree.madds, plain.tree.madds);
        }
    }
}

#[test]
fn reconciliations_add_up_in_every_spec() {
    for (name, _) in BUILT_IN {
        let graph = built_in(name).graph;
        let found = reconcile(&graph, 2);
        let madds = i128::from(analyze(&graph, &Options { batch: 2 }).totals.madds);
        assert_eq!(found.madds, madds, "{name}");
        assert_eq!(found.conventions.len(), Convention::ALL.len());
        for (reconciled, convention) in found.conventions.iter().zip(Convention::ALL) {
            let what = format!("{name} {}", reconciled.name);
            assert_eq!(reconciled.total, 2 * sum(convention, &graph), "{what}");
            assert_eq!(reconciled.total - madds, reconciled.difference, "{what}");
            assert_eq!(reconciled.terms.iter().map(|term| term.count).sum::<i128>(), reconciled.difference, "{what}");
            assert!(reconciled.terms.iter().all(|term| term.count != 0), "{what}: a term that does not differ");
        }
        assert_eq!((found.conventions[0].difference, found.conventions[1].difference), (0, madds), "{name}: ours, and twice it");
    }
}

/// `torch.utils.flop_counter` and every total are made of terms whose first is the multiply-adds.
#[test]
fn conventions_are_told_apart() {
    for convention in Convention::ALL {
        assert_eq!(convention.terms[0].measure, Measure::Madds, "{}", convention.name);
        assert!(Convention::find(convention.name) == Some(convention), "{} stands twice", convention.name);
        assert!(!convention.notes.is_empty() && convention.notes.iter().all(|note| note.ends_with('.')), "{}", convention.name);
    }
}

fn printed(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nas")).args(args).env_remove("COLUMNS").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// In every form the heading says which convention and unit the numbers are in, and the numbers are that convention's.
#[test]
fn headings_name_convention_and_unit() {
    let spec = "googlenet-torchvision";
    for line in Table::read("conventions.csv").lines().filter(|line| line.text("convention") != "madds") {
        let (name, unit, total) = (line.text("convention"), line.text("unit"), line.number("total"));
        let form = |form: &str| printed(&["analyze", spec, "--convention", name, "--format", form]);
        let grouped = nas::base::units::grouped(total.into());
        let table = form("table");
        let heads: Vec<&str> = table.lines().take(4).collect();
        assert!(heads[0].contains(&format!("{name} in {unit}")), "{table}");
        assert!(heads[2].contains(name) && heads[3].contains(unit) && !heads[2].contains("madds"), "{table}");
        assert!(table.contains(&format!("{grouped}   {unit} as ")), "{table}");
        let markdown = form("markdown");
        assert!(
            markdown.contains(&format!("| {name} {unit} |")) && markdown.contains(&format!("{grouped} {unit} by")),
            "{markdown}"
        );
        assert!(form("latex").contains(&format!("& {name} (M {unit}) &")));
        let csv = form("csv");
        let column = format!(",{}_{}", name.replace('-', "_"), unit.replace('-', "_").to_lowercase());
        let mut lines = csv.lines();
        assert!(lines.next().unwrap().ends_with(&column), "{csv}");
        let main = lines.filter(|line| line.split(',').nth(1) == Some(""));
        let sum: u64 = main.map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!(sum, total, "{name}: the column");
        let json: Value = serde_json::from_str(&form("json")).unwrap();
        let convention = &json["convention"];
        assert_eq!((&convention["name"], &convention["unit"]), (&Value::from(name), &Value::from(unit)));
        assert_eq!((&convention["total"], &json["tree"]["count"]), (&Value::from(total), &Value::from(total)));
        assert_eq!(json["totals"]["madds"], 1_498_376_192_u64, "the totals stay ours");
    }
    let plain = printed(&["analyze", spec, "--format", "json"]);
    assert_eq!(printed(&["analyze", spec, "--format", "json", "--convention", "madds"]), plain);
    assert!(!plain.contains("\"count\"") && !plain.contains("\"convention\""));
}

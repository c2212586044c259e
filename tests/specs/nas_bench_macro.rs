//! NAS-Bench-Macro (Su et al. 2021): each of its 3^8 nets from the spec's decisions and from the builder, against its published table.

use std::path::Path;

use nas::base::Shape;
use nas::expr::Decisions;
use nas::expr::Value;
use nas::graph::Graph;
use nas::graph::GraphBuilder;
use nas::graph::NodeIndex;
use nas::op::Activation;
use nas::op::Add;
use nas::op::AvgPool;
use nas::op::BatchNorm;
use nas::op::Conv;
use nas::op::Depthwise;
use nas::op::Function;
use nas::op::Linear;
use nas::op::Op;
use nas::op::Window;
use nas::spec::Spec;
use nas::spec::lower;

use crate::network::built_in;
use crate::table::Table;

/// Blocks of each stage.
const STAGES: [usize; 3] = [2, 3, 3];
/// A digit for each block.
const DIGITS: usize = 8;
/// Codes: all numbers of eight digits to base 3.
const NETS: usize = 3usize.pow(DIGITS as u32);

/// Parameters and multiply-adds of one net.
type Counts = [u64; 2];

/// The digits of the code with this place in the table, the first changing slowest.
fn digits(row: usize) -> [usize; DIGITS] {
    std::array::from_fn(|at| row / 3usize.pow((DIGITS - 1 - at) as u32) % 3)
}

fn counts(graph: &Graph) -> Counts {
    let totals = graph.totals(graph.nodes());
    [totals.params, totals.cost.madds].map(|sum| u64::try_from(sum).unwrap())
}

/// The net of a code as `--set s1.1:kind=... --set s1.2:kind=...` takes it.
fn from_decisions(spec: &Spec, row: usize) -> Graph {
    let blocks = STAGES.iter().enumerate().flat_map(|(stage, &blocks)| (1..=blocks).map(move |block| (stage + 1, block)));
    let kinds = digits(row).map(|digit| ["skip", "mb3", "mb6"][digit]);
    let chosen = blocks.zip(kinds).map(|((stage, block), kind)| (format!("s{stage}.{block}:kind"), Value::word(kind)));
    let lowered = lower(spec, Decisions::new(chosen), None);
    assert!(lowered.found.is_empty() && lowered.decisions.unused().is_empty(), "{row}: {:?}", lowered.found);
    lowered.graph.unwrap()
}

fn relu() -> Op {
    Activation { function: Function::Relu }.into()
}

fn pointwise(width: u32, stride: u32) -> Op {
    let conv = Conv { bias: false, ..Conv::new(width, 1) };
    Conv { window: Window { stride: [stride; 2], ..conv.window }, ..conv }.into()
}

/// Expansion, depthwise convolution with the block's stride, projection; added to its input where shapes are equal.
fn inverted_residual(net: &mut GraphBuilder, from: NodeIndex, [width, stride, expansion, kernel]: [u32; 4]) -> NodeIndex {
    let given = net.shape(from).unwrap().c;
    let norm = || Op::from(BatchNorm::default());
    let depthwise = Depthwise { bias: false, ..Depthwise::new(kernel) };
    let depthwise = Depthwise { window: Window { stride: [stride; 2], ..depthwise.window }, ..depthwise };
    let expanded = net.layer("expand", [pointwise(expansion * given, 1), norm(), relu()], &[from]);
    let filtered = net.layer("filter", [depthwise.into(), norm(), relu()], &[expanded]);
    let projected = net.layer("project", [pointwise(width, 1), norm()], &[filtered]);
    if stride == 1 && given == width { net.add(Add, &[projected, from]) } else { projected }
}

/// The net of a code as the benchmark's authors describe it, without the spec.
fn from_builder(row: usize) -> Graph {
    let mut net = GraphBuilder::new("net");
    let image = net.input("image", Shape::new(3, 32, 32));
    let stem = Conv { bias: false, ..Conv::new(32, 3) };
    let mut last = net.layer("stem", [stem.into(), BatchNorm::default().into(), relu()], &[image]);
    let mut code = digits(row).into_iter();
    let mut width = 32;
    for (stage, blocks) in STAGES.into_iter().enumerate() {
        width *= 2;
        for (block, digit) in code.by_ref().take(blocks).enumerate() {
            let stride = if block == 0 { 2 } else { 1 };
            net.open(&format!("{stage}.{block}"), None);
            last = match digit {
                0 if stride == 1 => last,
                0 => net.layer("down", [pointwise(width, 2), BatchNorm::default().into()], &[last]),
                1 => inverted_residual(&mut net, last, [width, stride, 3, 3]),
                _ => inverted_residual(&mut net, last, [width, stride, 6, 5]),
            };
            net.close();
        }
    }
    last = net.layer("last", [pointwise(1280, 1), BatchNorm::default().into(), relu()], &[last]);
    last = net.layer("gap", [AvgPool { window: None, count_pad: true }.into()], &[last]);
    last = net.layer("logits", [Linear::new(10).into()], &[last]);
    net.output("main", last);
    net.finish().unwrap()
}

/// Checks one line of a table.
fn check(row: usize, line: [&str; 3], found: &[Counts]) {
    let [arch, params, madds] = line;
    assert_eq!(arch, digits(row).map(|digit| digit.to_string()).concat(), "the code of row {row}");
    assert_eq!([params, madds].map(|number| number.parse::<u64>().unwrap()), found[row], "{arch}: parameters, multiply-adds");
}

/// The digest of a table of all nets, line by line: the number of rows, sums, and sums weighted by the row's place.
fn digest(found: &[Counts]) -> [String; 5] {
    let sum = |at: usize| found.iter().map(|counts| counts[at]).sum::<u64>();
    let weighted = |at: usize| {
        let terms = found.iter().zip(1u64..).map(|(counts, place)| place.wrapping_mul(counts[at]));
        terms.fold(0, u64::wrapping_add)
    };
    [
        format!("rows {}", found.len()),
        format!("params {}", sum(0)),
        format!("madds {}", sum(1)),
        format!("params_weighted {}", weighted(0)),
        format!("madds_weighted {}", weighted(1)),
    ]
}

#[test]
#[expect(clippy::print_stdout, reason = "says what was left out")]
fn all_nets_are_those_of_the_published_table() {
    let spec = built_in("nas-bench-macro").spec;
    let found: Vec<Counts> = (0..NETS).map(|row| counts(&from_decisions(&spec, row))).collect();
    let truth = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/truth/nas_bench_macro_digest.txt");
    let wanted = std::fs::read_to_string(truth).unwrap();
    let wanted: Vec<&str> = wanted.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(digest(&found).as_slice(), wanted);
    let sample = Table::read("nas_bench_macro.csv");
    assert_eq!(sample.lines().count(), 200);
    for line in sample.lines() {
        check(line.number("row") as usize, ["arch", "params", "madds"].map(|column| line.text(column)), &found);
    }
    // The whole table is larger than a repository should carry; where a checkout has it beside it, every row is compared.
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/truth/nas-bench-macro.csv");
    match std::fs::read_to_string(&whole) {
        Ok(text) => {
            let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
            rows.clone().enumerate().for_each(|(row, fields)| check(row, [fields[0], fields[4], fields[5]], &found));
            assert_eq!(rows.count(), NETS);
        }
        Err(error) => println!("skipped the comparison of every row, the digest covers them: {}: {error}", whole.display()),
    }
}

#[test]
fn all_nets_through_the_builder_are_those_of_the_spec() {
    let spec = built_in("nas-bench-macro").spec;
    for row in 0..NETS {
        assert_eq!(counts(&from_builder(row)), counts(&from_decisions(&spec, row)), "{:?}", digits(row));
    }
}

/// One net through the program.
#[test]
fn a_code_is_set_on_the_command_line() {
    let sample = Table::read("nas_bench_macro.csv");
    let line = sample.lines().find(|line| line.text("arch").bytes().all(|digit| digit != b'0')).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(["analyze", "nas-bench-macro", "--format", "json"]);
    let blocks = ["s1.1", "s1.2", "s2.1", "s2.2", "s2.3", "s3.1", "s3.2", "s3.3"];
    for (block, digit) in blocks.into_iter().zip(line.text("arch").bytes()) {
        command.args(["--set", &format!("{block}:kind={}", ["skip", "mb3", "mb6"][usize::from(digit - b'0')])]);
    }
    let analysis: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    for column in ["params", "madds"] {
        assert_eq!(analysis["totals"][column], line.number(column), "{}: {column}", line.text("arch"));
    }
}

//! The paper's Table 1 beside networks: every row's figures and verdicts against the committed table.

use nas::analyze::Compared;
use nas::analyze::Table1;
use nas::analyze::table1;
use nas::expr::Decisions;

use crate::network;
use crate::network::built_in;
use crate::table::Table;

/// Rows whose printed operations, and parameters, are the published network's: the comparison of the paper with Caffe's file.
const EXACT_OPS: [&str; 9] = ["conv2", "3a", "3b", "4b", "4c", "4d", "4e", "5b", "linear"];
const EXACT_PARAMS: [&str; 3] = ["conv2", "3a", "linear"];

fn of(name: &str) -> Table1 {
    table1(&built_in(name).graph).unwrap_or_else(|missing| panic!("{name} lacks {missing:?}"))
}

fn reason(compared: &Compared) -> &str {
    compared.reason.as_deref().unwrap_or_default()
}

#[test]
fn every_row_of_the_published_network() {
    let truth = Table::read("table1.csv");
    let table = of("googlenet");
    assert_eq!(table.rows.len(), truth.lines().count());
    for (row, line) in table.rows.iter().zip(truth.lines()) {
        assert_eq!(row.name, line.text("row"));
        assert_eq!([row.weights, row.madds], [line.number("weights"), line.number("madds")], "{}", row.name);
        let paper = [row.paper_params_k, row.paper_ops_m].map(|number| number.to_string());
        assert_eq!(paper, [line.text("paper_k"), line.text("paper_m")], "{}: as printed", row.name);
        assert_eq!(row.params.exact, EXACT_PARAMS.contains(&row.name), "{}: parameters", row.name);
        assert_eq!(row.ops.exact, EXACT_OPS.contains(&row.name), "{}: operations", row.name);
        for compared in [&row.params, &row.ops] {
            assert_eq!(compared.exact, compared.reason.is_none(), "{}: a reason where it differs, and only there", row.name);
            assert!(!reason(compared).contains("than the published"), "{}: it is the published network", row.name);
        }
    }
    assert_eq!([table.sum.weights, table.sum.madds], [6_990_272, 1_582_671_872]);
    assert_eq!([table.sum.paper_params_k, table.sum.paper_ops_m].map(|sum| sum.to_string()), ["6797.7", "1502"]);
    assert_eq!([table.weights_in_no_row, table.madds_in_no_row], [0, 0]);
}

/// 2 712 weights and 34 019 328 multiply-adds (the fixture's second comment): the operations are the paper's, the parameters nearly.
#[test]
fn the_separable_convolution_is_the_printed_row() {
    let (plain, separable) = (of("googlenet"), of("googlenet-sepconv"));
    let conv1 = &separable.rows[0];
    assert_eq!([conv1.weights, conv1.madds], [2712, 34_019_328]);
    assert!(conv1.ops.exact && !conv1.params.exact);
    assert!(!reason(&conv1.params).contains("separable"), "what it is needs no telling: {}", reason(&conv1.params));
    assert!(reason(&plain.rows[0].ops).contains("separable"));
    assert_eq!(plain.rows[1..], separable.rows[1..]);
    assert_eq!([separable.sum.weights, separable.sum.madds], [6_983_576, 1_498_677_248]);
}

/// Its "5x5" is a 3x3: 9 of 25 taps, so that 3a has 16 * 32 * 16 weights less on 28 x 28 positions.
#[test]
fn another_network_is_told_by_how_much() {
    let table = of("googlenet-torchvision");
    let row = &table.rows[2];
    assert_eq!(row.weights, 163_328 - 8192);
    assert!(reason(&row.params).ends_with("-8 192 weights") && reason(&row.ops).ends_with("-6 422 528 multiply-adds"));
    assert_eq!(table.sum.madds, 1_498_376_192);
}

/// A network of another name with the rows' paths, conv2 a module that holds its reduction.
#[test]
fn rows_are_found_by_path_alone() {
    let text = "nas: 1\nname: other\nextends: googlenet.yaml\nmodules:\n  two: {net: [{conv: 64}, {conv: 192, kernel: 3}]}\n\
                net:\n  reduce2: {}\n  conv2: {two: {}}\n";
    let table = table1(&network::of("other.yaml", text, Decisions::default()).graph).unwrap();
    let published = of("googlenet");
    assert_eq!((table.rows, table.sum), (published.rows, published.sum));
    assert_eq!(table1(&built_in("alexnet").graph).unwrap_err(), ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]);
}

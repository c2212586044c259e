//! Specs drawn at random that are valid by construction: each is a network, follows the expansion law, and its lines add up.

use std::fmt::Write;

use nas::analyze::Analysis;
use nas::expr::Decisions;
use proptest::prelude::*;

use crate::expansion;
use crate::network;

/// What a convolution may say of its weights, whatever its window.
const WEIGHTS: &[&str] = &["", "", "", ", trainable: false", ", init: xavier", ", trainable: true, init: he"];

/// One layer of a net. Windows are padded so that they fit every map.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Conv { width: String, kernel: u32, stride: u32, norm: &'static str, act: &'static str, weights: &'static str },
    Depthwise { kernel: u32, multiplier: u32 },
    Pool { kind: &'static str, stride: u32, ceil: bool },
    Inception { branches: Vec<(String, String)> },
    Ratios { total: u32, share: [u32; 4] },
    Residual { kernel: u32, norm: &'static str, copies: u32 },
    Copies { width: u32, copies: u32 },
    Use { width: u32, copies: u32, wide: bool },
    Choice { width: u32, chosen: usize },
    Optional { width: u32, there: bool },
    Squeeze { width: u32 },
    Plain(&'static str),
}

impl Piece {
    /// The value of the layer's key.
    fn write(&self) -> String {
        match self {
            Piece::Conv { width, kernel, stride, norm, act, weights } => {
                format!("{{conv: {width}, kernel: {kernel}, stride: {stride}, norm: {norm}, act: {act}{weights}}}")
            }
            Piece::Depthwise { kernel, multiplier } => format!("{{depthwise: {kernel}, multiplier: {multiplier}}}"),
            Piece::Pool { kind, stride, ceil } => format!("{{{kind}: 3, pad: same, stride: {stride}, ceil: {ceil}}}"),
            Piece::Inception { branches } => {
                let branches: Vec<String> = branches.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("{{inception: {{{}}}}}", branches.join(", "))
            }
            Piece::Ratios { total, share: [a, b, c, d] } => {
                let sum = a + b + c + d;
                format!(
                    "{{inception: {{total: {}, unit: 8, share: {{1x1: {a}/{sum}, 3x3: {b}/{sum}, 5x5: {c}/{sum}, pool: rest}}, \
                     reduce: {{3x3: 1/2, 5x5: 1/4}}}}}}",
                    total * 64
                )
            }
            Piece::Residual { kernel, norm, copies } => {
                format!("{{residual: {{k: {kernel}, norm: {norm}}}, repeat: {copies}}}")
            }
            Piece::Copies { width, copies } => {
                format!("{{conv: {width} * i, kernel: 3 then 1, stride: 2 then 1, repeat: {copies}}}")
            }
            Piece::Use { width, copies, wide } => format!("{{cell: {{n: {width}, wide: {wide}}}, repeat: {copies}}}"),
            Piece::Choice { width, chosen } => {
                let kind = ["max | avg", "avg | max"][chosen % 2];
                format!("{{net: [{{{kind}: 3, pad: same}}, {{conv: {width} of 8 .. 64 by 8, kernel: 3 | 5}}]}}")
            }
            Piece::Optional { width, there } => format!("{{conv: {width}, act: relu, when: {there} | {}}}", !there),
            Piece::Squeeze { width } => format!("{{squeeze: {width}}}"),
            Piece::Plain(text) => (*text).to_owned(),
        }
    }
}

fn act() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["none", "relu", "relu6", "leaky", "sigmoid", "tanh", "swish", "hswish", "hsigmoid", "gelu"])
}

fn norm() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["none", "batch", "layer", "affine", "scale"])
}

fn odd() -> impl Strategy<Value = u32> {
    prop::sample::select(vec![1, 3, 5])
}

fn width() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..64).prop_map(|width| width.to_string()),
        Just("w".to_owned()),
        (1u32..5).prop_map(|factor| format!("{factor} * w + 1")),
        (1u32..64).prop_map(|width| format!("round8({width} / 3)")),
        Just("2 * in".to_owned()),
    ]
}

fn branch() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..32).prop_map(|width| width.to_string()),
        (1u32..16, 16u32..32).prop_map(|(reduce, width)| format!("[{reduce}, {width}]")),
        (1u32..16, 16u32..32).prop_map(|(reduce, width)| format!("[{reduce}, {width}, {width}]")),
        (1u32..32).prop_map(|width| format!("[{{max: 3, pad: same}}, {{conv: {width}}}]")),
    ]
}

fn inception() -> impl Strategy<Value = Piece> {
    let pool = prop_oneof![Just(None), Just(Some("through".to_owned())), (1u32..32).prop_map(|width| Some(width.to_string()))];
    (prop::collection::vec(branch(), 1..4), pool).prop_map(|(values, pool)| {
        let mut branches: Vec<(String, String)> =
            ["1x1", "3x3", "5x5b", "1x3"].into_iter().map(str::to_owned).zip(values).collect();
        branches.extend(pool.map(|pool| ("pool".to_owned(), pool)));
        Piece::Inception { branches }
    })
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => (width(), odd(), 1u32..3, norm(), act(), prop::sample::select(WEIGHTS)).prop_map(
            |(width, kernel, stride, norm, act, weights)| Piece::Conv { width, kernel, stride, norm, act, weights }
        ),
        1 => (odd(), 1u32..3).prop_map(|(kernel, multiplier)| Piece::Depthwise { kernel, multiplier }),
        2 => (prop::sample::select(vec!["max", "avg"]), 1u32..3, any::<bool>())
            .prop_map(|(kind, stride, ceil)| Piece::Pool { kind, stride, ceil }),
        3 => inception(),
        1 => (1u32..3, prop::array::uniform4(2u32..6)).prop_map(|(total, share)| Piece::Ratios { total, share }),
        2 => (odd(), norm(), 0u32..4).prop_map(|(kernel, norm, copies)| Piece::Residual { kernel, norm, copies }),
        1 => (1u32..8, 0u32..4).prop_map(|(width, copies)| Piece::Copies { width, copies }),
        2 => (1u32..32, 1u32..3, any::<bool>()).prop_map(|(width, copies, wide)| Piece::Use { width, copies, wide }),
        1 => (1u32..32, 0usize..2).prop_map(|(width, chosen)| Piece::Choice { width, chosen }),
        1 => (1u32..32, any::<bool>()).prop_map(|(width, there)| Piece::Optional { width, there }),
        1 => (1u32..16).prop_map(|width| Piece::Squeeze { width }),
        2 => prop::sample::select(vec![
            "{}", "{lrn: 5}", "{dropout: 0.4}", "{droppath: 1/8}", "{times: 0.17}", "{norm: batch, act: relu}", "{act: gelu}",
            "{norm: layer, eps: 1e-6}", "{shuffle: 1}", "{take: 1}", "softmax", "{from: in}", "{conv: 8, from: in}",
            "{conv: 4, kernel: 3, pad: [[1, 2], [2, 1]], bias: false}", "{conv: 6, kernel: [1, 3], dilation: [1, 2]}",
            "{avg: 3, pad: same, count_pad: false}",
        ]).prop_map(Piece::Plain),
    ]
}

/// A whole spec.
pub(crate) fn spec() -> impl Strategy<Value = String> {
    let shape = (1u32..5, 1u32..20, 1u32..20);
    let end = prop_oneof![Just("net"), Just("classifier"), Just("heads")];
    (shape, 1u32..24, prop::collection::vec(piece(), 1..9), end, any::<bool>()).prop_map(|((c, h, w), width, pieces, end, budget)| {
        let mut text = format!("nas: 1\ninput: {{image: [{c}, {h}, {w}]}}\nvars: {{w: {width}}}\n");
        if budget {
            text += "budget: {madds: 1.5G, params: 7M}\n";
        }
        text += "modules:\n  residual:\n    args: {k: required, norm: none}\n    net:\n      \
                 main: {conv: in, kernel: k, norm: norm}\n      sum: {add: [main, in], act: relu}\n  \
                 cell:\n    args: {n: required, wide: false}\n    defaults: {conv: {norm: batch, act: relu}}\n    net:\n      \
                 a: {conv: n}\n      b: {conv: 2 * n, kernel: 3, when: wide}\n      c: {inception: {1x1: n, 3x3: [n, 2 * n]}}\n      \
                 d: {concat: [a, c, in]}\n  \
                 squeeze:\n    args: {n: required}\n    net:\n      pool: {avg: global}\n      down: {conv: n, act: relu}\n      \
                 up: {conv: in, act: sigmoid}\n      scale: {mul: [in, up]}\nnet:\n";
        for (at, piece) in pieces.iter().enumerate() {
            writeln!(text, "  l{at}: {}", piece.write()).unwrap();
        }
        if end != "net" {
            text += "  gap: {avg: global}\n  logits: {fc: 10}\n";
        }
        if end == "heads" {
            text += "heads:\n  main: {from: logits}\n  side: {net: [{avg: global}, {fc: 10}], from: l0, weight: 0.3, train_only: true}\n";
        }
        text
    })
}

/// Lines of the CSV of one analysis: head, multiply-adds, parameters.
fn lines(analysis: &Analysis) -> Vec<(String, u64, u64)> {
    let csv = nas::report::csv(std::slice::from_ref(analysis));
    let mut lines = csv.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let [head, madds, params] = ["head", "madds", "params"].map(at);
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[head].to_owned(), fields[madds].parse().unwrap(), fields[params].parse().unwrap())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_valid_spec_is_a_network_whose_lines_add_up(text in spec()) {
        let network = network::of("drawn.yaml", &text, Decisions::default());
        expansion::check(&text, &network);
        let analysis = network.analysis();
        let lines = lines(&analysis);
        let sum = |name: &str| {
            let of_head = lines.iter().filter(|(head, ..)| head == name);
            of_head.fold((0, 0), |(madds, params), line| (madds + line.1, params + line.2))
        };
        prop_assert_eq!(sum(""), (analysis.totals.madds, analysis.totals.params), "{}", text);
        for head in &analysis.heads {
            prop_assert_eq!(sum(&head.name), (head.madds, head.params), "{}", text);
        }
        let all = lines.iter().fold((0, 0), |(madds, params), line| (madds + u128::from(line.1), params + u128::from(line.2)));
        let totals = network.graph.totals(network.graph.nodes());
        prop_assert_eq!(all, (totals.cost.madds, totals.params), "{}", text);
    }
}

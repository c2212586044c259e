//! The page's head: what the network is, in one line and five cards.

use crate::analyze::Analysis;
use crate::base::Shape;
use crate::base::units;
use crate::base::units::F32_BYTES;
use crate::report::page::html::Html;
use crate::report::page::subject::Subject;
use crate::report::picture::spaced;
use crate::report::summary::bytes;
use crate::report::summary::layers;
use crate::report::summary::steps;

/// One card: what, how much, and what is behind it.
pub(super) struct Card {
    pub(super) what: &'static str,
    pub(super) number: String,
    pub(super) says: String,
}

/// The line under the network's name.
pub(super) fn line(subject: &Subject<'_>) -> String {
    let analysis = subject.analysis;
    let input = |input: &crate::analyze::InputShape| {
        let [c, h, w] = input.shape;
        let shape = Shape::new(c, h, w).to_string().replace('x', "×");
        if analysis.inputs.len() == 1 { shape } else { format!("{} {shape}", input.name) }
    };
    let inputs: Vec<String> = analysis.inputs.iter().map(input).collect();
    let facts = [
        subject.source.to_owned(),
        format!("input {}, batch {}", inputs.join(" and "), analysis.batch),
        layers(&analysis.depth),
        "conv + linear multiply-adds, no bias".to_owned(),
    ];
    facts.join(" · ")
}

/// The cards of one network.
pub(super) fn cards(subject: &Subject<'_>) -> Vec<Card> {
    let Analysis { totals, memory, training, depth, .. } = subject.analysis;
    let exact = |number: u64| spaced(&units::grouped(number.into()));
    let si = |number: u64| spaced(&units::si(number.into()));
    vec![
        Card { what: "multiply-adds", number: si(totals.madds), says: exact(totals.madds) },
        Card {
            what: "parameters",
            number: si(totals.params),
            says: format!("{}, {}", exact(totals.params), spaced(&bytes(totals.params.saturating_mul(F32_BYTES), 1))),
        },
        Card {
            what: "live memory",
            number: spaced(&bytes(memory.peak_bytes, 2)),
            says: format!("peak at {}; sum {}", memory.peak_at, spaced(&bytes(memory.sum_bytes, 1))),
        },
        Card {
            what: "training step",
            number: si(training.madds),
            says: steps(subject.analysis).replace(" x ", " × ").replace(" - ", " − "),
        },
        Card {
            what: "depth",
            number: depth.longest_path.to_string(),
            says: format!("{} with weights on the longest path", if depth.longest_path == 1 { "layer" } else { "layers" }),
        },
    ]
}

/// Writes cards.
pub(super) fn write(html: &mut Html, cards: &[Card]) {
    html.open("div", &[("class", "cards")]);
    for Card { what, number, says } in cards {
        html.open("div", &[("class", "card")]);
        html.leaf("span", &[], what).leaf("b", &[], number).leaf("small", &[], says).close();
    }
    html.close().line();
}

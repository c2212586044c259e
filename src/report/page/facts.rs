//! The page's head: what the network is, in one line and five cards.

use crate::analyze::Analysis;
use crate::base::Shape;
use crate::base::units::F32_BYTES;
use crate::report::numbers::exact;
use crate::report::numbers::short;
use crate::report::numbers::times;
use crate::report::page::html::Html;
use crate::report::page::network::PageNetwork;
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
pub(super) fn line(net: &PageNetwork<'_>) -> String {
    let analysis = net.analysis;
    let input = |input: &crate::analyze::InputShape| {
        let [c, h, w] = input.shape;
        let shape = Shape::new(c, h, w).to_string().replace('x', "×");
        if analysis.inputs.len() == 1 { shape } else { format!("{} {shape}", input.name) }
    };
    let inputs: Vec<String> = analysis.inputs.iter().map(input).collect();
    let facts = [
        net.source.to_owned(),
        format!("input {}, batch {}", inputs.join(" and "), analysis.batch),
        layers(&analysis.depth),
        "conv + linear multiply-adds, no bias".to_owned(),
    ];
    facts.join(" · ")
}

/// The cards of one network.
pub(super) fn cards(net: &PageNetwork<'_>) -> Vec<Card> {
    let Analysis { totals, memory, training, .. } = net.analysis;
    vec![
        Card { what: "multiply-adds", number: short(totals.madds), says: exact(totals.madds) },
        Card {
            what: "parameters",
            number: short(totals.params),
            says: format!("{}, {}", exact(totals.params), spaced(&bytes(totals.params.saturating_mul(F32_BYTES), 1))),
        },
        Card {
            what: "live memory",
            number: spaced(&bytes(memory.peak_bytes, 2)),
            says: format!("peak at {}; sum {}", memory.peak_at, spaced(&bytes(memory.sum_bytes, 1))),
        },
        Card {
            what: "training step",
            number: short(training.madds),
            says: steps(net.analysis).replace(" x ", " × ").replace(" - ", " − "),
        },
        last(net),
    ]
}

/// What the reductions save where there is a naive twin, else how deep the network is.
fn last(net: &PageNetwork<'_>) -> Card {
    let grown = net.naive.and_then(|(naive, _)| naive.grown.as_ref().map(|grown| (grown.madds, naive.reduced.madds)));
    if let Some((grown, reduced)) = grown {
        // A twin is counted for one image.
        let of = if net.analysis.batch > 1 { " an image" } else { "" };
        let says = format!("{} multiply-adds{of}", short(grown));
        return Card { what: "naive twin", number: times(grown, reduced), says };
    }
    let depth = net.analysis.depth.longest_path;
    let layers = if depth == 1 { "layer" } else { "layers" };
    Card { what: "depth", number: depth.to_string(), says: format!("{layers} with weights on the longest path") }
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

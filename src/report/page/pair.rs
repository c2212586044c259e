//! The page of two networks: where they differ.

use crate::analyze;
use crate::report::numbers::distance;
use crate::report::numbers::short;
use crate::report::page::budget;
use crate::report::page::data;
use crate::report::page::differences;
use crate::report::page::differences::signed;
use crate::report::page::differences::signed_si;
use crate::report::page::facts;
use crate::report::page::facts::Card;
use crate::report::page::frame;
use crate::report::page::html::Html;
use crate::report::page::items::Item;
use crate::report::page::items::items;
use crate::report::page::network::PageNetwork;
use crate::report::page::pictures;
use crate::report::picture::spaced;
use crate::report::summary::bytes;

/// Writes it; gives the data: of both networks and of what differs.
pub(super) fn write(html: &mut Html, [base, other]: [&PageNetwork<'_>; 2]) -> Vec<data::Network> {
    let both = [base, other];
    let items: [Vec<Item<'_>>; 2] = both.map(items);
    let [first, second] = both.map(subject);
    let comparison = analyze::compare(&first, &[second]);
    let against = &comparison.others[0];
    let whole = differences::whole(against, both);
    let pairs = differences::pairs(&whole, both);
    html.open("header", &[]).line();
    html.leaf("h1", &[], &format!("{} → {}", base.analysis.name, other.analysis.name)).line();
    for net in both {
        html.open("p", &[("class", "facts")])
            .leaf("b", &[], &net.analysis.name)
            .text(&format!(" · {}", facts::line(net)))
            .close()
            .line();
    }
    for remark in &against.remarks {
        html.leaf("p", &[("class", "facts")], remark).line();
    }
    facts::write(html, &cards(both));
    let most = both.map(|net| net.analysis.totals.madds).into_iter().max().unwrap_or(0);
    for (net, items) in both.into_iter().zip(&items) {
        html.leaf("p", &[("class", "whose")], &net.analysis.name);
        budget::gauges(html, net, items, most);
    }
    html.close().line();
    frame::navigation(html, &[("table", "Differences"), ("icicle", "Icicles"), ("graph", "Graphs"), ("plots", "Plots")]);
    html.open("main", &[]).line();
    html.open("section", &[("id", "table"), ("class", "tree"), ("data-net", "2")]);
    html.leaf("h2", &[], "Where they differ").line();
    differences::write(html, both, &pairs);
    html.close().line();
    html.open("section", &[("id", "icicle")]).line();
    for (at, net) in both.into_iter().enumerate() {
        html.open("div", &[("class", "one-icicle")]);
        pictures::icicle_head(html, Some(&net.analysis.name));
        pictures::icicle(html, net, at);
        html.close().line();
    }
    html.close().line();
    html.open("section", &[("id", "graph")]).line();
    for (at, net) in both.into_iter().enumerate() {
        html.open("h2", &[])
            .text(&net.analysis.name)
            .leaf("small", &[], " box height ∝ multiply-adds, ribbon width ∝ bytes")
            .close()
            .line();
        pictures::graph(html, net, at);
    }
    html.close().line();
    html.open("section", &[("id", "plots")]).leaf("h2", &[], "Plots").line();
    pictures::of_two(html, both);
    html.close().line().close().line();
    let mut data: Vec<data::Network> = both.into_iter().zip(&items).map(|(net, items)| data::network(net, items)).collect();
    data.push(differences::data(both, &pairs));
    data
}

fn subject<'a>(net: &PageNetwork<'a>) -> analyze::Subject<'a> {
    analyze::Subject::network(&net.analysis.name, net.graph, net.analysis)
}

/// Both sums and their difference.
fn cards([base, other]: [&PageNetwork<'_>; 2]) -> Vec<Card> {
    let share = |from: u64, to: u64| format!("{} ({})", signed_si(i128::from(to) - i128::from(from)), distance(to, from));
    let card = |what: &'static str, of: fn(&analyze::Analysis) -> u64| {
        let (from, to) = (of(base.analysis), of(other.analysis));
        Card {
            what,
            number: format!("{} → {}", short(from), short(to)),
            says: if from == to { "equal".to_owned() } else { share(from, to) },
        }
    };
    let [from, to] = [base, other].map(|net| net.analysis.memory.peak_bytes);
    let live = i128::from(to) - i128::from(from);
    let [first, second] = [base, other].map(|net| net.analysis.depth.longest_path);
    vec![
        card("multiply-adds", |analysis| analysis.totals.madds),
        card("parameters", |analysis| analysis.totals.params),
        Card {
            what: "live memory",
            number: format!("{} → {}", spaced(&bytes(from, 2)), spaced(&bytes(to, 2))),
            says: if live == 0 { "equal".to_owned() } else { signed_bytes(live) },
        },
        card("training step", |analysis| analysis.training.madds),
        Card {
            what: "depth",
            number: format!("{first} → {second}"),
            says: if first == second { "equal".to_owned() } else { signed(i128::from(second) - i128::from(first), 1, 0) },
        },
    ]
}

/// A difference of sizes in a unit that shows it.
fn signed_bytes(difference: i128) -> String {
    let sign = if difference < 0 { "\u{2212}" } else { "+" };
    let size = u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{}", spaced(&bytes(size, 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_difference_of_memory_shows() {
        let says = [-4, 1_024, -4_096, 1_500_000].map(signed_bytes);
        assert_eq!(says, ["\u{2212}4\u{202F}B", "+1.02\u{202F}kB", "\u{2212}4.10\u{202F}kB", "+1.50\u{202F}MB"]);
    }
}

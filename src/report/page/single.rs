//! The page of one network.

use crate::report::page::budget;
use crate::report::page::data;
use crate::report::page::facts;
use crate::report::page::frame;
use crate::report::page::html::Html;
use crate::report::page::items::items;
use crate::report::page::network::PageNetwork;
use crate::report::page::pictures;
use crate::report::page::table;

/// Writes it; gives its data.
pub(super) fn write(html: &mut Html, net: &PageNetwork<'_>) -> data::Network {
    let items = items(net);
    html.open("header", &[]).line();
    html.leaf("h1", &[], &net.analysis.name).leaf("p", &[("class", "facts")], &facts::line(net)).line();
    facts::write(html, &facts::cards(net));
    budget::gauges(html, net, &items, 0);
    html.close().line();
    let parts = [("table", "Table"), ("icicle", "Icicle"), ("graph", "Graph"), ("plots", "Plots"), ("clusters", "Clusters")];
    frame::navigation(html, &parts[..parts.len() - usize::from(net.clusters.is_empty())]);
    html.open("main", &[]).line();
    html.open("section", &[("id", "table"), ("class", "tree"), ("data-net", "0")]);
    html.leaf("h2", &[], "Where the cost goes").line();
    table::write(html, net, &items);
    html.close().line();
    html.open("section", &[("id", "icicle")]);
    pictures::icicle_head(html, None);
    pictures::icicle(html, net, 0);
    html.close().line();
    html.open("section", &[("id", "graph")]).open("h2", &[]).text("The network ");
    html.leaf("small", &[], "box height ∝ multiply-adds, ribbon width ∝ bytes").close().line();
    pictures::graph(html, net, 0);
    html.close().line();
    html.open("section", &[("id", "plots")]).leaf("h2", &[], "Plots").line();
    pictures::plots(html, net, 0);
    html.close().line();
    if !net.clusters.is_empty() {
        html.open("section", &[("id", "clusters")]).leaf("h2", &[], "What its layers' units have in common").line();
        pictures::clusters(html, net.clusters);
        html.close().line();
    }
    html.close().line();
    data::network(net, &items)
}

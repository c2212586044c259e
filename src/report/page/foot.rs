//! The page's foot: which program wrote it, and from what.

use crate::report::page::html::Html;
use crate::report::page::network::PageNetwork;

/// Digits of a digest that are shown; all are in the data.
const SHOWN: usize = 12;

pub(super) fn write(html: &mut Html, nets: &[PageNetwork<'_>]) {
    html.open("footer", &[]).open("p", &[]);
    html.text(&format!("Written by nas {} from ", env!("CARGO_PKG_VERSION")));
    for (at, net) in nets.iter().enumerate() {
        html.text(if at == 0 { "" } else { ", " }).text(net.source);
        let digest = net.digest.to_string();
        html.text(" (sha256 ").leaf("code", &[("title", &digest)], &digest[..SHOWN]).text("…)");
    }
    html.text(". No network access, no external files. ");
    html.leaf("button", &[("type", "button"), ("class", "link needs-js"), ("id", "save")], "Save the data of this page as JSON");
    html.close().close().line();
}

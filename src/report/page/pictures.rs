//! The pictures: each drawn twice by the program, once for a desk and once for a phone, in colours of the page's theme.

use crate::analyze::Analysis;
use crate::propose::LayerClusters;
use crate::report::draw::Drawing;
use crate::report::draw::draw;
use crate::report::draw::draw_columns;
use crate::report::page::html::Html;
use crate::report::page::network::PageNetwork;
use crate::report::picture::Colouring;
use crate::report::picture::Mark;
use crate::report::picture::Picture;
use crate::report::picture::Tag;
use crate::report::picture::Width;
use crate::report::picture::svg;
use crate::report::plot;

/// A picture as it stands in the page. What a row of the table tells is told by the page's own tooltip.
fn written(picture: &Picture) -> String {
    let marks = picture.marks.iter().cloned().map(untitled).collect();
    svg(&Picture { marks, ..*picture }, Colouring::Variables)
}

fn untitled(mark: Mark) -> Mark {
    let Mark::Group(tag, marks) = mark else { return mark };
    let is_row = matches!(tag.class, "cell" | "layer" | "module" | "join");
    let title = tag.title.filter(|_| !is_row || tag.path.is_none());
    Mark::Group(Tag { title, ..tag }, marks.into_iter().map(untitled).collect())
}

/// The heading of an icicle with its button.
pub(super) fn icicle_head(html: &mut Html, of: Option<&str>) {
    html.open("h2", &[]).text("Icicle ");
    if let Some(name) = of {
        html.text(&format!("of {name} "));
    }
    html.leaf("small", &[], "size ∝ multiply-adds, order of the spec");
    html.open("small", &[("class", "needs-js")]).text("; click to zoom ");
    html.leaf("button", &[("type", "button"), ("class", "out"), ("disabled", "")], "zoom out").close().close().line();
}

/// The icicle of one network.
pub(super) fn icicle(html: &mut Html, net: &PageNetwork<'_>, at: usize) {
    let picture = Doubled { class: "icicle", net: Some(at), wide: Width::Wide };
    picture.write(html, |width| plot::icicle(net.analysis, width));
}

/// The drawn network: on a desk as a whole, on a phone its columns one below the other.
pub(super) fn graph(html: &mut Html, net: &PageNetwork<'_>, at: usize) {
    html.open("figure", &[("class", "picture graph"), ("data-net", &at.to_string())]).line();
    let whole = draw(net.graph, net.analysis, Drawing::default());
    html.open("div", &[("class", "desk")]).raw(&written(&whole)).close().line();
    html.open("div", &[("class", "phone")]).line();
    for column in draw_columns(net.graph, net.analysis, Drawing::default().all) {
        html.raw(&written(&column));
    }
    html.close().close().line();
}

/// All plots of one network.
pub(super) fn plots(html: &mut Html, net: &PageNetwork<'_>, at: usize) {
    let picture = Doubled { class: "plot", net: Some(at), wide: Width::Half };
    let analysis = net.analysis;
    let grown = net.naive.and_then(|(_, grown)| grown);
    html.open("div", &[("class", "plots")]).line();
    picture.write(html, |width| plot::cost_by_module(analysis, width));
    picture.write(html, |width| plot::cumulative(&[analysis], grown, width));
    picture.write(html, |width| plot::memory_timeline(analysis, width));
    picture.write(html, |width| plot::marginal_ranking(analysis, net.marginals, width));
    if let Some((naive, _)) = net.naive {
        picture.write(html, |width| plot::naive_against_reduced(naive, width));
    }
    picture.write(html, |width| plot::receptive(analysis, width));
    html.close().line();
}

/// Shares by depth, and the clusters of each layer.
pub(super) fn clusters(html: &mut Html, layers: &[LayerClusters]) {
    let picture = Doubled { class: "plot", net: None, wide: Width::Half };
    html.open("div", &[("class", "plots")]).line();
    picture.write(html, |width| plot::shares_by_depth(layers, width));
    for layer in layers {
        picture.write(html, |width| plot::layer_clusters(layer, width));
    }
    html.close().line();
}

/// The plots in which several networks stand together.
pub(super) fn of_several(html: &mut Html, networks: &[PageNetwork<'_>]) {
    let picture = Doubled { class: "plot", net: None, wide: Width::Half };
    let analyses: Vec<&Analysis> = networks.iter().map(|net| net.analysis).collect();
    html.open("div", &[("class", "plots")]).line();
    picture.write(html, |width| plot::standing(&analyses, None, width));
    picture.write(html, |width| plot::cumulative(&analyses, None, width));
    html.close().line();
}

/// The plots of two networks: what shows both, and each beside the other.
pub(super) fn of_two(html: &mut Html, networks: [&PageNetwork<'_>; 2]) {
    let together = Doubled { class: "plot alone", net: None, wide: Width::Half };
    let analyses = networks.map(|net| net.analysis);
    html.open("div", &[("class", "plots")]).line();
    together.write(html, |width| plot::cumulative(&analyses, None, width));
    for draw in [plot::cost_by_module, plot::memory_timeline, plot::receptive] {
        for (at, net) in networks.into_iter().enumerate() {
            let alone = Doubled { class: "plot", net: Some(at), ..together };
            alone.write(html, |width| draw(net.analysis, width));
        }
    }
    html.close().line();
}

/// A picture in two widths, of which style sheets show one.
#[derive(Clone, Copy)]
struct Doubled {
    class: &'static str,
    /// The network whose paths it shows.
    net: Option<usize>,
    wide: Width,
}

impl Doubled {
    fn write(&self, html: &mut Html, draw: impl Fn(Width) -> Picture) {
        let class = format!("picture {}", self.class);
        let net = self.net.map(|net| net.to_string());
        let attributes: Vec<(&str, &str)> =
            [("class", &*class)].into_iter().chain(net.as_deref().map(|net| ("data-net", net))).collect();
        html.open("figure", &attributes).line();
        for (width, class) in [(self.wide, "desk"), (Width::Column, "phone")] {
            html.open("div", &[("class", class)]).raw(&written(&draw(width))).close().line();
        }
        html.close().line();
    }
}

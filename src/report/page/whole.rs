//! Which page there is for how many networks.

use crate::report::page::foot;
use crate::report::page::frame;
use crate::report::page::html::Html;
use crate::report::page::network::PageNetwork;
use crate::report::page::overview;
use crate::report::page::pair;
use crate::report::page::single;

/// The page about some networks, as one file of HTML: of one all that is known, of two what differs, of more an overview and each of
/// them folded.
///
/// ```
/// use nas::analyze::{Options, analyze, marginals};
/// use nas::base::{Digest, Shape};
/// use nas::graph::GraphBuilder;
/// use nas::op::Conv;
/// use nas::report::{PageNetwork, html};
///
/// let mut net = GraphBuilder::new("one");
/// let image = net.input("image", Shape::new(3, 224, 224));
/// let conv = net.layer("conv1", [Conv { bias: false, ..Conv::new(64, 7) }.into()], &[image]);
/// net.output("main", conv);
/// let graph = net.finish()?;
/// let analysis = analyze(&graph, &Options::default());
/// let marginals = marginals(&graph, &[]);
/// let digest = Digest::of(b"the spec's text");
/// let one = PageNetwork { graph: &graph, analysis: &analysis, marginals: &marginals, naive: None, clusters: &[], source: "one.yaml", digest };
/// let page = html(&[one]);
/// // 3 * 64 * 7 * 7 * 224 * 224 multiply-adds.
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("472\u{202F}055\u{202F}808"));
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
pub fn html(networks: &[PageNetwork<'_>]) -> String {
    let names: Vec<&str> = networks.iter().map(|net| &*net.analysis.name).collect();
    let mut html: Html = frame::begin(&names.join(", "));
    let data = match networks {
        [net] => vec![single::write(&mut html, net)],
        [base, other] => pair::write(&mut html, [base, other]),
        several => overview::write(&mut html, several),
    };
    foot::write(&mut html, networks);
    frame::end(html, &data)
}

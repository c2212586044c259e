//! The pictures: each drawn twice by the program, once for a desk and once for a phone, in colours of the page's theme.

use crate::analyze::Analysis;
use crate::report::page::html::Html;
use crate::report::page::subject::Subject;
use crate::report::picture::Colouring;
use crate::report::picture::Picture;
use crate::report::picture::Width;
use crate::report::picture::svg;
use crate::report::plot;

/// The icicle of one network.
pub(super) fn icicle(html: &mut Html, subject: &Subject<'_>, net: usize) {
    let draw = |width| plot::icicle(subject.analysis, width);
    let picture = Doubled { class: "icicle", net: Some(net), wide: Width::Wide };
    picture.write(html, draw);
}

/// All plots of one network.
pub(super) fn plots(html: &mut Html, subject: &Subject<'_>, net: usize) {
    html.open("div", &[("class", "plots")]).line();
    let picture = Doubled { class: "plot", net: Some(net), wide: Width::Half };
    let analysis: &Analysis = subject.analysis;
    picture.write(html, |width| plot::cost_by_module(analysis, width));
    picture.write(html, |width| plot::cumulative(&[analysis], None, width));
    picture.write(html, |width| plot::receptive(analysis, width));
    html.close().line();
}

/// A picture in two widths, of which style sheets show one.
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
            html.open("div", &[("class", class)]).raw(&svg(&draw(width), Colouring::Variables)).close().line();
        }
        html.close().line();
    }
}

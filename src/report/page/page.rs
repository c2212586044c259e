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

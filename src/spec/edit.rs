//! Widths changed where they are written: every other byte of the text stays.
//!
//! What follows a number is found by writing another one and lowering the text again: it is a width if nothing but widths changes, each
//! in proportion. So it does not matter whether a layer, a variable, a module's argument or one line of a `repeat` holds the number,
//! and a number that several layers share is found to move all of them.

use std::ops::Range;

use crate::base::FileId;
use crate::base::Sources;
use crate::base::Span;
use crate::base::greatest_divisor_u64;
use crate::graph::Graph;
use crate::graph::Knob;
use crate::graph::NodeIndex;
use crate::yaml;
use crate::yaml::Kind;
use crate::yaml::Node;

/// Sections whose numbers can be widths.
const SECTIONS: [&str; 5] = ["vars", "defaults", "modules", "net", "heads"];
/// Other numbers are tried up to so many times the multiple away, until one gives a network.
const FARTHEST: u32 = 16;

/// A whole number that stands by itself in the text of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its digits.
    pub span: Span,
    /// The number, at least 1.
    pub number: u32,
}

/// A number whose change is a change of widths alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it stands.
    pub site: Site,
    /// The knobs that follow it, in order.
    pub follow: Vec<Follows>,
}

/// How a knob follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Follows {
    /// The knob's number.
    pub knob: usize,
    /// Channels,
    pub channels: u32,
    /// for so much more in the number, at least 1.
    pub of: u32,
}

/// The numbers of a text that stand by themselves where widths can stand, in order.
pub fn sites(sources: &Sources, file: FileId) -> Vec<Site> {
    let (tree, _) = yaml::parse(sources, file);
    let mut found = Vec::new();
    for (key, node) in tree.iter().filter_map(Node::map).flatten() {
        if SECTIONS.contains(&&*key.text) {
            collect(sources, node, &mut found);
        }
    }
    found.sort_unstable_by_key(|site: &Site| site.span);
    // Behind an alias stands what its anchor has.
    found.dedup_by_key(|site| site.span);
    found
}

fn collect(sources: &Sources, node: &Node, found: &mut Vec<Site>) {
    match &node.kind {
        Kind::Scalar(text) => {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
            if let Some(number) = text.parse().ok().filter(|_| is_plain && sources.text(node.span) == &**text) {
                found.push(Site { span: node.span, number });
            }
        }
        Kind::List(items) => items.iter().for_each(|item| collect(sources, item, found)),
        Kind::Map(entries) => entries.iter().for_each(|(_, value)| collect(sources, value, found)),
    }
}

/// The text with other numbers at some sites of its file.
pub fn rewritten(text: &str, changes: &[(Site, u32)]) -> String {
    let mut changes: Vec<(Range<usize>, u32)> =
        changes.iter().map(|(site, number)| (site.span.start as usize..site.span.end as usize, *number)).collect();
    changes.sort_unstable_by_key(|(range, _)| range.start);
    let (mut written, mut from) = (String::with_capacity(text.len()), 0);
    for (range, number) in changes {
        written += &text[from..range.start];
        written += &number.to_string();
        from = range.end;
    }
    written + &text[from..]
}

/// The numbers whose changes are changes of widths alone. `graph` is the network that `text` means, `knobs` are its widths, `again` makes
/// the network of another text, where that means one; numbers are tried at `multiple` more.
pub fn written(
    text: &str,
    sites: &[Site],
    graph: &Graph,
    knobs: &[Knob],
    multiple: u32,
    mut again: impl FnMut(&str) -> Option<Graph>,
) -> Vec<Written> {
    let mut knob_of = vec![None; graph.nodes().len()];
    for (at, knob) in knobs.iter().enumerate() {
        knob.nodes.iter().for_each(|node| knob_of[node.index()] = Some(at));
    }
    let tried = |site: Site, to: u32, again: &mut dyn FnMut(&str) -> Option<Graph>| {
        let changed = again(&rewritten(text, &[(site, to)]))?;
        Some(following(graph, &changed, &knob_of, i64::from(to) - i64::from(site.number)))
    };
    let mut found = Vec::new();
    for &site in sites {
        let farther = (1..=FARTHEST).filter_map(|times| site.number.checked_add(multiple * times));
        let Some((to, Some(follow))) = farther.into_iter().find_map(|to| Some((to, tried(site, to, &mut again)?))) else {
            continue;
        };
        if follow.is_empty() {
            continue;
        }
        // One more point, below if there is one, tells a proportion from a rounding.
        let by = to - site.number;
        let second = site.number.checked_sub(by).filter(|&second| second > 0).unwrap_or(to + by);
        if tried(site, second, &mut again) == Some(Some(follow.clone())) {
            found.push(Written { site, follow });
        }
    }
    found
}

/// The knobs that differ, with channels for a difference in the number; nothing if more than widths differs, or other than in proportion.
fn following(graph: &Graph, changed: &Graph, knob_of: &[Option<usize>], by: i64) -> Option<Vec<Follows>> {
    let results = |graph: &Graph| {
        let outputs = graph.outputs().iter();
        outputs.map(|output| (output.node, output.weight, output.train_only)).collect::<Vec<_>>()
    };
    if graph.nodes().len() != changed.nodes().len() || results(graph) != results(changed) {
        return None;
    }
    let mut follow: Vec<Follows> = Vec::new();
    for node in graph.nodes() {
        let Some((from, to)) = widths(graph, changed, node)? else { continue };
        let far = i64::from(to) - i64::from(from);
        let part = greatest_divisor_u64(far.unsigned_abs(), by.unsigned_abs());
        if far == 0 || (far > 0) != (by > 0) {
            return None;
        }
        let channels = u32::try_from(far.unsigned_abs() / part).ok()?;
        let of = u32::try_from(by.unsigned_abs() / part).ok()?;
        let entry = Follows { knob: knob_of[node.index()]?, channels, of };
        match follow.iter().find(|known| known.knob == entry.knob) {
            Some(known) if *known != entry => return None,
            Some(_) => {}
            None => follow.push(entry),
        }
    }
    follow.sort_unstable();
    Some(follow)
}

/// The widths of a node where they differ, which nothing else of it may.
#[expect(clippy::option_option, reason = "differs in more, does not differ, differs by so much")]
fn widths(graph: &Graph, changed: &Graph, node: NodeIndex) -> Option<Option<(u32, u32)>> {
    let (before, after) = (graph.node(node), changed.node(node));
    if graph.sources(node) != changed.sources(node) || before.domain != after.domain {
        return None;
    }
    let (Some(from), Some(to)) = (&before.op, &after.op) else {
        // An input's shape is nobody's width.
        return (before.op.is_none() && after.op.is_none() && before.shape == after.shape).then_some(None);
    };
    if from == to {
        return Some(None);
    }
    let (width, wanted) = (from.width()?, to.width()?);
    let mut resized = from.clone();
    resized.set_width(wanted);
    (resized == *to).then_some(Some((width, wanted)))
}

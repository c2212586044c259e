//! The network as a picture: its chain in columns, modules framed, boxes as high as they cost, ribbons as wide as what flows is large.

use crate::analyze::Analysis;
use crate::graph::Graph;
use crate::report::draw::columns::Columns;
use crate::report::draw::columns::broken;
use crate::report::draw::columns::carried;
use crate::report::draw::columns::columns;
use crate::report::draw::frames::Element;
use crate::report::draw::frames::Framer;
use crate::report::draw::legend;
use crate::report::draw::net::Form;
use crate::report::draw::net::Net;
use crate::report::draw::paint::paint;
use crate::report::draw::parse::Branch;
use crate::report::draw::parse::Item;
use crate::report::draw::parse::parse;
use crate::report::draw::stack::Stack;
use crate::report::draw::style::Scales;
use crate::report::draw::style::Style;
use crate::report::draw::style::bytes;
use crate::report::numbers::short;
use crate::report::picture::Picture;
use crate::report::picture::Scene;
use crate::report::picture::Width;
use crate::report::plot::MARGIN;
use crate::report::plot::Sheet;

/// How a network is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The printed width.
    pub width: Width,
    /// Whether equal modules one behind the other are drawn one by one.
    pub all: bool,
}

/// A network that is laid out, with what it was laid out from.
pub(super) struct Laid {
    pub(super) net: Net,
    pub(super) style: Style,
    pub(super) scales: Scales,
    pub(super) elements: Vec<Element>,
    pub(super) columns: Columns,
}

/// The style of a width.
pub(super) fn style(width: Width) -> Style {
    let em = match width {
        Width::Column => width.em(-11),
        Width::Page | Width::Half | Width::Wide => width.em(-25),
    };
    let widest = match width {
        Width::Column => 2600,
        Width::Page | Width::Half | Width::Wide => 2000,
    };
    Style {
        em,
        name: width.em(if width == Width::Column { 0 } else { -16 }),
        tallest: em * 5,
        widest,
        thickest: em * 4,
        thinnest: 17,
        air: 11,
        numbers: false,
    }
}

/// The network: branches in written order from left to right, time from top to bottom.
///
/// ```
/// use nas::analyze::{Options, analyze};
/// use nas::base::Shape;
/// use nas::graph::GraphBuilder;
/// use nas::op::Conv;
/// use nas::report::{Colouring, Drawing, Theme, draw, svg};
///
/// let mut net = GraphBuilder::new("one");
/// let image = net.input("image", Shape::new(3, 224, 224));
/// let conv = net.layer("conv1", [Conv::new(64, 7).into()], &[image]);
/// net.output("main", conv);
/// let graph = net.finish()?;
/// let picture = draw(&graph, &analyze(&graph, &Options::default()), Drawing::default());
/// assert!(svg(&picture, Colouring::Theme(Theme::Light)).contains("7×7, 64"));
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
pub fn draw(graph: &Graph, analysis: &Analysis, drawing: Drawing) -> Picture {
    let mut sheet = Sheet::new(drawing.width);
    let words = format!("{} multiply-adds, {} parameters", short(analysis.totals.madds), short(analysis.totals.params));
    let title = sheet.title(Some(&analysis.name), &words);
    let top = title + sheet.em;
    let laid = lay(&sheet.scene, Net::of(graph, analysis), analysis.totals.madds, drawing, [MARGIN, sheet.right(), top]);
    paint(&mut sheet.scene, &laid.net, &laid.style, &laid.columns.plan, &laid.columns.connectors);
    let bottom = legend::place(&mut sheet, &laid);
    sheet.finish(bottom)
}

/// The same with every column as a picture of its own, 85 mm wide, to be stacked.
pub fn draw_columns(graph: &Graph, analysis: &Analysis, all: bool) -> Vec<Picture> {
    let scene = Scene::new(Width::Page.extent());
    let net = Net::of(graph, analysis);
    let page = Drawing { width: Width::Page, all };
    let laid = lay(&scene, net, analysis.totals.madds, page, [MARGIN, scene.width - MARGIN, 0]);
    let ranges = laid.columns.ranges.clone();
    let style = style(Width::Column);
    let [left, right] = [MARGIN, Width::Column.extent() - MARGIN];
    let mut pictures = Vec::new();
    let mut stack = Stack::new(&laid.net, style, laid.scales, &scene, analysis.totals.madds);
    stack.scales = scales(&laid.net, &mut stack, &laid.elements, right - left);
    let mut open = Vec::new();
    for range in ranges {
        let mut scene = Scene::new(Width::Column.extent());
        let top = MARGIN + style.tenths(8);
        for open in &mut open {
            let open: &mut crate::report::draw::stack::Open = open;
            open.points = vec![crate::report::picture::Point::at(i32::midpoint(left, right), 0)];
        }
        let mut y = top;
        for at in range.clone() {
            let before = if at == range.start { None } else { Some(&laid.elements[at - 1]) };
            y += stack.space(before, &laid.elements[at]);
            (y, open) = stack.stack(std::slice::from_ref(&laid.elements[at]), [left, right], y, open);
        }
        let mut plan = std::mem::take(&mut stack.plan);
        let height = y + style.tenths(8) + MARGIN;
        if let Some(first) = open.first() {
            let from = laid.net.links[first.link].from;
            let width = stack.scales.width(&style, bytes(&laid.net, first.link));
            let start = *first.points.last().expect("a link on its way is somewhere");
            let points = vec![start, crate::report::picture::Point::at(start.x, height)];
            plan.trunks.push(crate::report::draw::plan::Trunk { from, points, width });
        }
        paint(&mut scene, &laid.net, &style, &plan, &[]);
        pictures.push(scene.finish(height));
    }
    pictures
}

/// Lays a network out between two edges.
pub(super) fn lay(scene: &Scene, net: Net, total: u64, drawing: Drawing, [left, right, top]: [i32; 3]) -> Laid {
    let style = style(drawing.width);
    let elements = Framer::new(&net, drawing.all).elements(&parse(&net), 0);
    let start = Scales { most_madds: net.layers.iter().map(|layer| layer.madds).max().unwrap_or(1), ribbon: (style.thickest, 1) };
    let mut stack = Stack::new(&net, style, start, scene, total);
    let room = right - left;
    let gutter = |carried: i32| carried + style.tenths(14);
    let least = stack.narrowest(&elements).max(style.em * 14);
    let most = if drawing.width == Width::Column {
        1
    } else {
        ((room + gutter(0)) / (least + gutter(style.tenths(10)))).clamp(1, 6) as usize
    };
    let mut best = (std::iter::once(0..elements.len()).collect(), room, 0);
    for count in 1..=most {
        let mut between = gutter(if count > 1 { style.thickest } else { 0 });
        let mut ranges = Vec::new();
        let mut width;
        // The gutter follows from what is carried through it, and that from the columns.
        for _ in 0..2 {
            width = (room - between * (count as i32 - 1)) / count as i32;
            stack.scales = scales(&net, &mut stack, &elements, width);
            ranges = broken(&mut stack, &elements, count, width);
            between = gutter(carried(&stack, &elements, &ranges));
        }
        let used = ranges.len().max(1) as i32;
        width = (room - between * (used - 1)) / used;
        best = (ranges, width, between);
        let mut trial = Stack::new(&net, style, stack.scales, scene, total);
        let laid = columns(&mut trial, &elements, &best.0, [left, best.1, best.2], top);
        let height = laid.ends.iter().map(|&(_, end)| end).max().unwrap_or(0);
        // A page of 4:3; the legend's lines come on top.
        if height * 5 <= scene.width * 4 {
            break;
        }
    }
    let (ranges, width, between) = best;
    stack.scales = scales(&net, &mut stack, &elements, width);
    let top = if ranges.len() > 1 { top + carried(&stack, &elements, &ranges) + style.tenths(12) } else { top + style.tenths(4) };
    let scales = stack.scales;
    let columns = columns(&mut stack, &elements, &ranges, [left, width, between], top);
    drop(stack);
    Laid { net, style, scales, elements, columns }
}

/// Ribbons as thick as their boxes, bars and columns allow.
pub(super) fn scales(net: &Net, stack: &mut Stack<'_>, elements: &[Element], width: i32) -> Scales {
    let style = stack.style;
    let largest = (0..net.links.len()).map(|link| bytes(net, link)).max().unwrap_or(1);
    let mut scales = Scales { most_madds: stack.scales.most_madds, ribbon: (style.thickest, largest.max(1)) };
    let entering = net.entering();
    let sum = |at: usize| entering[at].iter().map(|&link| bytes(net, link)).sum::<u64>();
    let mut fit = |at: usize, unit: i32, bar: i32| match net.layers[at].form {
        Form::Join => scales.fit(bar, sum(at)),
        _ => scales.fit(unit * 8 / 10, sum(at)),
    };
    // With the width of boxes where it is that of a frame.
    let mut open: Vec<(&Element, i32, Option<i32>)> = elements.iter().map(|element| (element, width, None)).collect();
    let mut passing = Vec::new();
    while let Some((element, width, unit)) = open.pop() {
        match element {
            Element::Box(at) => fit(*at, unit.unwrap_or(width * 44 / 100), width * 5 / 10),
            Element::Grid(item) => {
                let unit = unit.unwrap_or_else(|| stack.sizes(std::slice::from_ref(item), [0, width]).unit);
                let mut boxes = Vec::new();
                item.boxes(&mut boxes);
                boxes.iter().for_each(|&at| fit(at, unit, width * 5 / 10));
                through(net, item, &mut passing);
            }
            Element::Frame(frame) => {
                let inner = width - 2 * style.pad() - style.tenths(5);
                let unit = stack.sizes(&frame.grids(), [0, inner]).unit;
                open.extend(frame.elements.iter().map(|element| (element, inner, Some(unit))));
            }
            Element::Wide(lanes) => {
                for lane in lanes {
                    if let crate::report::draw::frames::Lane::Stack(elements) = lane {
                        open.extend(elements.iter().map(|element| (element, width / lanes.len() as i32, None)));
                    }
                }
            }
        }
    }
    for link in passing {
        scales.fit(style.tenths(16), bytes(net, link));
    }
    scales
}

/// The links that pass in columns no wider than for one: those of forks that hold no box, all of a tangle.
fn through(net: &Net, item: &Item, into: &mut Vec<usize>) {
    match item {
        Item::Box(_) => {}
        Item::Tangle(boxes) => {
            let touches = |at: usize| boxes.binary_search(&at).is_ok();
            let links = net.links.iter().enumerate();
            into.extend(links.filter(|(_, link)| touches(link.from) || touches(link.to)).map(|(number, _)| number));
        }
        Item::Fork(branches) => {
            for branch in branches {
                match branch {
                    Branch::Through(link) => into.push(*link),
                    Branch::Chain(items) => items.iter().for_each(|item| through(net, item, into)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

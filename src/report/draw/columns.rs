//! Stacks in columns: broken where the grid shrinks, into the fewest columns that make a page of 4:3; what goes on in the next column
//! leaves below, rises in the gutter and enters on top.

use crate::report::draw::frames::Element;
use crate::report::draw::net::Net;
use crate::report::draw::plan::Plan;
use crate::report::draw::stack::Open;
use crate::report::draw::stack::Stack;
use crate::report::draw::style::bytes;
use crate::report::picture::Point;

/// What goes on from one column to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Connector {
    pub(super) from: usize,
    /// The corners of its middle.
    pub(super) points: Vec<Point>,
    pub(super) width: i32,
}

/// Columns that are laid out.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) plan: Plan,
    pub(super) connectors: Vec<Connector>,
    /// Left and right edge and the end of each column.
    pub(super) ends: Vec<([i32; 2], i32)>,
    /// The elements of each column.
    pub(super) ranges: Vec<std::ops::Range<usize>>,
}

/// Where elements may be parted: the heights of all and of the places between them.
struct Heights {
    /// The beginning and end of each element in one column.
    places: Vec<[i32; 2]>,
    /// Whether a column may begin with the element.
    breaks: Vec<bool>,
}

/// The elements of each column, for `count` columns at most.
pub(super) fn broken(stack: &mut Stack<'_>, elements: &[Element], count: usize, width: i32) -> Vec<std::ops::Range<usize>> {
    let net = stack.net;
    let alone = |at: usize| {
        let opens = |element: &Element| matches!(element, Element::Grid(_) | Element::Wide(_));
        at > 0 && !opens(&elements[at]) && !opens(&elements[at - 1])
    };
    let shrinking: Vec<bool> = (0..elements.len()).map(|at| alone(at) && shrinks(net, &elements[at])).collect();
    let any: Vec<bool> = (0..elements.len()).map(alone).collect();
    let places = heights(stack, elements, width);
    let few = Heights { places: places.clone(), breaks: shrinking }.part(count);
    let many = Heights { places, breaks: any }.part(count);
    // A stage that is too long for a column is broken between its layers.
    if few.0 * 4 > many.0 * 5 { many.1 } else { few.1 }
}

fn shrinks(net: &Net, element: &Element) -> bool {
    match element {
        Element::Box(at) => net.layers[*at].shrinks,
        Element::Frame(frame) => frame.copies[0].iter().any(|&at| net.layers[at].shrinks),
        Element::Grid(_) | Element::Wide(_) => false,
    }
}

fn heights(stack: &mut Stack<'_>, elements: &[Element], width: i32) -> Vec<[i32; 2]> {
    let plan = std::mem::take(&mut stack.plan);
    let (mut y, mut open) = (0, Vec::new());
    let mut places = Vec::with_capacity(elements.len());
    for (at, element) in elements.iter().enumerate() {
        y += stack.space(at.checked_sub(1).map(|before| &elements[before]), element);
        let top = y;
        (y, open) = stack.stack(std::slice::from_ref(element), [0, width], y, open);
        places.push([top, y]);
    }
    stack.plan = plan;
    places
}

impl Heights {
    /// The least height of at most `count` columns, with the columns.
    fn part(&self, count: usize) -> (i32, Vec<std::ops::Range<usize>>) {
        let whole = self.places.last().map_or(0, |place| place[1]);
        let (mut low, mut high) = (0, whole);
        while low < high {
            let middle = i32::midpoint(low, high);
            if self.filled(middle).is_some_and(|columns| columns.len() <= count) { high = middle } else { low = middle + 1 }
        }
        (high, self.filled(high).unwrap_or_default())
    }

    /// Columns filled from the first on up to a height, if none is higher.
    fn filled(&self, height: i32) -> Option<Vec<std::ops::Range<usize>>> {
        let mut columns = Vec::new();
        let mut start = 0;
        while start < self.places.len() {
            let fits = |end: usize| self.places[end - 1][1] - self.places[start][0] <= height;
            let ends = (start + 1..=self.places.len()).take_while(|&end| fits(end));
            let end = ends.filter(|&end| end == self.places.len() || self.breaks[end]).last()?;
            columns.push(start..end);
            start = end;
        }
        Some(columns)
    }
}

/// Lays columns out from `top` down, each `width` wide; `gutter` lies between two.
pub(super) fn columns(
    stack: &mut Stack<'_>,
    elements: &[Element],
    ranges: &[std::ops::Range<usize>],
    [left, width, gutter]: [i32; 3],
    top: i32,
) -> Columns {
    let mut connectors = Vec::new();
    let mut ends = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (number, range) in ranges.iter().enumerate() {
        let x = left + number as i32 * (width + gutter);
        let span = [x, x + width];
        let middle = i32::midpoint(span[0], span[1]);
        let space = stack.style.tenths(6);
        if let Some(first) = open.first().filter(|_| number > 0) {
            let from = stack.net.links[first.link].from;
            let thick = stack.scales.width(&stack.style, bytes(stack.net, first.link));
            let start = *first.points.last().expect("a link on its way is somewhere");
            let (_, end): ([i32; 2], i32) = ends[number - 1];
            let rise = x - gutter / 2;
            let (low, high) = (end.max(start.y) + space + thick / 2, top - space - thick / 2);
            let points = vec![
                start,
                Point::at(start.x, low),
                Point::at(rise, low),
                Point::at(rise, high),
                Point::at(middle, high),
                Point::at(middle, top),
            ];
            connectors.push(Connector { from, points, width: thick });
            for open in &mut open {
                open.points = vec![Point::at(middle, top)];
            }
        }
        let mut y = top;
        for at in range.clone() {
            let before = if at == range.start { None } else { Some(&elements[at - 1]) };
            y += stack.space(before, &elements[at]);
            (y, open) = stack.stack(std::slice::from_ref(&elements[at]), span, y, open);
        }
        ends.push((span, y));
    }
    Columns { plan: std::mem::take(&mut stack.plan), connectors, ends, ranges: ranges.to_vec() }
}

/// The width of what goes on behind each column but the last.
pub(super) fn carried(stack: &Stack<'_>, elements: &[Element], ranges: &[std::ops::Range<usize>]) -> i32 {
    let last = |range: &std::ops::Range<usize>| match &elements[range.end - 1] {
        Element::Box(at) => Some(*at),
        Element::Frame(frame) => frame.copies.last().and_then(|copy| copy.last()).copied(),
        Element::Grid(_) | Element::Wide(_) => None,
    };
    let all = ranges.iter().take(ranges.len().saturating_sub(1)).filter_map(last);
    let links = all.flat_map(|at| stack.net.links.iter().enumerate().filter(move |(_, link)| link.from == at));
    links.map(|(number, _)| stack.scales.width(&stack.style, bytes(stack.net, number))).max().unwrap_or(0)
}

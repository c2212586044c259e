//! One module alone, and a module beside its naive form: every box with its cost, every link with its channels.

use crate::analyze::Analysis;
use crate::analyze::Options;
use crate::analyze::analyze;
use crate::graph::Graph;
use crate::graph::ScopeId;
use crate::graph::Twin;
use crate::graph::TwinModule;
use crate::report::draw::frames::Element;
use crate::report::draw::frames::Framer;
use crate::report::draw::net::Form;
use crate::report::draw::net::Net;
use crate::report::draw::network::scales;
use crate::report::draw::paint::paint;
use crate::report::draw::parse::parse;
use crate::report::draw::stack::Stack;
use crate::report::draw::style::Scales;
use crate::report::draw::style::Style;
use crate::report::draw::words;
use crate::report::numbers::short;
use crate::report::numbers::times;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Picture;
use crate::report::picture::Role;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::MARGIN;
use crate::report::plot::Sheet;

/// A module of a network.
struct Side {
    net: Net,
    elements: Vec<Element>,
    madds: u64,
    /// What stands above it, if it stands beside another.
    head: Option<(&'static str, Role)>,
}

impl Side {
    fn new(graph: &Graph, analysis: &Analysis, scope: ScopeId, head: Option<(&'static str, Role)>) -> Side {
        let net = Net::within(graph, analysis, scope);
        // No path is so long: in a module that is drawn alone nothing is framed.
        let elements = Framer::new(&net, true).elements(&parse(&net), usize::MAX);
        Side { madds: net.layers.iter().map(|layer| layer.madds).sum(), elements, net, head }
    }

    fn output(&self) -> Option<String> {
        self.net.layers.iter().rfind(|layer| layer.form != Form::Outside).map(|layer| words::shape(layer.shape))
    }
}

/// One layer, branch or module of a network, with what it reads.
pub fn draw_module(graph: &Graph, analysis: &Analysis, scope: ScopeId, width: Width) -> Picture {
    let side = Side::new(graph, analysis, scope, None);
    let output = side.output().map_or(String::new(), |shape| format!(", output {shape}"));
    let title = format!("{}: {} multiply-adds{output}", graph.scopes().path(scope), short(side.madds));
    picture(&title, &[side], width)
}

/// A module beside its naive form on the same input.
pub fn draw_twins(twin: &Twin, module: &TwinModule, width: Width) -> Picture {
    let analysis = |graph: &Graph| analyze(graph, &Options::default());
    let naive = Some(("naive (fig. 2a)", Role::NaiveText));
    let reduced = Some(("with reductions (fig. 2b)", Role::This));
    let sides = [
        Side::new(&twin.beside, &analysis(&twin.beside), module.same_input, naive),
        Side::new(&twin.reduced, &analysis(&twin.reduced), module.reduced, reduced),
    ];
    let [before, after] = [&sides[0], &sides[1]].map(|side| side.madds);
    let factor = times(before, after);
    let title = if width == Width::Column {
        format!("{}: {} naive, {} reduced ({factor})", module.path, short(before), short(after))
    } else {
        format!("{}, naive and reduced: {} against {} multiply-adds ({factor})", module.path, short(before), short(after))
    };
    picture(&title, &sides, width)
}

fn style(width: Width) -> Style {
    let em = width.em(if width == Width::Column { -5 } else { -8 });
    Style { em, name: width.em(0), tallest: em * 8, widest: 2400, thickest: em * 4, thinnest: 20, air: 26, numbers: true }
}

/// Sides beside one another on a page, below one another in a column.
fn picture(title: &str, sides: &[Side], width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let style = style(width);
    let title = sheet.title(None, title);
    let gap = sheet.em * 2;
    let beside = if width == Width::Column { 1 } else { sides.len() as i32 };
    let room = (sheet.right() - MARGIN - gap * (beside - 1)) / beside;
    // Both have one scale.
    let layers = || sides.iter().flat_map(|side| &side.net.layers);
    let start = Scales { most_madds: layers().map(|layer| layer.madds).max().unwrap_or(1), ribbon: (style.thickest, 1) };
    let mut all: Option<Scales> = None;
    for side in sides {
        let mut stack = Stack::new(&side.net, style, start, &sheet.scene, side.madds);
        let own = scales(&side.net, &mut stack, &side.elements, room);
        let known = all.get_or_insert(own);
        let (width, bytes) = own.ribbon;
        known.fit(width, bytes);
    }
    let scales = all.unwrap_or(start);
    let (mut top, mut bottom) = (title + sheet.em, title);
    for (number, side) in sides.iter().enumerate() {
        let left = if beside > 1 { MARGIN + number as i32 * (room + gap) } else { MARGIN };
        let right = left + room;
        let mut y = top + sheet.em;
        if let Some((words, role)) = side.head {
            let large = sheet.width.em(6);
            sheet.put(Text { em: large, bold: true, ..sheet.text(words, left, y, Anchor::Start) });
            let words = format!("{} multiply-adds", short(side.madds));
            sheet.put(Text { em: large, bold: true, role, ..sheet.text(&words, right, y, Anchor::End) });
            y += sheet.em * 16 / 10;
        }
        let mut stack = Stack::new(&side.net, style, scales, &sheet.scene, side.madds);
        let (end, _) = stack.stack(&side.elements, [left, right], y, Vec::new());
        let plan = std::mem::take(&mut stack.plan);
        drop(stack);
        paint(&mut sheet.scene, &side.net, &style, &plan, &[]);
        bottom = bottom.max(end);
        if number + 1 < sides.len() {
            let line = if beside > 1 {
                let x = right + gap / 2;
                Area { left: x - 8, right: x + 8, top: top + sheet.em / 2, bottom: end }
            } else {
                Area { left, right, top: end + sheet.em - 8, bottom: end + sheet.em + 8 }
            };
            sheet.scene.fill(line, Role::Rule);
        }
        if beside == 1 {
            top = end + sheet.em;
        }
    }
    let words = "box height above its text: multiply-adds · ribbon width: bytes · branches in written order";
    let end = sheet.remark(words, bottom + sheet.em * 2);
    sheet.finish(end)
}

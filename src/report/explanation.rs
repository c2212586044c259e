//! The formulas behind a layer's numbers, as text.

use crate::analyze::Explained;
use crate::analyze::Explanation;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::analyze::StepMadds;
use crate::base::Shape;
use crate::base::Span;
use crate::base::units;
use crate::graph::ReceptiveField;
use crate::op::Figure;
use crate::op::Role;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::Cell;
use crate::report::grid::wrap;

/// One path explained. `place` says where a span stands, such as `specs/googlenet.yaml:29:3`.
pub fn explanation(found: &Explanation, place: impl Fn(Span) -> String, paint: &Paint) -> String {
    let row = &found.row;
    let [c, h, w] = row.output;
    let level = match row.level {
        Level::Network => "network",
        Level::Stage => "stage",
        Level::Module => "module",
        Level::Branch => "branch",
        Level::Layer => "layer",
    };
    let head = paint.text(Colour::Bold, &row.path);
    let mut text = format!("{head}   {level}, gives {}\n", Shape::new(c, h, w));
    for (at, &span) in found.places.iter().enumerate() {
        let what = if at == 0 { "written at" } else { "inside" };
        text += &format!("{}\n", paint.text(Colour::Faint, &format!("{what:10} {}", place(span))));
    }
    text += &format!("\n{}", sums(found, paint));
    if row.level == Level::Module {
        text += &format!("\n{}", parts(found, paint));
    }
    for node in &found.nodes {
        text += &format!("\n{}", node_text(node, found, &place, paint));
    }
    text
}

fn sums(found: &Explanation, paint: &Paint) -> String {
    let line = |what: &str, number: u64, network: u64| {
        let share = if found.in_inference {
            format!("{} % of the network's {}", units::share(number.into(), network.into()), units::grouped(network.into()))
        } else {
            "for training only, not counted in the network".to_owned()
        };
        format!("{:10} {:>15}   {}\n", what, units::grouped(number.into()), paint.text(Colour::Faint, &share))
    };
    line("madds", found.row.madds, found.network_madds)
        + &line("params", found.row.params, found.network_params)
        + &step(found, paint)
        + &around(&found.row)
}

/// Multiply-adds of a training step by what they are for; none where there are none.
fn step(found: &Explanation, paint: &Paint) -> String {
    let StepMadds { forward, weight_gradients, input_gradients } = found.row.step_madds;
    if forward == 0 {
        return String::new();
    }
    let parts = [(forward, "forward"), (weight_gradients, "weights"), (input_gradients, "inputs")];
    let some = parts.iter().filter(|(madds, _)| *madds > 0);
    let parts: Vec<String> = some.map(|(madds, what)| format!("{} {what}", units::grouped((*madds).into()))).collect();
    let total = units::grouped(found.row.step_madds.total().into());
    format!("{:10} {total:>15}   {}\n", "training", paint.text(Colour::Faint, &parts.join(" + ")))
}

/// What a position of the output sees, and how much of the work is done on padding.
fn around(row: &Row) -> String {
    let ReceptiveField { size, smallest, jump, .. } = row.receptive_field;
    let pair = |[h, w]: [u64; 2]| if h == w { h.to_string() } else { format!("{h}x{w}") };
    let least = if smallest == size { String::new() } else { format!(", {} by its shortest path", pair(smallest)) };
    let mut text = format!("{:10} {:>15}   pixels of the input, {} apart{least}\n", "sees", pair(size), pair(jump));
    if row.madds_on_padding > 0 {
        let (on_padding, share) =
            (units::grouped(row.madds_on_padding.into()), units::share(row.madds_on_padding.into(), row.madds.into()));
        text += &format!("{:10} {on_padding:>15}   of the multiply-adds lie on padding, {share} %\n", "border");
    }
    text
}

/// The parts of a module and their sum.
fn parts(found: &Explanation, paint: &Paint) -> String {
    let row = &found.row;
    let mut lines: Vec<(String, String, u64, u64)> = Vec::new();
    for part in &row.children {
        let [c, h, w] = part.output;
        lines.push((part.path.clone(), Shape::new(c, h, w).to_string(), part.madds, part.params));
    }
    for node in &row.nodes {
        let [c, h, w] = node.output;
        lines.push((node.path.clone(), Shape::new(c, h, w).to_string(), node.madds, node.params));
    }
    let sum = |field: fn(&(String, String, u64, u64)) -> u64| lines.iter().map(field).sum::<u64>();
    let total = ("sum".to_owned(), String::new(), sum(|line| line.2), sum(|line| line.3));
    let name = lines.iter().map(|line| line.0.chars().count()).max().unwrap_or(0).max(4) + 2;
    let shown = |(path, output, madds, params): &(String, String, u64, u64)| {
        let share = format!("{} %", units::share((*madds).into(), row.madds.into()));
        let (madds, params) = (units::grouped((*madds).into()), units::grouped((*params).into()));
        format!("{path:name$}{output:>14}{madds:>18}{share:>9}{params:>14}\n")
    };
    let head = format!("{:name$}{:>14}{:>18}{:>9}{:>14}", "part", "gives", "madds", "share", "params");
    let mut text = paint.text(Colour::Faint, &head) + "\n";
    text.extend(lines.iter().map(shown));
    text + &shown(&total)
}

fn node_text(node: &Explained, found: &Explanation, place: &impl Fn(Span) -> String, paint: &Paint) -> String {
    let written = &node.written;
    let settings = written.settings.iter().map(|(name, value)| format!(", {name}: {value}"));
    let listed: Vec<&str> = node.inputs.iter().map(|(path, _)| &**path).collect();
    let head = match node.role {
        Role::Kind if written.main.is_empty() => format!("{}: [{}]", written.word, listed.join(", ")),
        Role::Kind => format!("{}: {}", written.word, written.main),
        Role::Norm => format!("norm: {}", written.word),
        Role::Act => format!("act: {}", written.word),
    };
    let faint = |text: &str| Cell::new(paint.text(Colour::Faint, text), text).left(11);
    let mut text = paint.text(Colour::Bold, &node.path) + "\n";
    let operator = wrap(&(head + &settings.collect::<String>()), paint.width.min(100).saturating_sub(13).max(20));
    text += &format!("  {}{}\n", faint("operator"), operator.join("\n             "));
    for (at, (path, shape)) in node.inputs.iter().enumerate() {
        text += &format!("  {}{path}, {shape}\n", faint(if at == 0 { "reads" } else { "" }));
    }
    text += &format!("  {}{}\n", faint("gives"), node.output);
    if let Some(span) = node.place.filter(|&span| found.places.first() != Some(&span)) {
        text += &format!("  {}{}\n", faint("written at"), place(span));
    }
    for (formula, number) in &node.numbers {
        text += &format!("  {}{}\n", faint(formula.figure.word()), formula.names);
        text += &format!("  {}= {}\n", faint(""), formula.numbers);
        let network = match formula.figure {
            Figure::Madds => found.network_madds,
            Figure::Params => found.network_params,
            Figure::Adds | Figure::Muls | Figure::Cmps | Figure::Divs | Figure::Exps | Figure::OnPadding => 0,
        };
        let share = if network > 0 && found.in_inference {
            let share = format!("   {} % of the network", units::share((*number).into(), network.into()));
            paint.text(Colour::Faint, &share)
        } else {
            String::new()
        };
        text += &format!("  {}= {}{share}\n", faint(""), units::grouped((*number).into()));
    }
    if node.numbers.is_empty() {
        text += &format!("  {}no operations, no parameters\n", faint(""));
    }
    text
}

//! The roofline's tree for a terminal.

use crate::analyze::Bound;
use crate::analyze::Level;
use crate::analyze::Roof;
use crate::analyze::RoofRow;
use crate::analyze::Roofline;
use crate::base::Shape;
use crate::base::units;
use crate::report::Colour;
use crate::report::Opening;
use crate::report::Paint;
use crate::report::footprint::fact;
use crate::report::footprint::lines as broken;
use crate::report::grid::Cell;
use crate::report::machine::giga;
use crate::report::machine::threads;
use crate::report::roofline::outline::bound;
use crate::report::roofline::outline::intensity;
use crate::report::roofline::outline::lines;
use crate::report::table::art;
use crate::report::table::cut;
use crate::report::table::unit_for;

/// Widths of the columns right of the name.
const WIDTHS: [usize; 6] = [13, 9, 8, 9, 9, 9];
/// The width of the last, which is set to the left.
const WAITS: usize = 15;
/// The columns that are left out one after the other where there is no room: output, moved, madds, share.
const SPARED: [usize; 4] = [0, 2, 1, 5];

/// The machine, the tree, and what follows for the whole network.
pub fn roofline_table(found: &Roofline, opening: Opening, paint: &Paint) -> String {
    let rows = lines(found, opening);
    let longest =
        rows.iter().map(|line| art(&line.last, paint).chars().count() + line.row.name.chars().count()).max().unwrap_or(0);
    let mut widths = WIDTHS;
    for column in SPARED {
        if longest + widths.iter().sum::<usize>() + WAITS > paint.width {
            widths[column] = 0;
        }
    }
    let name = longest.min(paint.width.saturating_sub(widths.iter().sum::<usize>() + WAITS)).max(8);
    let (unit, prefix) = unit_for(found.tree.madds);
    let (size, bytes) = units::bytes_unit(found.tree.bytes);
    let total = found.tree.predicted_ns;
    let mut text = heading(found, paint);
    let line = |cells: [&str; 7]| {
        let [numbers @ .., waits] = cells;
        let cells = numbers.iter().zip(widths).filter(|(_, width)| *width > 0).map(|(cell, width)| format!("{cell:>width$}"));
        format!("{}  {waits}", cells.collect::<String>())
    };
    let head = |cells: [&str; 7]| paint.text(Colour::Faint, (" ".repeat(name) + &line(cells)).trim_end()) + "\n";
    text += &head(["output", "madds", "moved", "madds/B", "time", "share", "waits for"]);
    let (long, second) = time_unit(total, paint);
    text += &head(["", prefix, bytes, "", second, "", ""]);
    for shown in &rows {
        let row = &*shown.row;
        let drawn = art(&shown.last, paint);
        let label = cut(&row.name, name.saturating_sub(drawn.chars().count()), paint);
        let strong = matches!(row.level, Level::Network | Level::Stage) || row.predicted_ns * 10 >= total;
        let label = Cell::new(
            paint.text(Colour::Faint, &drawn) + &paint.text(if strong { Colour::Bold } else { Colour::Ink }, &label),
            &(drawn + &label),
        );
        let [c, h, w] = row.output;
        let shape = if shown.branch.is_some() { c.to_string() } else { Shape::new(c, h, w).to_string() };
        let close = if row.close_ns > 0 { "~" } else { "" };
        let madds = if row.madds == 0 { "-".to_owned() } else { units::fixed(row.madds, unit, u32::from(unit > 1)) };
        text += &label.left(name);
        text += &line([
            &shape,
            &madds,
            &units::fixed(row.bytes, size, if size > 1 { 2 } else { 0 }),
            &intensity(row.madds, row.bytes),
            &(close.to_owned() + &time(row.predicted_ns, long)),
            &format!("{} %", units::share(row.predicted_ns, total)),
            &paint.text(colour(row), &bound(row)),
        ]);
        text.push('\n');
    }
    text + &foot(found, opening, paint)
}

fn heading(found: &Roofline, paint: &Paint) -> String {
    let Roof { name, processor, arch, threads: count, peak_madds_per_second, read_bytes_per_second, ridge } = &found.machine;
    let head = format!("   batch {} on {name}: {processor}, {}, {arch}", found.batch, threads(*count));
    let roof = format!(
        "{} Gmadd/s, {} GB/s, the ridge between them at {:.2} madds a byte",
        giga(*peak_madds_per_second),
        giga(*read_bytes_per_second),
        ridge.get()
    );
    format!("{}{}\n{roof}\n\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &head))
}

fn foot(found: &Roofline, opening: Opening, paint: &Paint) -> String {
    let tree = &found.tree;
    let mut text = String::new();
    if opening == Opening::WhereItMatters {
        let note = "opened where the share is 10 % or more; --depth module|branch|layer opens all of that depth";
        broken(note, 0, paint).iter().for_each(|line| text += &(paint.text(Colour::Faint, line) + "\n"));
    }
    text.push('\n');
    let images = u128::from(found.batch) * 10_000_000_000 / tree.predicted_ns.max(1);
    let rate = tree.madds * 10 / tree.predicted_ns.max(1);
    let peak =
        units::share(tree.madds * 1_000_000_000, tree.predicted_ns.max(1) * u128::from(found.machine.peak_madds_per_second));
    let says = format!(
        "predicted; {} images/s, {} Gmadd/s, {peak} % of the peak",
        units::fixed(images, 10, 1),
        units::fixed(rate, 10, 1)
    );
    let (long, second) = time_unit(tree.predicted_ns, paint);
    let told = |ns: u128| format!("{} {second}", time(ns, long));
    fact(&mut text, paint, "time", &told(tree.predicted_ns), &says);
    let share = format!("{} %", units::share(tree.memory_bound_ns, tree.predicted_ns));
    let says = format!("of the time in layers left of the ridge, {}", told(tree.memory_bound_ns));
    fact(&mut text, paint, "memory-bound", &share, &says);
    let steps = |count: usize| if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let says = match found.close_steps {
        0 => format!("of {} in the machine's table; each takes the longer of computing and moving", steps(found.timed_steps)),
        _ => format!(
            "of {} have a timed layer of close shape in the machine's table; where that is slower than the roof, it counts (~)",
            steps(found.timed_steps)
        ),
    };
    fact(&mut text, paint, "close shapes", &found.close_steps.to_string(), &says);
    text
}

/// What waits for memory stands out.
fn colour(row: &RoofRow) -> Colour {
    if row.bound == Some(Bound::Memory) { Colour::Over } else { Colour::Ink }
}

/// The unit of times of which this is the longest, in nanoseconds.
fn time_unit(longest: u128, paint: &Paint) -> (u128, &'static str) {
    match (longest, paint.unicode) {
        (1_000_000.., _) => (1_000_000, "ms"),
        (_, true) => (1000, "µs"),
        (_, false) => (1000, "us"),
    }
}

/// Nanoseconds in a unit, with three decimals.
fn time(ns: u128, unit: u128) -> String {
    if ns == 0 { "0".to_owned() } else { units::fixed(ns, unit, 3) }
}

/// Nanoseconds as milliseconds.
pub(super) fn milliseconds(ns: u128) -> String {
    time(ns, 1_000_000)
}

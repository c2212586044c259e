//! The tree on a terminal: network, stages, modules, branches, layers, each with its share and a bar.

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::base::Shape;
use crate::base::units;
use crate::report::Colour;
use crate::report::Opening;
use crate::report::Paint;
use crate::report::grid::Cell;
use crate::report::outline::Line;
use crate::report::outline::lines;
use crate::report::summary;

/// The unit that keeps a column's numbers short: `(divisor, prefix)`.
pub(super) fn unit_for(most: u64) -> (u128, &'static str) {
    match most {
        0..10_000 => (1, ""),
        10_000..10_000_000 => (1000, "k"),
        _ => (1_000_000, "M"),
    }
}

struct Columns {
    name: usize,
    output: usize,
    madds: usize,
    bar: usize,
    params: usize,
    live: usize,
}

/// Header, tree and summary.
pub fn table(analysis: &Analysis, opening: Opening, paint: &Paint) -> String {
    let lines = lines(&analysis.tree, opening);
    let names: Vec<String> = lines.iter().map(|line| branch_art(line, paint) + line.name).collect();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    // Without room, first the output goes, then what is live, then half of the bar.
    let name = (longest + 2).max(24);
    let full = name + 66;
    let columns = Columns {
        name,
        output: if full <= paint.width.max(78) { 11 } else { 0 },
        madds: 10,
        bar: if full > paint.width + 19 { 8 } else { 16 },
        params: 10,
        live: if full > paint.width + 11 { 0 } else { 8 },
    };
    let (madds_unit, madds_prefix) = unit_for(analysis.totals.madds);
    let (params_unit, params_prefix) = unit_for(analysis.totals.params.min(9_999_999));
    let fullest = analysis.tree.children.iter().map(|row| row.madds).max().unwrap_or(0);
    let mut text = heading(analysis, paint);
    let most = format!("{} %", units::share(fullest.into(), analysis.totals.madds.into()));
    let scale = format!("0 %{most:>width$}", width = columns.bar.saturating_sub(3));
    let head = |name: &str, output: &str, madds: &str, share: &str, scale: &str, params: &str, live: &str| {
        let Columns { name: n, output: o, madds: m, bar, params: p, live: l } = columns;
        let line = format!("{name:n$}{output:>o$}{madds:>m$}{share:>9}  {scale:bar$}{params:>p$}{live:>l$}");
        paint.text(Colour::Faint, line.trim_end()) + "\n"
    };
    let (output, live) = (if columns.output > 0 { "output" } else { "" }, if columns.live > 0 { "live" } else { "" });
    text += &head("", output, "madds", "share", &scale, "params", live);
    text += &head("", "", madds_prefix, "", "", params_prefix, if columns.live > 0 { "MB" } else { "" });
    for (line, name) in lines.iter().zip(&names) {
        let share = u128::from(line.madds) * 10 >= u128::from(analysis.totals.madds);
        let top = matches!(line.row.level, Level::Network | Level::Stage);
        let strong = if share || top { Colour::Bold } else { Colour::Ink };
        let cell = |colour: Colour, plain: String| Cell::new(paint.text(colour, &plain), &plain);
        let art = branch_art(line, paint);
        let name_cell = Cell::new(paint.text(Colour::Faint, &art) + &paint.text(strong, line.name), name);
        let output = cell(Colour::Faint, output_of(line));
        let madds = cell(if top { Colour::Bold } else { Colour::Ink }, fixed(line.madds, madds_unit));
        let share_text = format!("{} %", units::share(line.madds.into(), analysis.totals.madds.into()));
        let share_cell = cell(if share { Colour::Bold } else { Colour::Ink }, share_text);
        let bar = if line.row.level == Level::Network {
            String::new()
        } else {
            paint.bar(line.madds.into(), fullest.into(), columns.bar)
        };
        let bar = cell(colour_of(line), bar);
        let params = cell(Colour::Ink, fixed(line.params, params_unit));
        let live = live_of(line, analysis, paint);
        let mut row = name_cell.left(columns.name);
        if columns.output > 0 {
            row += &output.right(columns.output);
        }
        row += &madds.right(columns.madds);
        row += &share_cell.right(9);
        row += "  ";
        row += &bar.left(columns.bar);
        row += &params.right(columns.params);
        if columns.live > 0 {
            row += &live.right(columns.live);
        }
        text += row.trim_end();
        text.push('\n');
    }
    if opening == Opening::WhereItMatters {
        let note = "opened where the share is 10 % or more; --depth module|branch|layer opens all of that depth";
        text += &paint.text(Colour::Faint, note);
        text.push('\n');
    }
    text.push('\n');
    text + &summary(analysis, paint)
}

fn fixed(number: u64, unit: u128) -> String {
    if number == 0 { "0".to_owned() } else { units::fixed(number.into(), unit, u32::from(unit > 1)) }
}

fn heading(analysis: &Analysis, paint: &Paint) -> String {
    let inputs: Vec<String> = analysis
        .inputs
        .iter()
        .map(|input| {
            let [c, h, w] = input.shape;
            format!("{c}x{h}x{w}")
        })
        .collect();
    let depth = analysis.depth;
    let plural = |count: u32, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut layers = Vec::new();
    if depth.convolutions > 0 {
        layers.push(plural(depth.convolutions, "convolution"));
    }
    if depth.linear > 0 {
        layers.push(format!("{} linear", depth.linear));
    }
    let rest = format!(
        "   input {}, batch {}   {}, {} deep",
        inputs.join(" and "),
        analysis.batch,
        layers.join(" + "),
        depth.longest_path
    );
    format!("{}{}\n\n", paint.text(Colour::Bold, &analysis.name), paint.text(Colour::Faint, &rest))
}

fn branch_art(line: &Line<'_>, paint: &Paint) -> String {
    let [mid, end, through] = if paint.unicode { ["├─ ", "└─ ", "│  "] } else { ["|- ", "`- ", "|  "] };
    let Some((&last, around)) = line.last.split_last() else { return String::new() };
    let before: String = around.iter().map(|&last| if last { "   " } else { through }).collect();
    before + if last { end } else { mid }
}

/// Channels and grid; inside a module, whose grid is known, channels alone.
fn output_of(line: &Line<'_>) -> String {
    let [c, h, w] = line.row.output;
    if line.branch.is_some() { c.to_string() } else { Shape::new(c, h, w).to_string() }
}

fn live_of(line: &Line<'_>, analysis: &Analysis, paint: &Paint) -> Cell {
    if line.branch.is_some() {
        return Cell::default();
    }
    let bytes = line.row.live_bytes;
    let plain = units::fixed(bytes.into(), 1_000_000, 2);
    let peak = bytes == analysis.memory.peak_bytes;
    Cell::new(paint.text(if peak { Colour::Over } else { Colour::Faint }, &plain), &plain)
}

fn colour_of(line: &Line<'_>) -> Colour {
    match line.branch {
        None => Colour::Stem,
        Some(name) if name.starts_with("pool") => Colour::Pool,
        Some(name) if name.starts_with("1x1") => Colour::One,
        Some(name) if name.starts_with("5x5") => Colour::Five,
        Some(_) => Colour::Three,
    }
}

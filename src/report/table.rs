//! The tree on a terminal: network, stages, modules, branches, layers, each with its share and a bar.

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::base::Shape;
use crate::base::units;
use crate::report::Colour;
use crate::report::Opening;
use crate::report::Paint;
use crate::report::columns::Columns;
use crate::report::count_heading::CountHeading;
use crate::report::grid::Cell;
use crate::report::grid::wrap;
use crate::report::hue::Hue;
use crate::report::hue::reduces;
use crate::report::outline::Line;
use crate::report::outline::lines;
use crate::report::summary;
use crate::report::summary::bytes_unit;
use crate::report::summary::layers;

/// The unit that keeps a column's numbers short: `(divisor, prefix)`.
pub(super) fn unit_for(most: u128) -> (u128, &'static str) {
    match most {
        0..10_000 => (1, ""),
        10_000..10_000_000 => (1000, "k"),
        _ => (1_000_000, "M"),
    }
}

/// Header, tree and summary.
pub fn table(analysis: &Analysis, opening: Opening, paint: &Paint) -> String {
    let lines = lines(&analysis.tree, opening);
    let longest = lines.iter().map(|line| art(&line.last, paint).chars().count() + line.name.chars().count()).max().unwrap_or(0);
    let total = analysis.counted();
    let (count_unit, prefix) = unit_for(total);
    let heading_of = CountHeading::of(analysis, prefix);
    let columns = Columns::fit(longest, heading_of.width(), paint.width);
    let (params_unit, params_prefix) = unit_for(analysis.totals.params.min(9_999_999).into());
    let fullest = analysis.tree.children.iter().map(Row::counted).max().unwrap_or(0);
    let mut text = heading(analysis, paint);
    let most = format!("{} %", units::share(fullest, total));
    let scale = match columns.bar.checked_sub(most.len() + 4) {
        Some(_) => format!("0 %{most:>width$}", width = columns.bar - 3),
        None => format!("{most:>width$}", width = columns.bar),
    };
    let head = |titles: [&str; 6]| {
        let line = " ".repeat(columns.name) + &row(&columns, &titles.map(|title| Cell::new(title, title)));
        paint.text(Colour::Faint, line.trim_end()) + "\n"
    };
    let (live_unit, live_prefix) = bytes_unit(analysis.memory.peak_bytes);
    text += &head(["output", heading_of.name, "share", &scale, "params", "live"]);
    text += &head(["", &heading_of.unit, "", "", params_prefix, live_prefix]);
    for line in &lines {
        let share = line.count * 10 >= total && line.count > 0;
        let top = matches!(line.row.level, Level::Network | Level::Stage);
        let cell = |colour: Colour, plain: String| Cell::new(paint.text(colour, &plain), &plain);
        let bold_if = |bold: bool| if bold { Colour::Bold } else { Colour::Ink };
        let art = art(&line.last, paint);
        let name = cut(line.name, columns.name.saturating_sub(art.chars().count() + 1), paint);
        let name_cell = Cell::new(paint.text(Colour::Faint, &art) + &paint.text(bold_if(share || top), &name), &(art + &name));
        let bar = match line.row.level {
            Level::Network => String::new(),
            Level::Stage | Level::Module | Level::Branch | Level::Layer => paint.bar(line.count, fullest, columns.bar),
        };
        let cells = [
            cell(Colour::Faint, output_of(line)),
            cell(bold_if(top), fixed(line.count, count_unit)),
            cell(bold_if(share), format!("{} %", units::share(line.count, total))),
            cell(colour_of(line), bar),
            cell(Colour::Ink, fixed(line.params.into(), params_unit)),
            live_of(line, analysis, live_unit, paint),
        ];
        text += (name_cell.left(columns.name) + &row(&columns, &cells)).trim_end();
        text.push('\n');
    }
    if opening == Opening::WhereItMatters {
        let note = "opened where the share is 10 % or more; --depth module|branch|layer opens all of that depth";
        for line in wrap(note, paint.width) {
            text += &paint.text(Colour::Faint, &line);
            text.push('\n');
        }
    }
    text.push('\n');
    text + &summary(analysis, paint)
}

/// The cells right of the name: output, count, share, bar, parameters, live; those without a column are left out.
fn row(columns: &Columns, [output, count, share, bar, params, live]: &[Cell; 6]) -> String {
    let right = |cell: &Cell, width: usize| if width > 0 { cell.right(width) } else { String::new() };
    let mut text = right(output, columns.output) + &right(count, columns.count) + &right(share, columns.share);
    if columns.bar > 0 {
        text += "  ";
        text += &bar.left(columns.bar);
    }
    text + &right(params, columns.params) + &right(live, columns.live)
}

/// A name of at most `most` characters.
pub(super) fn cut(name: &str, most: usize, paint: &Paint) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let end = if paint.unicode { "…" } else { "~" };
    name.chars().take(most.saturating_sub(1)).collect::<String>() + end
}

fn fixed(number: u128, unit: u128) -> String {
    if number == 0 { "0".to_owned() } else { units::fixed(number, unit, u32::from(unit > 1)) }
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
    let depth = layers(&analysis.depth);
    let counted =
        analysis.convention.as_ref().map(|counted| format!(", {} in {}", counted.name, counted.unit)).unwrap_or_default();
    let input = format!("input {}, batch {}{counted}", inputs.join(" and "), analysis.batch);
    let long = analysis.name.chars().count() + input.len() + depth.len() + 6;
    let gap = if long <= paint.width { "   " } else { "\n   " };
    let rest = format!("{gap}{input}{gap}{depth}");
    format!("{}{}\n\n", paint.text(Colour::Bold, &analysis.name), paint.text(Colour::Faint, &rest))
}

/// The lines of a tree before a row's name: for each level around it, and it, whether it is the last there.
pub(super) fn art(last: &[bool], paint: &Paint) -> String {
    let [mid, end, through] = if paint.unicode { ["├─ ", "└─ ", "│  "] } else { ["|- ", "`- ", "|  "] };
    let Some((&last, around)) = last.split_last() else { return String::new() };
    let before: String = around.iter().map(|&last| if last { "   " } else { through }).collect();
    before + if last { end } else { mid }
}

/// Channels and grid; inside a module, whose grid is known, channels alone.
fn output_of(line: &Line<'_>) -> String {
    let [c, h, w] = line.row.output;
    if line.branch.is_some() { c.to_string() } else { Shape::new(c, h, w).to_string() }
}

fn live_of(line: &Line<'_>, analysis: &Analysis, unit: u128, paint: &Paint) -> Cell {
    if line.branch.is_some() {
        return Cell::default();
    }
    let bytes = line.row.live_bytes;
    let plain = units::fixed(bytes.into(), unit, 2);
    let peak = bytes == analysis.memory.peak_bytes;
    Cell::new(paint.text(if peak { Colour::Over } else { Colour::Faint }, &plain), &plain)
}

fn colour_of(line: &Line<'_>) -> Colour {
    match line.branch {
        None if line.row.output[1..] == [1, 1] => Colour::Classifier,
        None => Colour::Stem,
        Some(branch) => Colour::Branch { hue: Hue::of(branch), reduces: reduces(line.name) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Options;
    use crate::analyze::analyze;
    use crate::graph::GraphBuilder;
    use crate::op::Conv;
    use crate::report::Colours;

    #[test]
    fn a_terminal_without_unicode_gets_ascii() {
        let mut net = GraphBuilder::new("plain");
        let image = net.input("image", Shape::new(3, 8, 8));
        let first = net.layer("a_name_that_is_too_long_for_the_terminal", [Conv::new(8, 3).into()], &[image]);
        let second = net.layer("second", [Conv::new(8, 1).into()], &[first]);
        net.output("main", second);
        let analysis =
            analyze(&net.finish().expect("a network"), &Options::default()).with_limits([(crate::base::Quantity::Madds, 9000)]);
        let paint = Paint { colours: Colours::None, unicode: false, width: 60 };
        let text = table(&analysis, Opening::WhereItMatters, &paint);
        assert!(text.is_ascii(), "{text}");
        assert!(text.contains("|- a_name") && text.contains("`- second") && text.contains("##"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 60), "{text}");
    }
}

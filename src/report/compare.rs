//! Networks, or parts of one, against the first, in every form.

use std::fmt::Write;

use crate::analyze::Against;
use crate::analyze::Change;
use crate::analyze::ComparedNet;
use crate::analyze::Comparison;
use crate::analyze::Difference;
use crate::analyze::Fate;
use crate::analyze::Measures;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::grid::Cell;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;
use crate::report::markdown::escaped as in_markdown;

/// Columns right of the name: multiply-adds before, after, their change and its share, then the changes of parameters and of what is
/// live, and what is seen.
const COLUMNS: [usize; 7] = [9, 9, 10, 13, 10, 10, 13];
/// Which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Those whose operators, costs or names differ; of those that only see more or less, how many there are.
    Costs,
    /// All that the comparison has.
    All,
}

/// How the rows are read.
const LEGEND: &str = "~ changed, + inserted, - removed, > renamed, < reads something else, = equal, . equal but for what it sees; madds of both and their change, the changes of parameters and of \
                      bytes live, what an output sees where that differs";
/// The longest name of a row that is not cut.
const LONGEST: usize = 44;

/// The tables for a terminal.
pub fn comparison_table(comparison: &Comparison, detail: Detail, paint: &Paint) -> String {
    let each: Vec<String> = comparison.others.iter().map(|against| one(&comparison.base, against, detail, paint)).collect();
    each.join("\n\n")
}

fn one(base: &ComparedNet, against: &Against, detail: Detail, paint: &Paint) -> String {
    let faint = |text: &str| paint.text(Colour::Faint, text.trim_end()) + "\n";
    let other = &against.other;
    let mut text = format!(
        "{}{}{}\n",
        paint.text(Colour::Bold, &other.name),
        paint.text(Colour::Faint, " against "),
        paint.text(Colour::Bold, &base.name)
    );
    for remark in &against.remarks {
        text.extend(wrap(&format!("note: {remark}"), paint.width).iter().map(|line| paint.text(Colour::Over, line) + "\n"));
    }
    text.push('\n');
    text += &totals(base, against, paint);
    let (lines, mut hidden) = lines(&against.rows, detail);
    let (for_training, more) = self::lines(&against.heads, detail);
    hidden += more;
    if lines.is_empty() && for_training.is_empty() {
        let none = if hidden == 0 { "no layer differs\n".to_owned() } else { seen_alone(hidden) + "\n" };
        return text + &none;
    }
    let longest = lines.iter().chain(&for_training).map(|line| line.label.chars().count()).max().unwrap_or(0);
    let shown = columns(paint.width, longest.min(LONGEST) + 1);
    let name = (longest.min(LONGEST) + 1).min(paint.width.saturating_sub(shown.iter().sum()).max(12));
    let head = |titles: [&str; 7]| {
        let mut line = format!("{:name$}", "");
        for (title, width) in titles.iter().zip(shown).filter(|(_, width)| *width > 0) {
            write!(line, "{title:>width$}").expect("writing to a string");
        }
        line
    };
    text.push('\n');
    text += &faint(&head(["madds", "", "change", "", "params", "live", "sees"]));
    for line in &lines {
        text += &line.text(name, shown, paint);
    }
    if !for_training.is_empty() {
        text += &faint("heads for training, in no sum");
        for line in &for_training {
            text += &line.text(name, shown, paint);
        }
    }
    let hidden = (hidden > 0).then(|| seen_alone(hidden));
    for note in [LEGEND.to_owned()].into_iter().chain(hidden) {
        text.extend(wrap(&note, paint.width.min(WIDEST)).iter().map(|line| faint(line)));
    }
    text
}

/// The columns that fit beside names.
fn columns(width: usize, longest: usize) -> [usize; 7] {
    let mut shown = COLUMNS;
    for at in [6, 5, 4, 0, 1] {
        if longest + shown.iter().sum::<usize>() <= width {
            break;
        }
        shown[at] = 0;
    }
    shown
}

/// Sums of both, and their difference.
fn totals(base: &ComparedNet, against: &Against, paint: &Paint) -> String {
    let exact = |number: u64| units::grouped(number.into());
    let seen = |measures: &Measures| sides(measures.receptive_field);
    let (old, new, change) = (&base.measures, &against.other.measures, &against.difference);
    let rows = [
        ("madds", exact(old.madds), exact(new.madds), Some((change.madds, old.madds))),
        ("params", exact(old.params), exact(new.params), Some((change.params, old.params))),
        ("live bytes", exact(old.live_bytes), exact(new.live_bytes), Some((change.live_bytes, old.live_bytes))),
        ("sees", seen(old), seen(new), None),
    ];
    let mut text = String::new();
    for (name, old, new, change) in rows {
        let (change, colour) = match change {
            Some((change, of)) => (format!("{:>18}   {}", units::signed(change), percent(change, of)), colour_of(change)),
            None => (String::new(), Colour::Ink),
        };
        let line =
            format!("{}{old:>19}{new:>19}{}", paint.text(Colour::Bold, &format!("{name:11}")), paint.text(colour, &change));
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// `+5.51 %`; nothing of nothing.
fn percent(change: i128, of: u64) -> String {
    if of == 0 || change == 0 {
        return String::new();
    }
    let of = u128::from(of);
    let other = of.checked_add_signed(change).unwrap_or(0);
    format!("{} %", units::signed_share(other, of))
}

/// What costs more is red, what costs less green.
fn colour_of(change: i128) -> Colour {
    match change {
        1.. => Colour::Over,
        0 => Colour::Faint,
        _ => Colour::Good,
    }
}

fn sides([height, width]: [u64; 2]) -> String {
    if height == width { height.to_string() } else { format!("{height}x{width}") }
}

/// A row as shown.
struct Line<'a> {
    row: &'a Difference,
    label: String,
}

/// The lines shown, and how many rows are not because they only see more or less.
fn lines(rows: &[Difference], detail: Detail) -> (Vec<Line<'_>>, usize) {
    let mut lines = Vec::new();
    let hidden = add(rows, 0, detail, &mut lines);
    (lines, hidden)
}

fn add<'a>(rows: &'a [Difference], depth: usize, detail: Detail, lines: &mut Vec<Line<'a>>) -> usize {
    let mut hidden = 0;
    for row in rows {
        if detail == Detail::Costs && row.fate == Fate::Shifted && row.has_one_name() {
            hidden += 1;
            continue;
        }
        let label = format!("{}{} {}", "  ".repeat(depth), mark(row.fate), names(row));
        lines.push(Line { row, label });
        hidden += add(&row.children, depth + 1, detail, lines);
    }
    hidden
}

fn seen_alone(count: usize) -> String {
    let what = if count == 1 { "row is the same and sees" } else { "rows are the same and see" };
    format!("{} {what} more or less of the input; --all shows that", units::grouped(count as u128))
}

fn mark(fate: Fate) -> char {
    match fate {
        Fate::Equal => '=',
        Fate::Renamed => '>',
        Fate::Shifted => '.',
        Fate::Rewired => '<',
        Fate::Changed => '~',
        Fate::Inserted => '+',
        Fate::Removed => '-',
    }
}

/// The row's name, both where they differ.
fn names(row: &Difference) -> String {
    match (&row.base, &row.other) {
        (Some(base), Some(other)) if base.name != other.name => format!("{} -> {}", base.name, other.name),
        (Some(side), _) | (None, Some(side)) => side.name.clone(),
        (None, None) => String::new(),
    }
}

impl Difference {
    /// Whether nothing in it has another name than on the other side.
    fn has_one_name(&self) -> bool {
        let is_same = self.base.as_ref().zip(self.other.as_ref()).is_some_and(|(base, other)| base.name == other.name);
        is_same && self.children.iter().all(Difference::has_one_name)
    }

    fn measures(&self) -> [Option<&Measures>; 2] {
        [&self.base, &self.other].map(|side| side.as_ref().map(|row| &row.measures))
    }
}

impl Line<'_> {
    fn text(&self, name: usize, shown: [usize; 7], paint: &Paint) -> String {
        let label: String = if self.label.chars().count() < name {
            self.label.clone()
        } else {
            let end = if paint.unicode { "…" } else { "~" };
            self.label.chars().take(name.saturating_sub(2)).collect::<String>() + end
        };
        let colour = match self.row.fate {
            Fate::Equal | Fate::Shifted => Colour::Faint,
            Fate::Renamed | Fate::Rewired | Fate::Changed => Colour::Ink,
            Fate::Inserted | Fate::Removed => Colour::Bold,
        };
        let [base, other] = self.row.measures();
        let Change { madds, params, live_bytes, .. } = self.row.difference;
        let si = |side: Option<&Measures>| side.map(|side| units::si(side.madds.into())).unwrap_or_default();
        let cell = |change: i128| {
            let plain = if change == 0 { String::new() } else { units::signed_si(change) };
            Cell::new(paint.text(colour_of(change), &plain), &plain)
        };
        let share = percent(madds, base.map_or(0, |base| base.madds));
        let share = if self.row.other.is_none() { String::new() } else { share };
        let seen = match (base, other) {
            (Some(base), Some(other)) if base.receptive_field != other.receptive_field => {
                format!("{} -> {}", sides(base.receptive_field), sides(other.receptive_field))
            }
            _ => String::new(),
        };
        let plain = |text: String| Cell::new(text.clone(), &text);
        let cells = [
            plain(si(base)),
            plain(si(other)),
            cell(madds),
            Cell::new(paint.text(colour_of(madds), &share), &share),
            cell(params),
            cell(live_bytes),
            plain(seen),
        ];
        let mut text = Cell::new(paint.text(colour, &label), &label).left(name);
        for (cell, width) in cells.iter().zip(shown).filter(|(_, width)| *width > 0) {
            text += &cell.right(width);
        }
        text.trim_end().to_owned() + "\n"
    }
}

/// For a pull request: what came of it in one line, the rows folded under it, exact integers.
pub fn comparison_markdown(comparison: &Comparison, detail: Detail) -> String {
    let base = &comparison.base;
    let each = comparison.others.iter().map(|against| {
        let mut text = format!("**{}** against **{}**: ", in_markdown(&against.other.name), in_markdown(&base.name));
        let (old, new, change) = (&base.measures, &against.other.measures, &against.difference);
        let parts = [
            ("multiply-adds", new.madds, change.madds, old.madds),
            ("parameters", new.params, change.params, old.params),
            ("bytes live", new.live_bytes, change.live_bytes, old.live_bytes),
        ];
        let parts = parts.map(|(what, now, change, of)| {
            let says =
                if change == 0 { "no change".to_owned() } else { format!("{}, {}", units::signed(change), percent(change, of)) };
            format!("{} {what} ({})", units::grouped(now.into()), says.trim_end_matches(", "))
        });
        text += &parts.join(", ");
        text += ".\n";
        for remark in &against.remarks {
            text += &format!("\nNote: {}.\n", in_markdown(remark));
        }
        let [(rows, shifted), (heads, more)] = [&against.rows, &against.heads].map(|rows| lines(rows, detail));
        let hidden = shifted + more;
        let note = if hidden == 0 { String::new() } else { format!("\n{}.\n", seen_alone(hidden)) };
        if rows.is_empty() && heads.is_empty() {
            return text + if hidden == 0 { "\nNo layer differs.\n" } else { &note };
        }
        let count = rows.len() + heads.len();
        let plural = if count == 1 { "row" } else { "rows" };
        text += &format!("\n<details><summary>{count} {plural}</summary>\n\n");
        text += "| layer | madds | | change | | params | live bytes | sees |\n|:--|--:|--:|--:|--:|--:|--:|--:|\n";
        text.extend(rows.iter().map(|line| markdown_line(line.row)));
        if !heads.is_empty() {
            text += "| *heads for training, in no sum* | | | | | | | |\n";
            text.extend(heads.iter().map(|line| markdown_line(line.row)));
        }
        text += "\n</details>\n";
        text + &note
    });
    each.collect::<Vec<_>>().join("\n")
}

fn markdown_line(row: &Difference) -> String {
    let [base, other] = row.measures();
    let madds = |side: Option<&Measures>| side.map(|side| units::grouped(side.madds.into())).unwrap_or_default();
    let paths = match (&row.base, &row.other) {
        (Some(base), Some(other)) if base.path != other.path => {
            format!("{} -> {}", in_markdown(&base.path), in_markdown(&other.path))
        }
        (Some(side), _) | (None, Some(side)) => in_markdown(&side.path),
        (None, None) => String::new(),
    };
    let Change { madds: change, params, live_bytes, .. } = row.difference;
    let share = if row.other.is_none() { String::new() } else { percent(change, base.map_or(0, |base| base.madds)) };
    let seen = match (base, other) {
        (Some(base), Some(other)) if base.receptive_field != other.receptive_field => {
            format!("{} -> {}", sides(base.receptive_field), sides(other.receptive_field))
        }
        _ => String::new(),
    };
    let signed = |change: i128| if change == 0 { String::new() } else { units::signed(change) };
    let (fate, old, new) = (row.fate.word(), madds(base), madds(other));
    let (change, params, live) = (signed(change), signed(params), signed(live_bytes));
    format!("| {fate} {paths} | {old} | {new} | {change} | {share} | {params} | {live} | {seen} |\n")
}

/// One line a row, for spreadsheets.
pub fn comparison_csv(comparison: &Comparison) -> String {
    let mut text = "base,other,head,fate,base_path,other_path,base_madds,other_madds,madds,base_params,other_params,params,\
                    base_live_bytes,other_live_bytes,live_bytes\n"
        .to_owned();
    for against in &comparison.others {
        for (head, rows) in [("", &against.rows), ("training", &against.heads)] {
            for line in lines(rows, Detail::All).0 {
                let row = line.row;
                let path = |at: usize| [&row.base, &row.other][at].as_ref().map(|row| quoted(&row.path)).unwrap_or_default();
                let names = [quoted(&comparison.base.name), quoted(&against.other.name)].join(",");
                write!(text, "{names},{head},{},{},{}", row.fate.word(), path(0), path(1)).expect("a string");
                let Change { madds, params, live_bytes, .. } = row.difference;
                let fields: [fn(&Measures) -> u64; 3] =
                    [|measures| measures.madds, |measures| measures.params, |measures| measures.live_bytes];
                for (field, change) in fields.into_iter().zip([madds, params, live_bytes]) {
                    let [base, other] = row.measures().map(|side| side.map(|side| field(side).to_string()).unwrap_or_default());
                    write!(text, ",{base},{other},{change}").expect("a string");
                }
                text.push('\n');
            }
        }
    }
    text
}

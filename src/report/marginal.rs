//! Marginal costs in every form: the knobs ranked by what one filter more costs, with what each can do about the budget.

use std::fmt::Write;

use crate::analyze::Headroom;
use crate::analyze::Marginal;
use crate::analyze::MarginalLimit;
use crate::analyze::Marginals;
use crate::analyze::Ratio;
use crate::base::Quantity;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::gauge::limit_text;
use crate::report::grid::Cell;
use crate::report::grid::wrap;
use crate::report::latex::escaped;
use crate::report::latex::thin;
use crate::report::markdown::escaped as in_markdown;

/// How many knobs of the ranking are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// So many of the dearest.
    pub top: usize,
}

impl Ranking {
    /// As many as a page takes.
    pub const TWENTY: Ranking = Ranking { top: 20 };

    fn of(self, found: &Marginals) -> (&[Marginal], usize) {
        let shown = self.top.min(found.knobs.len());
        (&found.knobs[..shown], found.knobs.len() - shown)
    }
}

/// By how much a quantity is over or under its limit.
fn state(found: &Marginals, limit: &MarginalLimit) -> String {
    let actual = found.actual(limit);
    let distance = units::signed_share(actual.into(), limit.limit.into());
    format!("{} of {} {} ({distance} %)", units::si(actual.into()), limit_text(limit.limit), limit.quantity)
}

/// The first layer, and how many more there are.
fn layer_of(knob: &Marginal) -> String {
    match knob.layers.len() {
        0 | 1 => knob.path.clone(),
        many => format!("{} with {} more", knob.path, many - 1),
    }
}

fn width_of(knob: &Marginal) -> String {
    if knob.step == 1 { knob.width.to_string() } else { format!("{} by {}", knob.width, knob.step) }
}

/// `54 of 128` to shed, `+40` to gain; whether the width alone is enough.
fn move_of(knob: &Marginal, headroom: Headroom) -> (String, bool) {
    match (headroom.filters, headroom.to) {
        (Some(filters), to) if filters < 0 => {
            let verdict = if to.is_some() { "" } else { ", too few" };
            (format!("{} of {}{verdict}", filters.unsigned_abs(), knob.width), to.is_some())
        }
        (Some(filters), _) => (format!("+{filters}"), true),
        (None, Some(_)) => ("free".to_owned(), true),
        (None, None) => ("never".to_owned(), false),
    }
}

/// The price of one step, and what that is worth in the cheapest layer's filters.
fn buys_of(knob: &Marginal) -> String {
    knob.buys.fixed(1)
}

/// A per cent of the width, in per cent of the network.
fn elasticity(ratio: Ratio) -> String {
    ratio.fixed(3)
}

/// The table for a terminal.
pub fn marginal_table(found: &Marginals, ranking: Ranking, paint: &Paint) -> String {
    let (shown, more) = ranking.of(found);
    let states: Vec<String> = found.limits.iter().map(|limit| state(found, limit)).collect();
    let totals = format!("{} madds, {} params", units::si(found.madds.into()), units::si(found.params.into()));
    let head = if states.is_empty() { totals } else { states.join(", ") };
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &format!("   {head}")));
    if shown.is_empty() {
        return text + "no width can be changed\n";
    }
    let against = found.against.as_deref().unwrap_or_default();
    let mut heads = vec![
        [String::new(), "layer".to_owned()],
        [String::new(), "width".to_owned()],
        ["one filter more".to_owned(), "madds".to_owned()],
        [String::new(), "params".to_owned()],
        ["a % of width".to_owned(), "% of madds".to_owned()],
    ];
    for limit in &found.limits {
        let room = found.actual(limit) <= limit.limit;
        heads.push([format!("to {} {}", limit_text(limit.limit), limit.quantity), if room { "gain" } else { "shed" }.to_owned()]);
    }
    heads.push(["buys of".to_owned(), against.to_owned()]);
    let rows: Vec<Vec<(String, Colour)>> = shown
        .iter()
        .map(|knob| {
            let ink = |text: String| (text, Colour::Ink);
            let mut cells = vec![
                ink(layer_of(knob)),
                ink(width_of(knob)),
                ink(units::grouped(knob.madds.into())),
                ink(units::grouped(knob.params.into())),
                ink(elasticity(knob.elasticity_madds)),
            ];
            for headroom in &knob.headroom {
                let (text, enough) = move_of(knob, *headroom);
                cells.push((text, if enough { Colour::Good } else { Colour::Faint }));
            }
            cells.push(ink(buys_of(knob)));
            cells
        })
        .collect();
    text += &columns(&heads, &rows, paint);
    if more > 0 {
        let dots = if paint.unicode { "…" } else { "..." };
        let last = found
            .knobs
            .last()
            .map_or(String::new(), |knob| format!(", down to {} of {}", units::grouped(knob.madds.into()), knob.path));
        text += &paint.text(Colour::Faint, &format!("{dots} {more} more{last}"));
        text.push('\n');
    }
    for variable in &found.variables {
        let name = paint.text(Colour::Bold, &format!("{} {} -> {}", variable.name, variable.from, variable.to));
        let says = match variable.change {
            Some(change) => {
                format!("{} madds, {} params", units::signed(change.madds), units::signed(change.params))
            }
            None => "is no network".to_owned(),
        };
        text += &format!("\n{name}   {says}");
    }
    if !found.variables.is_empty() {
        text.push('\n');
    }
    let note = "One filter more is counted in its layer and in all that read it; widths joined by an addition or a depthwise layer move \
                as one. Each is alone: the others keep their widths.";
    text.push('\n');
    for line in wrap(note, paint.width.min(100)) {
        text += &paint.text(Colour::Faint, &line);
        text.push('\n');
    }
    text
}

/// Columns under heads of two lines; the first is set against the left.
pub(super) fn columns(heads: &[[String; 2]], rows: &[Vec<(String, Colour)>], paint: &Paint) -> String {
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let cells = rows.iter().map(|row| row[at].0.chars().count());
            cells.chain(head.iter().map(|line| line.chars().count())).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: Vec<Cell>| {
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            line += &if at == 0 { cell.left(widths[at]) } else { format!("  {}", cell.right(widths[at])) };
        }
        line.trim_end().to_owned() + "\n"
    };
    let mut text = String::new();
    for at in 0..2 {
        let cells: Vec<Cell> = heads.iter().map(|head| Cell::new(head[at].as_str(), &head[at])).collect();
        if cells.iter().any(|cell| cell.width > 0) {
            text += &(paint.text(Colour::Faint, line(cells).trim_end()) + "\n");
        }
    }
    for row in rows {
        text += &line(row.iter().map(|(plain, colour)| Cell::new(paint.text(*colour, plain), plain)).collect());
    }
    text
}

/// One line a knob: exact integers, a knob's layers with spaces between them.
pub fn marginal_csv(all: &[Marginals], ranking: Option<Ranking>) -> String {
    let mut text = "spec,layer,layers,width,step,madds,params,elasticity_madds,elasticity_params,madds_filters,madds_width,\
                    params_filters,params_width,against,buys\n"
        .to_owned();
    for found in all {
        let shown = ranking.map_or(&found.knobs[..], |ranking| ranking.of(found).0);
        for knob in shown {
            let headroom = |quantity| {
                let at = found.limits.iter().position(|limit| limit.quantity == quantity);
                let headroom = at.map(|at| knob.headroom[at]);
                let filters = headroom.and_then(|headroom| headroom.filters).map(|filters| filters.to_string());
                let to = headroom.and_then(|headroom| headroom.to).map(|to| to.to_string());
                format!("{},{}", filters.unwrap_or_default(), to.unwrap_or_default())
            };
            writeln!(
                text,
                "{},{},{},{},{},{},{},{},{},{},{},{},{}",
                quoted(&found.name),
                quoted(&knob.path),
                quoted(&knob.layers.join(" ")),
                knob.width,
                knob.step,
                knob.madds,
                knob.params,
                knob.elasticity_madds.fixed(6),
                knob.elasticity_params.fixed(6),
                headroom(Quantity::Madds),
                headroom(Quantity::Params),
                quoted(found.against.as_deref().unwrap_or_default()),
                knob.buys.fixed(6),
            )
            .expect("writing to a string");
        }
    }
    text
}

/// A table for a pull request.
pub fn marginal_markdown(found: &Marginals, ranking: Ranking) -> String {
    let (shown, more) = ranking.of(found);
    let mut text = format!(
        "**{}**: {} madds, {} params\n\n",
        in_markdown(&found.name),
        units::grouped(found.madds.into()),
        units::grouped(found.params.into())
    );
    text += "| layer | width | madds of one filter more | params | % of madds for a % of width |";
    for limit in &found.limits {
        write!(text, " filters to {} {} |", limit_text(limit.limit), limit.quantity).expect("writing to a string");
    }
    text += &format!("\n|:--|--:|--:|--:|--:|{}\n", "--:|".repeat(found.limits.len()));
    for knob in shown {
        let (madds, params) = (units::grouped(knob.madds.into()), units::grouped(knob.params.into()));
        write!(
            text,
            "| {} | {} | {madds} | {params} | {} |",
            in_markdown(&layer_of(knob)),
            width_of(knob),
            elasticity(knob.elasticity_madds)
        )
        .expect("writing to a string");
        for headroom in &knob.headroom {
            write!(text, " {} |", move_of(knob, *headroom).0).expect("writing to a string");
        }
        text.push('\n');
    }
    if more > 0 {
        writeln!(text, "\n… {more} more").expect("writing to a string");
    }
    text
}

/// A booktabs table.
pub fn marginal_latex(found: &Marginals, ranking: Ranking) -> String {
    let (shown, _) = ranking.of(found);
    let mut text =
        format!("% \\usepackage{{booktabs}}\n\\begin{{tabular}}{{lrrrr{}}}\n\\toprule\n", "r".repeat(found.limits.len()));
    text += "layer & width & multiply-adds & parameters & \\% for a \\%";
    for limit in &found.limits {
        write!(text, " & filters to {}", limit_text(limit.limit)).expect("writing to a string");
    }
    text += " \\\\\n\\midrule\n";
    for knob in shown {
        let (madds, params) = (thin(&units::grouped(knob.madds.into())), thin(&units::grouped(knob.params.into())));
        let layer = escaped(&layer_of(knob));
        write!(text, "{layer} & {} & {madds} & {params} & {}", width_of(knob), elasticity(knob.elasticity_madds))
            .expect("writing to a string");
        for headroom in &knob.headroom {
            write!(text, " & {}", move_of(knob, *headroom).0).expect("writing to a string");
        }
        text += " \\\\\n";
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

//! A sweep on a terminal, with a bar for each point, and as CSV.

use std::fmt::Write;

use crate::analyze::Limit;
use crate::analyze::Point;
use crate::analyze::Sweep;
use crate::analyze::Totalled;
use crate::base::Quantity;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::gauge::distance;
use crate::report::gauge::limit_text;
use crate::report::grid::Cell;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;
use crate::report::summary::bytes_unit;

/// Cells of a bar.
const CELLS: usize = 20;

/// One line a point; the bar is of the multiply-adds, full at the most.
pub fn sweep_table(found: &Sweep, paint: &Paint) -> String {
    let totals = || found.points.iter().filter_map(|point| point.totals.as_ref());
    let most = totals().map(|totals| totals.madds).max().unwrap_or(0);
    let (bytes, unit) = bytes_unit(totals().map(|totals| totals.memory_bytes).max().unwrap_or(0));
    let now: Vec<String> =
        found.axes.iter().filter_map(|axis| axis.now.as_ref().map(|now| format!("{} is {now}", axis.name))).collect();
    let head = if now.is_empty() { String::new() } else { format!("   {}", now.join(", ")) };
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &head));
    let mut heads: Vec<String> = found.axes.iter().map(|axis| axis.name.clone()).collect();
    heads.extend(["madds".to_owned(), "params".to_owned(), format!("live {unit}")]);
    let limits = totals().next().map_or(&[][..], |totals| &totals.budget[..]);
    heads.extend(limits.iter().map(|limit| match limit.quantity {
        Quantity::Madds => format!("to {}", limit_text(limit.limit)),
        Quantity::Params | Quantity::Memory => format!("to {} {}", limit_text(limit.limit), limit.quantity),
    }));
    let cells = |totals: &Totalled| -> Vec<Cell> {
        let plain = |text: String| Cell::new(text.as_str(), &text);
        let mut cells = vec![
            plain(units::grouped(totals.madds.into())),
            plain(units::grouped(totals.params.into())),
            plain(units::fixed(totals.memory_bytes.into(), bytes, 2)),
        ];
        cells.extend(totals.budget.iter().map(|limit| distance(limit, paint)));
        cells
    };
    let rows: Vec<(&Point, Vec<Cell>)> = found
        .points
        .iter()
        .map(|point| {
            let mut row: Vec<Cell> = point.at.iter().map(|value| Cell::new(value.as_str(), value)).collect();
            row.extend(point.totals.iter().flat_map(cells));
            (point, row)
        })
        .collect();
    let width = |at: usize| rows.iter().filter_map(|(_, row)| row.get(at)).map(|cell| cell.width).max().unwrap_or(0);
    let widths: Vec<usize> = heads.iter().enumerate().map(|(at, head)| width(at).max(head.chars().count())).collect();
    let line = |cells: &[Cell]| -> String { cells.iter().zip(&widths).map(|(cell, &width)| cell.right(width) + "  ").collect() };
    let heads: Vec<Cell> = heads.iter().map(|head| Cell::new(head.as_str(), head)).collect();
    text += &(paint.text(Colour::Faint, line(&heads).trim_end()) + "\n");
    for (point, row) in &rows {
        let mut row = line(row);
        match (&point.totals, &point.refused) {
            (Some(totals), _) => {
                let is_over = totals.budget.iter().any(Limit::is_over);
                let bar = paint.bar(totals.madds.into(), most.into(), CELLS);
                row += &paint.text(if is_over { Colour::Over } else { Colour::Stem }, &bar);
            }
            (None, refused) => {
                let refused = refused.as_ref();
                let line = refused.and_then(|refused| refused.line).map(|line| format!("line {line}: ")).unwrap_or_default();
                let says = line + refused.map_or("", |refused| &refused.because);
                let indent: usize = widths[..found.axes.len()].iter().map(|width| width + 2).sum();
                let says = wrap(&says, paint.width.min(WIDEST).saturating_sub(indent).max(30));
                row += &says.join(&format!("\n{:indent$}", ""));
            }
        }
        text += row.trim_end();
        text.push('\n');
    }
    text
}

/// One line a point; a column for each axis.
pub fn sweep_csv(found: &Sweep) -> String {
    let mut text = String::new();
    for axis in &found.axes {
        text += &format!("{},", quoted(&axis.name));
    }
    text += "madds,params,memory_bytes,madds_limit,params_limit,memory_limit,refused\n";
    for point in &found.points {
        for value in &point.at {
            text += &format!("{},", quoted(value));
        }
        match &point.totals {
            Some(totals) => {
                write!(text, "{},{},{}", totals.madds, totals.params, totals.memory_bytes).expect("writing to a string");
                for quantity in Quantity::ALL {
                    let limit = totals.budget.iter().find(|limit| limit.quantity == quantity);
                    text += &limit.map_or(",".to_owned(), |limit| format!(",{}", limit.limit));
                }
                text += ",\n";
            }
            None => {
                let because = point.refused.as_ref().map_or("", |refused| &refused.because);
                text += &format!(",,,,,,{}\n", quoted(because));
            }
        }
    }
    text
}

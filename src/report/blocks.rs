//! Dense blocks of a table on a terminal.

use crate::base::units;
use crate::propose::blocks::Measured;
use crate::propose::blocks::Mode;
use crate::propose::blocks::Summary;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::headed;

/// What blocks hold, lose and cost; the largest groups; times, if they were taken.
pub fn blocks_table(found: &Summary, paint: &Paint) -> String {
    let Summary { rows, columns, links, lost, area, gathered, .. } = found;
    let mode = match found.mode {
        Mode::Lossless => "lossless".to_owned(),
        Mode::Lossy => format!("columns of at least {:.0} % of a group", 100.0 * found.least.unwrap_or_default()),
        Mode::Disjoint => "each column in one group".to_owned(),
    };
    let pairs = units::grouped((*rows * *columns) as u128);
    let mut text =
        format!("{}: {rows} outputs of {columns} inputs, {} of {pairs} links\n", found.source, units::grouped((*links).into()));
    if let Some(kept) = found.kept {
        text += &format!("they hold {:.2} % of the squared weights\n", 100.0 * kept);
    }
    text += &format!(
        "{} groups, {mode}: {} pairs, {:.1} % of them links; {} links lost; {} channels gathered\n\n",
        found.groups.len(),
        units::grouped((*area).into()),
        100.0 * found.fill,
        units::grouped((*lost).into()),
        units::grouped((*gathered).into())
    );
    let times = found.measured.as_ref();
    let dense = found.madds_dense;
    let forms = [("dense", dense), ("sparse", found.madds_sparse), ("blocks", found.madds_blocks)];
    let part = |madds: u64| format!("{:.2} %", 100.0 * madds as f64 / dense as f64);
    let Some(times) = times else {
        let row = |(form, madds): (&str, u64)| vec![form.to_owned(), units::grouped(madds.into()), part(madds)];
        let (heads, rows) = headed(&["form", "multiply-adds", "of dense"], 1, forms.into_iter().map(row).collect());
        return text + &paint.text(Colour::Faint, &heads) + &rows;
    };
    text + &timed(times, part, paint)
}

fn timed(times: &Measured, part: impl Fn(u64) -> String, paint: &Paint) -> String {
    let dense = times.forms.first().map_or(1, |form| form.median_ns);
    let row = |form: &crate::propose::blocks::Timed| {
        vec![
            form.form.clone(),
            units::grouped(form.madds.into()),
            part(form.madds),
            format!("{:.1}", form.median_ns as f64 / 1e3),
            format!("{:.1}", form.least_ns as f64 / 1e3),
            format!("{:.2}", form.median_ns as f64 / dense as f64),
            format!("{:.2}", form.madds as f64 / form.median_ns as f64),
        ]
    };
    let heads = ["form", "multiply-adds", "of dense", "us", "least", "of dense's time", "Gmadd/s"];
    let (heads, rows) = headed(&heads, 1, times.forms.iter().map(row).collect());
    let about = format!("{}, {} threads, {} rounds, medians\n", times.arch, times.threads, times.rounds);
    paint.text(Colour::Faint, &heads) + &rows + &paint.text(Colour::Faint, &about)
}

//! The paper's Table 1 beside a network, in every form.

use std::fmt::Write;

use crate::analyze::Table1;
use crate::analyze::TableRow;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;
use crate::report::latex::escaped;
use crate::report::latex::thin;
use crate::report::markdown::escaped as in_markdown;

/// What the columns are in, and when a figure is the paper's.
const RULE: &str =
    "weights and multiply-adds without biases; K = 1024, M = 1 000 000; exact: within half a unit of the paper's last digit";

/// `9.19`.
fn kilo(number: u64) -> String {
    units::fixed(number.into(), 1024, 2)
}

/// `118.014`.
fn mega(number: u64) -> String {
    units::fixed(number.into(), 1_000_000, 3)
}

fn verdict(exact: bool) -> &'static str {
    if exact { "exact" } else { "differs" }
}

/// Why a row differs, each reason once, behind the columns that it is for.
fn reasons(row: &TableRow) -> Vec<String> {
    match (&row.params.reason, &row.ops.reason) {
        (Some(params), Some(ops)) if params == ops => vec![format!("params, ops: {params}")],
        (params, ops) => {
            let params = params.iter().map(|reason| format!("params: {reason}"));
            params.chain(ops.iter().map(|reason| format!("ops: {reason}"))).collect()
        }
    }
}

/// The table for a terminal.
pub(super) fn table(table: &Table1, paint: &Paint) -> String {
    let faint = |text: &str| paint.text(Colour::Faint, text);
    let mut text = format!(
        "{}   {}\n",
        paint.text(Colour::Bold, &table.name),
        faint("beside Table 1 of \"Going deeper with convolutions\"")
    );
    text.extend(wrap(RULE, paint.width).iter().map(|line| faint(line) + "\n"));
    let head = format!(
        "\n{:8}{:>9}{:>10}{:>12}  {:9}{:>8}{:>11}{:>16}  {}",
        "row", "params K", "ours", "weights", "", "ops M", "ours", "madds", ""
    );
    text += &format!("{}\n", faint(head.trim_end()));
    for row in &table.rows {
        let colour = |exact: bool| if exact { Colour::Good } else { Colour::Over };
        let cell = |exact: bool| paint.text(colour(exact), verdict(exact)) + &" ".repeat(9 - verdict(exact).len());
        let line = format!(
            "{:8}{:>9}{:>10}{:>12}  {}{:>8}{:>11}{:>16}  {}",
            row.name,
            row.paper_params_k,
            kilo(row.weights),
            units::grouped(row.weights.into()),
            cell(row.params.exact),
            row.paper_ops_m,
            mega(row.madds),
            units::grouped(row.madds.into()),
            cell(row.ops.exact)
        );
        text += line.trim_end();
        text.push('\n');
        for reason in reasons(row) {
            text.extend(wrap(&reason, paint.width.clamp(40, WIDEST) - 8).iter().map(|line| format!("        {}\n", faint(line))));
        }
    }
    let sum = &table.sum;
    text += &format!(
        "{:8}{:>9}{:>10}{:>12}  {:9}{:>8}{:>11}{:>16}\n",
        "sum",
        sum.paper_params_k,
        kilo(sum.weights),
        units::grouped(sum.weights.into()),
        "",
        sum.paper_ops_m,
        mega(sum.madds),
        units::grouped(sum.madds.into())
    );
    text + &in_no_row(table).map(|line| line + "\n").unwrap_or_default()
}

fn in_no_row(table: &Table1) -> Option<String> {
    let (weights, madds) = (table.weights_in_no_row, table.madds_in_no_row);
    (weights + madds > 0).then(|| {
        let [weights, madds] = [weights, madds].map(|number| units::grouped(number.into()));
        format!("in no row: {weights} weights, {madds} multiply-adds of the network")
    })
}

/// A line a row for spreadsheets.
pub(super) fn csv(tables: &[Table1]) -> String {
    let mut text = "spec,row,paper_params_k,weights,params,params_reason,paper_ops_m,madds,ops,ops_reason\n".to_owned();
    for table in tables {
        for row in &table.rows {
            let reason = |reason: &Option<String>| quoted(reason.as_deref().unwrap_or_default());
            writeln!(
                text,
                "{},{},{},{},{},{},{},{},{},{}",
                quoted(&table.name),
                row.name,
                row.paper_params_k,
                row.weights,
                verdict(row.params.exact),
                reason(&row.params.reason),
                row.paper_ops_m,
                row.madds,
                verdict(row.ops.exact),
                reason(&row.ops.reason)
            )
            .expect("writing to a string");
        }
    }
    text
}

/// A table for a pull request.
pub(super) fn markdown(table: &Table1) -> String {
    let mut text = format!("**{}** beside Table 1 of \"Going deeper with convolutions\": {RULE}\n\n", in_markdown(&table.name));
    text += "| row | paper, K | weights, K | weights | paper, M | madds, M | madds | why |\n|:--|--:|--:|--:|--:|--:|--:|:--|\n";
    for row in &table.rows {
        let why = in_markdown(&reasons(row).join("; "));
        let why = if why.is_empty() { "exact".to_owned() } else { why };
        line(&mut text, row.name, [row.paper_params_k, row.paper_ops_m], [row.weights, row.madds], &why);
    }
    let sum = &table.sum;
    let rest = in_no_row(table).unwrap_or_default();
    line(&mut text, "sum", [sum.paper_params_k, sum.paper_ops_m], [sum.weights, sum.madds], &rest);
    text
}

fn line(text: &mut String, name: &str, [params, ops]: [f64; 2], [weights, madds]: [u64; 2], why: &str) {
    let [exact_weights, exact_madds] = [weights, madds].map(|number| units::grouped(number.into()));
    writeln!(
        text,
        "| {name} | {params} | {} | {exact_weights} | {ops} | {} | {exact_madds} | {why} |",
        kilo(weights),
        mega(madds)
    )
    .expect("writing to a string");
}

/// A booktabs table, the reasons as notes under it.
pub(super) fn latex(table: &Table1) -> String {
    let mut text = "% \\usepackage{booktabs}\n\\begin{tabular}{lrrlrrl}\n\\toprule\n".to_owned();
    text += "row & paper (K) & weights (K) & & paper (M) & multiply-adds (M) & \\\\\n\\midrule\n";
    let mut notes = String::new();
    let numbers = |weights, madds| [thin(&kilo(weights)), thin(&mega(madds))];
    for row in &table.rows {
        let [weights, madds] = numbers(row.weights, row.madds);
        let [params, ops] = [row.params.exact, row.ops.exact].map(verdict);
        let (paper_k, paper_m) = (row.paper_params_k, row.paper_ops_m);
        writeln!(text, "{} & {paper_k} & {weights} & {params} & {paper_m} & {madds} & {ops} \\\\", row.name).expect("a string");
        for reason in reasons(row) {
            writeln!(notes, "\\par {}: {}", row.name, escaped(&reason)).expect("a string");
        }
    }
    let sum = &table.sum;
    let [weights, madds] = numbers(sum.weights, sum.madds);
    let (paper_k, paper_m) = (sum.paper_params_k, sum.paper_ops_m);
    writeln!(text, "\\midrule\nsum & {paper_k} & {weights} & & {paper_m} & {madds} & \\\\").expect("a string");
    let rest = in_no_row(table).map(|line| format!("\\par {line}\n")).unwrap_or_default();
    format!("{text}\\bottomrule\n\\end{{tabular}}\n{notes}{rest}")
}

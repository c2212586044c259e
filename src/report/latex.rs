//! The tree as a LaTeX table (`booktabs`), for papers.

use std::fmt::Write;

use crate::analyze::Analysis;
use crate::base::units;
use crate::report::Opening;
use crate::report::outline::lines;

/// One `tabular` for each analysis; numbers as in the terminal, in millions and thousands.
pub fn latex(analyses: &[Analysis], opening: Opening) -> String {
    let tables: Vec<String> = analyses.iter().map(|analysis| one(analysis, opening)).collect();
    tables.join("\n")
}

fn one(analysis: &Analysis, opening: Opening) -> String {
    let mut text = "% \\usepackage{booktabs}\n\\begin{tabular}{lrrrr}\n\\toprule\n".to_owned();
    let heading = match &analysis.convention {
        Some(counted) => format!("{} (M {})", counted.name, counted.unit),
        None => "multiply-adds (M)".to_owned(),
    };
    write!(text, "layer & output & {heading} & share (\\%) & parameters (k) \\\\\n\\midrule\n").expect("writing to a string");
    for line in lines(&analysis.tree, opening) {
        let [c, h, w] = line.row.output;
        let output = if h == 1 && w == 1 { c.to_string() } else { format!("${c} \\times {h} \\times {w}$") };
        let (count, params) = (line.count, u128::from(line.params));
        writeln!(
            text,
            "\\hspace*{{{}em}}{} & {output} & {} & {} & {} \\\\",
            line.last.len(),
            escaped(line.name),
            thin(&units::fixed(count, 1_000_000, 1)),
            units::share(count, analysis.counted()).replace('<', "$<$"),
            thin(&units::fixed(params, 1000, 1))
        )
        .expect("writing to a string");
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

/// Thousands apart by a thin space.
pub(super) fn thin(number: &str) -> String {
    number.replace(' ', "\\,")
}

/// A text with what LaTeX would read as a command escaped.
pub(super) fn escaped(name: &str) -> String {
    name.chars().map(|char| if "_%&#$".contains(char) { format!("\\{char}") } else { char.to_string() }).collect()
}

//! The roofline for spreadsheets, pull requests and papers.

use std::fmt::Write;

use crate::analyze::Bound;
use crate::analyze::RoofStep;
use crate::analyze::Roofline;
use crate::base::KernelTime;
use crate::base::Shape;
use crate::base::units;
use crate::report::Opening;
use crate::report::csv::quoted;
use crate::report::latex::escaped;
use crate::report::machine::giga;
use crate::report::machine::threads;
use crate::report::markdown::escaped as in_markdown;
use crate::report::roofline::outline::bound;
use crate::report::roofline::outline::intensity;
use crate::report::roofline::outline::lines;
use crate::report::roofline::outline::only_step;
use crate::report::roofline::table::milliseconds;

/// A line for each step that takes time.
pub fn roofline_csv(all: &[Roofline]) -> String {
    let mut text = "spec,batch,machine,threads,path,kind,fused,madds,input_bytes,output_bytes,weight_bytes,compute_ns,memory_ns,\
                    predicted_ns,bound,close_shape\n"
        .to_owned();
    for found in all {
        for (_, step) in found.tree.all_steps() {
            let RoofStep { madds, input_bytes, output_bytes, weight_bytes, compute_ns, memory_ns, predicted_ns, .. } = step;
            writeln!(
                text,
                "{},{},{},{},{},{},{},{madds},{input_bytes},{output_bytes},{weight_bytes},{compute_ns},{memory_ns},{predicted_ns},{},{}",
                quoted(&found.name),
                found.batch,
                quoted(&found.machine.name),
                found.machine.threads,
                quoted(&step.path),
                step.kind,
                step.fused.join(" "),
                step.bound.map_or("", Bound::word),
                step.close.as_ref().map(KernelTime::to_string).unwrap_or_default(),
            )
            .expect("writing to a string");
        }
    }
    text
}

/// A table for a pull request.
pub fn roofline_markdown(found: &Roofline, opening: Opening) -> String {
    let machine = &found.machine;
    let mut text = format!(
        "**{}**: {} ms predicted on {}, {}, batch {}; {} % of it waits for memory\n\n",
        in_markdown(&found.name),
        milliseconds(found.tree.predicted_ns),
        in_markdown(&machine.name),
        threads(machine.threads),
        found.batch,
        units::share(found.tree.memory_bound_ns, found.tree.predicted_ns)
    );
    let (peak, bandwidth) = (giga(machine.peak_madds_per_second), giga(machine.read_bytes_per_second));
    text += &format!("Roof: {peak} Gmadd/s, {bandwidth} GB/s, ridge at {:.2} madds a byte\n\n", machine.ridge.get());
    text += "| layer | output | multiply-adds | bytes | madds/B | ms | waits for | close shape |\n|:--|--:|--:|--:|--:|--:|:--|:--|\n";
    for line in lines(found, opening) {
        let row = &*line.row;
        let [c, h, w] = row.output;
        let close = only_step(row).and_then(|step| step.close.as_ref()).map(KernelTime::to_string).unwrap_or_default();
        writeln!(
            text,
            "| {}{} | {} | {} | {} | {} | {} | {} | {} |",
            "&nbsp;&nbsp;".repeat(line.last.len()),
            in_markdown(&row.name),
            Shape::new(c, h, w),
            units::grouped(row.madds),
            units::grouped(row.bytes),
            intensity(row.madds, row.bytes),
            milliseconds(row.predicted_ns),
            bound(row),
            in_markdown(&close),
        )
        .expect("writing to a string");
    }
    text
}

/// A booktabs table.
pub fn roofline_latex(found: &Roofline, opening: Opening) -> String {
    let mut text = "% \\usepackage{booktabs}\n\\begin{tabular}{lrrrrl}\n\\toprule\n".to_owned();
    text += "layer & multiply-adds & bytes & per byte & ms & waits for \\\\\n\\midrule\n";
    for line in lines(found, opening) {
        let row = &*line.row;
        let indent = format!("\\hspace*{{{}em}}", line.last.len());
        let number = |number: u128| units::grouped(number).replace(' ', "\\,");
        writeln!(
            text,
            "{indent}{} & {} & {} & {} & {} & {} \\\\",
            escaped(&row.name),
            number(row.madds),
            number(row.bytes),
            intensity(row.madds, row.bytes),
            milliseconds(row.predicted_ns),
            bound(row).replace('%', "\\%"),
        )
        .expect("writing to a string");
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

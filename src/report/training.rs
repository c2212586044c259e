//! What it takes to train a network, in every form: a step layer by layer, all epochs, the optimizer, the memory.

use std::fmt::Write;

use crate::analyze::StepMadds;
use crate::analyze::TrainingRun;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::footprint::fact;
use crate::report::footprint::images;
use crate::report::footprint::lines;
use crate::report::footprint::size;
use crate::report::latex::escaped;
use crate::report::markdown::escaped as in_markdown;
use crate::report::table::unit_for;

/// A layer's name and its part, heads for training marked.
fn rows(run: &TrainingRun) -> Vec<(String, StepMadds)> {
    let mark = |only: bool| if only { " (head)" } else { "" };
    let rows = run.layers.iter().map(|layer| (format!("{}{}", layer.path, mark(layer.training_only)), layer.madds));
    rows.collect()
}

/// The view for a terminal.
pub(super) fn table(run: &TrainingRun, paint: &Paint) -> String {
    let heads = if run.heads.is_empty() { String::new() } else { format!(", with {}", run.heads.join(", ")) };
    let head = format!("   a training step of {}{heads}", images(run.batch));
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &run.name), paint.text(Colour::Faint, &head));
    let rows = rows(run);
    let name = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(5) + 2;
    let total = run.step.total();
    let (unit, prefix) = unit_for(total.into());
    let columns = |name_cell: &str, cells: [&str; 5]| {
        let [forward, weights, inputs, step, share] = cells;
        format!("{name_cell:name$}{forward:>13}{weights:>13}{inputs:>13}{step:>13}{share:>9}")
    };
    let heading = |cells: [&str; 5]| paint.text(Colour::Faint, columns("", cells).trim_end()) + "\n";
    text += &heading(["forward", "weights", "inputs", "step", "share"]);
    text += &heading(["madds", "gradients", "gradients", &format!("{prefix} madds"), ""]);
    for (path, madds) in rows.iter().map(|(path, madds)| (path.as_str(), madds)).chain([("step", &run.step)]) {
        let cell =
            |number: u64| if number == 0 { "0".to_owned() } else { units::fixed(number.into(), unit, u32::from(unit > 1)) };
        let share = format!("{} %", units::share(madds.total().into(), total.into()));
        let [forward, weights, inputs] = [madds.forward, madds.weight_gradients, madds.input_gradients].map(cell);
        text += &(columns(path, [&forward, &weights, &inputs, &cell(madds.total()), &share]) + "\n");
    }
    text.push('\n');
    text + &facts(run, paint)
}

fn facts(run: &TrainingRun, paint: &Paint) -> String {
    let mut text = String::new();
    let mut line = |name: &str, number: &str, says: &str| fact(&mut text, paint, name, number, says);
    let StepMadds { forward, weight_gradients, input_gradients } = run.step;
    let number = |number: u64| units::grouped(number.into());
    let by_parts = format!(
        "madds = {} forward + {} for weights + {} for inputs",
        number(forward),
        number(weight_gradients),
        number(input_gradients)
    );
    line("step", &number(run.step.total()), &by_parts);
    if !run.frozen.is_empty() {
        line("frozen", &run.frozen.len().to_string(), &run.frozen.join(", "));
    }
    let update = run.update;
    let per_number: Vec<String> = [(update.adds, "adds"), (update.muls, "muls"), (update.divs, "divs"), (update.roots, "roots")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let learned = number(run.memory.trainable_params);
    let says = format!("operations = ({}) x {learned} learned numbers: {}", per_number.join(" + "), run.optimizer.formula());
    line("update", &number(run.update_operations), &says);
    match run.whole {
        Some(whole) => {
            let (images, epochs) = (number(whole.images.into()), number(whole.epochs.into()));
            let image = units::grouped(whole.madds / u128::from(whole.images) / u128::from(whole.epochs));
            let says = format!("madds = {epochs} epochs x {images} images x {image} = {}", units::grouped(whole.madds));
            line("run", &units::si(whole.madds), &says);
            line("", &number(whole.steps), &format!("steps = {epochs} epochs x {images} / {} images, rounded up", run.batch));
        }
        None => line("run", "-", "give --images, and --epochs unless the spec's `train` section has them"),
    }
    let says = format!(
        "{} live in a step + {} parameters + {} gradients + {} state of {}",
        size(run.memory.peak_bytes),
        size(run.memory.stored_bytes.into()),
        size(run.memory.gradient_bytes.into()),
        size(run.state_bytes.into()),
        run.optimizer.name()
    );
    line("memory", &size(run.total_bytes), &says);
    text.push('\n');
    let rule = "an input's gradient is wanted only where something before it learns, so that the first layers have none; multiply-adds \
                are of convolutions and linear layers";
    for line in lines(rule, 0, paint) {
        text += &(paint.text(Colour::Faint, &line) + "\n");
    }
    text
}

/// A line for each convolution and linear layer.
pub(super) fn csv(all: &[TrainingRun]) -> String {
    let mut text = "spec,batch,path,training_only,forward,weight_gradients,input_gradients\n".to_owned();
    for run in all {
        for layer in &run.layers {
            for node in &layer.nodes {
                let StepMadds { forward, weight_gradients, input_gradients } = node.madds;
                let (spec, path, only) = (quoted(&run.name), quoted(&node.path), layer.training_only);
                writeln!(text, "{spec},{},{path},{only},{forward},{weight_gradients},{input_gradients}", run.batch)
                    .expect("writing to a string");
            }
        }
    }
    text
}

fn cells(madds: &StepMadds) -> [String; 4] {
    [madds.forward, madds.weight_gradients, madds.input_gradients, madds.total()].map(|number| units::grouped(number.into()))
}

/// A table for a pull request.
pub(super) fn markdown(run: &TrainingRun) -> String {
    let mut text = format!("**{}**: a training step of {}\n\n", in_markdown(&run.name), images(run.batch));
    text += "| layer | forward | weight gradients | input gradients | step |\n|:--|--:|--:|--:|--:|\n";
    let rows = rows(run);
    let shown = rows.iter().map(|(path, madds)| (in_markdown(path), madds));
    for (path, madds) in shown.chain([("**step**".to_owned(), &run.step)]) {
        writeln!(text, "| {path} | {} |", cells(madds).join(" | ")).expect("writing to a string");
    }
    text
}

/// A booktabs table.
pub(super) fn latex(run: &TrainingRun) -> String {
    let mut text = "% \\usepackage{booktabs}\n\\begin{tabular}{lrrrr}\n\\toprule\n".to_owned();
    text += "layer & forward & weight gradients & input gradients & step \\\\\n\\midrule\n";
    let line = |path: &str, madds: &StepMadds| {
        format!("{} & {} \\\\\n", escaped(path), cells(madds).map(|cell| cell.replace(' ', "\\,")).join(" & "))
    };
    rows(run).iter().for_each(|(path, madds)| text += &line(path, madds));
    text + "\\midrule\n" + &line("step", &run.step) + "\\bottomrule\n\\end{tabular}\n"
}

//! The memory of a network in every form: the peak by name, the fullest steps, and what several batches take.

use std::fmt::Write;

use crate::analyze::BatchFootprint;
use crate::analyze::Footprint;
use crate::analyze::Held;
use crate::analyze::Hold;
use crate::analyze::Moment;
use crate::analyze::StepPhase;
use crate::base::Shape;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::grid::wrap;
use crate::report::latex::escaped;
use crate::report::markdown::escaped as in_markdown;
use crate::report::summary::bytes_unit;

/// How many of the fullest steps the table has.
const FULLEST: usize = 10;
/// Where what is said of a number begins.
const SAYS: usize = 28;
/// The longest line, however wide the terminal.
const WIDEST: usize = 100;

/// A text in lines that fit beside `indent` columns.
pub(super) fn lines(text: &str, indent: usize, paint: &Paint) -> Vec<String> {
    wrap(text, paint.width.min(WIDEST).saturating_sub(indent).max(20))
}

/// A number of bytes with two decimals.
pub(super) fn size(bytes: u128) -> String {
    units::bytes(bytes, 2)
}

/// A line of facts: a name, a number, and what is said of it.
pub(super) fn fact(text: &mut String, paint: &Paint, name: &str, number: &str, says: &str) {
    let mut lines = lines(says, SAYS, paint).into_iter();
    let width = SAYS - 3 - name.chars().count();
    let first = lines.next().unwrap_or_default();
    *text += format!("{}{number:>width$}   {first}", paint.text(Colour::Bold, name)).trim_end();
    text.push('\n');
    for line in lines {
        *text += &format!("{:SAYS$}{line}\n", "");
    }
}

fn verb(hold: Hold) -> &'static str {
    match hold {
        Hold::Written => "writes",
        Hold::Read => "reads",
        Hold::Waiting => "waiting",
    }
}

/// The view for a terminal.
pub(super) fn table(found: &Footprint, paint: &Paint) -> String {
    let memory = &found.memory;
    let head = format!("   activations of inference in f32, batch {}", found.batch);
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &head));
    let mut line = |name: &str, number: u128, says: &str| fact(&mut text, paint, name, &size(number), says);
    let live = format!("the most at one step, {}", memory.peak_at);
    line("live", memory.peak_bytes.into(), &live);
    let (padding, gap) = (memory.arena_padding_bytes, memory.arena_gap_bytes);
    let arena = format!("all of it in one arena, aligned to {} B", memory.arena_alignment);
    line("arena", memory.arena_bytes.into(), &arena);
    line("  padding", padding.into(), "of that, sizes rounded up to the alignment");
    line("  holes", gap.into(), "of that, nothing fits there");
    line("sum", memory.sum_bytes.into(), "of all tensors, if nothing were freed");
    line("parameters", found.parameter_bytes.into(), "of inference");
    text.push('\n');
    text += &peak(found, paint);
    text += &fullest(&memory.timeline, memory.peak_bytes, paint);
    text += &training(found, paint);
    text + &batches(found, paint)
}

/// What is live at the peak, and what would help.
fn peak(found: &Footprint, paint: &Paint) -> String {
    let memory = &found.memory;
    let head = format!("the peak, {} at {}", size(memory.peak_bytes.into()), memory.peak_at);
    let mut text = paint.text(Colour::Bold, &head) + "\n";
    let name = memory.peak_holds.iter().map(|held| held.path.chars().count()).max().unwrap_or(0).max(6);
    for Held { path, shape: [c, h, w], hold, until, bytes, .. } in &memory.peak_holds {
        let until = match until {
            Some(reader) => format!("until {reader}"),
            None => "a result".to_owned(),
        };
        let shape = Shape::new(*c, *h, *w).to_string();
        let line = format!("  {:8} {path:name$} {shape:>14} {:>11}", verb(*hold), size((*bytes).into()));
        text += &(line + &paint.text(Colour::Faint, &format!("   {until}")));
        text.push('\n');
    }
    let of = |hold: Hold| memory.peak_holds.iter().filter(move |held| held.hold == hold);
    let mut advice = Vec::new();
    if let Some(next) = &found.next {
        advice.push(format!("were it not for that step, {} would be the peak, {}", next.path, size(next.bytes.into())));
    }
    if let (Some(written), [read]) = (of(Hold::Written).next(), &of(Hold::Read).collect::<Vec<_>>()[..])
        && written.shape == read.shape
        && read.until.as_ref() == Some(&written.path)
    {
        advice.push(format!(
            "it is the last to read {} and gives as much: in place it would need {} less",
            read.path,
            size(written.bytes.into())
        ));
    }
    if let Some(waits) = of(Hold::Waiting).next() {
        let sum: u64 = of(Hold::Waiting).map(|held| held.bytes).sum();
        advice.push(format!("{} only wait, most of it {}", size(sum.into()), waits.path));
    }
    if let Some(inside) = memory.peak_in_modules.as_ref().filter(|inside| inside.bytes < memory.peak_bytes) {
        advice.push(format!("the most inside a module is {} at {}", size(inside.bytes.into()), inside.path));
    }
    for advice in advice {
        for line in lines(&advice, 2, paint) {
            text += &format!("  {}\n", paint.text(Colour::Faint, &line));
        }
    }
    text + "\n"
}

/// The fullest steps.
fn fullest(timeline: &[Moment], peak: u64, paint: &Paint) -> String {
    let mut order: Vec<(usize, &Moment)> = timeline.iter().enumerate().collect();
    order.sort_by_key(|(at, moment)| (u64::MAX - moment.live_elements, *at));
    order.truncate(FULLEST);
    let name = order.iter().map(|(_, moment)| moment.path.chars().count()).max().unwrap_or(0).max(16);
    let unit = bytes_unit(peak);
    let cell = |elements: u64| units::fixed(u128::from(elements) * u128::from(units::F32_BYTES), unit.0, 2);
    let heading = format!(
        "{:>4}  {:name$}{:>9}{:>9}{:>9}{:>9}",
        "step",
        format!("fullest steps, {}", unit.1),
        "live",
        "waiting",
        "read",
        "written"
    );
    let mut text = paint.text(Colour::Faint, &heading) + "\n";
    for (at, moment) in order {
        let [live, waiting, read, written] =
            [moment.live_elements, moment.waiting_elements, moment.read_elements, moment.written_elements].map(cell);
        let live = format!("{live:>9}");
        let live = if moment.live_bytes == peak { paint.text(Colour::Over, &live) } else { live };
        text += &format!("{:>4}  {:name$}{live}{waiting:>9}{read:>9}{written:>9}\n", at + 1, moment.path);
    }
    let rest = format!("{} steps in all, inputs among them; what works in place is part of the step before it", timeline.len());
    for line in lines(&rest, 0, paint) {
        text += &(paint.text(Colour::Faint, &line) + "\n");
    }
    text + "\n"
}

fn training(found: &Footprint, paint: &Paint) -> String {
    let step = &found.training;
    let mut text = paint.text(Colour::Bold, &format!("a training step of {}", images(found.batch))) + "\n";
    let at = match step.peak_phase {
        StepPhase::Loss => "at the loss".to_owned(),
        phase => format!("{} of {}", phase.word(), step.peak_at),
    };
    let mut line = |name: &str, number: u128, says: &str| fact(&mut text, paint, name, &size(number), says);
    line("kept", step.kept_bytes, "what forward leaves for backward");
    line("live", step.peak_bytes, &format!("the most of values, leavings and gradients, {at}"));
    line("parameters", step.stored_bytes.into(), "heads for training and running statistics too");
    line(
        "gradients",
        step.gradient_bytes.into(),
        &format!("of {} learned numbers", units::grouped(step.trainable_params.into())),
    );
    let state = format!("{} for each learned number, {}", found.optimizer.state(), found.optimizer.name());
    line("state", found.state_bytes.into(), &state);
    line("total", step.stateless_bytes + u128::from(found.state_bytes), "");
    text + "\n"
}

/// How many images, in words.
pub(super) fn images(batch: u32) -> String {
    if batch == 1 { "one image".to_owned() } else { format!("{batch} images") }
}

fn batches(found: &Footprint, paint: &Paint) -> String {
    let head = format!("{:>6}{:>13}{:>13}{:>15}{:>13}{:>13}", "batch", "live", "arena", "training: kept", "live", "total");
    let mut text = paint.text(Colour::Faint, &head) + "\n";
    for row in &found.batches {
        let BatchFootprint { batch, live_bytes, arena_bytes, kept_bytes, training_peak_bytes, training_total_bytes } = *row;
        let [live, arena] = [live_bytes, arena_bytes].map(|bytes| size(bytes.into()));
        let [kept, peak, total] = [kept_bytes, training_peak_bytes, training_total_bytes].map(size);
        text += &format!("{batch:>6}{live:>13}{arena:>13}{kept:>15}{peak:>13}{total:>13}\n");
    }
    text
}

/// The timeline: a line for each step.
pub(super) fn csv(all: &[Footprint]) -> String {
    let mut text =
        "spec,batch,step,path,kind,live_bytes,waiting_elements,read_elements,written_elements,live_elements\n".to_owned();
    for found in all {
        for (at, moment) in found.memory.timeline.iter().enumerate() {
            let Moment { kind, live_bytes, waiting_elements, read_elements, written_elements, live_elements, .. } = moment;
            writeln!(
                text,
                "{},{},{},{},{kind},{live_bytes},{waiting_elements},{read_elements},{written_elements},{live_elements}",
                quoted(&found.name),
                found.batch,
                at + 1,
                quoted(&moment.path),
            )
            .expect("writing to a string");
        }
    }
    text
}

/// Sizes at several batches, for a pull request.
pub(super) fn markdown(found: &Footprint) -> String {
    let memory = &found.memory;
    let mut text = format!(
        "**{}**: live peak {} at {}, arena {}, batch {}\n\n| batch | live | arena | training: kept | live | total |\n|--:|--:|--:|--:|--:|--:|\n",
        in_markdown(&found.name),
        size(memory.peak_bytes.into()),
        in_markdown(&memory.peak_at),
        size(memory.arena_bytes.into()),
        found.batch
    );
    for row in &found.batches {
        let cells = cells(row);
        writeln!(text, "| {} | {} |", row.batch, cells.join(" | ")).expect("writing to a string");
    }
    text
}

/// A booktabs table of sizes at several batches.
pub(super) fn latex(found: &Footprint) -> String {
    let mut text = format!("% \\usepackage{{booktabs}}\n% {}\n\\begin{{tabular}}{{rrrrrr}}\n\\toprule\n", escaped(&found.name));
    text += "batch & live & arena & kept & live in training & total \\\\\n\\midrule\n";
    for row in &found.batches {
        writeln!(text, "{} & {} \\\\", row.batch, cells(row).map(|cell| cell.replace(' ', "\\,")).join(" & ")).expect("a string");
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}

fn cells(row: &BatchFootprint) -> [String; 5] {
    let [live, arena] = [row.live_bytes, row.arena_bytes].map(u128::from);
    [live, arena, row.kept_bytes, row.training_peak_bytes, row.training_total_bytes].map(size)
}

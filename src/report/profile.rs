//! Where a network's time goes, on a terminal and as CSV.

use crate::base::units;
use crate::exec::Profile;
use crate::exec::ProfiledStep;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::grid::Cell;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;

/// Cells of a bar.
const CELLS: usize = 16;

/// One line a step, the order as given, at most `top`; what is left out is summed in the last line. `machine` is what is said of the
/// table that predicts where there is none.
pub fn profile_table(found: &Profile, order: &[usize], top: usize, machine: &str, paint: &Paint) -> String {
    let sum: u64 = found.steps.iter().map(ProfiledStep::ns).sum();
    let most = found.steps.iter().map(ProfiledStep::ns).max().unwrap_or(0);
    let mut text = heading(found, machine, paint);
    let mut heads = vec!["step", "kernel", "madds", "ms"];
    if found.training {
        heads.extend(["forward", "backward"]);
    }
    heads.extend(["Gmadd/s", "share"]);
    if found.predicted.is_some() {
        heads.extend(["predicted", "% of peak"]);
    }
    let rows: Vec<(u64, Vec<String>)> = order
        .iter()
        .take(top)
        .map(|&number| {
            let step = &found.steps[number];
            let mut row = vec![named(step), step.algorithm.name().to_owned(), madds(step.madds), milliseconds(step.ns())];
            if found.training {
                row.extend([milliseconds(step.forward_ns), milliseconds(step.backward_ns)]);
            }
            row.extend([rate(step.madds, step.ns()), units::share(step.ns().into(), sum.into())]);
            if found.predicted.is_some() {
                row.extend(predicted(found, step));
            }
            (step.ns(), row)
        })
        .collect();
    let width = |at: usize| rows.iter().map(|(_, row)| row[at].chars().count()).max().unwrap_or(0).max(heads[at].chars().count());
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &[&str]| -> String {
        let cells = cells.iter().zip(&widths).enumerate();
        cells
            .map(|(at, (text, &width))| {
                let cell = Cell::new(*text, text);
                (if at < 2 { cell.left(width) } else { cell.right(width) }) + "  "
            })
            .collect()
    };
    text += &(paint.text(Colour::Faint, line(&heads).trim_end()) + "\n");
    for (ns, row) in &rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        let bar = paint.bar((*ns).into(), most.into(), CELLS);
        text += (line(&cells) + &paint.text(Colour::Stem, &bar)).trim_end();
        text.push('\n');
    }
    let rest: u64 = order.iter().skip(top).map(|&number| found.steps[number].ns()).sum();
    if order.len() > top {
        let share = units::share(rest.into(), sum.into());
        text +=
            &paint.text(Colour::Faint, &format!("and {} steps more, {} ms, {share}\n", order.len() - top, milliseconds(rest)));
    }
    text
}

fn heading(found: &Profile, machine: &str, paint: &Paint) -> String {
    let what = if found.training { "training step" } else { "inference" };
    let images = if found.images == 1 { "1 image".to_owned() } else { format!("{} images", found.images) };
    let threads = if found.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", found.threads) };
    let a_second = found.images as u128 * 10_000_000_000 / u128::from(found.total_ns.max(1));
    let memory = &found.memory;
    let bytes = |bytes: u64| units::bytes(bytes.into(), 2);
    let mut text = format!(
        "{}   {what}, {images}, {threads}, {}, median of {} rounds\n\n",
        paint.text(Colour::Bold, &found.name),
        found.arch,
        found.rounds
    );
    text += &format!(
        "time      {} ms, the fastest {}{}; {} images/s; {} Gmadd/s\n",
        milliseconds(found.total_ns),
        milliseconds(found.least_ns),
        found.cold_ns.map_or_else(String::new, |ns| format!(", with cold caches {}", milliseconds(ns))),
        units::fixed(a_second, 10, 1),
        rate(found.madds, found.total_ns)
    );
    let says = wrap(&against(found, machine), paint.width.min(WIDEST).saturating_sub(10).max(20));
    text += &format!("machine   {}\n", says.join("\n          "));
    text += &format!(
        "memory    live {} + padding {}, arena {}, scratch {}, packed weights {}\n\n",
        bytes(memory.live),
        bytes(memory.padding),
        bytes(memory.arena),
        bytes(memory.scratch),
        bytes(memory.packed)
    );
    text
}

/// What the machine's table says of all of it.
fn against(found: &Profile, machine: &str) -> String {
    let Some(of_batch) = &found.predicted else { return machine.to_owned() };
    let predicted = units::fixed(of_batch.ns, 1_000_000, 3);
    let longer = units::signed_share(found.total_ns.into(), of_batch.ns);
    let products: u128 = found.steps.iter().map(|step| u128::from(step.products)).sum();
    let at_peak = products * 1_000_000_000;
    let peak = units::share(at_peak, u128::from(found.total_ns) * u128::from(of_batch.peak_madds_per_second));
    let name = &of_batch.machine;
    format!("{name}: predicted {predicted} ms, measured {longer} % beside it; {peak} % of the peak")
}

/// What the table predicts for a step, and how near it comes to the peak.
fn predicted(found: &Profile, step: &ProfiledStep) -> [String; 2] {
    let time = step.predicted_ns.filter(|&ns| ns > 0).map_or_else(|| "-".to_owned(), |ns| units::fixed(ns, 1_000_000, 3));
    let peak = found.predicted.as_ref().filter(|_| step.madds > 0).map(|of_batch| of_batch.peak_madds_per_second);
    let share =
        peak.map(|peak| units::share(u128::from(step.products) * 1_000_000_000, u128::from(step.ns()) * u128::from(peak)));
    [time, share.unwrap_or_else(|| "-".to_owned())]
}

/// The path with what is computed beside it.
fn named(step: &ProfiledStep) -> String {
    step.fused.iter().fold(step.path.clone(), |name, word| name + " + " + word)
}

fn madds(madds: u64) -> String {
    if madds == 0 { "-".to_owned() } else { units::si(madds.into()) }
}

fn milliseconds(ns: u64) -> String {
    units::fixed(ns.into(), 1_000_000, 3)
}

/// Multiply-adds a nanosecond.
fn rate(madds: u64, ns: u64) -> String {
    if madds == 0 { "-".to_owned() } else { units::fixed(u128::from(madds) * 10 / u128::from(ns.max(1)), 10, 1) }
}

/// One line a step; times in nanoseconds; the predicted one last, if there is one.
pub fn profile_csv(found: &Profile) -> String {
    let more = if found.predicted.is_some() { ",predicted_ns" } else { "" };
    let mut text = format!("path,fused,kernel,madds,forward_ns,backward_ns{more}\n");
    for step in &found.steps {
        let fused = step.fused.join(" ");
        let (path, kernel) = (quoted(&step.path), step.algorithm.name());
        let more = step.predicted_ns.map(|ns| format!(",{ns}")).unwrap_or_default();
        text += &format!("{path},{},{kernel},{},{},{}{more}\n", quoted(&fused), step.madds, step.forward_ns, step.backward_ns);
    }
    text
}

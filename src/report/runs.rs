//! Runs side by side, for a terminal, a pull request, a spreadsheet.

use crate::base::units;
use crate::report::csv::quoted;
use crate::report::markdown::escaped;
use crate::train::Entry;
use crate::train::Group;
use crate::train::Series;

const HEADS: [&str; 9] = ["run", "network", "madds", "params", "seed", "epochs", "validation", "test", "images/s"];
const GROUP_HEADS: [&str; 4] = ["network", "runs", "validation", "test"];

fn row(run: &Entry) -> [String; 9] {
    let epochs = if run.epochs == run.planned { run.epochs.to_string() } else { format!("{}/{}", run.epochs, run.planned) };
    let best = run.best_epoch.map(|epoch| format!(" ({epoch})")).unwrap_or_default();
    [
        run.run.clone(),
        run.name.clone(),
        units::si(run.madds.into()),
        units::si(run.params.into()),
        run.seed.clone(),
        epochs,
        run.validation_accuracy.map_or("-".to_owned(), |share| format!("{:.2} %{best}", share * 100.0)),
        run.test_accuracy.map_or("-".to_owned(), |share| format!("{:.2} %", share * 100.0)),
        run.images_per_second.map_or("-".to_owned(), |rate| format!("{rate:.0}")),
    ]
}

fn group_row(group: &Group) -> [String; 4] {
    let spread = |found: Option<[f64; 2]>| {
        found.map_or("-".to_owned(), |[mean, deviation]| format!("{:.2} ± {:.2} %", mean * 100.0, deviation * 100.0))
    };
    [group.name.clone(), group.runs.len().to_string(), spread(group.validation_accuracy), spread(group.test_accuracy)]
}

/// A line a run, validation with its epoch behind it; then mean and deviation of runs that differ in their seed alone.
pub fn runs_table(series: &Series) -> String {
    let rows: Vec<Vec<String>> = series.runs.iter().map(|run| row(run).to_vec()).collect();
    let mut text = aligned(&HEADS, &rows);
    if !series.groups.is_empty() {
        let rows: Vec<Vec<String>> = series.groups.iter().map(|group| group_row(group).to_vec()).collect();
        text += &format!("\nover seeds: mean ± deviation of a sample\n\n{}", aligned(&GROUP_HEADS, &rows));
    }
    for (run, reason) in &series.broken {
        text += &format!("\n{run} cannot be read: {reason}\n");
    }
    text
}

/// The first two columns to the left, the others to the right.
fn aligned(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0).max(heads[at].chars().count());
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let left = if heads.len() == GROUP_HEADS.len() { 1 } else { 2 };
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).enumerate();
        let cells: Vec<String> = cells
            .map(|(at, (cell, &width))| if at < left { format!("{cell:width$}") } else { format!("{cell:>width$}") })
            .collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    let mut text = line(heads.to_vec());
    rows.iter().for_each(|row| text += &line(row.iter().map(String::as_str).collect()));
    text
}

/// The same as tables of Markdown.
pub fn runs_markdown(series: &Series) -> String {
    let table = |heads: &[&str], rows: Vec<Vec<String>>| {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(heads.iter().map(|head| (*head).to_owned()).collect());
        text +=
            &line(heads.iter().enumerate().map(|(at, _)| if at == 0 { ":--".to_owned() } else { "--:".to_owned() }).collect());
        rows.into_iter().for_each(|row| text += &line(row.iter().map(|cell| escaped(cell)).collect()));
        text
    };
    let mut text = table(&HEADS, series.runs.iter().map(|run| row(run).to_vec()).collect());
    if !series.groups.is_empty() {
        text += "\n";
        text += &table(&GROUP_HEADS, series.groups.iter().map(|group| group_row(group).to_vec()).collect());
    }
    text
}

/// One line a run, numbers as they are.
pub fn runs_csv(series: &Series) -> String {
    let mut text =
        "run,network,madds,params,seed,epochs,planned,best_epoch,validation_accuracy,test_accuracy,images_per_second\n"
            .to_owned();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for run in &series.runs {
        let best = run.best_epoch.map(|epoch| epoch.to_string()).unwrap_or_default();
        text += &format!(
            "{},{},{},{},{},{},{},{best},{},{},{}\n",
            quoted(&run.run),
            quoted(&run.name),
            run.madds,
            run.params,
            run.seed,
            run.epochs,
            run.planned,
            number(run.validation_accuracy),
            number(run.test_accuracy),
            number(run.images_per_second),
        );
    }
    text
}

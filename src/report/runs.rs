//! Runs side by side, for a terminal, a pull request, a spreadsheet.

use crate::base::units;
use crate::report::csv::quoted;
use crate::report::grid::aligned;
use crate::report::markdown::table;
use crate::train::Broken;
use crate::train::Entry;
use crate::train::Group;
use crate::train::Series;
use crate::train::Spread;
use crate::train::Standing;

const HEADS: [&str; 9] = ["run", "network", "madds", "params", "seed", "epochs", "validation", "test", "images/s"];
const GROUP_HEADS: [&str; 4] = ["network", "seeds", "validation", "test"];
const BROKEN_HEADS: [&str; 2] = ["run", "cannot be read"];

fn row(run: &Entry) -> [String; 9] {
    let standing = match run.standing {
        Standing::Finished => String::new(),
        other => format!(", {}", other.word()),
    };
    let best = run.best_epoch.map(|epoch| format!(" ({epoch})")).unwrap_or_default();
    let nothing = || "-".to_owned();
    [
        run.run.clone(),
        run.name.clone(),
        units::si(run.madds.into()),
        units::si(run.params.into()),
        run.seed.to_string(),
        format!("{}/{}{standing}", run.epochs, run.planned),
        run.validation_accuracy.map_or_else(nothing, |share| format!("{:.2} %{best}", share * 100.0)),
        run.test_accuracy.map_or_else(nothing, |share| format!("{:.2} %", share * 100.0)),
        run.images_per_second.map_or_else(nothing, |rate| format!("{rate:.0}")),
    ]
}

fn group_row(group: &Group) -> [String; 4] {
    let spread = |found: Option<Spread>| {
        let Some(Spread { mean, deviation, seeds }) = found else { return "-".to_owned() };
        let deviation = deviation.map(|deviation| format!(" ± {:.2}", deviation * 100.0)).unwrap_or_default();
        let of = if seeds < group.runs.len() { format!(" ({seeds})") } else { String::new() };
        format!("{:.2}{deviation} %{of}", mean * 100.0)
    };
    [group.label.clone(), group.runs.len().to_string(), spread(group.validation_accuracy), spread(group.test_accuracy)]
}

/// A line a run, validation with its epoch behind it; then mean and deviation of runs that differ in their seed alone.
pub fn runs_table(series: &Series) -> String {
    let mut parts = Vec::new();
    if !series.runs.is_empty() {
        parts.push(aligned(&HEADS, 2, series.runs.iter().map(|run| row(run).to_vec()).collect()));
    }
    if !series.groups.is_empty() {
        let rows = series.groups.iter().map(|group| group_row(group).to_vec()).collect();
        parts.push(format!("over seeds, mean ± deviation of a sample:\n{}", aligned(&GROUP_HEADS, 1, rows)));
    }
    if !series.broken.is_empty() {
        // The reason names the folder, or the file in it.
        let line = |broken: &Broken| format!("  {}\n", broken.reason);
        parts.push(format!("cannot be read:\n{}", series.broken.iter().map(line).collect::<String>()));
    }
    parts.join("\n")
}

/// The same as tables of Markdown.
pub fn runs_markdown(series: &Series) -> String {
    let mut text = table(&HEADS, series.runs.iter().map(|run| row(run).to_vec()).collect());
    if !series.groups.is_empty() {
        text += "\n";
        text += &table(&GROUP_HEADS, series.groups.iter().map(|group| group_row(group).to_vec()).collect());
    }
    if !series.broken.is_empty() {
        text += "\n";
        text +=
            &table(&BROKEN_HEADS, series.broken.iter().map(|broken| vec![broken.run.clone(), broken.reason.clone()]).collect());
    }
    text
}

/// One line a run, numbers as they are; what cannot be read has its reason in the last column.
pub fn runs_csv(series: &Series) -> String {
    let mut text =
        "run,network,madds,params,seed,standing,epochs,planned,best_epoch,validation_accuracy,test_accuracy,images_per_second,\
                    reason\n"
            .to_owned();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for run in &series.runs {
        let cells = [
            quoted(&run.run),
            quoted(&run.name),
            run.madds.to_string(),
            run.params.to_string(),
            run.seed.to_string(),
            run.standing.word().to_owned(),
            run.epochs.to_string(),
            run.planned.to_string(),
            run.best_epoch.map(|epoch| epoch.to_string()).unwrap_or_default(),
            number(run.validation_accuracy),
            number(run.test_accuracy),
            number(run.images_per_second),
        ];
        text += &format!("{},\n", cells.join(","));
    }
    for broken in &series.broken {
        text += &format!("{},,,,,,,,,,,,{}\n", quoted(&broken.run), quoted(&broken.reason));
    }
    text
}

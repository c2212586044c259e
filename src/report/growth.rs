//! A network that grew, on a terminal: a line a stage, then what speaks for each module, then why it grows no more.

use crate::base::units;
use crate::propose::Added;
use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::Grown;
use crate::propose::GrownBranch;
use crate::propose::GrownStage;
use crate::propose::Stopped;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::WIDEST;
use crate::report::grid::headed;
use crate::report::grid::wrap;

const HEADS: [&str; 10] =
    ["stage", "added", "reads", "1x1", "3x3", "5x5", "pool", "multiply-adds", "parameters", "validation / test %"];

/// For each stage the module with its widths, a reduction before its branch's, what the network counts and how much it tells right.
pub fn growth_table(grown: &Grown, paint: &Paint) -> String {
    let (heads, rows) = headed(&HEADS, 2, grown.stages.iter().map(row).collect());
    let mut text = paint.text(Colour::Faint, &heads) + &rows;
    text += &evidence(grown, paint);
    let modules = grown.stages.len().saturating_sub(1);
    let told = match (grown.stopped, grown.asked.budget) {
        (Some(Stopped::Stages), _) => format!("all {modules} modules that were asked for are there"),
        (Some(Stopped::Budget), Some(budget)) => {
            format!("another module does not fit the budget of {} multiply-adds", units::grouped(budget.into()))
        }
        (Some(Stopped::Budget), None) => "another module does not fit the budget".to_owned(),
        (None, _) => "it grows on".to_owned(),
    };
    text + &paint.text(Colour::Faint, &format!("{told}\n"))
}

const ONE: Covers = Covers::Window(Extent::One);
const THREE: Covers = Covers::Window(Extent::Three);
const FIVE: Covers = Covers::Window(Extent::Five);

fn row(stage: &GrownStage) -> Vec<String> {
    let added = stage.added.as_ref();
    let width = |covers: Covers| {
        let branch = added.and_then(|added| added.branches.iter().find(|branch| branch.covers == covers));
        branch.map_or_else(|| "-".to_owned(), written)
    };
    let reads = |added: &Added| added.reads.map(|side| side.to_string()).join("x");
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.2}", 100.0 * share));
    let mut cells = vec![
        stage.stage.to_string(),
        added.map_or_else(|| "the seed".to_owned(), |added| added.path.clone()),
        added.map_or_else(|| "-".to_owned(), reads),
    ];
    cells.extend([ONE, THREE, FIVE, Covers::Pool].map(width));
    cells.extend([stage.madds, stage.params].map(|count| units::grouped(count.into())));
    cells.push(format!("{} / {}", share(stage.validation), share(stage.test)));
    cells
}

fn written(branch: &GrownBranch) -> String {
    let reduction = branch.reduction.as_ref().map(|found| format!("{} > ", found.width)).unwrap_or_default();
    format!("{reduction}{}", branch.width)
}

/// A line a module: shares of clusters against those of untrained networks, how much of the difference is kept, ranks; then what is to be known of it.
fn evidence(grown: &Grown, paint: &Paint) -> String {
    let added: Vec<&Added> = grown.stages.iter().filter_map(|stage| stage.added.as_ref()).collect();
    if added.is_empty() {
        return String::new();
    }
    let shares = |values: &[f64]| values.iter().map(|value| format!("{:.1}", 100.0 * value)).collect::<Vec<String>>().join(" / ");
    let row = |added: &&Added| {
        let [trained, baseline, kept] = added.shares.as_ref().map_or(["-", "-", "-"].map(str::to_owned), |found| {
            [shares(&found.trained), shares(&found.baseline), format!("{:.2}", found.kept)]
        });
        let rank = |covers: Covers| {
            let branch = added.branches.iter().find(|branch| branch.covers == covers);
            branch
                .and_then(|branch| branch.reduction.as_ref())
                .map_or_else(|| "-".to_owned(), |found| format!("{:.1}", found.rank))
        };
        vec![added.path.clone(), trained, baseline, kept, format!("{} / {}", rank(THREE), rank(FIVE))]
    };
    let heads = ["module", "1x1 / 3x3 / 5x5 %", "untrained", "kept", "rank 3x3 / 5x5"];
    let (heads, rows) = headed(&heads, 1, added.iter().map(row).collect());
    let mut text = format!("\n{}{rows}", paint.text(Colour::Faint, &heads));
    for (added, warning) in added.iter().flat_map(|added| added.warnings.iter().map(move |warning| (added, warning))) {
        for line in wrap(&format!("{}: {warning}", added.path), paint.width.min(WIDEST)) {
            text += &paint.text(Colour::Faint, &format!("{line}\n"));
        }
    }
    text + "\n"
}

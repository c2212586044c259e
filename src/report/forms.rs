//! The forms of a result that has all of them: what draws it as text, CSV, Markdown and LaTeX; JSON is the same for all.

use crate::analyze::Footprint;
use crate::analyze::Reconciliation;
use crate::analyze::Table1;
use crate::analyze::TrainingRun;
use crate::report::Paint;
use crate::report::footprint;
use crate::report::reconciliation;
use crate::report::table1;
use crate::report::training;

/// How one kind of result is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Forms<T> {
    /// For a terminal.
    pub table: fn(&T, &Paint) -> String,
    /// Several at once, under one header.
    pub csv: fn(&[T]) -> String,
    /// For a pull request.
    pub markdown: fn(&T) -> String,
    /// For a paper.
    pub latex: fn(&T) -> String,
}

/// A reconciliation.
pub const RECONCILIATION: Forms<Reconciliation> = Forms {
    table: reconciliation::table,
    csv: reconciliation::csv,
    markdown: reconciliation::markdown,
    latex: reconciliation::latex,
};

/// The paper's Table 1 beside a network.
pub const TABLE1: Forms<Table1> =
    Forms { table: table1::table, csv: table1::csv, markdown: table1::markdown, latex: table1::latex };

/// The memory of a network.
pub const FOOTPRINT: Forms<Footprint> =
    Forms { table: footprint::table, csv: footprint::csv, markdown: footprint::markdown, latex: footprint::latex };

/// What it takes to train a network.
pub const TRAINING: Forms<TrainingRun> =
    Forms { table: training::table, csv: training::csv, markdown: training::markdown, latex: training::latex };

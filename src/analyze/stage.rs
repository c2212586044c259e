//! Stages: a stage is a maximal run of top-level layers with one output grid, numbered from the input.
//!
//! The layers before the first module are the stem, whatever their grids; a last run of plain layers on a grid of one position is the head.

use crate::analyze::Level;
use crate::analyze::Row;
use crate::analyze::attribution::Attribution;
use crate::analyze::attribution::share;
use crate::graph::Graph;
use crate::graph::ReceptiveField;

/// The whole network's row, with its stages if it has more than one.
pub(super) fn network(graph: &Graph, attribution: &Attribution<'_>) -> Row {
    let rows = attribution.top_rows(&graph.in_inference());
    let names = stage_names(&rows);
    let several = names.windows(2).any(|pair| pair[0] != pair[1]);
    let children = if several { staged(rows, names) } else { rows };
    group(graph.name().to_owned(), Level::Network, children)
}

fn staged(rows: Vec<Row>, names: Vec<String>) -> Vec<Row> {
    let mut stages: Vec<(String, Vec<Row>)> = Vec::new();
    for (row, name) in rows.into_iter().zip(names) {
        match stages.last_mut() {
            Some((stage, rows)) if *stage == name => rows.push(row),
            _ => stages.push((name, vec![row])),
        }
    }
    stages.into_iter().map(|(name, rows)| group(name, Level::Stage, rows)).collect()
}

fn stage_names(rows: &[Row]) -> Vec<String> {
    let first_module = rows.iter().position(|row| row.level == Level::Module).unwrap_or(0);
    let grid = |row: &Row| [row.output[1], row.output[2]];
    let is_body = |row: &Row| grid(row) != [1, 1] || row.level == Level::Module;
    let head = rows.iter().rposition(is_body).map_or(0, |last| last + 1);
    let mut number = 0;
    let mut names = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if at == 0 || grid(row) != grid(&rows[at - 1]) {
            number += 1;
        }
        names.push(match at {
            _ if at < first_module => "stem".to_owned(),
            _ if at >= head && head > 0 => "head".to_owned(),
            _ => format!("stage {number}"),
        });
    }
    names
}

pub(super) fn group(name: String, level: Level, children: Vec<Row>) -> Row {
    let sum = |field: fn(&Row) -> u64| children.iter().map(field).sum();
    let (madds, madds_on_padding) = (sum(|row| row.madds), sum(|row| row.madds_on_padding));
    Row {
        name,
        path: String::new(),
        level,
        output: children.last().map_or([0; 3], |row| row.output),
        madds,
        count: None,
        madds_on_padding,
        border_share: share(madds_on_padding, madds),
        params: sum(|row| row.params),
        params_deployed: sum(|row| row.params_deployed),
        receptive_field: children.last().map_or(ReceptiveField::PIXEL, |row| row.receptive_field),
        live_bytes: children.iter().map(|row| row.live_bytes).max().unwrap_or(0),
        nodes: Vec::new(),
        children,
    }
}

//! What the bars of a picture show: the top-level layers that cost something, grouped by stage, in order of depth.

use std::cmp::Reverse;

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::picture::Kind;
use crate::report::plot::segment::Segment;
use crate::report::plot::segment::segments;
use crate::report::plot::sheet::Swatch;
use crate::spec::kernel_of;

/// The most bars that one picture has; of more layers the cheapest are one bar.
const MOST: usize = 60;

/// One bar.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) madds: u64,
    pub(super) parts: Vec<Segment>,
}

/// Bars of one stage.
pub(super) struct Group {
    /// The stage's name and multiply-adds, if the network has stages.
    pub(super) stage: Option<(String, u64)>,
    pub(super) bars: Vec<Bar>,
}

/// The bars of a network.
pub(super) fn groups(analysis: &Analysis) -> Vec<Group> {
    let tops = &analysis.tree.children;
    let staged = tops.iter().any(|row| row.level == Level::Stage);
    let mut ranked: Vec<&Row> = tops.iter().flat_map(layers).filter(|row| row.madds > 0).collect();
    ranked.sort_by_key(|row| Reverse(row.madds));
    let rest = ranked.split_off(ranked.len().min(MOST));
    let is_shown = |row: &&Row| row.madds > 0 && (rest.is_empty() || ranked.iter().any(|shown| std::ptr::eq(*shown, *row)));
    let bars = |rows: &[Row]| -> Vec<Bar> {
        let shown = rows.iter().filter(is_shown);
        shown.map(|row| Bar { name: row.name.clone(), madds: row.madds, parts: segments(row) }).collect()
    };
    let mut groups: Vec<Group> = if staged {
        let group = |row: &Row| Group { stage: Some((row.name.clone(), row.madds)), bars: bars(layers(row)) };
        tops.iter().map(group).filter(|group| !group.bars.is_empty()).collect()
    } else {
        vec![Group { stage: None, bars: bars(tops) }]
    };
    if !rest.is_empty() {
        let (count, madds) = (rest.len(), rest.iter().map(|row| row.madds).sum());
        let parts = vec![Segment { kind: Kind::Layer, branch: String::new(), path: String::new(), madds }];
        groups.push(Group { stage: None, bars: vec![Bar { name: format!("{count} more"), madds, parts }] });
    }
    groups
}

/// The layers of a stage; a layer itself otherwise.
fn layers(row: &Row) -> &[Row] {
    if row.level == Level::Stage { &row.children } else { std::slice::from_ref(row) }
}

/// Kinds in the order in which they first occur, each with its multiply-adds and its word for the legend.
pub(super) fn kinds(groups: &[Group]) -> Vec<(Kind, u64, String)> {
    let mut kinds: Vec<(Kind, u64, Vec<String>)> = Vec::new();
    let has_stem = groups.first().is_some_and(|group| group.stage.as_ref().is_some_and(|(name, _)| name == "stem"));
    let is_in_stem = |at: usize| at == 0 && has_stem;
    let mut outside = 0;
    for (at, group) in groups.iter().enumerate() {
        for part in group.bars.iter().flat_map(|bar| &bar.parts) {
            outside += usize::from(part.kind == Kind::Layer && !is_in_stem(at));
            match kinds.iter_mut().find(|(kind, ..)| *kind == part.kind) {
                None => kinds.push((part.kind, part.madds, vec![part.branch.clone()])),
                Some((_, madds, names)) => {
                    *madds += part.madds;
                    if !names.contains(&part.branch) {
                        names.push(part.branch.clone());
                    }
                }
            }
        }
    }
    let has_branches = kinds.iter().any(|(kind, ..)| matches!(kind, Kind::Branch { .. }));
    let word = |kind: Kind, names: &[String]| match kind {
        Kind::Layer if outside == 0 => "stem".to_owned(),
        Kind::Layer if !has_branches => "layers".to_owned(),
        Kind::Layer => "other layers".to_owned(),
        Kind::Classifier => "classifier".to_owned(),
        Kind::Branch { reduces, .. } => branch_word(names, reduces),
    };
    kinds.into_iter().map(|(kind, madds, names)| (kind, madds, word(kind, &names))).collect()
}

/// Kinds as a legend has them, branches first.
pub(super) fn legend_of(kinds: &[(Kind, u64, String)]) -> Vec<(Swatch, String)> {
    let (branches, rest): (Vec<_>, Vec<_>) = kinds.iter().partition(|(kind, ..)| matches!(kind, Kind::Branch { .. }));
    branches.into_iter().chain(rest).map(|(kind, _, word)| (Swatch::Part(*kind), word.clone())).collect()
}

/// What a part of a branch is called.
pub(super) fn word_of(part: &Segment) -> String {
    branch_word(std::slice::from_ref(&part.branch), matches!(part.kind, Kind::Branch { reduces: true, .. }))
}

/// `3×3 reduce`; of many names the first two.
pub(in crate::report) fn branch_word(names: &[String], reduces: bool) -> String {
    let shown: Vec<String> = names.iter().take(2).map(|name| with_signs(name)).collect();
    let more = if names.len() > shown.len() { ", …" } else { "" };
    let what = if reduces { " reduce" } else { "" };
    shown.join(", ") + more + what
}

/// `3×3` for `3x3`.
pub(super) fn branch_name(name: &str) -> String {
    if name == "pool" { name.to_owned() } else { with_signs(name) }
}

/// The same; `pool projection` for the language's `pool`.
fn with_signs(name: &str) -> String {
    if name == "pool" {
        return "pool projection".to_owned();
    }
    match name.split_once('x') {
        Some((height, rest)) if kernel_of(name).is_some() => format!("{height}×{rest}"),
        _ => name.to_owned(),
    }
}

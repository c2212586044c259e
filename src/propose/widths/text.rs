//! A spec's text with other widths, and above the line of each module what speaks for them.

use std::ops::Range;

use crate::base::units;
use crate::propose::widths::BranchWidths;
use crate::propose::widths::Excess;
use crate::propose::widths::ModuleWidths;
use crate::propose::widths::Proposal;

/// Lines that begin so were written by a proposal, and are replaced by the next.
const MARK: &str = "#| ";

/// A text with parts replaced, none of which holds a line's end, `head` before everything and notes above the lines of these places.
pub fn annotated(text: &str, edits: &[(Range<usize>, String)], head: &[String], notes: &[(usize, Vec<String>)]) -> String {
    let line_of = |place: usize| text[..place].bytes().filter(|&byte| byte == b'\n').count();
    let mut edits: Vec<&(Range<usize>, String)> = edits.iter().collect();
    edits.sort_by_key(|(range, _)| range.start);
    let (mut edited, mut from) = (String::with_capacity(text.len()), 0);
    for (range, by) in edits {
        edited += &text[from..range.start];
        edited += by;
        from = range.end;
    }
    edited += &text[from..];
    let mut written = head.iter().map(|line| format!("{MARK}{line}\n")).collect::<Vec<String>>().concat();
    for (number, line) in edited.split_inclusive('\n').enumerate() {
        if line.trim_start().starts_with(MARK) {
            continue;
        }
        let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
        for (_, notes) in notes.iter().filter(|(place, _)| line_of(*place) == number) {
            notes.iter().for_each(|note| written += &format!("{indent}{MARK}{note}\n"));
        }
        written += line;
    }
    written
}

/// What is said of a module above its line.
pub fn notes(module: &ModuleWidths) -> Vec<String> {
    let layer = &module.layer;
    let mut first = format!("{} reads {} channels on {}x{}", module.path, layer.channels, layer.height, layer.width);
    if let Some(shares) = &module.shares {
        first += &format!(". 1x1 / 3x3 / 5x5 of clusters: {}", against(shares));
    }
    let mut lines = vec![first];
    if let Some(pooling) = &module.pooling {
        lines.push(format!("  new in a 3x3 maximum: {}", against(pooling)));
    }
    lines.extend(module.branches.iter().map(|branch| format!("  {}", of_branch(branch, layer.channels))));
    lines.extend(module.warnings.iter().map(|warning| format!("  {warning}")));
    lines
}

/// `81.2 / 17.0 / 1.8 % against 75.1 / 24.9 / 0.0 % (+- 1.2 / 1.3 / 0.0); 0.64 of the difference is kept`.
pub fn against(excess: &Excess) -> String {
    let parts = |values: &[f64]| values.iter().map(|value| format!("{:.1}", 100.0 * value)).collect::<Vec<String>>().join(" / ");
    format!(
        "{} % against {} % (+- {}); {:.2} of the difference is kept",
        parts(&excess.trained),
        parts(&excess.baseline),
        parts(&excess.errors),
        excess.kept
    )
}

fn of_branch(branch: &BranchWidths, channels: usize) -> String {
    let name = branch.path.rsplit('/').next().unwrap_or_default();
    let mut text = format!("{name} {} -> {}", branch.width_before, branch.width);
    if branch.share_before > 0.0 {
        text += &format!(", share {:.1} -> {:.1} %", 100.0 * branch.share_before, 100.0 * branch.share);
    }
    if let Some(reduction) = &branch.reduction {
        text += &format!("; reduction {} -> {}", reduction.width_before, reduction.width);
        if let Some(rank) = reduction.rank {
            text += &format!(", rank {rank:.1} of {channels}");
        }
        if let Some(interval) = reduction.interval {
            text += &format!(" [{:.1}, {:.1}]", interval.low, interval.high);
        }
    }
    text
}

impl Proposal {
    /// What stands before everything in a text with its widths.
    pub fn head(&self) -> Vec<String> {
        let network = if self.untrained { "an untrained network" } else { "a trained network" };
        let part = 100.0 * self.madds as f64 / self.budget as f64;
        let [madds, budget, params, madds_before, params_before] =
            [self.madds, self.budget, self.params, self.madds_before, self.params_before]
                .map(|count| units::grouped(count.into()));
        let Proposal { images, part: of, controls, seed, basis, rank, .. } = self;
        let (basis, rank) = (basis.name(), rank.name());
        vec![
            format!(
                "Widths proposed from {network}'s activations for {images} images ({of}), {controls} untrained networks beside it;"
            ),
            format!("seed {seed}, shares by {basis}, reductions by {rank} rank."),
            format!(
                "{madds} of {budget} multiply-adds ({part:.2} %), {params} parameters; before: {madds_before} and {params_before}."
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_stand_above_their_lines_and_replace_older_ones() {
        let text = "nas: 1\nnet:\n  #| old\n  a: {conv: 8}\n  b: {conv: 16}\n";
        let [eight, sixteen] = ["8", "16"].map(|number| text.find(number).unwrap()..text.find(number).unwrap() + number.len());
        let edits = [(sixteen.clone(), "24".to_owned()), (eight.clone(), "4".to_owned())];
        let notes = [(eight.start, vec!["why a".to_owned()]), (sixteen.start, vec!["why b".to_owned(), "more".to_owned()])];
        let want = "#| top\nnas: 1\nnet:\n  #| why a\n  a: {conv: 4}\n  #| why b\n  #| more\n  b: {conv: 24}\n";
        assert_eq!(annotated(text, &edits, &["top".to_owned()], &notes), want);
    }
}

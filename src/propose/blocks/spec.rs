//! Blocks as layers of a spec: `take` and `concat` gather each group's inputs, `conv` computes it, `concat` joins the groups, and `take` and `concat` give the
//! outputs their places back.

use crate::propose::blocks::Blocks;
use crate::propose::blocks::BlocksError;
use crate::propose::blocks::runs::Run;
use crate::propose::blocks::runs::runs;

/// Words for the layers of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording<'a> {
    /// The name of the last layer, and how the names of all others begin.
    pub name: &'a str,
    /// The layer that is read, or `in`.
    pub from: &'a str,
    /// Settings of every convolution, as `kernel: 5, pad: 0, stride: 2`; may be empty.
    pub settings: &'a str,
}

impl Blocks {
    /// Lines of YAML for `net`, indented by two blanks: layers that compute the blocks from `from`, which has as many channels as the table has columns.
    /// The layer `name` has the table's rows as channels, in their order. `take` takes neighbouring channels, so a group has one for each
    /// run of its columns. Error: a group that reads no columns.
    pub fn spec(&self, wording: &Wording<'_>) -> Result<String, BlocksError> {
        let Wording { name, from, settings } = *wording;
        let settings = if settings.is_empty() { String::new() } else { format!(", {settings}") };
        let mut text = String::new();
        let mut joined = Vec::new();
        for (group, block) in self.groups().iter().enumerate() {
            if block.columns.is_empty() {
                return Err(BlocksError::NoColumns { group });
            }
            let conv = if self.groups().len() == 1 { name.to_owned() } else { format!("{name}-{}", group + 1) };
            let columns = runs(block.columns.iter().map(|&column| column as usize));
            let input = format!("{conv}-in");
            let reads = gather(&mut text, &input, &input, from, &columns, self.columns());
            text += &format!("  {conv}: {{conv: {}{settings}, from: {reads}}}\n", block.rows.len());
            joined.push(conv);
        }
        if joined.len() > 1 {
            let outputs = runs(self.order().outputs);
            let is_ordered = outputs.len() == 1;
            let all = if is_ordered { name.to_owned() } else { format!("{name}-all") };
            text += &format!("  {all}: {{concat: [{}]}}\n", joined.join(", "));
            gather(&mut text, name, &format!("{name}-out"), &all, &outputs, self.rows());
        }
        Ok(text)
    }
}

/// Writes the layers that join runs of the channels of `from`, and says what the last is called: `name`, or `from` if they are all of it. The names of
/// runs begin with `part`.
fn gather(text: &mut String, name: &str, part: &str, from: &str, runs: &[Run], channels: usize) -> String {
    if let [Run { after: 0, width }] = runs
        && *width == channels
    {
        return from.to_owned();
    }
    let mut taken = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let take = if runs.len() == 1 { name.to_owned() } else { format!("{part}-{}", at + 1) };
        let after = if run.after == 0 { String::new() } else { format!(", after: {}", run.after) };
        text.push_str(&format!("  {take}: {{take: {}{after}, from: {from}}}\n", run.width));
        taken.push(take);
    }
    if taken.len() > 1 {
        text.push_str(&format!("  {name}: {{concat: [{}]}}\n", taken.join(", ")));
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::propose::blocks::Search;
    use crate::propose::blocks::Table;
    use crate::propose::blocks::planted;

    /// Carries out a text: for each output channel the input channels of which its convolution is, and its number among all convolutions' channels.
    fn carried_out(text: &str, inputs: usize, name: &str) -> Vec<(usize, Vec<usize>)> {
        let mut layers: BTreeMap<String, Vec<(usize, Vec<usize>)>> = BTreeMap::new();
        layers.insert("in".to_owned(), (0..inputs).map(|input| (usize::MAX, vec![input])).collect());
        let mut filters = 0;
        for line in text.lines() {
            let (layer, rest) = line.trim().split_once(": {").expect("a layer");
            let rest = rest.strip_suffix('}').expect("a map");
            let setting = |key: &str| {
                let value = rest.split(", ").find_map(|setting| setting.strip_prefix(&format!("{key}: ")));
                value.map(str::to_owned)
            };
            let number = |key: &str| setting(key).map(|value| value.parse::<usize>().expect("a number"));
            let made = if let Some(list) = rest.strip_prefix("concat: [") {
                list.trim_end_matches(']').split(", ").flat_map(|part| layers[part].clone()).collect()
            } else {
                let read = layers[&setting("from").expect("from")].clone();
                if let Some(width) = number("take") {
                    let after = number("after").unwrap_or(0);
                    read[after..after + width].to_vec()
                } else {
                    let reads: Vec<usize> = read.iter().map(|channel| channel.1[0]).collect();
                    let width = number("conv").expect("a convolution");
                    filters += width;
                    (filters - width..filters).map(|filter| (filter, reads.clone())).collect()
                }
            };
            assert!(layers.insert(layer.to_owned(), made).is_none(), "{layer} is written twice");
        }
        layers[name].clone()
    }

    #[test]
    fn layers_compute_the_blocks() {
        let made = planted(24, 16, 4, 0.9, 0.05, 3).expect("is valid").table;
        let search = Search::new(2.0);
        let all = [
            (&made, Blocks::lossless(&made, &search).expect("is valid")),
            (&made, Blocks::lossy(&made, 0.5, None, &search).expect("is valid")),
            (&made, Blocks::disjoint(&made, 4, &search).expect("is valid")),
            (&made, Blocks::new(&made, vec![(0..24).collect()]).expect("is valid")),
            (&made, Blocks::new(&made, (0..4).map(|group| (6 * group..6 * group + 6).collect()).collect()).expect("is valid")),
        ];
        for (table, blocks) in all {
            let text = blocks.spec(&Wording { name: "c", from: "in", settings: "kernel: 3" }).expect("has columns");
            let outputs = carried_out(&text, table.columns(), "c");
            assert_eq!(outputs.len(), 24);
            let order = blocks.order();
            for (row, (filter, reads)) in outputs.into_iter().enumerate() {
                let block = blocks.groups().iter().find(|block| block.rows.contains(&row)).expect("is in a group");
                assert!(reads.iter().map(|&column| column as u32).eq(block.columns.iter().copied()));
                assert_eq!(order.rows[filter], row);
            }
        }
    }

    #[test]
    fn the_text_is_short_where_it_can_be() {
        let table = Table::from_text("110000\n110000\n001111\n001111").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![0, 1], vec![2, 3]]).expect("is a partition");
        let text = blocks.spec(&Wording { name: "c3", from: "s2", settings: "" }).expect("has columns");
        let expected = "  c3-1-in: {take: 2, from: s2}\n  c3-1: {conv: 2, from: c3-1-in}\n  c3-2-in: {take: 4, after: 2, from: s2}\n  \
                        c3-2: {conv: 2, from: c3-2-in}\n  c3: {concat: [c3-1, c3-2]}\n";
        assert_eq!(text, expected);
        let whole = Blocks::new(&table, vec![vec![0, 1, 2, 3]]).expect("is a partition");
        let text = whole.spec(&Wording { name: "c3", from: "s2", settings: "kernel: [1, 5]" }).expect("has columns");
        assert_eq!(text, "  c3: {conv: 4, kernel: [1, 5], from: s2}\n");
    }

    #[test]
    fn rows_that_read_nothing_have_no_convolution() {
        let table = Table::from_text("11\n00").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![0], vec![1]]).expect("is a partition");
        let wording = Wording { name: "c", from: "in", settings: "" };
        assert_eq!(blocks.spec(&wording), Err(BlocksError::NoColumns { group: 1 }));
    }
}

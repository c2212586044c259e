//! Stages: a stage is a maximal run of top-level layers with one output grid, numbered from the input.
//!
//! The layers before the first module are the stem, whatever their grids; a last run of plain layers on a grid of one position is the head.
//! A first layer that is a mere chain, such as a separable convolution on the image, is a plain layer here if a plain one follows it.
//! Later chains are modules: the blocks of mobile nets are chains wherever they change the grid or the width.

use crate::analyze::Level;
use crate::analyze::Row;
use crate::analyze::attribution::Attribution;
use crate::analyze::attribution::share;
use crate::graph::Graph;
use crate::graph::ReceptiveField;

/// The whole network's row, with its stages if it has more than one.
pub(super) fn network(graph: &Graph, attribution: &Attribution<'_>) -> Row {
    let rows = attribution.top_rows(&graph.in_inference());
    let names = stage_names(graph, &rows);
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

fn stage_names(graph: &Graph, rows: &[Row]) -> Vec<String> {
    let is_module = |at: usize| rows[at].level == Level::Module;
    let begins_plain = rows.len() > 1 && !is_module(1) && is_chain(graph, &rows[0]);
    let first_module = (usize::from(begins_plain)..rows.len()).find(|&at| is_module(at)).unwrap_or(0);
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

/// Whether each of its nodes reads one value only.
fn is_chain(graph: &Graph, row: &Row) -> bool {
    row.all_nodes().iter().all(|node| graph.sources(node.index).len() == 1)
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
        step_madds: children.iter().map(|row| row.step_madds).sum(),
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

#[cfg(test)]
mod tests {
    use crate::analyze::Options;
    use crate::analyze::Row;
    use crate::analyze::analyze;
    use crate::base::Shape;
    use crate::graph::GraphBuilder;
    use crate::graph::NodeIndex;
    use crate::op::Add;
    use crate::op::Conv;
    use crate::op::MaxPool;
    use crate::op::Op;
    use crate::op::Window;

    /// Adds a chain of two convolutions as a module.
    fn chain(net: &mut GraphBuilder, name: &str, from: NodeIndex) -> NodeIndex {
        net.open(name, None);
        let first = net.layer("1", [Conv::new(8, 3).into()], &[from]);
        let last = net.layer("2", [Conv::new(8, 1).into()], &[first]);
        net.close();
        last
    }

    /// Adds a convolution as a module, and its input to what it gives.
    fn residual(net: &mut GraphBuilder, name: &str, from: NodeIndex) -> NodeIndex {
        net.open(name, None);
        let conv = net.layer("1", [Conv::new(8, 1).into()], &[from]);
        let sum = net.layer("sum", [Op::from(Add)], &[conv, from]);
        net.close();
        sum
    }

    fn plain(net: &mut GraphBuilder, name: &str, from: NodeIndex) -> NodeIndex {
        net.layer(name, [MaxPool { window: Some(Window { stride: [2, 2], ..Window::of([2, 2]) }) }.into()], &[from])
    }

    type Layer = fn(&mut GraphBuilder, &str, NodeIndex) -> NodeIndex;

    /// The stages of a network, each with its layers.
    fn stages(layers: &[(&str, Layer)]) -> Vec<String> {
        let mut net = GraphBuilder::new("net");
        let image = net.input("image", Shape::new(8, 32, 32));
        let last = layers.iter().fold(image, |from, (name, add)| add(&mut net, name, from));
        net.output("main", last);
        let tree = analyze(&net.finish().unwrap(), &Options::default()).tree;
        let names = |row: &Row| row.children.iter().map(|child| child.name.clone()).collect::<Vec<_>>().join(" ");
        tree.children.iter().map(|stage| format!("{}: {}", stage.name, names(stage))).collect()
    }

    #[test]
    fn a_chain_on_the_image_belongs_to_the_stem_if_plain_layers_follow() {
        let separable = stages(&[("conv", chain), ("pool", plain), ("a", residual), ("b", plain), ("c", chain)]);
        assert_eq!(separable, ["stem: conv pool", "stage 2: a", "stage 3: b c"]);
        // The first block of a mobile net is a chain, but not on the image.
        let mobile = stages(&[("conv", plain), ("s1", chain), ("s2", plain), ("s3", residual)]);
        assert_eq!(mobile, ["stem: conv", "stage 1: s1", "stage 2: s2 s3"]);
        let blocks = stages(&[("a", chain), ("b", chain), ("c", plain), ("d", residual)]);
        assert_eq!(blocks, ["stage 1: a b", "stage 2: c d"]);
        let joined = stages(&[("a", residual), ("b", plain), ("c", chain)]);
        assert_eq!(joined, ["stage 1: a", "stage 2: b c"]);
    }
}

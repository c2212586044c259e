//! GoogLeNet's layers as counted from Caffe's own description of it.

/// One layer that costs something in inference.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) path: String,
    pub(crate) madds: u64,
    pub(crate) params: u64,
}

/// All of them in order of execution.
pub(crate) fn layers() -> Vec<Layer> {
    let table = include_str!("../fixtures/truth/caffe_googlenet.csv");
    let lines = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let layer = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse().expect("a number");
        (cells[7] == "main").then(|| Layer { path: cells[0].to_owned(), madds: number(5), params: number(6) })
    };
    lines.filter_map(layer).filter(|layer| layer.madds > 0).collect()
}

/// Multiply-adds of all layers in which a path lies.
pub(crate) fn within(path: &str) -> u64 {
    let is_inside =
        |layer: &&Layer| layer.path == path || layer.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    layers().iter().filter(is_inside).map(|layer| layer.madds).sum()
}

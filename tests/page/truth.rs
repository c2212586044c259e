//! GoogLeNet's layers as counted from Caffe's own description of it.

/// One layer that costs something in inference.
#[derive(Clone, Debug)]
pub struct Layer {
    pub path: String,
    pub madds: u64,
    pub params: u64,
}

/// All of them in order of execution.
pub fn layers() -> Vec<Layer> {
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
pub fn within(path: &str) -> u64 {
    let is_inside =
        |layer: &&Layer| layer.path == path || layer.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    layers().iter().filter(is_inside).map(|layer| layer.madds).sum()
}

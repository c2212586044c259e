//! What a row does, in a few words: `conv 7×7 / 2`, `reduce + conv`, `4 branches`.

use crate::analyze::Level;
use crate::analyze::NodeRow;
use crate::analyze::Row;
use crate::graph::Graph;
use crate::op::Class;
use crate::op::Op;
use crate::op::Reach;
use crate::report::hue::REDUCE;
use crate::report::hue::reduces;
use crate::report::operator;

/// What a row does.
pub(super) fn of_row(graph: &Graph, row: &Row) -> String {
    let branches = row.children.iter().filter(|child| child.level == Level::Branch).count();
    match row.level {
        Level::Network | Level::Stage => String::new(),
        _ if branches > 0 => format!("{branches} branches"),
        _ if row.children.is_empty() => of_nodes(graph, &row.nodes),
        Level::Module | Level::Layer => {
            let parts = row.children.len() + usize::from(main(&row.nodes).is_some_and(costs));
            if parts == 1 { "1 layer".to_owned() } else { format!("{parts} layers") }
        }
        Level::Branch => {
            let inner = row
                .children
                .iter()
                .filter_map(|child| if reduces(&child.name) { Some(REDUCE.to_owned()) } else { word_in(graph, child) });
            let mut words: Vec<String> = inner.chain(main(&row.nodes).map(|node| word(graph, node))).collect();
            if row.nodes.first().is_some_and(|first| !costs(first)) && row.children.is_empty() {
                words.insert(0, word(graph, &row.nodes[0]));
            }
            if words.len() > 3 { format!("{} layers", words.len()) } else { words.join(" + ") }
        }
    }
}

/// What the nodes of one layer do: a pool in front and the node that costs most of the first kind, else the first.
pub(super) fn of_nodes(graph: &Graph, nodes: &[NodeRow]) -> String {
    let Some(chosen) = main(nodes) else { return String::new() };
    let first = nodes.first().filter(|first| !std::ptr::eq(*first, chosen) && has_window(graph, first));
    match first {
        Some(first) => format!("{} + {}", word(graph, first), word(graph, chosen)),
        None => with_window(graph, chosen),
    }
}

/// The first node that costs multiply-adds or learns, else the first.
fn main(nodes: &[NodeRow]) -> Option<&NodeRow> {
    nodes.iter().find(|node| node.madds > 0).or_else(|| nodes.iter().find(|node| costs(node))).or(nodes.first())
}

fn costs(node: &NodeRow) -> bool {
    node.madds > 0 || node.params > 0
}

/// The operator in a word; `max` and `average` say little alone.
fn word(graph: &Graph, node: &NodeRow) -> String {
    let Some(op) = &graph.node(node.index).op else { return node.kind.replace('_', " ") };
    let is_pool = matches!(op.class(), Class::MaxPool | Class::GlobalMaxPool | Class::AvgPool | Class::GlobalAvgPool);
    operator::word(op) + if is_pool { " pool" } else { "" }
}

fn word_in(graph: &Graph, row: &Row) -> Option<String> {
    main(&row.nodes).map(|node| word(graph, node)).or_else(|| row.children.first().and_then(|child| word_in(graph, child)))
}

fn has_window(graph: &Graph, node: &NodeRow) -> bool {
    graph.node(node.index).op.as_ref().is_some_and(|op| matches!(op.reach(), Reach::Window(_)))
}

/// `conv 7×7 / 2`.
fn with_window(graph: &Graph, node: &NodeRow) -> String {
    let word = word(graph, node);
    let Some(Reach::Window(window)) = graph.node(node.index).op.as_ref().map(Op::reach) else { return word };
    let [height, width] = window.kernel;
    let stride = operator::stride(&window);
    format!("{word} {height}×{width}{stride}")
}

//! How many images at once can be counted: every sum of an analysis grows with the batch and has to fit a `u64`.

use crate::analyze::ALIGNMENT;
use crate::base::units::F32_BYTES;
use crate::graph::Graph;
use crate::op::Cost;

/// The largest batch whose sums can be counted, at least 1. A training step has up to three multiply-adds for each of inference, an
/// element four bytes, a tensor in an arena at most its alignment more; nothing else grows faster.
pub fn largest_batch(graph: &Graph) -> u32 {
    let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = graph.totals(graph.nodes()).cost;
    let elements: u128 = graph.nodes().map(|node| graph.node(node).shape.elements()).sum();
    let padding = u128::from(ALIGNMENT) * graph.nodes().len() as u128;
    let sums = [3 * madds, adds, muls, cmps, divs, exps, on_padding, u128::from(F32_BYTES) * elements + padding];
    let largest = sums.into_iter().max().unwrap_or(0).max(1);
    u32::try_from(u128::from(u64::MAX) / largest).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Options;
    use crate::analyze::analyze;
    use crate::base::Shape;
    use crate::graph::GraphBuilder;
    use crate::op::Conv;

    #[test]
    fn the_largest_batch_is_counted_without_overflow() {
        let mut net = GraphBuilder::new("wide");
        let image = net.input("image", Shape::new(1 << 14, 1 << 12, 1 << 12));
        let conv = net.layer("conv", [Conv::new(1 << 14, 1).into()], &[image]);
        net.output("main", conv);
        let graph = net.finish().unwrap();
        // 2^14 inputs and outputs, 2^24 positions: 2^52 multiply-adds, three times of it 2^53.58.
        let batch = largest_batch(&graph);
        assert_eq!(batch, ((u128::from(u64::MAX)) / (3 << 52)) as u32);
        assert_eq!(analyze(&graph, &Options { batch }).totals.madds, u64::from(batch) << 52);
    }
}

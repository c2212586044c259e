//! How many images of a batch are computed at a time. A group goes through the whole network before the next: what its layers hand on stays
//! in the caches, and groups are computed side by side without waiting for each other; but each reads all weights anew.

use crate::base::units::whole;
use crate::exec::plan::Fused;
use crate::exec::plan::Gathers;
use crate::graph::Graph;

/// Bytes of values that a last cache holds, about: a part of it is another thread's, and weights pass through it.
const CACHE: u64 = 16 << 20;

/// What computing one image moves, in bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::exec) struct Traffic {
    /// The memory of its values.
    arena: u64,
    /// What the steps read and write of values.
    values: u64,
    /// What they read of weights.
    weights: u64,
}

impl Traffic {
    /// Of steps whose values for one image take so many bytes.
    pub(in crate::exec) fn of(graph: &Graph, steps: &[Fused], gathers: &Gathers, arena: u64) -> Traffic {
        let value = |node| u64::from(graph.node(node).shape.c) * graph.node(node).shape.pixels();
        let values = |step: &Fused| value(step.out()) + step.sources(graph, gathers).into_iter().map(value).sum::<u64>();
        let weights = |step: &Fused| whole(graph.params(step.node));
        let bytes = size_of::<f32>() as u64;
        Traffic {
            arena,
            values: steps.iter().map(values).sum::<u64>() * bytes,
            weights: steps.iter().map(weights).sum::<u64>() * bytes,
        }
    }

    /// What is moved from and to memory for an image in a group of so many.
    fn of_image(&self, group: usize) -> u64 {
        let group = group as u64;
        let spilt = if group * self.arena <= CACHE { 0 } else { self.values };
        spilt + self.weights / group
    }
}

/// The group of images that moves the least, among those that a batch divides into; the largest of equals. It hangs on the network alone,
/// so that numbers do not hang on threads.
pub(in crate::exec) fn group(images: usize, traffic: &Traffic) -> usize {
    (1..=images)
        .filter(|&group| images.is_multiple_of(group))
        .rev()
        .min_by_key(|&group| traffic.of_image(group))
        .unwrap_or(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEGABYTE: u64 = 1_000_000;

    #[test]
    fn a_group_stays_in_the_cache_unless_weights_are_more_than_values() {
        let traffic =
            |arena, values, weights| Traffic { arena: arena * MEGABYTE, values: values * MEGABYTE, weights: weights * MEGABYTE };
        // Like GoogLeNet: 26 / 2 is less than 44 + 26 / 16.
        assert_eq!(group(16, &traffic(6, 44, 26)), 2);
        assert_eq!(group(1, &traffic(6, 44, 26)), 1);
        // Like VGG-16: 553 is more than 120 + 553 / 16.
        assert_eq!(group(16, &traffic(26, 120, 553)), 16);
        // Small maps: all that fit; a batch that does not divide is cut where it does.
        assert_eq!(group(128, &traffic(1, 4, 7)), 16);
        assert_eq!(group(15, &traffic(3, 12, 7)), 5);
        assert_eq!(group(13, &traffic(6, 44, 26)), 1);
        assert_eq!(group(0, &traffic(6, 44, 26)), 0);
    }
}

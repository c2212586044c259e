//! The objective of correlation clustering, `sum_in (w_uv - gamma)`: that of the constant Potts model (Traag, Van Dooren, Nesterov 2011).

use crate::propose::partition::Graph;

/// The sum of `w_uv - gamma` over pairs with equal labels. Labels are below the number of nodes.
pub fn within(graph: &Graph, labels: &[u32]) -> f64 {
    let mut sizes = vec![0_usize; graph.nodes()];
    labels.iter().for_each(|&label| sizes[label as usize] += 1);
    let pairs: usize = sizes.iter().map(|&size| size * size.saturating_sub(1) / 2).sum();
    let of_node = |node: usize| -> f64 {
        let inside = |other: &&(u32, f64)| other.0 as usize > node && labels[other.0 as usize] == labels[node];
        graph.neighbours(node).iter().filter(inside).map(|other| other.1).sum()
    };
    (0..graph.nodes()).map(of_node).sum::<f64>() - graph.gamma() * pairs as f64
}

/// The cost of minimum disagreement: `|w_uv - gamma|` over pairs that are apart though it is positive, or together though it is negative.
pub fn disagreements(graph: &Graph, labels: &[u32]) -> f64 {
    let gains = |weight: f64| (weight - graph.gamma()).max(0.0);
    let nodes = graph.nodes();
    let listed = (0..nodes).flat_map(|node| graph.neighbours(node).iter().map(move |other| (node, other)));
    let upper = listed.filter(|(node, other)| *node < other.0 as usize);
    let (sum, count) = upper.fold((0.0, 0), |(sum, count), (_, other)| (sum + gains(other.1), count + 1));
    let all = nodes * nodes.saturating_sub(1) / 2;
    sum + (all - count) as f64 * gains(0.0) - within(graph, labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::base::Random;

    #[test]
    fn correlation_clustering_is_the_constant_potts_model() {
        let mut random = Random::new(0, Purpose::Partition, 0);
        for gamma in [0.3, -0.2].repeat(25) {
            let nodes = 2 + random.below(8);
            let upper = (0..nodes as u32).flat_map(|v| (0..v).map(move |u| (u, v)));
            let pairs: Vec<(u32, u32, f64)> =
                upper.map(|(u, v)| (u, v, random.between(-1.0, 2.0))).filter(|pair| pair.2.abs() > 0.6).collect();
            let graph = Graph::new(nodes, &pairs, gamma).expect("is valid");
            let labels: Vec<u32> = (0..nodes).map(|_| random.below(3.min(nodes)) as u32).collect();
            let potts: f64 = (0..3)
                .map(|label| {
                    let size = labels.iter().filter(|&&other| other == label).count() as f64;
                    let inside = pairs.iter().filter(|(u, v, _)| labels[*u as usize] == label && labels[*v as usize] == label);
                    inside.map(|pair| pair.2).sum::<f64>() - gamma * size * (size - 1.0) / 2.0
                })
                .sum();
            assert!((within(&graph, &labels) - potts).abs() < 1e-9);
            let cost: f64 = (0..nodes as u32)
                .flat_map(|v| (0..v).map(move |u| (u, v)))
                .map(|(u, v)| {
                    let weight = pairs.iter().find(|pair| (pair.0, pair.1) == (u, v)).map_or(0.0, |pair| pair.2) - gamma;
                    let together = labels[u as usize] == labels[v as usize];
                    if together == (weight > 0.0) { 0.0 } else { weight.abs() }
                })
                .sum();
            assert!((disagreements(&graph, &labels) - cost).abs() < 1e-9);
        }
    }
}

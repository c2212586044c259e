//! Where a network may grow: the last map before its head, the pooling of whole maps with the classifier behind it.

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Class;

/// The end of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// What the head reads.
    pub map: NodeIndex,
    /// The pooling of whole maps.
    pub pool: NodeIndex,
}

/// Why a network has no such end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TipError {
    /// Nothing pools whole maps.
    #[error(
        "`{name}` has no global pool in front of its result; a seed ends in one and a classifier, as in `gap: {{avg: global}}` and `logits: {{fc: 10}}`"
    )]
    NoPool {
        /// The network's name.
        name: String,
    },
    /// Nothing between the pooling and the result has a width of its own.
    #[error("`{name}` has no classifier behind its global pool `{pool}`; add one, as in `logits: {{fc: 10}}`")]
    NoClassifier {
        /// The network's name.
        name: String,
        /// The path of the pooling.
        pool: String,
    },
}

impl Tip {
    /// Of a network's first result of inference.
    pub fn of(graph: &Graph) -> Result<Tip, TipError> {
        let name = || graph.name().to_owned();
        let result = graph.outputs().iter().find(|output| !output.train_only).map(|output| output.node);
        let before = |&node: &NodeIndex| {
            let sources = graph.sources(node);
            if let [one] = sources[..] { Some(one) } else { None }
        };
        let mut classifies = false;
        for node in std::iter::successors(result, before) {
            let Some(op) = &graph.node(node).op else { break };
            if matches!(op.class(), Class::GlobalAvgPool | Class::GlobalMaxPool) {
                let Some(map) = before(&node) else { break };
                let pool = graph.scopes().path(graph.node(node).scope);
                return if classifies { Ok(Tip { map, pool: node }) } else { Err(TipError::NoClassifier { name: name(), pool }) };
            }
            classifies |= op.width().is_some();
        }
        Err(TipError::NoPool { name: name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Sources;
    use crate::expr::Decisions;
    use crate::spec;

    fn tip(net: &str) -> Result<[String; 2], String> {
        let mut sources = Sources::default();
        let file = sources.add("small.yaml", format!("nas: 1\nname: small\ninput: {{image: [3, 8, 8]}}\nnet:\n{net}"));
        let spec = spec::load(&mut sources, file, &mut |_, _| Err(String::new())).spec.unwrap();
        let graph = spec::lower(&spec, Decisions::default(), None).graph.unwrap();
        let path = |node: NodeIndex| graph.scopes().path(graph.node(node).scope);
        Tip::of(&graph).map(|tip| [path(tip.map), path(tip.pool)]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_head_begins_at_its_global_pool() {
        let stem = "  stem: {conv: 8, kernel: 3, act: relu}\n";
        let found = tip(&format!("{stem}  gap: {{avg: global}}\n  drop: {{dropout: 0.4}}\n  logits: {{fc: 4}}\n")).unwrap();
        assert_eq!(found, ["stem", "gap"]);
        let found =
            tip(&format!("{stem}  mix: {{concat: [stem, in]}}\n  head: {{net: {{top: {{max: global}}, out: {{conv: 4}}}}}}\n"));
        assert_eq!(found.unwrap(), ["mix", "head/top"]);
        let told = tip(&format!("{stem}  logits: {{fc: 4}}\n")).unwrap_err();
        assert!(told.starts_with("`small` has no global pool in front of its result;"), "{told}");
        let told = tip(&format!("{stem}  gap: {{avg: global}}\n")).unwrap_err();
        assert!(told.starts_with("`small` has no classifier behind its global pool `gap`;"), "{told}");
    }
}

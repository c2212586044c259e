//! What plans hold against what the analyzer counts.

use nas::analyze::Optimizer;
use nas::analyze::footprint;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::graph::initialise;
use nas::kernel::Arch;

use crate::inference::reduced;
use crate::oracle::nets;

/// Both count the values that are alive together; the plan rounds channels up to blocks beside that, and says by how much.
#[test]
fn plans_node_by_node_hold_what_the_analyzer_counts() {
    let mut same_arena = 0;
    for name in nets() {
        let graph = reduced(name);
        let counted = footprint(&graph, 2, &[], Optimizer::Sgd).memory;
        let state = initialise(&graph, 0);
        let plan = InferencePlan { images: 2, kernels: Arch::SCALAR.into(), keep: &[], fused: false };
        let room = Inference::new(&graph, &state, &plan).room();
        assert_eq!(room.live, counted.peak_bytes, "{name}");
        assert!(room.arena >= room.live, "{name}: {room:?}");
        if room.padding == 0 {
            assert_eq!(room.arena, counted.arena_bytes, "{name}");
            same_arena += 1;
        }
    }
    assert!(same_arena > 0 || nets().len() == 1, "some networks have no padding at their peak");
}

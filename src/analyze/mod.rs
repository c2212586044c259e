//! What a network costs: exact sums, attributed to stages, modules, branches and layers.
//!
//! ```
//! use nas::analyze::{Options, analyze};
//! use nas::base::Shape;
//! use nas::graph::GraphBuilder;
//! use nas::op::Conv;
//!
//! let mut net = GraphBuilder::new("one");
//! let image = net.input("image", Shape::new(3, 224, 224));
//! let conv = net.layer("conv1", [Conv { bias: false, ..Conv::new(64, 7) }.into()], &[image]);
//! net.output("main", conv);
//! let analysis = analyze(&net.finish()?, &Options::default());
//! assert_eq!(analysis.totals.madds, 3 * 64 * 7 * 7 * 224 * 224);
//! assert_eq!(analysis.totals.params, 3 * 64 * 7 * 7);
//! # Ok::<(), Vec<nas::graph::Misfit>>(())
//! ```

mod align;
mod analysis;
mod attribution;
mod batch;
mod comparison;
mod convention;
mod conventions;
mod counted;
mod dial;
mod end;
mod explanation;
mod footprint;
mod likeness;
mod marginal;
mod memory;
mod mixed;
mod naive;
mod optimizer;
mod pairing;
mod prediction;
mod ratio;
mod reconciliation;
mod remedy;
mod results;
mod roofline;
mod stage;
mod suggest;
mod suggestions;
mod sweep;
mod table1;
mod table1_rows;
mod traffic;
mod training;
mod training_run;
mod wiring;

pub use analysis::{Analysis, Depth, HeadCost, InputShape, Limit, Options, SCHEMA, Totals, analyze};
pub use attribution::{Level, NodeRow, Row};
pub use batch::largest_batch;
pub use comparison::{
    Against, COMPARISON_SCHEMA, Change, ComparedNet, ComparedRow, Comparison, Difference, Fate, Measures, Subject, compare,
};
pub use convention::{Convention, Form, Measure, Term, Unit};
pub use counted::{Counted, Part};
pub use dial::{Dial, Move};
pub use end::End;
pub use explanation::{Explained, Explanation, copied_paths, explain, explain_node, paths};
pub use footprint::{BatchFootprint, Footprint, footprint};
pub use marginal::{Headroom, MARGINAL, Marginal, MarginalChange, MarginalLimit, Marginals, VariableMarginal, marginals};
pub use memory::{ALIGNMENT, Held, Hold, Memory, Moment, Peak};
pub use naive::{
    BranchForm, LeftModule, ModuleForm, ModuleSums, NAIVE_SCHEMA, Naive, NaiveBranch, NaiveKind, NaiveLimit, NaiveModule,
    NetworkForm, Sums, naive,
};
pub use optimizer::{Optimizer, Update};
pub use prediction::{Bound, predicted_ns};
pub use ratio::Ratio;
pub use reconciliation::{Differing, Reconciled, Reconciliation, reconcile};
pub use remedy::{Remedy, remedies};
pub use roofline::{Roof, RoofRow, RoofStep, Roofline, roofline};
pub use suggest::{Goal, Proposal, Proposed, Suggested, suggest};
pub use suggestions::{Fixed, LayerWidth, SUGGEST, Suggestion, Suggestions, WidthChange};
pub use sweep::{MAX_SWEPT, Point, Refused, SWEEP, Sweep, SweepAxis, Totalled, sweep};
pub use table1::{Compared, Table1, TableRow, TableSum, table1};
pub use training::{StepMadds, StepPhase, Training, TrainingMemory};
pub use training_run::{Epochs, LayerStep, NodeStep, Plan, TrainingRun, training_run};

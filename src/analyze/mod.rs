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
mod explanation;
mod likeness;
mod naive;
mod reconciliation;
mod remedy;
mod stage;
mod table1;
mod table1_rows;
mod training;

pub use analysis::{Analysis, Depth, HeadCost, InputShape, Limit, Memory, Options, SCHEMA, Totals, Training, analyze};
pub use attribution::{Level, NodeRow, Row};
pub use batch::largest_batch;
pub use comparison::{
    Against, COMPARISON_SCHEMA, Change, ComparedNet, ComparedRow, Comparison, Difference, Fate, Measures, Subject, compare,
};
pub use convention::{Convention, Form, Measure, Term, Unit};
pub use counted::{Counted, Part};
pub use explanation::{Explained, Explanation, copied_paths, explain, paths};
pub use naive::{
    BranchForm, LeftModule, ModuleForm, ModuleSums, NAIVE_SCHEMA, Naive, NaiveBranch, NaiveKind, NaiveLimit, NaiveModule,
    NetworkForm, Sums, naive,
};
pub use reconciliation::{Differing, Reconciled, Reconciliation, reconcile};
pub use remedy::{Remedy, remedies};
pub use table1::{Compared, Table1, TableRow, TableSum, table1};

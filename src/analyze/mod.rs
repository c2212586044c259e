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

mod analysis;
mod attribution;
mod batch;
mod convention;
mod conventions;
mod counted;
mod explanation;
mod footprint;
mod memory;
mod optimizer;
mod reconciliation;
mod remedy;
mod stage;
mod table1;
mod table1_rows;
mod training;
mod training_run;

pub use analysis::{Analysis, Depth, HeadCost, InputShape, Limit, Options, SCHEMA, Totals, analyze};
pub use attribution::{Level, NodeRow, Row};
pub use batch::largest_batch;
pub use convention::{Convention, Form, Measure, Term, Unit};
pub use counted::{Counted, Part};
pub use explanation::{Explained, Explanation, copied_paths, explain, paths};
pub use footprint::{BatchFootprint, Footprint, footprint};
pub use memory::{ALIGNMENT, Held, Hold, Memory, Moment, Peak};
pub use optimizer::{Optimizer, Update};
pub use reconciliation::{Differing, Reconciled, Reconciliation, reconcile};
pub use remedy::{Remedy, remedies};
pub use table1::{Compared, Table1, TableRow, TableSum, table1};
pub use training::{StepMadds, Training, TrainingMemory};
pub use training_run::{Epochs, LayerStep, NodeStep, Plan, TrainingRun, training_run};

//! Training networks: batches, steps, schedules, checkpoints, and runs as folders that go on where they stopped.
//!
//! The same seed gives the same bytes for any number of threads, and a run that was stopped or killed gives the same as one that was
//! not; on another instruction set numbers are rounded otherwise.

mod arrays;
mod checkpoint;
mod error;
mod evaluate;
mod feed;
mod files;
mod find;
mod folder;
mod learner;
mod loss;
mod material;
mod optimizer;
mod position;
mod probe;
mod record;
mod schedule;
mod series;
mod session;
mod settle;
mod study;
mod subject;
mod vary;

pub use arrays::{NotAnArray, Number, npy_head, npy_shape, safetensors_head};
pub use checkpoint::{Beginning, Checkpoint, begin_with, begin_with_some};
pub use error::{NonFinite, Quantity, TrainError};
pub use evaluate::{Evaluation, Showing, TOP, Verdict, Viewer, evaluate};
pub use feed::{Feed, Normalisation, stored_size};
pub use find::find_runs;
pub use folder::{LOCK, Run, RunFolder, lock};
pub use learner::{Fault, Learner};
pub use loss::{Loss, argmax, cross_entropy, softmax};
pub use material::{Material, digest, test_digest};
pub use optimizer::{Optimizer, average, gradient_norm};
pub use position::{Best, Position, Sum};
pub use probe::{Probe, node_at};
pub use record::{About, Data, EVALUATION, Epoch, Judgement, RUN};
pub use schedule::learning_rate;
pub use series::{Broken, Entry, Group, RUNS, Series, Spread, Standing};
pub use session::{Ending, Event, Go, Session};
pub use settle::settle;
pub use study::{
    Arm, ArmResult, Contrast, Draw, Estimate, Keep, MOST_SEEDS, NOTABLE_COST, Outcome, Plan, PlannedRun, Row, STUDY, STUDY_FILE,
    STUDY_RESULT, StudyFolder, Test, holm, name_fault, sign_flip_p, t_quantile,
};
pub use subject::Subject;

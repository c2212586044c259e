//! Studies: several networks and seeds over the same images and settings; what was planned, what came of each run, and what both say.

mod contrast;
mod estimate;
mod folder;
mod outcome;
mod plan;
mod rows;
mod sign_flip;
mod student;

pub use contrast::{Contrast, holm};
pub use estimate::Estimate;
pub use folder::{Keep, STUDY_FILE, StudyFolder};
pub use outcome::{ArmResult, Outcome, STUDY_RESULT};
pub use plan::{Arm, Draw, MOST_SEEDS, NOTABLE_COST, Plan, PlannedRun, STUDY, Test, name_fault};
pub use rows::Row;
pub use sign_flip::sign_flip_p;
pub use student::t_quantile;

//! Dense blocks from a sparse table: rows and columns of a convolution's connection table in groups that are run as dense convolutions ("Going Deeper
//! with Convolutions", section 3; Catalyurek, Aykanat, Ucar: "On Two-Dimensional Sparse Matrix Partitioning", 2010).

mod cluster;
mod disjoint;
mod error;
mod grid;
mod grow;
#[cfg(test)]
mod laws;
mod merge;
mod moves;
mod order;
mod partition;
mod perturb;
mod planted;
mod pruned;
mod report;
mod rule;
mod runs;
mod search;
mod spec;
mod summary;
mod table;
mod text;
mod unit;

pub use error::{BlocksError, TableError};
pub use order::Order;
pub use partition::{Block, Blocks};
pub use planted::{PlantedTable, planted};
pub use pruned::{Pruned, pruned};
pub use report::BlockReport;
pub use search::{Search, gather_price};
pub use spec::Wording;
pub use summary::{BLOCKS, Group, Measured, Mode, Summary, Timed};
pub use table::Table;

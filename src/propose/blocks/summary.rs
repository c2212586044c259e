//! A table and its blocks in numbers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::propose::blocks::BlockReport;
use crate::propose::blocks::Blocks;
use crate::propose::blocks::BlocksError;
use crate::propose::blocks::Table;
use crate::propose::blocks::report::madds;

/// The name of the form of [`Summary`].
pub const BLOCKS: &str = "nas.blocks/1";

/// What blocks may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nothing: a group reads all columns that its rows read.
    Lossless,
    /// Columns that few of a group's rows read.
    Lossy,
    /// Links between groups: each column is read by one of some groups alike in size.
    Disjoint,
}

/// A convolution by a table, sparse, in dense blocks, and dense.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// [`BLOCKS`].
    #[schemars(extend("const" = BLOCKS))]
    pub schema: &'static str,
    /// Where the table is from.
    pub source: String,
    /// What may be lost.
    pub mode: Mode,
    /// Where columns are left out, the share of a group's rows that must read one.
    pub least: Option<f64>,
    /// Output channels.
    pub rows: usize,
    /// Input channels.
    pub columns: usize,
    /// Of a pruned layer the part of the squared weights that its links hold.
    pub kept: Option<f64>,
    /// Pairs of an output and an input channel that are connected.
    pub links: u64,
    /// Links in blocks.
    pub covered: u64,
    /// Links outside of them, which are not computed.
    pub lost: u64,
    /// Pairs in blocks.
    pub area: u64,
    /// The part of the blocks' pairs that are links.
    pub fill: f64,
    /// Input channels that are gathered, over all groups.
    pub gathered: u64,
    /// Taps, `[height, width]`.
    pub kernel: [u32; 2],
    /// Rows and columns of the output.
    pub map: [u32; 2],
    /// Multiply-adds of an image with all pairs.
    pub madds_dense: u64,
    /// With the links alone.
    pub madds_sparse: u64,
    /// With the blocks.
    pub madds_blocks: u64,
    /// The groups.
    pub groups: Vec<Group>,
    /// Times of all forms, if they were taken.
    pub measured: Option<Measured>,
}

/// A dense block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Group {
    /// Output channels.
    pub rows: Vec<u32>,
    /// Input channels that all of them read.
    pub columns: Vec<u32>,
}

/// Times on one machine.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Measured {
    /// The instruction set.
    pub arch: String,
    /// Threads.
    pub threads: usize,
    /// Images at once.
    pub images: u32,
    /// Rounds, in each of which every form ran once.
    pub rounds: usize,
    /// The forms.
    pub forms: Vec<Timed>,
}

/// The time of one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timed {
    /// `dense`, `sparse`, `blocks`, or `blocks, gathered before`.
    pub form: String,
    /// Multiply-adds of an image.
    pub madds: u64,
    /// The median over rounds, nanoseconds for all images.
    pub median_ns: u64,
    /// The least.
    pub least_ns: u64,
}

impl Summary {
    /// Of blocks of a table. Error: multiply-adds exceed 64 bits.
    pub fn of(
        source: String,
        mode: Mode,
        table: &Table,
        blocks: &Blocks,
        kernel: [u32; 2],
        map: [u32; 2],
    ) -> Result<Summary, BlocksError> {
        let BlockReport { links, area, covered, lost, fill, gathered, .. } = blocks.report(table)?;
        let positions = u64::from(map[0]) * u64::from(map[1]);
        let group = |block: &crate::propose::blocks::Block| Group {
            rows: block.rows.iter().map(|&row| row as u32).collect(),
            columns: block.columns.clone(),
        };
        Ok(Summary {
            schema: BLOCKS,
            source,
            mode,
            least: None,
            rows: table.rows().len(),
            columns: table.columns(),
            kept: None,
            links,
            covered,
            lost,
            area,
            fill,
            gathered,
            kernel,
            map,
            madds_dense: madds(table.area(), kernel, positions)?,
            madds_sparse: madds(links, kernel, positions)?,
            madds_blocks: blocks.madds(kernel, positions)?,
            groups: blocks.groups().iter().map(group).collect(),
            measured: None,
        })
    }
}

//! What may be wrong with a connection table, and with a request for blocks.

/// Why something is no connection table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TableError {
    /// No rows or no columns.
    #[error("a table of {rows} rows and {columns} columns is empty: at least one of each is needed")]
    Empty {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// Too many rows or columns.
    #[error("a table of {rows} rows and {columns} columns is too large: at most 65535 of each are possible")]
    TooLarge {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A column that is not there.
    #[error("row {row} reads column {column}, but columns end at {}", columns - 1)]
    OutOfRange {
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: u32,
        /// Columns of the table.
        columns: usize,
    },
    /// Columns that do not ascend.
    #[error("row {row} names column {column} after a column that is not below it: columns must ascend")]
    NotAscending {
        /// The row, from 0.
        row: usize,
        /// The later column.
        column: u32,
    },
    /// A character that means nothing.
    #[error("line {line}, column {column}: `{found}` is no sign of a table; 0 or . is no link, 1 or # is one")]
    Sign {
        /// The line, from 1.
        line: usize,
        /// The character in its line, from 1.
        column: usize,
        /// The character.
        found: char,
    },
    /// A separator without a sign before it or after it.
    #[error("line {line}, column {column}: a sign is missing; between two separators stands one of 0, 1, . and #")]
    Missing {
        /// The line, from 1.
        line: usize,
        /// The character in its line, from 1.
        column: usize,
    },
    /// Signs that touch in a line with separators.
    #[error("line {line}, column {column}: two signs touch; in a line with separators all signs are separated")]
    Touching {
        /// The line, from 1.
        line: usize,
        /// The second sign in its line, from 1.
        column: usize,
    },
    /// A line of another length.
    #[error("line {line}, column {column}: the line has {found} signs, the lines above have {expected}")]
    Ragged {
        /// The line, from 1.
        line: usize,
        /// The first sign too many, or the end of the line; from 1.
        column: usize,
        /// Signs of this line.
        found: usize,
        /// Signs of the lines above.
        expected: usize,
    },
    /// Weights that do not fit their shape.
    #[error("{found} weights are no [{}, {}, {}, {}]: {expected} are needed", shape[0], shape[1], shape[2], shape[3])]
    Weights {
        /// As many were handed in.
        found: usize,
        /// As many the shape has.
        expected: u128,
        /// Outputs, inputs, kernel rows, kernel columns.
        shape: [usize; 4],
    },
    /// A weight that is no number, or infinite.
    #[error("weight {at} is not finite")]
    NotFinite {
        /// Its place in the slice.
        at: usize,
    },
    /// A share that is none.
    #[error("the share {share} is not between 0 and 1")]
    Share {
        /// The share.
        share: f64,
    },
    /// A number of groups that cannot be planted.
    #[error("{groups} groups cannot be planted in {rows} rows and {columns} columns: from 1 to the lesser of both are possible")]
    Groups {
        /// Groups.
        groups: usize,
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
}

/// Why there are no blocks, or no numbers of them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BlocksError {
    /// A share of a group's rows that is none.
    #[error("the least share {least} is not above 0 and at most 1")]
    Least {
        /// The share.
        least: f64,
    },
    /// A price that is none.
    #[error("the {what} {price} is not a finite number from 0 on")]
    Price {
        /// Which price.
        what: &'static str,
        /// The price.
        price: f64,
    },
    /// Groups that cannot be of equal sizes.
    #[error("{groups} groups do not divide {rows} rows and {columns} columns: a common divisor is needed")]
    Groups {
        /// Groups.
        groups: usize,
        /// Rows of the table.
        rows: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// Groups that are no partition of the rows.
    #[error("row {row} stands in {times} groups: every row stands in exactly one")]
    Partition {
        /// The row, from 0.
        row: usize,
        /// Groups that hold it.
        times: usize,
    },
    /// A group without rows.
    #[error("group {group} has no rows: every group needs one")]
    NoRows {
        /// The group, from 0.
        group: usize,
    },
    /// A row that is not there.
    #[error("group {group} holds row {row}, but the table has {rows} rows, counted from 0")]
    OutOfRange {
        /// The group, from 0.
        group: usize,
        /// The row.
        row: usize,
        /// Rows of the table.
        rows: usize,
    },
    /// Blocks of another table.
    #[error(
        "blocks of {rows} rows and {columns} columns do not belong to a table of {table_rows} rows and {table_columns} columns"
    )]
    Different {
        /// Rows of the blocks.
        rows: usize,
        /// Columns of the blocks.
        columns: usize,
        /// Rows of the table.
        table_rows: usize,
        /// Columns of the table.
        table_columns: usize,
    },
    /// A count beyond 64 bits.
    #[error("multiply-adds of {area} links, kernel {height}x{width} and {positions} positions exceed 64 bits")]
    Overflow {
        /// Rows times columns, summed over groups.
        area: u64,
        /// Kernel rows.
        height: u32,
        /// Kernel columns.
        width: u32,
        /// Output positions.
        positions: u64,
    },
    /// A group that reads nothing, for which there is no convolution.
    #[error("group {group} reads no columns: a convolution needs one at least")]
    NoColumns {
        /// The group, from 0.
        group: usize,
    },
}

//! What selects a row in a page's table and pictures.

use crate::analyze::Level;
use crate::analyze::Row;

/// The path of a row; `@` with the name of a stage, `@` alone for the network, which have no paths.
pub(super) fn of_row(row: &Row) -> String {
    match row.level {
        Level::Network => "@".to_owned(),
        Level::Stage => format!("@{}", row.name),
        Level::Module | Level::Branch | Level::Layer => row.path.clone(),
    }
}

/// The path of the layer that a row with layers inside ends with: that of its node, `3b/3x3:conv`.
pub(super) fn of_end(row: &Row) -> String {
    row.end().map_or_else(|| of_row(row), |end| end.path.to_owned())
}

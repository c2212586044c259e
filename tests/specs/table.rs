//! The truth tables: comma-separated values, comments first.

use std::path::Path;

/// A truth table with its column names.
pub(crate) struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One line of a table.
#[derive(Clone, Copy)]
pub(crate) struct Line<'t> {
    columns: &'t [String],
    fields: &'t [String],
}

impl Table {
    /// The table of this name.
    pub(crate) fn read(name: &str) -> Table {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/truth").join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let fields = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let columns = fields(lines.next().expect("a header"));
        let rows: Vec<Vec<String>> = lines.map(fields).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == columns.len()), "{name} is no table");
        Table { columns, rows }
    }

    /// Whether it has a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// Its lines.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|fields| Line { columns: &self.columns, fields })
    }
}

impl<'t> Line<'t> {
    /// The text in a column.
    pub(crate) fn text(self, column: &str) -> &'t str {
        let at = self.columns.iter().position(|name| name == column);
        &self.fields[at.unwrap_or_else(|| panic!("there is no column `{column}`"))]
    }

    /// The integer in a column.
    pub(crate) fn number(self, column: &str) -> u64 {
        self.text(column).parse().unwrap_or_else(|_| panic!("`{}` is no number", self.text(column)))
    }

    /// The integers in the columns `c`, `h` and `w`.
    pub(crate) fn shape(self) -> [u64; 3] {
        ["c", "h", "w"].map(|column| self.number(column))
    }
}

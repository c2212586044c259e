//! The table's columns on a terminal that may be narrow: first the output goes, then what is live, then half of the bar, then what
//! room the names do not need, then the parameters and the bar; at last names are cut.

/// Widths of the columns; 0 for those left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) name: usize,
    pub(super) output: usize,
    pub(super) count: usize,
    pub(super) share: usize,
    pub(super) bar: usize,
    pub(super) params: usize,
    pub(super) live: usize,
}

/// The least that names are cut to.
const LEAST_NAME: usize = 12;

impl Columns {
    /// As many columns as fit `width`, if the longest name with its tree is `longest` and the count's heading `heading` wide.
    pub(super) fn fit(longest: usize, heading: usize, width: usize) -> Columns {
        let name = (longest + 2).max(24);
        let mut columns = Columns { name, output: 11, count: 10.max(heading + 2), share: 9, bar: 16, params: 10, live: 8 };
        let narrower: [fn(&mut Columns, usize); 7] = [
            |columns, _| columns.output = 0,
            |columns, _| columns.live = 0,
            |columns, _| columns.bar = 8,
            |columns, longest| columns.name = longest + 1,
            |columns, _| columns.params = 0,
            |columns, _| columns.bar = 0,
            |columns, _| columns.name = LEAST_NAME,
        ];
        for step in narrower {
            if columns.width() <= width {
                break;
            }
            step(&mut columns, longest);
        }
        if columns.name == LEAST_NAME {
            columns.name = columns.name.max(width.saturating_sub(columns.width() - LEAST_NAME)).min(longest + 1);
        }
        columns
    }

    /// All of them; two spaces stand before the bar.
    pub(super) fn width(&self) -> usize {
        let Columns { name, output, count, share, bar, params, live } = *self;
        name + output + count + share + bar + params + live + if bar > 0 { 2 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_from_forty_columns_on() {
        for longest in 1..60 {
            for width in 40..130 {
                let columns = Columns::fit(longest, 5, width);
                assert!(columns.width() <= width, "{longest} {width} {columns:?}");
            }
        }
        assert_eq!(Columns::fit(20, 5, 90).width(), 90);
        let narrow = Columns::fit(18, 5, 80);
        assert_eq!((narrow.output, narrow.live, narrow.bar), (0, 8, 16));
    }
}

//! A connection table from text: one line a row, 0 or . for no link, 1 or # for one.

use crate::propose::blocks::Table;
use crate::propose::blocks::TableError;

/// The links of a line and the place of each sign, from 1.
struct Line {
    links: Vec<bool>,
    places: Vec<usize>,
}

impl Table {
    /// Reads a table. Signs are 0, 1, . and #; in a line they either all touch, or are all separated by blanks, commas or semicolons. Lines
    /// without signs are passed over; all others have equally many. Errors name line and character, both from 1.
    pub fn from_text(text: &str) -> Result<Table, TableError> {
        let mut rows = Vec::new();
        let mut columns = 0;
        for (above, written) in text.lines().enumerate() {
            if written.trim().is_empty() {
                continue;
            }
            let line = read(above + 1, written.trim_end())?;
            let found = line.links.len();
            if rows.is_empty() {
                columns = found;
            } else if found != columns {
                let end = written.trim_end().chars().count() + 1;
                let column = line.places.get(columns).copied().unwrap_or(end);
                return Err(TableError::Ragged { line: above + 1, column, found, expected: columns });
            }
            rows.push((0..found as u32).filter(|&column| line.links[column as usize]).collect());
        }
        Table::new(columns, rows)
    }
}

fn read(line: usize, written: &str) -> Result<Line, TableError> {
    let trimmed = written.trim_start();
    let separated = trimmed.contains(|sign: char| is_separator(sign) || sign.is_whitespace());
    let mut read = Line { links: Vec::new(), places: Vec::new() };
    // Whether a sign stands directly before, and whether one stands since the last separator.
    let (mut touches, mut filled) = (false, false);
    let mut end = 0;
    for (before, sign) in written.chars().enumerate() {
        let column = before + 1;
        end = column;
        match sign {
            '0' | '1' | '.' | '#' if separated && touches => return Err(TableError::Touching { line, column }),
            '0' | '1' | '.' | '#' => {
                read.links.push(matches!(sign, '1' | '#'));
                read.places.push(column);
                (touches, filled) = (true, true);
            }
            _ if is_separator(sign) && !filled => return Err(TableError::Missing { line, column }),
            _ if is_separator(sign) => (touches, filled) = (false, false),
            _ if sign.is_whitespace() => touches = false,
            _ => return Err(TableError::Sign { line, column, found: sign }),
        }
    }
    if filled { Ok(read) } else { Err(TableError::Missing { line, column: end + 1 }) }
}

fn is_separator(sign: char) -> bool {
    matches!(sign, ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_notations_say_the_same() {
        let expected = Table::new(3, vec![vec![0, 2], vec![], vec![1]]).expect("is valid");
        for text in [
            "101\n000\n010",
            "1,0,1\n0,0,0\n0,1,0\n",
            "1;0;1\r\n\r\n0 0 0\r\n 0 , 1,0 ",
            "\n#.#\n...\n.#.\n\n",
            "1 0\t1\n...\n0; 1; 0",
        ] {
            assert_eq!(Table::from_text(text), Ok(expected.clone()), "{text:?}");
        }
    }

    #[test]
    fn errors_have_their_place() {
        let error = |text: &str| Table::from_text(text).expect_err("is no table");
        assert_eq!(error("10\n1x"), TableError::Sign { line: 2, column: 2, found: 'x' });
        assert_eq!(error("1,,0"), TableError::Missing { line: 1, column: 3 });
        assert_eq!(error(",1"), TableError::Missing { line: 1, column: 1 });
        assert_eq!(error("1,0,"), TableError::Missing { line: 1, column: 5 });
        assert_eq!(error("1 0\n1 01"), TableError::Touching { line: 2, column: 4 });
        assert_eq!(error("1 0\n\n1 0 1"), TableError::Ragged { line: 3, column: 5, found: 3, expected: 2 });
        assert_eq!(error("101\n10"), TableError::Ragged { line: 2, column: 3, found: 2, expected: 3 });
        assert_eq!(error(" \n"), TableError::Empty { rows: 0, columns: 0 });
        assert_eq!(error("12").to_string(), "line 1, column 2: `2` is no sign of a table; 0 or . is no link, 1 or # is one");
    }
}

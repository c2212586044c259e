//! What outlines are filled with: two colours in a pattern.

/// A pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    Plain,
    Stripes,
    Columns,
    Checks,
    Dots,
    Diagonals,
    Circles,
    Halves,
    Lines,
    Pairs,
}

impl Fill {
    /// In the order in which classes use them.
    pub(super) const ALL: [Fill; 10] = [
        Fill::Plain,
        Fill::Stripes,
        Fill::Columns,
        Fill::Checks,
        Fill::Dots,
        Fill::Diagonals,
        Fill::Circles,
        Fill::Halves,
        Fill::Lines,
        Fill::Pairs,
    ];

    /// Its name in names of classes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Fill::Plain => "plain",
            Fill::Stripes => "stripes",
            Fill::Columns => "columns",
            Fill::Checks => "checks",
            Fill::Dots => "dots",
            Fill::Diagonals => "diagonals",
            Fill::Circles => "circles",
            Fill::Halves => "halves",
            Fill::Lines => "lines",
            Fill::Pairs => "pairs",
        }
    }

    /// Whether a point of the outline has the second colour.
    pub(super) fn is_second(self, [x, y]: [f64; 2]) -> bool {
        let odd = |at: f64| (at.floor() as i64).rem_euclid(2) == 1;
        let middle = |at: f64| (at - at.floor() - 0.5).abs();
        match self {
            Fill::Plain => false,
            Fill::Stripes => odd(y * 2.5),
            Fill::Columns => odd(x * 2.5),
            Fill::Checks => odd(x * 2.0) != odd(y * 2.0),
            Fill::Dots => middle(x * 1.6) < 0.25 && middle(y * 1.6) < 0.25,
            Fill::Diagonals => odd((x + y) * 1.8),
            Fill::Circles => odd((x * x + y * y).sqrt() * 3.0),
            Fill::Halves => y > 0.0,
            Fill::Lines => odd(y * 5.0),
            Fill::Pairs => x > 0.0,
        }
    }
}

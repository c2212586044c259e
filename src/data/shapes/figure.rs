//! Outlines, each about as large as a disc of radius 1.

/// An outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Disc,
    Square,
    Triangle,
    Cross,
    Ring,
    Diamond,
    Bar,
    Crescent,
    Frame,
    Tee,
}

impl Figure {
    /// In the order in which classes use them.
    pub(super) const ALL: [Figure; 10] = [
        Figure::Disc,
        Figure::Square,
        Figure::Triangle,
        Figure::Cross,
        Figure::Ring,
        Figure::Diamond,
        Figure::Bar,
        Figure::Crescent,
        Figure::Frame,
        Figure::Tee,
    ];

    /// Its name in names of classes.
    pub(super) fn name(self) -> &'static str {
        match self {
            Figure::Disc => "disc",
            Figure::Square => "square",
            Figure::Triangle => "triangle",
            Figure::Cross => "cross",
            Figure::Ring => "ring",
            Figure::Diamond => "diamond",
            Figure::Bar => "bar",
            Figure::Crescent => "crescent",
            Figure::Frame => "frame",
            Figure::Tee => "tee",
        }
    }

    /// About the distance of a point from the outline, negative inside. `y` points down.
    pub(super) fn distance(self, [x, y]: [f64; 2]) -> f64 {
        let radius = (x * x + y * y).sqrt();
        let block = |wide: f64, high: f64, y: f64| (x.abs() - wide).max(y.abs() - high);
        match self {
            Figure::Disc => radius - 0.95,
            Figure::Square => block(0.82, 0.82, y),
            Figure::Triangle => (y - 0.55).max(0.866 * x - 0.5 * y - 0.55).max(-0.866 * x - 0.5 * y - 0.55),
            Figure::Cross => block(1.0, 0.28, y).min(block(0.28, 1.0, y)),
            Figure::Ring => (radius - 0.75).abs() - 0.2,
            Figure::Diamond => (x.abs() + y.abs() - 1.1) * std::f64::consts::FRAC_1_SQRT_2,
            Figure::Bar => block(1.0, 0.35, y),
            Figure::Crescent => (radius - 0.95).max(0.8 - ((x - 0.55) * (x - 0.55) + y * y).sqrt()),
            Figure::Frame => block(0.7, 0.7, y).abs() - 0.17,
            Figure::Tee => block(0.9, 0.27, y + 0.6).min(block(0.27, 0.87, y)),
        }
    }
}

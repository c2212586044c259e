//! Single changes of a width that alone bring a network inside a limit.
//!
//! For each knob the widest width that is enough is searched on the exact totals of [`Multilinear`], which grow with every width;
//! a width that is a multiple of 8 goes to a multiple of 8 where one is enough.

use crate::graph::Counts;
use crate::graph::Multilinear;
use crate::graph::Resizing;

/// Widths that hardware likes are multiples of this.
const GRID: u32 = 8;

/// One change that is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The knob's number in the [`Multilinear`].
    pub knob: usize,
    /// Its width now.
    pub from: u32,
    /// The width that is enough.
    pub to: u32,
    /// The totals then.
    pub totals: Counts,
}

impl Remedy {
    /// Whether the operators accept it.
    pub fn fits(&self, resizing: &Resizing<'_>, form: &Multilinear) -> bool {
        let widths: Vec<_> = form.knobs()[self.knob].nodes.iter().map(|&node| (node, self.to)).collect();
        resizing.accepts(&widths)
    }
}

/// For each knob the change after which `quantity` is at most `limit`, where there is one; those that change their width by the
/// smallest share first.
pub fn remedies(form: &Multilinear, quantity: fn(Counts) -> i128, limit: i128) -> Vec<Remedy> {
    let mut found: Vec<Remedy> = (0..form.knobs().len()).filter_map(|knob| narrowed(form, knob, quantity, limit)).collect();
    // Shares that are left, larger first, as exact fractions; the sort is stable.
    let cross = |a: &Remedy, b: &Remedy| u64::from(a.to) * u64::from(b.from);
    found.sort_by(|a, b| cross(b, a).cmp(&cross(a, b)));
    found
}

fn narrowed(form: &Multilinear, knob: usize, quantity: fn(Counts) -> i128, limit: i128) -> Option<Remedy> {
    let from = form.width(knob);
    let step = form.knobs()[knob].step;
    let enough = |width: u32| quantity(form.at(knob, width)) <= limit;
    let widest = |step: u32| {
        // How many steps down are too few; the totals grow with the width.
        let all = (from - 1) / step;
        let (mut too_few, mut many) = (0, all + 1);
        while many - too_few > 1 {
            let middle = too_few + (many - too_few) / 2;
            if enough(from - middle * step) { many = middle } else { too_few = middle }
        }
        (many <= all).then(|| from - many * step)
    };
    let coarse = if GRID.is_multiple_of(step) { GRID } else { step };
    let by_eight = from.is_multiple_of(GRID).then(|| widest(coarse)).flatten();
    let to = by_eight.or_else(|| widest(step))?;
    Some(Remedy { knob, from, to, totals: form.at(knob, to) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Shape;
    use crate::graph::Graph;
    use crate::graph::GraphBuilder;
    use crate::op::Conv;

    /// Layers of 1 x 1 on one pixel: `1 * a + a * b + b * 10` weights and multiply-adds, without biases.
    fn net(a: u32, b: u32) -> Graph {
        let mut net = GraphBuilder::new("net");
        let mut last = net.input("image", Shape::new(1, 1, 1));
        for (name, width) in [("a", a), ("b", b), ("classes", 10)] {
            last = net.layer(name, [Conv { bias: false, ..Conv::new(width, 1) }.into()], &[last]);
        }
        net.output("main", last);
        net.finish().expect("fits")
    }

    #[track_caller]
    fn check(a: u32, b: u32, limit: i128, expected: &[(usize, u32)]) {
        let found = remedies(&Multilinear::of(&net(a, b)), |totals| totals.madds, limit);
        let found: Vec<(usize, u32)> = found.iter().map(|remedy| (remedy.knob, remedy.to)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_widest_width_that_is_enough_is_found() {
        // 32 + 32 * 16 + 160 = 704; with a = 24: 568, with b = 8: 368.
        check(32, 16, 600, &[(0, 24), (1, 8)]);
        // 16 * 17 + 160 = 432 for a = 16; with a = 8 it is 296.
        check(32, 16, 431, &[(1, 8), (0, 8)]);
        // No multiple of 8 is enough: a * 17 + 160 <= 200 for a = 2; 32 + 42 b <= 200 for b = 4.
        check(32, 16, 200, &[(1, 4), (0, 2)]);
        // A width off the grid may stay off it: 30 * 17 + 160 = 670; with b = 8, 31 * 9 + 80 = 359.
        check(31, 16, 680, &[(0, 30), (1, 8)]);
        check(32, 16, 70, &[]);
    }
}

//! One Inception module more behind a network: which branches it has, how wide they are, whether maps are pooled before it, and how far it is narrowed for
//! a budget ("Going Deeper with Convolutions", section 4: clusters of the units of the last layer form the units of the next).

use std::cmp::Ordering;

use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::widths::Aim;
use crate::propose::widths::BranchAim;
use crate::propose::widths::as_googlenet;

/// Maps are not pooled to sides below this.
const LEAST_POOLED: u32 = 8;
/// Maps with a shorter side have no 5x5 branch: the window would see more padding than map.
pub(in crate::propose) const LEAST_FOR_FIVE: u32 = 5;

/// What is asked of every module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Channels that a module gives, as a multiple of those that it reads.
    pub width: f64,
    /// All widths are multiples of this.
    pub align: u32,
    /// Modules on one grid, after which the next is on a coarser one; 0 for never.
    pub pool_every: u32,
}

/// A module that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewModule {
    /// In order.
    pub branches: Vec<NewBranch>,
}

/// A branch of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBranch {
    /// What it covers.
    pub covers: Covers,
    /// Channels of the 1x1 convolution in front of 3x3 or 5x5.
    pub reduction: Option<u32>,
    /// Channels.
    pub width: u32,
}

impl Growth {
    /// Whether maps of these sides, `[height, width]`, are pooled before the next module, when so many modules stand on their grid.
    pub fn pools(self, sides: [u32; 2], modules: u32) -> bool {
        self.pool_every > 0 && modules >= self.pool_every && sides.iter().all(|side| side / 2 >= LEAST_POOLED)
    }

    /// What the branches of a module cover that reads maps of these sides.
    pub fn covers(sides: [u32; 2]) -> Vec<Covers> {
        let all = [Covers::Window(Extent::One), Covers::Window(Extent::Three), Covers::Window(Extent::Five), Covers::Pool];
        let fits = |covers: &Covers| *covers != Covers::Window(Extent::Five) || sides.iter().all(|&side| side >= LEAST_FOR_FIVE);
        all.into_iter().filter(fits).collect()
    }

    /// The module that an aim means, for so many channels that it reads: the multiple of the alignment nearest to its width, branches by their shares
    /// of it, each one alignment wide at least, and reductions the nearest multiples to their parts of what is read.
    pub fn module(self, covers: &[Covers], aim: &Aim, channels: u32) -> NewModule {
        let align = f64::from(self.align);
        let units = ((self.width * f64::from(channels) / align).round() as u32).max(covers.len() as u32);
        let shares: Vec<f64> = aim.branches.iter().map(|branch| branch.share).collect();
        let branch = |((&covers, aim), units): ((&Covers, &BranchAim), u32)| NewBranch {
            covers,
            reduction: aim.reduction.map(|part| aligned(part * f64::from(channels), self.align)),
            width: units * self.align,
        };
        NewModule { branches: covers.iter().zip(&aim.branches).zip(apportioned(&shares, units)).map(branch).collect() }
    }

    /// The widest form of a module whose count is inside the budget, all its widths by one factor, if that has half of its width at least.
    pub fn fitted(self, module: &NewModule, budget: u64, mut count: impl FnMut(&NewModule) -> Option<u64>) -> Option<NewModule> {
        let units = module.width() / self.align;
        let least = units.div_ceil(2).max(module.branches.len() as u32);
        let narrower = (least..units).rev().map(|units| module.narrowed(units, self.align));
        std::iter::once(module.clone()).chain(narrower).find(|module| count(module).is_some_and(|count| count <= budget))
    }
}

impl NewModule {
    /// Channels of all branches.
    pub fn width(&self) -> u32 {
        self.branches.iter().map(|branch| branch.width).sum()
    }

    fn narrowed(&self, units: u32, align: u32) -> NewModule {
        let all = f64::from(self.width());
        let factor = f64::from(units * align) / all;
        let shares: Vec<f64> = self.branches.iter().map(|branch| f64::from(branch.width) / all).collect();
        let branch = |(branch, units): (&NewBranch, u32)| NewBranch {
            reduction: branch.reduction.map(|width| aligned(factor * f64::from(width), align)),
            width: units * align,
            ..*branch
        };
        NewModule { branches: self.branches.iter().zip(apportioned(&shares, units)).map(branch).collect() }
    }
}

/// What a module with these branches is before anything is known: GoogLeNet's proportions.
pub fn prior(covers: &[Covers]) -> Aim {
    let share = 1.0 / covers.len() as f64;
    let is_reduced = |covers: Covers| matches!(covers, Covers::Window(Extent::Three | Extent::Five));
    let branch = |&covers: &Covers| BranchAim { share, reduction: is_reduced(covers).then_some(0.0) };
    as_googlenet(covers, Aim { branches: covers.iter().map(branch).collect() })
}

/// The nearest multiple, and no less than one.
fn aligned(wanted: f64, align: u32) -> u32 {
    ((wanted / f64::from(align)).round() as u32).max(1) * align
}

/// Whole parts in proportion to shares, by the largest remainders, each one at least; of equal remainders the first.
fn apportioned(shares: &[f64], units: u32) -> Vec<u32> {
    let exact: Vec<f64> = shares.iter().map(|share| share * f64::from(units)).collect();
    let mut parts: Vec<u32> = exact.iter().map(|exact| (exact.floor() as u32).max(1)).collect();
    let lacks = |parts: &[u32], at: usize| exact[at] - f64::from(parts[at]);
    loop {
        let sum: u32 = parts.iter().sum();
        let places = 0..parts.len();
        let (at, by) = match sum.cmp(&units) {
            Ordering::Less => (places.rev().max_by(|&a, &b| lacks(&parts, a).total_cmp(&lacks(&parts, b))), 1),
            Ordering::Greater => {
                let more = places.filter(|&at| parts[at] > 1);
                (more.min_by(|&a, &b| lacks(&parts, a).total_cmp(&lacks(&parts, b))), -1)
            }
            Ordering::Equal => return parts,
        };
        let Some(at) = at else { return parts };
        parts[at] = parts[at].saturating_add_signed(by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Growth = Growth { width: 1.25, align: 8, pool_every: 2 };

    fn aim(branches: &[(f64, Option<f64>)]) -> Aim {
        Aim { branches: branches.iter().map(|&(share, reduction)| BranchAim { share, reduction }).collect() }
    }

    fn numbers(module: &NewModule) -> Vec<(Option<u32>, u32)> {
        module.branches.iter().map(|branch| (branch.reduction, branch.width)).collect()
    }

    #[test]
    fn maps_are_pooled_after_so_many_modules_while_they_are_large() {
        assert!(!RULE.pools([32, 32], 1) && RULE.pools([32, 32], 2) && RULE.pools([16, 17], 5));
        assert!(!RULE.pools([15, 32], 2));
        assert!(!Growth { pool_every: 0, ..RULE }.pools([32, 32], 9));
    }

    #[test]
    fn small_maps_have_no_5x5() {
        assert_eq!(Growth::covers([5, 5]).iter().map(|covers| covers.name()).collect::<Vec<_>>(), ["1x1", "3x3", "5x5", "pool"]);
        assert_eq!(Growth::covers([4, 9]).iter().map(|covers| covers.name()).collect::<Vec<_>>(), ["1x1", "3x3", "pool"]);
    }

    /// GoogLeNet's modules together: 1680, 2320, 752 and 736 channels of 5488, reductions of 1216 and 256 for 4656 that are read.
    #[test]
    fn before_anything_is_known_a_module_has_googlenets_proportions() {
        let found = prior(&Growth::covers([8, 8]));
        let want = [(1680.0, None), (2320.0, Some(1216.0)), (752.0, Some(256.0)), (736.0, None)];
        for (found, (share, reduction)) in found.branches.iter().zip(want) {
            assert!((found.share - share / 5488.0).abs() < 1e-12);
            assert_eq!(found.reduction.is_some(), reduction.is_some());
            assert!((found.reduction.unwrap_or_default() - reduction.unwrap_or_default() / 4656.0).abs() < 1e-12);
        }
        let without = prior(&Growth::covers([4, 4]));
        assert!((without.branches[1].share - 2320.0 / 4736.0).abs() < 1e-12);
    }

    /// 1.25 * 64 = 80 channels are ten alignments: shares of .35, .4, .05, .2 ask for 3.5, 4, .5 and 2 of them, and the narrowest has one.
    #[test]
    fn widths_follow_shares_and_reductions_their_parts() {
        let covers = Growth::covers([8, 8]);
        let asked = aim(&[(0.35, None), (0.4, Some(0.3)), (0.05, Some(0.01)), (0.2, None)]);
        let found = RULE.module(&covers, &asked, 64);
        // 0.3 * 64 = 19.2 is nearest to 16, 0.64 is less than one alignment.
        assert_eq!(numbers(&found), [(None, 24), (Some(16), 32), (Some(8), 8), (None, 16)]);
        assert_eq!(found.width(), 80);
        // Eight channels ask for ten; four branches have one alignment each.
        assert_eq!(RULE.module(&covers, &asked, 8).width(), 32);
        // 1.25 * 100 = 125 is nearest to 128.
        assert_eq!(RULE.module(&covers, &asked, 100).width(), 128);
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(apportioned(&[0.5, 0.5], 3), [2, 1]);
        assert_eq!(apportioned(&[0.97, 0.01, 0.01, 0.01], 6), [3, 1, 1, 1]);
        assert_eq!(apportioned(&[0.26, 0.24, 0.5], 10), [3, 2, 5]);
        assert_eq!(apportioned(&[0.0, 1.0], 5), [1, 4]);
    }

    #[test]
    fn a_module_is_narrowed_to_half_at_most() {
        let covers = Growth::covers([8, 8]);
        let module = RULE.module(&covers, &aim(&[(0.3, None), (0.4, Some(0.5)), (0.2, Some(0.25)), (0.1, None)]), 64);
        assert_eq!(numbers(&module), [(None, 24), (Some(32), 32), (Some(16), 16), (None, 8)]);
        let fit = |budget| RULE.fitted(&module, budget, |module| Some(u64::from(module.width())));
        assert_eq!(fit(80).unwrap(), module);
        // 56 of 80 channels: 2.1, 2.8, 1.4 and .7 alignments; reductions 22.4 and 11.2.
        assert_eq!(numbers(&fit(63).unwrap()), [(None, 16), (Some(24), 24), (Some(8), 8), (None, 8)]);
        assert_eq!(fit(40).unwrap().width(), 40);
        assert_eq!(fit(39), None);
        assert_eq!(RULE.fitted(&module, 100, |_| None), None);
    }
}

//! The whole: units that are ever on, the search over them, partition mode where groups hardly overlap, and the names of units back.

use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::cover::constants::OVERLAPS;
use crate::propose::cover::disjoint::memberships;
use crate::propose::cover::disjoint::part;
use crate::propose::cover::evidence::Evidence;
use crate::propose::cover::levels::search;
use crate::propose::cover::objective::saved;
use crate::propose::lists::Lists;

/// Hidden units that explain samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// The edges of each hidden unit.
    pub groups: Vec<Group>,
    /// For each hidden unit the share of samples in which it is on.
    pub rates: Vec<f64>,
    /// The hidden units of each sample, shape `[samples, groups]`.
    pub hidden: Samples,
    /// The description length of independent units less that of the cover, in nats.
    pub saved: f64,
    /// How the groups were found.
    pub evidence: Evidence,
}

/// Covers units by groups that share a hidden cause. Nothing but the samples is needed: numbers, sizes and rates of groups are found.
///
/// The same samples give the same cover, bit by bit, for any number of threads.
///
/// ```
/// use nas::propose::cover::cover;
/// use nas::propose::planted::{Recipe, Tier, draw, score};
///
/// let tier = Tier::Overlapping { degree: 10.0 };
/// let recipe = Recipe { tier, units: 100, hidden: 30, rate: 0.05, noise: 0.0, samples: 2000 };
/// let planted = draw(&recipe, 0, 0)?;
/// let found = cover(&planted.observed);
/// assert!(score(&planted.layers[0], &found.groups).f1 > 0.95);
/// # Ok::<(), nas::propose::planted::RecipeError>(())
/// ```
pub fn cover(samples: &Samples) -> Cover {
    let columns = samples.columns();
    let live: Vec<u32> = (0..samples.units() as u32).filter(|&unit| !columns.get(unit as usize).is_empty()).collect();
    if live.len() == samples.units() {
        return of_live(samples, &columns);
    }
    let columns: Lists = live.iter().map(|&unit| columns.get(unit as usize).iter().copied()).collect();
    let mut found = of_live(&Samples::of(live.len(), columns.transposed(samples.len())), &columns);
    for group in &mut found.groups {
        let units = group.positive.iter_mut().chain(&mut group.negative);
        units.for_each(|unit| *unit = live[*unit as usize]);
    }
    found
}

/// The cover of units that are each on at least once.
fn of_live(samples: &Samples, columns: &Lists) -> Cover {
    let mut evidence = Evidence::default();
    let mut fit = search(samples, columns, true, &mut evidence);
    evidence.memberships = memberships(&fit.groups, samples.units());
    if !fit.groups.is_empty() && evidence.memberships <= OVERLAPS {
        evidence.levels.clear();
        evidence.disjoint = true;
        fit = search(samples, columns, false, &mut evidence);
        part(&mut fit);
    }
    let saved = saved(samples.len(), columns, &fit.groups, &fit.active_of);
    let rates = fit.active_of.iter().map(|active| active.len() as f64 / samples.len().max(1) as f64).collect();
    let hidden = Samples::of(fit.groups.len(), fit.decoded.active);
    Cover { groups: fit.groups, rates, hidden, saved, evidence }
}

//! What a proposal is compared with: other rules for the same modules, scaled to the same budget.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::Covers;
use crate::propose::Extent;
use crate::propose::widths::Aim;
use crate::propose::widths::Problem;

/// A rule that asks no activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    /// GoogLeNet's proportions, those of all its modules together.
    GoogLeNet,
    /// The spec's own, all widths by one factor.
    Uniform,
    /// Drawn.
    Random(u64),
}

/// Widths of GoogLeNet's nine modules added up (table 1 of "Going Deeper with Convolutions"): 1x1, 3x3, 5x5, pool projection.
const WIDTHS: [u32; 4] = [1680, 2320, 752, 736];
/// Its reductions before 3x3 and 5x5, and the channels that its modules read, added up.
const REDUCTIONS: [u32; 2] = [1216, 256];
const READS: u32 = 4656;
/// Reductions that are drawn lie between these parts of what is read, evenly by their logarithm.
const DRAWN: [f64; 2] = [0.05, 0.5];

impl Alternative {
    /// Its name.
    pub fn name(self) -> String {
        match self {
            Alternative::GoogLeNet => "googlenet".to_owned(),
            Alternative::Uniform => "uniform".to_owned(),
            Alternative::Random(seed) => format!("random-{seed}"),
        }
    }

    /// What it wants of a network's modules.
    pub fn aims(self, problem: &Problem<'_>) -> Vec<Aim> {
        let now = problem.modules().iter().map(|module| Aim::of(problem.graph, module));
        match self {
            Alternative::Uniform => now.collect(),
            Alternative::GoogLeNet => {
                problem.modules().iter().zip(now).map(|(module, now)| as_googlenet(&module.covers(), now)).collect()
            }
            Alternative::Random(seed) => {
                let draw = |(number, now): (usize, Aim)| random(now, &mut Random::new(seed, Purpose::Widths, number as u64));
                now.enumerate().map(draw).collect()
            }
        }
    }
}

/// GoogLeNet's proportions for a module whose branches cover these and are `now`: branches without a share have none, those without a reduction neither.
pub fn as_googlenet(covers: &[Covers], mut now: Aim) -> Aim {
    let place = |covers: Covers| match covers {
        Covers::Window(extent) => extent as usize,
        Covers::Pool => 3,
    };
    let mut of_kind = [0.0; 4];
    covers.iter().zip(&now.branches).for_each(|(&covers, aim)| of_kind[place(covers)] += aim.share);
    for (&covers, aim) in covers.iter().zip(&mut now.branches).filter(|(_, aim)| aim.share > 0.0) {
        let kind = place(covers);
        // Several branches of one kind keep their proportion.
        aim.share = f64::from(WIDTHS[kind]) * aim.share / of_kind[kind];
        let reduced = REDUCTIONS[usize::from(covers == Covers::Window(Extent::Five))];
        aim.reduction = aim.reduction.map(|_| f64::from(reduced) / f64::from(READS));
    }
    now.normalised()
}

/// Shares drawn evenly from all that add up to 1 (exponential numbers, normalised), reductions by themselves.
pub fn random(mut now: Aim, random: &mut Random) -> Aim {
    for aim in now.branches.iter_mut().filter(|aim| aim.share > 0.0) {
        aim.share = -libm::log(1.0 - random.between(0.0, 1.0));
        let [low, high] = DRAWN.map(libm::log);
        aim.reduction = aim.reduction.map(|_| libm::exp(random.between(low, high)));
    }
    now.normalised()
}

//! What the rows of a study say: of each arm by itself, and of each against the reference.

use schemars::JsonSchema;
use serde::Serialize;

use crate::train::series::Spread;
use crate::train::study::contrast::Contrast;
use crate::train::study::contrast::holm;
use crate::train::study::plan::Arm;
use crate::train::study::plan::Plan;
use crate::train::study::rows::Row;

/// Name of the form of [`Outcome`].
pub const STUDY_RESULT: &str = "nas.study-result/1";

/// The result of a study, or of as much of it as is done.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// [`STUDY_RESULT`].
    #[schemars(extend("const" = STUDY_RESULT))]
    pub schema: &'static str,
    /// What was to be done.
    pub plan: Plan,
    /// Runs that are planned; those that are done are `rows`.
    pub planned: usize,
    /// Each arm, in the order of the plan.
    pub arms: Vec<ArmResult>,
    /// Each arm but the reference against it, in the order of the plan.
    pub contrasts: Vec<Contrast>,
    /// The largest half-width of the intervals: a smaller difference is not told from none.
    pub half_width: Option<f64>,
    /// The least p that the exact test can give with the seeds of the contrast that has the fewest: 2 / 2^seeds.
    pub least_p: Option<f64>,
    /// The runs that are done, as they ended.
    pub rows: Vec<Row>,
}

/// One arm. A seed counts where all of its runs are done; its value is their mean.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArmResult {
    /// Its name.
    pub name: String,
    /// Its value for each of the plan's seeds; none where a run is left.
    pub values: Vec<Option<f64>>,
    /// Test accuracy of the best epoch over seeds: what is compared.
    pub test_accuracy: Option<Spread>,
    /// That of the last epoch.
    pub test_accuracy_last: Option<Spread>,
    /// Training loss of the last epoch.
    pub train_loss: Option<Spread>,
    /// Seconds of learning of a run, the mean of those that are done.
    pub seconds: Option<f64>,
    /// Images learned from a second, the mean over runs.
    pub images_per_second: Option<f64>,
    /// Multiply-adds of its cheapest and of its dearest network.
    pub madds: [u64; 2],
    /// Parameters of its smallest and of its largest network.
    pub params: [u64; 2],
}

impl Outcome {
    /// Of a plan and the runs that are done.
    pub fn of(plan: &Plan, rows: &[Row]) -> Outcome {
        let arms: Vec<ArmResult> = plan.arms.iter().map(|arm| ArmResult::of(plan, arm, rows)).collect();
        let reference = plan.arms.iter().position(|arm| arm.name == plan.reference).unwrap_or(0);
        let contrast = |arm: &ArmResult| {
            let pairs = arm.values.iter().zip(&arms[reference].values);
            let differences: Vec<f64> = pairs.filter_map(|(value, other)| Some((*value)? - (*other)?)).collect();
            Contrast::of(&arm.name, &differences)
        };
        let others = arms.iter().enumerate().filter(|(at, _)| *at != reference);
        let mut contrasts: Vec<Contrast> = others.map(|(_, arm)| contrast(arm)).collect();
        let corrected = holm(&contrasts.iter().map(|contrast| contrast.p).collect::<Vec<_>>());
        contrasts.iter_mut().zip(corrected).for_each(|(contrast, p)| contrast.p_holm = p);
        let fewest = contrasts.iter().map(|contrast| contrast.seeds).min().filter(|&seeds| seeds > 0);
        Outcome {
            schema: STUDY_RESULT,
            plan: plan.clone(),
            planned: plan.runs().len(),
            half_width: contrasts.iter().filter_map(|contrast| contrast.half_width).max_by(f64::total_cmp),
            least_p: fewest.map(|seeds| libm::ldexp(2.0, -(seeds as i32))),
            arms,
            contrasts,
            rows: rows.to_vec(),
        }
    }

    /// Whether all runs are done.
    pub fn is_whole(&self) -> bool {
        self.rows.len() >= self.planned
    }
}

impl ArmResult {
    fn of(plan: &Plan, arm: &Arm, rows: &[Row]) -> ArmResult {
        let own: Vec<&Row> = rows.iter().filter(|row| row.arm == arm.name).collect();
        let of_a_seed = if plan.every_draw { arm.draws.len() } else { 1 };
        let of = |value: fn(&Row) -> f64| -> Vec<Option<f64>> {
            let seed = |seed: &u32| {
                let mut runs: Vec<&Row> = own.iter().filter(|row| row.seed == *seed).copied().collect();
                // Sums do not hang on the order in which runs ended.
                runs.sort_by_key(|row| row.draw);
                (runs.len() == of_a_seed).then(|| runs.iter().map(|row| value(row)).sum::<f64>() / of_a_seed as f64)
            };
            plan.seeds.iter().map(seed).collect()
        };
        let spread = |value: fn(&Row) -> f64| Spread::of(&of(value).into_iter().flatten().collect::<Vec<f64>>());
        let mean = |value: fn(&Row) -> Option<f64>| {
            let known: Vec<f64> = own.iter().filter_map(|row| value(row)).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        let ends = |of: Vec<u64>| [of.iter().copied().min().unwrap_or(0), of.iter().copied().max().unwrap_or(0)];
        ArmResult {
            name: arm.name.clone(),
            values: of(|row| row.test_accuracy),
            test_accuracy: spread(|row| row.test_accuracy),
            test_accuracy_last: spread(|row| row.test_accuracy_last),
            train_loss: spread(|row| row.train_loss),
            seconds: mean(|row| row.seconds),
            images_per_second: mean(|row| row.images_per_second),
            madds: ends(arm.draws.iter().map(|draw| draw.madds).collect()),
            params: ends(arm.draws.iter().map(|draw| draw.params).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::study::plan::tests::plan;
    use crate::train::study::rows::tests::row;

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 1e-9)
    }

    #[test]
    fn arms_are_compared_seed_by_seed() {
        let plan = plan(&[("a", 1), ("b", 1), ("c", 1)], &[3, 4, 5], false);
        // In another order than planned; `c` lacks the last seed.
        let rows = [(3, 0.50), (4, 0.60), (5, 0.70)].map(|(seed, value)| row("a", 1, seed, value)).into_iter();
        let rows = rows.chain([(5, 0.74), (3, 0.53), (4, 0.62)].map(|(seed, value)| row("b", 1, seed, value)));
        let rows: Vec<Row> = rows.chain([(4, 0.61), (3, 0.53)].map(|(seed, value)| row("c", 1, seed, value))).collect();
        let found = Outcome::of(&plan, &rows);
        assert_eq!((found.planned, found.is_whole(), found.contrasts.len()), (9, false, 2));
        assert_eq!(found.arms.iter().map(|arm| arm.test_accuracy.unwrap().seeds).collect::<Vec<_>>(), [3, 3, 2]);
        let spread = found.arms[0].test_accuracy.unwrap();
        assert!(near(Some(spread.mean), 0.6) && near(spread.deviation, 0.1), "{spread:?}");
        assert!(near(found.arms[0].test_accuracy_last.map(|spread| spread.mean), 0.59) && near(found.arms[0].seconds, 2.5));
        // 0.03, 0.02, 0.04: mean 0.03, deviation 0.01, t 4.3026527 of two degrees, over the root of 3; 2 of 8 signs.
        let [b, c] = &found.contrasts[..] else { panic!("{found:?}") };
        assert!(near(b.difference, 0.03) && near(b.deviation, 0.01) && near(b.p, 0.25), "{b:?}");
        assert!((b.half_width.unwrap() - 0.043_026_527 / libm::sqrt(3.0)).abs() < 1e-8, "{b:?}");
        // 0.03, 0.01: deviation 0.01 * sqrt(2), t 12.7062047 of one degree.
        assert!(near(c.difference, 0.02) && (c.half_width.unwrap() - 0.127_062_047).abs() < 1e-8 && near(c.p, 0.5), "{c:?}");
        assert!(near(b.p_holm, 0.5) && near(c.p_holm, 0.5) && near(found.least_p, 0.5), "{found:?}");
        assert_eq!(found.half_width, c.half_width);
    }

    #[test]
    fn a_seed_of_every_draw_is_the_mean_of_its_runs() {
        let plan = plan(&[("a", 1), ("b", 2)], &[0, 1], true);
        let mut rows = vec![row("a", 1, 0, 0.5), row("b", 2, 0, 0.9), row("b", 1, 0, 0.7), row("b", 1, 1, 0.1)];
        let found = Outcome::of(&plan, &rows);
        assert!(near(found.arms[1].values[0], 0.8) && found.arms[1].values[1].is_none(), "{found:?}");
        assert_eq!((found.contrasts[0].seeds, found.planned, found.arms[1].madds), (1, 6, [1000, 1001]));
        assert!(near(found.contrasts[0].difference, 0.3));
        rows.extend([row("a", 1, 1, 0.2), row("b", 2, 1, 0.3)]);
        assert!(Outcome::of(&plan, &rows).is_whole());
    }
}

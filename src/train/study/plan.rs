//! What a study is to do, written down before its first run: `study.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::train::record::Data;

/// Name of the form of [`Plan`].
pub const STUDY: &str = "nas.study/1";
/// Seeds of a study, at most: the exact test takes time and memory that grow as `2^(seeds / 2)`.
pub const MOST_SEEDS: u16 = 40;
/// Thousandths by which the multiply-adds of arms may differ without a word.
pub const NOTABLE_COST: u64 = 10;
/// Characters of an arm's name, at most.
const MOST_NAME: usize = 64;

/// A study: `study.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// [`STUDY`].
    #[schemars(extend("const" = STUDY))]
    pub schema: String,
    /// What it is to find out.
    pub purpose: Option<String>,
    /// The networks that are compared.
    pub arms: Vec<Arm>,
    /// The arm that the others are compared with.
    pub reference: String,
    /// Whether every seed trains all specs of an arm; else the k-th seed trains the k-th of them, and after the last the first again.
    pub every_draw: bool,
    /// The seeds, in the order in which they are run.
    pub seeds: Vec<u32>,
    /// Every setting of training but the seed, as the `train` section writes them.
    pub settings: BTreeMap<String, String>,
    /// The instruction set: other ones round otherwise.
    pub arch: String,
    /// What all runs learn from and are judged by.
    pub data: Data,
    /// Of labels and pixels of the images for testing.
    pub test_digest: String,
    /// The figure that arms are compared by.
    pub headline: String,
    /// How they are compared.
    pub test: Test,
}

/// One of the networks, or a family of them that is drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its specs; mostly one.
    pub draws: Vec<Draw>,
}

/// A spec of an arm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draw {
    /// The file in the study's folder.
    pub spec: String,
    /// The network's name.
    pub network: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Multiply-adds of one image in inference.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
}

/// How arms are compared, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// What is compared.
    pub contrast: String,
    /// The interval around it.
    pub interval: String,
    /// How likely one as large is by chance.
    pub p: String,
    /// For several contrasts.
    pub correction: String,
}

impl Default for Test {
    fn default() -> Test {
        Test {
            contrast: "mean difference to the reference, paired by seed".to_owned(),
            interval: "95 %, Student's t with one degree of freedom less than seeds".to_owned(),
            p: "exact two-sided permutation test, signs of paired differences flipped".to_owned(),
            correction: "Holm, over all contrasts".to_owned(),
        }
    }
}

/// One training of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRun {
    /// Its folder's name.
    pub name: String,
    /// The arm's place in the plan.
    pub arm: usize,
    /// The spec's place in the arm.
    pub draw: usize,
    /// The seed.
    pub seed: u32,
}

impl Plan {
    /// What all studies are judged by, as `nas runs` shows it.
    pub fn headline() -> String {
        "test_accuracy: share of the images for testing that are told right by the weights of the best epoch, \
         chosen by the images set aside; the running average of weights where one is kept"
            .to_owned()
    }

    /// Every training, in the order in which they are run: seed by seed, the arms in turn.
    pub fn runs(&self) -> Vec<PlannedRun> {
        let mut runs = Vec::new();
        for (number, &seed) in self.seeds.iter().enumerate() {
            for (arm, of) in self.arms.iter().enumerate() {
                if self.every_draw && of.draws.len() > 1 {
                    let name = |draw: usize| format!("{}-{}-{seed}", of.name, draw + 1);
                    runs.extend((0..of.draws.len()).map(|draw| PlannedRun { name: name(draw), arm, draw, seed }));
                } else {
                    let draw = number % of.draws.len().max(1);
                    runs.push(PlannedRun { name: format!("{}-{seed}", of.name), arm, draw, seed });
                }
            }
        }
        runs
    }

    /// Two runs, or two specs, that would have one name.
    pub fn clash(&self) -> Option<String> {
        let runs = self.runs().into_iter().map(|run| run.name).collect::<Vec<String>>();
        let specs = self.arms.iter().flat_map(|arm| arm.draws.iter().map(|draw| draw.spec.clone())).collect::<Vec<String>>();
        [runs, specs].into_iter().find_map(|mut names| {
            names.sort();
            names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone())
        })
    }

    /// The dearest and the cheapest network by multiply-adds, with their arms' names; of an arm of several draws with that of the draw's spec.
    pub fn costs(&self) -> Option<[(&str, u64); 2]> {
        let all = || self.arms.iter().flat_map(|arm| arm.draws.iter().map(|draw| Plan::named(arm, draw)));
        // Of equal ones the first.
        let dearest = all().reduce(|most, next| if next.1 > most.1 { next } else { most })?;
        let cheapest = all().reduce(|least, next| if next.1 < least.1 { next } else { least })?;
        Some([dearest, cheapest])
    }

    fn named<'p>(arm: &'p Arm, draw: &'p Draw) -> (&'p str, u64) {
        (if arm.draws.len() > 1 { &draw.spec } else { &arm.name }, draw.madds)
    }

    /// Whether the dearest network costs over `thousandths` more multiply-adds than the cheapest.
    pub fn costs_differ(&self, thousandths: u64) -> bool {
        let differ = |[(_, most), (_, least)]: [(&str, u64); 2]| {
            u128::from(most) * 1000 > u128::from(least) * (1000 + u128::from(thousandths))
        };
        self.costs().is_some_and(differ)
    }
}

/// What is wrong with the name of an arm, which becomes part of names of files.
pub fn name_fault(name: &str) -> Option<&'static str> {
    let allowed = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    match name.chars().next() {
        None => Some("an arm has a name"),
        Some(first) if !first.is_ascii_alphanumeric() => Some("a name begins with a letter or digit"),
        _ if !name.chars().all(allowed) => Some("a name is of letters, digits, `.`, `_` and `-`"),
        _ if name.len() > MOST_NAME => Some("a name has at most 64 characters"),
        _ => None,
    }
}

#[cfg(test)]
pub(in crate::train::study) mod tests {
    use super::*;

    /// A plan of arms with so many draws each, over these seeds.
    pub(in crate::train::study) fn plan(arms: &[(&str, usize)], seeds: &[u32], every_draw: bool) -> Plan {
        let draw = |name: &str, number: usize| Draw {
            spec: format!("specs/{name}-{}.yaml", number + 1),
            network: name.to_owned(),
            digest: String::new(),
            madds: 1000 + number as u64,
            params: 10,
        };
        let arm = |(name, draws): &(&str, usize)| Arm {
            name: (*name).to_owned(),
            draws: (0..*draws).map(|number| draw(name, number)).collect(),
        };
        let [source, kind, digest] = ["shapes", "shapes", ""].map(str::to_owned);
        Plan {
            schema: STUDY.to_owned(),
            purpose: None,
            arms: arms.iter().map(arm).collect(),
            reference: arms[0].0.to_owned(),
            every_draw,
            seeds: seeds.to_vec(),
            settings: BTreeMap::new(),
            arch: "scalar".to_owned(),
            data: Data { source, kind, images: [8, 1, 2], digest, left_out: 0, generated: None },
            test_digest: String::new(),
            headline: Plan::headline(),
            test: Test::default(),
        }
    }

    #[test]
    fn runs_go_seed_by_seed_and_draws_in_turn() {
        let names = |every| plan(&[("a", 1), ("b", 2)], &[4, 5, 6], every).runs().into_iter().map(|run| (run.name, run.draw));
        let wanted = [("a-4", 0), ("b-4", 0), ("a-5", 0), ("b-5", 1), ("a-6", 0), ("b-6", 0)];
        assert!(names(false).eq(wanted.map(|(name, draw)| (name.to_owned(), draw))));
        let first: Vec<String> = names(true).map(|(name, _)| name).take(4).collect();
        assert_eq!((first, names(true).count()), (["a-4", "b-1-4", "b-2-4", "a-5"].map(str::to_owned).to_vec(), 9));
    }

    #[test]
    fn names_that_meet_are_found() {
        assert_eq!(plan(&[("a", 1), ("b", 1)], &[1, 2], false).clash(), None);
        // Draw 1 of `a` with seed 7, and `a-1` with seed 7.
        assert_eq!(plan(&[("a", 2), ("a-1", 1)], &[7], true).clash().as_deref(), Some("a-1-7"));
        assert_eq!(plan(&[("a", 1), ("a", 1)], &[7], false).clash().as_deref(), Some("a-7"));
        for (name, fits) in
            [("a-1.x_Y", true), ("", false), ("-a", false), ("a/b", false), ("a b", false), (&"a".repeat(65), false)]
        {
            assert_eq!(name_fault(name).is_none(), fits, "{name}");
        }
    }

    #[test]
    fn costs_are_compared_in_thousandths() {
        let mut plan = plan(&[("a", 1), ("b", 1)], &[1], false);
        plan.arms[1].draws[0].madds = 1010;
        assert_eq!(plan.costs(), Some([("b", 1010), ("a", 1000)]));
        assert_eq!([9, 10, 11].map(|limit| plan.costs_differ(limit)), [true, false, false]);
    }
}

//! A study goes on as it was begun: flags that say otherwise are refused.

use anyhow::anyhow;

use crate::base::Digest;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::images::SHAPES;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::study::beginning::Beginning;
use crate::cli::train::reading;
use crate::spec;
use crate::train::Plan;

/// The first of the flags that differs from what was begun.
pub(super) fn check(
    given: &Beginning,
    plan: &Plan,
    networks: &[Vec<Network>],
    reading: &Reading,
    findings: &mut Findings<'_>,
) -> Result<(), Exit> {
    let train = networks[0][0].spec.train.clone();
    let settled = reading::settled(train.as_ref(), &given.flags, findings)?;
    let difference = flags(given, plan).or_else(|| settings(train.as_ref(), &settled)).or_else(|| names(given, plan));
    let difference = match difference {
        None => specs(given, plan, networks, reading, findings)?,
        found => found,
    };
    match difference {
        None if given.equal.is_some() => given.costs(plan).map_err(|error| findings.fail(&error)),
        None => Ok(()),
        Some(words) => {
            let advice = "another study has a folder of its own";
            Err(findings.fail(&anyhow!("{words}; {advice}")))
        }
    }
}

fn flags(given: &Beginning, plan: &Plan) -> Option<String> {
    let differs = |flag: &str, was: String, now: String| {
        (was != now).then(|| format!("the study was begun with `{flag} {was}`, and not with `{flag} {now}`"))
    };
    let word = |word: &Option<String>| word.clone();
    let purpose = || Some(differs("--purpose", plan.purpose.clone().unwrap_or_default(), word(&given.purpose)?)).flatten();
    let seeds = || differs("--seeds", plan.seeds.len().to_string(), given.seeds?.to_string());
    let reference = || differs("--reference", plan.reference.clone(), word(&given.reference)?);
    let arch = || differs("--arch", plan.arch.clone(), word(&given.arch)?);
    let images = || {
        let default = plan.data.source == SHAPES && plan.data.generated.is_none();
        let was = plan.data.generated.map_or_else(|| if default { "5000" } else { "" }.to_owned(), |images| images.to_string());
        differs("--images", was, given.images?.to_string())
    };
    let every = || {
        let words = "the study was begun without `--every-draw`, and now it is given";
        (given.every_draw && !plan.every_draw).then(|| words.to_owned())
    };
    seeds().or_else(reference).or_else(purpose).or_else(arch).or_else(images).or_else(every)
}

fn settings(was: Option<&spec::Train>, now: &spec::Train) -> Option<String> {
    let pairs = was?.written().into_iter().zip(now.written());
    pairs.into_iter().find(|(was, now)| was != now).map(|((name, was), (_, now))| {
        let flag = name.replace('_', "-");
        format!("the study was begun with `--{flag} {was}`, and not with `--{flag} {now}`")
    })
}

fn names(given: &Beginning, plan: &Plan) -> Option<String> {
    let now = given.grouped();
    let told = |arms: Vec<(&str, usize)>| {
        let word = |(name, draws): (&str, usize)| if draws > 1 { format!("{name} ({draws} specs)") } else { name.to_owned() };
        arms.into_iter().map(word).collect::<Vec<String>>().join(", ")
    };
    let was = told(plan.arms.iter().map(|arm| (&*arm.name, arm.draws.len())).collect());
    let now = told(now.iter().map(|(name, specs)| (*name, specs.len())).collect());
    (!now.is_empty() && was != now).then(|| format!("the study was begun with the arms {was}, and not with {now}"))
}

/// Reads the specs that are named again; under the study's settings each must be the text that was written.
fn specs(
    given: &Beginning,
    plan: &Plan,
    networks: &[Vec<Network>],
    reading: &Reading,
    findings: &mut Findings<'_>,
) -> Result<Option<String>, Exit> {
    for ((arm, (name, specs)), known) in plan.arms.iter().zip(given.grouped()).zip(networks) {
        for ((draw, named), known) in arm.draws.iter().zip(specs).zip(known) {
            let outcome = loading::network(named, reading, findings);
            let mut network = outcome.network.ok_or(outcome.exit)?;
            network.spec.train.clone_from(&known.spec.train);
            let text = spec::expand(&network.spec, &network.graph);
            if Digest::of(text.as_bytes()).to_string() != draw.digest {
                return Ok(Some(format!("`{named}` is another network than the arm `{name}` was begun with, `{}`", draw.spec)));
            }
        }
    }
    Ok(None)
}

//! The result of a study, for a terminal, a pull request, a spreadsheet.

use crate::base::units;
use crate::report::grid::aligned;
use crate::report::grid::paragraphs;
use crate::report::markdown::escaped;
use crate::report::markdown::list;
use crate::report::markdown::table;
use crate::train::ArmResult;
use crate::train::Contrast;
use crate::train::NOTABLE_COST;
use crate::train::Outcome;
use crate::train::Plan;
use crate::train::Spread;

const HEADS: [&str; 9] = ["arm", "seeds", "test", "last epoch", "loss", "seconds", "images/s", "madds", "params"];
const CONTRAST_HEADS: [&str; 6] = ["arm", "seeds", "difference", "95 % interval", "p", "p (Holm)"];

fn points(share: f64) -> String {
    format!("{:+.2}", share * 100.0)
}

/// With four decimals, or where that is nothing in powers of ten.
pub(super) fn probability(p: f64) -> String {
    if p < 1e-4 { format!("{p:.1e}") } else { format!("{p:.4}") }
}

fn nothing() -> String {
    "-".to_owned()
}

fn spread(found: Option<Spread>) -> String {
    let Some(Spread { mean, deviation, .. }) = found else { return nothing() };
    let deviation = deviation.map(|deviation| format!(" ± {:.2}", deviation * 100.0)).unwrap_or_default();
    format!("{:.2}{deviation} %", mean * 100.0)
}

fn arm_row(arm: &ArmResult) -> Vec<String> {
    let ends = |[least, most]: [u64; 2]| {
        let [least, most] = [least, most].map(|number| units::si(number.into()));
        if least == most { least } else { format!("{least} to {most}") }
    };
    vec![
        arm.name.clone(),
        arm.test_accuracy.map_or(0, |spread| spread.seeds).to_string(),
        spread(arm.test_accuracy),
        spread(arm.test_accuracy_last),
        arm.train_loss.map_or_else(nothing, |loss| format!("{:.4}", loss.mean)),
        arm.seconds.map_or_else(nothing, |seconds| format!("{seconds:.1}")),
        arm.images_per_second.map_or_else(nothing, |rate| format!("{rate:.0}")),
        ends(arm.madds),
        ends(arm.params),
    ]
}

fn contrast_row(contrast: &Contrast) -> Vec<String> {
    let p = |p: Option<f64>| p.map_or_else(nothing, probability);
    vec![
        contrast.arm.clone(),
        contrast.seeds.to_string(),
        contrast.difference.map_or_else(nothing, points),
        contrast.interval.map_or_else(nothing, |[low, high]| format!("{} to {}", points(low), points(high))),
        p(contrast.p),
        p(contrast.p_holm),
    ]
}

/// What is compared, over which seeds, on which images.
fn head(outcome: &Outcome) -> Vec<String> {
    let plan = &outcome.plan;
    let mut lines: Vec<String> = plan.purpose.iter().cloned().collect();
    let seeds = match plan.seeds[..] {
        [first, .., last] => format!("{} seeds, {first} to {last}", plan.seeds.len()),
        _ => "one seed".to_owned(),
    };
    let [learned, chosen, judged] = plan.data.images.map(|images| units::grouped(images as u128));
    let epochs = plan.settings.get("epochs").map_or("", String::as_str);
    lines.push(format!(
        "{} arms, {seeds}, {epochs} epoch{}; {} of {} runs are done",
        plan.arms.len(),
        if epochs == "1" { "" } else { "s" },
        outcome.rows.len(),
        outcome.planned
    ));
    lines.push(format!("{}: {learned} images to learn from, {chosen} set aside, {judged} for testing", plan.data.kind));
    lines.extend(draws(plan));
    lines.push("test: accuracy on the images for testing of the epoch that is best on those set aside; mean ± deviation of a sample over seeds".to_owned());
    lines
}

fn draws(plan: &Plan) -> Vec<String> {
    let first = plan.seeds.first().copied().unwrap_or(0);
    let line = |(name, draws): (&str, usize)| {
        if plan.every_draw {
            format!("`{name}` has {draws} specs; every seed trains all, and its value is their mean")
        } else {
            format!("`{name}` has {draws} specs; seed s trains number 1 + (s - {first}) mod {draws}")
        }
    };
    plan.arms.iter().map(|arm| (&*arm.name, arm.draws.len())).filter(|(_, draws)| *draws > 1).map(line).collect()
}

fn against(plan: &Plan) -> String {
    format!("less `{}`, in points, paired by seed: Student's t; p exact by flipped signs, corrected by Holm", plan.reference)
}

/// What so many seeds can tell, and what else a reader must know.
fn notes(outcome: &Outcome) -> Vec<String> {
    let mut notes = Vec::new();
    let seeds = outcome.contrasts.iter().map(|contrast| contrast.seeds).min().unwrap_or(0);
    match (seeds, outcome.half_width, outcome.least_p) {
        (0, ..) => notes.push("no seed is done by all arms: nothing is known yet".to_owned()),
        (1, ..) => notes.push("one common seed gives a difference and no interval: it may be chance".to_owned()),
        (_, Some(half), Some(least)) => {
            let half = half * 100.0;
            let widest = if outcome.contrasts.len() > 1 { "at most " } else { "" };
            notes.push(format!("with {seeds} seeds intervals reach {widest}{half:.2} points to each side: a smaller difference is not told from none"));
            let enough = if least > 0.05 { ", so that at the level 0.05 it can find nothing" } else { "" };
            notes.push(format!("the least p of {seeds} seeds is {}{enough}", probability(least)));
        }
        _ => {}
    }
    if outcome.plan.costs_differ(NOTABLE_COST)
        && let Some([(dearest, most), (cheapest, least)]) = outcome.plan.costs()
    {
        let more = units::fixed(u128::from(most - least) * 100, u128::from(least).max(1), 2);
        notes.push(format!(
            "`{dearest}` costs {more} % more multiply-adds than `{cheapest}`: a difference in accuracy may be one of cost"
        ));
    }
    if !outcome.is_whole() {
        notes.push("the study is not done: what is shown may change".to_owned());
    }
    notes
}

/// Arms, then each against the reference, then what that tells; running text is broken at `width`.
pub fn study_table(outcome: &Outcome, width: usize) -> String {
    let arms = aligned(&HEADS, 1, outcome.arms.iter().map(arm_row).collect());
    let contrasts = aligned(&CONTRAST_HEADS, 1, outcome.contrasts.iter().map(contrast_row).collect());
    let against = paragraphs(&[against(&outcome.plan)], width);
    [paragraphs(&head(outcome), width), arms, against + &contrasts, paragraphs(&notes(outcome), width)].join("\n")
}

/// The same as tables of Markdown.
pub fn study_markdown(outcome: &Outcome) -> String {
    let arms = table(&HEADS, outcome.arms.iter().map(arm_row).collect());
    let contrasts = table(&CONTRAST_HEADS, outcome.contrasts.iter().map(contrast_row).collect());
    let against = escaped(&against(&outcome.plan)) + "\n";
    [list(&head(outcome)), arms, against, contrasts, list(&notes(outcome))].join("\n")
}

/// One line an arm, numbers as they are; of the reference what compares it with itself is empty.
pub fn study_csv(outcome: &Outcome) -> String {
    let mut text =
        "arm,seeds,test_accuracy,deviation,test_accuracy_last,train_loss,seconds,images_per_second,madds_least,madds_most,\
                    params_least,params_most,reference,common_seeds,difference,interval_low,interval_high,p,p_holm\n"
            .to_owned();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let mean = |spread: Option<Spread>| number(spread.map(|spread| spread.mean));
    for arm in &outcome.arms {
        let contrast = outcome.contrasts.iter().find(|contrast| contrast.arm == arm.name);
        let of = |value: fn(&Contrast) -> Option<f64>| number(contrast.and_then(value));
        let cells = [
            arm.name.clone(),
            arm.test_accuracy.map_or(0, |spread| spread.seeds).to_string(),
            mean(arm.test_accuracy),
            number(arm.test_accuracy.and_then(|spread| spread.deviation)),
            mean(arm.test_accuracy_last),
            mean(arm.train_loss),
            number(arm.seconds),
            number(arm.images_per_second),
            arm.madds[0].to_string(),
            arm.madds[1].to_string(),
            arm.params[0].to_string(),
            arm.params[1].to_string(),
            outcome.plan.reference.clone(),
            contrast.map(|contrast| contrast.seeds.to_string()).unwrap_or_default(),
            of(|contrast| contrast.difference),
            of(|contrast| contrast.interval.map(|[low, _]| low)),
            of(|contrast| contrast.interval.map(|[_, high]| high)),
            of(|contrast| contrast.p),
            of(|contrast| contrast.p_holm),
        ];
        text += &(cells.join(",") + "\n");
    }
    text
}

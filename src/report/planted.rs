//! What methods find of planted networks, on a terminal and as CSV.

use crate::propose::Benchmark;
use crate::propose::Outcome;
use crate::propose::Trial;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::headed;

const HEADS: [&str; 12] =
    ["method", "layer", "F1", "least", "most", "precision", "recall", "exact", "negative p/r", "groups", "objective", "seconds"];
/// Where nothing is planted.
const NONE: [&str; 5] = ["method", "groups", "most groups", "objective", "seconds"];

/// Tables with a line a method and layer, one for each number of samples.
pub fn planted_table(all: &[Benchmark], paint: &Paint) -> String {
    all.iter().map(|found| one(found, paint)).collect::<Vec<String>>().join("\n")
}

fn one(found: &Benchmark, paint: &Paint) -> String {
    let (heads, rows) = if found.hidden == 0 {
        headed(&NONE, 1, found.results.iter().map(none_row).collect())
    } else {
        headed(&HEADS, 1, found.results.iter().map(row).collect())
    };
    paint.text(Colour::Bold, &heading(found)) + "\n\n" + &paint.text(Colour::Faint, &heads) + &rows
}

fn row(result: &Outcome) -> Vec<String> {
    let median = &result.median;
    let negative = if result.trials.iter().all(|trial| trial.negative_recall == 0.0) {
        "-".to_owned()
    } else {
        format!("{:.3} / {:.3}", median.negative_precision, median.negative_recall)
    };
    vec![
        result.method.name().to_owned(),
        result.layer.to_string(),
        format!("{:.4}", result.f1),
        format!("{:.4}", result.least_f1),
        format!("{:.4}", result.most_f1),
        format!("{:.4}", median.precision),
        format!("{:.4}", median.recall),
        format!("{:.4}", median.exact),
        negative,
        format!("{:.0}", median.groups),
        objective(median),
        format!("{:.3}", median.seconds),
    ]
}

fn none_row(result: &Outcome) -> Vec<String> {
    let groups = [result.median.groups, result.most_groups].map(|groups| format!("{groups:.0}"));
    let rest = [objective(&result.median), format!("{:.3}", result.median.seconds)];
    [result.method.name().to_owned()].into_iter().chain(groups).chain(rest).collect()
}

fn objective(trial: &Trial) -> String {
    trial.objective.map_or_else(|| "-".to_owned(), |objective| format!("{objective:.1}"))
}

fn heading(found: &Benchmark) -> String {
    let joined = match (found.spread, found.degree) {
        (Some(spread), _) => format!("independent of each other, densities about {} with spread {spread}", found.rate),
        (None, Some(degree)) => {
            let real = if found.real { " with real weights" } else { "" };
            format!("{} hidden units of degree {degree}{real}", found.hidden)
        }
        (None, None) => format!("{} groups that do not overlap", found.hidden),
    };
    let layers = if found.layers < 2 { String::new() } else { format!(" in each of {} layers", found.layers) };
    let rate = if found.spread.is_some() { String::new() } else { format!(", rate {}", found.rate) };
    let seeds = if found.seeds == 1 { "seed".to_owned() } else { format!("medians over {} seeds from", found.seeds) };
    format!(
        "{} units, {joined}{layers}{rate}, noise {}, {} samples; {seeds} {}",
        found.units, found.noise, found.samples, found.seed
    )
}

/// A line a method, layer and seed.
pub fn planted_csv(all: &[Benchmark]) -> String {
    let mut text =
        "units,hidden,layers,degree,weights,spread,rate,noise,samples,method,layer,seed,groups,objective,precision,recall,f1,exact,\
                    negative_precision,negative_recall,seconds\n"
            .to_owned();
    for found in all {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let weights = if found.real { "real" } else { "signs" };
        let [degree, spread] = [found.degree, found.spread].map(number);
        let recipe = format!(
            "{},{},{},{degree},{weights},{spread},{},{},{}",
            found.units, found.hidden, found.layers, found.rate, found.noise, found.samples
        );
        for result in &found.results {
            for trial in &result.trials {
                text += &format!(
                    "{recipe},{},{},{},{},{},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6},{:.3}\n",
                    result.method.name(),
                    result.layer,
                    trial.seed.map(|seed| seed.to_string()).unwrap_or_default(),
                    trial.groups,
                    number(trial.objective),
                    trial.precision,
                    trial.recall,
                    trial.f1,
                    trial.exact,
                    trial.negative_precision,
                    trial.negative_recall,
                    trial.seconds
                );
            }
        }
    }
    text
}

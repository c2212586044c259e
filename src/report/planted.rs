//! What methods find of planted networks, on a terminal and as CSV.

use crate::propose::Benchmark;
use crate::propose::Outcome;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::headed;

const HEADS: [&str; 11] =
    ["method", "layer", "F1", "least", "most", "precision", "recall", "exact", "negative p/r", "groups", "seconds"];

/// A line a method and layer.
pub fn planted_table(found: &Benchmark, paint: &Paint) -> String {
    let row = |result: &Outcome| -> Vec<String> {
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
            format!("{:.3}", median.seconds),
        ]
    };
    let (heads, rows) = headed(&HEADS, 1, found.results.iter().map(row).collect());
    paint.text(Colour::Bold, &heading(found)) + "\n\n" + &paint.text(Colour::Faint, &heads) + &rows
}

fn heading(found: &Benchmark) -> String {
    let joined = match found.degree {
        Some(degree) => format!("{} hidden units of degree {degree}", found.hidden),
        None => format!("{} groups that do not overlap", found.hidden),
    };
    let layers = if found.layers == 1 { String::new() } else { format!(" in each of {} layers", found.layers) };
    let seeds = if found.seeds == 1 { "seed".to_owned() } else { format!("{} seeds from", found.seeds) };
    format!(
        "{} units, {joined}{layers}, rate {}, noise {}, {} samples; {seeds} {}",
        found.units, found.rate, found.noise, found.samples, found.seed
    )
}

/// A line a method, layer and seed.
pub fn planted_csv(all: &[Benchmark]) -> String {
    let mut text = "units,hidden,layers,degree,rate,noise,samples,method,layer,seed,groups,precision,recall,f1,exact,\
                    negative_precision,negative_recall,seconds\n"
        .to_owned();
    for found in all {
        let degree = found.degree.map(|degree| degree.to_string()).unwrap_or_default();
        let recipe = format!(
            "{},{},{},{degree},{},{},{}",
            found.units, found.hidden, found.layers, found.rate, found.noise, found.samples
        );
        for result in &found.results {
            for trial in &result.trials {
                text += &format!(
                    "{recipe},{},{},{},{},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6},{:.3}\n",
                    result.method.name(),
                    result.layer,
                    trial.seed.map(|seed| seed.to_string()).unwrap_or_default(),
                    trial.groups,
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

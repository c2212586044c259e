//! Whether clusters reach farther with depth, for a terminal, a pull request, a spreadsheet.

use crate::propose::ClustersOf;
use crate::propose::Depth;
use crate::propose::DepthLayer;
use crate::propose::Trend;
use crate::report::csv::quoted;
use crate::report::grid::aligned;
use crate::report::grid::paragraphs;
use crate::report::markdown::list;
use crate::report::markdown::table;
use crate::report::study::probability;
use crate::train::Estimate;

const HEADS: [&str; 6] = ["layer", "map", "trained", "untrained", "excess", "95 % interval"];
const RISES: [&str; 4] = ["rises with depth", "Spearman", "95 % interval", "p"];

fn nothing() -> String {
    "-".to_owned()
}

fn interval(found: Option<Estimate>, shown: impl Fn(f64) -> String) -> String {
    let interval = found.and_then(|found| found.interval);
    interval.map_or_else(nothing, |[low, high]| format!("{} to {}", shown(low), shown(high)))
}

fn layer_rows(trend: &Trend) -> Vec<Vec<String>> {
    let share = |found: Option<Estimate>| found.map_or_else(nothing, |found| format!("{:.1}", found.mean * 100.0));
    let points = |value: f64| format!("{:+.1}", value * 100.0);
    let row = |layer: &DepthLayer| {
        vec![
            layer.layer.clone(),
            format!("{}x{}x{}", layer.channels, layer.height, layer.width),
            share(Some(layer.trained)),
            share(layer.untrained),
            layer.excess.map_or_else(nothing, |found| points(found.mean)),
            interval(layer.excess, points),
        ]
    };
    trend.layers.iter().map(row).collect()
}

fn rise_rows(trend: &Trend) -> Vec<Vec<String>> {
    let signed = |value: f64| format!("{value:+.2}");
    let named = [("trained", Some(trend.rises.trained)), ("untrained", trend.rises.untrained), ("excess", trend.rises.excess)];
    let row = |(name, found): (&str, Option<Estimate>)| {
        let mean = found.map_or_else(nothing, |found| signed(found.mean));
        vec![name.to_owned(), mean, interval(found, signed), found.map_or_else(nothing, |found| probability(found.p))]
    };
    named.into_iter().map(row).collect()
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn head(depth: &Depth) -> Vec<String> {
    let beside = match depth.controls {
        0 => "none untrained beside it".to_owned(),
        controls => format!("{controls} untrained beside each"),
    };
    vec![
        format!("{}, {beside}: clusters that 3x3 and 5x5 cover, by depth", counted(depth.networks, "network")),
        "shares in % of the squared correlation in clusters, excess in points over the mean of untrained networks; means over networks with Student's t, p exact by flipped signs, two-sided"
            .to_owned(),
    ]
}

/// What a reader must know.
fn notes(depth: &Depth) -> Vec<String> {
    let mut notes = Vec::new();
    if depth.networks == 1 {
        notes.push("one network gives no interval: train more seeds of it".to_owned());
    } else {
        let least = 2.0 / f64::from(2_u32.saturating_pow(depth.networks as u32));
        let networks = depth.networks;
        if least > 0.05 {
            notes.push(format!(
                "the least p of {networks} networks is {}, so that at the level 0.05 it can find nothing",
                probability(least)
            ));
        }
    }
    if !depth.fixed_grid {
        notes.push("maps shrink with depth: a filter of 3x3 covers more of the image in deeper layers, and shares may fall for that alone; a net without pooling keeps its maps".to_owned());
    }
    if depth.controls == 0 {
        notes.push(
            "without untrained networks nobody knows what shares the architecture alone gives: `nas cluster RUN --controls 5`"
                .to_owned(),
        );
    }
    if depth.shared_controls {
        notes.push("untrained networks of several results begin with the same numbers, so that their excesses are not independent; give each `nas cluster` another `--seed`".to_owned());
    }
    if !depth.trends.iter().any(|trend| trend.of == ClustersOf::Innovations) {
        notes.push("a map is too small for clusters of innovations; only those of activations are shown".to_owned());
    }
    notes
}

/// Layers, then Spearman's correlations, of each kind of clusters; running text is broken at `width`.
pub fn depth_table(depth: &Depth, width: usize) -> String {
    let mut parts = vec![paragraphs(&head(depth), width)];
    for trend in &depth.trends {
        parts.push(format!("{}\n{}", trend.of.name(), aligned(&HEADS, 2, layer_rows(trend))));
        parts.push(aligned(&RISES, 1, rise_rows(trend)));
    }
    parts.extend(Some(paragraphs(&notes(depth), width)).filter(|notes| !notes.is_empty()));
    parts.join("\n")
}

/// The same as tables of Markdown.
pub fn depth_markdown(depth: &Depth) -> String {
    let mut parts = vec![list(&head(depth))];
    for trend in &depth.trends {
        parts.push(format!("**{}**\n", trend.of.name()));
        parts.push(table(&HEADS, layer_rows(trend)));
        parts.push(table(&RISES, rise_rows(trend)));
    }
    parts.extend(Some(list(&notes(depth))).filter(|notes| !notes.is_empty()));
    parts.join("\n")
}

/// A line a layer and kind of clusters, then a line of Spearman's correlations without a layer; numbers as they are.
pub fn depth_csv(depth: &Depth) -> String {
    let mut text =
        "clusters,layer,channels,height,width,networks,trained,trained_low,trained_high,untrained,untrained_low,untrained_high,\
                    excess,excess_low,excess_high,p\n"
            .to_owned();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let cells = |found: Option<Estimate>| {
        let [low, high] = [0, 1].map(|end| found.and_then(|found| found.interval).map(|ends| ends[end]));
        [found.map(|found| found.mean), low, high].map(number).join(",")
    };
    for trend in &depth.trends {
        let of = trend.of.name();
        let shapes = trend.layers.iter().map(|layer| {
            let shape = format!("{},{},{},{}", quoted(&layer.layer), layer.channels, layer.height, layer.width);
            (shape, [Some(layer.trained), layer.untrained, layer.excess])
        });
        let rises = (",,,".to_owned(), [Some(trend.rises.trained), trend.rises.untrained, trend.rises.excess]);
        for (shape, found) in shapes.chain([rises]) {
            let p = number(found[2].map(|excess| excess.p));
            text += &format!("{of},{shape},{},{},{p}\n", depth.networks, found.map(cells).join(","));
        }
    }
    text
}

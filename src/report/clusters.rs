//! What correlations say of layers, on a terminal and as CSV.

use crate::base::units;
use crate::propose::ClustersOf;
use crate::propose::Grouping;
use crate::propose::LayerClusters;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::headed;

const HEADS: [&str; 13] = [
    "layer",
    "map",
    "live",
    "samples",
    "clusters",
    "1x1 %",
    "3x3 %",
    "5x5 %",
    "innovations",
    "1x1 %",
    "3x3 %",
    "5x5 %",
    "rank 3x3 / 5x5",
];

/// A line a layer: clusters of activations and of innovations by extent in parts of a hundred, coherent ranks; then what is to be known of it.
pub fn clusters_table(layers: &[LayerClusters], paint: &Paint) -> String {
    let shares = |found: Option<&Grouping>| -> [String; 4] {
        let Some(found) = found else { return ["-", "-", "-", "-"].map(str::to_owned) };
        let share = |share: f64| format!("{:.1}", share * 100.0);
        [found.clusters.to_string(), share(found.share_1x1), share(found.share_3x3), share(found.share_5x5)]
    };
    let row = |layer: &LayerClusters| -> Vec<String> {
        let about = [
            layer.layer.clone(),
            format!("{}x{}x{}", layer.channels, layer.height, layer.width),
            layer.live.to_string(),
            units::si(layer.effective.round() as u128),
        ];
        let ranks = format!("{:.1} / {:.1}", layer.ranks.coherent_3x3, layer.ranks.coherent_5x5);
        let [raw, innovations] = [shares(Some(&layer.raw)), shares(layer.innovations.as_ref())];
        about.into_iter().chain(raw).chain(innovations).chain([ranks]).collect()
    };
    let (heads, rows) = headed(&HEADS, 1, layers.iter().map(row).collect());
    let mut text = paint.text(Colour::Faint, &heads) + &rows;
    text += &details(layers, paint);
    for layer in layers {
        let mut told = Vec::new();
        if !layer.dead.is_empty() || !layer.constant.is_empty() {
            told.push(format!(
                "{} of {} channels hardly vary or not at all, and are left out",
                layer.channels - layer.live,
                layer.channels
            ));
        }
        if layer.few_samples {
            told.push(format!(
                "{} images are worth {:.0} independent samples, fewer than the {} channels: correlations are shrunk, ranks capped",
                layer.images, layer.effective, layer.live
            ));
        }
        if layer.raw.intervals.is_none() {
            told.push("without groups of images, or replicates of them, there are no intervals and no stability".to_owned());
        }
        if layer.innovations.is_none() {
            told.push("the map is too small for clusters of innovations".to_owned());
        }
        for told in told {
            text += &paint.text(Colour::Faint, &format!("{}: {told}\n", layer.layer));
        }
    }
    text
}

/// For each layer and kind of cluster its quality, where images were drawn anew intervals and stability, and what untrained networks show.
fn details(layers: &[LayerClusters], paint: &Paint) -> String {
    let mut rows = Vec::new();
    for layer in layers {
        for (name, of) in [("raw", ClustersOf::Activations), ("innovations", ClustersOf::Innovations)] {
            let Some(found) = of.grouping(layer) else { continue };
            let share = |share: f64| format!("{:.1}", share * 100.0);
            let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
            let interval = |at: usize| {
                found.intervals.map_or("-".to_owned(), |all| format!("[{}, {}]", share(all[at].low), share(all[at].high)))
            };
            let untrained: Vec<[f64; 3]> = layer.controls.iter().filter_map(|control| of.shares(control)).collect();
            let mean = |at: usize| {
                let sum: f64 = untrained.iter().map(|shares| shares[at]).sum();
                if untrained.is_empty() { "-".to_owned() } else { share(sum / untrained.len() as f64) }
            };
            let quality = [found.stability, found.within, found.beyond].map(number);
            let about = [layer.layer.clone(), name.to_owned()];
            let intervals = [0, 1, 2].map(interval);
            rows.push(about.into_iter().chain(intervals).chain([0, 1, 2].map(mean)).chain(quality).collect());
        }
    }
    let (heads, rows) = headed(&DETAILS, 2, rows);
    format!("\n{}{rows}", paint.text(Colour::Faint, &heads))
}

const DETAILS: [&str; 11] =
    ["layer", "clusters", "1x1 %", "3x3 %", "5x5 %", "untrained 1x1 %", "3x3 %", "5x5 %", "stability", "within", "beyond"];

/// A line a layer.
pub fn clusters_csv(layers: &[LayerClusters]) -> String {
    let mut text =
        "layer,channels,height,width,images,effective,live,clusters,share_1x1,share_3x3,share_5x5,innovation_clusters,\
                    innovation_1x1,innovation_3x3,innovation_5x5,coherent_3x3,coherent_5x5,entropic,participation,pca95,pca99,stability,innovation_stability,\
                    untrained,untrained_1x1,untrained_3x3,untrained_5x5,untrained_innovation_1x1,untrained_innovation_3x3,untrained_innovation_5x5\n"
            .to_owned();
    for layer in layers {
        let shares = |found: Option<&Grouping>| {
            found.map_or_else(
                || ",,,".to_owned(),
                |found| format!("{},{:.6},{:.6},{:.6}", found.clusters, found.share_1x1, found.share_3x3, found.share_5x5),
            )
        };
        let stability = |found: Option<&Grouping>| {
            found.and_then(|found| found.stability).map_or_else(String::new, |stability| format!("{stability:.4}"))
        };
        let ranks = &layer.ranks;
        let untrained = |of: ClustersOf| {
            let shares: Option<Vec<[f64; 3]>> = layer.controls.iter().map(|control| of.shares(control)).collect();
            let Some(shares) = shares.filter(|shares| !shares.is_empty()) else { return ",,".to_owned() };
            let mean = |at: usize| shares.iter().map(|shares| shares[at]).sum::<f64>() / shares.len() as f64;
            format!("{:.6},{:.6},{:.6}", mean(0), mean(1), mean(2))
        };
        text += &format!(
            "{},{},{},{},{},{:.3},{},{},{},{:.3},{:.3},{:.3},{:.3},{:.0},{:.0},{},{},{},{},{}\n",
            layer.layer,
            layer.channels,
            layer.height,
            layer.width,
            layer.images,
            layer.effective,
            layer.live,
            shares(Some(&layer.raw)),
            shares(layer.innovations.as_ref()),
            ranks.coherent_3x3,
            ranks.coherent_5x5,
            ranks.entropic,
            ranks.participation,
            ranks.pca95,
            ranks.pca99,
            stability(Some(&layer.raw)),
            stability(layer.innovations.as_ref()),
            layer.controls.len(),
            untrained(ClustersOf::Activations),
            untrained(ClustersOf::Innovations)
        );
    }
    text
}

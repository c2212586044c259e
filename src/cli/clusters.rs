//! Clusters of layers, read back from what `nas cluster` and `nas propose` wrote as JSON.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::cli::files;
use crate::propose::CLUSTERS;
use crate::propose::LayerClusters;
use crate::propose::widths::PROPOSAL;

/// The layers of a file of clusters, or of a proposal.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<LayerClusters>> {
    let bytes = File::open(path).and_then(files::read_whole).with_context(|| format!("cannot read `{}`", path.display()))?;
    let told = || {
        format!("`{}` is neither {CLUSTERS} nor {PROPOSAL}; `nas cluster` and `nas propose` write them as JSON", path.display())
    };
    let whole: Value = serde_json::from_slice(&bytes).with_context(told)?;
    let layers = match whole {
        Value::Array(layers) => layers,
        Value::Object(mut one) if one.get("schema").and_then(Value::as_str) == Some(PROPOSAL) => {
            let modules = one.remove("modules").and_then(|modules| modules.as_array().cloned()).unwrap_or_default();
            modules.into_iter().map(|mut module| module["layer"].take()).collect()
        }
        one => vec![one],
    };
    layers.into_iter().map(|layer| serde_json::from_value(layer).with_context(told)).collect()
}

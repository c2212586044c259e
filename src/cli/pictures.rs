//! Pictures of clusters in a folder: shares by depth, and one of each layer.

use std::path::Path;

use crate::cli::files;
use crate::cli::output;
use crate::propose::LayerClusters;
use crate::report;
use crate::report::Colouring;
use crate::report::Theme;
use crate::report::Width;

/// Refuses what is no folder and cannot become one, before the work whose pictures it is to hold.
pub(super) fn check_place(folder: Option<&Path>) -> anyhow::Result<()> {
    match folder.filter(|folder| folder.exists() && !folder.is_dir()) {
        Some(folder) => anyhow::bail!("`--plots {}` is a file; pictures go into a folder", folder.display()),
        None => Ok(()),
    }
}

/// Writes `shares.svg` and of each layer its own, `3a/3x3` as `3a-3x3.svg`.
pub(super) fn draw(folder: &Path, layers: &[LayerClusters]) -> anyhow::Result<()> {
    files::make_folder(folder)?;
    let write = |name: String, picture: &report::Picture| {
        output::give(&report::svg(picture, Colouring::Theme(Theme::Light)), Some(&folder.join(name)))
    };
    write("shares.svg".to_owned(), &report::shares_by_depth(layers, Width::Page))?;
    for layer in layers {
        let name = layer.layer.replace(|char: char| !char.is_alphanumeric() && char != '.' && char != '_', "-");
        write(format!("{name}.svg"), &report::layer_clusters(layer, Width::Page))?;
    }
    Ok(())
}

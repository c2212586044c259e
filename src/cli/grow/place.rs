//! The folder of a growth: `seed.yaml`, the text that was asked for, `grow.json`, and a run for each stage.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;

use crate::cli::files;
use crate::cli::loading::Network;
use crate::cli::rewriting;
use crate::propose::GROW;
use crate::propose::Grown;
use crate::train::LOCK;
use crate::train::lock;

/// The text of the seed.
const SEED: &str = "seed.yaml";
/// What grew so far.
pub(super) const GROWN: &str = "grow.json";

/// Where a growth lies.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// What it is so far, if it was begun.
    pub(super) grown: Option<Grown>,
    /// Whether the folder alone was named.
    pub(super) alone: bool,
    /// Keeps others from growing here as long as it is open; of a growth that is begun only once it is.
    held: Option<File>,
}

impl Place {
    /// The folder that is named in the place of a spec, or the one that is to be grown in, which is new, empty, or one of a growth.
    pub(super) fn of(spec: &str, output: Option<&Path>) -> anyhow::Result<Place> {
        let named = Path::new(spec);
        if named.is_dir() && named.join(GROWN).exists() {
            ensure!(output.is_none(), "`{spec}` goes on where it lies; leave `-o` out");
            // Held before it is read, so that what is read is how it stands.
            let held = Some(lock(named)?);
            return Ok(Place { folder: named.to_owned(), grown: Some(read(named)?), alone: true, held });
        }
        ensure!(!named.is_dir(), "`{spec}` is no growth: it has no `{GROWN}`");
        let folder = output.context("`-o FOLDER` names the folder to grow in")?.to_owned();
        let mut place = Place { folder, grown: None, alone: false, held: None };
        if place.folder.join(GROWN).exists() {
            place.held = Some(lock(&place.folder)?);
            place.grown = Some(read(&place.folder)?);
        } else {
            may_begin(&place.folder)?;
        }
        Ok(place)
    }

    /// The text of the seed.
    pub(super) fn seed(&self) -> PathBuf {
        self.folder.join(SEED)
    }

    /// Makes the folder, with the seed in it, and holds it.
    pub(super) fn begin(&mut self, network: &Network) -> anyhow::Result<()> {
        let (text, path) = (rewriting::text_of(network), self.seed());
        let totals = network.graph.inference_totals();
        let again = rewriting::again(network, &path.display().to_string(), text).map(|graph| graph.inference_totals());
        ensure!(
            again.is_some_and(|again| again == totals),
            "in `{}` the seed would be another network: what it extends does not lie beside it; write it into one file",
            self.folder.display()
        );
        files::make_folder(&self.folder)?;
        self.held = Some(lock(&self.folder)?);
        ensure!(!self.folder.join(GROWN).exists(), "`{}` was begun by another process just now", self.folder.display());
        let other = std::fs::read(&path).is_ok_and(|found| found != text.as_bytes());
        ensure!(!other, "`{}` is another spec than the seed; name a folder that is new or empty", path.display());
        files::write(&path, text.as_bytes())
    }

    /// Refuses a spec whose text is not the seed's.
    pub(super) fn same_text(&self, spec: &str) -> anyhow::Result<()> {
        let seed = self.seed();
        let [now, then] = [spec, &*seed.display().to_string()].map(files::read_spec);
        ensure!(
            now?.bytes == then?.bytes,
            "`{}` grew from another spec than `{spec}`: its own is `{}`; name another folder",
            self.folder.display(),
            seed.display()
        );
        Ok(())
    }
}

fn read(folder: &Path) -> anyhow::Result<Grown> {
    let file = folder.join(GROWN);
    let told = || format!("`{}` is no growth that is known", file.display());
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).with_context(told)?;
    if let Some(schema) = value.get("schema").and_then(serde_json::Value::as_str).filter(|schema| *schema != GROW) {
        bail!("`{}` has the form `{schema}`, this version reads `{GROW}`", file.display());
    }
    serde_json::from_value(value).with_context(told)
}

/// Whether a growth may begin there: nothing but what a start that was cut short may have left.
fn may_begin(folder: &Path) -> anyhow::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", folder.display())),
    };
    for entry in entries {
        let name = entry.with_context(|| format!("cannot read `{}`", folder.display()))?.file_name();
        let name = name.to_string_lossy();
        let is_ours = name == LOCK || [SEED, GROWN].iter().any(|ours| name.starts_with(ours));
        ensure!(is_ours, "`{}` is a folder with other files; name one that is new or empty", folder.display());
    }
    Ok(())
}

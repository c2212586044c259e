//! The end of a training: what the best epoch does on the images set aside.

use std::path::Path;

use crate::cli::files;
use crate::cli::judged;
use crate::data::Dataset;
use crate::data::Part;
use crate::report;
use crate::train::Checkpoint;
use crate::train::Ending;
use crate::train::Epoch;
use crate::train::Judgement;
use crate::train::Learner;
use crate::train::Run;
use crate::train::Session;
use crate::train::Showing;
use crate::train::evaluate;

/// Draws the epochs so far into the run's folder.
pub(super) fn draw(folder: &Path, name: &str, epochs: &[Epoch], planned: u32) -> anyhow::Result<()> {
    let picture = report::training_curves(name, epochs, planned, report::Width::Page);
    let svg = report::svg(&picture, report::Colouring::Theme(report::Theme::Light));
    files::write(&folder.join("curves.svg"), svg.as_bytes())
}

/// Evaluates the best epoch, writes it to the run's folder, and says what came out.
pub(super) fn show(session: &Session<'_>, run: &Run, dataset: &Dataset, ending: Ending) -> anyhow::Result<String> {
    let mut text = String::new();
    if ending == Ending::Early {
        text += &format!("no better validation for {} epochs: stopped early\n", session.settings().patience);
    }
    let material = session.material();
    if !material.validation.is_empty() {
        let learner = session.learner();
        let best = Checkpoint::read(&run.best(), learner.state.layout())?;
        let state = best.average.as_ref().unwrap_or(&best.state);
        let showing = Showing { batch: Learner::images_at_once(session.settings()), kernels: learner.engine().arch().into() };
        let found = evaluate(session.subject(), state, &material.chosen, &material.validation, showing, |_| true);
        let found = found.unwrap_or_default();
        let judgement = Judgement::of(&found, [&run.about.name, "best", Part::Validation.name()], &dataset.classes);
        let own = dataset.part(Part::Validation);
        let images = if own.is_empty() { dataset.train() } else { own };
        judged::write(&run.path().join(Part::Validation.name()), &judgement, &found, images)?;
        let epoch = best.position.best.as_ref().map_or(0, |best| best.epoch);
        text += &format!("\nepoch {epoch} is the best\n{}", report::evaluation_table(&judgement));
    }
    if !dataset.test().is_empty() {
        text += &format!("\n`nas eval {}` shows it the images for testing\n", files::as_argument(run.path()));
    }
    Ok(text)
}

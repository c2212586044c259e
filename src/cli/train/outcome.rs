//! The end of a training: what the best epoch does on images that it has not learned from.

use std::path::Path;

use crate::cli::files;
use crate::cli::judged;
use crate::data::Dataset;
use crate::data::Part;
use crate::report;
use crate::train::Checkpoint;
use crate::train::Ending;
use crate::train::Epoch;
use crate::train::Feed;
use crate::train::Judgement;
use crate::train::Learner;
use crate::train::Normalisation;
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
pub(in crate::cli) fn show(session: &Session<'_>, run: &Run, dataset: &Dataset, ending: Ending) -> anyhow::Result<String> {
    let mut text = String::new();
    if ending == Ending::Early {
        text += &format!("no better validation for {} epochs: stopped early\n", session.settings().patience);
    }
    if let Some(judgement) = judge_validation(session, run, dataset)? {
        let epoch = session.position().best.as_ref().map_or(0, |best| best.epoch);
        text += &format!("\nepoch {epoch} is the best\n{}", report::evaluation_table(&judgement));
    }
    if !dataset.test().is_empty() {
        text += &format!("\n`nas eval {}` shows it the images for testing\n", files::as_argument(run.path()));
    }
    Ok(text)
}

/// Shows the best epoch the images set aside, and keeps in the run's folder what comes out; nothing where none are set aside.
pub(in crate::cli) fn judge_validation(session: &Session<'_>, run: &Run, dataset: &Dataset) -> anyhow::Result<Option<Judgement>> {
    let material = session.material();
    judge(session, run, &dataset.classes, Part::Validation, &material.chosen, &material.validation)
}

/// The same with the images for testing.
pub(in crate::cli) fn judge_test(
    session: &Session<'_>,
    run: &Run,
    dataset: &Dataset,
    normalisation: &Normalisation,
) -> anyhow::Result<Option<Judgement>> {
    if dataset.test().is_empty() {
        return Ok(None);
    }
    let feed = Feed::new(dataset.test(), session.subject().image, normalisation)?;
    let places: Vec<usize> = (0..dataset.test().len()).collect();
    judge(session, run, &dataset.classes, Part::Test, &feed, &places)
}

fn judge(
    session: &Session<'_>,
    run: &Run,
    classes: &[String],
    part: Part,
    feed: &Feed<'_>,
    places: &[usize],
) -> anyhow::Result<Option<Judgement>> {
    if places.is_empty() {
        return Ok(None);
    }
    let learner = session.learner();
    let best = Checkpoint::read(&run.best(), learner.state.layout())?;
    let state = best.average.as_ref().unwrap_or(&best.state);
    let showing = Showing { batch: Learner::images_at_once(session.settings()), kernels: learner.engine().arch().into() };
    let found = evaluate(session.subject(), state, feed, places, showing, |_| true).unwrap_or_default();
    let judgement = Judgement::of(&found, [&run.about.name, "best", part.name()], classes);
    judged::write(&run.path().join(part.name()), &judgement, &found, feed.images())?;
    Ok(Some(judgement))
}

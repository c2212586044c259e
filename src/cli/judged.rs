//! What is kept of an evaluation: a folder in the run with figures, the confusion matrix and the images that were told wrong.

use std::path::Path;

use crate::cli::files;
use crate::cli::progress;
use crate::data;
use crate::data::Images;
use crate::graph::State;
use crate::report;
use crate::train::Evaluation;
use crate::train::Feed;
use crate::train::Judgement;
use crate::train::Normalisation;
use crate::train::Showing;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::Verdict;
use crate::train::evaluate;

/// Images of a class on the sheet of those told wrong.
const COLUMNS: usize = 16;

/// Shows a network images as they are, with a bar where somebody looks.
pub(super) fn shown(
    subject: &Subject<'_>,
    state: &State,
    images: &Images,
    normalisation: &Normalisation,
    showing: Showing<'_>,
) -> Result<Evaluation, TrainError> {
    let feed = Feed::new(images, subject.image, normalisation)?;
    let places: Vec<usize> = (0..images.len()).collect();
    let bar = progress::images(places.len());
    let after = |done| {
        bar.at(done);
        true
    };
    Ok(evaluate(subject, state, &feed, &places, showing, after).unwrap_or_default())
}

/// Writes `evaluation.json`, `confusion.csv`, `confusion.svg`, `wrong.csv` and `wrong.png`.
pub(super) fn write(folder: &Path, judgement: &Judgement, evaluation: &Evaluation, images: &Images) -> anyhow::Result<()> {
    files::make_folder(folder)?;
    let put = |name: &str, bytes: &[u8]| files::write(&folder.join(name), bytes);
    put("evaluation.json", (serde_json::to_string_pretty(judgement)? + "\n").as_bytes())?;
    put("confusion.csv", report::confusion_csv(judgement).as_bytes())?;
    let picture = report::confusion(judgement, report::Width::Page);
    put("confusion.svg", report::svg(&picture, report::Colouring::Theme(report::Theme::Light)).as_bytes())?;
    let wrong = wrong(evaluation);
    put("wrong.csv", list(&wrong, &judgement.classes).as_bytes())?;
    let rows = (0..judgement.classes.len()).map(|class| {
        let of_class = wrong.iter().filter(|verdict| usize::from(verdict.label) == class);
        of_class.take(COLUMNS).map(|verdict| verdict.place).collect::<Vec<usize>>()
    });
    let rows: Vec<Vec<usize>> = rows.filter(|row| !row.is_empty()).collect();
    put("wrong.png", &data::sheet_of(images, &rows)?)
}

/// The images told wrong: by class, of each the surest first.
fn wrong(evaluation: &Evaluation) -> Vec<Verdict> {
    let mut wrong: Vec<Verdict> = evaluation.verdicts.iter().filter(|verdict| verdict.rank > 0).copied().collect();
    wrong.sort_by(|a, b| a.label.cmp(&b.label).then(b.probability.total_cmp(&a.probability)).then(a.place.cmp(&b.place)));
    wrong
}

fn list(wrong: &[Verdict], classes: &[String]) -> String {
    let name = |class: u16| classes.get(usize::from(class)).map_or_else(|| class.to_string(), |name| report::csv_field(name));
    let line = |verdict: &Verdict| {
        format!("{},{},{},{:.4}\n", verdict.place, name(verdict.label), name(verdict.class), verdict.probability)
    };
    let lines: String = wrong.iter().map(line).collect();
    format!("image,class,taken_for,probability\n{lines}")
}

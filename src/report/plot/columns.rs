//! Names under a chart's columns: each under its own where it fits, else a stage's under all of the stage, else none.

use crate::report::picture::Anchor;
use crate::report::picture::Text;
use crate::report::plot::sheet::Sheet;

/// A column with the name of its stage.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) stage: Option<String>,
    pub(super) left: i32,
    pub(super) right: i32,
}

/// Runs of columns of one stage.
pub(super) fn stages(columns: &[Column]) -> Vec<&[Column]> {
    columns.chunk_by(|before, after| before.stage == after.stage && before.stage.is_some()).collect()
}

/// Writes the names at a height.
pub(super) fn names(sheet: &mut Sheet, columns: &[Column], y: i32) {
    let gap = sheet.em / 3;
    for stage in stages(columns) {
        let fits = |sheet: &Sheet, name: &str, em: i32, width: i32| sheet.scene.measure(name, em, true) + gap <= width;
        let all = |em: &i32| stage.iter().all(|column| fits(sheet, &column.name, *em, column.right - column.left));
        if let Some(em) = [sheet.em, sheet.note].into_iter().find(all) {
            for column in stage {
                name(sheet, &column.name, em, [column.left, column.right], y);
            }
            continue;
        }
        let (left, right) = (stage[0].left, stage[stage.len() - 1].right);
        let word = stage[0].stage.clone().unwrap_or_else(|| stage[0].name.clone());
        let short = word.strip_prefix("stage ").unwrap_or(&word).to_owned();
        if let Some(word) = [word, short].into_iter().find(|word| fits(sheet, word, sheet.em, right - left)) {
            name(sheet, &word, sheet.em, [left, right], y);
        }
    }
}

fn name(sheet: &mut Sheet, name: &str, em: i32, [left, right]: [i32; 2], y: i32) {
    let text = Text { em, bold: true, ..sheet.text(name, i32::midpoint(left, right), y, Anchor::Middle) };
    sheet.put(text);
}

//! How well a network tells classes apart, as a table and as CSV.

use crate::base::units;
use crate::report::csv::quoted;
use crate::train::Judgement;

/// Classes whose confusion is worth a table.
const MOST_ROWS: usize = 40;

/// Totals, then each class: images, share of them right, what else they were most often taken for.
pub fn evaluation_table(found: &Judgement) -> String {
    let mut text = format!(
        "{}, {} on {} images for {}\n\ntop-1  {}\ntop-5  {}\nloss   {:.4}\n",
        found.name,
        found.which,
        units::grouped(found.images.into()),
        part(&found.part),
        share(found.top1, found.images),
        share(found.top5, found.images),
        found.loss,
    );
    let rows: Vec<(&str, u64, u64)> = found.of_classes().filter(|&(_, images, _)| images > 0).collect();
    let widest = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0).max(5);
    text += &format!("\n{:widest$}  images    right  most often taken for\n", "class");
    let shown = if rows.len() > MOST_ROWS { worst(&rows) } else { rows.clone() };
    for (name, images, right) in &shown {
        let at = found.classes.iter().position(|class| class == name).unwrap_or(0);
        let other = taken_for(found, at).map_or_else(String::new, |(other, times)| format!("{other} ({times})"));
        text += &format!("{name:widest$}  {images:>6}  {:>7}  {other}\n", share(*right, *images));
    }
    if rows.len() > shown.len() {
        text += &format!("the {} classes that do worst of {}\n", shown.len(), rows.len());
    }
    text
}

/// The classes that do worst, in their own order.
fn worst<'n>(rows: &[(&'n str, u64, u64)]) -> Vec<(&'n str, u64, u64)> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| (rows[at].2 * 1_000_000 / rows[at].1, at));
    order.truncate(MOST_ROWS);
    order.sort_unstable();
    order.into_iter().map(|at| rows[at]).collect()
}

/// What else a class was most often taken for.
fn taken_for(found: &Judgement, class: usize) -> Option<(&str, u64)> {
    let others = found.confusion[class].iter().enumerate().filter(|&(other, &times)| other != class && times > 0);
    let (other, &times) = others.max_by_key(|&(other, &times)| (times, std::cmp::Reverse(other)))?;
    Some((found.classes.get(other).map_or("no class that has a name", String::as_str), times))
}

fn part(name: &str) -> &str {
    match name {
        "train" => "training",
        "val" => "validation",
        "test" => "testing",
        other => other,
    }
}

fn share(part: u64, of: u64) -> String {
    format!("{:.2} %", part as f64 * 100.0 / of.max(1) as f64)
}

/// One line a class: images, right, and how often they were taken for each class.
pub fn confusion_csv(found: &Judgement) -> String {
    let names: Vec<String> = found.classes.iter().map(|name| quoted(name)).collect();
    let more = found.confusion.first().is_some_and(|row| row.len() > names.len());
    let mut text = format!("class,images,right,{}{}\n", names.join(","), if more { ",no class that has a name" } else { "" });
    for ((name, (_, images, right)), row) in names.iter().zip(found.of_classes()).zip(&found.confusion) {
        let row: Vec<String> = row.iter().map(u64::to_string).collect();
        text += &format!("{name},{images},{right},{}\n", row.join(","));
    }
    text
}

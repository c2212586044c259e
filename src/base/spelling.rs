//! "Did you mean": the nearest of the names that would have been right.

/// The candidate with the fewest edits from `wrong`, if it is near enough; among equals one with the same letters in another order, else
/// the last one, which stands nearest above.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = match wrong.chars().count() {
        0..=1 => return None,
        2..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    let mut best: Option<((usize, bool), &str)> = None;
    for candidate in candidates {
        if wrong.chars().count().abs_diff(candidate.chars().count()) > most {
            continue;
        }
        let edits = distance(wrong, candidate);
        let rank = (edits, letters(wrong) != letters(candidate));
        if edits <= most && best.is_none_or(|(fewest, _)| rank <= fewest) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Names with commas between them, the first few of many.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 40;
    match names.len().saturating_sub(MOST) {
        0 => names.join(", "),
        more => format!("{}, ... ({more} more)", names[..MOST].join(", ")),
    }
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters
}

/// Edits that turn one text into the other: insertions, deletions, replacements, swaps of neighbours (restricted Damerau-Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, &left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &right) in b.iter().enumerate() {
            let mut edits = (rows[i][j] + usize::from(left != right)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left == b[j - 1] && a[i - 1] == right {
                edits = edits.min(rows[i - 1][j - 1] + 1);
            }
            row.push(edits);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let table: [(&str, &[&str], Option<&str>); 7] = [
            ("strid", &["stride", "pad"], Some("stride")),
            ("conf", &["conv", "fc"], Some("conv")),
            ("4f", &["4a", "4e", "5a"], Some("4e")),
            ("form", &["from", "norm"], Some("from")),
            ("rleu", &["relu", "relu6"], Some("relu")),
            ("xyz", &["conv", "stride"], None),
            ("k", &["n", "w"], None),
        ];
        for (wrong, candidates, right) in table {
            assert_eq!(nearest(wrong, candidates.iter().copied()), right, "{wrong}");
        }
    }
}

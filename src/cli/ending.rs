//! The ending of a file's name, by which verbs choose a form.

use std::path::Path;

/// The ending in small letters, as `json` of `rows.JSON`; empty without one.
pub(super) fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count() {
        let table =
            [("rows.json", "json"), ("a.b/rows.JSON", "json"), ("net.Svg", "svg"), ("rows", ""), ("a.b/rows", ""), (".md", "")];
        for (path, wanted) in table {
            assert_eq!(ending(Path::new(path)), wanted, "{path}");
        }
    }
}

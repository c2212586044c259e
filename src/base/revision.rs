//! `spec.yaml@REV`: how a text of a git revision is named.

/// A file's name and the revision after it. They part at the first `.yaml@` or `.yml@`, or else at the first `@`; a revision may have
/// further ones, as `HEAD@{1}` has.
pub fn split_revision(name: &str) -> Option<(&str, &str)> {
    let behind = |extension: &str| name.find(extension).map(|at| at + extension.len() - 1);
    let at = [".yaml@", ".yml@"].into_iter().filter_map(behind).min().or_else(|| name.find('@'))?;
    Some((&name[..at], &name[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::split_revision;

    #[test]
    fn a_name_parts_behind_its_extension() {
        let table = [
            ("a.yaml", None),
            ("a.yaml@HEAD~1", Some(("a.yaml", "HEAD~1"))),
            ("at@home/a.yml@v1.2@{1}", Some(("at@home/a.yml", "v1.2@{1}"))),
            ("a@b", Some(("a", "b"))),
            ("a.yaml@", Some(("a.yaml", ""))),
        ];
        for (name, parts) in table {
            assert_eq!(split_revision(name), parts, "{name}");
        }
    }
}

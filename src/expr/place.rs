//! Where a layer stands in the net, as a chain of uses on the stack; its path is written only when a decision is met (rule R14).
//!
//! `/` goes into a layer, `.N` is a copy: `s3.2/expand`.

use std::fmt::Write;

/// A layer within what encloses it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The use that encloses it; nothing at the top of a net.
    pub up: Option<&'a Place<'a>>,
    /// The layer's name, or its position in a list.
    pub name: &'a str,
    /// Its copy, from 1, where `repeat` is written.
    pub copy: Option<u32>,
}

impl<'a> Place<'a> {
    /// The place of the layer's own line, which is one for all its copies; enclosing copies are kept.
    #[must_use]
    pub const fn line(self) -> Place<'a> {
        Place { copy: None, ..self }
    }

    /// The place of one copy, where decisions of a module's body and argument defaults belong.
    #[must_use]
    pub const fn of_copy(self, copy: Option<u32>) -> Place<'a> {
        Place { copy, ..self }
    }

    /// The path, such as `s3.2/expand`.
    pub fn path(&self) -> String {
        let mut path = match self.up {
            Some(up) => up.path() + "/",
            None => String::new(),
        };
        path.push_str(self.name);
        if let Some(copy) = self.copy {
            let _ = write!(path, ".{copy}");
        }
        path
    }

    /// The path of the decision written at `key` of this place, such as `s3:n`.
    pub fn decision(&self, key: &str) -> String {
        self.path() + ":" + key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_in_rule_r14() {
        let use_of_s3 = Place { up: None, name: "s3", copy: Some(2) };
        let expand = Place { up: Some(&use_of_s3), name: "expand", copy: Some(1) };
        assert_eq!(expand.path(), "s3.2/expand.1");
        assert_eq!(expand.line().decision("kernel"), "s3.2/expand:kernel");
        assert_eq!(use_of_s3.decision("k"), "s3.2:k");
        assert_eq!(use_of_s3.line().decision("n"), "s3:n");
        assert_eq!(use_of_s3.of_copy(Some(7)).path(), "s3.7");
    }
}

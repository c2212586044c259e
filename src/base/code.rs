//! The codes of all findings. Each has a manual page in `docs/codes.md`, whose example is run as a test.

use std::fmt;

/// How grave a finding is: the letter of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// `E`: the spec means nothing.
    Error,
    /// `B`: the spec is valid but over its budget.
    Budget,
    /// `W`: valid, but probably not what was meant.
    Warning,
}

macro_rules! codes {
    ($($code:ident $title:literal,)*) => {
        /// A finding's code: `E01` text, `E02` names and structure, `E03` values, `E04` shapes, `B` budget, `W` warnings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $title] $code,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// What it is about, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$code => $title,)* }
            }

            /// The code as it is written.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)* }
            }
        }
    };
}

codes! {
    E0100 "the text is not valid YAML",
    E0101 "a key stands twice in one map",
    E0102 "YAML that specs do not use: tags, null, several documents",
    E0103 "the text is not plain UTF-8",
    E0104 "the text is too large or too deep",
    E0200 "a value has the wrong form: text, list or map",
    E0201 "the version line `nas: 1` is missing or wrong",
    E0202 "unknown section",
    E0203 "unknown layer",
    E0204 "unknown layer kind",
    E0205 "unknown setting",
    E0206 "a module has no such argument",
    E0207 "a required argument or setting is missing",
    E0208 "a module uses itself",
    E0209 "`extends` cannot be followed",
    E0210 "a layer has more than one kind",
    E0211 "a branch of `inception` has a wrong form",
    E0212 "a name that is not allowed",
    E0213 "a section is missing or empty",
    E0214 "`norm` or `act` where a reader could not tell what it applies to",
    E0215 "a path into a layer that is left out",
    E0216 "a list of layers where one layer is meant",
    E0217 "settings that exclude each other",
    E0218 "a network without the rows of Table 1",
    E0300 "the expression cannot be read",
    E0301 "unknown variable",
    E0302 "a value of the wrong type",
    E0303 "a number out of its range, or no integer",
    E0304 "arithmetic that has no exact result",
    E0305 "unknown word",
    E0306 "`i` or `then` without `repeat`",
    E0307 "a decision where none may stand",
    E0308 "an empty or endless range",
    E0309 "shares that do not sum to one",
    E0310 "`same` with an even kernel",
    E0311 "a `--set` that names no decision, or no alternative of it",
    E0401 "a window larger than its input",
    E0402 "channels that do not divide",
    E0403 "inputs whose shapes do not fit together",
    E0404 "more channels than there are",
    E0405 "a window wholly on padding",
    E0406 "a network too large to count",
    B0001 "over budget",
    W0001 "a variable or argument that nobody reads",
    W0002 "a module that nobody uses",
    W0003 "a layer that feeds no output",
    W0004 "a reduce that does not reduce",
    W0005 "a range that stops before its end",
    W0006 "a width off the grid of its network",
}

impl Code {
    /// Error, budget or warning, by the letter.
    pub const fn severity(self) -> Severity {
        match self.name().as_bytes()[0] {
            b'E' => Severity::Error,
            b'B' => Severity::Budget,
            _ => Severity::Warning,
        }
    }

    /// The code with this name, if there is one.
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

//! Marks and keywords of the expression language, and what people write in their stead.

/// Every mark, longer ones before those they begin with.
pub(super) const MARKS: [&str; 18] =
    ["==", "!=", "<=", ">=", "..", "+", "-", "*", "/", "%", "^", "(", ")", ",", "|", "<", ">", "]"];

/// Names with a meaning of their own; `in` and `i` are names of numbers and not among them.
pub const KEYWORDS: [&str; 10] = ["of", "by", "then", "if", "else", "and", "or", "not", "true", "false"];

/// Marks of other languages and keyboards, with ours; the longer before those they begin with.
pub(super) const FOREIGN: [(&str, &str); 14] = [
    ("&&", "and"),
    ("||", "or"),
    ("**", "^"),
    ("&", "and"),
    ("!", "not"),
    ("=", "=="),
    ("×", "*"),
    ("·", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("–", "-"),
    ("≤", "<="),
    ("≥", ">="),
    ("…", ".."),
];

/// The help for a text that was cut at a comma.
pub(super) const COMMA: &str = "an expression with a comma must be quoted inside `{ }`: `\"min(w, 64)\"`";

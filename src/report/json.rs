//! Results as JSON: `nas.report/1` and the other forms whose name stands under `schema`.

use serde::Serialize;

/// One object for one result, a list for several; two spaces, a newline at the end.
pub fn json<T: Serialize>(results: &[T]) -> String {
    let text = match results {
        [one] => serde_json::to_string_pretty(one),
        several => serde_json::to_string_pretty(several),
    };
    text.expect("a result is numbers, texts and lists") + "\n"
}

//! The analysis as JSON, `nas.report/1`.

use crate::analyze::Analysis;

/// One object for one analysis, a list for several; two spaces, a newline at the end.
pub fn json(analyses: &[Analysis]) -> String {
    let text = match analyses {
        [one] => serde_json::to_string_pretty(one),
        several => serde_json::to_string_pretty(several),
    };
    text.expect("an analysis is numbers, texts and lists") + "\n"
}

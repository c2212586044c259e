//! One finding for each fault in the text, however many uses of a module or copies of a layer led to it.

use std::collections::HashMap;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;

/// Uses that are shown; a module may be used hundreds of times.
const MOST_USES: usize = 6;
/// What a use is labelled with.
pub(super) const USED: &str = "used here";

/// Merges findings of one place that say the same, numbers and the layer's path aside: the first is kept and shows the others' uses.
pub(super) fn merged(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut known: HashMap<(Code, Span, String), usize> = HashMap::new();
    let mut merged: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for finding in found {
        let key = (finding.code, finding.span(), sentence(&finding.message));
        match known.get(&key) {
            Some(&at) => {
                for label in finding.labels.into_iter().skip(1) {
                    if merged[at].labels.iter().all(|old| old.span != label.span) {
                        merged[at].labels.push(label);
                    }
                }
            }
            None => {
                known.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged.iter_mut().for_each(shorten);
    merged
}

/// The message without the path it begins with and without its numbers.
fn sentence(message: &str) -> String {
    let rest = message.strip_prefix('`').and_then(|rest| rest.split_once('`')).map_or(message, |(_, rest)| rest);
    let mut sentence = String::with_capacity(rest.len());
    for (at, part) in rest.split('`').enumerate() {
        let is_name = at % 2 == 1;
        sentence.extend(part.chars().filter(|char| is_name || !char.is_ascii_digit() && !"-./".contains(*char)));
    }
    sentence
}

fn shorten(finding: &mut Diagnostic) {
    let uses = finding.labels.iter().filter(|label| label.text == USED).count();
    if uses <= MOST_USES {
        return;
    }
    let mut shown = 0;
    finding.labels.retain(|label| {
        shown += usize::from(label.text == USED);
        label.text != USED || shown <= MOST_USES
    });
    let more = uses - MOST_USES;
    finding.notes.push(format!("used in {more} more place{}", if more == 1 { "" } else { "s" }));
}

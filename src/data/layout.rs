//! From a file's path to its part and class: `train/CLASS/...`, `val/CLASS/...`, `test/CLASS/...`, or `CLASS/...` alone.

use crate::data::dataset::Part;

/// Part and class of each path, in the same order; `None` of a path that lies in no folder of a class. Folders above, in which everything
/// lies, do not matter.
pub(super) fn places<'a>(paths: &[&'a str]) -> Vec<Option<(Part, &'a str)>> {
    let mut steps: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').collect()).collect();
    while let Some(top) = common(&steps) {
        let is_class = steps.iter().any(|steps| steps.len() == 2);
        if is_class || part(top).is_some() {
            break;
        }
        for steps in &mut steps {
            steps.remove(0);
        }
    }
    let has_parts = steps.iter().any(|steps| steps.len() > 2 && part(steps[0]).is_some());
    let place = |steps: &Vec<&'a str>| match steps.as_slice() {
        [first, class, _, ..] if has_parts => part(first).map(|part| (part, *class)),
        [class, _, ..] if !has_parts => Some((Part::Train, *class)),
        _ => None,
    };
    steps.iter().map(place).collect()
}

fn part(name: &str) -> Option<Part> {
    match name {
        "train" => Some(Part::Train),
        "val" | "valid" | "validation" => Some(Part::Validation),
        "test" => Some(Part::Test),
        _ => None,
    }
}

/// The first step of all paths, where it is a folder and the same.
fn common<'a>(steps: &[Vec<&'a str>]) -> Option<&'a str> {
    let first = steps.first().filter(|first| first.len() > 1)?[0];
    steps.iter().all(|steps| steps.len() > 1 && steps[0] == first).then_some(first)
}

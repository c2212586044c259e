//! One piece of memory for all maps of a plan.

use std::ops::Range;

/// Elements on a boundary of 64 bytes, which is a cache line and the widest vector.
const ALIGNMENT: usize = 64;

/// The memory, from a boundary of 64 bytes on.
#[derive(Debug)]
pub(super) struct Arena {
    memory: Vec<f32>,
    begin: usize,
}

/// What a step reads: all but what it writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest<'a> {
    before: &'a [f32],
    after: &'a [f32],
    begin_of_after: usize,
}

impl Arena {
    /// So many zeros.
    pub(super) fn new(len: usize) -> Arena {
        let memory = vec![0.0; len + ALIGNMENT / size_of::<f32>()];
        let begin = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT / size_of::<f32>());
        Arena { memory, begin }
    }

    /// A part.
    pub(super) fn get(&self, part: Range<usize>) -> &[f32] {
        &self.memory[self.begin..][part]
    }

    /// A part, to write.
    pub(super) fn get_mut(&mut self, part: Range<usize>) -> &mut [f32] {
        &mut self.memory[self.begin..][part]
    }

    /// A part to write, and the rest to read.
    pub(super) fn split(&mut self, part: Range<usize>) -> (&mut [f32], Rest<'_>) {
        let (before, others) = self.memory[self.begin..].split_at_mut(part.start);
        let (part, after) = others.split_at_mut(part.len());
        let begin_of_after = before.len() + part.len();
        (part, Rest { before, after, begin_of_after })
    }
}

/// What a step reads that writes two parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct RestOfTwo<'a> {
    /// What lies before the first, between both, and behind the second.
    gaps: [&'a [f32]; 3],
    begins: [usize; 3],
}

impl Arena {
    /// Two parts to write, and the rest to read.
    pub(super) fn split_two(&mut self, parts: &[Range<usize>; 2]) -> ([&mut [f32]; 2], RestOfTwo<'_>) {
        let [low, high] = if parts[0].start <= parts[1].start { [&parts[0], &parts[1]] } else { [&parts[1], &parts[0]] };
        let begins = [0, low.end, high.end];
        let (before, rest) = self.memory[self.begin..].split_at_mut(low.start);
        let (first, rest) = rest.split_at_mut(low.len());
        let (between, rest) = rest.split_at_mut(high.start - low.end);
        let (second, after) = rest.split_at_mut(high.len());
        let both = if parts[0].start <= parts[1].start { [first, second] } else { [second, first] };
        (both, RestOfTwo { gaps: [before, between, after], begins })
    }
}

impl<'a> RestOfTwo<'a> {
    /// A part to read.
    ///
    /// # Panics
    /// If it is written.
    pub(super) fn get(self, part: Range<usize>) -> &'a [f32] {
        let gap = self.gaps.iter().zip(self.begins).find(|(gap, begin)| *begin <= part.start && part.end <= begin + gap.len());
        let (gap, begin) = gap.expect("a part beside those that are written");
        &gap[part.start - begin..part.end - begin]
    }
}

impl<'a> Rest<'a> {
    /// A part to read; nothing if it lies in what is written, as where a step works in place.
    pub(super) fn get(self, part: Range<usize>) -> Option<&'a [f32]> {
        if part.end <= self.before.len() {
            return Some(&self.before[part]);
        }
        let begin = part.start.checked_sub(self.begin_of_after)?;
        Some(&self.after[begin..begin + part.len()])
    }
}

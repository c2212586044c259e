//! One piece of memory for all maps of a plan.

use std::ops::Range;

/// Elements on a boundary of 64 bytes, which is a cache line and the widest vector.
const ALIGNMENT: usize = 64;

/// The memory, from a boundary of 64 bytes on.
#[derive(Debug)]
pub struct Arena {
    memory: Vec<f32>,
    begin: usize,
    len: usize,
}

/// What a step reads: all but what it writes.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'a> {
    before: &'a [f32],
    after: &'a [f32],
    begin_of_after: usize,
}

impl Arena {
    /// So many zeros.
    pub fn new(len: usize) -> Arena {
        let memory = vec![0.0; len + ALIGNMENT / size_of::<f32>()];
        let begin = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT / size_of::<f32>());
        Arena { memory, begin, len }
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// A part.
    pub fn get(&self, part: Range<usize>) -> &[f32] {
        &self.memory[self.begin..][part]
    }

    /// A part, to write.
    pub fn get_mut(&mut self, part: Range<usize>) -> &mut [f32] {
        &mut self.memory[self.begin..][part]
    }

    /// A part to write, and the rest to read.
    pub fn split(&mut self, part: Range<usize>) -> (&mut [f32], Rest<'_>) {
        let (before, others) = self.memory[self.begin..].split_at_mut(part.start);
        let (part, after) = others.split_at_mut(part.len());
        let begin_of_after = before.len() + part.len();
        (part, Rest { before, after, begin_of_after })
    }
}

impl<'a> Rest<'a> {
    /// A part to read; nothing if it lies in what is written, as where a step works in place.
    pub fn get(self, part: Range<usize>) -> Option<&'a [f32]> {
        if part.end <= self.before.len() {
            return Some(&self.before[part]);
        }
        let begin = part.start.checked_sub(self.begin_of_after)?;
        Some(&self.after[begin..begin + part.len()])
    }
}

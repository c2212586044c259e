//! Lists of numbers one after another in one array: `items[starts[k]..starts[k + 1]]` is list k.

/// Lists of whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::propose) struct Lists {
    starts: Vec<usize>,
    items: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Lists {
        Lists { starts: vec![0], items: Vec::new() }
    }
}

impl Lists {
    /// Adds a list at the end.
    pub(in crate::propose) fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.starts.push(self.items.len());
    }

    /// Adds the lists of another at the end.
    pub(in crate::propose) fn append(&mut self, others: &Lists) {
        others.iter().for_each(|list| self.push(list.iter().copied()));
    }

    /// The number of lists.
    pub(in crate::propose) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of items in all lists.
    pub(in crate::propose) fn total(&self) -> usize {
        self.items.len()
    }

    /// One list.
    pub(in crate::propose) fn get(&self, at: usize) -> &[u32] {
        &self.items[self.starts[at]..self.starts[at + 1]]
    }

    /// All lists in order.
    pub(in crate::propose) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|ends| &self.items[ends[0]..ends[1]])
    }

    /// List k of the result names, in order, the lists that hold k. Items are below `count`.
    pub(in crate::propose) fn transposed(&self, count: usize) -> Lists {
        let mut starts = vec![0; count + 1];
        self.items.iter().for_each(|&item| starts[item as usize + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut items = vec![0; self.items.len()];
        for (at, list) in self.iter().enumerate() {
            for &item in list {
                items[next[item as usize]] = at as u32;
                next[item as usize] += 1;
            }
        }
        Lists { starts, items }
    }
}

impl<L: IntoIterator<Item = u32>> FromIterator<L> for Lists {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Lists {
        let mut all = Lists::default();
        lists.into_iter().for_each(|list| all.push(list));
        all
    }
}

/// How many numbers two ascending lists have in common.
pub(in crate::propose) fn shared(one: &[u32], other: &[u32]) -> usize {
    let (mut at, mut count) = (0, 0);
    for item in one {
        while at < other.len() && other[at] < *item {
            at += 1;
        }
        count += usize::from(other.get(at) == Some(item));
    }
    count
}

/// The numbers that two ascending lists have in common.
pub(in crate::propose) fn common(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut at = 0;
    let both = |item: &u32| {
        while at < other.len() && other[at] < *item {
            at += 1;
        }
        other.get(at) == Some(item)
    };
    one.iter().copied().filter(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_gives_the_lists_back() {
        let lists: Lists = [vec![0, 2], vec![], vec![1, 2, 4]].into_iter().collect();
        let turned = lists.transposed(5);
        assert_eq!(turned.iter().collect::<Vec<_>>(), [&[0][..], &[2], &[0, 2], &[], &[2]]);
        assert_eq!(turned.transposed(3), lists);
    }

    #[test]
    fn common_numbers_are_counted() {
        assert_eq!(shared(&[1, 3, 5, 9], &[0, 3, 4, 9]), 2);
        assert_eq!(shared(&[], &[1]), 0);
    }
}

//! Neighbouring channels: what one `take` layer takes at once.

/// Channels one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Channels before the first.
    pub(super) after: usize,
    /// Channels.
    pub(super) width: usize,
}

/// The fewest runs that, joined, give these channels in this order.
pub(super) fn runs(channels: impl IntoIterator<Item = usize>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for channel in channels {
        match runs.last_mut() {
            Some(run) if run.after + run.width == channel => run.width += 1,
            _ => runs.push(Run { after: channel, width: 1 }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_channels_do_not_follow() {
        let run = |after, width| Run { after, width };
        assert_eq!(runs([0, 1, 2]), [run(0, 3)]);
        assert_eq!(runs([4, 5, 0, 2, 1, 2]), [run(4, 2), run(0, 1), run(2, 1), run(1, 2)]);
        assert_eq!(runs([]), []);
    }
}

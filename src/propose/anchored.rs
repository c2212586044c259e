//! The cluster of one unit: units `(channel, offset)` that correlate with it, by average linkage (Sokal and Michener 1958).

use kodama::Method;
use kodama::linkage;

use crate::propose::Correlations;

/// Units beside an anchor that are linked, at most: the strongest.
const NEIGHBOURS: usize = 512;

/// A channel at an offset from the anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    /// Among the live channels.
    pub(super) channel: usize,
    /// `[down, right]`
    pub(super) offset: [isize; 2],
    /// With the anchor.
    pub(super) correlation: f32,
}

/// All offsets of the window, and where each lies.
fn window(correlations: &Correlations) -> Vec<([isize; 2], (usize, bool))> {
    let offsets = correlations.offsets();
    let half = offsets.half().iter().enumerate();
    half.flat_map(|(number, &[down, right])| {
        let both = [([down, right], (number, false)), ([-down, -right], (number, true))];
        both.into_iter().take(if number == 0 { 1 } else { 2 })
    })
    .collect()
}

/// For each channel the sum over channels of the largest squared correlation above a threshold, wherever in the window; itself counts 1.
pub(super) fn reach(correlations: &Correlations, threshold: f32) -> Vec<f64> {
    let count = correlations.channels().len();
    let mut all = vec![1.0; count];
    for channel in 0..count {
        for other in 0..channel {
            let square = squared(correlations.strongest(channel, other), threshold);
            all[channel] += square;
            all[other] += square;
        }
    }
    all
}

fn squared(correlation: f32, threshold: f32) -> f64 {
    if correlation > threshold { f64::from(correlation).powi(2) } else { 0.0 }
}

/// The units of an anchor's cluster, the anchor first: those of the channels that `free` allows, linked to it above `threshold`.
pub(super) fn gather(correlations: &Correlations, anchor: usize, threshold: f32, free: impl Fn(usize) -> bool) -> Vec<Unit> {
    let mut units = Vec::new();
    for (offset, place) in window(correlations) {
        for channel in (0..correlations.channels().len()).filter(|&channel| free(channel)) {
            let correlation = correlations.of_place(place, anchor, channel);
            if correlation.abs() > threshold && !(channel == anchor && offset == [0, 0]) {
                units.push(Unit { channel, offset, correlation });
            }
        }
    }
    units.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    units.truncate(NEIGHBOURS);
    units.insert(0, Unit { channel: anchor, offset: [0, 0], correlation: 1.0 });
    let mut distances = distances(correlations, &units);
    // Steps come in increasing distance, and each makes a group of its own number.
    let mut groups: Vec<Vec<usize>> = (0..units.len()).map(|unit| vec![unit]).collect();
    for step in linkage(&mut distances, units.len(), Method::Average).steps() {
        if step.dissimilarity >= 1.0 - threshold {
            break;
        }
        let [one, other] = [step.cluster1, step.cluster2].map(|group| std::mem::take(&mut groups[group]));
        groups.push([one, other].concat());
    }
    let mut members = groups.into_iter().find(|group| group.contains(&0)).unwrap_or_default();
    members.sort_unstable();
    members.into_iter().map(|member| units[member]).collect()
}

fn distances(correlations: &Correlations, units: &[Unit]) -> Vec<f32> {
    let mut all = Vec::with_capacity(units.len() * units.len().saturating_sub(1) / 2);
    for (number, a) in units.iter().enumerate() {
        for b in &units[number + 1..] {
            let apart = [b.offset[0] - a.offset[0], b.offset[1] - a.offset[1]];
            // Units further apart than is known: as if they hung together through the anchor alone.
            let correlation = correlations.at(apart, a.channel, b.channel).unwrap_or(a.correlation * b.correlation);
            all.push(1.0 - correlation.abs());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::statistics::Offsets;

    /// The channels of the cluster of channel 0 at one position, from the upper triangle of correlations.
    fn members(channels: usize, upper: &[f32]) -> Vec<usize> {
        let mut table = vec![1.0; channels * channels];
        let pairs = (0..channels).flat_map(|row| (row + 1..channels).map(move |column| (row, column)));
        for ((row, column), &correlation) in pairs.zip(upper) {
            table[row * channels + column] = correlation;
            table[column * channels + row] = correlation;
        }
        let correlations = Correlations::from_table(channels, Offsets::new(0), table);
        gather(&correlations, 0, 0.5, |_| true).iter().map(|unit| unit.channel).collect()
    }

    #[test]
    fn members_correlate_with_the_anchor_and_with_each_other() {
        assert_eq!(members(3, &[0.9, -0.9, 0.9]), [0, 1, 2]);
        // A stranger to the other member: 0.35 on average.
        assert_eq!(members(3, &[0.8, 0.7, 0.0]), [0, 1]);
        // With the anchor itself too little, whatever the others say.
        assert_eq!(members(4, &[0.9, 0.9, 0.45, 0.9, 0.9, 0.9]), [0, 1, 2]);
        assert_eq!(members(2, &[0.5]), [0]);
    }
}

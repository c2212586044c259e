//! Which channel each lane of a blocked map carries.

use crate::kernel::LANES;

/// A lane's channel; [`Channels::NOBODY`] in lanes that carry nothing. Channels of a block stand in its first lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channels {
    of_lane: Vec<u32>,
    lanes: Vec<u8>,
    count: u32,
}

impl Channels {
    /// What stands for a lane without a channel.
    pub const NOBODY: u32 = u32::MAX;

    /// So many channels in order, the last block filled up.
    pub fn new(count: u32) -> Channels {
        Channels::joined(&[count])
    }

    /// Parts one behind the other, each beginning a block of its own: the channels of a concatenation whose parts are written in place.
    pub fn joined(parts: &[u32]) -> Channels {
        let mut channels = Channels { of_lane: Vec::new(), lanes: Vec::new(), count: 0 };
        for &part in parts {
            for first in (0..part).step_by(LANES) {
                let lanes = (part - first).min(LANES as u32);
                let lane = |lane: u32| if lane < lanes { channels.count + first + lane } else { Channels::NOBODY };
                channels.of_lane.extend((0..LANES as u32).map(lane));
                channels.lanes.push(lanes as u8);
            }
            channels.count += part;
        }
        channels
    }

    /// These, and others behind them.
    #[must_use]
    pub fn followed_by(&self, others: &Channels) -> Channels {
        let moved = |&channel: &u32| if channel == Channels::NOBODY { channel } else { channel + self.count };
        Channels {
            of_lane: self.of_lane.iter().copied().chain(others.of_lane.iter().map(moved)).collect(),
            lanes: [&self.lanes[..], &others.lanes].concat(),
            count: self.count + others.count,
        }
    }

    /// The same lanes with other names for their channels: `names` has a new one for each, all of them once.
    #[must_use]
    pub fn renamed(&self, names: &[u32]) -> Channels {
        let renamed = |&channel: &u32| if channel == Channels::NOBODY { channel } else { names[channel as usize] };
        Channels { of_lane: self.of_lane.iter().map(renamed).collect(), ..self.clone() }
    }

    /// For each channel the block and the lane that carry it.
    pub fn places(&self) -> Vec<[usize; 2]> {
        let mut places = vec![[0; 2]; self.count as usize];
        for (lane, &channel) in self.of_lane.iter().enumerate().filter(|&(_, &channel)| channel != Channels::NOBODY) {
            places[channel as usize] = [lane / LANES, lane % LANES];
        }
        places
    }

    /// How many channels.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How many blocks they take.
    pub fn blocks(&self) -> usize {
        self.lanes.len()
    }

    /// For each block how many lanes carry a channel.
    pub fn lanes(&self) -> &[u8] {
        &self.lanes
    }

    /// The channels of a block's lanes that carry one.
    pub fn of_block(&self, block: usize) -> &[u32] {
        &self.of_lane[block * LANES..][..self.lanes[block] as usize]
    }

    /// For each lane its channel or [`Channels::NOBODY`].
    pub fn of_lane(&self) -> &[u32] {
        &self.of_lane
    }

    /// One number for each lane, from one for each channel; `empty` elsewhere.
    pub fn spread(&self, values: &[f32], empty: f32) -> Vec<f32> {
        self.of_lane.iter().map(|&channel| if channel == Channels::NOBODY { empty } else { values[channel as usize] }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_ends_within_a_block_leaves_lanes_empty() {
        let channels = Channels::joined(&[18, 2]);
        assert_eq!((channels.count(), channels.blocks(), channels.lanes()), (20, 3, &[16, 2, 2][..]));
        assert_eq!((channels.of_block(1), channels.of_block(2)), (&[16, 17][..], &[18, 19][..]));
        assert_eq!(Channels::new(18).followed_by(&Channels::new(2)), channels);
    }

    #[test]
    fn channels_are_found_by_their_names() {
        let names: Vec<u32> = (0..20).map(|channel| (channel + 3) % 20).collect();
        let channels = Channels::joined(&[18, 2]).renamed(&names);
        assert_eq!((channels.of_block(1), channels.of_block(2)), (&[19, 0][..], &[1, 2][..]));
        let places = channels.places();
        assert_eq!([places[3], places[19], places[0], places[2]], [[0, 0], [1, 0], [1, 1], [2, 1]]);
    }
}

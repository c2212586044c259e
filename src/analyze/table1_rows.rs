//! Table 1 of "Going deeper with convolutions" (Szegedy et al., 2014) as data: its columns `params` and `ops`, and what is known of the
//! rows whose printed figures are not those of the published network.
//!
//! In `params` K is 1024: 112K of conv2 and 1000K of the linear layer are exact that way; in `ops` M is 10^6. Both leave biases out.

/// Where a row's layers are in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Everything at a path.
    At(&'static str),
    /// Everything at a path and what leads to it from another: conv2's row holds its 1x1 reduction.
    Between(&'static str, &'static str),
    /// The linear layers.
    Linear,
}

/// A printed figure: `digits / scale` thousands or millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) digits: u64,
    pub(super) scale: u64,
}

/// What is known of a number of weights or multiply-adds that is not the printed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// The number.
    pub(super) number: u64,
    /// Why the paper prints another.
    pub(super) reason: &'static str,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PaperRow {
    pub(super) name: &'static str,
    pub(super) place: Place,
    /// In K of 1024.
    pub(super) params: Printed,
    /// In M of 10^6.
    pub(super) ops: Printed,
    /// Weights of the published network.
    pub(super) weights: u64,
    /// Multiply-adds of the published network.
    pub(super) madds: u64,
    pub(super) of_params: &'static [Known],
    pub(super) of_ops: &'static [Known],
}

const fn whole(digits: u64) -> Printed {
    Printed { digits, scale: 1 }
}

/// A row whose `ops` are those of the published network.
const fn row(name: &'static str, params: u64, ops: u64, [weights, madds]: [u64; 2], of_params: &'static [Known]) -> PaperRow {
    let place = Place::At(name);
    PaperRow { name, place, params: whole(params), ops: whole(ops), weights, madds, of_params, of_ops: &[] }
}

const SEPARABLE: &str = "the paper prints a separable convolution with depth multiplier 8: 7 * 7 * 3 * 8 + 24 * 64 = 2 712 weights, on \
                         112 x 112 positions 34 019 328 multiply-adds";
const SMALLER_4A: &str = "the paper's two figures agree with each other (364 K on 14 x 14 positions are 73.06 M), so it counted another \
                          module; a 5x5 of 40 in place of 48 would give both";
const LARGER_5A: &str = "the paper's two figures agree with each other (1072 K on 7 x 7 positions are 53.79 M), so it counted another \
                         module; no change of one or two widths gives both";

/// The rows in the paper's order.
pub(super) const ROWS: [PaperRow; 12] = [
    PaperRow {
        params: Printed { digits: 27, scale: 10 },
        of_params: &[
            Known { number: 9408, reason: SEPARABLE },
            Known {
                number: 2712,
                reason: "2 712 weights are 2.65 K; 2.7 if this K is 1000, or with 64 biases: 2 776 are 2.71 K",
            },
        ],
        of_ops: &[Known { number: 118_013_952, reason: SEPARABLE }],
        ..row("conv1", 0, 34, [9408, 118_013_952], &[])
    },
    PaperRow { place: Place::Between("conv1", "conv2"), ..row("conv2", 112, 360, [114_688, 359_661_568], &[]) },
    row("3a", 159, 128, [163_328, 128_049_152], &[]),
    row(
        "3b",
        380,
        304,
        [388_096, 304_267_264],
        &[Known {
            number: 388_096,
            reason: "388 096 weights are 379.0 K; its 640 biases would make it 379.6, but with biases 3a would be 159.9 and print 160",
        }],
    ),
    PaperRow {
        of_params: &[Known { number: 375_552, reason: SMALLER_4A }],
        of_ops: &[Known { number: 73_608_192, reason: SMALLER_4A }],
        ..row("4a", 364, 73, [375_552, 73_608_192], &[])
    },
    row(
        "4b",
        437,
        88,
        [448_512, 87_908_352],
        &[Known {
            number: 448_512,
            reason: "448 512 weights are 438.0 K; the paper's operations are those of the published module, its parameters one K less",
        }],
    ),
    row(
        "4c",
        463,
        100,
        [509_440, 99_850_240],
        &[Known {
            number: 509_440,
            reason: "509 440 weights are 497.5 K; the paper's operations are those of the published module; 463.0 K are the 474 112 \
                     weights of one with a 3x3 of 192 and a 5x5 of 128, perhaps an earlier one",
        }],
    ),
    row(
        "4d",
        580,
        119,
        [604_672, 118_515_712],
        &[Known {
            number: 604_672,
            reason: "604 672 weights are 590.5 K; the paper's operations are those of the published module; a 3x3 of 280 in place of 288 \
                     has 594 304, which are 580.4 K",
        }],
    ),
    row(
        "4e",
        840,
        170,
        [867_328, 169_996_288],
        &[Known {
            number: 867_328,
            reason: "867 328 weights are 847.0 K; the paper's operations are those of the published module, its parameters 7 K less",
        }],
    ),
    PaperRow {
        of_params: &[Known { number: 1_042_432, reason: LARGER_5A }],
        of_ops: &[Known { number: 51_079_168, reason: LARGER_5A }],
        ..row("5a", 1072, 54, [1_042_432, 51_079_168], &[])
    },
    row(
        "5b",
        1388,
        71,
        [1_442_816, 70_697_984],
        &[Known {
            number: 1_442_816,
            reason: "1 442 816 weights are 1409.0 K; the paper's operations are those of the published module, its parameters 21 K less",
        }],
    ),
    PaperRow { place: Place::Linear, ..row("linear", 1000, 1, [1_024_000, 1_024_000], &[]) },
];

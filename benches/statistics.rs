//! How fast activations become covariances, and samples a cover. Statistics: one iteration is one pass over the positions named, on as many
//! threads as there are processors; covers: one network of a tier of docs/clustering.md, on one thread.

use divan::Bencher;
use divan::black_box;
use nas::kernel::Arch;
use nas::propose::cover::cover;
use nas::propose::planted::Recipe;
use nas::propose::planted::Tier;
use nas::propose::planted::draw;
use nas::propose::statistics::MapShape;
use nas::propose::statistics::Offsets;
use nas::propose::statistics::Statistics;

/// Rows and columns of GoogLeNet's maps in its fourth stage.
const SIDE: usize = 14;
/// Images; 50 176 positions.
const IMAGES: usize = 256;

fn main() {
    divan::main();
}

/// Values `[image, channel, row, column]` that are no two alike, about half of them zero.
fn activations(shape: MapShape) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / (1 << 23) as f32 - 1.0).max(0.0)
    };
    (0..IMAGES * shape.values()).map(|_| next()).collect()
}

/// Covariances of all pairs of channels at the 13 offsets of half a 5x5 window.
#[divan::bench(args = [480, 832], sample_count = 3, sample_size = 1)]
fn raw_offsets(bencher: Bencher<'_, '_>, channels: usize) {
    let shape = MapShape { channels, height: SIDE, width: SIDE };
    let values = activations(shape);
    bencher.bench_local(|| {
        let mut statistics = Statistics::new(Arch::best(), shape, Offsets::five(), 0).expect("maps are large enough");
        statistics.add(&values).expect("all values are finite");
        assert_eq!(statistics.images(), IMAGES as u64);
        black_box(statistics)
    });
}

/// The time that the cover takes for a tier's network.
#[divan::bench(args = ["P2", "O1", "O2", "O3", "O4", "O5", "C1"], sample_count = 3, sample_size = 1)]
fn covers(bencher: Bencher<'_, '_>, tier: &str) {
    let (joined, units, hidden, rate, noise, samples) = match tier {
        "P2" => (Tier::Disjoint, 500, 50, 0.05, 0.5, 1000),
        "O1" => (Tier::Overlapping { degree: 16.0 }, 500, 250, 0.02, 0.0, 5000),
        "O2" => (Tier::Overlapping { degree: 16.0 }, 500, 500, 0.01, 0.0, 20_000),
        "O3" => (Tier::Overlapping { degree: 24.0 }, 500, 500, 0.01, 0.0, 20_000),
        "O4" => (Tier::Overlapping { degree: 16.0 }, 1000, 1000, 0.005, 0.0, 16_000),
        "O5" => (Tier::Overlapping { degree: 16.0 }, 500, 500, 0.01, 0.0, 2000),
        _ => (Tier::Chain { degree: 8.0 }, 800, 800, 0.0025, 0.0, 20_000),
    };
    let planted = draw(&Recipe { tier: joined, units, hidden, rate, noise, samples }, 5000, 0).expect("is a recipe");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("starts");
    bencher.bench_local(|| pool.install(|| black_box(cover(&planted.observed))));
}

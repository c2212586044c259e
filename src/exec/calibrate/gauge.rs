//! The measurements of a calibration, one after the other, with one thread and with all.

use std::time::Duration;

use rayon::ThreadPoolBuildError;
use rayon::ThreadPoolBuilder;

use crate::base::Speed;
use crate::exec::calibrate::bandwidth;
use crate::exec::calibrate::layers;
use crate::exec::calibrate::peak;
use crate::kernel::Arch;

/// What is measured, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Calibration {
    /// The instruction set.
    pub arch: Arch,
    /// All threads.
    pub threads: usize,
    /// Bytes to stream: many times what the last cache holds.
    pub bytes: usize,
    /// Takes a tenth of the time.
    pub quick: bool,
}

/// How long one measurement goes on, and how often it is repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) time: Duration,
    pub(super) rounds: usize,
}

impl Calibration {
    fn patience(&self) -> Patience {
        if self.quick {
            Patience { time: Duration::from_millis(10), rounds: 3 }
        } else {
            Patience { time: Duration::from_millis(100), rounds: 5 }
        }
    }
}

/// Measures; `told` hears what comes next.
pub fn calibrate(wanted: &Calibration, mut told: impl FnMut(&str)) -> Result<Vec<Speed>, ThreadPoolBuildError> {
    let patience = wanted.patience();
    let mut counts = vec![1, wanted.threads.max(1)];
    counts.dedup();
    let mut speeds = Vec::with_capacity(counts.len());
    for threads in counts {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let on = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
        told(&format!("{on}: the matrix kernel"));
        let peak_madds_per_second = pool.install(|| peak::peak(wanted.arch, patience));
        told(&format!("{on}: memory"));
        let [read_bytes_per_second, copy_bytes_per_second] =
            pool.install(|| bandwidth::bandwidth(wanted.arch, wanted.bytes / threads, patience));
        let all = layers::layers();
        let mut kernels = Vec::with_capacity(all.len());
        for (number, layer) in all.iter().enumerate() {
            told(&format!("{on}: layer {} of {}", number + 1, all.len()));
            kernels.push(pool.install(|| layers::timed(layer, wanted.arch, patience)));
        }
        speeds.push(Speed { threads, peak_madds_per_second, read_bytes_per_second, copy_bytes_per_second, kernels });
    }
    Ok(speeds)
}

/// The rate at which all threads of the pool together get through something: each repeats its own work, which says how much it is, for
/// at least the time; the best of the rounds.
pub(super) fn rate<W>(patience: Patience, work: impl Fn() -> W + Sync) -> u64
where
    W: FnMut() -> u64,
{
    let barrier = std::sync::Barrier::new(rayon::current_num_threads());
    let of_threads = rayon::broadcast(|_| {
        let mut work = work();
        work();
        let mut rates = Vec::with_capacity(patience.rounds);
        for _ in 0..patience.rounds {
            barrier.wait();
            let begun = std::time::Instant::now();
            let mut done = 0;
            while begun.elapsed() < patience.time {
                done += work();
            }
            rates.push(done as f64 / begun.elapsed().as_secs_f64());
        }
        rates
    });
    let of_round = |round: usize| of_threads.iter().map(|rates| rates[round]).sum::<f64>();
    (0..patience.rounds).map(of_round).fold(1.0, f64::max) as u64
}

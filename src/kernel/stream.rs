//! Walks through memory from end to end: what a bandwidth is measured with.

use crate::kernel::LANES;
use crate::kernel::arch::vectorized;

vectorized! {
    /// Sums lane by lane; what is left at the end is not read.
    pub fn stream_read(arch, values: &[f32]) -> [f32; LANES] {
        const CHAINS: usize = 4;
        let mut sums = [[0.0; LANES]; CHAINS];
        for values in values.chunks_exact(CHAINS * LANES) {
            for (sum, values) in sums.iter_mut().zip(values.chunks_exact(LANES)) {
                for (sum, value) in sum.iter_mut().zip(values) {
                    *sum += value;
                }
            }
        }
        let [first, rest @ ..] = sums;
        rest.iter().fold(first, |mut all, sum| {
            all.iter_mut().zip(sum).for_each(|(all, sum)| *all += sum);
            all
        })
    }

    /// Every number times a factor into other memory.
    pub fn stream_copy(arch, from: &[f32], factor: f32, to: &mut [f32]) {
        for (to, from) in to.iter_mut().zip(from) {
            *to = from * factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Arch;

    #[test]
    fn all_is_read_and_written() {
        for arch in Arch::all() {
            let values: Vec<f32> = (0..640).map(|at| at as f32).collect();
            assert!((stream_read(arch, &values).iter().sum::<f32>() - 320.0 * 639.0).abs() < 0.5, "{arch}");
            let mut doubled = vec![0.0; 640];
            stream_copy(arch, &values, 2.0, &mut doubled);
            assert!(doubled.iter().zip(&values).all(|(double, value)| (double - 2.0 * value).abs() < 0.1), "{arch}");
        }
    }
}

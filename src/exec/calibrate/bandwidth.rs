//! Memory walked through from end to end, far more of it than caches hold.

use crate::exec::calibrate::gauge::Patience;
use crate::exec::calibrate::gauge::rate;
use crate::kernel::Arch;
use crate::kernel::stream_copy;
use crate::kernel::stream_read;

/// Bytes a second of the threads of this pool together, read, and read and written; each thread has `bytes` of its own.
pub(super) fn bandwidth(arch: Arch, bytes: usize, patience: Patience) -> [u64; 2] {
    let elements = (bytes / size_of::<f32>()).max(1 << 10);
    let moved = (elements * size_of::<f32>()) as u64;
    let read = rate(patience, || {
        let values = vec![1.0; elements];
        move || {
            std::hint::black_box(stream_read(arch, std::hint::black_box(&values)));
            moved
        }
    });
    let copied = rate(patience, || {
        let mut values = vec![1.0; elements];
        move || {
            let (from, to) = values.split_at_mut(elements / 2);
            stream_copy(arch, from, std::hint::black_box(1.0), to);
            std::hint::black_box(&values);
            moved
        }
    });
    [read, copied]
}

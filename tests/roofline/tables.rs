//! Tables of machines that nobody has.

use nas::base::KernelTime;
use nas::base::MACHINE;
use nas::base::Machine;
use nas::base::Speed;

/// One thread: two multiply-adds and one byte a nanosecond.
pub(crate) fn round(kernels: Vec<KernelTime>) -> Machine {
    let speed = Speed {
        threads: 1,
        peak_madds_per_second: 2_000_000_000,
        read_bytes_per_second: 1_000_000_000,
        copy_bytes_per_second: 1_000_000_000,
        kernels,
    };
    Machine {
        schema: MACHINE.to_owned(),
        name: "round".to_owned(),
        processor: "none".to_owned(),
        threads: 1,
        arch: "scalar".to_owned(),
        quick: false,
        speeds: vec![speed],
    }
}

/// The one that `--machine example` is.
pub(crate) fn example() -> Machine {
    Machine::parse(include_bytes!("../../src/cli/machine/example.json")).expect("a table")
}

//! `nas calibrate`: what this machine can do, kept as a table that times are predicted from.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::ensure;
use clap::Args;

use crate::base::MACHINE;
use crate::base::Machine;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::files;
use crate::cli::machine;
use crate::cli::output;
use crate::cli::output::When;
use crate::exec;
use crate::exec::Calibration;
use crate::report;

/// The least that memory is streamed through.
const LEAST_BYTES: u64 = 256 << 20;
/// How many times the largest cache it is.
const TIMES_CACHE: u64 = 8;

/// Arguments of `nas calibrate`.
#[derive(Debug, Args)]
#[command(
    after_help = "The table is kept in `$XDG_CACHE_HOME/nas/machines`, or `~/.cache/nas/machines`, under the machine's name: processor, threads, \
instruction set. `nas analyze --roofline`, `nas plot --kind roofline` and `nas profile` take it from there. Let the machine do nothing else \
meanwhile.

Examples:
  nas calibrate
  nas calibrate --quick -o here.json
  nas calibrate --threads 1 --arch avx2 --json"
)]
pub(super) struct Calibrate {
    /// Threads beside one [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Instruction set: scalar, neon, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME")]
    arch: Option<String>,
    /// Takes a tenth of the time; the numbers scatter more
    #[arg(long)]
    quick: bool,
    /// Prints the table as JSON, nas.machine/1
    #[arg(long)]
    json: bool,
    /// Writes the table to this file instead of the cache
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = When::Auto)]
    color: When,
}

impl Calibrate {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let arch = arguments::arch(self.arch.as_deref())?;
        let threads = self.threads.map_or_else(machine::all_threads, usize::from);
        let name = machine::name(arch, threads);
        // Before anything is measured: where the table goes.
        let file = match &self.output {
            Some(file) => file.clone(),
            None => {
                let folder = machine::folder().context("neither XDG_CACHE_HOME nor HOME is set; name a file with `-o`")?;
                std::fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
                machine::file(&folder, &name)
            }
        };
        let wanted = Calibration { arch, threads, bytes: bytes()?, quick: self.quick };
        let shows = std::io::stderr().is_terminal();
        let speeds = exec::calibrate(&wanted, |next| {
            if shows {
                output::passing(next);
            }
        });
        if shows {
            output::passing("");
        }
        let machine = Machine {
            schema: MACHINE.to_owned(),
            name,
            processor: machine::processor(),
            threads,
            arch: arch.name().to_owned(),
            quick: self.quick,
            speeds: speeds.context("threads cannot be started")?,
        };
        let json = report::json(std::slice::from_ref(&machine));
        files::write(&file, json.as_bytes())?;
        if self.json {
            output::give(&json, None)?;
        } else {
            let text = report::machine_table(&machine, &self.color.paint());
            output::give(&format!("{text}\nwritten to {}\n", file.display()), None)?;
        }
        Ok(Exit::Ok)
    }
}

/// How much memory is streamed through: many times the largest cache, and no more than half of what is free.
fn bytes() -> anyhow::Result<usize> {
    let cache = machine::largest_cache().unwrap_or(0);
    let wanted = (TIMES_CACHE * cache).max(LEAST_BYTES);
    let free = files::free_memory().unwrap_or(u64::MAX);
    let bytes = wanted.min(free / 2);
    let told = |bytes: u64| units::bytes(bytes.into(), 1);
    ensure!(
        bytes >= 2 * cache.max(1 << 20),
        "{} of memory are free, too little to see past a cache of {}",
        told(free),
        told(cache)
    );
    Ok(usize::try_from(bytes)?)
}

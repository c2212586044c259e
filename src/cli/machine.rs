//! The tables of machines: this machine's name, the folder that keeps them, files, and the example.

use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;

use crate::base::Machine;
use crate::base::nearest;
use crate::cli::files;
use crate::kernel::Arch;

/// A machine that nobody has: round numbers, so that results can be followed by hand.
const EXAMPLE: &str = include_str!("machine/example.json");
/// What it is asked for by.
const EXAMPLE_NAME: &str = "example";
/// Where processors say how large their caches are.
const CACHES: &str = "/sys/devices/system/cpu/cpu0/cache";

/// The table that is asked for, or this machine's; there is none to fall back on.
pub(super) fn table(named: Option<&str>, arch: Arch) -> anyhow::Result<Machine> {
    if let Some(named) = named {
        return find(named);
    }
    let name = name(arch, all_threads());
    let advice = "run `nas calibrate`, which takes seconds, or name one with `--machine`";
    kept(&name)?.with_context(|| format!("there is no table of this machine, `{name}`; {advice}"))
}

/// The threads that this machine runs at once.
pub(super) fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The processor's model, with the family, model and stepping that tell masked names apart.
pub(super) fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = told.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let model = field("model name").unwrap_or_else(|| format!("unknown {}", std::env::consts::ARCH));
    match (field("cpu family"), field("model"), field("stepping")) {
        (Some(family), Some(number), Some(stepping)) => format!("{model} ({family}.{number}.{stepping})"),
        _ => model,
    }
}

/// The name of this machine with an instruction set and so many threads.
pub(super) fn name(arch: Arch, threads: usize) -> String {
    Machine::name_of(&processor(), threads, arch.name())
}

/// Bytes of the largest cache, where the system tells.
pub(super) fn largest_cache() -> Option<u64> {
    let entries = std::fs::read_dir(CACHES).ok()?;
    let size = |entry: std::fs::DirEntry| {
        let text = std::fs::read_to_string(entry.path().join("size")).ok()?;
        let text = text.trim();
        let (digits, unit) = text.split_at(text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len()));
        let unit = match unit {
            "K" => 1 << 10,
            "M" => 1 << 20,
            "" => 1,
            _ => return None,
        };
        digits.parse::<u64>().ok().map(|number| number * unit)
    };
    entries.flatten().filter_map(size).max()
}

/// The folder that keeps tables: in the user's cache, wherever that is.
pub(super) fn folder() -> Option<PathBuf> {
    files::cache_folder().map(|folder| folder.join("machines"))
}

/// The file of a machine in a folder.
pub(super) fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

/// The kept table of this name, if there is one.
pub(super) fn kept(name: &str) -> anyhow::Result<Option<Machine>> {
    let Some(path) = folder().map(|folder| file(&folder, name)).filter(|path| path.exists()) else { return Ok(None) };
    let machine = read(&path)?;
    if machine.name != name {
        bail!("`{}` is the table of `{}`, and not of `{name}`: its field `name` says so", path.display(), machine.name);
    }
    Ok(Some(machine))
}

/// The kept table of this machine that has speeds for so many threads.
pub(super) fn of_this(arch: Arch, threads: usize) -> anyhow::Result<Option<Machine>> {
    for all in [all_threads(), threads] {
        if let Some(machine) = kept(&name(arch, all))?.filter(|machine| machine.speed(Some(threads)).is_some()) {
            return Ok(Some(machine));
        }
    }
    Ok(None)
}

/// The table that the user names: `example`, a file, or one that is kept.
pub(super) fn find(named: &str) -> anyhow::Result<Machine> {
    let path = Path::new(named);
    if path.is_file() {
        return read(path);
    }
    if named == EXAMPLE_NAME {
        return Machine::parse(EXAMPLE.as_bytes()).context("the example");
    }
    let is_name = !named.contains(['/', '\\']);
    if let Some(machine) = kept(named).map(|kept| kept.filter(|_| is_name))? {
        return Ok(machine);
    }
    let mut known = known();
    known.push(EXAMPLE_NAME.to_owned());
    match nearest(named, known.iter().map(String::as_str)) {
        Some(near) => bail!("there is no file and no table of a machine `{named}`; did you mean `{near}`?"),
        None => bail!("there is no file and no table of a machine `{named}`; there are {}", known.join(", ")),
    }
}

fn read(path: &Path) -> anyhow::Result<Machine> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Machine::parse(&bytes).with_context(|| format!("`{}` is no table of a machine", path.display()))
}

/// The names of all tables that are kept.
fn known() -> Vec<String> {
    let entries = folder().and_then(|folder| std::fs::read_dir(folder).ok());
    let name = |entry: std::fs::DirEntry| entry.file_name().to_str()?.strip_suffix(".json").map(str::to_owned);
    let mut known: Vec<String> = entries.into_iter().flatten().flatten().filter_map(name).collect();
    known.sort();
    known
}

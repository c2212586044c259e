//! Reading and writing files: specs from paths, standard input, git revisions or the built-in set; results under a temporary name, then renamed.

use std::fs::File;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;

use crate::base::split_revision;
use crate::cli::builtin;
use crate::cli::revision;
use crate::yaml::MAX_BYTES;

/// What built-in specs are shown under.
const BUILT_IN: &str = "<built-in>/";

/// A text as it was found.
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Reads a spec that the user names: `-`, a path, a built-in name, or `PATH@REV`; a path wins over everything.
pub(super) fn read_spec(spec: &str) -> anyhow::Result<Raw> {
    if spec == "-" {
        let bytes = read_bounded(std::io::stdin().lock()).context("cannot read standard input")?;
        return Ok(Raw { name: "<stdin>".to_owned(), bytes });
    }
    let path = Path::new(spec);
    if path.is_dir() && builtin::find(spec).is_none() {
        bail!("`{spec}` is a folder, a spec is a file");
    }
    if path.exists() && !path.is_dir() {
        let bytes = File::open(path).and_then(read_bounded).with_context(|| format!("cannot read `{spec}`"))?;
        return Ok(Raw { name: spec.to_owned(), bytes });
    }
    match (builtin::find(spec), split_revision(spec)) {
        (Some(text), _) => Ok(Raw { name: built_in_name(spec), bytes: text.into() }),
        (None, Some((file, of))) => Ok(Raw { name: spec.to_owned(), bytes: revision::read(Path::new(file), of)? }),
        (None, None) => bail!(unknown_spec(spec)),
    }
}

fn built_in_name(spec: &str) -> String {
    format!("{BUILT_IN}{}.yaml", spec.strip_suffix(".yaml").unwrap_or(spec))
}

fn unknown_spec(spec: &str) -> String {
    let names: Vec<&str> = builtin::BUILT_IN.iter().map(|(name, _)| *name).collect();
    let near = crate::base::nearest(spec, names.iter().copied());
    match near {
        Some(near) => format!("there is no file `{spec}` and no built-in spec of that name; did you mean `{near}`?"),
        None => format!("there is no file `{spec}` and no built-in spec of that name; built in are {}", names.join(", ")),
    }
}

/// One byte more than a spec may have is enough to refuse it.
pub(super) fn read_bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// All of a file of at most 16 MiB; a larger one is an error, for what is cut may be read as something else.
pub(super) fn read_whole(from: impl Read) -> std::io::Result<Vec<u8>> {
    let bytes = read_bounded(from)?;
    if bytes.len() > MAX_BYTES {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "it has more than 16 MiB"));
    }
    Ok(bytes)
}

/// The text that `extends: wanted` in the file `from` means: beside that file, in the same revision, else built in.
pub(super) fn read_extended(wanted: &str, from: &str) -> Result<(String, String), String> {
    let built_in = || {
        let found = builtin::find(wanted).map(|text| (built_in_name(wanted), text.to_owned()));
        found.ok_or_else(|| "there is no such file".to_owned())
    };
    let readable = |bytes| crate::yaml::read_bytes(bytes).map_err(|_| "it is no plain UTF-8 text of at most 16 MiB".to_owned());
    if let Some((file, of)) = split_revision(from).filter(|_| !Path::new(from).exists()) {
        let beside = Path::new(file).parent().unwrap_or(Path::new("")).join(wanted);
        return match revision::read(&beside, of) {
            Ok(bytes) => Ok((format!("{}@{of}", beside.display()), readable(bytes)?)),
            Err(error) => built_in().map_err(|_| error.to_string()),
        };
    }
    let beside = Path::new(from).parent().unwrap_or(Path::new("")).join(wanted);
    if !from.starts_with(BUILT_IN) && beside.exists() {
        let bytes = File::open(&beside).and_then(read_bounded).map_err(|error| error.to_string())?;
        return Ok((beside.display().to_string(), readable(bytes)?));
    }
    built_in()
}

/// Writes a file so that it is either there whole or not at all. A link is followed and a file keeps its mode; what is no regular file,
/// such as a pipe or a device, is written to as it is.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let told = || format!("cannot write `{}`", path.display());
    let found = std::fs::metadata(path).ok();
    let is_replaced = found.as_ref().map_or(!path.is_symlink(), std::fs::Metadata::is_file);
    let in_place = || File::create(path).and_then(|mut file| file.write_all(bytes)).with_context(told);
    if !is_replaced {
        return in_place();
    }
    let target = if found.is_some() { std::fs::canonicalize(path).with_context(told)? } else { path.to_owned() };
    let mut name = target.file_name().with_context(|| format!("`{}` names no file", path.display()))?.to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = target.with_file_name(name);
    let created = File::create(&temporary);
    if found.is_some() && created.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied) {
        // The file may be written to, its folder may not.
        return in_place();
    }
    let written = created.and_then(|mut file| {
        file.write_all(bytes)?;
        found.map_or(Ok(()), |found| file.set_permissions(found.permissions()))?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&temporary, &target));
    renamed.or_else(|error| {
        // The error of writing is told; that the half-written file may stay is the lesser one.
        let _ = std::fs::remove_file(&temporary);
        Err(error).with_context(told)
    })
}

/// Bytes of memory that the machine can still give, where its kernel tells.
pub(super) fn free_memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// Where this program may keep what it can make again: in the user's cache, if the environment says where that is.
pub(super) fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // A relative one is to be ignored, says the XDG Base Directory Specification.
    let cache = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(|| Some(set("HOME")?.join(".cache")));
    cache.filter(|path| path.is_absolute()).map(|path| path.join("nas"))
}

/// A path as a shell takes it for one argument.
pub(super) fn as_argument(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |char: char| char.is_alphanumeric() || "/._-+=@%:,".contains(char);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Makes a folder and those above it.
pub(super) fn make_folder(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make the folder `{}`", path.display()))
}

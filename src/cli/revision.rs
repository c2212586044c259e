//! Reading a file as it is in a git revision.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use anyhow::Context;
use anyhow::bail;

use crate::cli::files;

/// The bytes of a file in a revision of the repository that its folder lies in.
pub(super) fn read(file: &Path, revision: &str) -> anyhow::Result<Vec<u8>> {
    let shown = file.display();
    if revision.is_empty() {
        bail!("`{shown}@` names no revision; write it as in `{shown}@HEAD~1`");
    }
    // What begins with a dash would be an option, a colon ends the revision.
    if revision.starts_with('-') || revision.contains(':') {
        bail!("`{revision}` is no git revision");
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("there is no folder `{}`", folder.display());
    }
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else { bail!("`{shown}` names no file") };
    let mut child = match git(folder, &["cat-file", "blob", &format!("{revision}:./{name}")]).stderr(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("`{shown}@{revision}` is read with git, which is not installed")
        }
        Err(error) => return Err(error).context("cannot start git"),
    };
    let bytes = files::read_bounded(child.stdout.take().expect("is piped")).context("cannot read from git")?;
    let is_cut = bytes.len() > crate::yaml::MAX_BYTES;
    if child.wait().context("cannot wait for git")?.success() || is_cut {
        return Ok(bytes);
    }
    bail!(why_not(folder, name, revision)?)
}

fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// What kept git from giving a file.
fn why_not(folder: &Path, name: &str, revision: &str) -> anyhow::Result<String> {
    let ask = |arguments: &[&str]| git(folder, arguments).stderr(Stdio::piped()).output().context("cannot start git");
    let repository = ask(&["rev-parse", "--git-dir"])?;
    if !repository.status.success() {
        let told = String::from_utf8_lossy(&repository.stderr);
        let told = told.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned();
        return Ok(format!("cannot read revision `{revision}` of `{name}` in `{}`: {told}", folder.display()));
    }
    let known = ask(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{tree}}")])?;
    Ok(if known.status.success() {
        format!("revision `{revision}` has no file `{}`", folder.join(name).display())
    } else {
        format!("there is no revision `{revision}` in the repository of `{}`", folder.join(name).display())
    })
}

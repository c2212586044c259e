//! The binary as a user runs it.

use std::path::Path;
use std::process::Command;

/// Runs `nas` in a folder: its exit code, what it printed and what it complained of.
pub(crate) fn nas(folder: &Path, args: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_nas")).args(args.split_whitespace()).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

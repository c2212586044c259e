//! The `nas` command; all of it is [`nas::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    nas::cli::main()
}

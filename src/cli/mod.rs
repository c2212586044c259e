//! The command line: one file a verb. Only here are files read and written, arguments read, texts printed.

mod analyze;
mod arguments;
mod builtin;
mod check;
mod command;
mod completions;
mod corners;
mod expand;
mod files;
mod loading;
mod new;
mod output;
mod params;
mod render;

pub use builtin::BUILT_IN;
pub use command::main;
use command::{Cli, Exit};
pub use render::{Format, render};

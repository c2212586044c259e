//! The command line: one file a verb. Only here are files read and written, arguments read, texts printed.

mod analyze;
mod arguments;
mod builtin;
mod check;
mod codes;
mod command;
mod compare;
mod completions;
mod corners;
mod draw;
mod expand;
mod explain;
mod files;
mod findings;
mod loading;
mod marginal;
mod new;
mod output;
mod params;
mod plot;
mod render;
mod schema;
mod table1;
mod twin;

pub use builtin::BUILT_IN;
use command::Cli;
use command::Exit;
pub use command::main;
pub use render::{Format, render};

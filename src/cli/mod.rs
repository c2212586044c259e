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
mod ending;
mod expand;
mod explain;
mod fail_above;
mod files;
mod findings;
mod loading;
mod marginal;
mod new;
mod output;
mod params;
mod plot;
mod render;
mod report;
mod revision;
mod schema;
mod suggest;
mod sweep;
mod table1;
mod training;
mod twin;

pub use builtin::BUILT_IN;
use command::Cli;
use command::Exit;
pub use command::main;
pub use render::{Format, render};

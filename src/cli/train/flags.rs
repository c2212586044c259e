//! A flag for each setting of a spec's `train` section, off the table of the language.

use clap::Arg;
use clap::ArgMatches;
use clap::Args;
use clap::Command;
use clap::Error;
use clap::FromArgMatches;

use crate::op::Setting;
use crate::op::Takes;
use crate::spec::TRAIN;

/// The settings that flags write anew.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Flags(Vec<(&'static str, String)>);

impl Flags {
    /// Each with its value as it was written.
    pub(in crate::cli) fn written(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value)).collect()
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        TRAIN.iter().fold(command, |command, setting| command.arg(flag(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags, Error> {
        let value = |setting: &Setting| Some((setting.name, matches.get_one::<String>(setting.name)?.clone()));
        Ok(Flags(TRAIN.iter().filter_map(value).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(setting: &'static Setting) -> Arg {
    let arg = Arg::new(setting.name)
        .long(setting.name.replace('_', "-"))
        .help(format!("{} [default: the spec's, or {}]", capital(setting.doc), setting.default))
        .help_heading("Settings, as in a spec's `train`");
    match setting.takes {
        Takes::Truth => arg.value_name("true|false").num_args(0..=1).require_equals(true).default_missing_value("true"),
        Takes::Word(words) => arg.value_name(words.join("|")),
        _ => arg.value_name("N"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

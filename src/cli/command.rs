//! The command line as a whole: its verbs, how a command ends.

use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

use crate::cli::activations;
use crate::cli::analyze;
use crate::cli::calibrate;
use crate::cli::check;
use crate::cli::cluster;
use crate::cli::compare;
use crate::cli::completions;
use crate::cli::data;
use crate::cli::depth;
use crate::cli::draw;
use crate::cli::eval;
use crate::cli::expand;
use crate::cli::explain;
use crate::cli::grow;
use crate::cli::new;
use crate::cli::output;
use crate::cli::params;
use crate::cli::plot;
use crate::cli::predict;
use crate::cli::profile;
use crate::cli::propose;
use crate::cli::report;
use crate::cli::runs;
use crate::cli::schema;
use crate::cli::study;
use crate::cli::suggest;
use crate::cli::sweep;
use crate::cli::train;

/// Architecture search and exact cost analysis for Inception-style convolutional networks.
#[derive(Debug, Parser)]
#[command(name = "nas", version, about, max_term_width = 100)]
#[command(after_help = "A SPEC is a YAML file, `-` for standard input, or the name of a built-in spec such as `googlenet`. \
The language: docs/spec-language.md, and `nas explain WORD` for each of its words. \
Exit codes: 0 ok, 1 findings, 2 usage or files, 3 invalid input, 4 a run that failed, 130 interrupted.

Example: nas analyze googlenet --depth branch")]
pub(super) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Where a network's multiply-adds, parameters and memory go
    Analyze(analyze::Analyze),
    /// Checks specs against the language and their budgets
    Check(check::Check),
    /// Sets a network against its naive twin, or specs against one another
    Compare(compare::Compare),
    /// Writes a spec out flat, every setting and shape shown
    Expand(expand::Expand),
    /// Explains a code, a kind of layer, or the numbers of one layer of a spec
    Explain(explain::Explain),
    /// Finds the least changes of widths that fit a budget, and writes them into the spec
    Suggest(suggest::Suggest),
    /// What widths, variables and the input's size do to the totals, point by point
    Sweep(sweep::Sweep),
    /// Lists every tensor: path, role, shape, initialisation
    Params(params::Params),
    /// Measures this machine: multiply-adds a second, memory, layers of many shapes
    Calibrate(calibrate::Calibrate),
    /// Times a network step by step on this machine: inference or a training step
    Profile(profile::Profile),
    /// Trains a network on images, into a folder that can be gone on with
    Train(train::Train),
    /// How well a trained network does on images that it has not seen
    Eval(eval::Eval),
    /// What a trained network takes images for
    Predict(predict::Predict),
    /// What layers of a trained network give for images, as .npy or .safetensors
    Activations(activations::Activations),
    /// Sets runs side by side: settings, accuracies, mean and deviation over seeds
    Runs(runs::Runs),
    /// Compares networks over several seeds on the same images, with intervals
    Study(study::Study),
    /// What correlations say of layers: clusters by extent, ranks; and of planted networks
    Cluster(cluster::Cluster),
    /// Whether clusters reach farther the deeper a layer lies, over several runs
    Depth(depth::Depth),
    /// Proposes branch widths from a trained network's activations, at a budget
    Propose(propose::Propose),
    /// Grows a network module by module, each by what the layer before it says
    Grow(grow::Grow),
    /// What a data set holds: classes, counts, sizes, mean and deviation, bad files
    Data(data::Data),
    /// Draws pictures for a paper, as SVG or PNG
    Plot(plot::Plot),
    /// Draws the network: layers, branches and modules, as SVG, PNG, DOT or Mermaid
    Draw(draw::Draw),
    /// Writes a page to show: table, pictures and data in one file of HTML
    Report(report::Report),
    /// The JSON Schema of specs or of reports, for editors and programs
    Schema(schema::Schema),
    /// Prints a short commented spec to start from
    New(new::New),
    /// Prints the completion script of a shell
    Completions(completions::Completions),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    Ok = 0,
    /// Over a budget, or warnings where they are denied.
    Findings = 1,
    /// Wrong usage, a file that cannot be read or written.
    Usage = 2,
    /// The spec, or another input, is invalid.
    Invalid = 3,
    /// The run itself failed.
    Failed = 4,
    /// Stopped by the user.
    Interrupted = 130,
}

/// Runs the command that the process's arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.verb {
        Verb::Analyze(verb) => verb.run(),
        Verb::Check(verb) => verb.run(),
        Verb::Compare(verb) => verb.run(),
        Verb::Expand(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Suggest(verb) => verb.run(),
        Verb::Sweep(verb) => verb.run(),
        Verb::Params(verb) => verb.run(),
        Verb::Calibrate(verb) => verb.run(),
        Verb::Profile(verb) => verb.run(),
        Verb::Train(verb) => verb.run(),
        Verb::Eval(verb) => verb.run(),
        Verb::Predict(verb) => verb.run(),
        Verb::Activations(verb) => verb.run(),
        Verb::Runs(verb) => verb.run(),
        Verb::Study(verb) => verb.run(),
        Verb::Cluster(verb) => verb.run(),
        Verb::Depth(verb) => verb.run(),
        Verb::Propose(verb) => verb.run(),
        Verb::Grow(verb) => verb.run(),
        Verb::Data(verb) => verb.run(),
        Verb::Plot(verb) => verb.run(),
        Verb::Draw(verb) => verb.run(),
        Verb::Report(verb) => verb.run(),
        Verb::Schema(verb) => verb.run(),
        Verb::New(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
    };
    let exit = result.unwrap_or_else(|error| {
        output::complain(&format!("nas: {error:#}"));
        Exit::Usage
    });
    ExitCode::from(exit as u8)
}

//! `nas analyze --roofline`: what a network computes and moves against what a machine can.

use anyhow::Context;
use clap::Args;

use crate::analyze;
use crate::analyze::Roofline;
use crate::base::Machine;
use crate::base::Speed;
use crate::cli::analyze::Format;
use crate::cli::arguments;
use crate::cli::loading::Network;
use crate::cli::machine;
use crate::report;
use crate::report::Opening;
use crate::report::Paint;

/// On which machine.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// With `--roofline`: on this machine, a file or a name that `nas calibrate` gave, or `example` [default: this machine]
    #[arg(long, value_name = "FILE|NAME", requires = "roofline")]
    machine: Option<String>,
    /// With `--roofline`: with so many threads of it [default: the most that its table has]
    #[arg(long, value_name = "N", requires = "roofline", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// A machine's table with the threads that are wanted of it.
pub(super) struct Ground {
    pub(super) machine: Machine,
    threads: Option<usize>,
}

impl Ground {
    /// The table that is asked for.
    pub(super) fn of(named: Option<&str>, threads: Option<usize>) -> anyhow::Result<Ground> {
        let ground = Ground { machine: machine::table(named, arguments::arch(None)?)?, threads };
        ground.speed().map(|_| ())?;
        Ok(ground)
    }

    pub(super) fn speed(&self) -> anyhow::Result<&Speed> {
        let known: Vec<String> = self.machine.speeds.iter().map(|speed| speed.threads.to_string()).collect();
        self.machine.speed(self.threads).with_context(|| {
            format!(
                "the table of `{}` has speeds for {} threads; `nas calibrate --threads N` measures others",
                self.machine.name,
                known.join(" and ")
            )
        })
    }

    /// The roofline of a network.
    pub(super) fn roofline(&self, network: &Network, batch: u32) -> anyhow::Result<Roofline> {
        Ok(analyze::roofline(&network.graph, &self.machine, self.speed()?, batch))
    }
}

impl Place {
    /// The table that is asked for.
    pub(super) fn ground(&self) -> anyhow::Result<Ground> {
        Ground::of(self.machine.as_deref(), self.threads.map(usize::from))
    }
}

/// Results in the form that was asked for, each with what stands under its table.
pub(super) fn text(found: &[(Roofline, String)], opening: Opening, format: Format, paint: &Paint) -> String {
    let rooflines: Vec<Roofline> = found.iter().map(|(roofline, _)| roofline.clone()).collect();
    let each: Vec<String> = match format {
        Format::Table => found.iter().map(|(roofline, under)| report::roofline_table(roofline, opening, paint) + under).collect(),
        Format::Json => return report::json(&rooflines),
        Format::Csv => return report::roofline_csv(&rooflines),
        Format::Markdown => rooflines.iter().map(|roofline| report::roofline_markdown(roofline, opening)).collect(),
        Format::Latex => rooflines.iter().map(|roofline| report::roofline_latex(roofline, opening)).collect(),
    };
    each.join("\n")
}

//! `nas activations`: what layers of a run's network give for images, as arrays for other programs.

pub(super) mod contents;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::cli::Exit;
use crate::cli::activations::contents::ACTIVATIONS;
use crate::cli::activations::contents::About;
use crate::cli::activations::contents::Array;
use crate::cli::activations::contents::Form;
use crate::cli::activations::contents::dims;
use crate::cli::activations::contents::head;
use crate::cli::arguments::Showing;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::look::Look;
use crate::cli::look::Looking;
use crate::cli::output;
use crate::cli::streamed::Streamed;
use crate::cli::train::stopping::Stopping;
use crate::graph::NodeIndex;
use crate::train::Number;

/// Arguments of `nas activations`.
#[derive(Debug, Args)]
#[command(
    after_help = "A layer is named by its path as `nas analyze` shows it; PATH is what it gives in the end, PATH:part another of its nodes, as in \
`3a/3x3:conv`, before normalisation and activation. Arrays are [image, channel, row, column] of 32-bit floats, [image, channel] \
where the map is a single pixel. A .npy file holds one layer; a .safetensors file also `labels`, and of several layers each \
under its path. Numbers go to the file batch by batch; it is there whole or not at all.

Examples:
  nas activations runs/cifar --layer 3a -o 3a.npy
  nas activations runs/cifar --layer 3a/3x3:conv --images 500 -o conv.safetensors
  nas activations runs/cifar --layer 3a --layer 3b --part train --which ema -o modules.safetensors"
)]
pub(super) struct Activations {
    /// A run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    #[command(flatten)]
    looking: Looking,
    /// Says what was written as JSON, nas.activations/1
    #[arg(long)]
    json: bool,
    /// The file, .npy or .safetensors
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    showing: Showing,
}

impl Activations {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| self.looking.glance.computing.pool()?.install(|| self.read(findings)))
    }

    fn read(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let form = self.form()?;
        self.looking.look(&self.run, &self.showing, findings, |look, nodes| self.write(look, nodes, form))
    }

    fn write(&self, look: &Look<'_>, nodes: &[NodeIndex], form: Form) -> anyhow::Result<Exit> {
        let graph = look.subject.graph;
        let layer = |(layer, &index): (_, &NodeIndex)| {
            let shape = dims(look.labels.len(), graph.node(index).shape);
            Array { layer, node: graph.path(index), shape }
        };
        let about = About {
            schema: ACTIVATIONS,
            name: look.name,
            which: self.looking.glance.which.name(),
            part: look.part,
            images: look.labels.len(),
            layers: self.looking.layers.iter().map(String::as_str).zip(nodes).map(layer).collect(),
            classes: look.classes,
        };
        let stopping = Stopping::listen()?;
        let mut file = Streamed::begin(&self.output)?;
        let begins = head(&mut file, form, &about, &look.labels)?;
        let all = look.each(look.state, nodes, &stopping, |first, values| {
            for ((values, begin), layer) in values.iter().zip(&begins).zip(&about.layers) {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                let of_image: u64 = layer.shape[1..].iter().product::<u64>() * Number::F32.bytes();
                file.write_at(begin + first as u64 * of_image, &bytes)?;
            }
            Ok(())
        })?;
        if !all {
            return Ok(Exit::Interrupted);
        }
        file.finish()?;
        output::give(&if self.json { serde_json::to_string_pretty(&about)? + "\n" } else { about.told(&self.output) }, None)?;
        Ok(Exit::Ok)
    }

    fn form(&self) -> anyhow::Result<Form> {
        match &*ending(&self.output) {
            "npy" if self.looking.layers.len() > 1 => {
                bail!("a .npy file holds one array, and {} layers are named; write a .safetensors", self.looking.layers.len())
            }
            "npy" => Ok(Form::Npy),
            "safetensors" => Ok(Form::Safetensors),
            _ => bail!(
                "`{}`: arrays are NumPy's or safetensors; end the file's name in .npy or .safetensors",
                self.output.display()
            ),
        }
    }
}

//! A convolution by a table in each of its forms, as specs, and their times side by side.

use std::time::Instant;

use anyhow::Context;

use crate::base::Sources;
use crate::cli::progress;
use crate::exec::Inference;
use crate::exec::InferencePlan;
use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::propose::blocks::Blocks;
use crate::propose::blocks::Measured;
use crate::propose::blocks::Summary;
use crate::propose::blocks::Table;
use crate::propose::blocks::Timed;
use crate::propose::blocks::Wording;
use crate::spec;

/// A table and its blocks, on a map.
pub(super) struct Forms<'a> {
    pub(super) table: &'a Table,
    pub(super) blocks: &'a Blocks,
    pub(super) kernel: [u32; 2],
    pub(super) map: [u32; 2],
}

impl Forms<'_> {
    /// The settings of a convolution that gives the map from one that is larger by its kernel.
    fn settings(&self) -> String {
        let [height, width] = self.kernel;
        format!("kernel: [{height}, {width}], pad: 0, bias: false")
    }

    /// A spec of some inputs, each with so many channels, and some layers.
    fn spec(&self, name: &str, inputs: &[(String, usize)], layers: &str) -> String {
        let [height, width] = [0, 1].map(|axis| self.map[axis] + self.kernel[axis] - 1);
        let input = |(name, channels): &(String, usize)| format!("{name}: [{channels}, {height}, {width}]");
        let inputs: Vec<String> = inputs.iter().map(input).collect();
        format!("nas: 1\nname: {name}\ninput: {{{}}}\nnet:\n{layers}", inputs.join(", "))
    }

    /// The table's columns as one input.
    fn image(&self) -> [(String, usize); 1] {
        [("image".to_owned(), self.table.columns())]
    }

    fn dense(&self) -> String {
        let layers = format!("  conv: {{conv: {}, {}}}\n", self.table.rows().len(), self.settings());
        self.spec("dense", &self.image(), &layers)
    }

    fn sparse(&self) -> String {
        let row = |row: &Vec<u32>| {
            // The language counts from 1.
            let columns: Vec<String> = row.iter().map(|column| (column + 1).to_string()).collect();
            format!("[{}]", columns.join(", "))
        };
        let rows: Vec<String> = self.table.rows().iter().map(row).collect();
        let layers =
            format!("  conv: {{conv: {}, {}, table: [{}]}}\n", self.table.rows().len(), self.settings(), rows.join(", "));
        self.spec("sparse", &self.image(), &layers)
    }

    /// Blocks with their inputs gathered from the table's columns, or lying side by side already.
    pub(super) fn blocks(&self, gathers: bool) -> anyhow::Result<String> {
        if gathers {
            let settings = self.settings();
            let layers = self.blocks.spec(&Wording { name: "conv", from: "in", settings: &settings })?;
            return Ok(self.spec("blocks", &self.image(), &layers));
        }
        let (mut layers, mut inputs, mut names) = (String::new(), Vec::new(), Vec::new());
        for (number, block) in self.blocks.groups().iter().enumerate() {
            inputs.push((format!("in{number}"), block.columns.len()));
            let (rows, settings) = (block.rows.len(), self.settings());
            layers += &format!("  conv{number}: {{conv: {rows}, {settings}, from: in{number}}}\n");
            names.push(format!("conv{number}"));
        }
        if names.len() > 1 {
            layers += &format!("  all: {{concat: [{}]}}\n", names.join(", "));
        }
        Ok(self.spec("gathered", &inputs, &layers))
    }

    /// Times of all forms, each once in every round.
    pub(super) fn measure(&self, arch: Arch, rounds: usize, summary: &Summary) -> anyhow::Result<Measured> {
        let all = [
            ("dense", summary.madds_dense, self.dense()),
            ("sparse", summary.madds_sparse, self.sparse()),
            ("blocks", summary.madds_blocks, self.blocks(true)?),
            ("blocks, gathered before", summary.madds_blocks, self.blocks(false)?),
        ];
        let mut ready = Vec::new();
        for (form, madds, text) in &all {
            let graph = lowered(text).with_context(|| format!("the {form} form"))?;
            anyhow::ensure!(
                graph.inference_totals().cost.madds == u128::from(*madds),
                "the {form} form counts otherwise than its blocks"
            );
            let plan = InferencePlan { images: 1, kernels: arch.into(), keep: &[], fused: true };
            let inputs: Vec<Vec<f32>> =
                graph.inputs().map(|node| vec![0.5; graph.node(node).shape.elements() as usize]).collect();
            ready.push((Inference::new(&graph, &initialise(&graph, 0), &plan), inputs));
        }
        let bar = progress::rounds(rounds);
        let mut times = vec![Vec::with_capacity(rounds); all.len()];
        // A round before is not counted.
        for round in 0..=rounds {
            for ((inference, inputs), times) in ready.iter_mut().zip(&mut times) {
                let inputs: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
                let begun = Instant::now();
                inference.run(&inputs);
                if round > 0 {
                    times.push(begun.elapsed().as_nanos() as u64);
                }
            }
            bar.at(round);
        }
        let timed = |((form, madds, _), times): (&(&str, u64, String), &mut Vec<u64>)| {
            times.sort_unstable();
            Timed { form: (*form).to_owned(), madds: *madds, median_ns: median(times), least_ns: times[0] }
        };
        Ok(Measured {
            arch: arch.name().to_owned(),
            threads: rayon::current_num_threads(),
            images: 1,
            rounds,
            forms: all.iter().zip(&mut times).map(timed).collect(),
        })
    }
}

/// The one in the middle of sorted times, the mean of two.
fn median(sorted: &[u64]) -> u64 {
    let [low, high] = [(sorted.len() - 1) / 2, sorted.len() / 2].map(|at| sorted[at]);
    low.midpoint(high)
}

fn lowered(text: &str) -> anyhow::Result<Graph> {
    let mut sources = Sources::default();
    let file = sources.add("blocks", text);
    let loaded = spec::load(&mut sources, file, &mut |name, _| Err(format!("`{name}` is not extended")));
    let graph = loaded.spec.and_then(|spec| spec::lower(&spec, Decisions::new([]), None).graph);
    graph.context("its spec means no network")
}

//! The nodes as CSV: one line a node, exact integers without separators, for spreadsheets and scripts.

use std::fmt::Write;

use crate::analyze::Analysis;
use crate::analyze::NodeRow;

/// Header and one line for each node of inference, then of the heads for training; `spec` tells networks apart.
pub fn csv(analyses: &[Analysis]) -> String {
    let mut text = "spec,head,path,kind,channels,height,width,madds,adds,muls,cmps,divs,exps,on_padding,params\n".to_owned();
    for analysis in analyses {
        lines(&mut text, &analysis.name, "", analysis.tree.all_nodes());
        for head in &analysis.heads {
            head.layers.iter().for_each(|row| lines(&mut text, &analysis.name, &head.name, row.all_nodes()));
        }
    }
    text
}

fn lines(text: &mut String, spec: &str, head: &str, nodes: Vec<&NodeRow>) {
    for node in nodes {
        let NodeRow { path, kind, output: [c, h, w], madds, adds, muls, cmps, divs, exps, on_padding, params } = node;
        writeln!(
            text,
            "{},{},{},{kind},{c},{h},{w},{madds},{adds},{muls},{cmps},{divs},{exps},{on_padding},{params}",
            quoted(spec),
            quoted(head),
            quoted(path)
        )
        .expect("writing to a string");
    }
}

/// A field as RFC 4180 wants it.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

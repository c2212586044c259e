//! The nodes as CSV: one line a node, exact integers without separators, for spreadsheets and scripts.

use std::fmt::Write;

use crate::analyze::Analysis;
use crate::analyze::NodeRow;

/// Header and one line for each node of inference, then of the heads for training; `spec` tells networks apart. A convention that was
/// asked for is the last column, named with its unit.
pub fn csv(analyses: &[Analysis]) -> String {
    let mut text = "spec,head,path,kind,channels,height,width,madds,adds,muls,cmps,divs,exps,on_padding,params,params_deployed,\
                    receptive_height,receptive_width"
        .to_owned();
    if let Some(counted) = analyses.iter().find_map(|analysis| analysis.convention.as_ref()) {
        write!(text, ",{}_{}", counted.name.replace('-', "_"), counted.key).expect("writing to a string");
    }
    text.push('\n');
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
        let NodeRow { path, kind, output: [c, h, w], madds, adds, muls, cmps, divs, exps, on_padding, params, count, .. } = node;
        let (deployed, [seen_h, seen_w]) = (node.params_deployed, node.receptive_field.size);
        let count = count.map(|count| format!(",{count}")).unwrap_or_default();
        writeln!(
            text,
            "{},{},{},{kind},{c},{h},{w},{madds},{adds},{muls},{cmps},{divs},{exps},{on_padding},{params},{deployed},{seen_h},\
             {seen_w}{count}",
            quoted(spec),
            quoted(head),
            quoted(path)
        )
        .expect("writing to a string");
    }
}

/// A field as RFC 4180 wants it.
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

//! A network as a Mermaid flowchart: modules as subgraphs, layers as boxes with shape and multiply-adds, shapes on the edges.

use crate::analyze::Analysis;
use crate::graph::Graph;
use crate::report::draw::dot::label;
use crate::report::draw::dot::parts;
use crate::report::draw::net::Net;
use crate::report::draw::words;
use crate::report::numbers::short;
use crate::report::picture::Kind;
use crate::report::picture::Palette;
use crate::report::picture::Role;
use crate::report::picture::Theme;

/// The whole network, every layer once.
pub fn mermaid(graph: &Graph, analysis: &Analysis, theme: Theme) -> String {
    let net = Net::of(graph, analysis);
    let palette = Palette::of(theme);
    let mut text = format!("%% {}\nflowchart TB\n", analysis.name.replace(['\n', '\r', '{', '}'], " "));
    let all: Vec<usize> = (0..net.layers.len()).collect();
    let mut modules = 0;
    subgraph(&net, &all, 0, 1, &mut modules, &mut text);
    for (number, head) in net.heads.iter().enumerate() {
        let label = format!("{}\n{}\ntraining only", head.name, short(head.madds));
        text += &format!("  h{number}({}):::head\n", quoted(&label));
    }
    for link in &net.links {
        text += &format!("  n{} -->|{}| n{}\n", link.from, quoted(&words::shape(link.shape)), link.to);
    }
    for (number, head) in net.heads.iter().enumerate() {
        for read in &head.reads {
            text += &format!("  n{read} -.-> h{number}\n");
        }
        for on in &head.on {
            text += &format!("  h{on} -.-> h{number}\n");
        }
    }
    let mut kinds: Vec<Kind> = net.layers.iter().filter(|layer| layer.madds > 0).map(|layer| layer.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for (number, kind) in kinds.iter().enumerate() {
        let (fill, ink) = (palette.colour(Role::Fill(*kind)), palette.colour(Role::On(*kind)));
        text += &format!("  classDef k{number} fill:{fill},color:{ink},stroke:none\n");
        let boxes: Vec<String> = (net.layers.iter().enumerate())
            .filter(|(_, layer)| layer.madds > 0 && layer.kind == *kind)
            .map(|(at, _)| format!("n{at}"))
            .collect();
        text += &format!("  class {} k{number}\n", boxes.join(","));
    }
    if !net.heads.is_empty() {
        text += "  classDef head stroke-dasharray:4\n";
    }
    text
}

fn subgraph(net: &Net, boxes: &[usize], depth: usize, indent: usize, modules: &mut usize, text: &mut String) {
    let space = "  ".repeat(indent);
    for (module, inside) in parts(net, boxes, depth) {
        let Some(path) = module else {
            for at in inside {
                *text += &format!("{space}n{at}[{}]\n", quoted(&label(&net.layers[at])));
            }
            continue;
        };
        *text += &format!("{space}subgraph m{modules}[{}]\n", quoted(path.rsplit('/').next().unwrap_or_default()));
        *modules += 1;
        subgraph(net, &inside, depth + 1, indent + 1, modules, text);
        *text += &format!("{space}end\n");
    }
}

/// A Mermaid string: what could end it or be read as markup is written as its character's number.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '\n' => quoted += "<br>",
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | '|' | ';' => quoted += &format!("#{};", u32::from(char)),
            char if char.is_control() => {}
            char => quoted.push(char),
        }
    }
    quoted + "\""
}

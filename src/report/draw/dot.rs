//! A network in the DOT language of Graphviz: modules as clusters, layers as boxes with shape and multiply-adds, shapes on the edges.

use crate::analyze::Analysis;
use crate::graph::Graph;
use crate::report::draw::net::Form;
use crate::report::draw::net::Layer;
use crate::report::draw::net::Net;
use crate::report::draw::words;
use crate::report::numbers::short;
use crate::report::picture::Kind;
use crate::report::picture::Palette;
use crate::report::picture::Role;
use crate::report::picture::Theme;

/// The whole network, every layer once.
pub fn dot(graph: &Graph, analysis: &Analysis, theme: Theme) -> String {
    let net = Net::of(graph, analysis);
    let palette = Palette::of(theme);
    let colour = |role: Role| palette.colour(role).to_string();
    let mut text = format!("digraph {} {{\n", quoted(&analysis.name));
    text += &format!(
        "  graph [rankdir=TB, ordering=in, bgcolor=\"{}\", fontcolor=\"{}\", fontname=\"DejaVu Sans Condensed\"];\n",
        colour(Role::Background),
        colour(Role::Ink)
    );
    text += "  node [shape=box, style=\"filled,rounded\", fontname=\"DejaVu Sans Condensed\"];\n";
    text += &format!(
        "  edge [color=\"{}\", fontcolor=\"{}\", fontname=\"DejaVu Sans Condensed\", fontsize=10];\n",
        colour(Role::Faint),
        colour(Role::Sub)
    );
    let mut writer = Writer { net: &net, text, palette };
    let all: Vec<usize> = (0..net.layers.len()).collect();
    writer.cluster(&all, 0, 1);
    for (number, head) in net.heads.iter().enumerate() {
        let label = format!("{}\n{}\ntraining only", head.name, short(head.madds));
        writer.text += &format!("  h{number} [label={}, style=\"dashed,rounded\"];\n", quoted(&label));
        for read in &head.reads {
            writer.text += &format!("  n{read} -> h{number} [style=dashed];\n");
        }
        for on in &head.on {
            writer.text += &format!("  h{on} -> h{number} [style=dashed];\n");
        }
    }
    for link in &net.links {
        let label = words::shape(link.shape);
        writer.text += &format!("  n{} -> n{} [label={}];\n", link.from, link.to, quoted(&label));
    }
    writer.text + "}\n"
}

struct Writer<'a> {
    net: &'a Net,
    text: String,
    palette: Palette,
}

impl Writer<'_> {
    /// Boxes whose paths share their first `depth` steps.
    fn cluster(&mut self, boxes: &[usize], depth: usize, indent: usize) {
        for (module, inside) in parts(self.net, boxes, depth) {
            match module {
                None => inside.iter().for_each(|&at| self.node(at, indent)),
                Some(path) => {
                    let space = "  ".repeat(indent);
                    let name = quoted(&format!("cluster {path}"));
                    let label = quoted(path.rsplit('/').next().unwrap_or_default());
                    let (ground, rule) = (self.palette.colour(Role::Panel), self.palette.colour(Role::Rule));
                    self.text += &format!("{space}subgraph {name} {{\n");
                    self.text += &format!(
                        "{space}  label={label}; labeljust=l; style=\"filled,rounded\"; fillcolor=\"{ground}\"; color=\"{rule}\";\n"
                    );
                    self.cluster(&inside, depth + 1, indent + 1);
                    self.text += &format!("{space}}}\n");
                }
            }
        }
    }

    fn node(&mut self, at: usize, indent: usize) {
        let layer = &self.net.layers[at];
        let (fill, ink) = match layer {
            Layer { madds: 0, .. } => (Role::Background, Role::Ink),
            Layer { kind, .. } => (Role::Fill(plain(*kind)), Role::On(plain(*kind))),
        };
        let label = quoted(&label(layer));
        let (fill, ink, edge) = (self.palette.colour(fill), self.palette.colour(ink), self.palette.colour(Role::Rule));
        let space = "  ".repeat(indent);
        let tip = quoted(&layer.path);
        self.text += &format!(
            "{space}n{at} [label={label}, tooltip={tip}, fillcolor=\"{fill}\", fontcolor=\"{ink}\", color=\"{edge}\"];\n"
        );
    }
}

/// The colour of a hatched kind is that of the plain one.
fn plain(kind: Kind) -> Kind {
    match kind {
        Kind::Branch { hue, reduces, .. } => Kind::Branch { hue, hatched: false, reduces },
        Kind::Layer | Kind::Classifier => kind,
    }
}

/// What a layer does, gives and costs, by lines.
pub(super) fn label(layer: &Layer) -> String {
    let mut lines = Vec::new();
    if layer.form == Form::Layer && !layer.name.is_empty() {
        lines.push(layer.name.clone());
    }
    lines.push(words::line(&layer.words));
    if layer.form != Form::Input {
        lines.push(words::shape(layer.shape));
    }
    if layer.madds > 0 {
        lines.push(short(layer.madds));
    }
    lines.join("\n")
}

/// Boxes in order, those of one inner module together: `None` are those that lie in no further one.
pub(super) fn parts<'a>(net: &'a Net, boxes: &[usize], depth: usize) -> Vec<(Option<&'a str>, Vec<usize>)> {
    let step = |at: usize| {
        let path = &*net.layers[at].path;
        path.match_indices('/').map(|(end, _)| end).chain([path.len()]).nth(depth).map(|end| &path[..end])
    };
    let is_module =
        |path: &str| boxes.iter().any(|&at| net.layers[at].path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')));
    let mut parts: Vec<(Option<&str>, Vec<usize>)> = Vec::new();
    for &at in boxes {
        let module = step(at).filter(|path| is_module(path));
        match parts.iter_mut().find(|(found, _)| found.is_some() && *found == module) {
            Some((_, inside)) => inside.push(at),
            None => parts.push((module, vec![at])),
        }
    }
    parts
}

/// A DOT string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            char if char.is_control() => {}
            char => quoted.push(char),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Options;
    use crate::analyze::analyze;
    use crate::base::Shape;
    use crate::graph::GraphBuilder;
    use crate::op::Concat;
    use crate::op::Conv;

    const HOSTILE: &str = "a\"b]; c -> d\\";

    fn hostile() -> Graph {
        let mut net = GraphBuilder::new(HOSTILE);
        let image = net.input("image", Shape::new(3, 8, 8));
        net.open(HOSTILE, None);
        let one = net.layer("1x1", [Conv::new(4, 1).into()], &[image]);
        let three = net.layer(HOSTILE, [Conv::new(4, 3).into()], &[image]);
        let join = net.add(Concat, &[one, three]);
        net.close();
        net.output("main", join);
        net.finish().expect("a network")
    }

    /// The text without what stands in strings; a string that does not end is a fault.
    fn bare(text: &str) -> String {
        let (mut bare, mut inside, mut escaped) = (String::new(), false, false);
        for char in text.chars() {
            match (inside, escaped, char) {
                (true, true, _) => escaped = false,
                (true, false, '\\') => escaped = true,
                (_, false, '"') => inside = !inside,
                (false, ..) => bare.push(char),
                (true, false, _) => {}
            }
        }
        assert!(!inside, "a string does not end");
        bare
    }

    #[test]
    fn names_cannot_break_out() {
        let graph = hostile();
        let text = dot(&graph, &analyze(&graph, &Options::default()), Theme::Light);
        let bare = bare(&text);
        assert_eq!([bare.matches('{').count(), bare.matches('}').count()], [2, 2], "the network and one cluster: {bare}");
        // The image to two branches, those to the join; four boxes.
        assert_eq!((bare.matches("->").count(), bare.matches("tooltip=").count()), (4, 4), "{bare}");
        for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
            assert!(line.ends_with(['{', '}', ';']), "{line}");
            assert_eq!(line.matches('[').count(), line.matches(']').count(), "{line}");
        }
    }

    #[test]
    fn mermaid_names_cannot_break_out() {
        let graph = hostile();
        let text = crate::report::mermaid(&graph, &analyze(&graph, &Options::default()), Theme::Light);
        for line in text.lines().skip(1) {
            assert!(line.matches('"').count() % 2 == 0 && !line.contains('\\'), "{line}");
        }
        assert_eq!(
            (text.matches("-->").count(), text.matches("subgraph").count(), text.matches("\n  end\n").count()),
            (4, 1, 1),
            "{text}"
        );
    }
}

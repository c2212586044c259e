//! `nas explain`: the manual, and the formula behind one layer's numbers.

use std::path::Path;

use clap::Args;

use crate::analyze;
use crate::analyze::Convention;
use crate::base::Code;
use crate::base::Sources;
use crate::base::Span;
use crate::base::listed;
use crate::base::nearest;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::builtin;
use crate::cli::codes;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::op::Entry;
use crate::op::Op;
use crate::op::Role;
use crate::report;
use crate::report::Colour;
use crate::report::Paint;
use crate::spec::PAGES;
use crate::spec::Page;

/// Arguments of `nas explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "A TOPIC is a code, a kind of layer, a word after `norm` or `act`, a setting, a word of the language, or a convention. Without one, all are listed.

Examples:
  nas explain
  nas explain E0403
  nas explain conv
  nas explain stride
  nas explain repeat
  nas explain fvcore
  nas explain googlenet 3b/3x3
  nas explain tiny-space mix/3x3/reduce --set w=1"
)]
pub(super) struct Explain {
    /// What to explain, or a spec: a file, `-`, or the name of a built-in one
    #[arg(value_name = "TOPIC|SPEC")]
    topic: Option<String>,
    /// A layer, branch or module of the spec, such as `3b/3x3`
    #[arg(value_name = "PATH")]
    path: Option<String>,
    #[command(flatten)]
    reading: Reading,
}

impl Explain {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.explain(findings))
    }

    fn explain(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let paint = self.reading.showing.color.paint();
        let text = match (&self.topic, &self.path) {
            (None, _) => list(&paint),
            (Some(topic), None) => match page(topic, &paint) {
                Some(text) => text,
                None => anyhow::bail!(unknown(topic)),
            },
            (Some(spec), Some(path)) => {
                let outcome = loading::network(spec, &self.reading, findings);
                let Some(network) = outcome.network else { return Ok(outcome.exit) };
                let text = formulas(&network, path, &paint)?;
                output::give(&text, None)?;
                return Ok(outcome.exit);
            }
        };
        output::give(&text, None)?;
        Ok(Exit::Ok)
    }
}

/// All topics and codes.
fn list(paint: &Paint) -> String {
    let mut text = report::topics(None, paint);
    text += &report::conventions(paint);
    text += &format!("{}\n", paint.text(Colour::Bold, "Codes"));
    for code in Code::ALL {
        text += &format!("  {code}  {}\n", code.title());
    }
    text
}

/// The page of a topic.
fn page(topic: &str, paint: &Paint) -> Option<String> {
    if let Some(code) = Code::find(topic) {
        return codes::section(code).map(|section| section.replace("```yaml", "```") + "\n");
    }
    if let Some(convention) = Convention::find(topic) {
        return Some(report::convention(convention, paint));
    }
    let role = match topic {
        "norm" => Some(Role::Norm),
        "act" => Some(Role::Act),
        "kind" | "kinds" => Some(Role::Kind),
        _ => None,
    };
    if role.is_some() {
        return Some(report::topics(role, paint));
    }
    let of_op = [Role::Kind, Role::Norm, Role::Act].into_iter().filter_map(|role| Entry::find(role, topic));
    let pages = of_op.map(|entry| report::manual((entry.manual)(), topic, paint));
    let found = Page::find(topic);
    let listed = found.is_some_and(|page| page.settings.iter().any(|setting| setting.name == topic));
    let of_setting = if listed { None } else { report::setting(topic, paint) };
    let pages: Vec<String> = pages.chain(found.map(|found| report::page(found, paint))).chain(of_setting).collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

fn unknown(topic: &str) -> String {
    let words =
        Op::ENTRIES.iter().flat_map(|entry| (entry.manual)().words).chain(PAGES.iter().flat_map(|page| page.words)).copied();
    let topics: Vec<&str> = words
        .chain(["norm", "act"])
        .chain(report::settings())
        .chain(Convention::ALL.iter().map(|convention| convention.name))
        .chain(Code::ALL.iter().map(|code| code.name()))
        .collect();
    if builtin::find(topic).is_some() || Path::new(topic).exists() {
        return format!("`{topic}` is a spec; name a layer of it too, as in `nas explain {topic} PATH`");
    }
    match nearest(topic, topics.iter().copied()) {
        Some(near) => format!("there is no page on `{topic}`; did you mean `{near}`?"),
        None => format!("there is no page on `{topic}`; `nas explain` lists all"),
    }
}

/// The formulas of a path.
fn formulas(network: &Network, path: &str, paint: &Paint) -> anyhow::Result<String> {
    let Some(found) = analyze::explain(&network.graph, path) else { anyhow::bail!(unknown_path(network, path)) };
    let sources = &network.sources;
    Ok(report::explanation(&found, |span| place(sources, span), paint))
}

/// `specs/googlenet.yaml:29:3`.
fn place(sources: &Sources, span: Span) -> String {
    let (line, column) = sources.place(span);
    format!("{}:{line}:{column}", sources.get(span.file).name)
}

/// Why a path of the spec is none of the network: the outermost layer around it that is written but not there.
fn left_out(network: &Network, path: &str) -> Option<String> {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.map(|end| &path[..end]).find_map(|around| {
        let layer = network.spec.find_layer(around)?;
        // The path of a copy that there is no more of is wrong, not left out.
        let all = around
            .rsplit_once('/')
            .map_or_else(|| layer.key.text.to_string(), |(above, _)| format!("{above}/{}", layer.key.text));
        if !analyze::copied_paths(&network.graph, &all).is_empty() {
            return None;
        }
        let told = |key: &str, span: Span| format!("`{key}: {}` ({})", network.sources.text(span), place(&network.sources, span));
        let because = [("when", &layer.when), ("repeat", &layer.repeat)];
        let because = because.into_iter().filter_map(|(key, term)| term.as_ref().map(|term| told(key, term.span)));
        let because: Vec<String> = because.collect();
        let lies = if around == path { "is".to_owned() } else { format!("lies in `{around}`, which is") };
        let by = if because.is_empty() { return None } else { because.join(" or ") };
        Some(format!("`{path}` of `{}` {lies} left out by {by}", network.graph.name()))
    })
}

/// Why a path names nothing, with what it may have meant.
pub(super) fn unknown_path(network: &Network, path: &str) -> String {
    let known = analyze::paths(&network.graph);
    let name = network.graph.name();
    let layer = path.split(':').next().unwrap_or(path);
    if known.iter().any(|known| known == layer) {
        let parts: Vec<String> = network
            .graph
            .nodes()
            .map(|node| network.graph.path(node))
            .filter(|node| node.split(':').next() == Some(layer))
            .collect();
        return format!("`{layer}` of `{name}` has no node `{path}`; it has {}", parts.join(", "));
    }
    if let Some(because) = left_out(network, layer) {
        return because;
    }
    let copies = analyze::copied_paths(&network.graph, layer);
    if !copies.is_empty() {
        let copies: Vec<&str> = copies.iter().map(String::as_str).collect();
        return format!("`{layer}` of `{name}` has copies, each with a path of its own: {}", listed(&copies));
    }
    if let Some(near) = nearest(layer, known.iter().map(String::as_str)) {
        return format!("`{name}` has no layer `{layer}`; did you mean `{near}`?");
    }
    // What there is around it: the innermost part of the path that exists.
    let around = layer.rmatch_indices('/').map(|(end, _)| &layer[..end]).find(|around| known.iter().any(|known| known == around));
    let prefix = around.map_or(String::new(), |around| format!("{around}/"));
    let inside: Vec<&str> =
        known.iter().filter_map(|path| path.strip_prefix(&*prefix)).filter(|path| !path.contains('/')).collect();
    let place = around.map_or_else(|| format!("`{name}`"), |around| format!("`{around}` of `{name}`"));
    format!("`{name}` has no layer `{layer}`; in {place} are {}", listed(&inside))
}

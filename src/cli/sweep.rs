//! `nas sweep`: curves of the totals over widths, variables, decisions and the input's size.

mod values;

use std::path::Path;
use std::path::PathBuf;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::analyze;
use crate::analyze::MAX_SWEPT;
use crate::analyze::Refused;
use crate::analyze::SweepAxis;
use crate::base::Severity;
use crate::base::Shape;
use crate::base::nearest;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::arguments::Showing;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::marginal;
use crate::cli::output;
use crate::expr::Value;
use crate::graph::Graph;
use crate::graph::Knob;
use crate::graph::Multilinear;
use crate::op::MAX_SIDE;
use crate::op::integer;
use crate::report;
use crate::report::Paint;

/// Arguments of `nas sweep`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "WHAT is a layer whose width is set, a variable, or a decision. VALUES is a range `low..high`, its step behind `by` \
(1 unless given), or a list with commas. Several sweeps give every combination, at most 10000.

Examples:
  nas sweep googlenet '3b/3x3/reduce=64..160 by 8'
  nas sweep googlenet --input '160..320 by 32' --format csv -o sizes.csv
  nas sweep tiny-space w=0.25,0.5,1 'mix:total=64..128 by 32'"
)]
pub(super) struct Sweep {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    /// What is set, and to which values
    #[arg(value_name = "WHAT=VALUES")]
    sweeps: Vec<String>,
    /// Sides of a square input, as in `160..320 by 32`
    #[arg(long, value_name = "SIDES")]
    input: Option<String>,
    /// Takes a decision or replaces a start, at all points
    #[arg(long, value_name = "DECISION=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    showing: Showing,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.sweep/1
    Json,
    /// One line a point
    Csv,
}

impl Format {
    /// The form that a file's extension asks for.
    fn of(path: &Path) -> Option<Format> {
        match &*ending(path) {
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }
}

/// What is set along one axis.
enum Along {
    /// The width that a layer has.
    Width(String),
    /// A variable or decision.
    Named(String),
    /// The side of a square input.
    Input,
}

/// One axis: what, and its values.
struct Axis {
    along: Along,
    values: Vec<Value>,
}

impl Sweep {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| self.sweep(findings))
    }

    fn sweep(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let format = match (self.format, self.output.as_deref().map(Format::of)) {
            (Some(format), _) | (None, Some(Some(format))) => format,
            (None, None) => Format::Table,
            (None, Some(None)) => bail!("the extension of the output names no form; use .json, .csv or .txt, or give --format"),
        };
        let reading = Reading { set: self.set.clone(), input: None, showing: self.showing.clone() };
        let outcome = loading::network(&self.spec, &reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let found = swept(&self.spec, &network, &self.sweeps, self.input.as_deref())?;
        let text = match format {
            Format::Table => {
                let paint = if self.output.is_some() { Paint::PLAIN } else { self.showing.color.paint() };
                report::sweep_table(&found, &paint)
            }
            Format::Json => report::json(std::slice::from_ref(&found)),
            Format::Csv => report::sweep_csv(&found),
        };
        output::give(&text, self.output.as_deref())?;
        let is_any = found.points.iter().any(|point| point.totals.is_some());
        Ok(outcome.exit.max(if is_any { Exit::Ok } else { Exit::Invalid }))
    }
}

/// What `nas sweep` prints and `nas plot` draws: the totals at all values of widths, variables and decisions, and of the input's sides.
pub(super) fn swept(named: &str, network: &Network, sweeps: &[String], sides: Option<&str>) -> anyhow::Result<analyze::Sweep> {
    ensure!(
        !sweeps.is_empty() || sides.is_some(),
        "nothing is swept; say what, as in `nas sweep {named} conv1=32..64` or `nas sweep {named} --input '160..320 by 32'`"
    );
    let form = Multilinear::of(&network.graph);
    let axes = axes(named, network, &form, sweeps, sides)?;
    let points = axes.iter().try_fold(1usize, |all, axis| all.checked_mul(axis.values.len()));
    match points {
        Some(points) if points <= MAX_SWEPT => {}
        Some(points) => bail!("that makes {points} points, at most {MAX_SWEPT} are counted; give a larger step behind `by`"),
        None => bail!("that makes more points than can be counted; give a larger step behind `by`"),
    }
    let shown = axes.iter().map(|axis| axis.shown(network, &form)).collect();
    Ok(analyze::sweep(network.graph.name(), shown, &network.limits(), |at| point(network, &axes, at)))
}

fn axes(named: &str, network: &Network, form: &Multilinear, sweeps: &[String], sides: Option<&str>) -> anyhow::Result<Vec<Axis>> {
    let mut axes: Vec<Axis> = Vec::new();
    for text in sweeps {
        let Some((what, values)) = text.split_once('=') else {
            bail!("`{text}` says not to which values; write it as in `{text}=64..160`");
        };
        let is_twice = axes.iter().any(|axis| axis.name() == what);
        ensure!(!is_twice, "`{what}` is swept twice; give all its values at once, with commas");
        let along = along(network, form, what)?;
        let values = values::values(what, values)?;
        axes.push(Axis { along, values });
    }
    if let Some(sides) = sides {
        let inputs: Vec<Shape> = network.graph.inputs().map(|node| network.graph.node(node).shape).collect();
        let channels = inputs.first().map_or(0, |input| input.c);
        let alike = inputs.iter().all(|input| input.c == channels);
        ensure!(alike, "the inputs of `{named}` have different channels, so no one size can be set for all");
        axes.push(Axis { along: Along::Input, values: values::values("--input", sides)? });
    }
    Ok(axes)
}

impl Axis {
    fn name(&self) -> &str {
        match &self.along {
            Along::Width(name) | Along::Named(name) => name,
            Along::Input => "input",
        }
    }

    /// The axis as a result names it, with what the spec has.
    fn shown(&self, network: &Network, form: &Multilinear) -> SweepAxis {
        let now = match &self.along {
            Along::Width(path) => knob(&network.graph, form, path).map(|knob| knob.width.to_string()),
            Along::Named(name) => {
                let mut taken = network.decisions.taken();
                taken.find(|(decision, _)| decision.path == *name).map(|(_, value)| value.to_string()).or_else(|| {
                    let var = network.spec.vars.iter().find(|(key, _)| *key.text == **name);
                    var.and_then(|(_, term)| term.text()).map(str::to_owned)
                })
            }
            Along::Input => {
                let shape = network.graph.inputs().next().map(|node| network.graph.node(node).shape);
                shape.filter(|shape| shape.h == shape.w).map(|shape| shape.h.to_string())
            }
        };
        SweepAxis { name: self.name().to_owned(), values: self.values.iter().map(Value::to_string).collect(), now }
    }
}

/// The knob that a layer's width is.
fn knob<'f>(graph: &Graph, form: &'f Multilinear, path: &str) -> Option<&'f Knob> {
    let scope = graph.scopes().find(path)?;
    form.knobs().iter().find(|knob| knob.nodes.iter().any(|&node| graph.node(node).scope == scope))
}

/// What a name is: a layer with a width before a variable or decision of that name.
fn along(network: &Network, form: &Multilinear, what: &str) -> anyhow::Result<Along> {
    if knob(&network.graph, form, what).is_some() {
        return Ok(Along::Width(what.to_owned()));
    }
    let vars = || network.spec.vars.iter().map(|(key, _)| &*key.text);
    if network.decisions.has_met(what) || vars().any(|name| name == what) {
        return Ok(Along::Named(what.to_owned()));
    }
    let scopes = network.graph.scopes();
    let mut known: Vec<String> = form.knobs().iter().map(|knob| scopes.path(knob.scope)).collect();
    if scopes.find(what).is_none() {
        let others = network.decisions.found().iter().map(|decision| &*decision.path).chain(vars());
        if let Some(near) = nearest(what, known.iter().map(String::as_str).chain(others)) {
            bail!("`{}` has no layer, variable or decision `{what}`; did you mean `{near}`?", network.graph.name());
        }
    }
    known.retain(|path| path != what);
    bail!(marginal::unknown(&network.graph, what, &known));
}

/// The network at one point.
fn point(network: &Network, axes: &[Axis], at: &[usize]) -> Result<Graph, Refused> {
    let refuse = |because: String| Refused { because, line: None };
    let mut named: Vec<(&str, Value)> = Vec::new();
    let mut widths: Vec<(&str, u32)> = Vec::new();
    let mut candidate = network.candidate();
    for (axis, &at) in axes.iter().zip(at) {
        let value = &axis.values[at];
        let whole = |most: u32| {
            integer(value, 1, most).map_err(|wanted| refuse(format!("`{}` must be {wanted}, got {value}", axis.name())))
        };
        match &axis.along {
            Along::Named(name) => named.push((name, value.clone())),
            Along::Width(path) => widths.push((path, whole(crate::op::MAX_COUNT)?)),
            Along::Input => {
                let side = whole(MAX_SIDE)?;
                let channels = network.graph.inputs().next().map_or(0, |node| network.graph.node(node).shape.c);
                candidate.input = Some(Shape::new(channels, side, side));
            }
        }
    }
    let is_same = named.is_empty() && candidate.input == network.input;
    let graph = if is_same {
        network.graph.clone()
    } else {
        let lowered = candidate.at(&named);
        let fault = lowered.found.iter().find(|finding| finding.severity() == Severity::Error);
        let fault = fault.map(|fault| {
            let span = fault.span();
            let in_spec = span.file == network.spec.span.file;
            Refused { because: fault.message.clone(), line: in_spec.then(|| network.sources.place(span).0) }
        });
        lowered.graph.ok_or_else(|| fault.unwrap_or_else(|| refuse("it is no network".to_owned())))?
    };
    if widths.is_empty() {
        return Ok(graph);
    }
    let form = Multilinear::of(&graph);
    let mut nodes = Vec::new();
    for (path, width) in widths {
        let Some(knob) = knob(&graph, &form, path) else {
            return Err(refuse(format!("`{path}` has no width that can be changed there")));
        };
        if !knob.accepts(width) {
            return Err(refuse(format!(
                "`{path}` has {} and moves by {}: {width} is not one of its widths",
                knob.width, knob.step
            )));
        }
        nodes.extend(knob.nodes.iter().map(|&node| (node, width)));
    }
    graph.with_widths(&nodes).map_err(|misfits| {
        let because = misfits.first().map(|misfit| format!("`{}` {}", misfit.path, misfit.mismatch.because));
        refuse(because.unwrap_or_else(|| "the layers that read it do not accept the width".to_owned()))
    })
}

//! From what the user names to a graph, findings shown on the way.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Quantity;
use crate::base::Severity;
use crate::base::Shape;
use crate::base::Sources;
use crate::base::Span;
use crate::base::nearest;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::files;
use crate::cli::findings::Findings;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Fault;
use crate::expr::Value;
use crate::expr::parse_shares;
use crate::graph::Graph;
use crate::op::Term;
use crate::op::evaluate;
use crate::spec::Candidate;
use crate::spec::Space;
use crate::spec::Spec;
use crate::spec::lower;
use crate::spec::untaken;

/// A spec with its graph.
pub(super) struct Network {
    pub(super) sources: Sources,
    pub(super) spec: Spec,
    pub(super) graph: Graph,
    pub(super) decisions: Decisions,
    /// The shape that replaces that of every input.
    pub(super) input: Option<Shape>,
}

impl Network {
    /// The candidate that the graph is, to be lowered again.
    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { spec: &self.spec, decisions: &self.decisions, input: self.input }
    }

    /// The limits of the spec's budget.
    pub(super) fn limits(&self) -> Vec<(Quantity, u64)> {
        let limits = self.spec.budget.iter().flat_map(|budget| &budget.limits);
        limits.map(|limit| (limit.quantity, limit.whole())).collect()
    }
}

/// What came of one spec.
pub(super) struct Outcome {
    pub(super) network: Option<Network>,
    pub(super) exit: Exit,
}

/// Reads and lowers one spec and shows what was found.
pub(super) fn network(named: &str, reading: &Reading, findings: &mut Findings<'_>) -> Outcome {
    let mut sources = Sources::default();
    let (spec, mut found) = match spec(named, &mut sources) {
        Ok(read) => read,
        Err(error) => return Outcome { network: None, exit: findings.fail(&error) },
    };
    let Some(spec) = spec else { return Outcome { network: None, exit: findings.show(&sources, &found) } };
    let chosen = choices(&reading.set, &mut sources, &mut found);
    let mut lowered =
        lower(&spec, Decisions::new(chosen.iter().map(|(path, value, _)| (path.clone(), value.clone()))), reading.input);
    // After a fault of the spec not every decision is met.
    let is_fault = |finding: &&Diagnostic| finding.severity() == Severity::Error && finding.code != Code::E0311;
    let whole = spec.told.is_empty() && !lowered.found.iter().any(|finding| is_fault(&finding));
    let untaken = untaken(&spec, &sources, &lowered);
    found.append(&mut lowered.found);
    found.extend(untaken);
    let unused: Vec<String> = lowered.decisions.unused().into_iter().map(str::to_owned).collect();
    for (path, _, span) in chosen.iter().filter(|(path, ..)| whole && unused.contains(path)) {
        found.push(no_decision(&spec, path, *span, &lowered.decisions));
    }
    if found.iter().any(|finding| finding.severity() == Severity::Error) {
        // What nobody reads may be what a misspelt name was meant to read.
        found.retain(|finding| !matches!(finding.code, Code::W0001 | Code::W0002));
    }
    let exit = findings.show(&sources, &found);
    let graph = lowered.graph.filter(|_| exit <= Exit::Findings);
    let network = graph.map(|graph| Network { sources, spec, graph, decisions: lowered.decisions, input: reading.input });
    Outcome { network, exit }
}

fn no_decision(spec: &Spec, path: &str, span: Span, decisions: &Decisions) -> Diagnostic {
    if Space::of(spec).decisions.iter().any(|decision| decision.path == path) {
        let message = format!("the network at hand does not meet the decision `{path}`");
        let fault = Diagnostic::new(Code::E0311, span, message, "");
        return fault.with_help("`--set` what leads to it as well: a longer `repeat`, a `when` that holds, the kind that has it");
    }
    let known: Vec<&str> = decisions.found().iter().map(|decision| &*decision.path).collect();
    let fault = Diagnostic::new(Code::E0311, span, format!("the spec has no decision `{path}`"), "");
    match (nearest(path, known.iter().copied()), &known[..]) {
        (Some(near), _) => fault.with_help(format!("did you mean `{near}`?")),
        (None, []) => fault.with_help("it has no decisions at all; a value becomes one by alternatives, as in `64 | 96`"),
        (None, known) => fault.with_help(format!("its decisions: {}", known.join(", "))),
    }
}

/// Reads one spec; findings are left to the caller.
pub(super) fn spec(named: &str, sources: &mut Sources) -> anyhow::Result<(Option<Spec>, Vec<Diagnostic>)> {
    let raw = files::read_spec(named)?;
    let text = match crate::yaml::read_bytes(raw.bytes) {
        Ok(text) => text,
        Err(bad) => {
            let fault = bad.report(sources, &raw.name);
            return Ok((None, vec![fault]));
        }
    };
    let file = sources.add(raw.name, text);
    let loaded = crate::spec::load(sources, file, &mut files::read_extended);
    Ok((loaded.spec, loaded.found))
}

/// The choices of `--set`, each with its place in a text of its own.
fn choices(set: &[String], sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Vec<(String, Value, Span)> {
    let mut chosen = Vec::with_capacity(set.len());
    for text in set {
        let file = sources.add_argument("--set", text);
        let whole = sources.whole(file);
        let Some((path, value)) = text.split_once('=') else {
            let fault = Diagnostic::new(Code::E0311, whole, "`--set` takes DECISION=VALUE", "");
            found.push(fault.with_help("write it as in `--set w=0.5` or `--set 3a:kernel=5`"));
            continue;
        };
        let span = whole.part(path.len() + 1, text.len());
        let nothing = Environment::default();
        let mut none = Decisions::default();
        match parse_shares(value, span) {
            None => {}
            Some(Ok(shares)) => {
                chosen.push((path.to_owned(), shares, whole));
                continue;
            }
            Some(Err(Fault::Silent)) => continue,
            Some(Err(Fault::Found(fault))) => {
                found.push(*fault);
                continue;
            }
        }
        let term = Term::word(value, span);
        if let Some(value) = evaluate(&term, &nothing, None, path, &mut none, found) {
            chosen.push((path.to_owned(), value, whole));
        }
    }
    chosen
}

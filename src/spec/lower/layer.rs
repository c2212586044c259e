//! One layer: its copies, whether it is left out, which kind it takes (language rules R1, R4, R5, R11).

use std::borrow::Cow;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::expr::Options;
use crate::expr::Place;
use crate::expr::Value;
use crate::graph::NodeIndex;
use crate::op::Term;
use crate::spec::Body;
use crate::spec::Kind;
use crate::spec::KindUse;
use crate::spec::Layer;
use crate::spec::Main;

use super::Frame;
use super::Lowering;
use super::MAX_FOUND;
use super::MAX_VISITS;
use super::Purpose;
use super::Target;

impl Lowering<'_> {
    /// Lowers the layers in order; the first reads `first` unless it says otherwise. Returns what the last one gives.
    pub(super) fn body(&mut self, body: &Body, frame: &Frame<'_>, first: NodeIndex) -> NodeIndex {
        let frame = Frame { layers: &body.layers, ..*frame };
        let (start, mut above) = self.enter_body(body, frame.prefix, first);
        for (at, layer) in body.layers.iter().enumerate().skip(start) {
            above = self.layer(layer, &frame, above);
            if self.halts_after(at, above) {
                break;
            }
        }
        self.leave_body();
        above
    }

    /// Lowers one layer with all its copies.
    pub(super) fn layer(&mut self, layer: &Layer, frame: &Frame<'_>, above: NodeIndex) -> NodeIndex {
        let own = Place { up: frame.place, name: &layer.key.text, copy: None };
        // A layer without a name is at the place of what holds it.
        let line = frame.place.filter(|_| layer.key.text.is_empty()).copied().unwrap_or(own);
        let Some(repeat) = &layer.repeat else {
            let name = &layer.key.text;
            return self.copy(layer, frame, name, &line, above, true).node;
        };
        let copies = self.count(repeat, frame, &line, "repeat", 0, MAX_VISITS);
        let Some(copies) = copies.or((self.purpose == Purpose::Everything).then_some(1)) else {
            let node = self.net.add_unknown();
            self.enter_path(&layer.key.text, Target { node, span: layer.key.span, left_out: None });
            return node;
        };
        let mut last = Target { node: above, span: layer.key.span, left_out: Some(repeat.span) };
        if copies == 0 {
            self.has_left = true;
            last.node = self.instead(layer, frame, above);
            if self.purpose == Purpose::Everything {
                // What is written there may be wrong, but no candidate decides it.
                let decisions = self.decisions.clone();
                let frame = Frame { copy: Some(1), ..*frame };
                self.copy(layer, &frame, &format!("{}.1", layer.key.text), &line, above, true);
                self.decisions = decisions;
            }
        }
        for copy in self.first_copy()..=copies {
            self.begin_copy(copy, last.node);
            let name = format!("{}.{copy}", layer.key.text);
            let frame = Frame { copy: Some(copy), ..*frame };
            last = self.copy(layer, &frame, &name, &line, last.node, copy == 1);
            if self.visits > MAX_VISITS || self.found.len() >= MAX_FOUND {
                break;
            }
            if copy < copies && self.halts_before(copy + 1, last.node) {
                return last.node;
            }
        }
        let name = layer.key.text.clone();
        self.enter_path(&name, last);
        last.node
    }

    /// Lowers one copy. The first reads what the layer says it reads, a later one the copy before.
    fn copy(&mut self, layer: &Layer, frame: &Frame<'_>, name: &str, line: &Place<'_>, above: NodeIndex, first: bool) -> Target {
        if self.found.len().max(self.kept.len()) >= MAX_FOUND {
            return Target { node: above, span: layer.key.span, left_out: None };
        }
        if self.purpose == Purpose::Everything {
            self.settle();
        }
        self.visits += 1;
        self.has_left |= layer.kinds.len() > 1;
        if self.visits > MAX_VISITS || self.net.is_full() {
            return self.too_large(layer, above, format!("the network has more than {MAX_VISITS} layers"));
        }
        if !self.charge(layer.size) {
            return self.too_large(layer, above, "the formulas of the network take too long to evaluate".to_owned());
        }
        let kept = match &layer.when {
            Some(when) => self.truth(when, frame, line, "when"),
            None => Some(true),
        };
        let kept = if self.purpose == Purpose::Everything { Some(true) } else { kept };
        let span = layer.key.span;
        let target = match kept {
            None => Target { node: self.net.add_unknown(), span, left_out: None },
            Some(false) => {
                self.has_left = true;
                let node = if first { self.instead(layer, frame, above) } else { above };
                Target { node, span, left_out: layer.when.as_ref().map(|when| when.span) }
            }
            Some(true) => {
                let length = self.path.len();
                self.push_path(name);
                let mut node = self.made(layer, frame, line, above, first);
                self.path.truncate(length);
                if layer.broken {
                    node = self.net.add_unknown();
                }
                Target { node, span, left_out: None }
            }
        };
        self.enter_path(name, target);
        target
    }

    fn too_large(&mut self, layer: &Layer, above: NodeIndex, message: String) -> Target {
        if self.visits <= MAX_VISITS + 1 || !self.found.iter().any(|finding| finding.code == Code::E0406) {
            self.visits = MAX_VISITS + 2;
            self.fault(Diagnostic::new(Code::E0406, layer.key.span, message, "at this one").with_help("look at the `repeat`s"));
        }
        Target { node: above, span: layer.key.span, left_out: Some(layer.key.span) }
    }

    /// What a layer that is left out would have read (R4).
    fn instead(&mut self, layer: &Layer, frame: &Frame<'_>, above: NodeIndex) -> NodeIndex {
        let joined = layer.kinds.first().and_then(|kind| match &kind.main {
            Main::Layers(layers) => layers.first(),
            _ => None,
        });
        let read = layer.from.as_ref().or(joined).filter(|term| term.list().is_none());
        match read {
            Some(term) => self.reference(term, frame).map_or_else(|| self.net.add_unknown(), |(node, _)| node),
            None => above,
        }
    }

    /// Lowers a layer that is there; [`Lowering::path`] is its own.
    fn made(&mut self, layer: &Layer, frame: &Frame<'_>, line: &Place<'_>, above: NodeIndex, first: bool) -> NodeIndex {
        let taken = self.kind(layer, frame, line);
        if self.purpose == Purpose::Everything {
            let first_kind = self.of_kind(layer.kinds.first(), layer, frame, line, above, first);
            for kind in layer.kinds.iter().skip(1) {
                self.of_kind(Some(kind), layer, frame, line, above, first);
            }
            return first_kind;
        }
        let Some(kind) = taken else { return self.net.add_unknown() };
        self.of_kind(kind, layer, frame, line, above, first)
    }

    fn of_kind(
        &mut self,
        kind: Option<&KindUse>,
        layer: &Layer,
        frame: &Frame<'_>,
        line: &Place<'_>,
        above: NodeIndex,
        first: bool,
    ) -> NodeIndex {
        let from = layer.from.as_ref().filter(|_| first);
        if let Some(KindUse { kind: Kind::Module(at), main: Main::Arguments(arguments), word }) = kind {
            let Some(sources) = self.module_sources(*at, from, layer, frame, above) else { return self.net.add_unknown() };
            return self.scoped(layer, |lowering| lowering.module(*at, arguments, word, layer, frame, line, &sources));
        }
        let Some(source) = self.source(from, frame, above) else { return self.net.add_unknown() };
        match kind.map(|kind| (&kind.main, kind)) {
            None if layer.norm.is_none() && layer.act.is_none() => source.0,
            None => self.scoped(layer, |lowering| lowering.chain(layer, None, frame, line, &[source])),
            Some((Main::Inception(inception), _)) => {
                self.scoped(layer, |lowering| lowering.inception(inception, layer, frame, line, source))
            }
            Some((Main::Body(body), _)) => self.scoped(layer, |lowering| lowering.unnamed(body, frame, line, source)),
            Some((Main::Layers(layers), kind)) => {
                if let Some(from) = from {
                    let message = format!("`{}` lists what it reads, it has no `from`", kind.word.text);
                    self.fault(Diagnostic::new(Code::E0217, from.span, message, "").with_help("put the layer into its list"));
                }
                let sources: Option<Vec<_>> = {
                    let sources: Vec<_> = layers.iter().map(|term| self.reference(term, frame)).collect();
                    sources.into_iter().map(|source| source.map(|(node, span)| (node, Some(span)))).collect()
                };
                let Some(sources) = sources.filter(|sources| !sources.is_empty()) else { return self.net.add_unknown() };
                self.scoped(layer, |lowering| lowering.chain(layer, Some(kind), frame, line, &sources))
            }
            Some((Main::Value(_) | Main::Arguments(_), kind)) => match kind.kind {
                Kind::Op(_) => self.scoped(layer, |lowering| lowering.chain(layer, Some(kind), frame, line, &[source])),
                Kind::Inception | Kind::Net | Kind::Module(_) => self.net.add_unknown(),
            },
        }
    }

    /// The kind that the layer takes; `Some(None)` for the identity, nothing after a fault.
    #[expect(clippy::option_option, reason = "a layer without a kind is no fault")]
    fn kind<'l>(&mut self, layer: &'l Layer, frame: &Frame<'_>, line: &Place<'_>) -> Option<Option<&'l KindUse>> {
        let [first, others @ ..] = &layer.kinds[..] else { return Some(None) };
        if others.is_empty() {
            if let Some(by) = &layer.by {
                let message = format!("`by` chooses among kinds, but `{}` is the only one", first.word.text);
                self.fault(Diagnostic::new(Code::E0217, by.span, message, "").with_help("write the kinds as `a | b | c`"));
            }
            return Some(Some(first));
        }
        let words = || layer.kinds.iter().map(|kind| kind.word.text.clone());
        let taken = match &layer.by {
            Some(by) => self.value(by, frame, line, "by")?,
            None => {
                let options = Options::List(words().map(Value::Word).collect());
                let start = Value::Word(first.word.text.clone());
                match self.decisions.decide(|| line.decision("kind"), layer.kind_span, options, start) {
                    Ok(value) => value,
                    Err(fault) => {
                        self.fault(*fault);
                        return None;
                    }
                }
            }
        };
        let found = layer.kinds.iter().find(|kind| matches!(&taken, Value::Word(word) if *word == kind.word.text));
        if found.is_none() {
            let span = layer.by.as_ref().map_or(layer.kind_span, |by| by.span);
            let known: Vec<String> = words().map(|word| word.to_string()).collect();
            let text = taken.to_string();
            let fault = Diagnostic::new(Code::E0305, span, format!("`{taken}` is none of the kinds here"), "");
            let fault = fault.with_label(layer.kind_span, "the choice").with_help(format!("kinds here: {}", known.join(", ")));
            let right = nearest(&text, known.iter().map(String::as_str)).map(str::to_owned);
            self.fault(match right {
                Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
                None => fault,
            });
        }
        found.map(Some)
    }

    /// What a layer with one input reads.
    fn source(&mut self, from: Option<&Term>, frame: &Frame<'_>, above: NodeIndex) -> Option<(NodeIndex, Option<Span>)> {
        let Some(from) = from else { return Some((above, None)) };
        if from.list().is_some() {
            let fault = Diagnostic::new(Code::E0216, from.span, "`from` names one layer, not a list", "");
            self.fault(fault.with_help("join them first, with `{concat: [a, b]}` or `{add: [a, b]}`"));
            return None;
        }
        self.reference(from, frame).map(|(node, span)| (node, Some(span)))
    }

    /// Runs `make` in the layer's scope; the scope of a layer without a name is the one around it.
    fn scoped(&mut self, layer: &Layer, make: impl FnOnce(&mut Self) -> NodeIndex) -> NodeIndex {
        if layer.key.text.is_empty() {
            return make(self);
        }
        let outside = self.net.scope();
        let step = self.path.rsplit('/').next().unwrap_or_default().to_owned();
        if layer.key.text.contains('/') {
            self.enter_flat(layer.key.span);
        } else if !self.is_flat {
            self.net.open(&step, Some(layer.key.span));
        } else if let Some(&scope) = self.flat.get(&self.path) {
            self.net.enter(scope);
        } else {
            let scope = self.net.open(&step, Some(layer.key.span));
            self.flat.insert(self.path.clone(), scope);
        }
        let node = make(self);
        self.net.enter(outside);
        node
    }

    /// Enters the scope of a name that is a whole path, opening what is not open yet.
    fn enter_flat(&mut self, span: Span) {
        let mut end = 0;
        let path = Cow::from(self.path.clone());
        for step in path.split('/') {
            end += step.len();
            let scope = match self.flat.get(&path[..end]) {
                Some(&scope) => {
                    self.net.enter(scope);
                    scope
                }
                None => self.net.open(step, Some(span)),
            };
            self.flat.insert(path[..end].to_owned(), scope);
            end += 1;
        }
    }

    pub(super) fn push_path(&mut self, name: &str) {
        if !name.is_empty() && !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(name);
    }

    /// Makes a layer known under its path.
    pub(super) fn enter_path(&mut self, name: &str, target: Target) {
        if name.is_empty() {
            return;
        }
        let length = self.path.len();
        self.push_path(name);
        if let Some(first) = self.places.insert(self.path.clone(), target) {
            let message = format!("`{}` is defined twice", self.path);
            self.fault(Diagnostic::new(Code::E0101, target.span, message, "again here").with_label(first.span, "first here"));
        }
        self.path.truncate(length);
    }
}

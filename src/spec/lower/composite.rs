//! Layers made of layers: `inception`, `net`, modules (language rules R2, R9, R18).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::expr::Environment;
use crate::expr::Input;
use crate::expr::Place;
use crate::expr::Variable;
use crate::graph::NodeIndex;
use crate::op::Concat;
use crate::op::Term;
use crate::spec::Body;
use crate::spec::Branch;
use crate::spec::BranchForm;
use crate::spec::Inception;
use crate::spec::Layer;
use crate::spec::Module;
use crate::yaml::Key;

use super::Frame;
use super::Lowering;
use super::Purpose;
use super::Target;

/// Modules within modules, at most.
const MAX_DEPTH: usize = 48;

impl Lowering<'_> {
    /// The copy that a layer's line is being walked for.
    fn own_place<'a>(layer: &'a Layer, frame: &Frame<'a>) -> Option<Place<'a>> {
        (!layer.key.text.is_empty()).then_some(Place { up: frame.place, name: &layer.key.text, copy: frame.copy })
    }

    /// Branches side by side, joined in written order.
    pub(super) fn inception(
        &mut self,
        inception: &Inception,
        layer: &Layer,
        frame: &Frame<'_>,
        line: &Place<'_>,
        source: (NodeIndex, Option<Span>),
    ) -> NodeIndex {
        let by_shares;
        let branches = match inception {
            Inception::Branches(branches) => branches,
            Inception::Ratios(ratios) => match self.ratio_branches(ratios, frame, line) {
                Some(branches) => {
                    by_shares = branches;
                    &by_shares
                }
                None => return self.unknown_branches(ratios),
            },
        };
        let place = Self::own_place(layer, frame);
        let place = place.as_ref().or(frame.place);
        match self.purpose {
            Purpose::Naive => self.naive(branches, frame, place, source.0),
            Purpose::Beside => self.beside(branches, frame, place, source.0),
            Purpose::Candidate | Purpose::Widest | Purpose::Narrowest | Purpose::Everything => {
                self.joined(branches, frame, place, source.0)
            }
        }
    }

    /// The branches, joined.
    pub(super) fn joined(
        &mut self,
        branches: &[Branch],
        frame: &Frame<'_>,
        place: Option<&Place<'_>>,
        source: NodeIndex,
    ) -> NodeIndex {
        let mut outs = Vec::with_capacity(branches.len());
        for branch in branches {
            let node = self.without_halts(|lowering| lowering.branch(branch, frame, place, source));
            outs.push((node, Some(branch.key.span)));
        }
        if outs.is_empty() { self.net.add_unknown() } else { self.net.add_from(Concat.into(), outs.into_iter()) }
    }

    fn branch(&mut self, branch: &Branch, frame: &Frame<'_>, place: Option<&Place<'_>>, source: NodeIndex) -> NodeIndex {
        let length = self.path.len();
        self.push_path(&branch.key.text);
        self.net.open(&branch.key.text, Some(branch.key.span));
        let place = Place { up: place, name: &branch.key.text, copy: None };
        let layers = &branch.body.layers;
        let inner = Frame { prefix: self.path.len(), layers, outer: Some(frame), place: Some(&place), ..*frame };
        let mut nodes = Vec::with_capacity(branch.body.layers.len());
        let mut above = source;
        for layer in &branch.body.layers {
            above = self.layer(layer, &inner, above);
            nodes.push(above);
        }
        self.net.close();
        self.places.insert(self.path.clone(), Target { node: above, span: branch.key.span, left_out: None });
        self.path.truncate(length);
        if let (BranchForm::Reduced(numbers), [first, second, ..]) = (&branch.form, &nodes[..]) {
            let [reduce, width] = &**numbers;
            self.check_reduction(reduce, width, [source, *first, *second]);
        }
        above
    }

    /// A reduction wider than the result is most often a pair the wrong way round. One as wide is in published networks; it saves as
    /// long as it is narrower than the branch's input.
    fn check_reduction(&mut self, reduce: &Term, width: &Term, [source, reduced, wide]: [NodeIndex; 3]) {
        let channels = |node| self.net.shape(node).map(|shape| shape.c);
        let (Some(given), Some(reduced), Some(wide)) = (channels(source), channels(reduced), channels(wide)) else { return };
        if reduced > wide || reduced == wide && reduced >= given {
            let wider = if reduced > wide { "wider than" } else { "as wide as" };
            let message = format!("the reduction to {reduced} channels is {wider} the {wide} channels after it");
            let warning = Diagnostic::new(Code::W0004, reduce.span, message, "the reduction");
            self.fault(warning.with_label(width.span, "the width").with_help("reduce to fewer channels, or drop the reduction"));
        }
    }

    /// `net: BODY`: a module without a name, which sees the arguments of the module that holds it.
    pub(super) fn unnamed(
        &mut self,
        body: &Body,
        frame: &Frame<'_>,
        line: &Place<'_>,
        (source, _): (NodeIndex, Option<Span>),
    ) -> NodeIndex {
        let inputs = [Input { name: "in".into(), channels: self.net.shape(source).map(|shape| shape.c) }];
        let place = Place { copy: frame.copy, ..*line };
        let inner =
            Frame { inputs: &inputs, nodes: &[source], prefix: self.path.len(), outer: None, place: Some(&place), ..*frame };
        self.body(body, &inner, source)
    }

    /// What a module's inputs are bound to: the layer above, `from`, or a list in `from` for several (R18).
    pub(super) fn module_sources(
        &mut self,
        at: usize,
        from: Option<&Term>,
        layer: &Layer,
        frame: &Frame<'_>,
        above: NodeIndex,
    ) -> Option<Vec<NodeIndex>> {
        let module = &self.spec.modules[at];
        let wanted = module.inputs.len().max(1);
        let terms: Vec<&Term> = match from {
            None if wanted == 1 => return Some(vec![above]),
            Some(from) => from.list().map_or_else(|| vec![from], |list| list.iter().collect()),
            None => Vec::new(),
        };
        if terms.len() != wanted {
            let span = from.map_or(layer.key.span, |from| from.span);
            let code = if wanted == 1 { Code::E0216 } else { Code::E0207 };
            let message =
                format!("module `{}` has {wanted} input{}, `from` gives {}", module.key.text, plural(wanted), terms.len());
            let help =
                if wanted == 1 { "join them first, with `{concat: [a, b]}` or `{add: [a, b]}`" } else { "write `from: [a, b]`" };
            self.fault(Diagnostic::new(code, span, message, "").with_label(module.key.span, "the module").with_help(help));
            return None;
        }
        let nodes: Vec<Option<NodeIndex>> =
            terms.into_iter().map(|term| self.reference(term, frame).map(|(node, _)| node)).collect();
        nodes.into_iter().collect()
    }

    /// A use of a module.
    #[expect(clippy::too_many_arguments, reason = "a use is a line, its scope and its arguments")]
    pub(super) fn module(
        &mut self,
        at: usize,
        arguments: &[(Option<Key>, Term)],
        word: &Key,
        layer: &Layer,
        frame: &Frame<'_>,
        line: &Place<'_>,
        sources: &[NodeIndex],
    ) -> NodeIndex {
        let spec = self.spec;
        let module = &spec.modules[at];
        if self.modules.contains(&at) || self.modules.len() >= MAX_DEPTH {
            self.recursion(at, word);
            return self.net.add_unknown();
        }
        let own = Self::own_place(layer, frame);
        let place = own.as_ref().or(frame.place);
        let names: Vec<Key> =
            if module.inputs.is_empty() { vec![Key { text: "in".into(), span: module.key.span }] } else { module.inputs.clone() };
        let channels = |node: &NodeIndex| self.net.shape(*node).map(|shape| shape.c);
        let bound = names.iter().zip(sources).map(|(key, node)| Input { name: key.text.clone(), channels: channels(node) });
        let mut inputs: Vec<Input> = bound.collect();
        let mut nodes = sources.to_vec();
        if inputs.iter().all(|input| &*input.name != "in") {
            inputs.push(Input { name: "in".into(), channels: inputs[0].channels });
            nodes.push(sources[0]);
        }
        let Some(args) = self.arguments(module, arguments, word, frame, line, &inputs, place) else {
            return self.net.add_unknown();
        };
        let inner = Frame {
            args: &args,
            inputs: &inputs,
            nodes: &nodes,
            copy: None,
            defaults: &module.defaults,
            prefix: self.path.len(),
            outer: None,
            place,
            ..*frame
        };
        self.walked[at] = true;
        self.modules.push(at);
        self.uses.push(if layer.key.text.is_empty() { word.span } else { layer.key.span });
        let node = self.body(&module.body, &inner, sources[0]);
        self.modules.pop();
        self.uses.pop();
        node
    }

    fn recursion(&mut self, at: usize, word: &Key) {
        let module = &self.spec.modules[at];
        let start = self.modules.iter().position(|&open| open == at);
        let fault = match start {
            Some(start) => {
                let mut circle = self.modules[start..].to_vec();
                circle.sort_unstable();
                if self.circles.contains(&circle) {
                    return;
                }
                self.circles.push(circle);
                let cycle = self.modules[start..].iter().chain([&at]);
                let names: Vec<&str> = cycle.map(|&module| &*self.spec.modules[module].key.text).collect();
                let message = format!("module `{}` uses itself", module.key.text);
                let fault = Diagnostic::new(Code::E0208, word.span, message, "this closes the circle");
                fault.with_label(module.key.span, "the module").with_note(format!("the circle: {}", names.join(" uses ")))
            }
            None => Diagnostic::new(Code::E0208, word.span, format!("modules are nested more than {MAX_DEPTH} deep"), ""),
        };
        if !self.found.iter().any(|finding| finding.code == Code::E0208 && finding.span() == fault.span()) {
            self.found.push(fault);
        }
    }

    /// Values in the user's scope, defaults in the module's, where they may use `in` and the arguments to their left.
    #[expect(clippy::too_many_arguments, reason = "two scopes meet here")]
    fn arguments(
        &mut self,
        module: &Module,
        given: &[(Option<Key>, Term)],
        word: &Key,
        frame: &Frame<'_>,
        line: &Place<'_>,
        inputs: &[Input],
        place: Option<&Place<'_>>,
    ) -> Option<Vec<Variable>> {
        let before = self.found.len();
        self.work += module.args.iter().filter_map(|argument| argument.default.as_ref()).map(Term::size).sum::<usize>();
        let known = || module.args.iter().map(|argument| &*argument.key.text);
        for (key, term) in given {
            let name = key.as_ref().map_or_else(|| known().next().unwrap_or_default(), |key| &*key.text);
            if !known().any(|known| known == name) {
                let span = key.as_ref().map_or(term.span, |key| key.span);
                let message = match key {
                    Some(_) => format!("module `{}` has no argument `{name}`", module.key.text),
                    None => format!("module `{}` has no arguments", module.key.text),
                };
                let declared = if module.args.is_empty() { "it has none" } else { "its arguments are declared here" };
                let label = module.args.first().map_or(module.key.span, |argument| argument.key.span);
                let fault = Diagnostic::new(Code::E0206, span, message, "unknown argument").with_label(label, declared);
                self.fault(match nearest(name, known()) {
                    Some(right) if key.is_some() => fault.with_patch(format!("did you mean `{right}`?"), right),
                    _ => fault,
                });
            }
        }
        let mut args: Vec<Variable> = Vec::with_capacity(module.args.len());
        for (at, argument) in module.args.iter().enumerate() {
            let name = &argument.key.text;
            let named = given.iter().find(|(key, _)| match key {
                Some(key) => key.text == *name,
                None => at == 0,
            });
            let variable = match (named, &argument.default) {
                (Some((_, term)), _) => self.variable(&frame.env(), Some(line), &argument.key, term),
                (None, Some(default)) => {
                    let env = Environment { vars: frame.vars, args: &args, inputs, copy: None };
                    self.uses.push(word.span);
                    let variable = self.variable(&env, place, &argument.key, default);
                    self.uses.pop();
                    variable
                }
                (None, None) => {
                    let message = format!("module `{}` needs its argument `{name}`", module.key.text);
                    let fault = Diagnostic::new(Code::E0207, word.span, message, "it is not given here");
                    self.fault(fault.with_label(argument.key.span, "required here"));
                    Variable::new(name.clone(), argument.key.span, None, false)
                }
            };
            args.push(variable);
        }
        (self.found.len() == before).then_some(args)
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

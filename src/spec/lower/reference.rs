//! References: `in`, a module's inputs, paths of layers above (language rules R3, R14).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::graph::NodeIndex;
use crate::op::Term;

use super::Frame;
use super::Lowering;
use super::Purpose;

/// After so many findings no layer is suggested any more: to find one takes a look at all layers.
const MAX_SUGGESTED: usize = 30;

impl Lowering<'_> {
    /// The node that a reference names and where the reference stands; nothing if there is none, in which case that has been told.
    pub(super) fn reference(&mut self, term: &Term, frame: &Frame<'_>) -> Option<(NodeIndex, Span)> {
        let Some(name) = term.text() else {
            let message = format!("a layer's name is wanted here, not {}", term.describe());
            self.fault(Diagnostic::new(Code::E0200, term.span, message, ""));
            return None;
        };
        if let Some(at) = frame.inputs.iter().position(|input| &*input.name == name) {
            return Some((frame.nodes[at], term.span));
        }
        let bodies = || std::iter::successors(Some(frame), |frame| frame.outer);
        for body in bodies() {
            if let Some(target) = self.places.get(&self.absolute(body, name)) {
                return Some((target.node, term.span));
            }
        }
        if self.purpose == Purpose::Everything && name.contains('.') {
            // A copy that another choice of the `repeat` may make.
            return None;
        }
        for body in bodies() {
            if let Some((left_out, because)) = self.left_out_around(&self.absolute(body, name)) {
                let message = format!("`{name}` lies in `{left_out}`, which is left out");
                let fault = Diagnostic::new(Code::E0215, term.span, message, "");
                self.fault(fault.with_label(because, "this leaves it out").with_help("read the layer itself, or neither"));
                return None;
            }
        }
        if bodies().any(|body| self.absolute(body, name) == self.path) {
            let fault =
                Diagnostic::new(Code::E0203, term.span, format!("`{name}` reads itself"), "a layer reads layers above it");
            self.fault(fault);
            return None;
        }
        if bodies().any(|body| body.layers.iter().any(|layer| &*layer.key.text == name)) {
            let message = format!("`{name}` does not stand above this layer");
            let fault = Diagnostic::new(Code::E0203, term.span, message, "a layer reads layers above it");
            self.fault(fault.with_help("move one of the two"));
            return None;
        }
        if self.places.contains_key(name) {
            let message = format!("`{name}` is no layer of this module");
            let fault = Diagnostic::new(Code::E0203, term.span, message, "a module reads its own layers and its inputs");
            self.fault(fault.with_help("hand the layer in where the module is used: `from`, or `inputs` for several"));
            return None;
        }
        let mut known: Vec<&str> = Vec::new();
        for body in bodies().take(if self.found.len() + self.kept.len() < MAX_SUGGESTED { usize::MAX } else { 0 }) {
            let prefix = self.absolute(body, "");
            let inside = self.places.keys().filter_map(|path| path.strip_prefix(&prefix));
            known.extend(inside.filter(|path| name.contains('/') || !path.contains('/')));
            known.extend(body.inputs.iter().map(|input| &*input.name));
        }
        known.sort_by_key(|path| (self.order(path, frame), *path));
        known.dedup();
        let right = nearest(name, known.iter().copied()).map(str::to_owned);
        let fault = Diagnostic::new(Code::E0203, term.span, format!("unknown layer `{name}`"), "no layer above has this name");
        let fault = match right {
            Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
            None => fault,
        };
        let last = &known[known.len().saturating_sub(12)..];
        let help =
            if last.is_empty() { "there is no layer above".to_owned() } else { format!("layers so far: {}", last.join(", ")) };
        self.fault(fault.with_help(help));
        None
    }

    /// The whole path of a name in a body.
    fn absolute(&self, body: &Frame<'_>, name: &str) -> String {
        let prefix = &self.path[..body.prefix];
        if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
    }

    /// The innermost layer around a path that was left out, and what left it out.
    fn left_out_around(&self, path: &str) -> Option<(String, Span)> {
        let ends = path.rmatch_indices(['/', '.']).map(|(end, _)| end);
        ends.map(|end| &path[..end]).find_map(|around| {
            let because = self.places.get(around)?.left_out?;
            Some((around.to_owned(), because))
        })
    }

    /// Layers in the order of their nodes, so that among equally near names the last one is offered.
    fn order(&self, path: &str, frame: &Frame<'_>) -> usize {
        self.places.get(&self.absolute(frame, path)).map_or(0, |target| target.node.index() + 1)
    }
}

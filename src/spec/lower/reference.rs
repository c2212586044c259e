//! References: `in`, a module's inputs, paths of layers above (language rules R3, R14).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::graph::NodeIndex;
use crate::op::Term;

use super::Frame;
use super::Lowering;
use super::Target;

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
        for body in bodies() {
            if let Some(left_out) = self.left_out_around(&self.absolute(body, name)) {
                let message = format!("`{name}` lies in `{left_out}`, which is left out");
                self.fault(Diagnostic::new(Code::E0215, term.span, message, "its `when` is false here"));
                return None;
            }
        }
        let mut known: Vec<&str> = Vec::new();
        for body in bodies() {
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

    /// The innermost layer around a path that was left out.
    fn left_out_around(&self, path: &str) -> Option<String> {
        let ends = path.rmatch_indices('/').map(|(end, _)| end);
        let found =
            ends.map(|end| &path[..end]).find(|around| self.places.get(*around).is_some_and(|target: &Target| target.left_out));
        found.map(str::to_owned)
    }

    /// Layers in the order of their nodes, so that among equally near names the last one is offered.
    fn order(&self, path: &str, frame: &Frame<'_>) -> usize {
        self.places.get(&self.absolute(frame, path)).map_or(0, |target| target.node.index() + 1)
    }
}

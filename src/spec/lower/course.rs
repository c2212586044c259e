//! Walks in stretches: from one halt to the next, each as if what lies before were only the planes that later layers can see.
//!
//! A walk halts after each copy of each layer of a body, at any depth, branches apart. Whatever the layers after a halt give hangs on
//! what the [`Halt`] holds, on the decisions of the layers it stands in, and on those of the file alone. So two networks that are
//! equal there go on in the same ways, however they came there.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Shape;
use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::op::Term;
use crate::spec::Body;
use crate::spec::Inception;
use crate::spec::Layer;
use crate::spec::Main;
use crate::spec::Spec;
use crate::spec::space::is_broken;

use super::Lowering;
use super::Purpose;
use super::Target;

/// A place in a body: the layer that is next or being walked, and its copy, from 1 where it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::spec) struct Mark {
    pub(in crate::spec) index: usize,
    copy: u32,
}

/// Where a walk halts, and all that the layers after it can see of those before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::spec) struct Halt {
    /// The bodies around, outermost first. They grow along a walk.
    pub(in crate::spec) marks: Vec<Mark>,
    /// What is visible, each node once.
    pub(in crate::spec) planes: Vec<Shape>,
    /// Among the planes, the network's inputs.
    inputs: Vec<usize>,
    /// For each body the plane above its layer.
    above: Vec<usize>,
    /// Layers that are still named, by their whole path.
    places: Vec<(String, usize)>,
}

/// A walk from one halt to the next.
pub(in crate::spec) struct Stretch {
    /// The planes of the halt it began at, in their order, then what was added; its outputs are those of the next halt, or of the
    /// network. Nothing if something is wrong.
    pub(in crate::spec) graph: Option<Graph>,
    /// The next halt; nothing at the network's end.
    pub(in crate::spec) halt: Option<Halt>,
    /// Paths of the layers around the next halt, whose decisions will be asked for again.
    pub(in crate::spec) around: Vec<String>,
    pub(in crate::spec) decisions: Decisions,
    pub(in crate::spec) visits: u32,
    pub(in crate::spec) work: usize,
}

/// Walks from a halt, or from the beginning, to the next.
pub(in crate::spec) fn lower_stretch(
    purpose: Purpose,
    spec: &Spec,
    bodies: &Bodies,
    decisions: Decisions,
    from: Option<&Halt>,
) -> Stretch {
    let mut lowering = Lowering::new(purpose, spec, decisions);
    let mut course =
        Course { bodies, resume: Vec::new(), begins: from.is_none(), levels: Vec::new(), inputs: None, shut: 0, end: None };
    if let Some(halt) = from {
        let nodes: Vec<NodeIndex> = halt.planes.iter().map(|&shape| lowering.net.input("", shape)).collect();
        course.inputs = Some(halt.inputs.iter().map(|&plane| nodes[plane]).collect());
        course.resume = halt.marks.iter().zip(&halt.above).map(|(&mark, &plane)| (mark, nodes[plane])).rev().collect();
        for (path, plane) in &halt.places {
            lowering.places.insert(path.clone(), Target { node: nodes[*plane], span: spec.span, left_out: None });
        }
    }
    lowering.course = Some(course);
    let vars = lowering.vars();
    lowering.network(&vars, None);
    let end = lowering.course.take().and_then(|course| course.end);
    let Lowering { net, decisions, found, visits, work, .. } = lowering;
    let graph = if is_broken(&found) { None } else { net.finish().ok() };
    let (halt, around) = end.unzip();
    Stretch { graph, halt, around: around.unwrap_or_default(), decisions, visits, work }
}

/// What a walk in stretches knows beside the walk.
pub(super) struct Course<'s> {
    bodies: &'s Bodies,
    /// Bodies that the walk has yet to enter to be where it was, innermost first, and the node above.
    resume: Vec<(Mark, NodeIndex)>,
    /// Whether it begins at the network's inputs, and halts right there.
    begins: bool,
    /// Bodies around the layer at hand, outermost first.
    levels: Vec<Level<'s>>,
    inputs: Option<Vec<NodeIndex>>,
    /// Branches and heads around the layer at hand, in which no walk halts.
    shut: u32,
    end: Option<(Halt, Vec<String>)>,
}

struct Level<'s> {
    text: &'s Text,
    mark: Mark,
    above: NodeIndex,
    /// How much of the path is the body's own.
    prefix: usize,
}

impl Lowering<'_> {
    /// The network's inputs, where a walk goes on that has been there.
    pub(super) fn known_inputs(&self) -> Option<Vec<NodeIndex>> {
        self.course.as_ref().and_then(|course| course.inputs.clone())
    }

    /// Takes note of the network's inputs.
    pub(super) fn know_inputs(&mut self, nodes: &[NodeIndex]) {
        if let Some(course) = &mut self.course {
            course.inputs = Some(nodes.to_vec());
        }
    }

    /// Enters a body; returns the layer to go on at and what lies above it.
    pub(super) fn enter_body(&mut self, body: &Body, prefix: usize, first: NodeIndex) -> (usize, NodeIndex) {
        let Some(course) = self.course.as_mut().filter(|course| course.shut == 0) else { return (0, first) };
        let (mark, above) = course.resume.pop().unwrap_or((Mark { index: 0, copy: 0 }, first));
        course.levels.push(Level { text: course.bodies.text(body), mark, above, prefix });
        if std::mem::take(&mut course.begins) {
            self.halt();
            return (body.layers.len(), first);
        }
        (mark.index, above)
    }

    /// Leaves a body.
    pub(super) fn leave_body(&mut self) {
        if let Some(course) = self.course.as_mut().filter(|course| course.shut == 0) {
            course.levels.pop();
        }
    }

    /// The copy to go on at.
    pub(super) fn first_copy(&self) -> u32 {
        let level = self.course.as_ref().filter(|course| course.shut == 0).and_then(|course| course.levels.last());
        level.map_or(1, |level| level.mark.copy.max(1))
    }

    /// Takes note of the copy at hand and what lies above it.
    pub(super) fn begin_copy(&mut self, copy: u32, above: NodeIndex) {
        if let Some(level) = self.course.as_mut().filter(|course| course.shut == 0).and_then(|course| course.levels.last_mut()) {
            level.mark.copy = copy;
            level.above = above;
        }
    }

    /// Halts after a layer. Whether the walk has halted.
    pub(super) fn halts_after(&mut self, index: usize, above: NodeIndex) -> bool {
        self.halts_at(|_| Mark { index: index + 1, copy: 0 }, above)
    }

    /// Halts between two copies of a layer. Whether the walk has halted.
    pub(super) fn halts_before(&mut self, copy: u32, above: NodeIndex) -> bool {
        self.halts_at(|mark| Mark { copy, ..mark }, above)
    }

    fn halts_at(&mut self, mark: impl FnOnce(Mark) -> Mark, above: NodeIndex) -> bool {
        let Some(course) = self.course.as_mut().filter(|course| course.shut == 0) else { return false };
        if course.end.is_none()
            && let Some(level) = course.levels.last_mut()
        {
            level.mark = mark(level.mark);
            level.above = above;
            self.halt();
        }
        true
    }

    /// Whether the walk is over although there are more layers.
    pub(super) fn has_halted(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.end.is_some())
    }

    /// Walks what has no halts in it.
    pub(super) fn without_halts<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.course.iter_mut().for_each(|course| course.shut += 1);
        let result = walk(self);
        self.course.iter_mut().for_each(|course| course.shut -= 1);
        result
    }

    /// Writes down what can be seen from here.
    fn halt(&mut self) {
        let Some(course) = &mut self.course else { return };
        let mut nodes: Vec<NodeIndex> = Vec::new();
        let mut plane = |node: NodeIndex| {
            nodes.iter().position(|&other| other == node).unwrap_or_else(|| {
                nodes.push(node);
                nodes.len() - 1
            })
        };
        let inputs = course.inputs.iter().flatten().map(|&node| plane(node)).collect();
        let above = course.levels.iter().map(|level| plane(level.above)).collect();
        let (mut places, mut around) = (BTreeMap::new(), Vec::new());
        for (depth, level) in course.levels.iter().enumerate() {
            let path = |name: &str| match &self.path[..level.prefix] {
                "" => name.to_owned(),
                prefix => format!("{prefix}/{name}"),
            };
            for (name, _) in level.text.reads.iter().filter(|(_, last)| **last >= level.mark.index) {
                let path = path(name);
                if let Some(target) = self.places.get(&path) {
                    places.insert(path, plane(target.node));
                }
            }
            let inside = depth + 1 < course.levels.len();
            if let Some(name) = level.text.names.get(level.mark.index).filter(|_| inside || level.mark.copy > 0) {
                around.push(path(name));
                if inside && level.mark.copy > 0 {
                    around.push(path(&format!("{name}.{}", level.mark.copy)));
                }
            }
        }
        let marks = course.levels.iter().map(|level| level.mark).collect();
        // An unknown plane has no shape, and no graph will come of it.
        let planes = nodes.iter().map(|&node| self.net.shape(node).unwrap_or(Shape::new(1, 1, 1))).collect();
        course.end = Some((Halt { marks, planes, inputs, above, places: places.into_iter().collect() }, around));
        for node in nodes {
            let name = String::new();
            self.net.add_output(Output { name, node, weight: crate::base::Real64::new(1.0), train_only: false, span: None });
        }
    }
}

/// What bodies say of their layers, by where a body lies in the spec.
pub(in crate::spec) struct Bodies {
    texts: HashMap<*const Layer, Text>,
}

#[derive(Default)]
struct Text {
    /// The layers' names.
    names: Vec<Arc<str>>,
    /// Layers that are named, and the last layer that does.
    reads: BTreeMap<String, usize>,
}

impl Bodies {
    /// Those of a spec.
    pub(in crate::spec) fn of(spec: &Spec) -> Bodies {
        let mut bodies = Bodies { texts: HashMap::new() };
        spec.modules.iter().for_each(|module| bodies.body(&module.body));
        spec.heads.iter().for_each(|head| bodies.inside(&head.layer));
        bodies.body(&spec.net);
        let net = bodies.texts.entry(spec.net.layers.as_ptr()).or_default();
        let end = spec.net.layers.len();
        spec.heads.iter().for_each(|head| references(&head.layer, &mut |name| net.read(name, end)));
        spec.compare.iter().filter_map(Term::text).for_each(|name| net.read(name, end));
        bodies
    }

    fn text(&self, body: &Body) -> &Text {
        &self.texts[&body.layers.as_ptr()]
    }

    fn body(&mut self, body: &Body) {
        let mut text = Text { names: body.layers.iter().map(|layer| layer.key.text.clone()).collect(), ..Text::default() };
        for (at, layer) in body.layers.iter().enumerate() {
            references(layer, &mut |name| text.read(name, at));
            self.inside(layer);
        }
        self.texts.insert(body.layers.as_ptr(), text);
    }

    fn inside(&mut self, layer: &Layer) {
        for kind in &layer.kinds {
            match &kind.main {
                Main::Body(body) => self.body(body),
                Main::Inception(Inception::Branches(branches)) => branches.iter().for_each(|branch| self.body(&branch.body)),
                _ => {}
            }
        }
    }
}

impl Text {
    fn read(&mut self, name: &str, at: usize) {
        self.reads.insert(name.to_owned(), at);
    }
}

/// The names that a layer, and those in its branches, look up in the body around; the bodies in it look there for nothing.
fn references(layer: &Layer, see: &mut impl FnMut(&str)) {
    let from = layer.from.iter().flat_map(|from| from.list().unwrap_or(std::slice::from_ref(from)));
    from.filter_map(Term::text).for_each(&mut *see);
    for kind in &layer.kinds {
        match &kind.main {
            Main::Layers(layers) => layers.iter().filter_map(Term::text).for_each(&mut *see),
            Main::Inception(Inception::Branches(branches)) => {
                branches.iter().flat_map(|branch| &branch.body.layers).for_each(|layer| references(layer, see));
            }
            _ => {}
        }
    }
}

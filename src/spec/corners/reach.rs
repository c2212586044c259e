//! Which variables of the file each layer of the network may ask for, read off the text.
//!
//! Names are taken for one another wherever they are equal, so that a layer may be said to ask for what it does not, never the other
//! way round.

use std::collections::BTreeSet;
use std::collections::HashMap;

use crate::spec::Spec;
use crate::spec::lint::Uses;

/// The variables that parts of the network ask for.
pub(super) struct Reach<'s> {
    /// What is evaluated before the first layer.
    inputs: BTreeSet<&'s str>,
    /// Each layer of the network; the last is all heads together.
    layers: Vec<BTreeSet<&'s str>>,
    /// The last layer that asks for a variable.
    last: HashMap<&'s str, usize>,
}

impl<'s> Reach<'s> {
    pub(super) fn of(spec: &'s Spec) -> Reach<'s> {
        let mut layers: Vec<BTreeSet<&str>> = Vec::with_capacity(spec.net.layers.len() + 1);
        for layer in &spec.net.layers {
            let mut uses = Uses::default();
            uses.layer(layer);
            layers.push(closed(spec, uses));
        }
        let mut heads = Uses::default();
        for head in &spec.heads {
            heads.layer(&head.layer);
            head.weight.iter().chain(&head.train_only).for_each(|term| heads.term(term));
        }
        layers.push(closed(spec, heads));
        let mut sides = Uses::default();
        spec.inputs.iter().flat_map(|plane| plane.sides.iter().flatten()).for_each(|side| sides.term(side));
        // A variable that nothing asks for may still be impossible for some values of others.
        let asked = |name: &str| layers.iter().any(|layer| layer.contains(name));
        spec.vars.iter().filter(|(key, _)| !asked(&key.text)).for_each(|(_, term)| sides.term(term));
        let inputs = closed(spec, sides);
        let last = layers.iter().enumerate().flat_map(|(at, layer)| layer.iter().map(move |&name| (name, at))).collect();
        Reach { inputs, layers, last }
    }

    /// Whether a variable may matter to a layer of the network; nothing stands for what comes before the first.
    pub(super) fn concerns(&self, layer: Option<usize>, variable: &str) -> bool {
        layer.map_or(&self.inputs, |layer| &self.layers[layer]).contains(variable)
    }

    /// Whether a variable may matter to a layer of the network or to one below it.
    pub(super) fn concerns_from(&self, layer: usize, variable: &str) -> bool {
        self.last.get(variable).is_some_and(|&last| last >= layer)
    }
}

/// The names of some uses with those in the modules they use, in `defaults`, and in the values of variables.
fn closed<'s>(spec: &'s Spec, mut uses: Uses<'s>) -> BTreeSet<&'s str> {
    uses.defaults(&spec.defaults);
    let mut done = BTreeSet::new();
    loop {
        let waiting: Vec<usize> = uses.modules.iter().copied().filter(|&at| done.insert(at)).collect();
        if waiting.is_empty() {
            break;
        }
        for at in waiting {
            uses.module(&spec.modules[at]);
        }
    }
    // A variable sees those above it only.
    for (key, term) in spec.vars.iter().rev() {
        if uses.names.contains(&*key.text) {
            uses.term(term);
        }
    }
    uses.names.into_iter().collect()
}

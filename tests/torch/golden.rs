//! The file of golden values.

use std::collections::BTreeMap;
use std::sync::Arc;

use nas::base::Sources;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::graph::Layout;
use nas::graph::State;
use nas::kernel::Arch;
use safetensors::SafeTensors;
use serde_json::Value;

const BYTES: &[u8] = include_bytes!("../fixtures/torch/golden.safetensors");

/// Names with the texts of their specs.
pub(crate) fn specs(group: &str) -> BTreeMap<String, String> {
    let (_, metadata) = SafeTensors::read_metadata(BYTES).expect("a safetensors file");
    let about = &metadata.metadata().as_ref().expect("metadata")["golden"];
    let about: Value = serde_json::from_str(about).expect("JSON");
    serde_json::from_value(about[group].clone()).expect("texts by name")
}

/// The numbers of a tensor.
pub(crate) fn numbers(name: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(BYTES).expect("a safetensors file");
    let tensor = file.tensor(name).unwrap_or_else(|_| panic!("no tensor `{name}`"));
    tensor.data().chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes"))).collect()
}

/// Paths of the tensors below a name, such as `conv-same/param`.
pub(crate) fn below(name: &str) -> Vec<String> {
    let file = SafeTensors::deserialize(BYTES).expect("a safetensors file");
    let mut paths: Vec<String> =
        file.names().into_iter().filter_map(|full| full.strip_prefix(&format!("{name}/"))).map(str::to_owned).collect();
    paths.sort();
    paths
}

pub(crate) fn graph(text: &str) -> Graph {
    let mut sources = Sources::default();
    let file = sources.add("golden.yaml", text);
    let loaded = nas::spec::load(&mut sources, file, &mut |_, _| Err("nothing to extend".to_owned()));
    let lowered = nas::spec::lower(&loaded.spec.expect("a spec"), Decisions::default(), None);
    lowered.graph.unwrap_or_else(|| panic!("{text}\n{:?} {:?}", loaded.found, lowered.found))
}

/// The state of a network as the file has it under `name`; every tensor is there, and none more.
pub(crate) fn state(graph: &Graph, name: &str) -> State {
    let mut state = State::zeros(Arc::new(Layout::of(graph)));
    let mut paths = below(name);
    for number in 0..state.layout().tensors().len() {
        let path = state.layout().tensors()[number].path.clone();
        let at = paths.iter().position(|found| *found == path).unwrap_or_else(|| panic!("{name} has no `{path}`"));
        paths.remove(at);
        state.tensor_mut(number).copy_from_slice(&numbers(&format!("{name}/{path}")));
    }
    assert!(paths.is_empty(), "{name} has {paths:?}, which the network has not");
    state
}

/// The instruction sets to try.
pub(crate) fn archs() -> Vec<Arch> {
    match std::env::var("NAS_ARCH") {
        Ok(name) => vec![Arch::named(&name).expect("an instruction set of this processor")],
        Err(_) => Arch::all(),
    }
}

/// Fails unless all numbers are within `tolerance` of the largest that is wanted, which is taken for `least` at least: what sums of such
/// numbers come to may be nearly nothing.
pub(crate) fn near(what: &str, found: &[f32], wanted: &[f32], tolerance: f32, least: f32) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted.iter().fold(least, |largest, value| largest.max(value.abs()));
    for (place, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((found - wanted).abs() <= tolerance * largest, "{what} at {place}: {found}, PyTorch has {wanted}");
    }
}

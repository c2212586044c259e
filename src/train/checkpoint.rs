//! A training at one moment, as a safetensors file.
//!
//! Every tensor of the network stands under its path, `3b/3x3/reduce:conv.weight`; running averages under `@average/PATH`, the
//! optimizer's numbers under `@momentum/PATH` and `@square/PATH`. `__metadata__` has one key, `nas`, whose text is a JSON object with where
//! the training stands. A file hangs on nothing but the training: it holds no time and no name of a machine.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use safetensors::Dtype;
use safetensors::SafeTensors;
use safetensors::View;
use serde::Deserialize;
use serde::Serialize;

use crate::graph::Layout;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::train::error::TrainError;
use crate::train::files;
use crate::train::position::Position;

/// Name of the form.
const SCHEMA: &str = "nas.checkpoint/1";
/// The one key of the metadata.
const KEY: &str = "nas";
const AVERAGE: &str = "@average/";
const MOMENTUM: &str = "@momentum/";
const SQUARE: &str = "@square/";

/// What is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Weights and running statistics.
    pub state: State,
    /// Their running average, if the run has one.
    pub average: Option<State>,
    /// The optimizer's numbers; `best` has none.
    pub momentum: Option<State>,
    /// The same.
    pub square: Option<State>,
    /// Where the training stands.
    pub position: Position,
}

#[derive(Serialize, Deserialize)]
struct About {
    schema: String,
    position: Position,
}

/// The numbers of one tensor, as the file has them.
struct Numbers<'s> {
    sides: Vec<usize>,
    values: &'s [f32],
}

impl View for Numbers<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.sides
    }

    fn data(&self) -> std::borrow::Cow<'_, [u8]> {
        self.values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>().into()
    }

    fn data_len(&self) -> usize {
        size_of_val(self.values)
    }
}

impl Checkpoint {
    /// Writes it, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), TrainError> {
        let parts = [("", Some(&self.state)), (AVERAGE, self.average.as_ref())];
        let parts = parts.into_iter().chain([(MOMENTUM, self.momentum.as_ref()), (SQUARE, self.square.as_ref())]);
        let tensors = parts.filter_map(|(prefix, state)| Some((prefix, state?))).flat_map(|(prefix, state)| {
            let tensor = move |number: usize| {
                let path = &state.layout().tensors()[number].path;
                (format!("{prefix}{path}"), Numbers { sides: sides(state, number), values: state.tensor(number) })
            };
            (0..state.layout().tensors().len()).map(tensor)
        });
        let about = About { schema: SCHEMA.to_owned(), position: self.position.clone() };
        let about = serde_json::to_string(&about).expect("numbers and names are JSON");
        let metadata = HashMap::from([(KEY.to_owned(), about)]);
        let bytes = safetensors::serialize(tensors, Some(metadata)).map_err(|error| foreign(path, error.to_string()))?;
        files::write(path, &bytes)
    }

    /// Reads one of a network with this layout; what is damaged, foreign or of another network is told.
    pub fn read(path: &Path, layout: &Arc<Layout>) -> Result<Checkpoint, TrainError> {
        let bytes = files::read(path)?;
        let file = opened(path, &bytes)?;
        let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(|error| damaged(path, &error))?;
        let text = metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
        let text =
            text.ok_or_else(|| foreign(path, "is no checkpoint of a run: it does not say where a training stands".to_owned()))?;
        let about: About =
            serde_json::from_str(text).map_err(|error| foreign(path, format!("is no checkpoint that is known: {error}")))?;
        if about.schema != SCHEMA {
            return Err(foreign(path, format!("has the form `{}`, this version reads `{SCHEMA}`", about.schema)));
        }
        let part = |prefix: &str| -> Result<Option<State>, TrainError> {
            if !file.names().iter().any(|name| name.starts_with(prefix)) {
                return Ok(None);
            }
            let mut state = State::zeros(Arc::clone(layout));
            for number in 0..layout.tensors().len() {
                let name = format!("{prefix}{}", layout.tensors()[number].path);
                take(&file, &name, number, &mut state).map_err(|reason| foreign(path, reason))?;
            }
            Ok(Some(state))
        };
        let state = part("")?.ok_or_else(|| foreign(path, "has no tensors".to_owned()))?;
        Ok(Checkpoint {
            state,
            average: part(AVERAGE)?,
            momentum: part(MOMENTUM)?,
            square: part(SQUARE)?,
            position: about.position,
        })
    }
}

/// A tensor's sides, as the crate counts them.
fn sides(state: &State, number: usize) -> Vec<usize> {
    state.layout().tensors()[number].param.dims.as_slice().iter().map(|&side| side as usize).collect()
}

fn foreign(path: &Path, reason: String) -> TrainError {
    TrainError::Foreign { path: path.to_owned(), reason }
}

fn damaged(path: &Path, error: &safetensors::SafeTensorError) -> TrainError {
    foreign(path, format!("is no whole safetensors file: {error}"))
}

fn opened<'b>(path: &Path, bytes: &'b [u8]) -> Result<SafeTensors<'b>, TrainError> {
    SafeTensors::deserialize(bytes).map_err(|error| damaged(path, &error))
}

/// Copies one tensor; why it cannot be, as the end of a sentence that begins with the file.
fn take(file: &SafeTensors<'_>, name: &str, number: usize, state: &mut State) -> Result<(), String> {
    let tensor = file.tensor(name).map_err(|_| format!("is of another network: it has no tensor `{name}`"))?;
    let wanted = sides(state, number);
    if tensor.shape() != wanted {
        return Err(format!("is of another network: `{name}` is {:?}, not {wanted:?}", tensor.shape()));
    }
    if tensor.dtype() != Dtype::F32 {
        return Err(format!("holds `{name}` as {}, f32 is read", tensor.dtype()));
    }
    for (value, bytes) in state.tensor_mut(number).iter_mut().zip(tensor.data().chunks_exact(size_of::<f32>())) {
        *value = f32::from_le_bytes(bytes.try_into().expect("four bytes"));
    }
    if state.tensor(number).iter().any(|value| !value.is_finite()) {
        return Err(format!("holds a value in `{name}` that is not finite"));
    }
    Ok(())
}

/// What became of a network's tensors that were to begin with those of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beginning {
    /// Tensors taken.
    pub taken: Vec<String>,
    /// Tensors of other sides, with those of the network and of the file.
    pub unlike: Vec<(String, Vec<usize>, Vec<usize>)>,
    /// Tensors that only the network has.
    pub missing: Vec<String>,
    /// Tensors that only the file has; numbers of averages and optimizers are not counted.
    pub unused: Vec<String>,
}

/// Begins with the tensors of any safetensors file that have a path and sides of the network, their running averages where the file has them;
/// the others stay.
pub fn begin_with(path: &Path, state: &mut State) -> Result<Beginning, TrainError> {
    begin_with_some(path, state, |_| true)
}

/// The same with tensors of some nodes alone: those of others count as missing.
pub fn begin_with_some(path: &Path, state: &mut State, is_kept: impl Fn(NodeIndex) -> bool) -> Result<Beginning, TrainError> {
    let bytes = files::read(path)?;
    let file = opened(path, &bytes)?;
    let mut beginning = Beginning::default();
    for number in 0..state.layout().tensors().len() {
        let name = state.layout().tensors()[number].path.clone();
        if !is_kept(state.layout().tensors()[number].node) {
            beginning.missing.push(name);
            continue;
        }
        let sides = sides(state, number);
        // Where a run keeps a running average, that is what it is judged by.
        let average = format!("{AVERAGE}{name}");
        let stored = if file.tensor(&average).is_ok() { average } else { name.clone() };
        match file.tensor(&stored) {
            Err(_) => beginning.missing.push(name),
            Ok(tensor) if tensor.shape() != sides => beginning.unlike.push((name, sides, tensor.shape().to_vec())),
            Ok(_) => {
                take(&file, &stored, number, state).map_err(|reason| foreign(path, reason))?;
                beginning.taken.push(name);
            }
        }
    }
    let mut names: Vec<&str> = file.names().into_iter().filter(|name| !name.starts_with('@')).collect();
    names.sort_unstable();
    let unknown = |name: &&str| state.layout().find(name).is_none();
    beginning.unused = names.into_iter().filter(unknown).map(str::to_owned).collect();
    if beginning.taken.is_empty() {
        return Err(foreign(
            path,
            "has no tensor of a path and of the sides that the network has: nothing could be taken over".to_owned(),
        ));
    }
    Ok(beginning)
}

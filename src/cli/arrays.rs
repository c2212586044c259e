//! Reads activations of other programs: NumPy's .npy, and safetensors.

use std::path::Path;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use safetensors::Dtype;
use safetensors::SafeTensors;

use crate::base::nearest;
use crate::cli::ending::ending;
use crate::propose::statistics::MapShape;
use crate::train::npy_shape;

/// An array `[image, channel, row, column]`.
pub(super) struct Array {
    /// The file's name, or the array's in it.
    pub(super) name: String,
    /// Of an image.
    pub(super) shape: MapShape,
    /// All images.
    pub(super) values: Vec<f32>,
}

/// The arrays of a file: the `wanted` ones, or all that are activations.
pub(super) fn read(file: &Path, wanted: &[String]) -> anyhow::Result<Vec<Array>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let told = || format!("`{}`", file.display());
    if ending(file) == "npy" {
        ensure!(wanted.is_empty(), "a .npy file holds one array; leave `--layer` out");
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (dims, begin) = npy_shape(&bytes).with_context(told)?;
        return Ok(vec![array(name, &dims, &bytes[begin..]).with_context(told)?]);
    }
    let tensors = SafeTensors::deserialize(&bytes).with_context(told)?;
    let mut names: Vec<&str> = tensors.names().into_iter().collect();
    names.sort_unstable();
    let is_map = |name: &&str| tensors.tensor(name).is_ok_and(|tensor| tensor.dtype() == Dtype::F32 && tensor.shape().len() == 4);
    let chosen: Vec<&str> = if wanted.is_empty() {
        names.iter().copied().filter(is_map).collect()
    } else {
        wanted.iter().map(String::as_str).collect()
    };
    ensure!(
        !chosen.is_empty(),
        "{} has no array [image, channel, row, column] of 32-bit floats; it has {}",
        told(),
        names.join(", ")
    );
    let one = |name: &str| {
        let Ok(tensor) = tensors.tensor(name) else {
            let near = nearest(name, names.iter().copied())
                .map_or_else(|| format!("it has {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            bail!("{} has no array `{name}`; {near}", told());
        };
        ensure!(tensor.dtype() == Dtype::F32, "`{name}` of {} is not of 32-bit floats", told());
        let dims: Vec<usize> = tensor.shape().to_vec();
        array(name.to_owned(), &dims, tensor.data()).with_context(|| format!("`{name}` of {}", told()))
    };
    chosen.into_iter().map(one).collect()
}

fn array(name: String, dims: &[usize], bytes: &[u8]) -> anyhow::Result<Array> {
    let &[_, channels, height, width] = dims else {
        bail!("an array of {} dimensions; [image, channel, row, column] has four", dims.len());
    };
    let count: usize = dims.iter().product();
    ensure!(
        bytes.len() == count * size_of::<f32>(),
        "{} bytes of numbers, and its shape asks for {}",
        bytes.len(),
        count * size_of::<f32>()
    );
    let values =
        bytes.chunks_exact(size_of::<f32>()).map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes"))).collect();
    Ok(Array { name, shape: MapShape { channels, height, width }, values })
}

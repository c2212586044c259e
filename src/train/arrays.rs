//! Heads of files that hold arrays: `.npy` and safetensors, written as their numbers come, and `.npy` read.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// The head of a `.npy` file, version 1.0, of little-endian 32-bit floats in the order of rows; numbers follow directly.
///
/// # Panics
/// If it has more than 64 KiB, which no shape of a value has.
pub fn npy_head(dims: &[u64]) -> Vec<u8> {
    // As Python writes a tuple: one side has a comma behind it.
    let mut sides = dims.iter().map(u64::to_string).collect::<Vec<String>>().join(", ");
    if dims.len() == 1 {
        sides.push(',');
    }
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides}), }}");
    // Magic, version and length take ten bytes; numbers begin at a multiple of 64.
    let padded = (10 + text.len() + 1).next_multiple_of(64) - 10;
    text += &" ".repeat(padded - 1 - text.len());
    text.push('\n');
    let length = u16::try_from(text.len()).expect("a shape is short");
    [&b"\x93NUMPY\x01\x00"[..], &length.to_le_bytes(), text.as_bytes()].concat()
}

/// Why bytes are no `.npy` file that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnArray {
    /// It begins otherwise, or ends within its head.
    #[error("it is no .npy file")]
    Head,
    /// Its numbers are others.
    #[error("its numbers are `{0}`; 32-bit floats, `<f4`, are read")]
    Numbers(String),
    /// Its numbers are in the order of columns.
    #[error("its numbers are in Fortran's order; `numpy.ascontiguousarray` puts them in that of rows")]
    Order,
}

/// The shape of a `.npy` file of little-endian 32-bit floats in the order of rows, and where its numbers begin.
pub fn npy_shape(bytes: &[u8]) -> Result<(Vec<usize>, usize), NotAnArray> {
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or(NotAnArray::Head)?;
    // Version 1 has a length of two bytes, later ones of four.
    let (length, begin) = match rest {
        [1, _, low, high, ..] => (usize::from(u16::from_le_bytes([*low, *high])), 10),
        [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, 12),
        _ => return Err(NotAnArray::Head),
    };
    let head = bytes.get(begin..begin + length).and_then(|head| std::str::from_utf8(head).ok()).ok_or(NotAnArray::Head)?;
    let after = |key: &str| head.split_once(&format!("'{key}':")).map(|(_, value)| value.trim_start()).ok_or(NotAnArray::Head);
    let numbers = after("descr")?.split('\'').nth(1).ok_or(NotAnArray::Head)?;
    if numbers != "<f4" {
        return Err(NotAnArray::Numbers(numbers.to_owned()));
    }
    if !after("fortran_order")?.starts_with("False") {
        return Err(NotAnArray::Order);
    }
    let sides = after("shape")?.strip_prefix('(').and_then(|sides| sides.split(')').next()).ok_or(NotAnArray::Head)?;
    let sides = sides.split(',').map(str::trim).filter(|side| !side.is_empty());
    let shape: Result<Vec<usize>, _> = sides.map(str::parse).collect();
    Ok((shape.map_err(|_| NotAnArray::Head)?, begin + length))
}

/// The type of an array's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// 32-bit floats.
    F32,
    /// 64-bit integers.
    I64,
}

impl Number {
    /// Bytes of one.
    pub const fn bytes(self) -> u64 {
        match self {
            Number::F32 => 4,
            Number::I64 => 8,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Number::F32 => "F32",
            Number::I64 => "I64",
        }
    }
}

/// The head of a safetensors file with these arrays, one behind the other, and a text under the one key `nas` of its metadata; for each
/// array where in the file it begins. Arrays of 64-bit numbers go first, so that all are aligned.
pub fn safetensors_head(arrays: &[(&str, Number, Vec<u64>)], about: &str) -> (Vec<u8>, Vec<u64>) {
    let mut head = Map::new();
    head.insert("__metadata__".to_owned(), json!({"nas": about}));
    let (mut end, mut begins) = (0, Vec::with_capacity(arrays.len()));
    for (name, number, dims) in arrays {
        let begin = end;
        end += number.bytes() * dims.iter().product::<u64>();
        let array = json!({"dtype": number.name(), "shape": dims, "data_offsets": [begin, end]});
        head.insert((*name).to_owned(), array);
        begins.push(begin);
    }
    let mut text = Value::Object(head).to_string();
    text += &" ".repeat(text.len().next_multiple_of(8) - text.len());
    let length = text.len() as u64;
    (([&length.to_le_bytes(), text.as_bytes()]).concat(), begins.into_iter().map(|begin| 8 + length + begin).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_npy_file_is_what_numpy_writes() {
        let head = npy_head(&[2, 64, 28, 28]);
        assert_eq!(head.len(), 128);
        assert_eq!(&head[..10], b"\x93NUMPY\x01\x00\x76\x00");
        let text = std::str::from_utf8(&head[10..]).unwrap();
        assert_eq!(text.trim_end(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 64, 28, 28), }");
        assert!(text.ends_with(" \n"));
        assert!(String::from_utf8_lossy(&npy_head(&[7])).contains("'shape': (7,), }"));
    }

    #[test]
    fn what_is_written_is_read_and_what_is_no_array_is_told() {
        for dims in [vec![2, 64, 28, 28], vec![7], vec![]] {
            let head = npy_head(&dims);
            let sides = dims.iter().map(|&side| side as usize).collect();
            assert_eq!(npy_shape(&head), Ok((sides, head.len())));
        }
        let changed = |from: &str, to: &str| {
            let text: Vec<u8> = npy_head(&[2, 3]);
            let at = text.windows(from.len()).position(|part| part == from.as_bytes()).expect("it is there");
            npy_shape(&[&text[..at], to.as_bytes(), &text[at + from.len()..]].concat())
        };
        assert_eq!(changed("<f4", "<f8"), Err(NotAnArray::Numbers("<f8".to_owned())));
        assert_eq!(changed("False", "True "), Err(NotAnArray::Order));
        assert_eq!(changed("(2, 3)", "(2, x)"), Err(NotAnArray::Head));
        assert_eq!(npy_shape(b"\x93NUMPY\x01\x00\xff\xff{}"), Err(NotAnArray::Head));
        assert_eq!(npy_shape(b"PK"), Err(NotAnArray::Head));
    }

    #[test]
    fn a_safetensors_head_is_read_by_the_crate() {
        let arrays = [("labels", Number::I64, vec![2]), ("a/b:conv", Number::F32, vec![2, 3, 1, 1])];
        let (head, begins) = safetensors_head(&arrays, "{\"a\":1}");
        assert_eq!((head.len() % 8, begins[0], begins[1]), (0, head.len() as u64, head.len() as u64 + 16));
        let bytes = [head, vec![0; 16 + 24]].concat();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(file.tensor("a/b:conv").unwrap().shape(), [2, 3, 1, 1]);
        assert_eq!(file.tensor("labels").unwrap().dtype(), safetensors::Dtype::I64);
        let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        assert_eq!(metadata.metadata().as_ref().unwrap()["nas"], "{\"a\":1}");
    }
}

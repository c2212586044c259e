//! What a machine can do, as it was measured: the table that times are predicted from.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The name of the JSON's form; within `/1` keys are only added.
pub const MACHINE: &str = "nas.machine/1";

/// A machine with one instruction set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// `nas.machine/1`.
    #[schemars(extend("const" = MACHINE))]
    pub schema: String,
    /// Processor, threads and instruction set as one word: what a table is found by.
    pub name: String,
    /// The processor's model.
    pub processor: String,
    /// The most threads that were measured.
    pub threads: usize,
    /// The instruction set.
    pub arch: String,
    /// Whether it was measured in a hurry.
    pub quick: bool,
    /// What it can do with one thread, and with all.
    pub speeds: Vec<Speed>,
}

/// What so many threads can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Speed {
    /// Threads.
    pub threads: usize,
    /// Multiply-adds a second of the executor's matrix kernel on operands that lie in the nearest caches.
    pub peak_madds_per_second: u64,
    /// Bytes a second that are read from memory.
    pub read_bytes_per_second: u64,
    /// Bytes a second that are read and written where memory is copied, both counted.
    pub copy_bytes_per_second: u64,
    /// Layers that were timed.
    pub kernels: Vec<KernelTime>,
}

/// One layer's time for one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KernelTime {
    /// The operator's word.
    pub kind: String,
    /// `[height, width]` of what it sees of each channel for one position of its output.
    pub window: [u32; 2],
    /// Its step.
    pub stride: [u32; 2],
    /// `[channels, height, width]` of what it reads.
    pub input: [u32; 3],
    /// `[channels, height, width]` of what it gives.
    pub output: [u32; 3],
    /// Multiply-adds.
    pub madds: u64,
    /// Multiply-adds that the kernel did, fewer where it worked by tiles; missing in tables of before it was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<u64>,
    /// Bytes of input, output and weights.
    pub bytes: u64,
    /// Nanoseconds, the median.
    pub ns: u64,
}

/// Why a text is no table of a machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMachine {
    /// It is not JSON.
    #[error("it is no JSON: {0}")]
    Text(String),
    /// It is something else, or of another version.
    #[error("`schema` is {0}, not `{MACHINE}`: it is no table of `nas calibrate`, or of another version of it")]
    Schema(String),
    /// A field is missing or wrong.
    #[error("`{field}` {because}")]
    Field {
        /// Where.
        field: String,
        /// What is wrong with it.
        because: String,
    },
}

/// No rate of a real machine is larger, and products of rates with sums that can be counted fit 128 bits.
const MOST: u64 = 1_000_000_000_000_000_000;

impl Machine {
    /// The word for a processor with so many threads and an instruction set.
    pub fn name_of(processor: &str, threads: usize, arch: &str) -> String {
        let model: String = processor.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { ' ' }).collect();
        let model: Vec<String> = model.split_whitespace().map(str::to_ascii_lowercase).collect();
        format!("{}-{threads}t-{arch}", model.join("-"))
    }

    /// Reads a table and checks that it can be calculated with.
    pub fn parse(text: &[u8]) -> Result<Machine, NotAMachine> {
        let tree: serde_json::Value = serde_json::from_slice(text).map_err(|error| NotAMachine::Text(error.to_string()))?;
        let schema = tree.get("schema").and_then(serde_json::Value::as_str);
        if schema != Some(MACHINE) {
            return Err(NotAMachine::Schema(schema.map_or_else(|| "missing".to_owned(), |schema| format!("`{schema}`"))));
        }
        let read: Result<Machine, _> = serde_path_to_error::deserialize(tree);
        let machine = read.map_err(|error| {
            let field = error.path().to_string();
            NotAMachine::Field {
                field: if field == "." { "the table".to_owned() } else { field },
                because: format!("is wrong: {}", error.inner()),
            }
        })?;
        machine.check()?;
        Ok(machine)
    }

    fn check(&self) -> Result<(), NotAMachine> {
        let wrong = |field: String, because: &str| Err(NotAMachine::Field { field, because: because.to_owned() });
        if self.name.is_empty() || self.name.contains(['/', '\\']) {
            return wrong("name".to_owned(), "is no name");
        }
        if self.speeds.is_empty() {
            return wrong("speeds".to_owned(), "is empty");
        }
        for (at, speed) in self.speeds.iter().enumerate() {
            let rates = [
                ("threads", speed.threads as u64),
                ("peak_madds_per_second", speed.peak_madds_per_second),
                ("read_bytes_per_second", speed.read_bytes_per_second),
                ("copy_bytes_per_second", speed.copy_bytes_per_second),
            ];
            if let Some((name, _)) = rates.iter().find(|(_, rate)| *rate == 0) {
                return wrong(format!("speeds[{at}].{name}"), "is zero");
            }
            if let Some((name, _)) = rates.iter().find(|(_, rate)| *rate > MOST) {
                return wrong(format!("speeds[{at}].{name}"), "is more than any machine does");
            }
            if self.speeds[..at].iter().any(|other| other.threads == speed.threads) {
                return wrong(format!("speeds[{at}].threads"), "stands twice");
            }
            for (number, kernel) in speed.kernels.iter().enumerate() {
                let sides = [&kernel.window[..], &kernel.stride, &kernel.input, &kernel.output].concat();
                if kernel.ns > MOST {
                    return wrong(format!("speeds[{at}].kernels[{number}].ns"), "is longer than anybody waits");
                }
                if kernel.ns == 0 || kernel.bytes == 0 || sides.contains(&0) {
                    return wrong(format!("speeds[{at}].kernels[{number}]"), "has a zero for a time or a size");
                }
            }
        }
        Ok(())
    }

    /// What it can do with so many threads, or with as many as were measured.
    pub fn speed(&self, threads: Option<usize>) -> Option<&Speed> {
        match threads {
            Some(threads) => self.speeds.iter().find(|speed| speed.threads == threads),
            None => self.speeds.iter().max_by_key(|speed| speed.threads),
        }
    }
}

/// The shape in short: `3x3/2 64x56x56 > 192x28x28`.
impl fmt::Display for KernelTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [[height, width], [down, across]] = [self.window, self.stride];
        let [[ic, ih, iw], [oc, oh, ow]] = [self.input, self.output];
        let stride = match (down, across) {
            (1, 1) => String::new(),
            (down, across) if down == across => format!("/{down}"),
            (down, across) => format!("/{down}x{across}"),
        };
        write!(f, "{} {height}x{width}{stride} {ic}x{ih}x{iw} > {oc}x{oh}x{ow}", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        let kernel = KernelTime {
            kind: "conv".to_owned(),
            window: [3, 3],
            stride: [2, 2],
            input: [64, 56, 56],
            output: [192, 28, 28],
            madds: 86_704_128,
            products: None,
            bytes: 1_847_296,
            ns: 2_000_000,
        };
        let speed = Speed {
            threads: 2,
            peak_madds_per_second: 50_000_000_000,
            read_bytes_per_second: 20_000_000_000,
            copy_bytes_per_second: 15_000_000_000,
            kernels: vec![kernel],
        };
        Machine {
            schema: MACHINE.to_owned(),
            name: Machine::name_of("Some CPU(R) 3.5 @ 2GHz", 2, "avx2"),
            processor: "Some CPU(R) 3.5 @ 2GHz".to_owned(),
            threads: 2,
            arch: "avx2".to_owned(),
            quick: false,
            speeds: vec![Speed { threads: 1, ..speed.clone() }, speed],
        }
    }

    #[test]
    fn a_table_is_read_back() {
        let machine = machine();
        assert_eq!(machine.name, "some-cpu-r-3-5-2ghz-2t-avx2");
        assert_eq!(machine.speeds[0].kernels[0].to_string(), "conv 3x3/2 64x56x56 > 192x28x28");
        let text = serde_json::to_vec(&machine).expect("JSON");
        assert_eq!(Machine::parse(&text).as_ref(), Ok(&machine));
        assert_eq!(machine.speed(None).map(|speed| speed.threads), Some(2));
        assert_eq!(machine.speed(Some(3)), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let tree = serde_json::to_value(machine()).expect("JSON");
        let broken: [(&str, serde_json::Value, &str); 8] = [
            ("/schema", "nas.machine/0".into(), "`schema` is `nas.machine/0`, not `nas.machine/1`"),
            ("/threads", "two".into(), "`threads` is wrong: invalid type: string \"two\""),
            ("/speeds/1/peak_madds_per_second", (-1).into(), "`speeds[1].peak_madds_per_second` is wrong: invalid value"),
            ("/speeds/0/read_bytes_per_second", 0.into(), "`speeds[0].read_bytes_per_second` is zero"),
            ("/speeds/0/threads", 2.into(), "`speeds[1].threads` stands twice"),
            ("/speeds/0/kernels/0/ns", 0.into(), "`speeds[0].kernels[0]` has a zero"),
            ("/speeds", serde_json::json!([]), "`speeds` is empty"),
            ("/name", "../../passwd".into(), "`name` is no name"),
        ];
        for (pointer, value, says) in broken {
            let mut tree = tree.clone();
            *tree.pointer_mut(pointer).expect("a field") = value;
            let told = Machine::parse(tree.to_string().as_bytes()).expect_err(pointer).to_string();
            assert!(told.starts_with(says), "{pointer}: {told}");
        }
        let mut short = tree;
        short["speeds"][0].as_object_mut().expect("an object").remove("kernels");
        let told = Machine::parse(short.to_string().as_bytes()).expect_err("a field is missing").to_string();
        assert!(told.starts_with("`speeds[0]") && told.contains("missing field `kernels`"), "{told}");
        assert!(Machine::parse(b"{}").expect_err("foreign").to_string().starts_with("`schema` is missing"));
        assert!(Machine::parse(b"nas: 1").expect_err("no JSON").to_string().starts_with("it is no JSON"));
    }
}

//! A ratio of two counts: exact until it is printed.

use std::borrow::Cow;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use serde::Serialize;
use serde::Serializer;

use crate::base::units;

/// `part / whole`. Two are equal if they are written with the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// What is measured.
    pub part: u128,
    /// What it is measured by, at least 1.
    pub whole: u128,
}

impl Ratio {
    /// The ratio; a `whole` of nothing counts as 1.
    pub fn new(part: u128, whole: u128) -> Ratio {
        Ratio { part, whole: whole.max(1) }
    }

    /// With a fixed number of decimals, rounded half up.
    pub fn fixed(self, decimals: u32) -> String {
        units::fixed(self.part, self.whole, decimals)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

/// As a number.
impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

impl JsonSchema for Ratio {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Ratio".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "number", "minimum": 0})
    }
}

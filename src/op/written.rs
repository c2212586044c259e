//! An operator written out as a spec writes it.

use crate::base::Real64;
use crate::expr::Rational;

/// A layer written out: every setting, defaults included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The word.
    pub word: &'static str,
    /// The value of the word's own key; empty for operators that take layers.
    pub main: String,
    /// The settings in order.
    pub settings: Vec<(&'static str, String)>,
}

impl Written {
    /// Sets the word and its value.
    #[expect(clippy::needless_pass_by_value, reason = "callers have numbers and fresh text")]
    pub fn main(&mut self, word: &'static str, value: impl ToString) {
        self.word = word;
        self.main = value.to_string();
    }

    /// Adds a setting.
    #[expect(clippy::needless_pass_by_value, reason = "callers have numbers and fresh text")]
    pub fn set(&mut self, name: &'static str, value: impl ToString) {
        self.settings.push((name, value.to_string()));
    }

    /// Adds a real setting, exactly.
    pub fn set_real(&mut self, name: &'static str, value: Real64) {
        self.set(name, exact(value));
    }

    /// Adds a window or other pair.
    pub fn set_pair(&mut self, name: &'static str, [h, w]: [u32; 2]) {
        self.set(name, format!("[{h}, {w}]"));
    }
}

/// A real as text that the language reads back to the same bits: its shortest decimal, or where quotients of large numbers round
/// otherwise the fraction that it is. Exact for all that [`crate::op::Fields`] accepts.
pub fn exact(value: Real64) -> String {
    let text = value.to_string();
    let size = Rational::parse(text.trim_start_matches('-')).map(Rational::to_f64);
    if size == Some(value.get().abs()) {
        return text;
    }
    let (mut numerator, mut power) = (value.get(), 0);
    while numerator.fract() != 0.0 {
        (numerator, power) = (2.0 * numerator, power + 1);
    }
    format!("{numerator}/{}", 1_u128 << power)
}

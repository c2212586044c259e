//! One layer's settings on their way into an operator: looked up (layer, module's `defaults`, file's `defaults`, built-in),
//! evaluated exactly, checked for type and range, every fault with its place.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::Span;
use crate::base::nearest;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Place;
use crate::expr::Value;
use crate::op::Manual;
use crate::op::Pad;
use crate::op::Role;
use crate::op::Takes;
use crate::op::Term;
use crate::op::TermKind;
use crate::op::evaluate;
use crate::op::integer;
use crate::op::real;
use crate::op::unfit;
use crate::yaml::Key;

/// The widest layer, the largest grid side and the largest window: with these, no cost of one node leaves a `u128`.
pub const MAX_COUNT: u32 = 1 << 24;
/// The largest height, width, kernel, stride, dilation and padding.
pub const MAX_SIDE: u32 = 1 << 16;
/// The smallest `eps` of a normalisation.
pub const MIN_EPS: f64 = 1e-12;

/// The `defaults` of one kind in a module or file, with what their formulas may see.
#[derive(Clone, Copy, Debug)]
pub struct Defaults<'a> {
    /// The settings.
    pub settings: &'a [(Key, Term)],
    /// The scope they are evaluated in.
    pub env: &'a Environment<'a>,
    /// Where their decisions belong: nowhere for the file's, the module's use for a module's.
    pub place: Option<&'a Place<'a>>,
}

/// What evaluating needs and what it leaves behind.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Names in scope.
    pub env: &'a Environment<'a>,
    /// The layer's path, for its decisions.
    pub place: &'a Place<'a>,
    /// Choices made and met.
    pub decisions: &'a mut Decisions,
    /// Where faults go.
    pub faults: &'a mut Vec<Diagnostic>,
    /// A value is missing, whether its fault was told here or earlier: what follows from it is to be kept silent.
    pub failed: bool,
}

/// The settings of one word of one layer.
#[derive(Debug)]
pub struct Fields<'a> {
    /// The operator's page.
    pub manual: &'static Manual,
    /// The word, as written.
    pub word: &'a str,
    /// Where the word stands.
    pub span: Span,
    /// The value of the word's own key.
    pub main: Option<&'a Term>,
    /// The settings on the layer's line.
    pub written: &'a [(Key, Term)],
    /// What the module's text and the file give for this kind, nearest first.
    pub defaults: &'a [Defaults<'a>],
    /// The layer says `norm: batch`, which cancels a bias (R7).
    pub cancels_bias: bool,
    /// Scope, decisions and faults.
    pub reading: Reading<'a>,
}

impl<'a> Fields<'a> {
    /// The setting's value where it is written, with its scope.
    fn find(&self, name: &str) -> Option<(&'a Term, &'a Environment<'a>, Option<&'a Place<'a>>)> {
        debug_assert!(
            self.manual.settings.iter().any(|setting| setting.name == name),
            "`{name}` is no setting of `{}`",
            self.word
        );
        let own = self.written.iter().find(|(key, _)| &*key.text == name);
        if let Some((_, term)) = own {
            return Some((term, self.reading.env, Some(self.reading.place)));
        }
        self.defaults.iter().find_map(|defaults| {
            let found = defaults.settings.iter().find(|(key, _)| &*key.text == name);
            found.map(|(_, term)| (term, defaults.env, defaults.place))
        })
    }

    /// The main value as an integer from 1.
    pub fn main_count(&mut self) -> u32 {
        let (what, env, place) = (self.manual.main.name, self.reading.env, Some(self.reading.place));
        match self.main_term() {
            Some(term) => self.integer(term, env, place, what, self.word, 1, MAX_COUNT),
            None => 1,
        }
    }

    /// The main value as a number in `low..=high`.
    pub fn main_number(&mut self, low: f64, high: f64) -> Real64 {
        let (what, env, place) = (self.manual.main.name, self.reading.env, Some(self.reading.place));
        match self.main_term() {
            Some(term) => self.real(term, env, place, what, self.word, low, high),
            None => Real64::new(low.max(0.0)),
        }
    }

    /// The main value as `[height, width]`, counts.
    pub fn main_window(&mut self) -> [u32; 2] {
        let (what, env, place) = (self.manual.main.name, self.reading.env, Some(self.reading.place));
        match self.main_term() {
            Some(term) => self.pair(term, env, place, what, self.word, 1),
            None => [1, 1],
        }
    }

    /// The main value as a window, or nothing for the word `global`.
    pub fn main_window_or_global(&mut self) -> Option<[u32; 2]> {
        let (what, env, place) = (self.manual.main.name, self.reading.env, Some(self.reading.place));
        let Some(term) = self.main_term() else { return Some([1, 1]) };
        if term.list().is_some() {
            return Some(self.pair(term, env, place, what, self.word, 1));
        }
        match self.value(term, env, place, self.word) {
            Some(Value::Word(word)) if &*word == "global" => None,
            Some(value) => Some([self.checked(&value, term, env, what, self.word, 1, MAX_SIDE); 2]),
            None => Some([1, 1]),
        }
    }

    /// The main value of a kind that takes none: absent, or `{}`.
    pub fn main_nothing(&mut self) {
        if let Some(term) = self.main.filter(|term| term.map().is_none_or(|entries| !entries.is_empty())) {
            let message = format!("`{}` takes no value, got {}", self.word, term.describe());
            let help = format!("write it as in `{}`", self.manual.example);
            self.fault(Diagnostic::new(Code::E0200, term.span, message, "").with_help(help));
        }
    }

    /// Whether a setting stands on the layer's own line, rather than in `defaults` or nowhere.
    pub fn is_written(&self, name: &str) -> bool {
        self.written.iter().any(|(key, _)| &*key.text == name)
    }

    fn main_term(&mut self) -> Option<&'a Term> {
        if self.main.is_none() {
            let message = format!("`{}` needs its {}", self.word, self.manual.main.name);
            let help = format!("write it as in `{}`", self.manual.example);
            self.fault(Diagnostic::new(Code::E0207, self.span, message, "a value is missing here").with_help(help));
        }
        self.main
    }

    /// An integer from 1, `default` where it is not written.
    pub fn count(&mut self, name: &'static str, default: u32) -> u32 {
        match self.find(name) {
            Some((term, env, place)) => self.integer(term, env, place, name, name, 1, MAX_COUNT),
            None => default,
        }
    }

    /// An integer from 0, `default` where it is not written.
    pub fn natural(&mut self, name: &'static str, default: u32) -> u32 {
        match self.find(name) {
            Some((term, env, place)) => self.integer(term, env, place, name, name, 0, MAX_COUNT),
            None => default,
        }
    }

    /// A number in `low..=high`, `default` where it is not written.
    pub fn number(&mut self, name: &'static str, default: f64, low: f64, high: f64) -> Real64 {
        match self.find(name) {
            Some((term, env, place)) => self.real(term, env, place, name, name, low, high),
            None => Real64::new(default),
        }
    }

    /// `true` or `false`; nothing where it is not written or says `auto`.
    pub fn truth(&mut self, name: &'static str) -> Option<bool> {
        let (term, env, place) = self.find(name)?;
        if term.text() == Some("auto") {
            return None;
        }
        match self.value(term, env, place, name)? {
            Value::Truth(truth) => Some(truth),
            other => {
                self.fault(unfit(Code::E0302, &format!("`{name}`"), "true or false", &other, term, env));
                None
            }
        }
    }

    /// Which of its words a setting that takes one has; nothing where it is not written.
    pub fn word(&mut self, name: &'static str) -> Option<&'static str> {
        let (term, env, place) = self.find(name)?;
        let setting = self.manual.settings.iter().find(|setting| setting.name == name)?;
        let Takes::Word(words) = setting.takes else { return None };
        let text = self.value(term, env, place, name)?.to_string();
        let found = words.iter().find(|word| **word == text);
        if found.is_none() {
            let fault = Diagnostic::new(Code::E0305, term.span, format!("`{name}` does not know `{text}`"), "");
            let fault = match nearest(&text, words.iter().copied()) {
                Some(right) if term.text() == Some(&*text) => fault.with_patch(format!("did you mean `{right}`?"), right),
                _ => fault,
            };
            self.fault(fault.with_help(format!("words for `{name}` of `{}`: {}", self.word, words.join(", "))));
        }
        found.copied()
    }

    /// Whether a contraction has a bias: as written, else unless `norm: batch` cancels it (R7).
    pub fn bias(&mut self) -> bool {
        let automatic = !self.cancels_bias;
        self.truth("bias").unwrap_or(automatic)
    }

    /// `[height, width]`, counts; `default` where it is not written.
    pub fn window(&mut self, name: &'static str, default: [u32; 2]) -> [u32; 2] {
        match self.find(name) {
            Some((term, env, place)) => self.pair(term, env, place, name, name, 1),
            None => default,
        }
    }

    /// Padding; `default` where it is not written.
    pub fn pad(&mut self, default: Pad) -> Pad {
        let Some((term, env, place)) = self.find("pad") else { return default };
        if let TermKind::List(sides) = &term.kind
            && sides.iter().any(|side| side.list().is_some())
        {
            if sides.len() != 2 {
                let message = format!("`pad` has two axes, got {}", sides.len());
                let help = "write `pad: [[top, bottom], [left, right]]`";
                self.fault(Diagnostic::new(Code::E0200, term.span, message, "").with_help(help));
                return default;
            }
            let axis = |fields: &mut Self, side: &'a Term| fields.pair(side, env, place, "pad", "pad", 0);
            return Pad::Sides([axis(self, &sides[0]), axis(self, &sides[1])]);
        }
        if term.list().is_none() {
            match self.value(term, env, place, "pad") {
                Some(Value::Word(word)) if &*word == "same" => return Pad::Same,
                Some(Value::Number(_)) => {}
                Some(other) => {
                    self.fault(unfit(Code::E0302, "`pad`", "`same` or integers", &other, term, env));
                    return default;
                }
                None => return default,
            }
        }
        let [h, w] = self.pair(term, env, place, "pad", "pad", 0);
        Pad::Sides([[h, h], [w, w]])
    }

    /// Rows of channel numbers from 1, with the span of each; nothing where it is not written.
    pub fn table(&mut self, name: &'static str) -> Option<Vec<Vec<u32>>> {
        let (term, env, place) = self.find(name)?;
        let Some(rows) = term.list() else {
            let message = format!("`{name}` is a list of rows, not {}", term.describe());
            self.fault(Diagnostic::new(Code::E0200, term.span, message, ""));
            return None;
        };
        let mut table = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(cells) = row.list() else {
                let message = format!("a row of `{name}` is a list of input channels, not {}", row.describe());
                self.fault(Diagnostic::new(Code::E0200, row.span, message, ""));
                return None;
            };
            table.push(cells.iter().map(|cell| self.integer(cell, env, place, name, name, 1, MAX_COUNT)).collect());
        }
        Some(table)
    }

    /// Enters a fault; what the layer gives is then unknown.
    pub fn fault(&mut self, fault: Diagnostic) {
        self.reading.faults.push(fault);
        self.reading.failed = true;
    }

    /// Where a setting stands, or under the word's own key the main value, else where the word stands: for faults found after
    /// reading.
    pub fn span_of(&self, name: &str) -> Span {
        let term = if name == self.word { self.main } else { self.find(name).map(|(term, ..)| term) };
        term.map_or(self.span, |term| term.span)
    }

    fn pair(
        &mut self,
        term: &'a Term,
        env: &Environment<'_>,
        place: Option<&Place<'_>>,
        what: &str,
        key: &str,
        low: u32,
    ) -> [u32; 2] {
        match term.list() {
            Some([h, w]) => [h, w].map(|side| self.integer(side, env, place, what, key, low, MAX_SIDE)),
            Some(items) => {
                let message = format!("the {what} is one integer or `[height, width]`, got {} items", items.len());
                self.fault(Diagnostic::new(Code::E0200, term.span, message, ""));
                [low.max(1); 2]
            }
            None => [self.integer(term, env, place, what, key, low, MAX_SIDE); 2],
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one private function behind all integer settings")]
    fn integer(
        &mut self,
        term: &'a Term,
        env: &Environment<'_>,
        place: Option<&Place<'_>>,
        what: &str,
        key: &str,
        low: u32,
        high: u32,
    ) -> u32 {
        match self.value(term, env, place, key) {
            Some(value) => self.checked(&value, term, env, what, key, low, high),
            None => low.max(1),
        }
    }

    /// The integer that a value is; a fault and some valid number if it is none.
    #[expect(clippy::too_many_arguments, reason = "one private function behind all integer settings")]
    fn checked(&mut self, value: &Value, term: &Term, env: &Environment<'_>, what: &str, key: &str, low: u32, high: u32) -> u32 {
        match integer(value, low, high) {
            Ok(number) => number,
            Err(because) => {
                self.fault(unfit(Code::E0303, &called(what, key), &because, value, term, env));
                low.max(1)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one private function behind all real settings")]
    fn real(
        &mut self,
        term: &'a Term,
        env: &Environment<'_>,
        place: Option<&Place<'_>>,
        what: &str,
        key: &str,
        low: f64,
        high: f64,
    ) -> Real64 {
        let Some(value) = self.value(term, env, place, key) else { return Real64::new(low.max(0.0)) };
        match real(&value, low, high) {
            Ok(number) => number,
            Err(because) => {
                self.fault(unfit(Code::E0303, &called(what, key), &because, &value, term, env));
                Real64::new(low.max(0.0))
            }
        }
    }

    /// Evaluates a scalar; nothing if that failed, in which case the fault has been told.
    fn value(&mut self, term: &Term, env: &Environment<'_>, place: Option<&Place<'_>>, key: &str) -> Option<Value> {
        evaluate(term, env, place, key, self.reading.decisions, self.reading.faults).or_else(|| {
            self.reading.failed = true;
            None
        })
    }

    /// Whether this is an activation, normalisation or a kind.
    pub fn role(&self) -> Role {
        self.manual.role
    }
}

/// A setting by its key, a main value by what it is.
fn called(what: &str, key: &str) -> String {
    if what == key { format!("`{key}`") } else { format!("the {what} of `{key}`") }
}

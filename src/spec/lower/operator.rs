//! A layer of one kind: its operator, then `norm`, then `act`.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::base::nearest;
use crate::expr::Environment;
use crate::expr::Place;
use crate::expr::Value;
use crate::graph::NodeIndex;
use crate::op::Defaults;
use crate::op::Entry;
use crate::op::Fields;
use crate::op::Op;
use crate::op::Reading;
use crate::op::Role;
use crate::op::Term;
use crate::spec::Kind;
use crate::spec::KindUse;
use crate::spec::Layer;
use crate::spec::Main;
use crate::yaml::Key;

use super::Frame;
use super::Lowering;

/// Settings by kind.
type ByKind = [(Key, Vec<(Key, Term)>)];

fn settings_of<'a>(defaults: &'a ByKind, kind: &str) -> &'a [(Key, Term)] {
    defaults.iter().find(|(key, _)| &*key.text == kind).map_or(&[], |(_, settings)| settings)
}

impl Lowering<'_> {
    /// Adds at most three nodes, each reading the one before.
    pub(super) fn chain(
        &mut self,
        layer: &Layer,
        kind: Option<&KindUse>,
        frame: &Frame<'_>,
        line: &Place<'_>,
        sources: &[(NodeIndex, Option<Span>)],
    ) -> NodeIndex {
        let kind_word = kind.map_or("", |kind| &kind.word.text);
        let norm = self.word(layer, Role::Norm, kind_word, frame, line);
        let act = self.word(layer, Role::Act, kind_word, frame, line);
        let (Ok(norm), Ok(act)) = (norm, act) else { return self.net.add_unknown() };
        let mut node = sources[0].0;
        let mut fresh = false;
        if let Some(KindUse { kind: Kind::Op(entry), main, word }) = kind {
            let main = match main {
                Main::Value(main) => main.as_ref(),
                _ => None,
            };
            let cancels_bias = norm.as_ref().is_some_and(|(_, word, _)| word == "batch");
            let read =
                Read { entry, word: &word.text, span: word.span, main, own: &layer.settings, defaults: &word.text, cancels_bias };
            let Some(op) = self.operator(&read, frame, line) else { return self.net.add_unknown() };
            node = self.net.add_from(op, sources.iter().copied());
            fresh = true;
        }
        for (entry, word, span) in [norm, act].into_iter().flatten() {
            let is_norm = (entry.manual)().role == Role::Norm;
            let own = if is_norm { &layer.settings[..] } else { &[] };
            let read = Read { entry, word: &word, span, main: None, own, defaults: "norm", cancels_bias: false };
            let Some(op) = self.operator(&read, frame, line) else { return self.net.add_unknown() };
            node = if fresh {
                self.net.add_from(op, std::iter::once((node, None)))
            } else {
                self.net.add_from(op, sources.iter().copied())
            };
            fresh = true;
        }
        node
    }

    /// The word after `norm` or `act`: the layer's, else by `defaults`, else none.
    fn word(
        &mut self,
        layer: &Layer,
        role: Role,
        kind: &str,
        frame: &Frame<'_>,
        line: &Place<'_>,
    ) -> Result<Option<(&'static Entry, String, Span)>, ()> {
        let (key, own) = if role == Role::Norm { ("norm", &layer.norm) } else { ("act", &layer.act) };
        let file = Environment { vars: frame.vars, args: &[], inputs: &[], copy: None };
        let by_default = |defaults| settings_of(defaults, kind).iter().find(|(name, _)| &*name.text == key).map(|(_, term)| term);
        let (term, env) = if let Some(term) = own {
            (term, frame.env())
        } else if let Some(term) = by_default(frame.defaults) {
            (term, Environment { copy: None, ..frame.env() })
        } else if let Some(term) = by_default(&self.spec.defaults) {
            (term, file)
        } else {
            return if role == Role::Norm { self.refuse_settings_of_norms(layer, kind) } else { Ok(None) };
        };
        let before = self.found.len();
        let value = crate::op::evaluate(term, &env, Some(line), key, &mut self.decisions, &mut self.found);
        self.show_uses(before);
        let word = match value.ok_or(())? {
            Value::Word(word) if &*word == "none" => return Ok(None),
            Value::Word(word) => word.to_string(),
            other => other.to_string(),
        };
        if let Some(entry) = Entry::find(role, &word) {
            return Ok(Some((entry, word, term.span)));
        }
        let words = Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(|manual| manual.role == role);
        let known: Vec<&str> = std::iter::once("none").chain(words.flat_map(|manual| manual.words).copied()).collect();
        let fault = Diagnostic::new(Code::E0305, term.span, format!("`{key}` does not know `{word}`"), "");
        let fault = match nearest(&word, known.iter().copied()) {
            Some(right) if term.text() == Some(&*word) => fault.with_patch(format!("did you mean `{right}`?"), right),
            _ => fault,
        };
        self.fault(fault.with_help(format!("words for `{key}`: {}", known.join(", "))));
        Err(())
    }

    /// A layer that nothing gives a norm has no use for a norm's settings.
    fn refuse_settings_of_norms<T>(&mut self, layer: &Layer, kind: &str) -> Result<Option<T>, ()> {
        let has = |entry: &Entry, name: &str| (entry.manual)().settings.iter().any(|setting| setting.name == name);
        let of_norm = |name: &str| Op::ENTRIES.iter().any(|entry| (entry.manual)().role == Role::Norm && has(entry, name));
        let of_kind = |name: &str| Entry::find(Role::Kind, kind).is_some_and(|entry| has(entry, name));
        let idle = layer.settings.iter().find(|(key, _)| of_norm(&key.text) && !of_kind(&key.text));
        let Some((key, _)) = idle else { return Ok(None) };
        let message = format!("`{}` is a norm's, and this layer has none", key.text);
        let fault =
            Diagnostic::new(Code::E0217, key.span, message, "").with_help("write the `norm` as well, such as `norm: batch`");
        self.fault(fault);
        Err(())
    }

    fn operator(&mut self, read: &Read<'_>, frame: &Frame<'_>, line: &Place<'_>) -> Option<Op> {
        let env = frame.env();
        let module = Environment { copy: None, ..env };
        let file = Environment { vars: frame.vars, args: &[], inputs: &[], copy: None };
        let in_file = Place { up: None, name: "defaults", copy: None };
        let in_file = Place { up: Some(&in_file), name: read.defaults, copy: None };
        let defaults = [
            Defaults { settings: settings_of(frame.defaults, read.defaults), env: &module, place: Some(line) },
            Defaults { settings: settings_of(&self.spec.defaults, read.defaults), env: &file, place: Some(&in_file) },
        ];
        self.work += defaults.iter().flat_map(|defaults| defaults.settings).map(|(_, term)| term.size()).sum::<usize>();
        let before = self.found.len();
        let mut fields = Fields {
            manual: (read.entry.manual)(),
            word: read.word,
            span: read.span,
            main: read.main,
            written: read.own,
            defaults: &defaults,
            cancels_bias: read.cancels_bias,
            reading: Reading { env: &env, place: line, decisions: &mut self.decisions, faults: &mut self.found, failed: false },
        };
        let op = (read.entry.read)(&mut fields);
        let failed = fields.reading.failed;
        self.show_uses(before);
        (!failed).then_some(op)
    }
}

/// One word of a layer with what is written for it.
struct Read<'a> {
    entry: &'static Entry,
    word: &'a str,
    span: Span,
    main: Option<&'a Term>,
    own: &'a [(Key, Term)],
    /// The key under `defaults`.
    defaults: &'a str,
    cancels_bias: bool,
}

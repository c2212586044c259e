//! Reading `modules` and `defaults` (language rule R2, ruling A4).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::nearest;
use crate::op::Term;
use crate::spec::Argument;
use crate::spec::Body;
use crate::spec::Kind;
use crate::spec::Module;
use crate::spec::layer;
use crate::spec::name::no_modules;
use crate::spec::read::Reader;
use crate::spec::vocabulary::OF_MODULES;
use crate::spec::vocabulary::OF_NODES;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Node;

/// Reads the `modules` section.
pub(super) fn read_modules(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Vec<Module> {
    let entries = reader.entries(key, value);
    let taken = no_modules();
    let mut modules = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        reader.check_name(key);
        if taken.contains(&&*key.text) {
            let built_in =
                matches!(&*key.text, "inception" | "net") || crate::op::Entry::find(crate::op::Role::Kind, &key.text).is_some();
            let what = if built_in { "a built-in kind" } else { "a setting" };
            let message = format!("a module cannot be called `{}`, which is {what}", key.text);
            reader.fault(Diagnostic::new(Code::E0212, key.span, message, ""));
        }
        modules.push(read_module(reader, key, value));
    }
    modules
}

fn read_module(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Module {
    let mut module =
        Module { key: key.clone(), args: Vec::new(), inputs: Vec::new(), defaults: Vec::new(), body: Body::default() };
    let Some(entries) = value.map() else {
        module.body = reader.body(value);
        return module;
    };
    let mut layers = 0;
    for (key, value) in entries {
        match &*key.text {
            "args" => module.args = read_args(reader, key, value),
            "defaults" => module.defaults = read_defaults(reader, value),
            "inputs" => module.inputs = read_inputs(reader, value),
            "net" => module.body = reader.body(value),
            _ => layers += 1,
        }
    }
    let has_net = value.get("net").is_some();
    if layers > 0 && has_net {
        let (key, _) =
            entries.iter().find(|(key, _)| OF_MODULES.iter().all(|(name, _)| *name != &*key.text)).expect("counted above");
        let message = format!("module `{}` has a `net` and `{}` beside it", module.key.text, key.text);
        let help = "write its layers under `net`, or one layer directly in the module";
        reader.fault(Diagnostic::new(Code::E0205, key.span, message, "").with_help(help));
    } else if layers > 0 {
        module.body = reader.direct(value, module.key.span);
    } else if !has_net {
        let message = format!("module `{}` has no layers", module.key.text);
        let help = "write them under `net`, or one layer directly in the module";
        reader.fault(Diagnostic::new(Code::E0213, module.key.span, message, "").with_help(help));
    }
    module
}

fn read_args(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Vec<Argument> {
    let entries = reader.entries(key, value);
    reader.check_names(key.span, entries.len(), "arguments");
    for (key, _) in entries {
        reader.check_variable(key);
    }
    let argument = |(key, value): &(Key, Node)| Argument {
        key: key.clone(),
        default: (value.scalar() != Some("required")).then(|| Term::new(value)),
    };
    entries.iter().map(argument).collect()
}

fn read_inputs(reader: &mut Reader<'_>, value: &Node) -> Vec<Key> {
    let names = value.list().unwrap_or_default();
    reader.check_names(value.span, names.len(), "inputs");
    let mut inputs = Vec::with_capacity(names.len());
    for name in names {
        match name.scalar() {
            Some(text) => {
                let key = Key { text: text.into(), span: name.span };
                if text != "in" {
                    reader.check_variable(&key);
                }
                inputs.push(key);
            }
            None => reader.fault(Diagnostic::new(Code::E0200, name.span, "an input is a name", "")),
        }
    }
    if names.is_empty() {
        reader.fault(Diagnostic::new(Code::E0200, value.span, "`inputs` is a list of names, such as `[new, old]`", ""));
    }
    inputs
}

/// Reads a `defaults` section: settings by kind, and `norm: {eps, momentum}`.
pub(super) fn read_defaults(reader: &mut Reader<'_>, value: &Node) -> Vec<(Key, Vec<(Key, Term)>)> {
    let before = reader.faults.len();
    let defaults = read_kinds(reader, value);
    reader.shapeless |= reader.faults.len() > before;
    defaults
}

fn read_kinds(reader: &mut Reader<'_>, value: &Node) -> Vec<(Key, Vec<(Key, Term)>)> {
    let Some(kinds) = value.map() else {
        let message = format!("`defaults` is a map from kinds to settings, not {}", value.describes());
        reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
        return Vec::new();
    };
    let mut defaults = Vec::with_capacity(kinds.len());
    for (kind, settings) in kinds {
        let known: Vec<&str> = match (&*kind.text, reader.kind(&kind.text)) {
            ("norm", _) => layer::norm_settings(),
            (_, Some(kind @ Kind::Op(_))) => layer::settings_of(kind).chain(names(OF_NODES)).collect(),
            (text, found) => {
                let (message, label) = match found {
                    Some(_) => (format!("`{text}` has no defaults"), "only built-in kinds and `norm` have them"),
                    None => (format!("unknown layer kind `{text}` in `defaults`"), "no built-in kind"),
                };
                let mut fault = Diagnostic::new(Code::E0204, kind.span, message, label);
                if let (None, Some(right)) = (found, nearest(text, reader.kind_words().iter().map(|word| &**word))) {
                    fault = fault.with_patch(format!("did you mean `{right}`?"), right);
                }
                reader.fault(fault);
                continue;
            }
        };
        let entries = reader.entries(kind, settings);
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&&*key.text)) {
            let message = format!("`{}` has no setting `{}`", kind.text, key.text);
            let mut fault = Diagnostic::new(Code::E0205, key.span, message, "unknown setting");
            if let Some(right) = nearest(&key.text, known.iter().copied()) {
                fault = fault.with_patch(format!("did you mean `{right}`?"), right);
            }
            reader.fault(fault.with_help(format!("settings that `defaults` can give: {}", known.join(", "))));
        }
        let terms = entries.iter().map(|(key, value)| (key.clone(), Term::new(value))).collect();
        defaults.push((kind.clone(), terms));
    }
    defaults
}

//! From a spanned tree to a [`Spec`]: sections, names and kinds checked, all faults of a file in one run.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::FileId;
use crate::base::Severity;
use crate::base::Sources;
use crate::base::Span;
use crate::base::nearest;
use crate::base::split_revision;
use crate::op::Entry;
use crate::op::Op;
use crate::op::Role;
use crate::op::Term;
use crate::spec::Body;
use crate::spec::Head;
use crate::spec::InputPlane;
use crate::spec::Kind;
use crate::spec::Spec;
use crate::spec::budget;
use crate::spec::extends;
use crate::spec::layer;
use crate::spec::lint;
use crate::spec::module;
use crate::spec::name::is_word;
use crate::spec::settings;
use crate::spec::vocabulary::Form;
use crate::spec::vocabulary::OF_HEADS;
use crate::spec::vocabulary::OF_MODULES;
use crate::spec::vocabulary::SECTIONS;
use crate::spec::vocabulary::Section;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Node;

/// The longest name of a spec.
const MAX_NAME: usize = 200;
/// Faults of structure that are told.
const MAX_FAULTS: usize = 200;
/// What the last of them says.
const MORE: &str = "there are more faults than are told";
/// The most variables of a file, and inputs or arguments of a module: each is looked up by its name, one by one.
const MAX_NAMES: usize = 1000;

/// What a text gives.
#[derive(Debug)]
pub struct Loaded {
    /// The spec, unless the text is no tree; with errors among the findings it can be walked for more, but gives no graph.
    pub spec: Option<Spec>,
    /// Errors and warnings, in text order.
    pub found: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether there is an error among the findings.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|finding| finding.severity() == Severity::Error)
    }
}

/// Given what stands after `extends:` and the name of the file in which it stands, a loader returns a name and a text, or why there
/// is none.
pub type Loader<'a> = dyn FnMut(&str, &str) -> Result<(String, String), String> + 'a;

/// Reads the text `file` and those it extends. `loader` is given what stands after `extends:` and the name of the file in which it
/// stands, and returns a name and a text, or why there is none.
pub fn load(sources: &mut Sources, file: FileId, loader: &mut Loader<'_>) -> Loaded {
    let mut found = Vec::new();
    let tree = extends::follow(sources, file, loader, &mut found);
    let spec = tree.map(|tree| read(sources, file, &tree, &mut found));
    // What is too large to be looked through is not walked.
    let walkable = found.iter().all(|finding| finding.code != Code::E0104);
    Loaded { spec: spec.filter(|_| walkable), found }
}

/// Reads a tree whose `extends` has been followed. Faults go into `found`; those already there are of its text.
pub fn read(sources: &Sources, file: FileId, tree: &Node, found: &mut Vec<Diagnostic>) -> Spec {
    let start = Span { file, start: 0, end: 0 };
    let name = &*sources.get(file).name;
    let name = split_revision(name).map_or(name, |(name, _)| name);
    let stem = std::path::Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or("net");
    let is_error = |finding: &&Diagnostic| finding.severity() == Severity::Error;
    let told: HashSet<Span> = found.iter().filter(is_error).map(Diagnostic::span).collect();
    let mut reader = Reader { sources, faults: Vec::new(), modules: HashMap::new(), told, shapeless: false };
    let mut spec = Spec {
        name: stem.to_owned(),
        span: start,
        doc: None,
        inputs: Vec::new(),
        vars: Vec::new(),
        defaults: Vec::new(),
        modules: Vec::new(),
        net: Body::default(),
        heads: Vec::new(),
        budget: None,
        compare: Vec::new(),
        train: None,
        search: None,
        told: HashSet::new(),
        shapeless: false,
    };
    match tree.map() {
        Some(sections) => reader.sections(&mut spec, sections, tree.span),
        None => {
            let message = format!("a spec is a map of sections, not {}", tree.describes());
            reader.fault(Diagnostic::new(Code::E0200, tree.span, message, "").with_help("begin with `nas: 1`"));
        }
    }
    spec.shapeless = reader.shapeless;
    spec.told = reader.told;
    spec.told.extend(reader.faults.iter().map(Diagnostic::span));
    if spec.told.is_empty() {
        lint::unused(&spec, &mut reader.faults);
    }
    found.append(&mut reader.faults);
    spec
}

/// What reading needs everywhere.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) faults: Vec<Diagnostic>,
    /// The modules' positions by their names.
    modules: HashMap<&'a str, usize>,
    /// Places of the faults that reading YAML had.
    told: HashSet<Span>,
    /// There is a fault in `defaults`.
    pub(super) shapeless: bool,
}

impl<'a> Reader<'a> {
    /// Tells a fault, unless its place is one that YAML could not read.
    pub(super) fn fault(&mut self, fault: Diagnostic) {
        if self.told.contains(&fault.span()) {
            return;
        }
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
            return;
        }
        if let Some(last) = self.faults.last_mut().filter(|last| last.notes.last().is_none_or(|note| note != MORE)) {
            last.notes.push(MORE.to_owned());
        }
        self.told.insert(fault.span());
    }

    /// Whether a fault of this place was told.
    pub(super) fn has_told(&self, place: Span) -> bool {
        self.told.contains(&place) || self.faults.iter().any(|fault| fault.span() == place)
    }

    /// Refuses a list of names that is too long to be looked up in.
    pub(super) fn check_names(&mut self, place: Span, names: usize, what: &str) {
        if names > MAX_NAMES {
            let message = format!("there are more than {MAX_NAMES} {what}");
            self.fault(Diagnostic::new(Code::E0104, place, message, format!("{names} of them")));
        }
    }

    fn sections(&mut self, spec: &mut Spec, sections: &'a [(Key, Node)], whole: Span) {
        self.version(sections, whole);
        let section = |name: &str| sections.iter().find(|(key, _)| &*key.text == name).map(|(_, value)| value);
        self.modules = section("modules")
            .and_then(Node::map)
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(at, (key, _))| (&*key.text, at))
            .collect();
        for (key, value) in sections {
            let Some(section) = Section::find(&key.text) else {
                self.unknown_section(key);
                continue;
            };
            match section.form {
                Form::Version | Form::Extends => {}
                Form::Name => {
                    self.text(key, value).unwrap_or_default().clone_into(&mut spec.name);
                    spec.span = value.span;
                    if spec.name.chars().count() > MAX_NAME {
                        let message = format!("the name has more than {MAX_NAME} characters");
                        self.fault(Diagnostic::new(Code::E0212, value.span, message, ""));
                    }
                }
                Form::Doc => spec.doc = self.text(key, value).map(str::to_owned),
                Form::Inputs => spec.inputs = self.inputs(key, value),
                Form::Variables => spec.vars = self.vars(key, value),
                Form::Budget => spec.budget = Some(budget::read(self, key, value)),
                Form::Defaults => spec.defaults = module::read_defaults(self, value),
                Form::Modules => spec.modules = module::read_modules(self, key, value),
                Form::Net => spec.net = self.net(value),
                Form::Heads => spec.heads = self.heads(key, value),
                Form::Train => spec.train = Some(settings::read_train(self, key, value)),
                Form::Search => spec.search = Some(settings::read_search(self, key, value)),
                Form::Compare => spec.compare = self.compare(value),
            }
        }
        for (name, missing) in [("input", spec.inputs.is_empty()), ("net", spec.net.layers.is_empty())] {
            if missing && section(name).is_none() {
                let help = if name == "input" { "input: {image: [3, 224, 224]}" } else { "net: {conv1: {conv: 64, kernel: 7}}" };
                let at = sections.last().map_or(whole, |(key, _)| key.span);
                let fault =
                    Diagnostic::new(Code::E0213, at, format!("the section `{name}` is missing"), "the file ends after this");
                self.fault(fault.with_help(format!("add `{help}`")));
            } else if missing && self.told.is_empty() && self.faults.is_empty() {
                let at = section(name).map_or(whole, |value| value.span);
                self.fault(Diagnostic::new(Code::E0213, at, format!("the section `{name}` is empty"), ""));
            }
        }
    }

    fn unknown_section(&mut self, key: &Key) {
        if key.text.starts_with("x-") {
            return;
        }
        let known: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        let fault = Diagnostic::new(Code::E0202, key.span, format!("unknown section `{}`", key.text), "");
        let fault = fault.with_help(format!("sections: {}; `x-...` is ignored", known.join(", ")));
        self.fault(match nearest(&key.text, known) {
            Some(right) => fault.with_patch(format!("did you mean `{right}`?"), right),
            None => fault,
        });
    }

    fn version(&mut self, sections: &[(Key, Node)], whole: Span) {
        let help = "the first line of a spec is `nas: 1`";
        match sections.first() {
            Some((key, value)) if &*key.text == "nas" => {
                if value.scalar() != Some("1") {
                    let message = "this version of the language is not known";
                    self.fault(Diagnostic::new(Code::E0201, value.span, message, "only 1 is").with_help(help));
                }
            }
            first => {
                let at = first.map_or(whole, |(key, _)| key.span);
                let message = "the language's version is missing, or not the first line";
                let fault = Diagnostic::new(Code::E0201, at, message, "this comes first").with_help(help);
                self.fault(match sections.iter().find(|(key, _)| &*key.text == "nas") {
                    Some((key, _)) => fault.with_label(key.span, "it stands here"),
                    None => fault,
                });
            }
        }
    }

    fn text<'n>(&mut self, key: &Key, value: &'n Node) -> Option<&'n str> {
        if value.scalar().is_none() {
            let message = format!("`{}` is a text, not {}", key.text, value.describes());
            self.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
        }
        value.scalar()
    }

    /// The entries of a section that is a map.
    pub(super) fn entries<'n>(&mut self, key: &Key, value: &'n Node) -> &'n [(Key, Node)] {
        value.map().unwrap_or_else(|| {
            let message = format!("`{}` is a map, not {}", key.text, value.describes());
            self.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
            &[]
        })
    }

    fn inputs(&mut self, key: &Key, value: &Node) -> Vec<InputPlane> {
        let mut inputs = Vec::new();
        let entries = self.entries(key, value);
        self.check_names(key.span, entries.len(), "inputs");
        for (key, value) in entries {
            self.check_name(key);
            if is_word(&key.text) {
                let message = format!("`{}` cannot be an input: layers use it as a word", key.text);
                self.fault(Diagnostic::new(Code::E0212, key.span, message, ""));
            }
            match value.list() {
                Some([c, h, w]) => {
                    let sides = Some([Term::new(c), Term::new(h), Term::new(w)]);
                    inputs.push(InputPlane { key: key.clone(), sides, span: value.span });
                }
                _ => {
                    inputs.push(InputPlane { key: key.clone(), sides: None, span: value.span });
                    let message = format!("input `{}` is `[channels, height, width]`", key.text);
                    self.fault(Diagnostic::new(Code::E0200, value.span, message, "").with_help("write it as in `[3, 224, 224]`"));
                }
            }
        }
        inputs
    }

    fn vars(&mut self, key: &Key, value: &Node) -> Vec<(Key, Term)> {
        let entries = self.entries(key, value);
        self.check_names(key.span, entries.len(), "variables");
        for (key, _) in entries {
            self.check_variable(key);
        }
        entries.iter().map(|(key, value)| (key.clone(), Term::new(value))).collect()
    }

    fn heads(&mut self, key: &Key, value: &Node) -> Vec<Head> {
        let mut heads = Vec::new();
        for (key, value) in self.entries(key, value) {
            self.check_name(key);
            let own: Vec<&'static str> = names(OF_HEADS).collect();
            let layer = layer::read_layer(self, key.clone(), value, &own);
            let own = |name: &str| value.get(name).map(|(_, value)| Term::new(value));
            if let Some(repeat) = &layer.repeat {
                self.fault(Diagnostic::new(Code::E0217, repeat.span, "a head is one layer, it has no `repeat`", ""));
            }
            heads.push(Head { layer, weight: own("weight"), train_only: own("train_only") });
        }
        heads
    }

    fn compare(&mut self, value: &Node) -> Vec<Term> {
        let Some(layers) = value.list() else {
            let message = format!("`compare` is a list of layers, not {}", value.describes());
            self.fault(
                Diagnostic::new(Code::E0200, value.span, message, "").with_help("write it as in `compare: [naive, reduced]`"),
            );
            return Vec::new();
        };
        layers.iter().map(Term::new).collect()
    }

    /// The body of the file, whose names may be whole paths.
    fn net(&mut self, value: &Node) -> Body {
        self.layers(value, Self::check_path)
    }

    /// A body: a map of layers, or a list of them whose names are positions.
    pub(super) fn body(&mut self, value: &Node) -> Body {
        self.layers(value, Self::check_name)
    }

    fn layers(&mut self, value: &Node, check: fn(&mut Self, &Key)) -> Body {
        if let Some(entries) = value.map() {
            let layers = entries.iter().map(|(key, value)| {
                check(self, key);
                layer::read_layer(self, key.clone(), value, &[])
            });
            return Body { layers: layers.collect() };
        }
        let Some(items) = value.list() else {
            let message = format!("a body is a map or a list of layers, not {}", value.describes());
            self.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
            return Body::default();
        };
        let layers = items.iter().enumerate().map(|(at, item)| {
            let span = item.map().and_then(<[_]>::first).map_or(item.span, |(key, _)| key.span);
            layer::read_layer(self, Key { text: Arc::from((at + 1).to_string()), span }, item, &[])
        });
        Body { layers: layers.collect() }
    }

    /// The layers of a branch: a list, or one layer that bears the branch's path.
    pub(super) fn branch_body(&mut self, value: &Node) -> Body {
        if value.map().is_some() { self.single(value, value.span, &[]) } else { self.body(value) }
    }

    /// The layer that stands directly in a module, beside the module's own entries.
    pub(super) fn direct(&mut self, value: &Node, span: Span) -> Body {
        let own: Vec<&'static str> = OF_MODULES.iter().map(|(name, _)| *name).collect();
        self.single(value, span, &own)
    }

    /// One layer without a name of its own.
    fn single(&mut self, value: &Node, span: Span, also: &[&'static str]) -> Body {
        let layer = layer::read_layer(self, Key { text: Arc::from(""), span }, value, also);
        if let Some(repeat) = &layer.repeat {
            let message = "a layer without a name of its own has no `repeat`";
            let help = "write it in a list, as in `[{conv: 64, repeat: 2}]`, or repeat the layer around it";
            self.fault(Diagnostic::new(Code::E0217, repeat.span, message, "").with_help(help));
        }
        Body { layers: vec![layer] }
    }

    /// The kind that a word names.
    pub(super) fn kind(&self, word: &str) -> Option<Kind> {
        match word {
            "inception" => Some(Kind::Inception),
            "net" => Some(Kind::Net),
            _ => {
                let module = self.modules.get(word).copied().map(Kind::Module);
                module.or_else(|| Entry::find(Role::Kind, word).map(Kind::Op))
            }
        }
    }

    /// All words that name a kind here.
    pub(super) fn kind_words(&self) -> Vec<String> {
        let manuals = Op::ENTRIES.iter().map(|entry| (entry.manual)()).filter(|manual| manual.role == Role::Kind);
        let built_in = manuals.flat_map(|manual| manual.words).copied().chain(["inception", "net"]).map(str::to_owned);
        let mut modules: Vec<(&str, usize)> = self.modules.iter().map(|(name, at)| (*name, *at)).collect();
        modules.sort_unstable_by_key(|&(_, at)| at);
        built_in.chain(modules.into_iter().map(|(name, _)| name.to_owned())).collect()
    }
}

//! Reading `inception`: branches (language rule R9) or a total with shares (R13).

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::nearest;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Body;
use crate::spec::Branch;
use crate::spec::BranchForm;
use crate::spec::Inception;
use crate::spec::Main;
use crate::spec::Ratios;
use crate::spec::layer::written_layer;
use crate::spec::read::Reader;
use crate::spec::vocabulary::OF_SHARES;
use crate::spec::vocabulary::names;
use crate::yaml::Key;
use crate::yaml::Kind;
use crate::yaml::Node;

/// Reads the value of an `inception` key.
pub(super) fn read(reader: &mut Reader<'_>, word: &Key, value: Option<&Node>) -> Main {
    let entries = value.and_then(Node::map).filter(|entries| !entries.is_empty());
    let Some(entries) = entries else {
        let span = value.map_or(word.span, |value| value.span);
        let fault = Diagnostic::new(Code::E0200, span, "`inception` needs a map of its branches", "");
        reader.fault(fault.with_help("write it as in `{inception: {1x1: 64, 3x3: [96, 128], 5x5: [16, 32], pool: 32}}`"));
        return Main::Inception(Inception::Branches(Vec::new()));
    };
    let in_ratios = entries.iter().any(|(key, _)| matches!(&*key.text, "total" | "share"));
    Main::Inception(if in_ratios { read_ratios(reader, word, entries) } else { read_branches(reader, entries) })
}

fn read_branches(reader: &mut Reader<'_>, entries: &[(Key, Node)]) -> Inception {
    let mut branches = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        reader.check_name(key);
        let branch = if &*key.text == "pool" { read_pool(reader, key, value) } else { read_branch(reader, key, value) };
        branches.push(branch.unwrap_or_else(|| unreadable(key)));
    }
    Inception::Branches(branches)
}

/// The kernel that a branch's name gives, as in `3x3`, `1x7`, `3x3b`.
pub fn kernel_of(name: &str) -> Option<[u32; 2]> {
    let (height, rest) = name.split_once('x')?;
    let digits = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
    Some([height.parse().ok().filter(|&side| side > 0)?, rest[..digits].parse().ok().filter(|&side| side > 0)?])
}

/// A branch whose fault was told: what it gives is unknown.
fn unreadable(key: &Key) -> Branch {
    let mut layer = written_layer("", key.span, "conv", Term::integer(1, key.span), Vec::new());
    layer.broken = true;
    Branch { key: key.clone(), body: Body { layers: vec![layer] }, form: BranchForm::Layers }
}

/// Whether a branch's value lists layers. Words alone are widths where the branch's name gives a kernel, else layers: there are no
/// widths without one.
fn is_layers(key: &Key, value: &Node) -> bool {
    let is_word = |item: &Node| item.scalar().is_some_and(|text| text.starts_with(|char: char| char.is_ascii_alphabetic()));
    match &value.kind {
        Kind::List(items) if kernel_of(&key.text).is_none() => items.iter().any(|item| item.map().is_some() || is_word(item)),
        Kind::List(items) => items.iter().any(|item| item.map().is_some()),
        Kind::Map(_) => true,
        Kind::Scalar(_) => false,
    }
}

fn read_branch(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Option<Branch> {
    if is_layers(key, value) {
        return Some(Branch { key: key.clone(), body: reader.branch_body(value), form: BranchForm::Layers });
    }
    let Some(kernel) = kernel_of(&key.text) else {
        let message = format!("branch `{}` says neither its kernel nor its layers", key.text);
        let help = "begin the name with the kernel, as in `3x3b: 64`, or list its layers: `[{conv: 64, kernel: 3}]`";
        reader.fault(Diagnostic::new(Code::E0211, value.span, message, "only numbers stand here").with_help(help));
        return None;
    };
    let numbers: Vec<Term> = match value.list() {
        Some(items) => items.iter().map(Term::new).collect(),
        None => vec![Term::new(value)],
    };
    if numbers.is_empty() || numbers.iter().any(|number| number.list().is_some()) {
        let message = format!("branch `{}` takes `width`, `[reduce, width, ...]` or a list of layers", key.text);
        reader.fault(Diagnostic::new(Code::E0211, value.span, message, ""));
        return None;
    }
    Some(number_branch(key, kernel, numbers))
}

/// Writes out `width` or `[reduce, width, ...]`: a 1x1, then one convolution of the kernel per further number.
pub(super) fn number_branch(key: &Key, [h, w]: [u32; 2], mut numbers: Vec<Term>) -> Branch {
    let span = key.span;
    let kernel = || Term { span, kind: TermKind::List(vec![Term::integer(h, span), Term::integer(w, span)]) };
    let last = numbers.pop().expect("a branch has a width");
    let form = match numbers.first() {
        Some(reduce) => BranchForm::Reduced(Box::new([reduce.clone(), numbers.get(1).unwrap_or(&last).clone()])),
        None => BranchForm::Width,
    };
    let mut layers = Vec::with_capacity(numbers.len() + 1);
    for (at, number) in numbers.into_iter().enumerate() {
        let (span, name) = (number.span, if at == 0 { "reduce".to_owned() } else { (at + 1).to_string() });
        let settings = if at == 0 { Vec::new() } else { vec![("kernel", kernel())] };
        layers.push(written_layer(&name, span, "conv", number, settings));
    }
    let span = last.span;
    layers.push(written_layer("", span, "conv", last, vec![("kernel", kernel())]));
    Branch { key: key.clone(), body: Body { layers }, form }
}

fn read_pool(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Option<Branch> {
    if is_layers(key, value) {
        return Some(Branch { key: key.clone(), body: reader.branch_body(value), form: BranchForm::Layers });
    }
    if value.list().is_some() {
        let fault = Diagnostic::new(Code::E0211, value.span, "branch `pool` takes a width, `through` or a list of layers", "");
        reader.fault(fault);
        return None;
    }
    Some(pool_branch(key, Term::new(value)))
}

/// Writes out `pool: width`, a 3x3 maximum and a projection, or `pool: through`, the maximum alone (fig. 2 of the paper).
pub(super) fn pool_branch(key: &Key, width: Term) -> Branch {
    let span = key.span;
    let word = |text: &str| Term::word(text, span);
    let fixed = vec![
        ("stride", Term::integer(1, span)),
        ("pad", word("same")),
        ("ceil", word("false")),
        ("norm", word("none")),
        ("act", word("none")),
    ];
    let through = width.text() == Some("through");
    let mut layers = vec![written_layer(if through { "" } else { "max" }, span, "max", Term::integer(3, span), fixed)];
    if !through {
        let at = width.span;
        layers.push(written_layer("", at, "conv", width, Vec::new()));
    }
    let form = if through { BranchForm::Through } else { BranchForm::Projected };
    Branch { key: key.clone(), body: Body { layers }, form }
}

impl Branch {
    /// Whether its naive form lacks something: its reduction or its projection.
    pub(super) fn has_more_than_naive(&self) -> bool {
        matches!(self.form, BranchForm::Reduced(_) | BranchForm::Projected)
    }

    /// Its form in figure 2a of the paper: the reduction dropped, what is pooled passed on. Layers that are listed stay as they are, for
    /// which of them reduces is not said.
    pub(super) fn naive(&self) -> Branch {
        match &self.form {
            BranchForm::Reduced(_) => {
                let layers = self.body.layers[1..].to_vec();
                Branch { key: self.key.clone(), body: Body { layers }, form: BranchForm::Width }
            }
            BranchForm::Projected => pool_branch(&self.key, Term::word("through", self.key.span)),
            BranchForm::Width | BranchForm::Through | BranchForm::Layers => self.clone(),
        }
    }
}

fn read_ratios(reader: &mut Reader<'_>, word: &Key, entries: &[(Key, Node)]) -> Inception {
    let mut found: [Option<&Node>; 4] = [None; 4];
    for (key, value) in entries {
        match names(OF_SHARES).position(|name| name == &*key.text) {
            Some(at) => found[at] = Some(value),
            None => {
                let message = format!("`inception` by shares has no setting `{}`", key.text);
                let mut fault = Diagnostic::new(Code::E0205, key.span, message, "unknown setting");
                if let Some(right) = nearest(&key.text, names(OF_SHARES)) {
                    fault = fault.with_patch(format!("did you mean `{right}`?"), right);
                }
                reader.fault(fault.with_help("its settings are total, share, reduce and unit"));
            }
        }
    }
    let [total, share, reduce, unit] = found;
    for (name, value) in [("total", total), ("share", share)] {
        if value.is_none() {
            let message = format!("`inception` by shares needs `{name}`");
            let help = "write it as in `{total: 256, share: {1x1: 1/4, 3x3: 1/2, pool: rest}}`";
            reader.fault(Diagnostic::new(Code::E0207, word.span, message, "").with_help(help));
        }
    }
    let (Some(total), Some(share)) = (total, share) else { return Inception::Branches(Vec::new()) };
    let shares = map_of_branches(reader, "share", Some(share));
    let reduces = map_of_branches(reader, "reduce", reduce);
    for (key, _) in &shares {
        reader.check_name(key);
        if &*key.text != "pool" && kernel_of(&key.text).is_none() {
            let message = format!("branch `{}` does not say its kernel", key.text);
            reader.fault(
                Diagnostic::new(Code::E0211, key.span, message, "").with_help("by shares a branch is named `HxW` or `pool`"),
            );
        }
    }
    for (key, _) in &reduces {
        let right = shares.iter().any(|(branch, _)| branch.text == key.text) && &*key.text != "pool";
        if !right {
            let message = format!("`reduce` names `{}`, which is no branch that can be reduced", key.text);
            let names: Vec<&str> = shares.iter().map(|(branch, _)| &*branch.text).filter(|name| *name != "pool").collect();
            reader
                .fault(Diagnostic::new(Code::E0211, key.span, message, "").with_help(format!("branches: {}", names.join(", "))));
        }
    }
    Inception::Ratios(Box::new(Ratios {
        total: Term::new(total),
        share: shares,
        share_span: share.span,
        reduce: reduces,
        unit: unit.map(Term::new),
    }))
}

fn map_of_branches(reader: &mut Reader<'_>, name: &str, value: Option<&Node>) -> Vec<(Key, Term)> {
    let Some(value) = value else { return Vec::new() };
    let Some(entries) = value.map() else {
        let message = format!("`{name}` is a map from branches, not {}", value.describes());
        reader.fault(Diagnostic::new(Code::E0200, value.span, message, ""));
        return Vec::new();
    };
    entries.iter().map(|(key, value)| (key.clone(), Term::new(value))).collect()
}

#[cfg(test)]
mod tests {
    use crate::base::Sources;
    use crate::expr::Decisions;

    fn params(branches: &str) -> Result<u128, Vec<String>> {
        let text = format!(
            "nas: 1\ninput: {{image: [8, 9, 9]}}\nvars: {{five: 5}}\nmodules: {{five: {{conv: 4}}, six: {{conv: 6, kernel: 3}}}}\n\
             net: {{a: {{inception: {{{branches}}}}}}}\n"
        );
        let mut sources = Sources::default();
        let file = sources.add("spec", text);
        let loaded = crate::spec::load(&mut sources, file, &mut |_, _| Err("none".to_owned()));
        let lowered = loaded.spec.map(|spec| crate::spec::lower(&spec, Decisions::default(), None));
        let params = lowered.as_ref().and_then(|lowered| lowered.graph.as_ref()).map(|graph| graph.totals(graph.nodes()).params);
        let found = loaded.found.iter().chain(lowered.iter().flat_map(|lowered| &lowered.found));
        params.ok_or_else(|| found.map(|fault| fault.message.clone()).collect())
    }

    /// 1x1 to 5: 45 parameters; `five`: 36; `six`: 438; on the 4 channels of `five` 222.
    #[test]
    fn words_are_widths_where_a_name_gives_a_kernel_and_layers_elsewhere() {
        assert_eq!(params("1x1: five"), Ok(45));
        assert_eq!(params("1x1: [five]"), Ok(45));
        assert_eq!(params("a: [five]"), Ok(36));
        assert_eq!(params("a: [five, six]"), Ok(36 + 222));
        assert_eq!(params("pool: [six]"), Ok(438));
        assert_eq!(params("a: [{five: {}}, six]"), params("a: [five, six]"));
        assert_eq!(params("a: [16, 32]"), Err(vec!["branch `a` says neither its kernel nor its layers".to_owned()]));
        assert!(params("a: [seven]").is_err());
    }
}

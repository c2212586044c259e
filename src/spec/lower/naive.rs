//! Naive forms of `inception` (figure 2a of the paper): in the network's place, or beside it on the same input.

use crate::base::Real64;
use crate::base::Span;
use crate::expr::Place;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::graph::ScopeId;
use crate::spec::Branch;
use crate::spec::BranchForm;

use super::Frame;
use super::Lowering;
use super::Purpose;

/// An `inception` met in a walk for a naive twin. What lies inside one that has a naive form of its own belongs to it.
#[derive(Clone, Debug)]
pub(in crate::spec) struct Met {
    /// Its path.
    pub(in crate::spec) path: String,
    /// Its scope.
    pub(in crate::spec) scope: ScopeId,
    /// The scope of its naive form beside it.
    pub(in crate::spec) beside: Option<ScopeId>,
    /// Branches that are lists of layers, which have no naive form.
    pub(in crate::spec) left: Vec<String>,
    /// Whether it has a naive form: some branch has a reduction or a projection, or all are naive as written.
    pub(in crate::spec) is_twinned: bool,
}

/// In what kind of `inception` a walk for a naive twin is, the innermost that was taken note of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Within {
    /// In none.
    #[default]
    Nothing,
    /// In one that has a naive form.
    Twinned,
    /// In one that is left as it is.
    Left,
}

/// What ends the path of a naive form, so that its layers are not taken for those of the network. No name has it.
const BESIDE: char = '~';

impl Lowering<'_> {
    /// The naive form in the network's place.
    pub(super) fn naive(
        &mut self,
        branches: &[Branch],
        frame: &Frame<'_>,
        place: Option<&Place<'_>>,
        source: NodeIndex,
    ) -> NodeIndex {
        let naive: Vec<Branch> = branches.iter().map(Branch::naive).collect();
        let around = self.within;
        if around != Within::Twinned {
            self.within = if self.meet(branches) { Within::Twinned } else { Within::Left };
        }
        let node = self.joined(&naive, frame, place, source);
        self.within = around;
        node
    }

    /// The module as written, and its naive form beside it as a result of its own.
    pub(super) fn beside(
        &mut self,
        branches: &[Branch],
        frame: &Frame<'_>,
        place: Option<&Place<'_>>,
        source: NodeIndex,
    ) -> NodeIndex {
        if !self.meet(branches) {
            let around = std::mem::replace(&mut self.within, Within::Left);
            let node = self.joined(branches, frame, place, source);
            self.within = around;
            return node;
        }
        let at = self.met.len() - 1;
        self.purpose = Purpose::Candidate;
        let node = self.joined(branches, frame, place, source);
        let (outside, length) = (self.net.scope(), self.path.len());
        self.path.push(BESIDE);
        self.net.enter(ScopeId::NETWORK);
        let scope = self.net.open(&self.path, self.span_of(outside));
        let naive: Vec<Branch> = branches.iter().map(Branch::naive).collect();
        self.purpose = Purpose::Naive;
        let around = std::mem::replace(&mut self.within, Within::Twinned);
        let twin = self.joined(&naive, frame, place, source);
        self.within = around;
        self.purpose = Purpose::Beside;
        let name = self.path.clone();
        self.net.add_output(Output { name, node: twin, weight: Real64::new(0.0), train_only: false, span: None });
        self.path.truncate(length);
        self.net.enter(outside);
        self.met[at].beside = Some(scope);
        node
    }

    /// Takes note of an `inception`; whether it has a naive form.
    fn meet(&mut self, branches: &[Branch]) -> bool {
        let is_left = |branch: &&Branch| matches!(branch.form, BranchForm::Layers);
        let left: Vec<String> = branches.iter().filter(is_left).map(|branch| branch.key.text.to_string()).collect();
        // What is naive as written inside a module that is left makes no difference to anything.
        let is_twinned = left.is_empty() && self.within != Within::Left || branches.iter().any(Branch::has_more_than_naive);
        self.met.push(Met { path: self.path.clone(), scope: self.net.scope(), beside: None, left, is_twinned });
        is_twinned
    }

    fn span_of(&self, scope: ScopeId) -> Option<Span> {
        self.net.scopes().get(scope).span
    }
}

//! Scopes: which layer, branch and module a node belongs to, and where in the text that stands.

use crate::base::Span;

/// The number of a scope; parents have lower numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub(crate) u32);

impl ScopeId {
    /// The network itself.
    pub const NETWORK: ScopeId = ScopeId(0);

    /// Its position in [`Scopes::all`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One scope.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    name: (u32, u32),
    /// The scope around it; the network is its own parent.
    pub parent: ScopeId,
    /// The key in the text that made it, where there is a text.
    pub span: Option<Span>,
}

/// All scopes of a graph in order of their creation, parents before children.
#[derive(Clone, Debug)]
pub struct Scopes {
    names: String,
    list: Vec<Scope>,
}

impl Scopes {
    /// The scope of a network, alone.
    pub fn new(network: &str, span: Option<Span>) -> Scopes {
        let mut scopes = Scopes { names: String::new(), list: Vec::new() };
        scopes.add(ScopeId::NETWORK, network, span);
        scopes
    }

    /// Adds a scope in `parent`. Names of copies end in `.N`.
    pub fn add(&mut self, parent: ScopeId, name: &str, span: Option<Span>) -> ScopeId {
        let start = self.names.len() as u32;
        self.names.push_str(name);
        self.list.push(Scope { name: (start, self.names.len() as u32), parent, span });
        ScopeId(self.list.len() as u32 - 1)
    }

    /// One scope.
    pub fn get(&self, scope: ScopeId) -> &Scope {
        &self.list[scope.index()]
    }

    /// Its own name, the last step of its path.
    pub fn name(&self, scope: ScopeId) -> &str {
        let (start, end) = self.get(scope).name;
        &self.names[start as usize..end as usize]
    }

    /// Its path from the network down, such as `3b/3x3/reduce`; the network's is empty.
    pub fn path(&self, scope: ScopeId) -> String {
        let mut steps: Vec<&str> = self.ancestors(scope).map(|scope| self.name(scope)).collect();
        steps.pop();
        steps.reverse();
        steps.join("/")
    }

    /// The scope and those around it, up to the network.
    pub fn ancestors(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        std::iter::successors(Some(scope), |&scope| (scope != ScopeId::NETWORK).then(|| self.get(scope).parent))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// All numbers, parents before children.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = ScopeId> + use<> {
        (0..self.list.len() as u32).map(ScopeId)
    }

    /// The scopes directly inside, in order.
    pub fn children(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        self.all().skip(scope.index() + 1).filter(move |&child| self.get(child).parent == scope)
    }

    /// Whether it is one of the copies `s.1`, `s.2`, ... of a layer `s`.
    pub fn is_copy_of(&self, scope: ScopeId, layer: &str) -> bool {
        let number = self.name(scope).strip_prefix(layer).and_then(|rest| rest.strip_prefix('.'));
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    }

    /// The scope with this path.
    pub fn find(&self, path: &str) -> Option<ScopeId> {
        path.split('/').try_fold(ScopeId::NETWORK, |scope, step| self.children(scope).find(|&child| self.name(child) == step))
    }
}

//! A network against its naive twin, as plain data: every module on the input that it has, and where the input has grown as well. Its
//! JSON is `nas.naive/1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Analysis;
use crate::analyze::Options;
use crate::analyze::Row;
use crate::analyze::analyze;
use crate::analyze::attribution::Attribution;
use crate::base::Quantity;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::Schedule;
use crate::graph::ScopeId;
use crate::graph::Twin;
use crate::graph::TwinModule;
use crate::op::Class;
use crate::op::Reach;

/// The name of the JSON's form; within `/1` keys are only added.
pub const NAIVE_SCHEMA: &str = "nas.naive/1";

/// A network against its naive twin: no reductions, pool branches pass their input (figure 2a of the paper).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Naive {
    /// [`NAIVE_SCHEMA`].
    #[schemars(extend("const" = NAIVE_SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Every module that has a naive form, in order.
    pub modules: Vec<NaiveModule>,
    /// Modules whose branches are all lists of layers, which have no naive form.
    pub left: Vec<LeftModule>,
    /// Sums over the modules of inference.
    pub sums: ModuleSums,
    /// The same by kind of branch, where the forms differ.
    pub kinds: Vec<NaiveKind>,
    /// The network as written.
    pub reduced: NetworkForm,
    /// The network of naive modules; nothing if it does not fit.
    pub grown: Option<NetworkForm>,
    /// Why it does not.
    pub misfit: Option<String>,
    /// The spec's limits.
    pub budget: Vec<NaiveLimit>,
}

/// One module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NaiveModule {
    /// Its path.
    pub path: String,
    /// Only a head for training needs it; then it is in no sum.
    pub for_training: bool,
    /// As written.
    pub reduced: ModuleForm,
    /// Naive, on the input that it has in the network.
    pub same_input: ModuleForm,
    /// Naive, on what the naive modules before it give.
    pub grown: Option<ModuleForm>,
    /// Its branches, in written order.
    pub branches: Vec<NaiveBranch>,
    /// Those that are lists of layers and so the same in every form, but for their input.
    pub left: Vec<String>,
}

/// One form of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModuleForm {
    /// Those that it reads and those that it gives.
    pub channels: [u32; 2],
    /// Multiply-adds.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
}

/// One branch of a module in every form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NaiveBranch {
    /// Its name.
    pub name: String,
    /// The largest window among its naive form's convolutions, as `5x5`; `pool` without one; `layers` for a list of layers.
    pub kind: String,
    /// As written.
    pub reduced: BranchForm,
    /// Naive, on the input that the module has in the network.
    pub same_input: BranchForm,
    /// Naive, on what the naive modules before give.
    pub grown: Option<BranchForm>,
}

/// One form of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BranchForm {
    /// Those that it gives.
    pub channels: u32,
    /// Multiply-adds.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
}

/// A module of which all branches are lists of layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftModule {
    /// Its path.
    pub path: String,
    /// Those branches.
    pub branches: Vec<String>,
}

/// Sums over modules, in every form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModuleSums {
    /// As written.
    pub reduced: Sums,
    /// Naive, each on the input that it has in the network.
    pub same_input: Sums,
    /// Naive, each on what the naive modules before it give.
    pub grown: Option<Sums>,
}

/// Multiply-adds and parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sums {
    /// Multiply-adds.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
}

/// Branches of one kind over all modules of inference, on the same input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NaiveKind {
    /// As in [`NaiveBranch::kind`].
    pub kind: String,
    /// As written.
    pub reduced: Sums,
    /// Naive.
    pub same_input: Sums,
}

/// A whole network in one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NetworkForm {
    /// Multiply-adds of inference.
    pub madds: u64,
    /// Learned numbers of inference.
    pub params: u64,
    /// Bytes of activations live at once at the peak, in `f32`.
    pub peak_bytes: u64,
    /// The layer at the peak.
    pub peak_at: String,
    /// What heads for training add.
    pub heads: Sums,
}

/// A limit of the spec's budget beside both networks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NaiveLimit {
    /// What is limited.
    pub quantity: Quantity,
    /// The most that is allowed.
    pub limit: u64,
    /// What the network as written has.
    pub reduced: u64,
    /// What its naive twin has.
    pub grown: Option<u64>,
}

impl NetworkForm {
    fn of(analysis: &Analysis) -> NetworkForm {
        NetworkForm {
            madds: analysis.totals.madds,
            params: analysis.totals.params,
            peak_bytes: analysis.memory.peak_bytes,
            peak_at: analysis.memory.peak_at.clone(),
            heads: Sums {
                madds: analysis.heads.iter().map(|head| head.madds).sum(),
                params: analysis.heads.iter().map(|head| head.params).sum(),
            },
        }
    }

    fn quantity(&self, quantity: Quantity) -> u64 {
        match quantity {
            Quantity::Madds => self.madds,
            Quantity::Params => self.params,
            Quantity::Memory => self.peak_bytes,
        }
    }
}

impl Naive {
    /// Enters a budget's limits.
    #[must_use]
    pub fn with_limits(mut self, limits: impl IntoIterator<Item = (Quantity, u64)>) -> Naive {
        let (reduced, grown) = (&self.reduced, self.grown.as_ref());
        let limits = limits.into_iter().map(|(quantity, limit)| NaiveLimit {
            quantity,
            limit,
            reduced: reduced.quantity(quantity),
            grown: grown.map(|grown| grown.quantity(quantity)),
        });
        self.budget = limits.collect();
        self
    }

    /// What of the network lies in no module: as written, and where the modules before it are naive.
    pub fn rest(&self) -> (Sums, Option<Sums>) {
        let apart = |network: &NetworkForm, modules: Sums| Sums {
            madds: network.madds - modules.madds,
            params: network.params - modules.params,
        };
        let grown = self.grown.as_ref().zip(self.sums.grown).map(|(network, modules)| apart(network, modules));
        (apart(&self.reduced, self.sums.reduced), grown)
    }
}

impl Sums {
    fn add(&mut self, madds: u64, params: u64) {
        self.madds += madds;
        self.params += params;
    }
}

/// Sets a network against its naive twin; `spec::naive_twin` makes the two.
pub fn naive(twin: &Twin) -> Naive {
    let learning = [&twin.reduced, &twin.beside].map(Learning::of);
    let written = Forms::new(&twin.reduced, &learning[0]);
    let beside = Forms::new(&twin.beside, &learning[1]);
    let learning_of_grown = twin.grown.as_ref().ok().map(Learning::of);
    let grown = twin.grown.as_ref().ok().zip(learning_of_grown.as_ref()).map(|(graph, learning)| Forms::new(graph, learning));
    let modules: Vec<NaiveModule> =
        twin.modules.iter().filter_map(|module| compared(module, &written, &beside, grown.as_ref())).collect();
    let options = Options::default();
    let mut sums = ModuleSums { grown: grown.as_ref().map(|_| Sums::default()), ..ModuleSums::default() };
    for module in modules.iter().filter(|module| !module.for_training) {
        sums.reduced.add(module.reduced.madds, module.reduced.params);
        sums.same_input.add(module.same_input.madds, module.same_input.params);
        if let (Some(sums), Some(form)) = (&mut sums.grown, &module.grown) {
            sums.add(form.madds, form.params);
        }
    }
    let misfit = twin.grown.as_ref().err().and_then(|found| found.first()).map(|fault| fault.message.clone());
    Naive {
        schema: NAIVE_SCHEMA,
        name: twin.reduced.name().to_owned(),
        kinds: kinds(&modules),
        modules,
        left: twin.left.iter().map(|(path, branches)| LeftModule { path: path.clone(), branches: branches.clone() }).collect(),
        sums,
        reduced: NetworkForm::of(&analyze(&twin.reduced, &options)),
        grown: twin.grown.as_ref().ok().map(|graph| NetworkForm::of(&analyze(graph, &options))),
        misfit,
        budget: Vec::new(),
    }
}

/// Rows of one of the graphs.
struct Forms<'g> {
    graph: &'g Graph,
    attribution: Attribution<'g>,
    needed: Vec<bool>,
}

impl<'g> Forms<'g> {
    fn new(graph: &'g Graph, learning: &'g Learning) -> Forms<'g> {
        let attribution = Attribution::new(graph, &Schedule::inference(graph), learning, Options::default().batch);
        Forms { graph, attribution, needed: graph.in_inference() }
    }

    /// A module as inference needs it; of one that only training needs, all of it.
    fn module(&self, scope: ScopeId) -> Option<(Row, ModuleForm)> {
        let row = self.attribution.row_among(scope, &self.needed).or_else(|| self.attribution.row_of(scope))?;
        let first = row.all_nodes().iter().map(|node| node.index).min()?;
        let given = self.graph.input_shapes(first).first().map_or(0, |shape| shape.c);
        let form = ModuleForm { channels: [given, row.output[0]], madds: row.madds, params: row.params };
        Some((row, form))
    }

    /// The largest window among a branch's convolutions.
    fn kind(&self, branch: &Row) -> String {
        let ops = branch.all_nodes().into_iter().filter_map(|node| self.graph.node(node.index).op.as_ref());
        let windows = ops.filter(|op| op.class() == Class::Convolution).map(|op| match op.reach() {
            Reach::Window(window) => window.kernel,
            Reach::Global | Reach::Point => [1, 1],
        });
        let largest = windows.max_by_key(|[height, width]| (u64::from(*height) * u64::from(*width), *height));
        largest.map_or_else(|| "pool".to_owned(), |[height, width]| format!("{height}x{width}"))
    }
}

impl BranchForm {
    fn of(branch: &Row) -> BranchForm {
        BranchForm { channels: branch.output[0], madds: branch.madds, params: branch.params }
    }
}

fn compared(module: &TwinModule, written: &Forms<'_>, beside: &Forms<'_>, grown: Option<&Forms<'_>>) -> Option<NaiveModule> {
    // A module that nothing reads was dropped from the network.
    let (row, reduced) = written.module(module.reduced)?;
    let (same_row, same_input) = beside.module(module.same_input)?;
    let grown = grown.and_then(|forms| forms.module(module.grown?));
    let branches = row.children.iter().filter_map(|branch| {
        let of = |row: &Row| row.children.iter().find(|twin| twin.name == branch.name).map(BranchForm::of);
        let twin = same_row.children.iter().find(|twin| twin.name == branch.name)?;
        let kind = if module.left.contains(&branch.name) { "layers".to_owned() } else { beside.kind(twin) };
        let grown = grown.as_ref().and_then(|(row, _)| of(row));
        let forms = (BranchForm::of(branch), BranchForm::of(twin));
        Some(NaiveBranch { name: branch.name.clone(), kind, reduced: forms.0, same_input: forms.1, grown })
    });
    Some(NaiveModule {
        path: module.path.clone(),
        for_training: !row.all_nodes().iter().any(|node| written.needed[node.index.index()]),
        reduced,
        same_input,
        branches: branches.collect(),
        grown: grown.map(|(_, form)| form),
        left: module.left.clone(),
    })
}

/// Sums by kind, the costliest naive one first, where the forms differ.
fn kinds(modules: &[NaiveModule]) -> Vec<NaiveKind> {
    let mut sums: BTreeMap<&str, [Sums; 2]> = BTreeMap::new();
    for branch in modules.iter().filter(|module| !module.for_training).flat_map(|module| &module.branches) {
        let [reduced, naive] = sums.entry(&branch.kind).or_default();
        reduced.add(branch.reduced.madds, branch.reduced.params);
        naive.add(branch.same_input.madds, branch.same_input.params);
    }
    let kinds = sums.into_iter().filter(|(_, [reduced, naive])| reduced != naive);
    let mut kinds: Vec<NaiveKind> =
        kinds.map(|(kind, [reduced, same_input])| NaiveKind { kind: kind.to_owned(), reduced, same_input }).collect();
    // What is saved most comes first, what costs more than it saves last.
    kinds.sort_by_key(|kind| std::cmp::Reverse(i128::from(kind.same_input.madds) - i128::from(kind.reduced.madds)));
    kinds
}

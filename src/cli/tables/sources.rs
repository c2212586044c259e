//! Where connection tables come from.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;

use crate::cli::files;
use crate::cli::planted;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::op::Class;
use crate::op::Reach;
use crate::propose::blocks::Pruned;
use crate::propose::blocks::Table;
use crate::propose::blocks::pruned as pruned_table;
use crate::propose::cover::cover;
use crate::propose::planted::draw;

/// Taps along a side, unless another number is asked for.
const KERNEL: u32 = 3;
/// Rows and columns of the map, unless others are asked for: those of GoogLeNet's fourth stage.
const MAP: [u32; 2] = [14, 14];

/// A table with what convolution it is of.
pub(super) struct Given {
    pub(super) source: String,
    pub(super) table: Table,
    pub(super) kept: Option<f64>,
    pub(super) kernel: [u32; 2],
    pub(super) map: [u32; 2],
}

/// The table that a text names.
pub(super) fn named(named: &str, kernel: Option<u32>, map: Option<[u32; 2]>, seed: u64) -> anyhow::Result<Given> {
    let given = |source: &str, table, kernel, map| Given { source: source.to_owned(), table, kept: None, kernel, map };
    if named == "lenet-c3" {
        ensure!(kernel.is_none() && map.is_none(), "`--kernel` and `--map`: LeNet-5's C3 is 5x5 on a map of 10x10");
        // 5x5 on 14x14 without padding.
        return Ok(given("LeNet-5's C3 (LeCun et al. 1998, table I)", Table::lenet_c3(), [5, 5], [10, 10]));
    }
    let (kernel, map) = ([kernel.unwrap_or(KERNEL); 2], map.unwrap_or(MAP));
    if let Some(text) = named.strip_prefix("cover:") {
        let recipes = planted::recipes(text).with_context(|| format!("`--table {named}`"))?;
        let [recipe] = &recipes[..] else { bail!("`--table {named}`: one number of samples") };
        let planted = draw(recipe, seed, 0)?;
        let found = cover(&planted.observed);
        let rows: Vec<Vec<u32>> = found.groups.iter().map(|group| group.positive.clone()).collect();
        ensure!(!rows.is_empty(), "`--table {named}`: the cover found no group");
        return Ok(given(&format!("the cover of {text}, seed {seed}"), Table::new(recipe.units, rows)?, kernel, map));
    }
    let path = Path::new(named);
    let unknown = || format!("`--table {named}` is neither `lenet-c3`, nor `cover:RECIPE`, nor a file that can be read");
    let bytes = File::open(path).and_then(files::read_whole).with_context(unknown)?;
    let text = String::from_utf8(bytes).ok().with_context(|| format!("`{named}` is no text"))?;
    let name = path.file_name().map_or_else(|| named.to_owned(), |name| name.to_string_lossy().into_owned());
    let table = Table::from_text(&text).with_context(|| format!("`{named}`"))?;
    Ok(given(&name, table, kernel, map))
}

/// The table of a convolution's largest links.
pub(super) fn pruned(graph: &Graph, state: &State, layer: &str, node: NodeIndex, keep: f64) -> anyhow::Result<Given> {
    let scope = graph.node(node).scope;
    let own = graph.nodes().find(|&other| {
        let is_convolution =
            graph.node(other).op.as_ref().is_some_and(|op| op.class() == Class::Convolution && op.width().is_some());
        graph.node(other).scope == scope && is_convolution
    });
    let Some(node) = own else {
        bail!("`--keep` prunes a convolution, and `{layer}` is none; `nas params` lists the layers that have weights")
    };
    let op = graph.node(node).op.as_ref().expect("a convolution is an operator");
    let Reach::Window(window) = op.reach() else { bail!("`{layer}` has no window") };
    let weights = state.of_node(node)[0];
    let (out, shape) = (op.width().unwrap_or_default() as usize, graph.node(node).shape);
    let input = graph.input_shapes(node)[0].c as usize;
    let [height, width] = window.kernel.map(|side| side as usize);
    ensure!(
        weights.len() == out * input * height * width,
        "`{layer}` has groups or a table already: its links are not all there to be pruned"
    );
    let Pruned { table, kept } = pruned_table(weights, [out, input, height, width], keep)?;
    ensure!(table.links() > 0, "`--keep {keep}` keeps none of the {} links of `{layer}`", table.area());
    let source = format!("{layer} of {}, the largest {:.1} % of its links", graph.name(), 100.0 * keep);
    Ok(Given { source, table, kept: Some(kept), kernel: window.kernel, map: [shape.h, shape.w] })
}

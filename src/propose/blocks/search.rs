//! The search for blocks: agglomeration, then local search from it and from one group, then restarts from random changes of the best.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::blocks::Blocks;
use crate::propose::blocks::BlocksError;
use crate::propose::blocks::Table;
use crate::propose::blocks::cluster::Cluster;
use crate::propose::blocks::disjoint::grouped;
use crate::propose::blocks::merge::By;
use crate::propose::blocks::merge::agglomerate;
use crate::propose::blocks::moves::State;
use crate::propose::blocks::perturb::perturb;
use crate::propose::blocks::rule::Rule;
use crate::propose::blocks::unit::Unit;
use crate::propose::blocks::unit::units;

/// Independent chains of restarts; a fixed number, so that results do not depend on threads.
const CHAINS: u64 = 4;

/// How blocks are searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Price of a group in links of a dense block: what a row costs that reads so many columns. See [`gather_price`]. Not used by
    /// [`Blocks::disjoint`].
    pub price: f64,
    /// Restarts of each of four chains.
    pub restarts: usize,
    /// Links that each chain may look at before it ends, whatever restarts are left. Agglomeration, where chains begin, is not counted: it compares
    /// all pairs of at most 4096 groups of rows.
    pub work: u64,
    /// Seed of the order of moves and of the restarts.
    pub seed: u64,
}

impl Search {
    /// 50 restarts and 50 million links, some tenths of a second, with seed 0.
    pub fn new(price: f64) -> Search {
        Search { price, restarts: 50, work: 50_000_000, seed: 0 }
    }
}

/// What a group costs at most by gathering its inputs, in links: all columns are copied, a copied element costs as much as `copy` multiply-adds,
/// and a link costs a multiply-add for each tap of the kernel of `[height, width]`. Where `copy` is not measured, 8 stands for a core that does 16
/// multiply-adds while it copies 2 elements.
pub fn gather_price(table: &Table, kernel: [u32; 2], copy: f64) -> f64 {
    copy * table.columns() as f64 / (f64::from(kernel[0]) * f64::from(kernel[1])).max(1.0)
}

impl Blocks {
    /// Groups of rows with all columns that they read. Least are rows times columns of all groups and the price for each group.
    pub fn lossless(table: &Table, search: &Search) -> Result<Blocks, BlocksError> {
        check("price of a group", search.price)?;
        Ok(found(table, &Rule { least: 0.0, group: search.price, lost: 0.0 }, search))
    }

    /// Groups of rows with the columns that a share `least` of their rows or more reads, above 0 and at most 1; links in other columns are
    /// lost. Least are rows times columns of all groups, the price for each group and the price `lost` for each lost link. Without a value
    /// it is 1 / `least`: a column is then dropped exactly where that costs less than keeping it. A group that would lose all its links is
    /// never made. Where no blocks are so full as `least`, nearly all links are lost; the report says how many.
    pub fn lossy(table: &Table, least: f64, lost: Option<f64>, search: &Search) -> Result<Blocks, BlocksError> {
        check("price of a group", search.price)?;
        if !(least > 0.0 && least <= 1.0) {
            return Err(BlocksError::Least { least });
        }
        let lost = lost.unwrap_or(1.0 / least);
        check("price of a lost link", lost)?;
        Ok(found(table, &Rule { least, group: search.price, lost }, search))
    }

    /// `groups` groups of equally many rows and equally many columns, every column in one: what a convolution with `groups` does between two
    /// permutations. Least are the links between groups, which are lost. Error: `groups` divides not both numbers.
    pub fn disjoint(table: &Table, groups: usize, search: &Search) -> Result<Blocks, BlocksError> {
        let (rows, columns) = (table.rows().len(), table.columns());
        if groups == 0 || rows % groups != 0 || columns % groups != 0 {
            return Err(BlocksError::Groups { groups, rows, columns });
        }
        Ok(grouped(table, groups, search))
    }
}

fn check(what: &'static str, price: f64) -> Result<(), BlocksError> {
    if price.is_finite() && price >= 0.0 { Ok(()) } else { Err(BlocksError::Price { what, price }) }
}

fn found(table: &Table, rule: &Rule, search: &Search) -> Blocks {
    let units = units(table);
    let labels = best_labels(&units, table.columns(), rule, search);
    let mut groups = vec![Vec::new(); units.len()];
    labels.iter().zip(&units).for_each(|(&label, unit)| groups[label].extend(&unit.rows));
    groups.retain(|rows: &Vec<usize>| !rows.is_empty());
    Blocks::of_rows(table, groups, rule)
}

fn best_labels(units: &[Unit], columns: usize, rule: &Rule, search: &Search) -> Vec<usize> {
    let merged = |by| {
        let alone = units.iter().map(|unit| Cluster::new(columns, [unit], rule)).collect();
        State::new(units, columns, &agglomerate(alone, rule, by), rule)
    };
    let one = State::new(units, columns, &vec![0; units.len()], rule);
    let starts = [merged(By::Price), merged(By::Spread), one];
    let chains: Vec<State> =
        (0..CHAINS).into_par_iter().map(|chain| chained(&starts, units, columns, rule, search, chain)).collect();
    let best = chains.iter().min_by(|one, other| one.cost().total_cmp(&other.cost())).expect("there are chains");
    let mut label = vec![usize::MAX; best.groups()];
    let mut next = 0;
    let compact = |&group: &usize| {
        if label[group] == usize::MAX {
            label[group] = next;
            next += 1;
        }
        label[group]
    };
    best.labels().iter().map(compact).collect()
}

/// The best that one chain meets, which begins at one of the starts in turn. It is never worse than the cheapest of them.
fn chained(starts: &[State; 3], units: &[Unit], columns: usize, rule: &Rule, search: &Search, chain: u64) -> State {
    let mut random = Random::new(search.seed, Purpose::Partition, chain);
    let mut work = search.work;
    let cheapest = starts.iter().min_by(|one, other| one.cost().total_cmp(&other.cost()));
    let mut best = cheapest.expect("there are starts").clone();
    let mut state = starts[chain as usize % starts.len()].clone();
    state.improve(units, columns, rule, &mut random, &mut work);
    if state.cost() <= best.cost() {
        best = state;
    }
    for _ in 0..search.restarts {
        if work == 0 {
            break;
        }
        let mut state = best.clone();
        perturb(&mut state, units, columns, rule, &mut random);
        state.improve(units, columns, rule, &mut random, &mut work);
        if state.cost() <= best.cost() {
            best = state;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::laws::least_price;
    use crate::propose::blocks::laws::price;
    use crate::propose::blocks::planted;

    fn search(price: f64) -> Search {
        Search { work: 2_000_000, ..Search::new(price) }
    }

    fn paid(table: &Table, blocks: &Blocks, rule: &Rule) -> f64 {
        blocks.groups().iter().map(|block| price(table, &block.rows, rule)).sum()
    }

    /// Rows of equal groups, as a set of sets.
    fn sorted(of: &[usize]) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); of.iter().max().map_or(0, |last| last + 1)];
        of.iter().enumerate().for_each(|(row, &group)| groups[group].push(row));
        groups.sort();
        groups
    }

    fn rows(blocks: &Blocks) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = blocks.groups().iter().map(|block| block.rows.clone()).collect();
        groups.sort();
        groups
    }

    #[test]
    fn few_rows_cost_the_least_of_all_partitions() {
        for seed in 0..60 {
            let fill = [0.9, 0.6, 0.4][seed as usize % 3];
            let table = planted(8, 9, 1 + seed as usize % 4, fill, 0.15, seed).expect("is valid").table;
            for (least, group) in [(0.0, 0.0), (0.0, 2.0), (0.0, 5.0), (0.5, 2.0), (0.34, 3.0), (0.7, 1.0)] {
                // Half of the seeds ask for the price by default, the others for what the dense table pays for a link.
                let asked = if seed < 30 { None } else { Some(72.0 / table.links() as f64) };
                let lost = if least > 0.0 { asked.unwrap_or(1.0 / least) } else { 0.0 };
                let rule = Rule { least, group, lost };
                let blocks = match least {
                    0.0 => Blocks::lossless(&table, &search(group)),
                    _ => Blocks::lossy(&table, least, asked, &search(group)),
                };
                let paid = paid(&table, &blocks.expect("is valid"), &rule);
                let best = least_price(&table, &rule);
                assert!(paid >= best - 1e-6);
                assert!(paid <= best + 1e-6, "seed {seed}, least {least}, price {group}: {paid} for {best}");
            }
        }
    }

    #[test]
    fn c3_costs_the_least_of_all_partitions() {
        let table = Table::lenet_c3();
        for group in [0.24, 1.0, 2.0, 4.0, 16.0] {
            let rule = Rule { least: 0.0, group, lost: 0.0 };
            let blocks = Blocks::lossless(&table, &search(group)).expect("is valid");
            assert!(paid(&table, &blocks, &rule) <= least_price(&table, &rule) + 1e-6, "price {group}");
        }
        // What gathering costs with kernel 5 if copies are as cheap as multiply-adds: every row stays alone, and all of the area is links.
        let blocks = Blocks::lossless(&table, &search(gather_price(&table, [5, 5], 1.0))).expect("is valid");
        let report = blocks.report(&table).expect("is of the table");
        assert_eq!((report.groups, report.area, report.lost), (16, 60, 0));
        let widths = |width: usize| blocks.groups().iter().filter(|block| block.columns.len() == width).count();
        assert_eq!([3, 4, 6].map(widths), [6, 9, 1]);
    }

    #[test]
    fn blocks_apart_are_found() {
        for (size, groups, seed) in [(64, 4, 1), (128, 8, 2), (256, 8, 3), (96, 3, 4)] {
            let made = planted(size, size, groups, 0.7, 0.0, seed).expect("is valid");
            let blocks = Blocks::lossless(&made.table, &search(gather_price(&made.table, [3, 3], 8.0))).expect("is valid");
            assert_eq!(rows(&blocks), sorted(&made.row_groups));
            let report = blocks.report(&made.table).expect("is of the table");
            assert_eq!((report.lost, report.area), (0, (size * size / groups) as u64));
            let blocks = Blocks::disjoint(&made.table, groups, &search(0.0)).expect("divides");
            assert_eq!(rows(&blocks), sorted(&made.row_groups));
            assert_eq!(blocks.report(&made.table).expect("is of the table").lost, 0);
        }
    }

    #[test]
    fn blocks_in_noise_are_found() {
        for (size, groups, seed) in [(64, 4, 1), (128, 8, 2), (256, 8, 3)] {
            let made = planted(size, size, groups, 0.8, 0.02, seed).expect("is valid");
            for blocks in [
                Blocks::lossy(&made.table, 0.4, None, &search(gather_price(&made.table, [3, 3], 8.0))).expect("is valid"),
                Blocks::disjoint(&made.table, groups, &search(0.0)).expect("divides"),
            ] {
                // A row is right if it stands with most of its planted group.
                let mut right = 0;
                for block in blocks.groups() {
                    let of = |group: usize| block.rows.iter().filter(|&&row| made.row_groups[row] == group).count();
                    right += (0..groups).map(of).max().unwrap_or(0);
                }
                assert_eq!(blocks.groups().len(), groups);
                assert!(right * 100 >= size * 95, "{right} of {size}");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_blocks_on_any_threads() {
        let table = planted(80, 80, 1, 0.2, 0.0, 8).expect("is valid").table;
        let all = |seed| {
            let search = Search { seed, restarts: 10, work: 1_000_000, ..search(25.0) };
            [
                Blocks::lossless(&table, &search).expect("is valid"),
                Blocks::lossy(&table, 0.2, Some(6.0), &search).expect("is valid"),
                Blocks::disjoint(&table, 4, &search).expect("divides"),
            ]
        };
        let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(|| all(3));
        assert_eq!(on(1), on(3));
        // Tables are so hard that another seed finds other blocks.
        assert!((0..3).all(|request| all(3)[request] != all(4)[request]));
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        let table = Table::lenet_c3();
        let groups = BlocksError::Groups { groups: 4, rows: 16, columns: 6 };
        assert_eq!(Blocks::disjoint(&table, 4, &search(0.0)), Err(groups));
        assert!(Blocks::disjoint(&table, 0, &search(0.0)).is_err());
        assert_eq!(Blocks::lossy(&table, 0.0, None, &search(0.0)), Err(BlocksError::Least { least: 0.0 }));
        assert!(Blocks::lossy(&table, f64::NAN, None, &search(0.0)).is_err());
        assert!(Blocks::lossy(&table, 0.5, Some(-1.0), &search(0.0)).is_err());
        assert_eq!(Blocks::lossless(&table, &search(-1.0)), Err(BlocksError::Price { what: "price of a group", price: -1.0 }));
    }
}

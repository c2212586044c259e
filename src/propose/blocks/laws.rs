//! What searches are compared with: prices straight from their definition, and the best of all partitions of few rows. And what holds for all blocks.

use proptest::prelude::*;

use crate::propose::blocks::Blocks;
use crate::propose::blocks::Search;
use crate::propose::blocks::Table;
use crate::propose::blocks::planted;
use crate::propose::blocks::rule::Rule;
use crate::propose::blocks::unit::units;

/// The price of a group of rows, counted link by link.
pub(super) fn price(table: &Table, rows: &[usize], rule: &Rule) -> f64 {
    let (mut kept, mut lost) = (0, 0);
    for column in 0..table.columns() as u32 {
        let readers = rows.iter().filter(|row| table.rows()[**row].contains(&column)).count();
        if readers > 0 && readers as f64 + 1e-9 >= rule.least * rows.len() as f64 {
            kept += 1;
        } else {
            lost += readers;
        }
    }
    let barrier = if kept == 0 && lost > 0 { 1e15 } else { 0.0 };
    (kept * rows.len()) as f64 + rule.group + rule.lost * lost as f64 + barrier
}

/// The least price of all partitions of up to 16 rows, by dynamic programming over their subsets.
pub(super) fn least_price(table: &Table, rule: &Rule) -> f64 {
    let rows = table.rows().len();
    let held = |set: usize| (0..rows).filter(|row| set >> row & 1 == 1).collect::<Vec<_>>();
    let prices: Vec<f64> = (0..1 << rows).map(|set| if set == 0 { 0.0 } else { price(table, &held(set), rule) }).collect();
    let mut best = vec![0.0; 1 << rows];
    for set in 1..1_usize << rows {
        // The group of the set's last row: that row and any subset of the others.
        let last = 1 << set.ilog2();
        let others = set ^ last;
        let mut with = others;
        best[set] = f64::INFINITY;
        loop {
            best[set] = best[set].min(prices[with | last] + best[others ^ with]);
            if with == 0 {
                break;
            }
            with = (with - 1) & others;
        }
    }
    best[(1 << rows) - 1]
}

/// The least of a price of groups over all partitions of a few rows.
fn least_of_all(rows: usize, groups: &mut Vec<Vec<usize>>, price: &impl Fn(&[Vec<usize>]) -> f64) -> f64 {
    let row = groups.iter().map(Vec::len).sum();
    if row == rows {
        return price(groups);
    }
    let mut best = f64::INFINITY;
    for group in 0..groups.len() {
        groups[group].push(row);
        best = best.min(least_of_all(rows, groups, price));
        groups[group].pop();
    }
    groups.push(vec![row]);
    best = best.min(least_of_all(rows, groups, price));
    groups.pop();
    best
}

#[test]
fn subsets_find_what_all_partitions_do() {
    for seed in 0..12 {
        let least = [0.0, 0.5, 0.6][seed as usize % 3];
        let table = planted(7, 6, 2, 0.7, 0.2, seed).expect("is valid").table;
        let rule = Rule { least, group: 4.5, lost: 1.0 };
        let all = least_of_all(7, &mut Vec::new(), &|groups| groups.iter().map(|rows| price(&table, rows, &rule)).sum());
        assert!((least_price(&table, &rule) - all).abs() < 1e-9);
    }
}

/// Tables of up to 12 rows and 9 columns, with rows that read nothing and rows that are equal.
fn tables() -> impl Strategy<Value = Table> {
    let rows = (1_usize..10).prop_flat_map(|columns| {
        let row = proptest::collection::vec(proptest::bool::weighted(0.4), columns);
        (Just(columns), proptest::collection::vec(row, 1..13))
    });
    rows.prop_map(|(columns, rows)| {
        let reads = |row: Vec<bool>| (0..columns as u32).filter(|&column| row[column as usize]).collect();
        Table::new(columns, rows.into_iter().map(reads).collect()).expect("is valid")
    })
}

fn paid(table: &Table, groups: impl Iterator<Item = Vec<usize>>, rule: &Rule) -> f64 {
    groups.map(|rows| price(table, &rows, rule)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blocks_are_partitions_and_never_worse_than_a_start(table in tables(), group in 0.0..12.0, least in 0.001..1.0, seed in 0_u64..99) {
        let search = Search { seed, work: 20_000, ..Search::new(group) };
        let rows = table.rows().len();
        for rule in [Rule { least: 0.0, group, lost: 0.0 }, Rule { least, group, lost: 3.0 }] {
            let blocks = if rule.is_lossless() {
                Blocks::lossless(&table, &search).expect("is valid")
            } else {
                Blocks::lossy(&table, least, Some(3.0), &search).expect("is valid")
            };
            let groups: Vec<Vec<usize>> = blocks.groups().iter().map(|block| block.rows.clone()).collect();
            let again = Blocks::new(&table, groups.clone());
            prop_assert!(again.is_ok());
            let paid_for = paid(&table, groups.into_iter(), &rule);
            let alone: f64 = units(&table).iter().map(|unit| price(&table, &unit.rows, &rule)).sum();
            prop_assert!(paid_for <= alone + 1e-6);
            prop_assert!(paid_for <= paid(&table, std::iter::once((0..rows).collect()), &rule) + 1e-6);
            let report = blocks.report(&table).expect("is of the table");
            prop_assert_eq!(report.lost + report.covered, table.links());
            // The price of the rows is that of the blocks that are given out.
            let of_blocks = report.area as f64 + group * report.groups as f64 + rule.lost * report.lost as f64;
            prop_assert!((of_blocks - paid_for).abs() < 1e-6);
            prop_assert!(!rule.is_lossless() || report.lost == 0);
        }
    }

    #[test]
    fn groups_of_their_own_columns_are_equal(table in tables(), seed in 0_u64..99) {
        let (rows, columns) = (table.rows().len(), table.columns());
        for groups in (1..=rows).filter(|groups| rows % groups == 0 && columns % groups == 0) {
            let search = Search { seed, work: 5_000, ..Search::new(0.0) };
            let blocks = Blocks::disjoint(&table, groups, &search).expect("divides");
            prop_assert_eq!(blocks.groups().len(), groups);
            prop_assert!(blocks.groups().iter().all(|block| block.rows.len() * groups == rows && block.columns.len() * groups == columns));
            let order = blocks.order();
            let (mut sorted_rows, mut sorted_columns) = (order.rows, order.columns);
            sorted_rows.sort_unstable();
            sorted_columns.sort_unstable();
            prop_assert!(sorted_rows.into_iter().eq(0..rows) && sorted_columns.into_iter().eq(0..columns as u32));
        }
    }
}

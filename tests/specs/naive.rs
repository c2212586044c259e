//! Naive twins: GoogLeNet's against the tables, the others by hand.

use nas::analyze::Naive;
use nas::analyze::naive;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::graph::Twin;
use nas::spec::expand;
use nas::spec::naive_twin;

use crate::network;
use crate::network::Network;
use crate::table::Table;

fn twin(network: &Network) -> Twin {
    naive_twin(&network.spec, &network.decisions, None).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn of_text(text: &str) -> (Network, Naive) {
    let network = network::of("net.yaml", &format!("nas: 1\n{text}"), Decisions::default());
    let naive = naive(&twin(&network));
    (network, naive)
}

/// Multiply-adds of each module: as written, naive on the same input, naive on a grown one.
fn madds(naive: &Naive) -> Vec<(&str, [u64; 3])> {
    let of = |module: &nas::analyze::NaiveModule| {
        [module.reduced.madds, module.same_input.madds, module.grown.map_or(0, |form| form.madds)]
    };
    naive.modules.iter().map(|module| (&*module.path, of(module))).collect()
}

#[test]
fn googlenet_is_that_of_the_tables() {
    let naive = naive(&twin(&network::built_in("googlenet")));
    let table = Table::read("googlenet_modules.csv");
    let line = |module: &str, branch: &str| {
        table.lines().find(|line| line.text("module") == module && line.text("branch") == branch).unwrap()
    };
    let grown = Table::read("googlenet_naive.csv");
    assert_eq!(naive.modules.len(), grown.lines().count());
    for (module, grown_line) in naive.modules.iter().zip(grown.lines()) {
        let path = grown_line.text("module");
        assert_eq!(module.path, path);
        let [written, same] = ["total", "naive"].map(|branch| line(path, branch));
        for (form, line) in [(module.reduced, written), (module.same_input, same)] {
            assert_eq!(u64::from(form.channels[1]), line.number("channels"), "{path}");
            assert_eq!(form.madds, line.number("madds"), "{path}");
            assert_eq!(form.params, line.number("weights") + line.number("biases"), "{path}");
        }
        let form = module.grown.unwrap();
        assert_eq!(form.channels.map(u64::from), ["in", "out"].map(|column| grown_line.number(column)), "{path}");
        assert_eq!(form.madds, grown_line.number("madds"), "{path}");
        assert_eq!(form.params, grown_line.number("weights") + same.number("biases"), "{path}");
        for branch in &module.branches {
            assert_eq!(branch.reduced.madds, line(path, &branch.name).number("madds"), "{path}/{}", branch.name);
            let kind = if branch.name == "pool" { "pool" } else { &branch.name };
            assert_eq!(branch.kind, kind);
        }
    }
    // The sums that the tables' own heads state.
    assert_eq!((naive.sums.reduced.madds, naive.sums.grown.unwrap().madds), (1_103_972_352, 12_085_441_536));
    let network = naive.grown.as_ref().unwrap();
    assert_eq!((naive.reduced.madds, network.madds), (1_582_671_872, 12_568_061_056));
    let same: u64 = table.lines().filter(|line| line.text("branch") == "naive").map(|line| line.number("madds")).sum();
    assert_eq!(naive.sums.same_input.madds, same);
    let kinds: Vec<(&str, u64)> = naive.kinds.iter().map(|kind| (&*kind.kind, kind.reduced.madds)).collect();
    let of = |branch: &str| table.lines().filter(|line| line.text("branch") == branch).map(|line| line.number("madds")).sum();
    assert_eq!(kinds, [("5x5", of("5x5")), ("3x3", of("3x3")), ("pool", of("pool"))]);
    // Naive, a branch is a plain convolution: width x kernel x channels x positions, as the module's line sums it.
    let plain: u64 = naive.kinds.iter().map(|kind| kind.same_input.madds).sum();
    assert_eq!(plain + of("1x1"), same);
}

/// The grown twin is a network like one that is written so.
#[test]
fn googlenets_twin_is_the_naive_spec() {
    let written = network::built_in("googlenet-naive");
    let grown = twin(&network::built_in("googlenet")).grown.unwrap();
    assert_eq!(expand(&written.spec, &grown), expand(&written.spec, &written.graph));
}

/// What is naive already is its own twin.
#[test]
fn a_twin_has_no_other_twin() {
    let naive = naive(&twin(&network::built_in("googlenet-naive")));
    assert_eq!(naive.kinds, []);
    for (path, [reduced, same, grown]) in madds(&naive) {
        assert_eq!([reduced, reduced], [same, grown], "{path}");
    }
    assert_eq!(naive.reduced.madds, naive.grown.unwrap().madds);
}

/// 8 channels on 4 x 4, by hand: 1x1 to 2: 256 and the pooled path as it is. 3x3 to 2: 8 x 9 x 2 x 16 = 2304 on 8 channels.
#[test]
fn shares_modules_copies_and_heads_are_twinned() {
    let (_, by_shares) = of_text(
        "input: {image: [8, 4, 4]}\n\
         net: {a: {inception: {total: 8, share: {1x1: 1/4, 3x3: 1/4, pool: rest}, reduce: {3x3: 1/2}}}}",
    );
    // 1x1: 256, reduce to 1: 128, 3x3: 9 x 2 x 16 = 288, pool to 4: 512.
    assert_eq!(madds(&by_shares), [("a", [1184, 2560, 2560])]);
    assert_eq!(by_shares.modules[0].same_input.channels, [8, 12]);
    let (_, copies) = of_text(
        "input: {image: [8, 4, 4]}\n\
         modules: {m: {inception: {1x1: 2, pool: 6}}}\n\
         net: {a: {m: {}, repeat: 2}, b: {net: {inner: {m: {}}}}}\n\
         heads: {aux: {net: {c: {m: {}}}, train_only: true}, main: {from: b}}",
    );
    // Each 256 + 8 x 6 x 16 = 1024 as written; naive 2 x 16 for each channel: 8, then 10, 12 and 14.
    let expected =
        [("a.1", [1024, 256, 256]), ("a.2", [1024, 256, 320]), ("b/inner", [1024, 256, 384]), ("aux/c", [1024, 256, 448])];
    assert_eq!(madds(&copies), expected);
    let for_training: Vec<bool> = copies.modules.iter().map(|module| module.for_training).collect();
    assert_eq!(for_training, [false, false, false, true]);
    assert_eq!((copies.sums.reduced.madds, copies.sums.grown.unwrap().madds), (3072, 960));
    assert_eq!((copies.reduced.heads.madds, copies.grown.unwrap().heads.madds), (1024, 448));
}

/// Widths that follow the input are evaluated where a module stands: on the same input, and on what has grown.
#[test]
fn widths_may_follow_the_input() {
    let (_, naive) = of_text(
        "input: {image: [8, 4, 4]}\n\
         net: {a: {inception: {1x1: 2, pool: 6}}, b: {net: {x: {inception: {1x1: in / 2, pool: 4}}}}}",
    );
    // b: 8 x 4 x 16 + 8 x 4 x 16 as written, half of it naive; on 10 channels 10 x 5 x 16.
    assert_eq!(madds(&naive), [("a", [1024, 256, 256]), ("b/x", [1024, 512, 800])]);
}

#[test]
fn lists_of_layers_are_left_and_told() {
    let (_, naive) = of_text(
        "input: {image: [8, 4, 4]}\n\
         net:\n  \
           a: {inception: {1x1: 2, b: [{conv: 3}, {conv: 4, kernel: 3}], pool: 2}}\n  \
           b: {inception: {x: [{conv: 2}], y: [{inception: {3x3: [2, 4]}}]}}\n",
    );
    assert_eq!(naive.modules.iter().map(|module| &*module.path).collect::<Vec<_>>(), ["a", "b/y/1"]);
    assert_eq!(naive.modules[0].left, ["b"]);
    assert_eq!(naive.modules[0].branches[1].kind, "layers");
    assert_eq!(naive.modules[0].branches[1].reduced, naive.modules[0].branches[1].same_input);
    let left: Vec<_> = naive.left.iter().map(|left| (&*left.path, left.branches.clone())).collect();
    assert_eq!(left, [("b", vec!["x".to_owned(), "y".to_owned()])]);
}

/// What lies inside a twinned module is a part of it: counted once, naive too.
#[test]
fn nested_modules_are_counted_once() {
    let (_, naive) = of_text(
        "input: {image: [8, 4, 4]}\n\
         net: {a: {inception: {3x3: [2, 4], b: [{inception: {1x1: 2, pool: 6}}]}}}",
    );
    // 256 + 2 x 9 x 4 x 16 = 1408 and 1024; naive 8 x 9 x 4 x 16 = 4608 and 256.
    assert_eq!(madds(&naive), [("a", [2432, 4864, 4864])]);
}

/// A sum with the input holds the width: the module on its own input is told, the grown network does not fit.
#[test]
fn a_network_that_cannot_grow_says_why() {
    let (_, naive) = of_text(
        "input: {image: [8, 4, 4]}\n\
         net: {a: {net: {x: {inception: {1x1: 2, pool: 6}}, s: {add: [x, in]}}}}",
    );
    assert_eq!(madds(&naive), [("a/x", [1024, 256, 0])]);
    assert_eq!((naive.grown, naive.sums.grown), (None, None));
    assert!(naive.misfit.unwrap().contains("add"));
}

/// As written, both readings agree with the network's own analysis, and no built-in spec is refused.
#[test]
fn every_built_in_spec_has_a_twin_or_says_why_not() {
    for (name, _) in BUILT_IN {
        let network = network::built_in(name);
        let naive = naive(&twin(&network));
        let analysis = network.analysis();
        assert_eq!(naive.reduced.madds, analysis.totals.madds, "{name}");
        for module in &naive.modules {
            let row = analysis.tree.find(&module.path);
            let row = row.or_else(|| analysis.heads.iter().flat_map(|head| &head.layers).find_map(|row| row.find(&module.path)));
            assert_eq!(row.map(|row| (row.madds, row.params)), Some((module.reduced.madds, module.reduced.params)), "{name}");
            let sum = |form: fn(&nas::analyze::NaiveBranch) -> u64| module.branches.iter().map(form).sum::<u64>();
            assert_eq!(sum(|branch| branch.reduced.madds), module.reduced.madds, "{name}: {}", module.path);
            assert_eq!(sum(|branch| branch.same_input.madds), module.same_input.madds, "{name}: {}", module.path);
        }
        assert_eq!(naive.grown.is_none(), naive.misfit.is_some(), "{name}");
    }
}

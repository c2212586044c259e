//! What `nas check` says about a network over its budget: where it goes, what one filter less saves, which single changes are enough.

use std::process::Command;

/// Worked out by hand from `tests/fixtures/truth/marginal.csv` and the layers' formulas: 16 filters less in `reduce2` save
/// 16 * 3136 * (64 + 9 * 192), 48 in `conv2` save 48 * (3136 * 9 * 64 + 784 * 208), 56 in `3b/3x3/reduce` save 56 * 1 555 456.
const FINDING: &str = "\
error[B0001]: over budget: 1.583 G of 1.5 G multiply-adds (+5.51 %, 82 671 872 too many)
  --> <built-in>/googlenet.yaml:8:17
   |
 8 | budget: {madds: 1.5G}
   |                 ^^^^ the budget
...
25 |   conv2:   {conv: 192, kernel: 3}
   |   ----- 21.9 % of the network, 346.8 M
...
29 |   3b:      {inception: {1x1: 128, 3x3: [128, 192], 5x5: [32,  96], pool:  64}}
   |   -- 19.2 % of the network, 304.3 M     --- one filter less saves 1.555 M
   |
   = note: one of these alone is enough; the network would then be inside the budget
           reduce2         64 -> 48    1.493 G  -0.48 %
           conv2          192 -> 144   1.488 G  -0.79 %
           3b/3x3/reduce  128 -> 72    1.496 G  -0.30 %
   = help: `nas suggest googlenet` looks for smaller changes in several widths
";

const GAUGES: &str = "\
spec                            madds   budget
over googlenet                1.583 G    1.5 G   █████████████████████████┃█▍         +5.51 %
ok   googlenet-sepconv        1.499 G    1.5 G   █████████████████████████┃           -0.09 %
ok   lenet5                   325.7 k     none
3 specs checked: 1 over budget
";

#[test]
fn a_broken_budget_is_explained() {
    let mut nas = Command::new(env!("CARGO_BIN_EXE_nas"));
    let nas = nas.args(["check", "googlenet", "googlenet-sepconv", "lenet5"]).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    // The built-in names are meant, whatever lies in the folder.
    let output = nas.current_dir(env!("CARGO_TARGET_TMPDIR")).output().expect("runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), FINDING.trim_end());
    assert_eq!(String::from_utf8_lossy(&output.stdout), GAUGES);
    assert_eq!(output.status.code(), Some(1));
}

/// The networks that measured results are of are valid, and cost what was worked out for them by hand: stem 27 * 8 * 1024; of each plain
/// layer 9 * in * out, of each naive module in * (a + 9 b + 25 c) at each position; and the classifier.
#[test]
fn networks_of_measured_results_cost_what_is_said() {
    for (spec, madds) in [("naive", 9_237_896_u64), ("plain", 9_239_480)] {
        let path = format!("{}/reports/measured/arms/{spec}.yaml", env!("CARGO_MANIFEST_DIR"));
        let mut nas = Command::new(env!("CARGO_BIN_EXE_nas"));
        assert!(nas.args(["check", &path, "--deny", "warnings"]).output().expect("runs").status.success(), "{spec}");
        let mut nas = Command::new(env!("CARGO_BIN_EXE_nas"));
        let output = nas.args(["analyze", &path, "--format", "json"]).output().expect("runs");
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(found["totals"]["madds"], madds, "{spec}");
    }
}

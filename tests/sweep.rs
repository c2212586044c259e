//! `nas sweep`: its curves against independent counts, and what it says of points that are no network.

use std::process::Command;

use serde_json::Value;

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let mut nas = Command::new(env!("CARGO_BIN_EXE_nas"));
    let output = nas.args(args).current_dir(env!("CARGO_TARGET_TMPDIR")).env_remove("COLUMNS").output().expect("runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn points(args: &[&str]) -> Vec<Value> {
    let (code, out, err) = run(&[args, &["--format", "json"]].concat());
    assert_eq!(code, Some(0), "{args:?}: {err}");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    found["points"].as_array().expect("a list").clone()
}

#[test]
fn a_width_moves_the_totals_by_its_marginal_cost() {
    let points = points(&["sweep", "googlenet", "3b/3x3/reduce=64..160 by 8"]);
    assert_eq!(points.len(), 13);
    for (at, point) in points.iter().enumerate() {
        let width = 64 + 8 * at as i64;
        assert_eq!(point["at"][0], width.to_string());
        // One filter is 1 555 456 multiply-adds and 1985 parameters: tests/fixtures/truth/marginal.csv.
        let totals = &point["totals"];
        assert_eq!(totals["madds"], 1_582_671_872 + 1_555_456 * (width - 128));
        assert_eq!(totals["params"], 6_998_552 + 1985 * (width - 128));
        assert_eq!(totals["budget"][0]["limit"], 1_500_000_000);
    }
    // Elements at `norm2`, which no width of 3b is near.
    assert_eq!(points[8]["totals"]["memory_bytes"], 4 * 1_204_224);
}

/// Layers of one kernel on `s x s`, by hand.
#[test]
fn several_sweeps_are_a_grid_whose_last_axis_is_fastest() {
    let spec = "nas: 1\ninput: {image: [3, 8, 8]}\nvars: {w: 2}\nnet: {a: {conv: 4 * w}, b: {conv: 6}, c: {conv: 5}}\n";
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("grid.yaml");
    std::fs::write(&path, spec).expect("is written");
    let found = points(&["sweep", path.to_str().expect("UTF-8"), "w=1,3", "b=6..8 by 2", "--input", "4..6 by 2"]);
    let mut expected = Vec::new();
    for w in [1, 3] {
        for b in [6, 8] {
            for side in [4, 6] {
                expected.push(side * side * (3 * 4 * w + 4 * w * b + b * 5));
            }
        }
    }
    let madds: Vec<i64> = found.iter().map(|point| point["totals"]["madds"].as_i64().expect("an integer")).collect();
    assert_eq!(madds, expected);
    assert_eq!(found[1]["at"], serde_json::json!(["1", "6", "6"]));
}

#[test]
fn points_that_are_no_network_are_told_and_the_rest_goes_on() {
    let points = points(&["sweep", "tiny-space", "w=0.5,2"]);
    assert_eq!(points[0]["totals"]["madds"], 1_241_728);
    assert_eq!((&points[1]["totals"], &points[1]["refused"]["line"]), (&Value::Null, &9.into()));
    let (code, out, _) = run(&["sweep", "googlenet", "--input", "32..224 by 96"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("pool4` has a 3x3 window") && out.contains("1 582 671 872"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
    let (code, out, _) = run(&["sweep", "shufflenet_v2_x1_0", "s2u.3/right=59", "--format", "csv"]);
    assert_eq!(code, Some(3));
    assert!(out.contains("moves by 2"), "{out}");
}

#[test]
fn wrong_sweeps_are_explained() {
    for (args, says) in [
        (&[][..], "nothing is swept; say what, as in `nas sweep googlenet conv1=32..64`"),
        (&["3b/3x3/redcue=64"], "did you mean `3b/3x3/reduce`?"),
        (&["clases=10"], "did you mean `classes`?"),
        (&["conv1"], "says not to which values"),
        (&["conv1="], "is given no value"),
        (&["conv1=8,,9"], "is given no value"),
        (&["conv1=64..32"], "nothing lies from 64 to 32"),
        (&["conv1=32..64 by 0"], "must be above 0"),
        (&["conv1=a..b"], "are numbers, not `a`"),
        (&["conv1=8,8"], "the value 8 twice"),
        (&["conv1=8", "conv1=16"], "is swept twice"),
        (&["conv1=1..20000"], "more than 10000 values"),
        (&["conv1=1..200", "conv2=1..200"], "that makes 40000 points"),
        (&["3b=8"], "has no width that can be changed"),
        (&["logits=8"], "has no width that can be changed"),
    ] {
        let (code, _, err) = run(&[&["sweep", "googlenet"], args].concat());
        assert_eq!(code, Some(2), "{args:?}: {err}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
}

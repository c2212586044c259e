//! `nas profile` as a user meets it.

use std::process::Command;

use serde_json::Value;

fn run(args: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    let output = command.arg("profile").args(args).env_clear().envs(env.iter().copied()).output().expect("the binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(&[args, &["--rounds", "1", "--format", "json"]].concat(), &[]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

/// The counts are the published ones, and the sum of the steps'.
#[test]
fn steps_have_the_multiply_adds_of_the_network() {
    let inference = json(&["googlenet"]);
    assert_eq!(inference["schema"], "nas.profile/1");
    assert_eq!(inference["madds"], 1_582_671_872_u64);
    let two = json(&["googlenet", "--batch", "2"]);
    assert_eq!(two["madds"], 2 * 1_582_671_872_u64);
    // 3F - F(first convolution) with both auxiliary heads.
    let training = json(&["googlenet", "--training"]);
    assert_eq!(training["madds"], 4_655_118_336_u64);
    for found in [&inference, &training] {
        let steps = found["steps"].as_array().expect("steps");
        let sum = |key: &str| steps.iter().map(|step| step[key].as_u64().expect("an integer")).sum::<u64>();
        assert_eq!(found["madds"], sum("madds"));
        let spent = sum("forward_ns") + sum("backward_ns");
        let total = found["total_ns"].as_u64().expect("an integer");
        assert!(0 < spent && spent <= total, "{spent} ns of steps in {total}");
    }
}

#[test]
fn memory_is_told_apart() {
    let found = json(&["googlenet", "--unfused"]);
    let memory = |key: &str| found["memory"][key].as_u64().expect("an integer");
    // The figure that `nas analyze --memory` gives: conv2's normalisation, 1 204 224 elements.
    assert_eq!(memory("live"), 4 * 1_204_224);
    assert!(memory("arena") >= memory("live") + memory("padding"));
    assert!(memory("packed") > 4 * 6_998_552, "weights, in lanes");
}

/// Tiles take fewer products and no fewer multiply-adds; what is named is computed tap by tap, and nothing else.
#[test]
fn tiles_can_be_left_out_by_name() {
    let kernels = |found: &Value| -> Vec<(String, String, bool)> {
        let steps = found["steps"].as_array().expect("steps").iter();
        let text = |step: &Value, key: &str| step[key].as_str().expect("a text").to_owned();
        steps.map(|step| (text(step, "path"), text(step, "algorithm"), step["products"] == step["madds"])).collect()
    };
    let all = json(&["googlenet", "--cold"]);
    assert!(all["cold_ns"].as_u64().is_some_and(|ns| ns > 0), "with cold caches");
    let (by_tiles, but_some) = (kernels(&all), kernels(&json(&["googlenet", "--no-winograd=conv2,3a"])));
    for ((path, tiles, is_whole), (other, named, _)) in by_tiles.iter().zip(&but_some) {
        assert_eq!(path, other);
        assert_eq!(*is_whole, !tiles.starts_with("winograd"), "{path}");
        let is_named = path.starts_with("conv2:") || path.starts_with("3a/");
        assert_eq!(named, if is_named && tiles.starts_with("winograd") { "direct" } else { tiles }, "{path}");
    }
    assert!(
        kernels(&json(&["googlenet", "--no-winograd"])).iter().all(|(_, kernel, is_whole)| *is_whole && kernel != "winograd")
    );
    for (flag, says) in
        [("--no-winograd=3z", "no layer `3z`"), ("--no-winograd=pool1", "`pool1` of `googlenet` has no convolution")]
    {
        let (code, _, err) = run(&["googlenet", flag], &[]);
        assert_eq!((code, err.contains(says)), (2, true), "{err}");
    }
}

#[test]
fn tables_are_ordered_and_cut() {
    let (code, out, err) =
        run(&["lenet5", "--rounds", "2", "--sort", "rate", "--top", "2", "--arch", "scalar", "--threads", "1"], &[]);
    assert_eq!(code, 0, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].contains("lenet5") && lines[0].contains("1 image, 1 thread, scalar, median of 2 rounds"), "{out}");
    let at = lines.iter().position(|line| line.starts_with("step")).expect("a heading");
    assert_eq!(lines.len(), at + 4, "{out}");
    assert!(lines[at + 3].starts_with("and ") && lines[at + 3].contains(" steps more"), "{out}");
    let (_, csv, _) = run(&["lenet5", "--rounds", "1", "--format", "csv"], &[]);
    assert_eq!(csv.lines().next(), Some("path,fused,kernel,madds,forward_ns,backward_ns"));
    assert!(csv.lines().all(|line| line.matches(',').count() == 5), "{csv}");
}

#[test]
fn what_cannot_be_had_is_told() {
    let (code, _, err) = run(&["lenet5", "--arch", "mmx"], &[]);
    assert_eq!((code, err.contains("`mmx` is no instruction set of this processor; it has scalar")), (2, true), "{err}");
    let (code, _, err) = run(&["lenet5"], &[("NAS_ARCH", "mmx")]);
    assert_eq!((code, err.contains("`mmx`")), (2, true), "{err}");
    let (code, out, _) = run(&["lenet5", "--rounds", "1"], &[("NAS_ARCH", "scalar")]);
    assert_eq!((code, out.contains("scalar")), (0, true), "{out}");
    let (code, _, err) = run(&["googlenet", "--training", "--batch", "65536"], &[]);
    assert_eq!((code, err.contains("a batch of 65536 takes") && err.contains("smaller `--batch`")), (2, true), "{err}");
    let (code, _, err) = run(&["googlenett"], &[]);
    assert_eq!((code, err.contains("googlenet")), (2, true), "{err}");
    let (code, _, err) = run(&["googlenet", "--training", "--unfused"], &[]);
    assert_eq!((code, err.contains("--unfused")), (2, true), "{err}");
}

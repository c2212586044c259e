//! `nas propose` as a user meets it.

mod command;

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use command::nas;

const SPEC: &str = "\
nas: 1
name: small
# Widths are mine.
input: {image: [3, 16, 16]}
budget: {madds: 3M}
defaults: {conv: {norm: batch, act: relu}}
net:
  stem:   {conv: 8, kernel: 3}
  a:      {inception: {1x1: 8, 3x3: [8, 16], 5x5: [4, 8], pool: 8}}
  pool:   {max: 2, stride: 2}
  # Below the grid is 8x8.
  b:      {inception: {1x1: 16, 3x3: [8, 16], 5x5: [4, 8], pool: 8}}
  gap:    {avg: global}
  logits: {fc: 4}
train: {epochs: 1, batch: 20, lr: 0.02}
";

/// A folder with the spec and a run of it, and with another spec and its run.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("propose");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("small.yaml"), SPEC).unwrap();
    std::fs::write(folder.join("other.yaml"), SPEC.replace("1x1: 16", "1x1: 24")).unwrap();
    std::fs::write(
        folder.join("plain.yaml"),
        SPEC.replace("  a:      {inception: {1x1: 8, 3x3: [8, 16], 5x5: [4, 8], pool: 8}}\n", "  a:      {conv: 40}\n")
            .replace("  b:      {inception: {1x1: 16, 3x3: [8, 16], 5x5: [4, 8], pool: 8}}\n", ""),
    )
    .unwrap();
    for name in ["small", "plain"] {
        let (code, _, err) = nas(&folder, &format!("train {name}.yaml --data shapes --images 240 -o {name}"));
        assert_eq!(code, 0, "{err}");
    }
    folder
});

fn done(args: &str) -> String {
    let (code, out, err) = nas(&FOLDER, args);
    assert_eq!(code, 0, "`nas {args}`: {err}");
    out
}

fn json(args: &str) -> Value {
    serde_json::from_str(&done(&format!("{args} --format json"))).unwrap()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(FOLDER.join(file)).unwrap()
}

/// The spec that is written counts what is said of it, within the budget and near it; only numbers, the name and marked lines differ.
#[test]
fn a_proposal_is_the_spec_with_other_widths() {
    let args = "propose small.yaml --checkpoint small --images 96 --controls 2 --compare googlenet,uniform,random:2 -o new.yaml";
    let found = json(args);
    assert_eq!(found, serde_json::from_str::<Value>(&read("new.json")).unwrap());
    let budget = 3_000_000;
    let counted = |file: &str| json(&format!("analyze {file}"))["totals"]["madds"].as_u64().unwrap();
    let of_rivals =
        found["rivals"].as_array().unwrap().iter().map(|rival| (format!("new-{}.yaml", rival["name"].as_str().unwrap()), rival));
    let all: Vec<(String, &Value)> = std::iter::once(("new.yaml".to_owned(), &found)).chain(of_rivals).collect();
    assert_eq!(all.len(), 5);
    for (file, said) in &all {
        let madds = said["madds"].as_u64().unwrap();
        assert_eq!(counted(file), madds, "{file}");
        assert!(madds <= budget && madds * 1000 >= budget * 998, "{file}: {madds}");
        assert_eq!(nas(&FOLDER, &format!("check {file}")).0, 0);
    }
    assert_ne!(read("new-random-0.yaml"), read("new-random-1.yaml"));
    let text = read("new.yaml");
    let plain = |text: &str| text.chars().filter(|char| !char.is_ascii_digit()).collect::<String>();
    let kept: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("#| ")).collect();
    let before: Vec<String> = SPEC.lines().map(|line| plain(&line.replace("name: small", "name: small-proposed"))).collect();
    assert_eq!(kept.iter().map(|line| plain(line)).collect::<Vec<String>>(), before);
    // Above each module what speaks for its widths, with every width.
    for module in found["modules"].as_array().unwrap() {
        let path = module["path"].as_str().unwrap();
        let line = text.lines().position(|line| line.trim_start().starts_with(&format!("{path}:"))).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let notes: String = lines[..line].iter().rev().take_while(|line| line.trim_start().starts_with("#| ")).copied().collect();
        for branch in module["branches"].as_array().unwrap() {
            let change = format!("{} -> {}", branch["width_before"], branch["width"]);
            assert!(notes.contains(&change), "{path}: {change} in {notes}");
        }
    }
    // It can be trained at once, and be proposed from again: notes are replaced.
    done("train new.yaml --data shapes --images 120 -o again");
    done("propose new.yaml --checkpoint again --images 48 --controls 0 --replicates 0 -o newer.yaml");
    assert_eq!(read("newer.yaml").lines().filter(|line| line.starts_with("#| ")).count(), 3);
}

#[test]
fn threads_and_batches_change_nothing() {
    let found = |more: &str| {
        done(&format!("propose small.yaml --checkpoint small --images 60 --controls 2 --replicates 6 --format json {more}"))
    };
    let one = found("--threads 1");
    assert_eq!(found("--threads 2"), one);
    assert_eq!(found("--threads 3 --batch 7"), one);
    assert_ne!(found("--seed 5"), one);
}

/// Multiply-adds of the layer or module at a path, wherever in the tree.
fn madds(tree: &Value, path: &str) -> Option<f64> {
    let children = || tree["children"].as_array().into_iter().flatten();
    let own = (tree["path"] == path && tree["level"] != "branch").then(|| tree["madds"].as_f64()).flatten();
    own.or_else(|| children().find_map(|child| madds(child, path)))
}

/// Where a module keeps its part of the budget, one that costs more than another goes on doing so.
#[test]
fn modules_keep_their_parts() {
    let part = |file: &str| {
        let analysis = json(&format!("analyze {file}"));
        let [a, b] = ["a", "b"].map(|path| madds(&analysis["tree"], path).unwrap());
        a / (a + b)
    };
    let args = "propose small.yaml --checkpoint small --images 48 --controls 0 --align 1 --basis raw --budget 4M";
    done(&format!("{args} --per-module -o parts.yaml"));
    done(&format!("{args} -o together.yaml"));
    let want = part("small.yaml");
    assert!((part("parts.yaml") - want).abs() < 0.03, "{want} {}", part("parts.yaml"));
    assert!((part("together.yaml") - want).abs() > 0.03, "{want} {}", part("together.yaml"));
}

/// Each with its exit code and what it must say.
#[test]
fn bad_input_is_told() {
    for (args, code, wants) in [
        ("propose small.yaml --checkpoint nowhere", 2, "nowhere"),
        ("propose other.yaml --checkpoint small", 2, "b/1x1"),
        ("propose plain.yaml --checkpoint plain", 2, "no Inception module"),
        ("propose small.yaml --checkpoint small --budget 10k", 2, "narrowest"),
        ("propose small.yaml --checkpoint small --budget params=1M", 2, "multiply-adds"),
        ("propose small.yaml --checkpoint small --compare resnet", 2, "googlenet, uniform, random"),
        ("propose small.yaml --checkpoint small --compare uniform,uniform", 2, "twice"),
        ("propose small.yaml --checkpoint small --compare random:0", 2, "random:0"),
        ("propose small.yaml --checkpoint small --data missing", 2, "missing"),
        ("propose small.yaml --checkpoint small -o new.json", 2, ".yaml"),
        ("propose small.yaml --checkpoint small --images 1", 2, "images"),
    ] {
        let (found, out, err) = nas(&FOLDER, args);
        assert_eq!(found, code, "`nas {args}`: {err}");
        assert!(err.contains(wants), "`nas {args}`: {err}");
        assert!(out.is_empty(), "{out}");
    }
}

/// Twice what chance gives is where a run is taken to have learned: of four classes 50 %.
#[test]
fn a_run_that_learned_little_is_told() {
    let log = read("small/log.jsonl");
    for (accuracy, told) in [(0.49, true), (0.51, false)] {
        let run = format!("told-{told}");
        std::fs::create_dir_all(FOLDER.join(&run)).unwrap();
        for file in
            std::fs::read_dir(FOLDER.join("small")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
        {
            std::fs::copy(&file, FOLDER.join(&run).join(file.file_name().unwrap())).unwrap();
        }
        let with = |line: &str| {
            let mut epoch: Value = serde_json::from_str(line).unwrap();
            for key in ["accuracy", "validation_accuracy"] {
                epoch[key] = accuracy.into();
            }
            epoch.to_string() + "\n"
        };
        std::fs::write(FOLDER.join(&run).join("log.jsonl"), log.lines().map(with).collect::<String>()).unwrap();
        let (code, _, err) =
            nas(&FOLDER, &format!("propose small.yaml --checkpoint {run} --images 48 --controls 0 --replicates 0"));
        assert_eq!((code, err.contains("has learned little")), (0, told), "{accuracy}: {err}");
    }
}

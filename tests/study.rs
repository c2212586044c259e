//! Studies as a user meets them: begun, killed, gone on with, refused, and what their rows say.

use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use nas::base::Digest;
use nas::train::Plan;
use nas::train::Row;
use nas::train::StudyFolder;

const HEAD: &str = "nas: 1
input: {image: [3, 8, 8]}
defaults: {conv: {norm: batch, act: relu}}
";
const TRAIN: &str = "train: {epochs: 3, batch: 16, lr: 0.02, ema: 0.5}\n";

/// A new folder with specs: `mix` and `plain` for three classes, `four` for four.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("study").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mix = "{inception: {1x1: 2, 3x3: [2, 3], pool: 2}}";
    for (name, layer, classes) in [("mix", mix, 3), ("plain", "{conv: 7, kernel: 3}", 3), ("four", mix, 4)] {
        let net = format!(
            "net:\n  stem: {{conv: 4, kernel: 3}}\n  mix: {layer}\n  gap: {{avg: global}}\n  logits: {{fc: {classes}}}\n"
        );
        std::fs::write(folder.join(format!("{name}.yaml")), format!("{HEAD}name: {name}\n{net}{TRAIN}")).unwrap();
    }
    folder
}

fn start(folder: &Path, line: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(line.split_whitespace()).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn ended(child: Child) -> (i32, String, String) {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn nas(folder: &Path, line: &str) -> (i32, String, String) {
    ended(start(folder, line))
}

fn done(folder: &Path, line: &str) -> String {
    let (code, out, err) = nas(folder, line);
    assert_eq!(code, 0, "`{line}`: {err}");
    out
}

/// Rows without the two columns of time.
fn rows(folder: &Path, study: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(study).join("rows.csv")).unwrap_or_default();
    text.lines().map(|line| line.rsplitn(3, ',').nth(2).unwrap().to_owned()).collect()
}

const ARMS: &str = "--arm mix=mix.yaml --arm plain=plain.yaml --data shapes --images 80";

#[test]
fn a_study_that_is_killed_and_stopped_gives_the_rows_of_one_that_is_not() {
    let folder = folder("killed");
    let flags = format!("{ARMS} --seeds 2 --seed 3 --epochs 12 --threads 1");
    let out = done(&folder, &format!("study whole {flags}"));
    assert!(out.contains("run 4 of 4: plain-4") && out.contains("less `mix`, in points, paired by seed"), "{out}");
    let whole = rows(&folder, "whole");
    let keys: Vec<&str> = whole.iter().skip(1).map(|row| &row[..row.find(",12,").unwrap()]).collect();
    assert_eq!(keys, ["mix,1,3", "plain,1,3", "mix,1,4", "plain,1,4"], "seed by seed, the arms in turn");

    let begin = format!("study killed {flags} --keep-every 0");
    let (mut kills, mut stops) = (0, 0);
    for wait in [30, 60, 90].into_iter().cycle().take(200) {
        let line = if folder.join("killed/study.json").exists() { "study killed --keep-every 0 --threads 2" } else { &begin };
        let before = changed(&folder.join("killed"));
        let mut child = start(&folder, line);
        if kills + stops < 9 {
            // However slow the machine is, every process comes to write something new.
            while changed(&folder.join("killed")) == before && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_millis(wait));
            if child.try_wait().unwrap().is_none() && (kills + stops) % 3 == 2 {
                let signal = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
                let (code, out, err) = ended(child);
                assert!(signal.success() && [0, 130].contains(&code), "{err}");
                if code == 0 {
                    break;
                }
                assert!(out.contains("stopped; `nas study killed` goes on"), "{out}");
                stops += 1;
                continue;
            }
            if child.try_wait().unwrap().is_none() {
                child.kill().unwrap();
                ended(child);
                kills += 1;
                continue;
            }
        }
        let (code, _, err) = ended(child);
        assert_eq!(code, 0, "{err}");
        break;
    }
    assert!(kills >= 3 && stops >= 1, "{kills} kills, {stops} stops");
    assert_eq!(rows(&folder, "killed"), whole);
    for file in ["last.safetensors", "best.safetensors", "spec.yaml"] {
        let bytes = |run: &str| std::fs::read(folder.join(run).join(file)).unwrap();
        assert!(bytes("killed/runs/plain-3") == bytes("whole/runs/plain-3"), "{file}");
    }
    // What is done is not done again, and the run is that of `nas train`, which `nas eval` and `nas runs` read.
    let log = std::fs::metadata(folder.join("killed/runs/mix-3/log.jsonl")).unwrap().modified().unwrap();
    let out = done(&folder, "study killed");
    assert!(!out.contains("run 1 of 4") && out.contains("4 of 4 runs are done"), "{out}");
    assert_eq!(std::fs::metadata(folder.join("killed/runs/mix-3/log.jsonl")).unwrap().modified().unwrap(), log);
    done(&folder, "train mix.yaml --data shapes --images 80 --seed 4 --epochs 12 -o alone");
    for file in ["last.safetensors", "best.safetensors", "spec.yaml"] {
        let bytes = |run: &str| std::fs::read(folder.join(run).join(file)).unwrap();
        assert!(bytes("alone") == bytes("whole/runs/mix-4"), "{file}");
    }
    done(&folder, "eval alone");
    let runs: Value = serde_json::from_str(&done(&folder, "runs alone --json")).unwrap();
    let row = whole.iter().find(|row| row.starts_with("mix,1,4,")).unwrap();
    assert_eq!(runs["runs"][0]["test_accuracy"].as_f64(), row.split(',').nth(7).unwrap().parse().ok());
    done(&folder, "eval alone --which ema");
    let last: Value = serde_json::from_slice(&std::fs::read(folder.join("alone/test-ema/evaluation.json")).unwrap()).unwrap();
    let share = last["top1"].as_f64().unwrap() / last["images"].as_f64().unwrap();
    assert_eq!(row.split(',').nth(8).unwrap().parse::<f64>().unwrap().to_bits(), share.to_bits());
    // The folder stands alone.
    std::fs::rename(folder.join("killed"), folder.join("moved")).unwrap();
    std::fs::remove_file(folder.join("mix.yaml")).unwrap();
    assert_eq!(done(&folder, "study moved --format csv").lines().count(), 3);
    done(&folder, "study moved");
}

/// When anything that a study writes was last written.
fn changed(study: &Path) -> Vec<Option<std::time::SystemTime>> {
    let runs = ["mix-3", "plain-3", "mix-4", "plain-4"].map(|run| study.join("runs").join(run).join("last.safetensors"));
    let files = runs.into_iter().chain([study.join("study.json"), study.join("rows.csv")]);
    files.map(|file| std::fs::metadata(file).and_then(|found| found.modified()).ok()).collect()
}

#[test]
fn flags_that_say_something_else_are_refused() {
    let folder = folder("flags");
    let begin = format!("study s {ARMS} --seeds 2 --epochs 1 --purpose why --reference plain");
    done(&folder, &begin);
    let before = rows(&folder, "s");
    done(&folder, &begin);
    done(&folder, "study s --arm mix=s/specs/mix.yaml --arm plain=plain.yaml --lr 2e-2 --seed 0 --data shapes");
    std::fs::write(
        folder.join("mix.yaml"),
        std::fs::read_to_string(folder.join("mix.yaml")).unwrap().replace("1x1: 2", "1x1: 3"),
    )
    .unwrap();
    for (flags, words) in [
        ("--seeds 3", "begun with `--seeds 2`, and not with `--seeds 3`"),
        ("--epochs 2", "begun with `--epochs 1`, and not with `--epochs 2`"),
        ("--seed 1", "begun with `--seed 0`, and not with `--seed 1`"),
        ("--weight-decay 0.25", "and not with `--weight-decay 0.25`"),
        ("--purpose because", "begun with `--purpose why`, and not with `--purpose because`"),
        ("--reference mix", "begun with `--reference plain`, and not with `--reference mix`"),
        ("--images 90", "begun with `--images 80`, and not with `--images 90`"),
        ("--arch none", "and not with `--arch none`"),
        ("--every-draw", "begun without `--every-draw`"),
        ("--arm plain=plain.yaml --arm mix=mix.yaml", "the arms mix, plain, and not with plain, mix"),
        (
            "--arm mix=mix.yaml --arm mix=mix.yaml --arm plain=plain.yaml",
            "the arms mix, plain, and not with mix (2 specs), plain",
        ),
        ("--arm mix=mix.yaml --arm plain=plain.yaml", "`mix.yaml` is another network than the arm `mix` was begun with"),
        ("--epochs 0", "`epochs`"),
        ("--seeds 2 --format json", "show what is done"),
        ("--equal madds", "% more; `--equal madds` allows 0.2 %"),
    ] {
        let (code, _, err) = nas(&folder, &format!("study s {flags}"));
        assert!(code == 2 && err.contains(words), "{flags}: {code} {err}");
    }
    assert_eq!(rows(&folder, "s"), before);
    // Neither are changed specs, nor rows that nobody planned, nor other images.
    let spec = folder.join("s/specs/mix.yaml");
    let text = std::fs::read_to_string(&spec).unwrap();
    std::fs::write(&spec, text.replace("lr: 0.02", "lr: 0.03")).unwrap();
    let (code, _, err) = nas(&folder, "study s");
    assert!(code == 3 && err.contains("its digest differs from that in `study.json`"), "{code} {err}");
    std::fs::write(&spec, text).unwrap();
    let file = folder.join("s/rows.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("plain,1,1,", "plain,1,7,")).unwrap();
    let (code, _, err) = nas(&folder, "study s");
    assert!(code == 3 && err.contains("has the run of `plain` with seed 7"), "{code} {err}");
    let first: Vec<&str> = text.split_inclusive('\n').take(2).collect();
    std::fs::write(&file, first.concat()).unwrap();
    let plan = folder.join("s/study.json");
    let told = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, told.replace("\"test_digest\": \"", "\"test_digest\": \"0")).unwrap();
    let (code, _, err) = nas(&folder, "study s");
    assert!(code == 3 && err.contains("are not those that the study began with"), "{code} {err}");
    // A run that is no run of the study is not taken for one.
    std::fs::write(&plan, told).unwrap();
    std::fs::remove_dir_all(folder.join("s/runs/plain-1")).unwrap();
    done(&folder, "train plain.yaml --data shapes --images 80 --seed 1 --epochs 2 -o s/runs/plain-1");
    let (code, _, err) = nas(&folder, "study s");
    assert!(code == 3 && err.contains("`s/runs/plain-1` is no run of this study"), "{code} {err}");
}

#[test]
fn a_broken_arm_is_refused_before_the_first_run() {
    let folder = folder("broken");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    std::fs::write(folder.join("large.yaml"), text("mix.yaml").replace("[3, 8, 8]", "[3, 9, 9]")).unwrap();
    std::fs::write(folder.join("fault.yaml"), text("mix.yaml").replace("avg: global", "avg: universal")).unwrap();
    std::fs::write(folder.join("steep.yaml"), text("mix.yaml").replace("lr: 0.02", "lr: 0.5")).unwrap();
    std::fs::write(folder.join("map.yaml"), text("mix.yaml").replace("  gap: {avg: global}\n", "").replace("fc: 3", "conv: 3"))
        .unwrap();
    std::fs::write(folder.join("dear.yaml"), text("mix.yaml").replace("conv: 4", "conv: 40")).unwrap();
    let with = |arm: &str, more: &str| {
        format!("study s --arm mix=mix.yaml --arm {arm} --data shapes --images 80 --seeds 2 --epochs 1 {more}")
    };
    for (line, exit, words) in [
        (with("b=four.yaml", ""), 3, "`b` tells 4 classes apart, `mix` 3"),
        (with("b=large.yaml", ""), 3, "`b` is shown 3x9x9, `mix` 3x8x8"),
        (with("b=fault.yaml", ""), 3, "error[E"),
        (with("b=map.yaml", ""), 3, "is a map of"),
        (
            with("b=steep.yaml", ""),
            2,
            "`lr` is 0.02 in the spec of `mix` and 0.5 in one of `b`; a study has one set of settings: give `--lr`",
        ),
        (with("b=dear.yaml", "--equal madds"), 2, "`--equal madds` allows 0.2 %"),
        (with("b=plain.yaml", "--batch 500"), 3, "a step takes a batch of 500"),
        (with("b=plain.yaml", "--reference c"), 2, "`--reference c` is no arm; the arms are mix, b"),
        (with("b/c=plain.yaml", ""), 2, "a name is of letters"),
        (with("b", ""), 2, "an arm is NAME=SPEC"),
        (with("mix=plain.yaml", ""), 2, "a study compares two arms or more"),
        (
            with("mix-0=plain.yaml", "--arm mix=plain.yaml --every-draw --seed 0").replace("mix-0", "mix-1"),
            2,
            "would be called `mix-1-0`",
        ),
        (with("b=plain.yaml", "--seed 4294967295"), 2, "seeds end at 4294967295"),
        (with("b=plain.yaml", "").replace("--data shapes --images 80", ""), 2, "`--data DATA`"),
        ("study s".to_owned(), 2, "holds no study"),
        ("study s --format csv".to_owned(), 2, "`s` does not exist"),
    ] {
        let (code, out, err) = nas(&folder, &line);
        assert!(code == exit && err.contains(words) && out.is_empty(), "{line}: {code} {err}");
        assert!(!folder.join("s").exists(), "{line}");
    }
    let (code, _, err) = nas(&folder, &with("b=dear.yaml", ""));
    assert!(code == 0 && err.contains("% more; a difference in accuracy may be one of cost"), "{err}");
    let twins = with("b=mix.yaml", "--equal madds").replace("study s", "study twins");
    let (code, _, err) = nas(&folder, &twins);
    assert!(code == 0 && err.contains("`mix` and `b` are one network: they cannot differ") && !err.contains("% more"), "{err}");
    std::fs::create_dir_all(folder.join("full/notes")).unwrap();
    let (code, _, err) = nas(&folder, &with("b=plain.yaml", "").replace("study s", "study full"));
    assert!(code == 2 && err.contains("is a folder with other files"), "{err}");
}

/// Draws, checkpoints that go, and runs whose numbers leave the finite.
#[test]
fn draws_take_turns_and_checkpoints_go() {
    let folder = folder("draws");
    let arms = "--arm mix=mix.yaml --arm any=mix.yaml --arm any=plain.yaml --data shapes --images 48 --seeds 3 --epochs 1";
    let out = done(&folder, &format!("study turns {arms} --keep none"));
    assert!(out.contains("`any` has 2 specs; seed s trains number 1 + (s - 0) mod 2"), "{out}");
    let taken: Vec<String> =
        rows(&folder, "turns").iter().filter(|row| row.starts_with("any,")).map(|row| row[..7].to_owned()).collect();
    assert_eq!(taken, ["any,1,0", "any,2,1", "any,1,2"]);
    let there = |file: &str| folder.join("turns/runs/any-1").join(file).exists();
    assert!(there("test/evaluation.json") && there("log.jsonl") && !there("best.safetensors") && !there("last.safetensors"));
    let same = |name: &str| {
        rows(&folder, "turns")
            .iter()
            .filter(|row| row.starts_with(name))
            .map(|row| row[name.len()..].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(same("any,1,0"), same("mix,1,0"), "the same network, seed and images");
    let out = done(&folder, &format!("study all {arms} --every-draw --keep last"));
    assert!(out.contains("every seed trains all, and its value is their mean") && out.contains("run 9 of 9: any-2-2"), "{out}");
    assert!(
        folder.join("all/runs/any-2-2/last.safetensors").exists() && !folder.join("all/runs/any-2-2/best.safetensors").exists()
    );
    let found: Value = serde_json::from_str(&done(&folder, "study all --format json")).unwrap();
    let of = |arm: &str, draw: u64, seed: u64| {
        let row =
            found["rows"].as_array().unwrap().iter().find(|row| row["arm"] == arm && row["draw"] == draw && row["seed"] == seed);
        row.unwrap()["test_accuracy"].as_f64().unwrap()
    };
    let mean = f64::midpoint(of("any", 1, 1), of("any", 2, 1));
    assert!((found["arms"][1]["values"][1].as_f64().unwrap() - mean).abs() < 1e-12, "{found}");

    let far = format!("study far {ARMS} --images 240 --seeds 1 --epochs 8 --lr 1e6 --weight-decay 0.5 --ema 0");
    let far = far.replace("--images 80", "");
    let (code, out, err) = nas(&folder, &far);
    assert!(code == 4 && err.matches("; it is left out").count() == 2, "{code} {err}");
    assert!(out.contains("0 of 2 runs are done") && out.contains("nothing is known yet"), "{out}");
}

/// A study with these accuracies, by hand.
fn made(folder: &Path, arms: &[(&str, &[f64])], seeds: &[u32]) -> StudyFolder {
    let arm = |(name, _): &(&str, &[f64])| {
        json!({"name": name, "draws": [{"spec": format!("specs/{name}.yaml"), "network": name, "digest": Digest::of(name.as_bytes()).to_string(),
            "madds": 1000, "params": 10}]})
    };
    let plan: Plan = serde_json::from_value(json!({
        "schema": "nas.study/1", "purpose": "by hand", "arms": arms.iter().map(arm).collect::<Vec<_>>(), "reference": arms[0].0,
        "every_draw": false, "seeds": seeds, "settings": {"epochs": "3"}, "arch": "scalar",
        "data": {"source": "shapes", "kind": "shapes", "images": [8, 1, 2], "digest": "", "left_out": 0, "generated": null},
        "test_digest": "", "headline": "", "test": {"contrast": "", "interval": "", "p": "", "correction": ""},
    }))
    .unwrap();
    let specs: Vec<String> = arms.iter().map(|(name, _)| (*name).to_owned()).collect();
    let made = StudyFolder::create(folder, &plan, &specs).unwrap();
    for (at, seed) in seeds.iter().enumerate() {
        for (name, values) in arms {
            if let Some(value) = values.get(at) {
                made.append(&row(name, *seed, *value)).unwrap();
            }
        }
    }
    made
}

fn row(arm: &str, seed: u32, test_accuracy: f64) -> Row {
    let (arm, train_loss, seconds) = (arm.to_owned(), 1.5, Some(2.0));
    Row {
        arm,
        draw: 1,
        seed,
        epochs: 3,
        best_epoch: 2,
        madds: 1000,
        params: 10,
        test_accuracy,
        test_accuracy_last: test_accuracy,
        train_loss,
        seconds,
        images_per_second: Some(40.0),
    }
}

#[test]
fn the_result_is_that_of_pencil_and_paper() {
    let folder = folder("paper");
    let (a, b, c) = ([0.70, 0.72, 0.71, 0.73, 0.74], [0.73, 0.74, 0.75, 0.74, 0.79], [0.69, 0.73]);
    made(&folder.join("s"), &[("a", &a), ("b", &b), ("c", &c)], &[0, 1, 2, 3, 4]);
    let found: Value = serde_json::from_str(&done(&folder, "study s --format json")).unwrap();
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-6;
    // 0.03, 0.02, 0.04, 0.01, 0.05: mean 0.03, squares 10e-4 over 4, deviation 0.0158114; 2.776445 of four degrees, over the root of 5.
    let b = &found["contrasts"][0];
    assert_eq!((&b["arm"], &b["seeds"]), (&"b".into(), &5.into()));
    assert!(near(&b["difference"], 0.03) && near(&b["deviation"], 0.015_811_388) && near(&b["half_width"], 0.019_632_43), "{b}");
    assert!(near(&b["interval"][0], 0.010_367_57) && near(&b["interval"][1], 0.049_632_43), "{b}");
    // All of one sign: 2 of 32. Of -0.01 and 0.01 every sum is as far from 0 as theirs.
    let c = &found["contrasts"][1];
    assert!(near(&b["p"], 0.0625) && near(&b["p_holm"], 0.125), "{b}");
    assert!(near(&c["difference"], 0.0) && near(&c["p"], 1.0) && near(&c["p_holm"], 1.0) && c["seeds"] == 2, "{c}");
    assert!(
        near(&found["arms"][0]["test_accuracy"]["mean"], 0.72)
            && near(&found["arms"][0]["test_accuracy"]["deviation"], 0.015_811_388)
    );
    let table = done(&folder, "study s --format table");
    let cells = |name: &str, at: usize| -> Vec<String> {
        table.lines().filter(|line| line.starts_with(name)).nth(at).unwrap().split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(cells("a ", 0)[..6].join(" "), "a 5 72.00 ± 1.58 %");
    assert_eq!(cells("b ", 1).join(" "), "b 5 +3.00 +1.04 to +4.96 0.0625 0.1250");
    for words in [
        "by hand",
        "12 of 15 runs are done",
        "with 2 seeds intervals reach at most 12.71 points",
        "at the level 0.05 it can find nothing",
        "is not done",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let markdown = done(&folder, "study s --format md");
    assert!(markdown.contains("| b | 5 | +3.00 | +1.04 to +4.96 | 0.0625 | 0.1250 |"), "{markdown}");
    done(&folder, "study s -o s.csv");
    let csv = std::fs::read_to_string(folder.join("s.csv")).unwrap();
    assert!(
        csv.lines().all(|line| line.matches(',').count() == 18) && csv.lines().nth(1).unwrap().ends_with(",a,,,,,,"),
        "{csv}"
    );
    done(&folder, "study s -o s.svg");
    let svg = std::fs::read_to_string(folder.join("s.svg")).unwrap();
    assert!(
        svg.contains(">by hand</text>") && svg.contains(">difference to a</text>") && svg.contains("not all runs done"),
        "{svg}"
    );
    done(&folder, "study s -o s.png --width column --theme dark --dpi 72");
    assert!(std::fs::read(folder.join("s.png")).unwrap().starts_with(b"\x89PNG"));
    let (code, _, err) = nas(&folder, "study s -o s.pdf");
    assert!(code == 2 && err.contains("names no form"), "{err}");
}

#[test]
fn a_row_that_was_cut_short_is_written_anew() {
    let folder = folder("cut");
    let study = made(&folder.join("s"), &[("a", &[0.5, 0.75]), ("b", &[0.25])], &[0, 1]);
    assert_eq!(StudyFolder::open(study.path()).unwrap().plan, study.plan);
    let file = folder.join("s/rows.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().nth(2), Some("b,1,0,3,2,1000,10,0.25,0.25,1.5,2.000,40.000"));
    std::fs::write(&file, &text[..text.len() - 7]).unwrap();
    assert_eq!(study.rows().unwrap(), [row("a", 0, 0.5), row("b", 0, 0.25)]);
    study.append(&row("a", 1, 0.75)).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    study.append(&row("a", 1, 0.75)).unwrap();
    assert!(study.rows().unwrap_err().to_string().contains("has twice the run of `a` with seed 1"));
    let held = study.hold().unwrap();
    assert!(study.hold().is_err(), "two cannot train here");
    drop(held);
    std::fs::create_dir_all(folder.join("other/specs")).unwrap();
    assert!(StudyFolder::may_begin(&folder.join("other")).is_err());
    std::fs::write(folder.join("other/lock"), "").unwrap();
    assert!(StudyFolder::may_begin(&folder.join("other")).is_ok(), "what a beginning that was cut short leaves");
}

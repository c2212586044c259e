//! What can go wrong, and that the last good checkpoint survives it.

use std::path::Path;

use crate::made::colours;
use crate::made::done;
use crate::made::folder;
use crate::made::last;
use crate::made::run;

/// A run that fails: its exit code, and what it says.
fn fails(folder: &Path, line: &str, code: i32, says: &str) {
    let (found, _, err) = run(folder, line);
    assert!(err.contains(says), "`{line}` says {err:?}, not {says:?}");
    assert_eq!(found, code, "`{line}`: {err}");
}

#[test]
fn numbers_that_are_none_end_a_run_and_are_not_kept() {
    let folder = folder("non-finite");
    std::fs::write(folder.join("plain.yaml"), crate::made::TINY.replace("norm: batch, ", "")).unwrap();
    let (code, _, err) = run(&folder, "train plain.yaml --data shapes --images 240 --lr 1e5 --warmup 0 --keep-every 0 -o run");
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("became infinite or not a number in step") && err.contains("a lower `--lr`"), "{err}");
    let named = ["`logits:fc", "`stem:conv", "`mix/"].iter().any(|layer| err.contains(layer));
    assert!(named, "no layer is named: {err}");
    let kept = last(&folder, "run");
    assert!(kept.state.values.iter().all(|value| value.is_finite()));
}

#[test]
fn damaged_and_foreign_checkpoints_are_told() {
    let folder = folder("checkpoints");
    done(&folder, "train tiny.yaml --data shapes --images 64 --epochs 1 -o run");
    let file = folder.join("run/last.safetensors");
    let whole = std::fs::read(&file).unwrap();
    for keep in [0, 7, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&file, &whole[..keep]).unwrap();
        fails(&folder, "train --resume run", 3, "last.safetensors` is no whole safetensors file");
        fails(&folder, "eval run --which last", 3, "last.safetensors` is no whole safetensors file");
    }
    std::fs::write(folder.join("other.yaml"), crate::made::TINY.replace("conv: 6", "conv: 5")).unwrap();
    done(&folder, "train other.yaml --data shapes --images 64 --epochs 1 -o other");
    std::fs::copy(folder.join("other/last.safetensors"), &file).unwrap();
    fails(&folder, "train --resume run", 3, "is of another network: `stem:conv.weight` is [5, 3, 3, 3], not [6, 3, 3, 3]");
    std::fs::copy(folder.join("run/best.safetensors"), &file).unwrap();
    fails(
        &folder,
        "train --resume run",
        3,
        "last.safetensors` does not hold what the optimizer and the average of these settings keep",
    );
    std::fs::write(&file, &whole).unwrap();
    std::fs::write(folder.join("run/run.json"), "{\"schema\": \"nas.run/7\"}").unwrap();
    fails(&folder, "train --resume run", 3, "has the form `nas.run/7`, this version reads `nas.run/1`");
    std::fs::write(folder.join("run/run.json"), "{").unwrap();
    fails(&folder, "eval run", 3, "is no run that is known");
}

#[test]
fn folders_that_are_not_free_are_refused_before_anything_is_done() {
    let folder = folder("folders");
    done(&folder, "train tiny.yaml --data shapes --images 64 --epochs 1 -o run");
    fails(&folder, "train tiny.yaml --data shapes -o run", 2, "holds a run already; go on with it by `--resume`");
    std::fs::create_dir(folder.join("mine")).unwrap();
    std::fs::write(folder.join("mine/thesis.tex"), "").unwrap();
    fails(&folder, "train tiny.yaml --data shapes -o mine", 2, "is a folder with other files");
    fails(&folder, "train --resume nowhere", 2, "`nowhere` does not exist");
    fails(&folder, "train --resume mine", 2, "is no run: it has no `run.json`");
    fails(&folder, "train --resume run --lr 0.1", 2, "`--lr` cannot be given with `--resume`");
    fails(&folder, "train tiny.yaml --data shapes", 2, "--output <RUN>");
    fails(&folder, "eval run --which ema --part val", 2, "has no images for `--part val`");
}

#[test]
fn images_that_vanish_or_change_are_told() {
    let folder = folder("vanished");
    colours(&folder, 12);
    let train = "train tiny.yaml --data set --batch 8 --epochs 1 -o run";
    done(&folder, train);
    done(&folder, "eval run");
    let own = std::fs::read(folder.join("run/test/evaluation.json")).unwrap();
    done(&folder, "eval run --which last");
    std::fs::remove_file(folder.join("set/train/red/3.png")).unwrap();
    fails(&folder, "train --resume run", 3, "are not those that the run began with");
    std::fs::rename(folder.join("set"), folder.join("moved")).unwrap();
    fails(&folder, "train --resume run", 2, "cannot read");
    fails(&folder, "eval run", 2, "cannot read");
    done(&folder, "eval run --data moved");
    // What other weights do, and what is found on other images, does not take the place of the run's own test.
    assert!(["test-last", "test-other"].iter().all(|name| folder.join("run").join(name).join("evaluation.json").exists()));
    assert!(std::fs::read(folder.join("run/test/evaluation.json")).unwrap() == own);
    fails(&folder, "train tiny.yaml --data moved --batch 64 -o big", 3, "a step takes a batch of 64; take a smaller `--batch`");
    std::fs::write(folder.join("moved/train/red/bad.png"), "no").unwrap();
    fails(
        &folder,
        "train tiny.yaml --data moved --batch 8 -o bad",
        3,
        "train/red/bad.png`: it is neither JPEG nor PNG; `--on-bad skip` leaves out",
    );
    let (code, _, err) = run(&folder, "train tiny.yaml --data moved --batch 8 --epochs 1 --on-bad skip -o skipped");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("1 file of `moved` cannot be used, and left out; `nas data` lists them"), "{err}");
    std::fs::remove_dir_all(folder.join("moved/train/red")).unwrap();
    std::fs::remove_dir_all(folder.join("moved/train/blue")).unwrap();
    fails(&folder, "train tiny.yaml --data moved --batch 8 -o one", 4, "are of one class");
}

#[test]
fn settings_and_networks_that_do_not_fit_are_told() {
    let folder = folder("settings");
    let train = |flags: &str| format!("train tiny.yaml --data shapes --images 64 -o run {flags}");
    fails(&folder, &train("--lr fast"), 2, "`lr` must be a number from 0 to 1000000, got the word `fast`");
    fails(&folder, &train("--optimizer adam"), 2, "did you mean `adamw`?");
    fails(&folder, &train("--accumulate 3"), 2, "a batch of 16 has no 3 equal parts");
    fails(&folder, &train("--warmup 9"), 2, "`warmup` lasts 9 epochs of 3");
    fails(&folder, &train("--arch neon9"), 2, "`neon9` is no instruction set of this processor");
    let net = |from: &str, to: &str| std::fs::write(folder.join("other.yaml"), crate::made::TINY.replace(from, to)).unwrap();
    let other = "train other.yaml --data shapes --images 64 -o run";
    net("  gap: {avg: global}\n  logits: {fc: 4}", "  logits: {conv: 4, norm: none, act: none}");
    fails(&folder, other, 3, "its result `main` is a map of 4x6x6, not one number a class");
    net("{fc: 4}\nheads", "{fc: 4}\n  soft: {softmax: {}}\nheads");
    std::fs::write(
        folder.join("other.yaml"),
        crate::made::TINY
            .replace("logits: {fc: 4}\n", "logits: {fc: 4}\n  soft: {softmax: {}}\n")
            .replace("{from: logits}", "{from: soft}"),
    )
    .unwrap();
    fails(&folder, other, 3, "its result `main` is a softmax");
    net("fc: 4}], from: stem", "fc: 5}], from: stem");
    fails(&folder, other, 3, "`aux` tells 5 classes apart, `main` 4");
    assert!(!folder.join("run").exists());
}

/// A limit on the size of files stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_last_checkpoint() {
    let folder = folder("full");
    done(&folder, "train tiny.yaml --data shapes --images 64 --epochs 1 -o small");
    let bytes = std::fs::metadata(folder.join("small/last.safetensors")).unwrap().len();
    // The first checkpoint fits and the log does at first; then the limit is put below a checkpoint's size.
    let train = "train tiny.yaml --data shapes --images 240 --epochs 200 --keep-every 0";
    let script = format!("trap '' XFSZ; ulimit -f {}; exec {} {train} -o none", bytes / 1024 / 2, env!("CARGO_BIN_EXE_nas"));
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(&folder).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write `none/last.safetensors`"), "{err}");
    let left: Vec<_> = std::fs::read_dir(folder.join("none")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{left:?}");
    // The folder can be begun in again, and what a run had before is still whole afterwards.
    let before = std::fs::read(folder.join("small/last.safetensors")).unwrap();
    let script = format!("trap '' XFSZ; ulimit -f 1; exec {} train --resume small", env!("CARGO_BIN_EXE_nas"));
    std::process::Command::new("bash").args(["-c", &script]).current_dir(&folder).output().unwrap();
    assert_eq!(std::fs::read(folder.join("small/last.safetensors")).unwrap(), before);
    done(&folder, &format!("{} -o none", train.replace("--epochs 200", "--epochs 1")));
}

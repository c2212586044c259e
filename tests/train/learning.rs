//! That networks learn, and that each setting does what it says.

use crate::made::done;
use crate::made::folder;
use crate::made::last;
use crate::made::log;
use crate::made::run;

/// Four plain shapes: guessing gives a quarter.
#[test]
fn shapes_are_learned_by_each_optimizer_and_schedule() {
    let folder = folder("learned");
    let base = "train tiny.yaml --data shapes --images 800 --epochs 8 --augment none --cutout 0 --label-smoothing 0 --ema 0";
    for flags in [
        "--lr 0.1",
        "--lr 0.1 --nesterov --schedule one_cycle --warmup 0",
        "--lr 0.01 --optimizer adamw --schedule linear",
        "--lr 0.1 --schedule polynomial --clip 1",
        "--lr 0.2 --momentum 0 --schedule step --step-epochs 2 --step-factor 0.5",
    ] {
        let out = done(&folder, &format!("{base} {flags} -o run"));
        let accuracy = log(&folder, "run").iter().map(|epoch| epoch["validation_accuracy"].as_f64().unwrap()).fold(0.0, f64::max);
        assert!(accuracy > 0.6, "`{flags}` reaches {accuracy}:\n{out}");
        std::fs::remove_dir_all(folder.join("run")).unwrap();
    }
}

#[test]
fn training_ends_early_without_a_better_validation() {
    let folder = folder("early");
    // Nothing is learned, and running statistics settle: the validation cannot become better for long.
    let out = done(&folder, "train tiny.yaml --data shapes --images 100 --epochs 300 --lr 0 --ema 0 --patience 3 -o run");
    let log = log(&folder, "run");
    assert!(log.len() < 300, "{out}");
    assert!(log.iter().rev().take(3).all(|epoch| epoch["best"] == false));
    assert!(log[log.len() - 4]["best"] == true);
    assert!(out.contains("no better validation for 3 epochs: stopped early"), "{out}");
    assert_eq!(last(&folder, "run").position.idle, 3);
}

#[test]
fn parts_of_a_batch_add_up_to_it() {
    let folder = folder("parts");
    // Without batch statistics, dropout and averages the parts are the whole, but for rounding.
    std::fs::write(
        folder.join("plain.yaml"),
        crate::made::TINY.replace("norm: batch, ", "").replace("  drop: {dropout: 0.2}\n", ""),
    )
    .unwrap();
    let train = "train plain.yaml --data shapes --images 100 --epochs 1 --ema 0";
    done(&folder, &format!("{train} -o whole"));
    done(&folder, &format!("{train} --accumulate 4 -o parts"));
    let (whole, parts) = (last(&folder, "whole").state.values, last(&folder, "parts").state.values);
    let (mut apart, mut moved) = (0.0_f32, 0.0_f32);
    let start =
        nas::graph::initialise(&crate::made::graph(&std::fs::read_to_string(folder.join("plain.yaml")).unwrap()), 0).values;
    for ((a, b), start) in whole.iter().zip(&parts).zip(&start) {
        apart = apart.max((a - b).abs());
        moved = moved.max((a - start).abs());
    }
    assert!(moved > 1e-3 && apart < 1e-5 + 1e-3 * moved, "moved by {moved}, apart by {apart}");
}

#[test]
fn a_dry_run_says_what_would_be_and_leaves_nothing() {
    let folder = folder("dry");
    let out = done(&folder, "train tiny.yaml --data shapes --images 320 --dry-run --epochs 2");
    for says in ["2 epochs of 18 steps of 16 images", "arena, which holds both", "images/s", "an epoch of 18 steps"] {
        assert!(out.contains(says), "no `{says}` in {out}");
    }
    // No rate is too high for it.
    done(&folder, "train tiny.yaml --data shapes --images 320 --dry-run --lr 1e6");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "only the spec is there");
}

#[test]
fn a_run_begins_with_what_fits_of_another() {
    let folder = folder("begin");
    done(&folder, "train tiny.yaml --data shapes --images 100 --epochs 1 -o first");
    let out = done(&folder, "train tiny.yaml --data shapes --images 100 --epochs 1 --lr 0 --init-from first -o same");
    assert!(out.contains("tensors taken from `first`, all there are"), "{out}");
    std::fs::write(
        folder.join("wider.yaml"),
        crate::made::TINY
            .replace("logits: {fc: 4}", "logits: {fc: 4}\n  extra: {fc: 4}")
            .replace("{from: logits}", "{from: extra}")
            .replace("stem: {conv: 6", "stem: {conv: 8"),
    )
    .unwrap();
    let (code, out, err) = run(&folder, "train wider.yaml --data shapes --images 100 --epochs 1 --init-from first -o wider");
    assert_eq!(code, 0, "{err}");
    for says in ["begin anew", "  extra:fc.weight\n", "  stem:conv.weight: [8, 3, 3, 3] here, [6, 3, 3, 3] there"] {
        assert!(out.contains(says), "no `{says}` in {out}");
    }
    let (code, _, err) = run(&folder, "train tiny.yaml --data shapes --init-from tiny.yaml -o third");
    assert_eq!(code, 3);
    assert!(err.contains("`tiny.yaml` is no whole safetensors file"), "{err}");
    // With nothing to take over a run would begin anew and say it had not.
    let names = [("stem", "root"), ("mix", "blend"), ("logits", "classes"), ("aux", "side")];
    let alien = names.iter().fold(crate::made::TINY.to_owned(), |text, (from, to)| text.replace(from, to));
    std::fs::write(folder.join("alien.yaml"), alien).unwrap();
    let (code, _, err) = run(&folder, "train alien.yaml --data shapes --images 100 --init-from first -o alien");
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("nothing could be taken over"), "{err}");
}

/// A number that is none, in the middle of a file that is whole otherwise: told, not shown as an accuracy.
#[test]
fn weights_that_are_no_numbers_are_refused() {
    let folder = folder("weights");
    done(&folder, "train tiny.yaml --data shapes --images 100 --epochs 1 -o run");
    let path = folder.join("run/best.safetensors");
    let mut bytes = std::fs::read(&path).unwrap();
    let head = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let about: serde_json::Value = serde_json::from_slice(&bytes[8..8 + head]).unwrap();
    let offset = about["stem:conv.weight"]["data_offsets"][0].as_u64().unwrap() as usize;
    bytes[8 + head + offset..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    std::fs::write(&path, bytes).unwrap();
    let (code, _, err) = run(&folder, "eval run");
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("holds a value in `stem:conv.weight` that is not finite"), "{err}");
}

/// The run's own spec says every setting, and reads back as the same network.
#[test]
fn the_spec_as_used_has_all_settings() {
    let folder = folder("spec");
    done(&folder, "train tiny.yaml --data shapes --images 100 --epochs 1 --lr 0.02 --optimizer adamw -o run");
    let text = std::fs::read_to_string(folder.join("run/spec.yaml")).unwrap();
    for setting in ["epochs: 1", "lr: 0.02", "optimizer: adamw", "ema: 0.9", "validation: 0.1", "cutout: 4"] {
        assert!(text.contains(setting), "no `{setting}` in {text}");
    }
    assert_eq!(done(&folder, "expand run/spec.yaml"), text);
    let about: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("run/run.json")).unwrap()).unwrap();
    assert_eq!(about["settings"]["optimizer"], "adamw");
    assert_eq!(about["data"]["images"], serde_json::json!([90, 10, 20]));
}

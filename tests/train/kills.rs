//! Whatever ends a process, the run goes on from its last checkpoint and ends with the bytes of one that was never ended.

use std::path::Path;
use std::time::Duration;
use std::time::SystemTime;

use crate::made::done;
use crate::made::ended;
use crate::made::folder;
use crate::made::log;
use crate::made::nas;
use crate::made::same;
use crate::made::words;

const TRAIN: &str = "train tiny.yaml --data shapes --images 240 --epochs 120 --keep-every 0";
const KILLS: usize = 24;
/// As many must have met a training.
const LEAST: usize = 20;

/// When the killed run's checkpoint was last written.
fn changed(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder.join("killed/last.safetensors")).and_then(|found| found.modified()).ok()
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let folder = folder("kills");
    done(&folder, &format!("{TRAIN} -o whole"));
    let begin = format!("{TRAIN} -o killed");
    let (mut kills, mut seed, mut steps) = (0, 1_u64, Vec::new());
    loop {
        let begun = folder.join("killed/run.json").exists();
        let line = if begun { "train --resume killed --keep-every 0" } else { &begin };
        let before = changed(&folder);
        let mut child = nas(&folder, &words(line)).spawn().unwrap();
        if kills < KILLS {
            // From before anything is written to the middle of an epoch.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let wait = Duration::from_millis(2 + (seed >> 33) % 60);
            if begun && kills % 2 == 1 {
                // However slow the machine is, every other process comes to write a checkpoint first.
                while changed(&folder) == before && child.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            std::thread::sleep(wait);
            if child.try_wait().unwrap().is_none() {
                kills += 1;
                child.kill().unwrap();
                ended(child);
                if folder.join("killed/last.safetensors").exists() && begun {
                    steps.push(crate::made::last(&folder, "killed").position.steps);
                }
                continue;
            }
        }
        let (code, _, err) = ended(child);
        assert_eq!(code, 0, "{err}");
        break;
    }
    assert!(kills >= LEAST, "the run ended after {kills} kills");
    assert!(steps.is_sorted(), "a kill lost a checkpoint: {steps:?}");
    steps.dedup();
    assert!(steps.len() > 5, "too few kills met a training: {steps:?}");
    same(&folder, "whole", "killed");
    assert_eq!(log(&folder, "killed").len(), 120);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = folder("threads");
    let train = "train tiny.yaml --data shapes --images 200 --epochs 2";
    done(&folder, &format!("{train} --threads 1 -o one"));
    done(&folder, &format!("{train} --threads 2 -o two"));
    let (code, ..) = ended(nas(&folder, &words(&format!("{train} -o three"))).env("RAYON_NUM_THREADS", "3").spawn().unwrap());
    assert_eq!(code, 0);
    same(&folder, "one", "two");
    same(&folder, "one", "three");
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_checkpoint() {
    let folder = folder("interrupt");
    let train = "train tiny.yaml --data shapes --images 240 --epochs 60";
    done(&folder, &format!("{train} -o whole"));
    let child = nas(&folder, &words(&format!("{train} -o stopped"))).spawn().unwrap();
    while !folder.join("stopped/log.jsonl").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let signal = std::process::Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(signal.success());
    let (code, out, _) = ended(child);
    assert_eq!(code, 130);
    assert!(out.contains("stopped; `nas train --resume stopped` goes on"), "{out}");
    let position = crate::made::last(&folder, "stopped").position;
    assert!(position.epoch >= 1 && position.epoch < 60, "{position:?}");
    done(&folder, "train --resume stopped");
    same(&folder, "whole", "stopped");
    // A run that is over is left as it is.
    done(&folder, "train --resume stopped");
    same(&folder, "whole", "stopped");
}

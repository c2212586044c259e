//! `nas calibrate` and what finds its table.

use std::path::Path;
use std::path::PathBuf;

use nas::base::Machine;
use serde_json::Value;

use crate::command::folder;
use crate::command::ok;
use crate::command::run;

/// The only table in a cache.
fn kept(cache: &Path) -> PathBuf {
    let entries = std::fs::read_dir(cache.join("nas/machines")).expect("the folder of tables");
    let files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn this_machine_is_measured_kept_and_found() {
    let cache = folder("cache");
    let table = ok("calibrate --quick", Some(&cache));
    let file = kept(&cache);
    let machine = Machine::parse(&std::fs::read(&file).expect("readable")).expect("a table");
    assert_eq!(file.file_stem().and_then(|stem| stem.to_str()), Some(&*machine.name));
    assert!(table.starts_with(&machine.name) && table.contains("conv 7x7/2 3x224x224 > 64x112x112"), "{table}");
    assert!(table.ends_with(&format!("written to {}\n", file.display())), "{table}");
    assert!(machine.quick && machine.speeds[0].threads == 1);
    assert_eq!(machine.speeds.last().map(|speed| speed.threads), Some(machine.threads));
    for speed in &machine.speeds {
        assert!(speed.kernels.len() > 20 && speed.kernels.iter().all(|kernel| kernel.ns > 0));
    }

    let found: Value = serde_json::from_str(&ok("analyze lenet5 --roofline --format json", Some(&cache))).expect("JSON");
    assert_eq!(found["machine"]["name"], *machine.name);
    let by_name = ok(&format!("analyze lenet5 --roofline --machine {}", machine.name), Some(&cache));
    assert!(by_name.contains(&machine.name), "{by_name}");
    assert!(ok("plot googlenet --kind roofline", Some(&cache)).contains(&machine.name));
    for threads in [1, machine.threads] {
        let profile = ok(&format!("profile lenet5 --rounds 1 --threads {threads}"), Some(&cache));
        assert!(profile.contains(&format!("machine   {}: predicted ", machine.name)), "{profile}");
    }

    // A table under another machine's name is not this machine's.
    let text = std::fs::read_to_string(&file).expect("readable");
    std::fs::write(&file, text.replace(&machine.name, "somebody")).expect("written");
    let ran = run("analyze lenet5 --roofline", Some(&cache));
    assert!(ran.code == 2 && ran.err.contains("is the table of `somebody`"), "{}", ran.err);
    // A broken one keeps nobody from measuring.
    std::fs::write(&file, "{}").expect("written");
    let profile = ok("profile lenet5 --rounds 1", Some(&cache));
    assert!(profile.contains("`schema` is missing") && profile.contains("nas calibrate"), "{profile}");
    let ran = run("analyze lenet5 --roofline", Some(&cache));
    assert!(ran.code == 2 && ran.err.contains("`schema` is missing"), "{}", ran.err);
}

#[test]
fn a_file_is_written_instead_and_json_is_the_file() {
    let folder = folder("file");
    let file = folder.join("here.json");
    let printed = ok(&format!("calibrate --quick --threads 1 --arch scalar --json -o {}", file.display()), None);
    assert_eq!(printed, std::fs::read_to_string(&file).expect("written"));
    let machine = Machine::parse(printed.as_bytes()).expect("a table");
    assert_eq!((&*machine.arch, machine.threads, machine.speeds.len()), ("scalar", 1, 1));
    let found = ok(&format!("analyze lenet5 --roofline --machine {}", file.display()), None);
    assert!(found.contains("1 thread, scalar"), "{found}");
}

#[test]
fn where_nothing_can_be_kept_nothing_is_measured() {
    let ran = run("calibrate", None);
    assert!(ran.code == 2 && ran.err.contains("name a file with `-o`"), "{}", ran.err);
    let ran = run("calibrate --arch mmx", None);
    assert!(ran.code == 2 && ran.err.contains("`mmx` is no instruction set"), "{}", ran.err);
    let folder = folder("unwritable");
    std::fs::write(folder.join("nas"), "a file").expect("written");
    let ran = run("calibrate", Some(&folder));
    assert!(ran.code == 2 && ran.err.contains("cannot make"), "{}", ran.err);
}

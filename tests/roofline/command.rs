//! `nas analyze --roofline`, `nas plot --kind roofline` and `nas profile` with a machine's table.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// What a command printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `nas` with a cache of its own.
pub(crate) fn run(args: &str, cache: Option<&PathBuf>) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args.split(' ')).env_clear();
    if let Some(cache) = cache {
        command.env("XDG_CACHE_HOME", cache);
    }
    let output = command.output().expect("the binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

pub(crate) fn ok(args: &str, cache: Option<&PathBuf>) -> String {
    let ran = run(args, cache);
    assert_eq!(ran.code, 0, "nas {args}: {}", ran.err);
    ran.out
}

/// A new folder.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("roofline").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn every_form_says_the_same() {
    let json: Value =
        serde_json::from_str(&ok("analyze googlenet --roofline --machine example --format json", None)).expect("JSON");
    assert_eq!(json["schema"], "nas.roofline/1");
    assert_eq!(json["tree"]["madds"], 1_582_671_872_u64);
    assert_eq!(json["machine"]["name"], "example");
    let table = ok("analyze googlenet --roofline --machine example", None);
    let head = table.lines().next().expect("a line");
    assert_eq!(head, "googlenet   batch 1 on example: an example, no real machine, 2 threads, avx512");
    assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    assert!(table.contains("the ridge between them at 4.00 madds a byte"), "{table}");
    let layers = ok("analyze googlenet --roofline --machine example --depth layer", None);
    assert!(layers.lines().count() > table.lines().count() && layers.contains("reduce"), "{layers}");
    let csv = ok("analyze googlenet lenet5 --roofline --machine example --threads 1 --format csv", None);
    let commas = |line: &str| line.matches(',').count();
    assert!(csv.lines().all(|line| commas(line) == 15), "{csv}");
    let sum: u128 = csv.lines().skip(1).filter(|line| line.starts_with("googlenet,")).map(madds).sum();
    assert_eq!(sum, 1_582_671_872);
    let markdown = ok("analyze googlenet --roofline --machine example --depth layer --format markdown", None);
    assert!(markdown.contains("| conv 7x7/2 3x224x224 &gt; 64x112x112 |"), "{markdown}");
    assert!(ok("analyze googlenet --roofline --machine example --format latex", None).contains("\\bottomrule"));
    let narrow = Command::new(env!("CARGO_BIN_EXE_nas"))
        .args("analyze googlenet --roofline --machine example".split(' '))
        .env("COLUMNS", "60")
        .output()
        .expect("it runs");
    let narrow = String::from_utf8(narrow.stdout).expect("UTF-8");
    let tree: Vec<&str> = narrow.lines().skip(3).take_while(|line| !line.is_empty()).collect();
    assert!(tree.iter().all(|line| line.chars().count() <= 60), "{narrow}");
}

fn madds(line: &str) -> u128 {
    line.split(',').nth(7).and_then(|cell| cell.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn a_machine_is_never_assumed() {
    let cache = folder("empty");
    for args in ["analyze lenet5 --roofline", "plot lenet5 --kind roofline"] {
        for cache in [Some(&cache), None] {
            let ran = run(args, cache);
            assert!(ran.code == 2 && ran.out.is_empty(), "{args}: {}", ran.err);
            assert!(ran.err.contains("no table of this machine") && ran.err.contains("`nas calibrate`"), "{}", ran.err);
            assert!(ran.err.contains("`--machine`"), "{}", ran.err);
        }
    }
    let profile = ok("profile lenet5 --rounds 1", Some(&cache));
    assert!(profile.contains("\nmachine   ") && profile.contains("`nas calibrate`"), "{profile}");
    assert!(!profile.contains("predicted "), "{profile}");
}

#[test]
fn a_profile_is_set_against_a_table() {
    let table = ok("profile googlenet --rounds 1 --threads 2 --machine example", None);
    assert!(table.contains("\nmachine   example: predicted ") && table.contains(" % of the peak"), "{table}");
    let head = table.lines().find(|line| line.starts_with("step")).expect("a heading");
    assert!(head.contains("predicted") && head.contains("% of peak"), "{head}");
    for flag in ["", " --training --batch 2"] {
        let found = ok(&format!("profile lenet5 --rounds 1 --threads 1 --machine example --format json{flag}"), None);
        let found: Value = serde_json::from_str(&found).expect("JSON");
        let steps = found["steps"].as_array().expect("steps");
        let sum: u64 = steps.iter().map(|step| step["predicted_ns"].as_u64().expect("a prediction")).sum();
        assert_eq!(found["predicted"]["ns"], sum);
        assert!(sum > 0 && steps.iter().any(|step| step["share_of_peak"].as_f64().is_some_and(|share| share > 0.0)), "{found}");
    }
    // The steps of inference are those of the roofline where both cut alike and kernels do what the definition says.
    let profile: Value =
        serde_json::from_str(&ok("profile googlenet --no-winograd --rounds 1 --threads 2 --machine example --format json", None))
            .expect("JSON");
    let roofline: Value =
        serde_json::from_str(&ok("analyze googlenet --roofline --machine example --format json", None)).expect("JSON");
    assert_eq!(profile["predicted"]["ns"], roofline["tree"]["predicted_ns"]);
    let csv = ok("profile lenet5 --rounds 1 --threads 1 --machine example --format csv", None);
    assert!(csv.starts_with("path,fused,kernel,madds,forward_ns,backward_ns,predicted_ns\n"), "{csv}");
    let ran = run("profile lenet5 --threads 3 --machine example", None);
    assert!(ran.code == 2 && ran.err.contains("no speed for 3 threads"), "{}", ran.err);
}

#[test]
fn wrong_wishes_are_told() {
    let cache = folder("wrong");
    for (args, says) in [
        ("analyze lenet5 --machine example", "--roofline"),
        ("analyze lenet5 --threads 1", "--roofline"),
        ("analyze lenet5 --roofline --memory", "cannot be used with"),
        ("analyze lenet5 --roofline --machine exampel", "did you mean `example`?"),
        ("analyze lenet5 --roofline --machine somebody", "no file and no table of a machine `somebody`; there are example"),
        ("analyze lenet5 --roofline --machine ../example", "no file and no table"),
        ("analyze lenet5 --roofline --machine example --threads 4", "has speeds for 1 and 2 threads"),
        ("analyze lenet5 --roofline --machine example --batch 0", "--batch"),
        ("plot lenet5 --machine example", "`--kind roofline`"),
        ("plot lenet5 nin --kind roofline --machine example", "shows one spec"),
    ] {
        let ran = run(args, Some(&cache));
        assert!(ran.code == 2 && ran.err.contains(says), "nas {args}: {} {}", ran.code, ran.err);
    }
}

#[test]
fn a_bad_table_is_told_by_file_and_field() {
    let folder = folder("bad");
    let example = include_str!("../../src/cli/machine/example.json");
    let files: [(&str, String, &str); 5] = [
        ("spec.json", "nas: 1".to_owned(), "it is no JSON"),
        ("foreign.json", "{\"schema\": \"nas.report/1\"}".to_owned(), "`schema` is `nas.report/1`, not `nas.machine/1`"),
        ("old.json", example.replace("nas.machine/1", "nas.machine/0"), "`schema` is `nas.machine/0`"),
        ("text.json", example.replace("50000000000", "\"fast\""), "`speeds[0].peak_madds_per_second` is wrong"),
        ("zero.json", example.replace("25000000000", "0"), "`speeds[1].read_bytes_per_second` is zero"),
    ];
    for (name, text, says) in files {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("written");
        let ran = run(&format!("analyze lenet5 --roofline --machine {}", file.display()), None);
        assert!(ran.code == 2 && ran.err.contains(name) && ran.err.contains(says), "{name}: {}", ran.err);
    }
}

//! `nas grow` as a user meets it.

mod command;

use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Duration;
use std::time::Instant;

use safetensors::SafeTensors;
use serde_json::Value;

use command::nas;

const SEED: &str = "\
nas: 1
name: sprout
input: {image: [3, 16, 16]}
defaults: {conv: {norm: batch, act: relu}}
net:
  stem:   {conv: 8, kernel: 3}
  mid:    {conv: 16, kernel: 3, stride: 1}
  gap:    {avg: global, from: mid}
  logits: {fc: 4}
train: {epochs: 2, batch: 20, lr: 0.05}
";
/// A pooling after each module, on which 16x16 becomes 8x8 once.
const ASKED: &str = "--data shapes --images 160 --stages 2 --align 4 --pool-every 1 --images-looked 60 --controls 2";

/// A folder with the seed and a growth of it by two modules.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grow");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("other")).unwrap();
    std::fs::create_dir_all(folder.join("mine")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("sprout.yaml", SEED);
    write("wide.yaml", &SEED.replace("{conv: 8,", "{conv: 12,"));
    write("flat.yaml", &SEED.replace("  gap:    {avg: global, from: mid}\n", ""));
    write("bare.yaml", &SEED.replace("  logits: {fc: 4}\n", ""));
    write(
        "headed.yaml",
        &SEED
            .replace("  logits: {fc: 4}\n", "")
            .replace("  gap:    {avg: global, from: mid}\n", "")
            .replace("train:", "heads:\n  main: {net: [{avg: global}, {fc: 4}]}\ntrain:"),
    );
    write("other/note.txt", "mine");
    write("mine/seed.yaml", SEED);
    write("tiny.yaml", &SEED.replace("stride: 1", "stride: 8"));
    let (code, out, err) = nas(&folder, &format!("grow sprout.yaml {ASKED} -o grown"));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("all 2 modules that were asked for are there"), "{out}");
    folder
});

fn done(args: &str) -> String {
    let (code, out, err) = nas(&FOLDER, args);
    assert_eq!(code, 0, "`nas {args}`: {err}");
    out
}

fn read(file: &str) -> String {
    std::fs::read_to_string(FOLDER.join(file)).unwrap()
}

fn grown(folder: &str) -> Value {
    serde_json::from_str(&read(&format!("{folder}/grow.json"))).unwrap()
}

fn stages(grown: &Value) -> &Vec<Value> {
    grown["stages"].as_array().unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// Counts are those of the spec that is written, widths those of its layers, accuracies those of the run.
#[test]
fn a_network_grows_by_a_module_a_stage() {
    let found = grown("grown");
    assert_eq!((stages(&found).len(), &found["stopped"]), (3, &Value::from("stages")));
    // A quarter more than is read, to the nearest multiple of 4: 20, and 24 for 25.
    let channels = [16, 20, 24];
    for (number_of, stage) in stages(&found).iter().enumerate() {
        let spec = format!("grown/{number_of}/spec.yaml");
        let analysis: Value = serde_json::from_str(&done(&format!("analyze {spec} --format json"))).unwrap();
        for key in ["madds", "params"] {
            assert_eq!(analysis["totals"][key], stage[key], "{spec}: {key}");
        }
        let runs: Value = serde_json::from_str(&done(&format!("runs grown/{number_of} --json"))).unwrap();
        assert_eq!(runs["runs"][0]["validation_accuracy"], stage["validation"]);
        assert_eq!(runs["runs"][0]["test_accuracy"], stage["test"]);
        let text = read(&spec);
        let Some(path) = stage["added"]["path"].as_str() else { continue };
        let width: u64 = stage["added"]["branches"].as_array().unwrap().iter().map(|branch| number(&branch["width"])).sum();
        let reads = number(&stage["added"]["reads"][0]);
        assert_eq!([reads, width], channels[number_of - 1..=number_of]);
        for branch in stage["added"]["branches"].as_array().unwrap() {
            let line = format!("  {path}/{}: {{conv: {},", branch["covers"].as_str().unwrap(), branch["width"]);
            assert!(text.contains(&line), "{line} in {text}");
            // The spec's defaults hold.
            let line = text.lines().find(|other| other.starts_with(&line)).unwrap();
            assert!(line.contains("norm: batch") && line.contains("act: relu"), "{line}");
        }
        // Evidence stands right above the module, or the pooling in front of it.
        let lines: Vec<&str> = text.lines().collect();
        let note = lines.iter().position(|line| line.starts_with(&format!("  #| {path} reads"))).unwrap();
        let next = lines[note..].iter().find(|line| !line.trim_start().starts_with("#|")).unwrap();
        let first = stage["added"]["pool"].as_str().unwrap_or(path);
        assert!(next.starts_with(&format!("  {first}")), "{next}");
    }
    let of = |stage: usize, key: &str| stages(&found)[stage]["added"][key].clone();
    assert_eq!((of(1, "pool"), of(2, "pool")), (Value::Null, Value::from("g2-pool")));
    assert_eq!((of(1, "reads")[1].clone(), of(2, "reads")[1].clone()), (16.into(), 8.into()));
    // What is over is told again and stays as it is.
    let before = read("grown/grow.json");
    assert_eq!(done("grow grown"), done(&format!("grow sprout.yaml {ASKED} -o grown")));
    assert_eq!(read("grown/grow.json"), before);
}

/// A tensor's bytes.
fn tensor(bytes: &[u8], path: &str) -> Vec<u8> {
    SafeTensors::deserialize(bytes).unwrap().tensor(path).unwrap().data().to_vec()
}

/// A growth in a new folder, as soon as a file is there.
fn begun_until(folder: &str, file: &str) -> Child {
    let _ = std::fs::remove_dir_all(FOLDER.join(folder));
    let args = format!("grow sprout.yaml {ASKED} -o {folder}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args.split_whitespace()).current_dir(&*FOLDER).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    let begun = Instant::now();
    while !FOLDER.join(file).exists() {
        assert!(begun.elapsed() < Duration::from_secs(600), "`{file}` never comes");
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

/// Stopped by Ctrl-C it says how to go on, and does; meanwhile nobody else grows there.
#[cfg(unix)]
#[test]
fn a_growth_is_stopped_and_gone_on_with() {
    let child = begun_until("stopped", "stopped/0/run.json");
    let (code, _, err) = nas(&FOLDER, "grow stopped");
    assert!(code == 2 || code == 3, "{err}");
    assert!(err.contains("is being trained by another process"), "{err}");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("stopped; `nas grow stopped` goes on"), "{told}");
    // From another folder: what is written does not hang on how the growth is named.
    let (code, _, err) = nas(&FOLDER.join("other"), "grow ../stopped");
    assert_eq!(code, 0, "{err}");
    let read = |folder: &str| std::fs::read(FOLDER.join(folder).join("2/run.json")).unwrap();
    assert_eq!(read("stopped"), read("grown"));
}

/// The first checkpoint of a stage has the numbers of the stage before it, but for the module and what reads it; gone on with after a kill it ends as
/// one that was not killed.
#[test]
fn layers_keep_their_numbers_and_a_kill_changes_nothing() {
    let folder = FOLDER.as_path();
    let bytes = |file: &str| std::fs::read(folder.join(file)).unwrap();
    // On a machine that does much else an epoch may be over before the kill.
    let was_early = (0..10).any(|_| {
        let mut child = begun_until("killed", "killed/1/run.json");
        child.kill().unwrap();
        child.wait().unwrap();
        let start = bytes("killed/1/last.safetensors");
        let metadata = SafeTensors::read_metadata(&start).unwrap().1.metadata().clone().unwrap();
        metadata["nas"].contains("\"steps\":0,")
    });
    assert!(was_early, "it is always killed too late");
    let (best, start) = (bytes("killed/0/best.safetensors"), bytes("killed/1/last.safetensors"));
    let names = SafeTensors::deserialize(&best).unwrap().names().into_iter().map(str::to_owned).collect::<Vec<String>>();
    let old: Vec<&String> = names.iter().filter(|name| name.starts_with("stem") || name.starts_with("mid")).collect();
    // Weight, and scale, shift, mean and variance of the norm.
    assert_eq!(old.len(), 10);
    for name in old {
        assert_eq!(tensor(&start, name), tensor(&best, name), "{name}");
    }
    // The classifier's bias fits, and begins anew all the same.
    let (bias, learned) = (tensor(&start, "logits:fc.bias"), tensor(&best, "logits:fc.bias"));
    assert!(bias.iter().all(|&byte| byte == 0) && learned.iter().any(|&byte| byte != 0));
    let (code, _, err) = nas(folder, "grow killed --threads 1");
    assert_eq!(code, 0, "{err}");
    let without_seconds =
        |text: String| text.lines().filter(|line| !line.contains("\"seconds\"")).collect::<Vec<&str>>().join("\n");
    assert_eq!(without_seconds(read("killed/grow.json")), without_seconds(read("grown/grow.json")));
    assert_eq!(bytes("killed/2/best.safetensors"), bytes("grown/2/best.safetensors"));
}

/// One multiply-add less than a module takes: it is narrowed, and the last. What the seed takes holds no module.
#[test]
fn the_budget_is_never_exceeded() {
    let asked = "--data shapes --images 160 --align 4 --pool-every 1 --images-looked 60 --controls 2";
    let wanted = number(&stages(&grown("grown"))[1]["madds"]);
    let seed = number(&stages(&grown("grown"))[0]["madds"]);
    done(&format!("grow sprout.yaml {asked} --budget {} -o narrow", wanted - 1));
    let narrow = grown("narrow");
    let last = stages(&narrow).last().unwrap();
    assert_eq!((stages(&narrow).len(), &narrow["stopped"]), (2, &Value::from("budget")));
    assert!(number(&last["madds"]) < wanted && number(&last["madds"]) > seed);
    let [width, wide] = ["width", "asked"].map(|key| number(&last["added"][key]));
    assert!(width < wide && 2 * width >= wide && width % 4 == 0, "{width} of {wide}");
    let text = read("narrow/1/spec.yaml");
    assert!(text.contains(&format!("budget: {{madds: {}}}", wanted - 1)), "{text}");
    assert_eq!(nas(&FOLDER, "check narrow/1/spec.yaml").0, 0);
    let out = done(&format!("grow sprout.yaml {asked} --budget {seed} -o none"));
    assert!(out.contains("another module does not fit the budget"), "{out}");
    assert_eq!(stages(&grown("none")).len(), 1);
}

/// Each with its exit code and what it must say.
#[test]
fn bad_input_is_told() {
    let seed = number(&stages(&grown("grown"))[0]["madds"]);
    for (args, code, wants) in [
        ("grow flat.yaml --data shapes --stages 1 -o x".to_owned(), 2, "no global pool"),
        ("grow bare.yaml --data shapes --stages 1 -o x".to_owned(), 2, "no classifier behind its global pool `gap`"),
        ("grow headed.yaml --data shapes --stages 1 -o x".to_owned(), 2, "stands in no layer of the section `net`"),
        (format!("grow sprout.yaml --data shapes --budget {} -o x", seed - 1), 2, "more than the budget"),
        ("grow sprout.yaml --data shapes --budget params=1M -o x".to_owned(), 2, "multiply-adds"),
        ("grow sprout.yaml --data shapes -o x".to_owned(), 2, "nothing says when to end"),
        ("grow sprout.yaml --data shapes --stages 1".to_owned(), 2, "-o FOLDER"),
        ("grow sprout.yaml --stages 1 -o x".to_owned(), 2, "--data DATA"),
        ("grow sprout.yaml --data missing --stages 1 -o x".to_owned(), 2, "missing"),
        ("grow sprout.yaml --data shapes --stages 1 --width 0 -o x".to_owned(), 2, "above 0"),
        ("grow sprout.yaml --data shapes --images 10 --stages 1 -o x".to_owned(), 3, "--batch"),
        ("grow other".to_owned(), 2, "is no growth"),
        ("grow sprout.yaml --data shapes --stages 1 -o other".to_owned(), 2, "other files"),
        (format!("grow sprout.yaml {ASKED} --rank pca95 -o grown"), 2, "`--rank` coherent, not pca95"),
        ("grow grown --lr 0.5".to_owned(), 2, "`--lr` 0.05, not 0.5"),
        ("grow grown --images 170".to_owned(), 2, "`--images` 160, not 170"),
        (format!("grow wide.yaml {ASKED} -o grown"), 2, "another spec"),
        (format!("grow wide.yaml {ASKED} -o mine"), 2, "another spec than the seed"),
        (format!("grow tiny.yaml {ASKED} -o x"), 2, "too small"),
    ] {
        let (found, _, err) = nas(&FOLDER, &args);
        assert_eq!(found, code, "`nas {args}`: {err}");
        assert!(err.contains(wants), "`nas {args}`: {err}");
    }
    assert!(!FOLDER.join("x/grow.json").exists());
}

//! Runs side by side, their pictures, and what their layers give: the binary over tiny trainings.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::OnceLock;

use serde_json::Value;
use serde_json::json;

use nas::data::Part;
use nas::data::Shapes;
use nas::exec::Inference;
use nas::exec::InferencePlan;
use nas::graph::Graph;
use nas::graph::Layout;
use nas::graph::State;
use nas::kernel::Arch;
use nas::train::Checkpoint;
use nas::train::Feed;
use nas::train::Normalisation;
use nas::train::Run;

/// Modules, a layer whose value is a view, one that is a single pixel, a head that inference leaves out.
const TINY: &str = "nas: 1
name: tiny
input: {image: [3, 8, 8]}
defaults: {conv: {norm: batch, act: relu}}
net:
  stem: {conv: 4, kernel: 3}
  mix: {inception: {1x1: 2, 3x3: [2, 3], 5x5: [2, 2], pool: 2}}
  drop: {dropout: 0.2}
  down: {max: 2, stride: 2}
  gap: {avg: global}
  logits: {fc: 3}
heads:
  main: {from: logits}
  aux: {net: [{avg: global}, {fc: 3}], from: stem, weight: 0.3, train_only: true}
train: {epochs: 2, batch: 16, lr: 0.02, ema: 0.5}
";
/// Images for training; for testing a fifth.
const IMAGES: usize = 80;

fn nas(folder: &Path, line: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(line.split_whitespace()).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache"));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn done(folder: &Path, line: &str) -> String {
    let (code, out, err) = nas(folder, line);
    assert_eq!(code, 0, "`{line}`: {err}");
    out
}

/// A folder with a run of two epochs, `runs/a`, that was shown the images for testing.
fn trained() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("runs");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("tiny.yaml"), TINY).unwrap();
        done(&folder, &format!("train tiny.yaml --data shapes --images {IMAGES} -o runs/a"));
        done(&folder, "eval runs/a");
        folder
    })
}

/// A new folder beside the run.
fn place(name: &str) -> PathBuf {
    let folder = trained().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn epoch(number: u32, validation: f64, best: bool, rate: f64) -> Value {
    json!({"epoch": number, "steps": 4 * number, "lr": 0.1, "loss": 1.5 / f64::from(number), "accuracy": 0.25,
        "validation_loss": 1.25 / f64::from(number), "validation_accuracy": validation, "best": best, "images_per_second": rate})
}

/// A run with other settings, another log, and an accuracy on the images for testing.
fn made(path: &Path, settings: &[(&str, &str)], epochs: &[Value], test: Option<[u64; 2]>) {
    let from = trained().join("runs/a");
    std::fs::create_dir_all(path).unwrap();
    let mut about: Value = serde_json::from_slice(&std::fs::read(from.join("run.json")).unwrap()).unwrap();
    for (name, value) in settings {
        about["settings"][name] = (*value).into();
    }
    std::fs::write(path.join("run.json"), about.to_string()).unwrap();
    std::fs::copy(from.join("spec.yaml"), path.join("spec.yaml")).unwrap();
    std::fs::write(path.join("log.jsonl"), epochs.iter().fold(String::new(), |text, epoch| format!("{text}{epoch}\n"))).unwrap();
    if let Some([right, images]) = test {
        let mut found: Value = serde_json::from_slice(&std::fs::read(from.join("test/evaluation.json")).unwrap()).unwrap();
        (found["top1"], found["images"]) = (right.into(), images.into());
        std::fs::create_dir_all(path.join("test")).unwrap();
        std::fs::write(path.join("test/evaluation.json"), found.to_string()).unwrap();
    }
}

#[test]
fn a_training_and_its_evaluation_leave_pictures() {
    let run = trained().join("runs/a");
    let picture = |name: &str| std::fs::read_to_string(run.join(name)).unwrap();
    let curves = picture("curves.svg");
    assert!(curves.contains(">tiny: training</text>") && curves.contains(">validation</text>"), "{curves}");
    assert!(curves.contains(">best epoch, "), "{curves}");
    for part in ["val", "test"] {
        let confusion = picture(&format!("{part}/confusion.svg"));
        assert!(confusion.contains(">square</text>") && confusion.contains(" taken for "), "{confusion}");
    }
    let found: Value = serde_json::from_str(&done(trained(), "runs runs --json")).unwrap();
    let [entry] = &found["runs"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(
        (&found["schema"], &entry["run"], &entry["standing"]),
        (&"nas.runs/1".into(), &"runs/a".into(), &"finished".into())
    );
    assert_eq!((&entry["epochs"], &entry["planned"], &entry["seed"]), (&2.into(), &2.into(), &0.into()));
    let judged: Value = serde_json::from_str(&picture("test/evaluation.json")).unwrap();
    let share = judged["top1"].as_f64().unwrap() / judged["images"].as_f64().unwrap();
    assert!((entry["test_accuracy"].as_f64().unwrap() - share).abs() < 1e-12, "{entry}");
    assert_eq!(found["groups"], json!([]), "one seed is no group");
}

#[test]
fn runs_are_grouped_over_their_seeds() {
    let folder = place("grouped");
    let log = |best: f64| [epoch(1, 0.5, true, 100.0), epoch(2, best, true, 400.0)];
    made(&folder.join("x/s0"), &[("seed", "0")], &log(0.6), Some([70, 100]));
    made(&folder.join("x/s1"), &[("seed", "1")], &log(0.7), Some([80, 100]));
    // The third is best in its first epoch, and was not shown the images for testing.
    made(&folder.join("x/s2"), &[("seed", "2")], &[epoch(1, 0.95, true, 10.0), epoch(2, 0.2, false, 20.0)], None);
    // Neither of another rate, nor one that is not over, nor a seed twice.
    made(&folder.join("x/rate"), &[("seed", "3"), ("lr", "0.5")], &log(0.1), None);
    made(&folder.join("x/halfway"), &[("seed", "4")], &log(0.1)[..1], None);
    made(&folder.join("x/t0"), &[("seed", "0")], &log(0.1), None);
    let found: Value = serde_json::from_str(&done(&folder, "runs . --json")).unwrap();
    let names: Vec<&str> = found["runs"].as_array().unwrap().iter().map(|run| run["run"].as_str().unwrap()).collect();
    assert_eq!(names, ["./x/halfway", "./x/rate", "./x/s0", "./x/s1", "./x/s2", "./x/t0"]);
    let [group] = &found["groups"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(group["runs"], json!(["./x/s0", "./x/s1", "./x/s2"]));
    assert_eq!(group["label"], "tiny, lr 0.02");
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-12;
    // 0.6, 0.7, 0.95: mean 0.75, squares 0.0225 + 0.0025 + 0.04 over 2. 0.7, 0.8: mean 0.75, squares 0.005 over 1.
    let (validation, test) = (&group["validation_accuracy"], &group["test_accuracy"]);
    assert!(near(&validation["mean"], 0.75) && near(&validation["deviation"], 0.0325_f64.sqrt()), "{group}");
    assert!(near(&test["mean"], 0.75) && near(&test["deviation"], 0.005_f64.sqrt()), "{group}");
    assert_eq!((&validation["seeds"], &test["seeds"]), (&3.into(), &2.into()));
    let third = &found["runs"][4];
    assert_eq!((&third["best_epoch"], &third["images_per_second"]), (&1.into(), &15.0.into()));

    let table = done(&folder, "runs x --sort validation");
    let first: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!((first[0], first[7..10].join(" ")), ("x/s2", "95.00 % (1)".to_owned()), "{table}");
    assert!(table.contains("1/2, stopped") && table.contains("75.00 ± 18.03 %  75.00 ± 7.07 % (2)\n"), "{table}");
    let order = |sort: &str| {
        let csv = done(&folder, &format!("runs x --format csv --sort {sort}"));
        csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(order("test")[..2], ["x/s1", "x/s0"]);
    assert_eq!(order("speed")[5], "x/s2");
    let markdown = done(&folder, "runs x/s0 x/s1 --format markdown");
    assert!(
        markdown.contains("| x/s0 | tiny | ") && markdown.contains("| tiny | 2 | 65.00 ± 7.07 % | 75.00 ± 7.07 % |"),
        "{markdown}"
    );
    done(&folder, "runs x -o table.csv");
    assert!(std::fs::read_to_string(folder.join("table.csv")).unwrap().starts_with("run,network,"));
}

#[test]
fn other_networks_images_and_beginnings_are_no_group() {
    let folder = place("others");
    let log = [epoch(1, 0.5, true, 100.0), epoch(2, 0.5, false, 100.0)];
    for seed in ["0", "1", "2", "3"] {
        made(&folder.join(seed), &[("seed", seed)], &log, None);
    }
    // The same multiply-adds and parameters, another network.
    let spec = folder.join("1/spec.yaml");
    std::fs::write(&spec, std::fs::read_to_string(&spec).unwrap().replace("{dropout: 0.2", "{dropout: 0.4")).unwrap();
    let change = |seed: &str, change: fn(&mut Value)| {
        let file = folder.join(seed).join("run.json");
        let mut about: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        change(&mut about);
        std::fs::write(file, about.to_string()).unwrap();
    };
    change("2", |about| about["data"]["digest"] = "0".into());
    change("3", |about| about["began_with"] = "runs/x".into());
    let found: Value = serde_json::from_str(&done(&folder, "runs . --json")).unwrap();
    assert_eq!(found["groups"], json!([]));
    let labels: Vec<&str> = found["runs"].as_array().unwrap().iter().map(|run| run["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["tiny (1)", "tiny (2)", "tiny (3)", "tiny (4)"]);
}

#[test]
fn a_run_tells_how_it_stands() {
    let folder = place("standing");
    let log: Vec<Value> = (1..=4).map(|number| epoch(number, 0.5, number == 1, 100.0)).collect();
    made(&folder.join("early"), &[("epochs", "9"), ("patience", "3")], &log, None);
    made(&folder.join("open"), &[("epochs", "9"), ("patience", "4")], &log, None);
    made(&folder.join("new"), &[], &[], None);
    let lock = std::fs::File::create(folder.join("open/lock")).unwrap();
    lock.lock().unwrap();
    let table = done(&folder, "runs .");
    for words in ["4/9, early", "4/9, training", "0/2, stopped"] {
        assert!(table.contains(words), "{table}");
    }
    drop(lock);
    assert!(done(&folder, "runs open").contains("4/9, stopped"));
    // A line that is being written is not there yet.
    std::fs::write(folder.join("open/log.jsonl"), format!("{}\n{{\"epoch\": 2,", log[0])).unwrap();
    assert!(done(&folder, "runs open").contains("1/9, stopped"));
}

#[test]
fn what_cannot_be_read_keeps_nobody_from_the_others() {
    let folder = place("broken");
    made(&folder.join("good"), &[], &[epoch(1, 0.5, true, 100.0)], None);
    made(&folder.join("judged"), &[], &[epoch(1, 0.5, true, 100.0)], Some([1, 2]));
    std::fs::write(folder.join("judged/test/evaluation.json"), "[]").unwrap();
    made(&folder.join("logged"), &[], &[json!(1), json!(2)], None);
    std::fs::create_dir_all(folder.join("cut")).unwrap();
    std::fs::write(folder.join("cut/run.json"), "{").unwrap();
    std::fs::create_dir_all(folder.join("newer")).unwrap();
    std::fs::write(folder.join("newer/run.json"), "{\"schema\": \"nas.run/9\"}").unwrap();
    let (code, out, err) = nas(&folder, "runs .");
    assert_eq!(code, 3, "{err}");
    for words in [
        "./good",
        "`./cut` is no run that is known",
        "`./judged/test/evaluation.json` is no evaluation",
        "`./logged/log.jsonl` is no log of a run: line 1",
        "`./newer` has the form `nas.run/9`",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
    let (code, json, _) = nas(&folder, "runs . --json");
    let found: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, found["broken"].as_array().unwrap().len(), found["runs"].as_array().unwrap().len()), (3, 4, 1));
    let (_, csv, _) = nas(&folder, "runs . --format csv");
    let columns: Vec<usize> = csv.lines().map(|line| line.matches(',').count()).collect();
    assert!(columns.iter().all(|&commas| commas >= 12), "{csv}");
    for (line, words) in [
        ("runs nowhere", "cannot read `nowhere`"),
        ("runs good/test", "cannot read `good/test`"),
        ("runs ../cache", "there is no run in `../cache`"),
        ("runs . --plot a.pdf", "SVG or PNG"),
        ("runs . --plot a.svg --dpi 100", "`--dpi` is for PNG"),
        ("runs . -o a.pdf", "names no form"),
        ("runs", "required"),
    ] {
        std::fs::create_dir_all(trained().join("cache")).unwrap();
        let (code, _, err) = nas(&folder, line);
        assert!(code == 2 && err.contains(words), "{line}: {code} {err}");
    }
}

#[test]
fn curves_of_runs_are_drawn() {
    let folder = place("drawn");
    for (seed, rate) in [("0", "0.1"), ("1", "0.1"), ("0", "0.2")] {
        made(
            &folder.join(format!("{rate}-{seed}")),
            &[("seed", seed), ("lr", rate)],
            &[epoch(1, 0.5, true, 1.0), epoch(2, 0.6, true, 1.0)],
            None,
        );
    }
    done(&folder, "runs . --plot curves.svg");
    let svg = std::fs::read_to_string(folder.join("curves.svg")).unwrap();
    assert!(svg.contains(">tiny, lr 0.1, mean and range of 2 seeds</text>") && svg.contains(">tiny, lr 0.2</text>"), "{svg}");
    assert_eq!(svg.matches("fill-opacity").count(), 2, "a band of loss and one of accuracy");
    done(&folder, "runs 0.2-0 --plot one.png --theme dark --width column --dpi 100");
    assert!(std::fs::read(folder.join("one.png")).unwrap().starts_with(b"\x89PNG"));
    done(&folder, "runs 0.2-0 --plot one.svg");
    assert!(std::fs::read_to_string(folder.join("one.svg")).unwrap().contains(">tiny: training</text>"));
}

/// The run's network.
fn network(run: &Run) -> Graph {
    let text = std::fs::read_to_string(run.spec()).unwrap();
    let mut sources = nas::base::Sources::default();
    let file = sources.add("spec.yaml", text);
    let loaded = nas::spec::load(&mut sources, file, &mut |_, _| Err("nothing to extend".to_owned()));
    nas::spec::lower(&loaded.spec.unwrap(), nas::expr::Decisions::default(), None).graph.unwrap()
}

/// What nodes of the run give for images of a part, in a batch of their own, and the labels.
fn values(graph: &Graph, state: &State, run: &Run, part: Part, fused: bool, path: &str) -> Vec<f32> {
    let (images, test) = (IMAGES, IMAGES / 5);
    let dataset = Shapes { classes: 3, channels: 3, size: [8, 8], train: images, test, ..Shapes::default() }.generate().unwrap();
    let normalisation = Normalisation { mean: run.about.mean.clone(), deviation: run.about.deviation.clone() };
    let shown = dataset.part(part);
    let input = graph.node(graph.inputs().next().unwrap()).shape;
    let feed = Feed::new(shown, input, &normalisation).unwrap();
    let mut batch = vec![0.0; shown.len() * input.elements() as usize];
    feed.plain(&(0..shown.len()).collect::<Vec<usize>>(), &mut batch);
    let node = graph.nodes().find(|&node| graph.path(node) == path).unwrap();
    let arch = std::env::var("NAS_ARCH").map_or_else(|_| Arch::best(), |name| Arch::named(&name).unwrap());
    let plan = InferencePlan { images: shown.len(), kernels: arch.into(), keep: &[node], fused };
    let mut inference = Inference::new(graph, state, &plan);
    inference.run(&[&batch]);
    inference.value(node)
}

#[test]
fn every_layer_is_written_as_inference_computes_it() {
    let folder = place("layers");
    let run = Run::open(&trained().join("runs/a")).unwrap();
    let graph = network(&run);
    let layout = Arc::new(Layout::of(&graph));
    let best = Checkpoint::read(&run.best(), &layout).unwrap();
    let (average, weights) = (best.average.unwrap(), Checkpoint::read(&run.last(), &layout).unwrap().state);
    assert_ne!(average, weights);
    let computed = graph.in_inference();
    let nodes = graph.nodes().filter(|&node| computed[node.index()] && graph.node(node).op.is_some());
    let mut looked_at = 0;
    for node in nodes {
        let (path, shape) = (graph.path(node), graph.node(node).shape);
        // Batches of 5 and one of 1.
        done(&folder, &format!("activations ../runs/a --layer {path} --batch 5 -o a.npy"));
        let bytes = std::fs::read(folder.join("a.npy")).unwrap();
        let images = IMAGES / 5;
        let dims = if (shape.h, shape.w) == (1, 1) {
            format!("({images}, {})", shape.c)
        } else {
            format!("({images}, {}, {}, {})", shape.c, shape.h, shape.w)
        };
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00", "{path}");
        let head = std::str::from_utf8(&bytes[10..128]).unwrap();
        assert_eq!(head.trim_end(), format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {dims}, }}"), "{path}");
        let wanted = values(&graph, &average, &run, Part::Test, true, &path);
        let wanted: Vec<u8> = wanted.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert!(bytes[128..] == wanted, "{path} differs");
        let numbers: Vec<f32> = bytes[128..].chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        let plain = values(&graph, &average, &run, Part::Test, false, &path);
        let far = numbers.iter().zip(&plain).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-4 && numbers.len() == plain.len(), "{path} is {far} from what the plain steps give");
        looked_at += 1;
    }
    assert!(looked_at > 20, "{looked_at}");
}

#[test]
fn layers_and_labels_stand_in_one_file() {
    let folder = place("several");
    let run = Run::open(&trained().join("runs/a")).unwrap();
    let graph = network(&run);
    let last = Checkpoint::read(&run.last(), &Arc::new(Layout::of(&graph))).unwrap();
    let line = "activations ../runs/a --layer mix --layer stem:conv --layer mix/3x3 --part train --which last --batch 9 --json -o a.safetensors";
    let told: Value = serde_json::from_str(&done(&folder, line)).unwrap();
    assert_eq!((&told["schema"], &told["images"]), (&"nas.activations/1".into(), &IMAGES.into()));
    assert_eq!((&told["layers"][0]["node"], &told["layers"][2]["node"]), (&"mix:concat".into(), &"mix/3x3:act".into()));
    let bytes = std::fs::read(folder.join("a.safetensors")).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let head: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let about: Value = serde_json::from_str(head["__metadata__"]["nas"].as_str().unwrap()).unwrap();
    assert_eq!((&about, length % 8), (&told, 0));
    let array = |name: &str| {
        let [begin, end] = [0, 1].map(|at| head[name]["data_offsets"][at].as_u64().unwrap() as usize);
        &bytes[8 + length..][begin..end]
    };
    for (name, node) in [("mix", "mix:concat"), ("stem:conv", "stem:conv"), ("mix/3x3", "mix/3x3:act")] {
        // `stem:conv` is kept here and beside the others not fused, which rounds otherwise.
        let numbers: Vec<f32> = array(name).chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        let wanted = values(&graph, &last.state, &run, Part::Train, true, node);
        let far = numbers.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-4 && numbers.len() == wanted.len(), "{name}: {far}");
    }
    assert_eq!(head["mix"]["shape"], json!([IMAGES, 9, 8, 8]));
    let labels: Vec<i64> = array("labels").chunks_exact(8).map(|eight| i64::from_le_bytes(eight.try_into().unwrap())).collect();
    let shapes = Shapes { classes: 3, channels: 3, size: [8, 8], train: IMAGES, test: IMAGES / 5, ..Shapes::default() };
    let wanted: Vec<i64> = shapes.generate().unwrap().train().labels().iter().map(|&label| i64::from(label)).collect();
    assert_eq!((labels, head["labels"]["dtype"].as_str()), (wanted, Some("I64")));
    // The bytes are those of the crate that everybody reads with.
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("mix").unwrap().data(), array("mix"));

    // The images set aside, and some of all classes.
    let told = done(&folder, "activations ../runs/a --layer logits --part val -o val.safetensors");
    assert!(told.starts_with("logits:fc  8x3  ") && told.contains("tiny, best on 8 images of `val`: val.safetensors"), "{told}");
    done(&folder, "activations ../runs/a --layer logits --part train --images 27 --data shapes -o some.safetensors");
    let bytes = std::fs::read(folder.join("some.safetensors")).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("activations").unwrap().shape(), [27, 3]);
    let labels = file.tensor("labels").unwrap().data().to_vec();
    let of_class = |class: u8| labels.chunks_exact(8).filter(|eight| eight[0] == class).count();
    assert_eq!([0, 1, 2].map(of_class), [9, 9, 9]);
}

#[test]
fn activations_that_cannot_be_written_leave_nothing() {
    let folder = place("refused");
    std::fs::write(folder.join("old.npy"), "old").unwrap();
    std::fs::create_dir_all(folder.join("folder.npy")).unwrap();
    for (line, words) in [
        ("../runs/a --layer mox -o a.npy", "`tiny` has no layer `mox`; did you mean `mix`?"),
        ("../runs/a --layer mix/3x4 -o old.npy", "did you mean `mix/3x3`?"),
        (
            "../runs/a --layer stem:relu -o a.npy",
            "`stem` of `tiny` has no node `stem:relu`; it has stem:conv, stem:norm, stem:act",
        ),
        ("../runs/a --layer aux -o a.npy", "`aux` of `tiny` is for training only"),
        ("../runs/a --layer stem --layer mix -o a.npy", "a .npy file holds one array"),
        ("../runs/a --layer stem --layer stem -o a.safetensors", "`--layer stem` is given twice"),
        ("../runs/a --layer stem -o a.txt", "end the file's name in .npy or .safetensors"),
        ("../runs/a --layer stem -o nowhere/a.npy", "cannot write `nowhere/a.npy`"),
        ("../runs/a --layer stem -o folder.npy", "`folder.npy` is no file"),
        ("../runs/a -o a.npy", "--layer"),
        ("../grouped/nothing --layer stem -o a.npy", "does not exist"),
    ] {
        let (code, _, err) = nas(&folder, &format!("activations {line}"));
        assert!(code == 2 && err.contains(words), "{line}: {code} {err}");
    }
    let (code, _, err) = nas(&folder, "activations ../runs/a --layer stem --data nothing -o a.npy");
    assert!(code != 0 && err.contains("nothing"), "{err}");
    let mut left: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left, ["folder.npy", "old.npy"]);
    assert_eq!(std::fs::read(folder.join("old.npy")).unwrap(), b"old");
}

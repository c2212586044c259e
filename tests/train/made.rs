//! A small network, folders, the binary, images.

use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use nas::train::Checkpoint;

/// Every kind of state a training has: running statistics, dropped elements, varied images, momentum, an average.
pub(crate) const TINY: &str = "nas: 1
name: tiny
input: {image: [3, 12, 12]}
defaults: {conv: {norm: batch, act: relu}}
net:
  stem: {conv: 6, kernel: 3}
  mix: {inception: {1x1: 4, 3x3: [3, 4], 5x5: [2, 4], pool: 4}}
  down: {max: 2, stride: 2}
  drop: {dropout: 0.2}
  gap: {avg: global}
  logits: {fc: 4}
heads:
  main: {from: logits}
  aux: {net: [{avg: global}, {fc: 4}], from: stem, weight: 0.3, train_only: true}
train: {epochs: 3, batch: 16, lr: 0.05, warmup: 1, ema: 0.9, augment: cifar, cutout: 4, weight_decay: 1e-4, label_smoothing: 0.1}
";

/// A new folder with [`TINY`] as `tiny.yaml`.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("train").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tiny.yaml"), TINY).unwrap();
    folder
}

/// The binary, in a folder; decoded images are kept there as well.
pub(crate) fn nas(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env_remove("RAYON_NUM_THREADS");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Arguments of a command line.
pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Exit code, standard output, standard error.
pub(crate) fn run(folder: &Path, line: &str) -> (i32, String, String) {
    ended(nas(folder, &words(line)).spawn().unwrap())
}

/// The same, of what must end well.
pub(crate) fn done(folder: &Path, line: &str) -> String {
    let (code, out, err) = run(folder, line);
    assert_eq!(code, 0, "`{line}`: {err}");
    out
}

/// How a process ends; -1 if by a signal.
pub(crate) fn ended(child: Child) -> (i32, String, String) {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Files of two runs are the same, byte for byte.
pub(crate) fn same(folder: &Path, a: &str, b: &str) {
    for file in ["last.safetensors", "best.safetensors", "spec.yaml"] {
        let bytes = |run: &str| std::fs::read(folder.join(run).join(file)).unwrap();
        assert!(bytes(a) == bytes(b), "{file} of {a} and {b} differ");
    }
    assert_eq!(log(folder, a), log(folder, b));
}

/// The log without what hangs on the machine.
pub(crate) fn log(folder: &Path, run: &str) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join(run).join("log.jsonl")).unwrap();
    let line = |line: &str| {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        value.as_object_mut().unwrap().remove("images_per_second");
        value
    };
    text.lines().map(line).collect()
}

/// The last checkpoint of a run.
pub(crate) fn last(folder: &Path, run: &str) -> Checkpoint {
    read(folder, &format!("{run}/spec.yaml"), &format!("{run}/last.safetensors"))
}

/// A checkpoint of the network in a spec.
pub(crate) fn read(folder: &Path, spec: &str, file: &str) -> Checkpoint {
    let graph = graph(&std::fs::read_to_string(folder.join(spec)).unwrap());
    let layout = std::sync::Arc::new(nas::graph::Layout::of(&graph));
    Checkpoint::read(&folder.join(file), &layout).unwrap()
}

/// The network of a text.
pub(crate) fn graph(text: &str) -> nas::graph::Graph {
    let mut sources = nas::base::Sources::default();
    let file = sources.add("net.yaml", text);
    let loaded = nas::spec::load(&mut sources, file, &mut |_, _| Err("nothing to extend".to_owned()));
    nas::spec::lower(&loaded.spec.unwrap(), nas::expr::Decisions::default(), None).graph.unwrap()
}

/// A PNG of one colour.
pub(crate) fn png(path: &Path, [height, width]: [u32; 2], colour: [u8; 3]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = png::Encoder::new(std::fs::File::create(path).unwrap(), width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&colour.repeat((height * width) as usize)).unwrap();
}

/// Folders of red, green and blue images, `each` for training and half as many for testing, of several sizes.
pub(crate) fn colours(folder: &Path, each: u32) {
    for (class, colour) in [("red", [200, 30, 40]), ("green", [20, 180, 60]), ("blue", [30, 60, 210])] {
        for number in 0..each {
            let shade = |value: u8| value.saturating_add((number * 7 % 40) as u8);
            let name = format!("set/train/{class}/{number}.png");
            png(&folder.join(name), [12 + number % 5, 12 + number % 3], colour.map(shade));
            if number % 2 == 0 {
                png(&folder.join(format!("set/test/{class}/{number}.png")), [14, 13], colour.map(shade));
            }
        }
    }
}

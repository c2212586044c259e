//! `nas data` as a user meets it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use serde_json::json;

use crate::made::folder;
use crate::made::grey;
use crate::made::put;

/// Exit code, standard output, standard error.
fn run(args: &[&str], folder: &Path) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_nas")).arg("data").args(args).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn set(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    put(&folder, "set/train/cat/1.png", &grey([1, 2], &[0, 255]));
    put(&folder, "set/train/dog/1.png", &grey([1, 2], &[255, 0]));
    put(&folder, "set/train/dog/2.png", &grey([1, 2], &[255, 0]));
    put(&folder, "set/test/cat/1.png", &grey([1, 2], &[0, 255]));
    folder
}

#[test]
fn json_has_every_number() {
    let folder = set("command");
    put(&folder, "set/train/dog/3.png", b"no");
    let (code, out, err) = run(&["set", "--on-bad", "skip", "--json", "--cache", "kept"], &folder);
    assert_eq!((code, err.as_str()), (0, ""));
    let found: Value = serde_json::from_str(&out).unwrap();
    let expected = json!({
        "schema": "nas.data/1", "kind": "image folders", "channels": 1, "height": 1, "width": 2,
        "images": {"train": 3, "val": 0, "test": 1},
        "classes": [
            {"name": "cat", "images": {"train": 1, "val": 0, "test": 1}},
            {"name": "dog", "images": {"train": 2, "val": 0, "test": 0}},
        ],
        "sizes": [{"height": 1, "width": 2, "images": 4}],
        "mean": [0.5], "deviation": [0.5],
        "bad": [{"path": "train/dog/3.png", "reason": "it is neither JPEG nor PNG"}],
        "cache": "written",
    });
    assert_eq!(found, expected);
    let (code, out, _) = run(&["set", "--on-bad", "skip", "--cache", "kept", "-o", "set.txt"], &folder);
    assert_eq!((code, out.as_str()), (0, ""));
    let table = std::fs::read_to_string(folder.join("set.txt")).unwrap();
    for line in
        ["image folders, 1x1x2, 2 classes", "1 bad file left out", "cache      used, nothing was decoded", "mean       0.5000"]
    {
        assert!(table.contains(line), "{table}");
    }
}

#[test]
fn a_sheet_has_a_row_a_class() {
    let folder = set("command-sheet");
    assert_eq!(run(&["set", "--sheet", "sheet.png"], &folder).0, 0);
    let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(folder.join("sheet.png")).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    // Images of 1 x 2 are shown as 32 x 64, 2 apart: two columns, for the larger class has two.
    assert_eq!((info.width, info.height), (2 * 66 + 2, 2 * 34 + 2));
    let at = |x: usize, y: usize| pixels[(y * info.width as usize + x) * 3];
    assert_eq!([at(0, 0), at(2, 2), at(65, 33), at(66, 2)], [0xd0, 0, 255, 0xd0]);
    assert_eq!([at(68, 2), at(2, 36), at(68, 36), at(100, 36)], [0xd0, 255, 255, 0], "a class with one image leaves a gap");
}

#[test]
fn faults_have_their_exit_codes() {
    let folder = set("command-faults");
    let (code, _, err) = run(&["nowhere"], &folder);
    assert!(code == 2 && err.starts_with("nas: cannot read `nowhere`: "), "{err}");
    assert_eq!(run(&["set", "--classes", "4"], &folder).0, 2);
    assert_eq!(run(&["shapes", "--classes", "1"], &folder).0, 2);
    put(&folder, "set/train/cat/0.png", b"");
    let (code, _, err) = run(&["set"], &folder);
    let said = "nas: `train/cat/0.png`: it is empty; `--on-bad skip` leaves out files that cannot be used, and counts them\n";
    assert_eq!((code, err.as_str()), (3, said));
}

#[test]
fn shapes_take_their_settings() {
    let folder = folder("command-shapes");
    let args = ["shapes", "--classes", "3", "--size", "9", "--channels", "2", "--images", "30", "--seed", "4", "--json"];
    let (code, out, _) = run(&args, &folder);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!((&found["channels"], &found["height"], &found["images"]["test"]), (&json!(2), &json!(9), &json!(6)));
    assert_eq!(found["classes"].as_array().unwrap().len(), 3);
}

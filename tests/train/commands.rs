//! `nas eval` and `nas predict` over folders of images.

use serde_json::Value;

use crate::made::colours;
use crate::made::done;
use crate::made::folder;
use crate::made::png;
use crate::made::run;

#[test]
fn colours_are_told_apart_and_judged() {
    let folder = folder("colours");
    colours(&folder, 40);
    let out = done(&folder, "train tiny.yaml --data set --batch 12 --epochs 8 --augment none --cutout 0 --ema 0 -o run");
    assert!(out.contains("the network tells 4 classes apart: those without images are never right"), "{out}");
    assert!(out.contains("3 classes, 108 images to learn from, 12 set aside, 60 for testing"), "{out}");
    let found: Value = serde_json::from_str(&done(&folder, "eval run --json")).unwrap();
    assert_eq!((&found["schema"], &found["images"], &found["part"]), (&"nas.evaluation/1".into(), &60.into(), &"test".into()));
    assert_eq!(found["classes"], serde_json::json!(["blue", "green", "red"]));
    let confusion: Vec<Vec<u64>> = serde_json::from_value(found["confusion"].clone()).unwrap();
    let right: u64 = (0..3).map(|class| confusion[class][class]).sum();
    assert_eq!((confusion.iter().flatten().sum::<u64>(), found["top1"].as_u64().unwrap()), (60, right));
    assert!(right >= 57, "colours are easy: {confusion:?}");
    assert_eq!(found["top5"], 60, "of four classes all are among five");
    for file in ["evaluation.json", "confusion.csv", "wrong.csv", "wrong.png"] {
        assert!(folder.join("run/test").join(file).exists() && folder.join("run/val").join(file).exists(), "{file}");
    }
    let csv = std::fs::read_to_string(folder.join("run/test/confusion.csv")).unwrap();
    assert!(csv.starts_with("class,images,right,blue,green,red"), "{csv}");
    let table = done(&folder, "eval run --part train -o judged");
    assert!(table.contains("120 images for training") && folder.join("judged/evaluation.json").exists(), "{table}");

    png(&folder.join("new/a.png"), [30, 20], [210, 40, 50]);
    png(&folder.join("new/deep/b.png"), [9, 31], [30, 70, 220]);
    let lines = done(&folder, "predict run new --top 2 --json");
    let found: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let best = |at: usize| (found[at]["image"].as_str().unwrap(), found[at]["classes"][0]["class"].as_str().unwrap());
    assert_eq!((best(0), best(1)), (("new/a.png", "red"), ("new/deep/b.png", "blue")));
    assert_eq!(found[0]["classes"].as_array().unwrap().len(), 2);
    std::fs::write(folder.join("new/c.png"), "no").unwrap();
    let (code, out, err) = run(&folder, "predict run new new/a.png");
    assert_eq!((code, out.lines().count()), (3, 3), "{out}");
    assert!(err.contains("`new/c.png`: it is neither JPEG nor PNG"), "{err}");
    let (code, _, err) = run(&folder, "predict run nothing.png");
    assert!(code == 3 && err.contains("nothing.png`: cannot be read"), "{err}");
}

/// What is said to be run next can be run: a name with a space is quoted.
#[test]
fn names_with_spaces_are_quoted() {
    let folder = folder("spaces");
    let train = ["train", "tiny.yaml", "--data", "shapes", "--images", "64", "--epochs", "1", "-o", "a run's"];
    let (code, out, err) = crate::made::ended(crate::made::nas(&folder, &train).spawn().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(r"`nas eval 'a run'\''s'` shows"), "{out}");
}

#[test]
fn a_batch_that_no_memory_holds_is_refused_before_images_are_read() {
    let folder = folder("memory");
    let (code, _, err) = run(&folder, "train tiny.yaml --data nowhere --batch 60000000 -o run");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("take a smaller `--batch`, or compute it in parts by `--accumulate`"), "{err}");
}

#[test]
fn other_classes_are_refused() {
    let folder = folder("classes");
    colours(&folder, 12);
    done(&folder, "train tiny.yaml --data set --batch 8 --epochs 1 -o run");
    std::fs::rename(folder.join("set/train/red"), folder.join("set/train/pink")).unwrap();
    std::fs::rename(folder.join("set/test/red"), folder.join("set/test/pink")).unwrap();
    let (code, _, err) = run(&folder, "eval run");
    assert_eq!(code, 2);
    assert!(err.contains("lacks the class `red`, which the run learned"), "{err}");
}

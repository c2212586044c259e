//! `nas cluster` as a user meets it.

use std::process::Command;

use nas::train::npy_head;
use serde_json::Value;

fn run(args: &str) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_nas")).arg("cluster").args(args.split_whitespace()).output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn json(args: &str) -> Value {
    let (code, out, err) = run(&format!("{args} --format json"));
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

/// Small networks of both kinds: the cover finds what overlaps and partitions do not; both find what does not overlap.
#[test]
fn planted_networks_are_found_again() {
    let overlapping = json("--planted n=150,m=60,d=12,rho=0.03,samples=3000 --seeds 3");
    let f1 = |found: &Value, method: &str| {
        let results = found["results"].as_array().expect("results");
        let result = results.iter().find(|result| result["method"] == method).expect("the method");
        assert_eq!(result["trials"].as_array().expect("trials").len() as u64, found["seeds"].as_u64().expect("a number"));
        result["f1"].as_f64().expect("a number")
    };
    assert!(f1(&overlapping, "cover") > 0.97, "{overlapping}");
    for partition in ["joined", "pivot", "average", "complete"] {
        assert!(f1(&overlapping, partition) < 0.7, "{partition}: {overlapping}");
    }
    assert!(f1(&overlapping, "arora") < f1(&overlapping, "cover"), "{overlapping}");
    let apart = json("--planted n=200,m=20,rho=0.05,noise=0.3,samples=1500 --seeds 3");
    for method in ["cover", "pivot", "average"] {
        assert!(f1(&apart, method) > 0.98, "{method}: {apart}");
    }
}

/// Negative edges and a second layer, which the cover alone finds.
#[test]
fn signs_and_layers_are_found() {
    let found = json("--planted n=200,m=80,d=12,rho=0.03,samples=8000 --seeds 1 --method cover");
    let median = &found["results"][0]["median"];
    assert!(median["negative_precision"].as_f64() > Some(0.95) && median["negative_recall"].as_f64() > Some(0.6), "{found}");
    let chain = json("--planted n=300,m=300,d=8,rho=0.006,samples=8000,layers=2 --seeds 1 --method cover --method pivot");
    let layers: Vec<(&str, u64)> = chain["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|result| (result["method"].as_str().expect("a name"), result["layer"].as_u64().expect("a number")))
        .collect();
    assert_eq!(layers, [("cover", 0), ("cover", 1), ("pivot", 0)]);
}

/// Where nothing is planted the cover finds nothing, and that has no F1.
#[test]
fn nothing_is_found_where_nothing_is_planted() {
    let found = json("--planted N,n=150,samples=800 --seeds 3 --method cover");
    let result = &found["results"][0];
    assert_eq!((&found["hidden"], &found["layers"], &found["spread"]), (&0.into(), &0.into(), &0.6.into()));
    assert_eq!(
        (result["most_groups"].as_f64(), result["median"]["objective"].as_f64().map(|nats| nats.abs() < 1e-6)),
        (Some(0.0), Some(true))
    );
    let (code, out, err) = run("--planted N,n=150,samples=800 --seeds 1");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("most groups") && !out.contains("F1") && !out.contains("arora"), "{out}");
}

/// Everything but the seconds, by the number of threads.
#[test]
fn threads_change_nothing() {
    let found = |threads: u32| {
        let args =
            format!("--planted n=150,m=60,d=12,rho=0.03,noise=0.1,samples=1000/2000 --seeds 2 --format csv --threads {threads}");
        let (code, out, err) = run(&args);
        assert_eq!(code, 0, "{err}");
        out.lines().map(|line| line.rsplit_once(',').expect("columns").0.to_owned()).collect::<Vec<String>>()
    };
    let one = found(1);
    assert_eq!(one.len(), 1 + 2 * 2 * 6, "{one:#?}");
    assert!(one[0].starts_with("units,hidden,layers,degree,weights,spread,rate,noise,samples,method,layer,seed,"));
    for threads in [2, 3] {
        assert_eq!(found(threads), one);
    }
}

/// A file `[image, channel, row, column]` in the tests' folder.
fn npy(name: &str, dims: [u64; 4], value: impl Fn(u64, u64, u64, u64) -> f32) -> String {
    let mut bytes = npy_head(&dims);
    let [images, channels, height, width] = dims;
    for image in 0..images {
        for channel in 0..channels {
            for at in 0..height * width {
                bytes.extend(value(image, channel, at / width, at % width).to_le_bytes());
            }
        }
    }
    let path = format!("{}/{name}.npy", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// Noise that hangs on its place alone.
fn noise(seed: [u64; 4]) -> f32 {
    let mut word = seed.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |word, &part| (word ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    word ^= word >> 31;
    word = word.wrapping_mul(0x94d0_49bb_1331_11eb);
    (word >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// Twins at one place, twins a pixel apart, a channel alone, and one that never changes.
#[test]
fn clusters_of_a_file_are_those_that_were_put_there() {
    let value = |image: u64, channel: u64, row: u64, column: u64| match channel {
        0 | 1 => noise([image, 0, row, column]) * (channel + 1) as f32,
        2 | 3 => noise([image, 2, row, column + channel]),
        4 => noise([image, 4, row, column]),
        _ => 7.0,
    };
    let file = npy("planted", [60, 6, 9, 9], value);
    let found = json(&file);
    assert_eq!((&found["schema"], &found["live"], &found["constant"]), (&"nas.clusters/1".into(), &5.into(), &vec![5].into()));
    for grouping in ["raw", "innovations"] {
        let largest = found[grouping]["largest"].as_array().expect("clusters");
        let told: Vec<(Vec<u64>, u64)> = largest
            .iter()
            .map(|cluster| {
                let channels = cluster["channels"].as_array().expect("channels").iter();
                let mut channels: Vec<u64> = channels.map(|channel| channel.as_u64().expect("a number")).collect();
                channels.sort_unstable();
                (channels, cluster["extent"].as_u64().expect("a number"))
            })
            .collect();
        assert_eq!(told.len(), 3, "{found}");
        assert!(told.contains(&(vec![0, 1], 1)) && told.contains(&(vec![2, 3], 3)) && told.contains(&(vec![4], 1)), "{told:?}");
    }
    // Five channels, one of which is twice another: four directions at a place.
    assert_eq!(found["ranks"]["pca99"], 4.0);
    let (code, table, err) = run(&file);
    assert!(code == 0 && table.contains("6x9x9") && table.contains("1 of 6 channels hardly vary or not at all"), "{table}{err}");
    let (_, csv, _) = run(&format!("{file} --format csv"));
    assert!(csv.lines().count() == 2 && csv.lines().all(|line| line.matches(',').count() == 29), "{csv}");
    assert_eq!(json(&format!("{file} --threads 1")), json(&format!("{file} --threads 3")));
}

#[test]
fn files_that_say_nothing_are_told() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let nan =
        npy("nan", [4, 2, 6, 6], |image, channel, row, _| if (image, channel, row) == (3, 1, 2) { f32::NAN } else { row as f32 });
    let one = npy("one", [1, 2, 6, 6], |_, channel, row, column| noise([channel, row, column, 0]));
    let small = npy("small", [4, 2, 2, 2], |image, channel, row, column| noise([image, channel, row, column]));
    let flat = npy("flat", [4, 2, 6, 6], |_, _, _, _| 1.0);
    std::fs::write(format!("{folder}/no.npy"), b"PK").expect("a file");
    for (args, says) in [
        (nan, "channel 1 of image 3 holds a value that is not finite"),
        (one, "1 images are too few"),
        (small, "maps of 2x2 are too small for offsets of 2"),
        (flat, "all 2 channels are constant"),
        (format!("{folder}/no.npy"), "it is no .npy file"),
        (format!("{folder}/nowhere.npy"), "cannot read"),
        (format!("{folder}/nowhere.png"), "neither a run's folder nor a .npy"),
        (format!("{folder}/nan.npy --layer 3a"), "holds one array"),
        (format!("{folder}/nan.npy --threshold 2"), "a number from 0 to 1"),
        (format!("{folder}/nan.npy --planted O1"), "cannot be used with"),
    ] {
        let (code, out, err) = run(&args);
        assert!(code == 2 && err.contains(says) && out.is_empty(), "nas cluster {args}: {code} {err}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    for (args, says) in [
        ("", "<RUN|FILE>"),
        ("--planted n=500", "lacks `samples`"),
        ("--planted O1,sample=3", "did you mean `samples`?"),
        ("--planted O1,rho=2", "rate and noise are from 0 to 1"),
        ("--planted O1,d=501", "a degree is from 0 to the number of units"),
        ("--planted O9", "neither a tier (P1, P2"),
        ("--planted O1 --method cover --method cover", "given twice"),
        ("--planted O1 --seeds 0", "--seeds"),
        ("--planted n=20,n=30,m=3,rho=0.1,samples=9", "said twice"),
        ("--planted N,m=3", "`spread` is of independent units, and `m` of hidden ones"),
        ("--planted N --method arora", "told of hidden units"),
        ("--planted N,samples=100 --seeds 1 -o found.svg", "no F1 to draw"),
        ("--planted P1 -o nowhere/found.json", "there is no such folder"),
        ("--planted P1 -o found.png", "`.png` is no form of a result"),
    ] {
        let (code, out, err) = run(args);
        assert!(code == 2 && err.contains(says) && out.is_empty(), "nas cluster {args}: {code} {err}");
    }
}

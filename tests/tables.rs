//! `nas cluster --table` as a user meets it: what blocks hold, what they cost.

mod command;

use std::path::Path;
use std::path::PathBuf;

use safetensors::SafeTensors;
use serde_json::Value;

use command::nas;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn json(folder: &Path, args: &str) -> Value {
    let (code, out, err) = nas(folder, &format!("{args} --format json"));
    assert_eq!(code, 0, "`nas {args}`: {err}");
    serde_json::from_str(&out).unwrap()
}

/// Table I of the paper of 1998: 60 of 96 links, 5x5 on 14x14.
#[test]
fn the_third_layer_of_lenet() {
    let folder = folder("tables-c3");
    let found = json(&folder, "cluster --table lenet-c3 --price 0.2 --measure 2");
    let number = |key: &str| found[key].as_u64().unwrap();
    assert_eq!(["rows", "columns", "links", "covered", "lost"].map(number), [16, 6, 60, 60, 0]);
    // 150 000 are LeNet-5's own: 60 links of 25 taps on 10x10; 240 000 with all pairs.
    assert_eq!(["madds_dense", "madds_sparse", "madds_blocks"].map(number), [240_000, 150_000, 150_000]);
    let counted = |file: &str| json(&folder, &format!("analyze {file}"))["totals"]["madds"].as_u64().unwrap();
    let (code, out, err) = nas(&folder, "cluster --table lenet-c3 -o blocks.yaml");
    assert_eq!(code, 0, "{err}");
    let madds = json(&folder, "cluster --table lenet-c3")["madds_blocks"].as_u64().unwrap();
    assert_eq!(counted("blocks.yaml"), madds, "{out}");
    let forms = found["measured"]["forms"].as_array().unwrap();
    let names: Vec<&str> = forms.iter().map(|form| form["form"].as_str().unwrap()).collect();
    assert_eq!(names, ["dense", "sparse", "blocks", "blocks, gathered before"]);
    assert!(forms.iter().all(|form| form["least_ns"].as_u64().unwrap() > 0));
}

/// Two blocks, shuffled by hand, and one stray link.
#[test]
fn blocks_of_a_file_are_found() {
    let folder = folder("tables-file");
    let rows = ["1 0 1 0 1 0", "0 1 0 1 0 1", "1 0 1 0 1 0", "0 1 0 1 0 1", "1 0 1 0 1 1", "0 1 0 1 0 1"];
    std::fs::write(folder.join("table.txt"), rows.join("\n")).unwrap();
    let lossless = json(&folder, "cluster --table table.txt --price 1");
    assert_eq!((lossless["links"].as_u64(), lossless["lost"].as_u64()), (Some(19), Some(0)));
    let lossy = json(&folder, "cluster --table table.txt --least 0.5 --price 3");
    assert_eq!(
        (lossy["lost"].as_u64(), lossy["area"].as_u64(), lossy["groups"].as_array().unwrap().len()),
        (Some(1), Some(18), 2)
    );
    let disjoint = json(&folder, "cluster --table table.txt --groups 2");
    let mut groups: Vec<Vec<u64>> = disjoint["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["columns"].as_array().unwrap().iter().map(|column| column.as_u64().unwrap()).collect())
        .collect();
    groups.sort();
    assert_eq!(groups, [[0, 2, 4], [1, 3, 5]]);
    assert_eq!(disjoint["lost"].as_u64(), Some(1));
}

/// A cover's edges, and a trained convolution's largest links: as many as were asked for.
#[test]
fn tables_of_covers_and_of_pruned_layers() {
    let folder = folder("tables-run");
    let found = json(&folder, "cluster --table cover:n=120,m=30,d=10,rho=0.05,samples=1500 --least 0.2");
    assert_eq!(found["columns"].as_u64(), Some(120));
    assert!(found["rows"].as_u64() > Some(15), "{found}");
    let (code, _, err) = nas(&folder, "train cifar-inception-small --data shapes --images 40 --batch 20 --epochs 1 -o run");
    assert_eq!(code, 0, "{err}");
    let pruned = json(&folder, "cluster run --layer 3b/3x3 --part train --images 4 --keep 0.25");
    // 16 channels into 32, 3x3 on 8x8.
    assert_eq!((pruned["rows"].as_u64(), pruned["columns"].as_u64(), pruned["links"].as_u64()), (Some(32), Some(16), Some(128)));
    assert_eq!(pruned["madds_sparse"].as_u64(), Some(128 * 9 * 64));
    // The part of all squared weights that the 128 links of largest norm have.
    let bytes = std::fs::read(folder.join("run/best.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let values: Vec<f64> = (tensors.tensor("3b/3x3:conv.weight").unwrap().data().chunks_exact(4))
        .map(|bytes| f64::from(f32::from_le_bytes(bytes.try_into().unwrap())))
        .collect();
    let mut norms: Vec<f64> = values.chunks_exact(9).map(|taps| taps.iter().map(|value| value * value).sum()).collect();
    assert_eq!(norms.len(), 32 * 16);
    norms.sort_by(|one, other| other.total_cmp(one));
    let kept = norms[..128].iter().sum::<f64>() / norms.iter().sum::<f64>();
    assert!((pruned["kept"].as_f64().unwrap() - kept).abs() < 1e-12, "{pruned}, {kept}");
}

/// Without a file the spec is printed, and nothing else.
#[test]
fn a_spec_of_blocks_goes_where_it_is_asked_for() {
    let folder = folder("tables-spec");
    let (code, spec, err) = nas(&folder, "cluster --table lenet-c3 --format yaml");
    assert_eq!(code, 0, "{err}");
    let (code, told, err) = nas(&folder, "cluster --table lenet-c3 -o c3.yaml");
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(folder.join("c3.yaml")).unwrap(), spec);
    assert!(spec.starts_with("nas: 1") && told.contains("LeNet-5's C3"), "{told}");
    let (code, _, err) = nas(&folder, "cluster --table lenet-c3 --format yaml -o c3.txt");
    assert_eq!((code, std::fs::read_to_string(folder.join("c3.txt")).unwrap()), (0, spec), "{err}");
}

#[test]
fn bad_input_is_told() {
    let folder = folder("tables-bad");
    std::fs::write(folder.join("ragged.txt"), "101\n10\n").unwrap();
    // Whole lines up to the byte behind the 16 MiB that are read.
    std::fs::write(folder.join("large.txt"), ("1".repeat(672) + "\n").repeat(24_930)).unwrap();
    for (args, wants) in [
        ("cluster --table missing.txt", "neither `lenet-c3`"),
        ("cluster --table ragged.txt", "line 2"),
        ("cluster --table lenet-c3 --groups 5", "5 groups do not divide 16 rows and 6 columns"),
        ("cluster --table lenet-c3 --least 0", "above 0"),
        ("cluster --table lenet-c3 --map 14", "14x14"),
        ("cluster --table cover:n=10", "lacks"),
        ("cluster --planted P1 --least 0.5", "about a table"),
        ("cluster --table lenet-c3 -o c3.csv", "as a table or as JSON"),
        ("cluster --table lenet-c3 --format svg", "as a table or as JSON"),
        ("cluster --table lenet-c3 -o c3.yaml --format json", "is for the spec of blocks"),
        ("cluster --table lenet-c3 --kernel 3", "C3 is 5x5"),
        ("cluster --table lenet-c3 run", "cannot be used with"),
        ("cluster --table lenet-c3 --plots pictures", "cannot be used with"),
        ("cluster run --layer 3a --price 2", "about a table"),
        ("cluster run --layer 3a --map 7x7", "a run has its own"),
        ("cluster large.txt", "neither a run's folder"),
        ("cluster --table large.txt", "more than 16 MiB"),
    ] {
        let (code, _, err) = nas(&folder, args);
        assert_eq!(code, 2, "`nas {args}`: {err}");
        assert!(err.contains(wants), "`nas {args}`: {err}");
    }
}

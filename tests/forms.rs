//! What the commands around data, training and runs write as JSON, against the schemas that `nas schema` prints.

#[path = "specs/validator.rs"]
mod validator;

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use serde_json::json;

fn done(folder: &Path, line: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    let output = command.args(line.split(' ')).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap();
    assert!(output.status.success(), "`{line}`: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What `nas schema` says of the forms that come of data, training and runs; none is valid with anything else under a key or under another name.
#[test]
fn what_other_programs_read_is_valid() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("forms");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    done(&folder, "train cifar-inception-small --data shapes --images 120 --batch 20 --epochs 1 -o runs/a");
    done(&folder, "eval runs/a");
    done(&folder, "expand cifar-inception-small --naive -o naive.yaml");
    let arms = "--arm naive=naive.yaml --arm inception=cifar-inception-small";
    done(&folder, &format!("study study {arms} --data shapes --images 60 --batch 20 --epochs 1 --seeds 2 --purpose trial"));
    let little = "--data shapes --images 60 --batch 20 --epochs 1 --stages 1 --images-looked 40 --controls 2 --align 4";
    let net = "net:\n  stem: {conv: 8, kernel: 3}\n  gap: {avg: global}\n  logits: {fc: 4}\n";
    std::fs::write(folder.join("sprout.yaml"), format!("nas: 1\ninput: {{image: [3, 12, 12]}}\n{net}")).unwrap();
    done(&folder, &format!("grow sprout.yaml {little} -o grown"));
    done(&folder, "cluster runs/a --layer stem --layer 1a --layer 1b --images 60 --part train --controls 2 -o layers.json");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    for (schema, text) in [
        ("run", read("runs/a/run.json")),
        ("evaluation", read("runs/a/test/evaluation.json")),
        ("evaluation", done(&folder, "eval runs/a --part train --json -o judged")),
        ("runs", done(&folder, "runs runs --json")),
        ("study", read("study/study.json")),
        ("study-result", done(&folder, "study study --format json")),
        ("clusters", done(&folder, "cluster runs/a --layer stem --images 60 --part train --format json")),
        ("clusters", done(&folder, "cluster runs/a --layer 1a --images 60 --part train --controls 2 --format json")),
        ("depth", done(&folder, "depth layers.json --format json")),
        (
            "proposal",
            done(
                &folder,
                "propose cifar-inception-small --checkpoint runs/a --images 60 --controls 2 --compare uniform --format json",
            ),
        ),
        ("blocks", done(&folder, "cluster --table lenet-c3 --measure 2 --format json")),
        ("grow", read("grown/grow.json")),
        ("planted", done(&folder, "cluster --planted n=60,m=20,d=8,rho=0.05,samples=300 --seeds 2 --format json")),
        ("plan", done(&folder, "train cifar-inception-small --data shapes --images 60 --batch 20 --dry-run --json")),
        ("profile", done(&folder, "profile cifar-inception-small --rounds 1 --format json")),
        ("profile", done(&folder, "profile cifar-inception-small --rounds 1 --training --machine example --format json")),
        ("data", done(&folder, "data shapes --json")),
        ("activations", done(&folder, "activations runs/a --layer stem --images 3 --json -o stem.npy")),
    ] {
        let form = validator::Schema::new(serde_json::from_str(&done(&folder, &format!("schema {schema}"))).unwrap());
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(form.fault(&found), None, "{schema}");
        for key in found.as_object().unwrap().keys().filter(|&key| !found[key].is_null()) {
            let mut broken = found.clone();
            broken[key] = json!([{"another": 1}]);
            assert!(form.fault(&broken).is_some(), "{schema} with another `{key}`");
        }
        let mut broken = found;
        broken["schema"] = "nas.report/1".into();
        assert!(form.fault(&broken).is_some(), "{schema} under another name");
    }
}

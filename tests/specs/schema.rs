//! The schemas in `docs/schema` are what `nas schema` prints, describe every key, and hold for all specs and sample reports.

use std::path::Path;

use nas::cli::BUILT_IN;
use nas::report::comparison_schema;
use nas::report::corners_schema;
use nas::report::machine_schema;
use nas::report::marginal_schema;
use nas::report::memory_schema;
use nas::report::naive_schema;
use nas::report::reconciliation_schema;
use nas::report::report_schema;
use nas::report::roofline_schema;
use nas::report::spec_schema;
use nas::report::suggest_schema;
use nas::report::sweep_schema;
use nas::report::table1_schema;
use nas::report::training_schema;
use nas::spec::PAGES;
use serde_json::Value;

use crate::tree::Tree;
use crate::validator::Schema;

/// The text of a spec without its first lines, as pages of the manual show it.
pub(crate) fn whole(example: &str) -> String {
    if example.starts_with("nas: 1") { example.to_owned() } else { format!("nas: 1\ninput: {{image: [192, 28, 28]}}\n{example}") }
}

/// Every schema by the name that `nas schema` knows it by.
fn all() -> Vec<(String, Value)> {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_nas")).args(["schema", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let words = help.lines().filter_map(|line| line.trim().strip_prefix("- ")?.split_once(':'));
    let found: Vec<(String, Value)> = words.map(|(word, _)| (word.to_owned(), printed(&["schema", word]))).collect();
    assert!(found.len() > 20, "{help}");
    found
}

#[test]
fn the_committed_schemas_are_current() {
    for (name, schema) in all() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.schema.json"));
        if std::env::var_os("NAS_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} is stale; NAS_UPDATE=1 writes it", path.display());
    }
}

#[test]
fn every_spec_is_valid() {
    let schema = Schema::new(spec_schema());
    let pages = PAGES.iter().map(|page| (page.words[0], whole(page.example)));
    for (name, text) in BUILT_IN.iter().map(|(name, text)| (*name, (*text).to_owned())).chain(pages) {
        let tree = Tree::read(&text).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(schema.fault(&tree.json()), None, "{name}");
    }
}

#[test]
fn every_report_is_valid() {
    let schema = Schema::new(report_schema());
    let sample: Value = serde_json::from_str(include_str!("../../reports/samples/googlenet.json")).unwrap();
    assert_eq!(schema.fault(&sample), None);
    for (name, _) in BUILT_IN {
        let analysis = crate::network::built_in(name).analysis();
        let report: Value = serde_json::from_str(&nas::report::json(std::slice::from_ref(&analysis))).unwrap();
        assert_eq!(schema.fault(&report), None, "{name}");
        assert_eq!(schema.fault(&Value::Array(vec![report])), None, "{name}");
    }
    for (pointer, value) in
        [("/totals/madds", Value::from(-1)), ("/tree/level", "floor".into()), ("/schema", "nas.report/2".into())]
    {
        let mut broken = sample.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert!(schema.fault(&broken).is_some(), "{pointer}");
    }
}

/// What the program prints with these arguments.
fn printed(arguments: &[&str]) -> Value {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_nas")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Each form as the program writes it, for one spec and for several; and none is valid without a key or under another name.
#[test]
fn every_other_result_is_valid() {
    for (schema, verb, flag, specs) in [
        (table1_schema(), "analyze", "--table1", ["googlenet", "googlenet-torchvision"]),
        (reconciliation_schema(), "analyze", "--reconcile", ["googlenet", "mobilenet_v2"]),
        (memory_schema(), "analyze", "--memory", ["googlenet", "tiny-space"]),
        (training_schema(), "analyze", "--training", ["googlenet", "cifar-inception"]),
        (corners_schema(), "analyze", "--corners", ["tiny-space", "nas-bench-macro"]),
        (naive_schema(), "compare", "--naive", ["googlenet", "inception-v3"]),
        (marginal_schema(), "analyze", "--marginal", ["googlenet", "tiny-space"]),
    ] {
        let keys: Vec<String> = schema["$defs"].as_object().unwrap().keys().cloned().collect();
        let schema = Schema::new(schema);
        let one = printed(&[verb, specs[0], flag, "--format", "json"]);
        assert_eq!(schema.fault(&one), None, "{flag}");
        assert_eq!(schema.fault(&printed(&[verb, specs[0], specs[1], flag, "--format", "json"])), None, "{flag}: {keys:?}");
        for key in one.as_object().unwrap().keys() {
            let mut broken = one.clone();
            broken.as_object_mut().unwrap().remove(key);
            assert!(schema.fault(&broken).is_some(), "{flag} without `{key}`");
        }
        let mut broken = one;
        broken["schema"] = "nas.report/1".into();
        assert!(schema.fault(&broken).is_some(), "{flag} under another name");
    }
}

#[test]
fn comparisons_are_valid() {
    let schema = Schema::new(comparison_schema());
    for arguments in [&["googlenet", "alexnet", "googlenet-sepconv", "--all"][..], &["naive-vs-reduced"], &["vgg16", "vgg16"]] {
        let mut whole = vec!["compare", "--format", "json"];
        whole.extend(arguments);
        let result = printed(&whole);
        assert_eq!(schema.fault(&result), None, "{arguments:?}");
        let mut broken = result.clone();
        broken["others"][0]["difference"]["madds"] = "less".into();
        assert!(schema.fault(&broken).is_some(), "{arguments:?}");
        let mut broken = result;
        broken["base"].as_object_mut().unwrap().remove("live_bytes");
        assert!(schema.fault(&broken).is_some(), "{arguments:?}");
    }
}

/// A roofline as the program writes it, and the table that it was made from.
#[test]
fn rooflines_and_machines_are_valid() {
    let schema = Schema::new(roofline_schema());
    let on = ["--roofline", "--machine", "example", "--format", "json"];
    let one = printed(&[&["analyze", "googlenet"], &on[..]].concat());
    assert_eq!(schema.fault(&one), None);
    assert_eq!(schema.fault(&printed(&[&["analyze", "googlenet", "tiny-space"], &on[..]].concat())), None);
    for pointer in ["/machine/ridge", "/tree/steps", "/tree/children/0/predicted_ns"] {
        let mut broken = one.clone();
        *broken.pointer_mut(pointer).unwrap() = "much".into();
        assert!(schema.fault(&broken).is_some(), "{pointer}");
    }
    let schema = Schema::new(machine_schema());
    let machine: Value = serde_json::from_str(include_str!("../../src/cli/machine/example.json")).unwrap();
    assert_eq!(schema.fault(&machine), None);
    let mut broken = machine;
    broken["schema"] = "nas.machine/0".into();
    assert!(schema.fault(&broken).is_some());
}

/// The results of `suggest` and `sweep`, with and without a proposal, with and without a network.
#[test]
fn every_suggestion_and_sweep_is_valid() {
    let suggest = Schema::new(suggest_schema());
    for arguments in ["googlenet", "googlenet-sepconv", "mobilenet_v2 --budget 250M"] {
        let arguments: Vec<&str> = ["suggest"].into_iter().chain(arguments.split(' ')).chain(["--format", "json"]).collect();
        assert_eq!(suggest.fault(&printed(&arguments)), None, "{arguments:?}");
    }
    let sweep = Schema::new(sweep_schema());
    for arguments in [["googlenet", "conv1=32,64"], ["tiny-space", "w=0.5,1,2"], ["googlenet", "--input=32,224"]] {
        let found = printed(&[&["sweep"], &arguments[..], &["--format", "json"]].concat());
        assert_eq!(sweep.fault(&found), None, "{arguments:?}");
    }
}

/// Every property that a schema names, described where it stands or by what it refers to.
fn undescribed(node: &Value, root: &Value, at: &str, missing: &mut Vec<String>) {
    match node {
        Value::Object(keywords) => {
            for (key, value) in keywords {
                let at = format!("{at}/{key}");
                if let ("properties" | "patternProperties", Some(properties)) = (&**key, value.as_object()) {
                    // Conditions repeat properties only to demand more of them.
                    for (name, property) in properties.iter().filter(|_| !at.contains("/then/properties/")) {
                        let referred = property["$ref"].as_str().and_then(|path| root.pointer(&path[1..]));
                        let described =
                            [Some(property), referred].into_iter().flatten().any(|node| node["description"].is_string());
                        if !described && !at.starts_with("/then/") {
                            missing.push(format!("{at}/{name}"));
                        }
                    }
                }
                undescribed(value, root, &at, missing);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| undescribed(item, root, &format!("{at}/{index}"), missing));
        }
        _ => {}
    }
}

#[test]
fn every_key_is_described() {
    for (_, schema) in all() {
        let mut missing = Vec::new();
        undescribed(&schema, &schema, "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }
}

//! `--diagnostics sarif` against what the published schema demands.
//!
//! The rules below are read off `sarif-2.1/schema/sarif-schema-2.1.0.json` of github.com/oasis-tcs/sarif-spec (commit e058381, the
//! schema of SARIF 2.1.0 with errata 01): for every object that this program writes, the properties it may have, those it must have,
//! and what each holds. The schema closes its objects (`additionalProperties: false`), so a property that is not listed is a fault.

use std::collections::HashSet;
use std::process::Command;

use nas::base::Code;
use serde_json::Value;

/// What a property holds.
enum Holds {
    Text,
    Uri,
    /// An integer from this one.
    From(i64),
    Truth,
    OneOf(&'static [&'static str]),
    Object(&'static str),
    /// So many objects at least, all different where the schema says `uniqueItems`.
    List(&'static str, usize, Unique),
}

#[derive(PartialEq)]
enum Unique {
    Yes,
    No,
}

use Holds::{From, List, Object, OneOf, Text, Truth, Uri};

/// An object of the schema: its name, alternatives of which one must be there (`required`, and each `anyOf`), its properties.
type Rule = (&'static str, &'static [&'static [&'static str]], &'static [(&'static str, Holds)]);

const LEVELS: Holds = OneOf(&["none", "note", "warning", "error"]);

const RULES: &[Rule] = &[
    (
        "sarifLog",
        &[&["version"], &["runs"]],
        &[("$schema", Uri), ("version", OneOf(&["2.1.0"])), ("runs", List("run", 0, Unique::No))],
    ),
    (
        "run",
        &[&["tool"]],
        &[
            ("tool", Object("tool")),
            ("invocations", List("invocation", 0, Unique::No)),
            ("columnKind", OneOf(&["utf16CodeUnits", "unicodeCodePoints"])),
            ("results", List("result", 0, Unique::No)),
        ],
    ),
    ("tool", &[&["driver"]], &[("driver", Object("toolComponent"))]),
    (
        "toolComponent",
        &[&["name"]],
        &[
            ("name", Text),
            ("fullName", Text),
            ("version", Text),
            ("semanticVersion", Text),
            ("informationUri", Uri),
            ("rules", List("reportingDescriptor", 0, Unique::Yes)),
        ],
    ),
    (
        "reportingDescriptor",
        &[&["id"]],
        &[
            ("id", Text),
            ("shortDescription", Object("multiformatMessageString")),
            ("fullDescription", Object("multiformatMessageString")),
            ("defaultConfiguration", Object("reportingConfiguration")),
            ("help", Object("multiformatMessageString")),
        ],
    ),
    ("multiformatMessageString", &[&["text"]], &[("text", Text), ("markdown", Text)]),
    ("reportingConfiguration", &[], &[("level", LEVELS)]),
    (
        "invocation",
        &[&["executionSuccessful"]],
        &[("executionSuccessful", Truth), ("toolExecutionNotifications", List("notification", 0, Unique::No))],
    ),
    ("notification", &[&["message"]], &[("level", LEVELS), ("message", Object("message"))]),
    (
        "result",
        &[&["message"]],
        &[
            ("ruleId", Text),
            ("ruleIndex", From(-1)),
            ("level", LEVELS),
            ("message", Object("message")),
            ("locations", List("location", 0, Unique::No)),
            ("relatedLocations", List("location", 0, Unique::Yes)),
            ("fixes", List("fix", 0, Unique::Yes)),
        ],
    ),
    ("message", &[&["text", "id"]], &[("text", Text), ("markdown", Text)]),
    ("location", &[], &[("id", From(-1)), ("physicalLocation", Object("physicalLocation")), ("message", Object("message"))]),
    (
        "physicalLocation",
        &[&["address", "artifactLocation"]],
        &[("artifactLocation", Object("artifactLocation")), ("region", Object("region"))],
    ),
    ("artifactLocation", &[], &[("uri", Uri)]),
    (
        "region",
        &[&["startLine", "charOffset", "byteOffset"]],
        &[
            ("startLine", From(1)),
            ("startColumn", From(1)),
            ("endLine", From(1)),
            ("endColumn", From(1)),
            ("charOffset", From(-1)),
            ("charLength", From(0)),
        ],
    ),
    (
        "fix",
        &[&["artifactChanges"]],
        &[("description", Object("message")), ("artifactChanges", List("artifactChange", 1, Unique::Yes))],
    ),
    (
        "artifactChange",
        &[&["artifactLocation"], &["replacements"]],
        &[("artifactLocation", Object("artifactLocation")), ("replacements", List("replacement", 1, Unique::No))],
    ),
    (
        "replacement",
        &[&["deletedRegion"]],
        &[("deletedRegion", Object("region")), ("insertedContent", Object("artifactContent"))],
    ),
    ("artifactContent", &[], &[("text", Text)]),
];

/// Holds a value against a rule; faults name the place.
fn hold(value: &Value, name: &str, at: &str, faults: &mut Vec<String>) {
    let (_, required, properties) = RULES.iter().find(|(rule, ..)| *rule == name).expect("a rule");
    let Some(object) = value.as_object() else { return faults.push(format!("{at} is no object")) };
    for alternatives in *required {
        if !alternatives.iter().any(|property| object.contains_key(*property)) {
            faults.push(format!("{at} lacks {}", alternatives.join(" or ")));
        }
    }
    for (key, value) in object {
        let at = format!("{at}/{key}");
        let Some((_, holds)) = properties.iter().find(|(property, _)| property == key) else {
            faults.push(format!("{at} is not allowed"));
            continue;
        };
        let right = match holds {
            Text => value.is_string(),
            Uri => value.as_str().is_some_and(is_uri),
            From(least) => value.as_i64().is_some_and(|number| number >= *least),
            Truth => value.is_boolean(),
            OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Object(rule) => {
                hold(value, rule, &at, faults);
                true
            }
            List(rule, least, unique) => value.as_array().is_some_and(|items| {
                items.iter().enumerate().for_each(|(index, item)| hold(item, rule, &format!("{at}/{index}"), faults));
                let different: HashSet<String> = items.iter().map(Value::to_string).collect();
                items.len() >= *least && (*unique == Unique::No || different.len() == items.len())
            }),
        };
        if !right {
            faults.push(format!("{at} is {value}"));
        }
    }
}

/// Whether every character may stand in a URI reference (RFC 3986, appendix A); a relative one begins with no scheme.
fn is_uri(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let escapes =
        text.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()));
    text.bytes().all(allowed) && escapes
}

fn faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    hold(document, "sarifLog", "", &mut faults);
    faults
}

/// Runs `nas ... --diagnostics sarif`: the exit code and the document, which is all of standard error.
fn run(args: &str) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args.split_whitespace()).args(["--diagnostics", "sarif"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("the program runs");
    let document = serde_json::from_slice(&output.stderr)
        .unwrap_or_else(|error| panic!("nas {args}: {error}\n{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().expect("an exit code"), document)
}

fn results(document: &Value) -> &[Value] {
    document["runs"][0]["results"].as_array().expect("results")
}

#[test]
fn every_fault_that_is_pinned_is_a_valid_document() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/faults")).expect("the faults");
    let paths = folder.map(|file| file.expect("a file").path());
    let specs = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let mut specs: Vec<String> = specs.map(|path| path.display().to_string()).collect();
    specs.sort();
    assert!(specs.len() > 50);
    // All in one run: one document.
    let (exit, document) = run(&format!("check {}", specs.join(" ")));
    assert_eq!((exit, faults(&document)), (3, Vec::new()));
    let found = results(&document);
    assert!(found.len() > 200, "{}", found.len());
    for property in ["relatedLocations", "fixes"] {
        assert!(found.iter().any(|result| result.get(property).is_some()), "nothing has {property}");
    }
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), Code::ALL.len());
    for result in found {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(rules[index]["defaultConfiguration"]["level"], result["level"]);
    }
}

#[test]
fn a_region_is_where_the_json_form_says() {
    let spec = "tests/fixtures/faults/five-faults.yaml";
    let (_, document) = run(&format!("check {spec}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(["check", spec, "--diagnostics", "json"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let lines = String::from_utf8(command.output().expect("it runs").stderr).expect("UTF-8");
    assert_eq!(results(&document).len(), lines.lines().count());
    for (result, line) in results(&document).iter().zip(lines.lines()) {
        let json: Value = serde_json::from_str(line).expect("JSON");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], spec);
        let region = &place["region"];
        // The fixture is ASCII, where characters and UTF-16 code units are one.
        for (sarif, json_key) in
            [("startLine", "line"), ("startColumn", "column"), ("endLine", "end_line"), ("endColumn", "end_column")]
        {
            assert_eq!(region[sarif], json[json_key], "{json_key}");
        }
        let text = std::fs::read_to_string(spec).expect("the spec");
        let line = region["startLine"].as_u64().expect("a line") as usize;
        let before: usize = text.lines().take(line - 1).map(|line| line.len() + 1).sum();
        assert_eq!(region["charOffset"], before + region["startColumn"].as_u64().expect("a column") as usize - 1);
        assert!(result["message"]["text"].as_str().expect("a text").starts_with(json["message"].as_str().expect("a text")));
        assert_eq!((&result["ruleId"], &result["level"]), (&json["code"], &json["severity"]));
    }
}

#[test]
fn without_a_finding_there_are_no_results() {
    for args in ["check alexnet lenet5", "analyze alexnet", "explain conv", "expand lenet5", "params lenet5", "plot lenet5"] {
        let (exit, document) = run(args);
        assert_eq!((exit, faults(&document)), (0, Vec::new()), "{args}");
        assert!(results(&document).is_empty(), "{args}");
        assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], true);
    }
}

#[test]
fn findings_of_several_specs_stand_in_one_document() {
    let (exit, document) = run("check googlenet alexnet tests/fixtures/faults/two-kinds.yaml");
    assert_eq!((exit, faults(&document)), (3, Vec::new()));
    let uris: Vec<&Value> =
        results(&document).iter().map(|result| &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).collect();
    assert_eq!(uris[0], "%3Cbuilt-in%3E/googlenet.yaml");
    assert_eq!(*uris.last().expect("a finding"), "tests/fixtures/faults/two-kinds.yaml");
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_the_document() {
    let (exit, document) = run("check tests/fixtures/faults/two-kinds.yaml nowhere.yaml");
    assert_eq!((exit, faults(&document)), (3, Vec::new()), "of two failures the spec's is told");
    assert_eq!(results(&document).len(), 1);
    let invocation = &document["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let text = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().expect("a text");
    assert!(text.contains("nowhere.yaml"), "{text}");
}

#[test]
fn rules_say_what_the_manual_says() {
    let (_, document) = run("check lenet5");
    let driver = &document["runs"][0]["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["version"]), (&Value::from("nas"), &Value::from(env!("CARGO_PKG_VERSION"))));
    let manual = include_str!("../docs/codes.md");
    for (code, rule) in Code::ALL.iter().zip(driver["rules"].as_array().expect("rules")) {
        assert_eq!(rule["id"], code.name());
        assert_eq!(rule["shortDescription"]["text"], code.title());
        let help = rule["help"]["markdown"].as_str().expect("a text");
        assert!(help.contains("```yaml") && manual.contains(help), "{code}");
        let full = rule["fullDescription"]["text"].as_str().expect("a text");
        assert!(full.len() > code.title().len() && !full.contains('\n') && !full.contains("```"), "{code}: {full}");
    }
}

#[test]
fn the_rules_of_the_schema_refuse_what_breaks_them() {
    let (_, right) = run("check tests/fixtures/faults/misspelt-kind.yaml");
    assert_eq!(faults(&right), Vec::<String>::new());
    let broken = |pointer: &str, change: fn(&mut Value)| {
        let mut document = right.clone();
        change(document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")));
        faults(&document)
    };
    let remove = |key: &'static str, pointer: &str| {
        let mut document = right.clone();
        let object = document.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
        object.remove(key).expect("the property");
        faults(&document)
    };
    assert_eq!(remove("version", ""), [" lacks version"]);
    assert_eq!(remove("message", "/runs/0/results/0"), ["/runs/0/results/0 lacks message"]);
    assert_eq!(remove("id", "/runs/0/tool/driver/rules/3"), ["/runs/0/tool/driver/rules/3 lacks id"]);
    assert_eq!(broken("/runs/0/results/0/level", |level| *level = "grave".into()).len(), 1);
    assert_eq!(broken("/runs/0/results/0/fixes/0", |fix| fix["why"] = "not".into()).len(), 1);
    assert_eq!(broken("/runs/0/results/0/locations/0/physicalLocation/region/startLine", |line| *line = 0.into()).len(), 1);
    assert_eq!(broken("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", |uri| *uri = "a b".into()).len(), 1);
}

//! The command as a user meets it: arguments, forms of results, exit codes, narrow and plain terminals.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

/// What a run gave.
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs `nas` with arguments separated by spaces, in an empty environment but for `env`.
fn run_with(args: &str, stdin: &str, env: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args.split_whitespace()).env_clear().envs(env.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // A command that fails before it reads closes the pipe.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

fn run(args: &str) -> Run {
    run_with(args, "", &[])
}

/// What a run that must succeed printed.
fn ok(args: &str) -> String {
    let run = run(args);
    assert_eq!(run.code, 0, "nas {args}: {}", run.err);
    run.out
}

fn json(args: &str) -> Value {
    serde_json::from_str(&ok(args)).expect("JSON")
}

/// A path for a result, with nothing there.
fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path
}

#[test]
fn help_of_every_verb_shows_an_example() {
    let help = ok("--help");
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let verbs: Vec<&str> = verbs.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help").collect();
    assert!(verbs.len() >= 7, "{verbs:?}");
    for verb in verbs {
        assert!(help.contains(&format!("  {verb}")), "{help}");
        let help = ok(&format!("{verb} --help"));
        assert!(help.contains("Example") && help.contains(&format!("  nas {verb} ")), "{help}");
    }
}

#[test]
fn json_has_its_schema_and_exact_integers() {
    let report = json("analyze googlenet --format json");
    assert_eq!(report["schema"], "nas.report/1");
    assert_eq!(report["totals"]["madds"], 1_582_671_872_u64);
    assert_eq!(report["totals"]["params"], 6_998_552);
    assert_eq!(report["memory"]["peak_elements"], 1_204_224);
    assert_eq!(report["memory"]["peak_at"], "norm2");
    assert_eq!(report["heads"].as_array().map(Vec::len), Some(2));
    let two = json("analyze googlenet alexnet --format json");
    assert_eq!(two[1]["totals"]["madds"], 724_406_816);
}

#[test]
fn csv_lines_add_up_to_the_totals() {
    let text = ok("analyze googlenet --format csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().expect("a header");
    let at = |name: &str| head.iter().position(|field| *field == name).expect("a column");
    let sum = |column: &str, of_heads: bool| -> u64 {
        let rows = lines.clone().filter(|row| row[at("head")].is_empty() != of_heads);
        rows.map(|row| row[at(column)].parse::<u64>().expect("an integer")).sum()
    };
    assert_eq!((sum("madds", false), sum("params", false)), (1_582_671_872, 6_998_552));
    assert_eq!((sum("madds", true), sum("params", true)), (8_372_224, 6_379_728));
    assert!(lines.clone().all(|row| row.len() == head.len()));
}

#[test]
fn markdown_and_latex_are_well_formed() {
    let markdown = ok("analyze googlenet --format markdown --depth branch");
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 50 && rows.iter().all(|row| row.matches('|').count() == 6 && row.ends_with('|')), "{markdown}");
    assert!(markdown.contains("1 582 671 872"));
    let latex = ok("analyze googlenet --format latex");
    for pair in ["tabular", "toprule", "bottomrule"] {
        assert!(latex.contains(pair), "{latex}");
    }
    let rows: Vec<&str> = latex.lines().filter(|line| line.ends_with("\\\\")).collect();
    assert!(rows.len() > 20 && rows.iter().all(|row| row.matches(" & ").count() == 4), "{latex}");
    assert_eq!(latex.matches('{').count(), latex.matches('}').count());
    assert!(!latex.chars().any(|char| char == '#' || char == '_'), "unescaped");
}

#[test]
fn the_extension_of_the_output_names_the_form() {
    let signs = [("json", "{"), ("csv", "spec,"), ("md", "**lenet5**"), ("tex", "% "), ("txt", "lenet5 ")];
    for (extension, begins) in signs {
        let path = fresh(&format!("by-extension.{extension}"));
        assert_eq!(ok(&format!("analyze lenet5 -o {}", path.display())), "");
        let text = std::fs::read_to_string(path).expect("written");
        assert!(text.starts_with(begins), "{extension}: {text}");
    }
    for verb in ["analyze lenet5", "compare lenet5 alexnet", "sweep googlenet 3b/1x1=96,128"] {
        let path = fresh("by-extension.JSON");
        assert_eq!(ok(&format!("{verb} -o {}", path.display())), "", "{verb}");
        let text = std::fs::read_to_string(path).expect("written");
        assert!(text.starts_with('{'), "{verb}: {text}");
    }
    let path = fresh("by-extension.doc");
    let refused = run(&format!("analyze lenet5 -o {}", path.display()));
    assert!(refused.code == 2 && refused.err.contains(".json, .csv, .md, .tex or .txt"), "{}", refused.err);
    assert!(!path.exists());
    let forced = ok(&format!("analyze lenet5 --format csv -o {}", path.display()));
    assert!(forced.is_empty() && path.exists());
    let nowhere = run("analyze lenet5 -o no/such/folder/x.json");
    assert!(nowhere.code == 2 && nowhere.err.contains("no/such/folder"), "{}", nowhere.err);
}

#[test]
fn the_table_is_the_sample() {
    assert_eq!(ok("analyze googlenet"), include_str!("../reports/samples/googlenet.txt"));
}

#[test]
fn a_batch_multiplies_costs_but_not_parameters_or_the_budget() {
    let (one, eight) = (json("analyze googlenet --format json"), json("analyze googlenet --format json --batch 8"));
    assert_eq!(eight["totals"]["madds"], 8 * 1_582_671_872_u64);
    assert_eq!(eight["memory"]["peak_elements"], 8 * 1_204_224);
    assert_eq!(eight["totals"]["params"], 6_998_552);
    assert_eq!(eight["budget"], one["budget"]);
    assert_eq!(run("analyze googlenet --batch 0").code, 2);
}

#[test]
fn the_input_can_be_replaced() {
    let report = json("analyze googlenet --format json --input 3x112x112");
    assert_eq!(report["inputs"][0]["shape"], serde_json::json!([3, 112, 112]));
    let report = json("analyze googlenet --format json --input 3x299x299");
    // conv1 alone: 7 x 7 x 3 x 64 taps on 150 x 150 positions.
    assert_eq!(report["tree"]["children"][0]["children"][0]["madds"], 7 * 7 * 3 * 64 * 150 * 150);
    for wrong in ["299", "3x0x8", "3x299x299x1", "3xaxb", "-3x8x8"] {
        let refused = run(&format!("analyze googlenet --input={wrong}"));
        assert!(refused.code == 2 && refused.err.contains("3x224x224"), "{}", refused.err);
    }
    let small = run("analyze googlenet --input 3x1x1");
    assert!(small.code == 0 || small.code == 3 && small.err.contains("error[E"), "{}", small.err);
}

#[test]
fn decisions_are_taken() {
    let starting = json("analyze tiny-space --format json");
    let taken = json("analyze tiny-space --format json --set w=1 --set body.1:k=5");
    assert_ne!(starting["totals"]["madds"], taken["totals"]["madds"]);
    let same = json("analyze tiny-space --format json --set w=0.5");
    assert_eq!(starting["totals"], same["totals"]);
    // Every table says which candidate it is of.
    for (spec, what) in [("tiny-space", ""), ("tiny-space", "--reconcile"), ("googlenet-space", "--table1")] {
        let shown = ok(&format!("analyze {spec} {what}"));
        assert_eq!(shown.matches("\ndecided ").count(), 1, "{spec} {what}: {shown}");
        assert!(!ok(&format!("analyze googlenet {what}")).contains("decided"), "{what}");
    }
    let faults =
        [("wide=1", "no decision `wide`"), ("w=0.3", "0.3 is no alternative of `w`"), ("w", "DECISION=VALUE"), ("w=", "error[E")];
    for (set, says) in faults {
        let refused = run(&format!("analyze tiny-space --set {set}"));
        assert!(refused.code == 2 && refused.err.contains(says), "{set}: {} {}", refused.code, refused.err);
        assert_eq!(refused.out, "");
    }
}

#[test]
fn specs_come_from_files_names_and_standard_input() {
    let text = include_str!("../specs/lenet5.yaml");
    let by_name = ok("analyze lenet5");
    assert_eq!(by_name, ok("analyze lenet5.yaml"));
    assert_eq!(by_name, run_with("analyze -", text, &[]).out);
    assert_eq!(by_name, ok(concat!("analyze ", env!("CARGO_MANIFEST_DIR"), "/specs/lenet5.yaml")));
    let near = run("analyze googlnet");
    assert!(near.code == 2 && near.err.contains("did you mean `googlenet`?"), "{}", near.err);
    let far = run("analyze quite-another");
    assert!(far.code == 2 && far.err.contains("built in are alexnet, "), "{}", far.err);
    let folder = run(concat!("analyze ", env!("CARGO_MANIFEST_DIR"), "/specs"));
    assert!(folder.code == 2 && folder.err.contains("is a folder"), "{}", folder.err);
    let verb = run("analyse googlenet");
    assert!(verb.code == 2 && verb.err.contains("analyze"), "{}", verb.err);
}

#[test]
fn a_new_spec_checks_and_overwrites_nothing() {
    let text = ok("new mynet");
    let checked = run_with("check - --deny warnings", &text, &[]);
    assert_eq!((checked.code, &*checked.err), (0, ""));
    let analyzed = run_with("analyze -", &text, &[]);
    assert!(analyzed.code == 0 && analyzed.out.starts_with("mynet "), "{}", analyzed.err);
    let path = fresh("mynet.yaml");
    ok(&format!("new mynet -o {}", path.display()));
    assert_eq!(std::fs::read_to_string(&path).expect("written"), text);
    std::fs::write(&path, "mine").expect("writable");
    let refused = run(&format!("new mynet -o {}", path.display()));
    assert!(refused.code == 2 && refused.err.contains("exists already"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "mine");
    assert_eq!(run("new 3net").code, 2);
}

#[test]
fn check_tells_by_its_exit_code() {
    let over = run("check googlenet googlenet-sepconv");
    assert_eq!(over.code, 1);
    assert!(
        over.err.contains("error[B0001]") && over.out.ends_with("2 specs checked: 1 over budget\n"),
        "{}{}",
        over.out,
        over.err
    );
    assert_eq!(run("check googlenet-sepconv").code, 0);
    let invalid = run_with("check -", "nas: 1\nname: x\nnet: {a: {conv: 1}}\n", &[]);
    assert_eq!(invalid.code, 3, "{}", invalid.err);
    let machine = run("check googlenet --diagnostics json");
    let line: Value = serde_json::from_str(machine.err.lines().next().expect("a finding")).expect("JSON");
    assert_eq!(line["code"], "B0001");
    assert!(run("check googlenet --diagnostics github").err.starts_with("::error "));
}

#[test]
fn expansion_is_a_spec() {
    let flat = ok("expand googlenet");
    let again = run_with("expand -", &flat, &[]);
    assert_eq!((again.code, again.out), (0, flat));
}

#[test]
fn params_lists_every_tensor() {
    // GoogLeNet's 6 998 552 and its two training heads' 6 379 728; a weight and a bias for each of 57 + 1 + 2 x 3 layers.
    let table = ok("params googlenet");
    assert!(table.ends_with("128 tensors, 13 378 280 parameters; heads for training included\n"), "{table}");
    let list = json("params googlenet --json");
    let numbers = list.as_array().expect("a list").iter().map(|tensor| tensor["numbers"].as_u64().expect("an integer"));
    assert_eq!(numbers.sum::<u64>(), 13_378_280);
    let spec = "nas: 1\nname: x\ninput: {image: [1, 8, 8]}\nnet:\n  a: {conv: 2, kernel: 3, trainable: false, init: gabor}\n  b: {fc: 3}\n";
    let stem = run_with("params - --json", spec, &[]);
    let stem: Value = serde_json::from_str(&stem.out).unwrap_or_else(|fault| panic!("{fault}: {}", stem.err));
    let of = |at: usize| {
        (stem[at]["init"].as_str().unwrap_or_default(), stem[at]["trainable"].as_bool(), stem[at]["numbers"].as_u64())
    };
    assert_eq!([of(0), of(1)], [("gabor", Some(false), Some(18)), ("0", Some(false), Some(2))]);
    assert_eq!([of(2), of(3)], [("xavier", Some(true), Some(384)), ("0", Some(true), Some(3))]);
    let flat = run_with("expand -", spec, &[]).out;
    assert!(flat.contains("trainable: false, init: gabor") && flat.contains("trainable: true, init: xavier"), "{flat}");
    assert_eq!(run_with("expand -", &flat, &[]).out, flat);
    let folded = ok("params googlenet-torchvision");
    assert!(folded.contains("running statistics"), "{folded}");
}

#[test]
fn pictures_are_svg() {
    let light = ok("plot googlenet");
    assert_eq!(light, include_str!("../reports/samples/googlenet.svg"));
    let dark = ok("plot googlenet --theme dark --width column");
    assert!(dark.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"85.00mm\"") && dark.contains("#0F1318"));
    let refused = run("plot googlenet -o googlenet.jpg");
    assert!(refused.code == 2 && refused.err.contains(".svg or .png"), "{}", refused.err);
}

#[test]
fn networks_are_drawn() {
    let dot = ok("draw googlenet --format dot");
    assert_eq!(dot, include_str!("../reports/samples/googlenet.dot"));
    let chart = ok("draw googlenet --format mermaid");
    assert_eq!(chart, include_str!("../reports/samples/googlenet.mmd"));
    let column = ok("draw densenet121 --width column --theme dark");
    assert!(column.contains(" width=\"85.00mm\"") && column.contains("data-path=\"d3.1\"") && column.contains("d3.1–24 × 24"));
    let refusals = [
        ("draw googlenet --module 3d", "did you mean `4d`?"),
        ("draw googlenet --module conv1 --naive", "`conv1` of `googlenet` has no naive form"),
        ("draw googlenet --naive", "--module"),
        ("draw googlenet -o net.jpg", ".svg, .png, .dot, .mmd or .md"),
        ("draw googlenet --format dot --module 3a", "the whole network"),
        ("draw googlenet --dpi 200", "`--dpi` is for PNG"),
    ];
    for (args, why) in refusals {
        let refused = run(args);
        assert!(refused.code == 2 && refused.err.contains(why), "{args}: {}", refused.err);
    }
}

#[test]
fn completions_name_the_verbs() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = ok(&format!("completions {shell}"));
        for verb in ["analyze", "completions"] {
            assert!(script.contains(verb), "{shell}");
        }
    }
    assert_eq!(run("completions csh").code, 2);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let coloured = |args: &str, env: &[(&str, &str)]| run_with(args, "", env).out.contains('\u{1b}');
    assert!(!coloured("analyze googlenet", &[]));
    assert!(coloured("analyze googlenet --color always", &[("NO_COLOR", "1")]));
    assert!(coloured("analyze googlenet", &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured("analyze googlenet", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured("analyze googlenet --color never", &[("CLICOLOR_FORCE", "1")]));
    let all = run_with("analyze googlenet --color always", "", &[("COLORTERM", "truecolor")]).out;
    assert!(all.contains("\u{1b}[38;2;"));
    let error = run("check googlenet --color always");
    assert!(error.err.contains('\u{1b}'));
    let path = fresh("plain.txt");
    ok(&format!("analyze googlenet --color always -o {}", path.display()));
    assert!(!std::fs::read_to_string(path).expect("written").contains('\u{1b}'));
}

#[test]
fn lines_keep_within_a_narrow_terminal() {
    for columns in ["80", "60", "45"] {
        let width: usize = columns.parse().expect("a number");
        for spec in ["googlenet --depth layer", "googlenet-naive", "tiny-space", "lenet5 --depth layer", "googlenet --batch 1000"]
        {
            let shown = run_with(&format!("analyze {spec}"), "", &[("COLUMNS", columns)]).out;
            for line in shown.lines() {
                assert!(line.chars().count() <= width, "{spec} in {columns}: {line}");
            }
            assert!(shown.lines().count() > 10);
        }
    }
}

#[test]
fn files_are_utf8_in_every_locale() {
    let (plain, utf8) =
        (run_with("analyze lenet5", "", &[("LANG", "C")]), run_with("analyze lenet5", "", &[("LANG", "C.UTF-8")]));
    assert_eq!(plain.out, utf8.out);
}

/// Memory and training: every form, widths, and what the spec's `train` section says unless it is given.
#[test]
fn memory_and_training_have_all_forms() {
    for flag in ["--memory", "--training"] {
        for spec in ["googlenet", "densenet121", "googlenet-space"] {
            let table = ok(&format!("analyze {spec} {flag}"));
            assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        }
        let csv = ok(&format!("analyze googlenet lenet5 {flag} --format csv"));
        let commas = |line: &str| line.matches(',').count();
        assert!(csv.lines().all(|line| commas(line) == commas(csv.lines().next().unwrap_or_default())), "{csv}");
        assert!(csv.lines().any(|line| line.starts_with("lenet5,")), "{csv}");
        assert!(ok(&format!("analyze googlenet {flag} --format markdown")).contains("|--:|"));
        assert!(ok(&format!("analyze googlenet {flag} --format latex")).contains("\\bottomrule"));
    }
    let json = |args: &str| serde_json::from_str::<Value>(&ok(args)).expect("JSON");
    let run = json("analyze cifar-inception --training --images 50000 --format json");
    assert_eq!((&run["batch"], &run["whole"]["epochs"], &run["whole"]["steps"]), (&128.into(), &30.into(), &(30 * 391).into()));
    let run = json("analyze cifar-inception --training --images 50000 --epochs 2 --batch 100 --optimizer adamw --format json");
    assert_eq!((&run["whole"]["steps"], &run["optimizer"]), (&1000.into(), &"adamw".into()));
    let found = json("analyze googlenet --memory --batch 2 --batches 3,5 --format json");
    assert_eq!(found["memory"]["peak_bytes"], Value::from(2 * 4_816_896));
    assert_eq!(found["batches"][1]["live_bytes"], Value::from(5 * 4_816_896));
}

#[test]
fn bad_wishes_of_memory_and_training_are_told() {
    for (args, says) in [
        ("analyze googlenet --training --freeze conv9", "`googlenet` has no layer `conv9` to freeze; did you mean `conv2`?"),
        ("analyze googlenet --training --images 0", "--images"),
        ("analyze googlenet --training --optimizer rmsprop", "adamw"),
        ("analyze googlenet --memory --batches 1,0", "--batches"),
        ("analyze googlenet --memory --training", "cannot be used with"),
        ("analyze googlenet --images 5", "--training"),
        ("analyze googlenet --memory --depth layer", "cannot be used with"),
    ] {
        let run = run(args);
        assert!(run.code == 2 && run.err.contains(says), "nas {args}: {} {}", run.code, run.err);
    }
}

//! `nas compare` as a user meets it: forms, exit codes, variants in one spec, git revisions, what may rise.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// What a run gave: its exit code, standard output, standard error.
type Run = (i32, String, String);

fn run_in(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nas"));
    command.args(args).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").envs(env.iter().copied());
    let output = command.output().expect("the binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn run(args: &str) -> Run {
    run_in(Path::new("."), &args.split_whitespace().collect::<Vec<_>>(), &[])
}

#[track_caller]
fn ok(args: &str) -> String {
    let (code, out, err) = run(args);
    assert_eq!(code, 0, "nas {args}: {err}");
    out
}

#[track_caller]
fn fails(args: &str, expected: i32, says: &str) {
    let (code, _, err) = run(args);
    assert_eq!(code, expected, "nas {args}: {err}");
    assert!(err.contains(says), "nas {args}: {err}");
}

fn json(args: &str) -> Value {
    serde_json::from_str(&ok(args)).expect("JSON")
}

#[test]
fn the_naive_twin_of_googlenet() {
    let text = ok("compare googlenet --naive");
    for line in [
        "3a              416      256     303.5     128.0   2.37x       303.5    2.37x",
        "5a            4 048      832     258.3      51.1   5.06x     1 038.2   20.33x",
        "modules                        3 881.2   1 104.0   3.52x    12 085.4   10.95x",
        "network                                  1 582.7            12 568.1    7.94x",
        "params, M                                  6.999              97.526   13.94x",
        "  5x5  branches   1 788.8 M  ->     156.6 M   11.42x",
        "the price of 1 024 channels, not 4 944",
        "budget 1.5 G: reduced +5.51 %   naive +737.87 %",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 104), "{text}");
    let naive = json("compare googlenet --naive --format json");
    assert_eq!(naive["schema"], "nas.naive/1");
    assert_eq!(naive["grown"]["madds"], 12_568_061_056_u64);
    assert_eq!(json("compare googlenet cifar-inception --naive --format json").as_array().map(Vec::len), Some(2));
    let csv = ok("compare googlenet --naive --format csv");
    assert_eq!(csv.lines().count(), 1 + 9 * 5);
    assert!(csv.contains("googlenet,3a,,module,256,128049152,163696,416,303464448,387296,416,303464448,387296"), "{csv}");
    assert!(
        ok("compare googlenet --naive --format markdown").contains("12 568 061 056 multiply-adds against 1 582 671 872 (7.94x)")
    );
}

#[test]
fn nets_without_a_twin_say_so() {
    fails("compare alexnet --naive", 2, "`alexnet` has no naive twin: it has no `inception`");
    let (code, out, err) = run("compare alexnet googlenet --naive");
    assert_eq!(code, 2, "{err}");
    assert!(out.starts_with("googlenet against its naive twin"), "{out}");
    assert!(ok("compare inception-v3 --naive").contains("left as written"));
    assert!(ok("compare googlenet-naive --naive").contains("nothing to drop"));
    assert!(ok("expand googlenet --naive").contains("name: googlenet-naive\n"));
    fails("expand alexnet --naive", 2, "no naive twin");
}

#[test]
fn two_specs_and_more() {
    let (text, every) = (ok("compare googlenet googlenet-sepconv"), ok("compare googlenet googlenet-sepconv --all"));
    assert!(text.contains("-83 994 624   -5.31 %") && text.contains("-6 696   -0.10 %"), "{text}");
    assert!(!text.contains("pool1") && every.contains("= pool1"), "{every}");
    assert!(ok("compare googlenet googlenet").contains("no layer differs"));
    let three = json("compare googlenet googlenet-sepconv alexnet --format json");
    assert_eq!(three["schema"], "nas.compare/1");
    assert_eq!(three["base"]["madds"], 1_582_671_872_u64);
    assert_eq!(three["others"][0]["difference"]["madds"], -83_994_624);
    assert_eq!(three["others"][1]["madds"], 724_406_816);
    assert!(three["others"][1]["remarks"][0].as_str().is_some_and(|remark| remark.contains("3x224x224 here, 3x227x227 there")));
    let same_input = json("compare googlenet alexnet --input 3x227x227 --format json");
    assert_eq!(same_input["others"][0]["remarks"], Value::Array(Vec::new()));
    let markdown = ok("compare googlenet googlenet-sepconv --format markdown");
    assert!(
        markdown.starts_with("**googlenet-sepconv** against **googlenet**: 1 498 677 248 multiply-adds (-83 994 624, -5.31 %)")
    );
    assert!(markdown.contains("<details>") && markdown.contains("| changed conv1 |"), "{markdown}");
    let csv = ok("compare googlenet googlenet-sepconv --format csv");
    assert!(csv.contains("googlenet,googlenet-sepconv,,inserted,,conv1/1,,"), "{csv}");
}

#[test]
fn terminals_may_be_narrow_and_plain() {
    for (columns, args) in
        [("80", "compare resnet18 resnet50"), ("100", "compare resnet18 resnet50"), ("80", "compare googlenet --naive")]
    {
        let (code, out, err) =
            run_in(Path::new("."), &args.split_whitespace().collect::<Vec<_>>(), &[("COLUMNS", columns), ("NO_COLOR", "1")]);
        assert_eq!(code, 0, "{err}");
        let most = columns.parse().unwrap();
        let long = out.lines().find(|line| line.chars().count() > most);
        assert_eq!(long, None, "{args} in {columns}");
    }
    let (_, out, _) = run_in(Path::new("."), &["compare", "googlenet", "googlenet-sepconv", "--color", "always"], &[]);
    assert!(out.contains("\u{1b}[32m"), "{out}");
}

#[test]
fn variants_of_one_spec() {
    let text = ok("compare naive-vs-reduced");
    assert!(text.starts_with("reduced against naive\n") && text.contains("-175 415 296   -57.80 %"), "{text}");
    fails("compare googlenet", 2, "`googlenet` stands alone");
}

#[test]
fn what_may_rise() {
    let (code, out, err) = run("compare googlenet-sepconv googlenet --fail-above madds=+1%,params=+1M --fail-above memory=0");
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("madds of `googlenet` rose from 1 498 677 248 to 1 582 671 872, by +83 994 624 (+5.60 %); +1% is allowed")
    );
    assert!(!err.contains("params of") && !err.contains("memory of"), "{err}");
    assert!(out.starts_with("googlenet against googlenet-sepconv"), "{out}");
    ok("compare googlenet-sepconv googlenet --fail-above madds=+5.61%");
    ok("compare googlenet googlenet-sepconv --fail-above madds=0");
    fails("compare googlenet alexnet --fail-above madds=1,parms=0", 2, "did you mean `params`?");
    fails("compare googlenet alexnet --fail-above madds", 2, "has no amount");
    fails("compare googlenet --naive --fail-above madds=0", 2, "cannot be used with");
}

#[test]
fn mistakes_have_their_messages() {
    fails("compare googlenet gogglenet", 2, "did you mean `googlenet`?");
    fails("compare - -", 2, "standard input can be read once");
    fails("compare googlenet alexnet -o out.xyz", 2, "names no form");
    fails("compare googlenet alexnet -o /nowhere/out.txt", 2, "cannot write");
    fails("compare googlenet alexnet --set w=1", 2, "no decision `w`");
}

/// A repository of its own with two commits: a base and a spec that extends it, the second with a wider layer in the base.
fn repository(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("nas-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("nets")).unwrap();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=nas", "-c", "user.email=nas@example.org", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").arg("-C").arg(&folder).args(identity).args(args).output().expect("git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let write = |width: u32| {
        let base = format!("nas: 1\ninput: {{image: [8, 4, 4]}}\nnet: {{a: {{conv: {width}}}}}\n");
        std::fs::write(folder.join("nets/base.yaml"), base).unwrap();
    };
    git(&["init", "-q", "-b", "main"]);
    write(8);
    std::fs::write(folder.join("nets/mine.yaml"), "nas: 1\nextends: base.yaml\nnet: {b: {conv: 4}}\n").unwrap();
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    write(16);
    git(&["commit", "-q", "-a", "-m", "two"]);
    git(&["tag", "v1.0"]);
    folder
}

#[test]
fn a_spec_of_a_git_revision() {
    let folder = repository("revision");
    let run = |args: &[&str]| run_in(&folder, args, &[]);
    // 8 x 8 and 8 x 4 at 16 positions; then 8 x 16 and 16 x 4.
    let madds = |spec: &str| {
        let (code, out, err) = run(&["analyze", spec, "--format", "json"]);
        assert_eq!(code, 0, "{spec}: {err}");
        let report: Value = serde_json::from_str(&out).unwrap();
        (report["totals"]["madds"].as_u64().unwrap(), report["name"].as_str().unwrap().to_owned())
    };
    let named = |madds| (madds, "mine".to_owned());
    assert_eq!(madds("nets/mine.yaml@HEAD~1"), named(16 * (8 * 8 + 8 * 4)));
    assert_eq!(madds("nets/mine.yaml@v1.0"), named(16 * (8 * 16 + 16 * 4)));
    assert_eq!(madds("nets/mine.yaml"), named(16 * (8 * 16 + 16 * 4)));
    let (code, out, err) = run(&["compare", "nets/mine.yaml@HEAD~1", "nets/mine.yaml", "--fail-above", "madds=+1%"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.starts_with("nets/mine.yaml against nets/mine.yaml@HEAD~1"), "{out}");
    // What is in the folder now is not asked, but a file of the very name wins.
    std::fs::remove_file(folder.join("nets/base.yaml")).unwrap();
    assert_eq!(madds("nets/mine.yaml@main"), named(16 * (8 * 16 + 16 * 4)));
    std::fs::write(folder.join("nets/mine.yaml@main"), "nas: 1\ninput: {x: [1, 1, 1]}\nnet: {a: {conv: 1}}\n").unwrap();
    assert_eq!(madds("nets/mine.yaml@main").0, 1);
    let fails = |spec: &str, says: &str, env: &[(&str, &str)]| {
        let (code, _, err) = run_in(&folder, &["analyze", spec], env);
        assert_eq!(code, 2, "{spec}: {err}");
        assert!(err.contains(says), "{spec}: {err}");
    };
    fails("nets/mine.yaml@nowhere", "there is no revision `nowhere` in the repository of `nets/mine.yaml`", &[]);
    fails("nets/other.yaml@HEAD", "revision `HEAD` has no file `nets/other.yaml`", &[]);
    fails("nats/mine.yaml@HEAD", "there is no folder `nats`", &[]);
    fails("nets/mine.yaml@", "names no revision", &[]);
    fails("nets/mine.yaml@-p", "`-p` is no git revision", &[]);
    fails("nets/mine.yaml@HEAD~1", "is read with git, which is not installed", &[("PATH", "/nowhere")]);
    std::fs::remove_dir_all(&folder).unwrap();
    let bare = std::env::temp_dir().join(format!("nas-{}-bare", std::process::id()));
    std::fs::create_dir_all(&bare).unwrap();
    let (code, _, err) = run_in(&bare, &["analyze", "mine.yaml@HEAD"], &[]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("not a git repository"), "{err}");
    std::fs::remove_dir_all(&bare).unwrap();
}

const AUXILIARY: &str = "input: {image: [3, 8, 8]}\nnet: {a: {conv: 8}, c: {fc: 3}}\n";

/// Names are shown as they are, in every Markdown that there is; the page of two networks has the heads for training.
#[test]
fn names_do_not_mark_up_and_pages_have_heads() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("marked-up");
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("a file");
    write(
        "base.yaml",
        format!(
            "nas: 1\nname: 'a|b *x* <img src=x>'\n{AUXILIARY}heads: {{m: {{from: c}}, x: {{fc: 3, from: a, train_only: true}}}}\n"
        ),
    );
    write("other.yaml", format!("nas: 1\nname: 'p|q <b>'\n{AUXILIARY}"));
    for args in [
        "analyze base.yaml --format markdown",
        "analyze base.yaml --memory --format markdown",
        "analyze base.yaml --training --format markdown",
        "analyze base.yaml --marginal --format markdown",
        "analyze base.yaml --reconcile --format markdown",
    ] {
        let (_, out, err) = run_in(&folder, &args.split_whitespace().collect::<Vec<_>>(), &[]);
        assert!(out.contains("a\\|b \\*x\\* &lt;img src=x&gt;") && !out.contains("<img"), "{args}: {out}{err}");
    }
    let (code, _, err) = run_in(&folder, &["report", "base.yaml", "other.yaml", "-o", "page.html"], &[]);
    assert_eq!(code, 0, "{err}");
    let page = std::fs::read_to_string(folder.join("page.html")).expect("a page");
    assert!(page.contains("heads for training, in no sum") && page.contains("1 of 3 layers differ"), "{err}");
}

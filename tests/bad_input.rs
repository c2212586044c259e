//! Input that is wrong, huge or hostile: the binary refuses it with a message and a line, within four seconds of processor time and
//! one gibibyte of address space, and never panics. And what it does otherwise: its exit codes.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

const HEAD: &str = "nas: 1\ninput: {image: [3, 32, 32]}\n";

/// How a run ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A folder of one test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_input").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the binary in a folder within the limits.
fn run(folder: &Path, args: &[&str]) -> Run {
    const BINARY: &str = env!("CARGO_BIN_EXE_nas");
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -t 4; ulimit -v 1048576; exec \"$0\" \"$@\"", BINARY]);
        shell
    } else {
        Command::new(BINARY)
    };
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| folder.join(name));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    // Processor time is limited by the shell; this is for a run that waits, and for systems without the shell.
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let run = Run { code, stdout: read(&stdout), stderr: read(&stderr) };
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run
}

/// Lines that differ in a number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<String>>().concat()
}

/// Verbs that read specs refuse the text, pointing at a line of it.
fn refuse(name: &str, text: impl AsRef<[u8]>, line: usize, message: &str) {
    let folder = folder(name);
    std::fs::write(folder.join("bad.yaml"), text).unwrap();
    for verb in ["check", "expand"] {
        let Run { code, stderr, .. } = run(&folder, &[verb, "bad.yaml"]);
        let shown: String = stderr.chars().take(2000).collect();
        assert_eq!(code, Some(3), "{name}, {verb}: {shown}");
        assert!(stderr.contains(&format!("--> bad.yaml:{line}:")), "{name}, {verb}: {shown}");
        assert!(stderr.contains(message), "{name}, {verb}: {shown}");
    }
}

/// The text is taken.
fn accept(name: &str, text: impl AsRef<[u8]>) {
    let folder = folder(name);
    std::fs::write(folder.join("good.yaml"), text).unwrap();
    for verb in ["check", "analyze", "expand", "params"] {
        let Run { code, stderr, .. } = run(&folder, &[verb, "good.yaml"]);
        assert_eq!(code, Some(0), "{name}, {verb}: {stderr}");
    }
}

/// As [`refuse`], for the layers of a spec; its lines begin at 3.
fn refuse_net(name: &str, rest: &str, line: usize, message: &str) {
    refuse(name, format!("{HEAD}{rest}\n"), line, message);
}

#[test]
fn a_billion_laughs() {
    let mut text = "nas: 1\nx-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("x-{level}: &a{level} [{aliases}]\n");
    }
    refuse("laughs", text, 7, "more than 1000000 values");
    let merges = vec!["{<<: *a}"; 5000].join(", ");
    let keys: Vec<String> = (0..5000).map(|key| format!("k{key}: 1")).collect();
    refuse("merges", format!("nas: 1\nx-a: &a {{{}}}\nx-b: [{merges}]\n", keys.join(", ")), 3, "more than 1000000 values");
    let rings = "nas: 1\nx-a: &a [*a, *a]\nnet: {a: {conv: 3}}\ninput: {image: [3, 9, 9]}\n";
    refuse("ring", rings, 2, "an alias stands inside the value that it repeats");
}

#[test]
fn deep_nesting() {
    refuse_net("flow-lists", &format!("net: {}", "[".repeat(10_000)), 3, "deep");
    refuse_net("flow-lists-closed", &format!("net: {}{}", "[".repeat(10_000), "]".repeat(10_000)), 3, "deep");
    refuse_net("flow-maps", &format!("net: {}3{}", "{a: ".repeat(10_000), "}".repeat(10_000)), 3, "deep");
    refuse_net("block-lists", &format!("net:\n  {}conv", "- ".repeat(10_000)), 4, "deep");
    let block: String = lines(3_000, |depth| format!("{}a:\n", " ".repeat(depth + 1)));
    refuse_net("block-maps", &format!("net:\n{block}"), 67, "deep");
    let modules: String = lines(10_000, |module| format!("  m{module}: {{net: [m{}]}}\n", module + 1));
    refuse_net("chain", &format!("net: {{a: m0}}\nmodules:\n{modules}  m10000: {{conv: 3}}"), 52, "nested more than 48 deep");
}

#[test]
fn bytes_that_are_no_text() {
    let mut large = HEAD.as_bytes().to_vec();
    large.resize((16 << 20) + 1, b'#');
    refuse("large", large, 1, "larger than 16 MiB");
    refuse("nul", format!("{HEAD}net: {{a: {{conv: 3\0}}}}\n"), 3, "a NUL byte");
    refuse("escape", format!("{HEAD}net:\n  a: {{conv: \u{1b}[31m}}\n"), 4, "the control character U+001B");
    refuse("latin1", [HEAD.as_bytes(), b"net:\n  a: {conv: \xE9}\n"].concat(), 4, "not valid UTF-8");
    refuse("utf16", b"\xFF\xFEn\0a\0s\0", 1, "UTF-16");
    refuse("empty", "", 1, "the file has no content");
    refuse("blank", "\n\n  \n", 1, "the file has no content");
    refuse("comment", "# nothing\n", 1, "the file has no content");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_taken() {
    let text = format!("{HEAD}net:\n  a: {{conv: 3}}\n");
    accept("bom", [b"\xEF\xBB\xBF", text.as_bytes()].concat());
    accept("crlf", text.replace('\n', "\r\n"));
    let wrong = format!("{HEAD}net:\n  a: {{conv: 3}}\n  b: {{conf: 3}}\n");
    refuse("crlf-lines", wrong.replace('\n', "\r\n"), 5, "conf");
    refuse("bom-lines", [b"\xEF\xBB\xBF", wrong.as_bytes()].concat(), 5, "conf");
}

#[test]
fn yaml_that_specs_do_not_use() {
    refuse_net("tab", "net:\n\ta: {conv: 3}", 4, "a tab indents this line");
    refuse_net("duplicate", "net:\n  a: {conv: 3}\n  a: {conv: 4}", 5, "`a`");
    refuse_net("documents", "net: {a: {conv: 3}}\n---\nnas: 1", 4, "a second document");
    refuse_net("tag", "net:\n  a: !!python/object:os.system {conv: 3}", 4, "do not use tags");
    refuse_net("null", "net:\n  a: {conv: ~}", 4, "null");
    refuse("directive", format!("%YAML 1.2\n---\n{HEAD}net: {{a: {{conv: 3}}}}\n"), 1, "");
    refuse("list", "- nas: 1\n", 1, "a spec is a map");
    refuse("scalar", "nas\n", 1, "a spec is a map");
}

#[test]
fn numbers_out_of_range() {
    for (name, width) in
        [("zero", "0"), ("negative", "-1"), ("huge", "1e30"), ("two-to-63", "9223372036854775808"), ("half", "1/2")]
    {
        refuse_net(name, &format!("net:\n  a: {{conv: {width}}}"), 4, "the width of `conv`");
    }
    refuse_net("overflow", "net: {a: {conv: 10 ^ 40}}", 3, "too large");
    refuse_net("nothing", "net: {a: {conv: 1 / 0}}", 3, "division by zero");
    refuse_net("kernel", "net: {a: {conv: 3, kernel: 65537}}", 3, "`kernel`");
    refuse_net("kernel-on-map", "net: {a: {conv: 3, kernel: 65535, pad: 0}}", 3, "window");
    refuse_net("pad", "net: {a: {conv: 3, kernel: 3, pad: 1e9}}", 3, "`pad`");
    refuse_net("repeat", "net: {a: {conv: 3, repeat: 1e9}}", 3, "`repeat`");
    refuse_net("powers", "net:\n  a: {conv: 2 ^ i, repeat: 60}", 4, "the width of `conv`");
    refuse_net("channels", "net: {a: {conv: 3}, b: {concat: [a, a]}, c: {net: [{concat: [in, in]}], repeat: 40}}", 3, "channels");
    let large = "nas: 1\ninput: {image: [16777216, 65536, 65536]}\nnet:\n  a: {conv: 16777216}\n";
    refuse("cost", large, 4, "larger than can be counted");
    refuse_net("many-values", "net: {a: {conv: 1 .. 1e30}}", 3, "more values than can be counted");
}

#[test]
fn modules_that_never_end() {
    refuse_net("itself", "net: {a: m}\nmodules:\n  m: {net: [m]}", 5, "module `m` uses itself");
    let three = "net: {x: a}\nmodules:\n  a: {net: [b]}\n  b: {net: [c]}\n  c: {net: [{conv: 3}, a]}";
    refuse_net("through-three", three, 7, "module `a` uses itself");
    let twice: String = lines(40, |module| format!("  m{module}: {{net: [m{0}, m{0}]}}\n", module + 1));
    refuse_net("twice", &format!("net: {{a: m0}}\nmodules:\n{twice}  m40: {{conv: 3}}"), 43, "more than 100000 layers");
    let wrong = format!("net: {{a: m0}}\nmodules:\n{twice}  m40: {{conv: wide}}");
    refuse_net("twice-wrong", &wrong, 45, "`wide`");
    let absent = format!("net: {{a: m0}}\nmodules:\n{twice}  m40: {{conv: 3, when: false}}");
    refuse_net("twice-absent", &absent, 43, "more than 100000 layers");
    let branches: String =
        lines(40, |module| format!("  m{module}: {{inception: {{x: [{{m{0}: {{}}}}], y: [{{m{0}: {{}}}}]}}}}\n", module + 1));
    refuse_net("branches", &format!("net: {{a: m0}}\nmodules:\n{branches}  m40: {{max: 1}}"), 42, "more than 100000 layers");
    let copies = "net: {x: {c: {}, repeat: 1000}}\nmodules:\n  a: {net: [{conv: 3, repeat: 1000}]}\n  \
                  b: {net: [{a: {}, repeat: 1000}]}\n  c: {net: [{b: {}, repeat: 1000}]}";
    refuse_net("copies", copies, 5, "more than 100000 layers");
}

#[test]
fn formulas_that_take_long() {
    refuse_net("parentheses", &format!("net: {{a: {{conv: {}3{}}}}}", "(".repeat(5000), ")".repeat(5000)), 3, "deep");
    let sum = vec!["1"; 15_000].join(" + ");
    accept("sum", format!("{HEAD}net: {{a: {{conv: {sum}}}}}\n"));
    let long = vec!["1"; 20_000].join(" + ");
    refuse_net("long-sum", &format!("net:\n  a: {{conv: {long}}}"), 4, "");
    refuse_net("repeated-sum", &format!("net:\n  a: {{conv: {sum}, repeat: 90000}}"), 4, "take too long to evaluate");
    let steps = vec!["3"; 8000].join(" then ");
    refuse_net("repeated-steps", &format!("net:\n  a: {{conv: {steps}, repeat: 90000}}"), 4, "take too long to evaluate");
    let by_default = format!("defaults: {{conv: {{stride: {sum} - 14999}}}}\nnet:\n  a: {{conv: 3, repeat: 90000}}");
    refuse_net("repeated-default", &by_default, 5, "take too long to evaluate");
    let argument = format!("modules: {{m: {{args: {{k: {sum}}}, net: [{{conv: k}}]}}}}\nnet:\n  a: {{m: {{}}, repeat: 90000}}");
    refuse_net("repeated-argument", &argument, 3, "take too long to evaluate");
    let many = vec!["a"; 200_000].join(", ");
    refuse_net("many-inputs", &format!("net:\n  a: {{conv: 3}}\n  b: {{add: [{many}], repeat: 90000}}"), 5, "take too long");
}

#[test]
fn shares_with_too_many_vectors() {
    let module = |by: &str, copies: u32| {
        let share = format!("1/4 of 1/100 .. 1/2 by {by}");
        format!(
            "modules:\n  m: {{args: {{t: 128}}, inception: {{total: t, unit: 1, share: {{1x1: {share}, 3x3: {share}, \
             5x5: {share}, pool: rest}}}}}}\nnet: {{x: {{m: {{}}, repeat: {copies}}}}}"
        )
    };
    accept("shares", format!("{HEAD}{}\n", module("1/100", 1)));
    // Hundreds of millions of vectors, and as many again in each copy, which are counted and not listed.
    accept("shares-joint", format!("{HEAD}{}\n", module("1/1000", 1)));
    accept("shares-copies", format!("{HEAD}{}\n", module("1/1000", 2000)));
    refuse_net("shares-fine", &module("1/1e12", 1), 4, "more alternatives than can be counted");
    refuse_net("shares-joint", &module("1/100000", 1), 4, "more alternatives than can be counted");
}

/// Thousands of faults, each with its suggestion, or thousands of names to look through.
#[test]
fn many_faults_and_many_names() {
    let layers = |layer: fn(usize) -> String| -> String {
        format!("net:\n{}", lines(20_000, |at| format!("  layer{at}: {}\n", layer(at))))
    };
    refuse_net("references", &layers(|at| format!("{{conv: 3, from: lyer{at}}}")), 4, "unknown layer `lyer0`");
    refuse_net("kinds", &layers(|_| "{cnv: 3}".to_owned()), 4, "unknown layer kind `cnv`");
    refuse_net("settings", &layers(|at| format!("{{conv: 3, strid: {at}}}")), 4, "`conv` has no setting `strid`");
    refuse_net("variables", &layers(|at| format!("{{conv: w{at}}}")), 4, "`w0`");
    refuse_net("windows", &layers(|_| "{conv: 3, kernel: 99, pad: 0, from: in}".to_owned()), 4, "a 99x99 window");
    let variables: String = lines(20_000, |at| format!("  v{at}: 1\n"));
    refuse_net("names", &format!("net: {{a: {{conv: 3}}}}\nvars:\n{variables}"), 4, "more than 1000 variables");
    let sections: String = lines(100_000, |at| format!("sction{at}: 1\n"));
    refuse_net("sections", &format!("net: {{a: {{conv: 3}}}}\n{sections}"), 4, "unknown section `sction0`");
    // Each of 20 000 layers leads nowhere: a warning each, and no more than that.
    accept("dead", format!("{HEAD}{}", layers(|_| "{conv: 8, from: in}".to_owned())));
}

#[test]
fn files_that_extend_one_another() {
    let folder = folder("circle");
    for (file, base) in [("bad.yaml", "b.yaml"), ("b.yaml", "c.yaml"), ("c.yaml", "bad.yaml")] {
        std::fs::write(folder.join(file), format!("nas: 1\nextends: {base}\n")).unwrap();
    }
    let Run { code, stderr, .. } = run(&folder, &["check", "bad.yaml"]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("--> c.yaml:2:10") && stderr.contains("extend one another in a circle"), "{stderr}");
    refuse("extends-itself", "nas: 1\nextends: bad.yaml\n", 2, "in a circle");
    refuse("extends-nothing", "nas: 1\nextends: nowhere.yaml\n", 2, "cannot extend `nowhere.yaml`");
    refuse("extends-folder", "nas: 1\nextends: .\n", 2, "cannot extend `.`");
    for at in 0..20 {
        std::fs::write(folder.join(format!("{at}.yaml")), format!("nas: 1\nextends: {}.yaml\n", at + 1)).unwrap();
    }
    let Run { code, stderr, .. } = run(&folder, &["check", "0.yaml"]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("more than 16 files extend one another"), "{stderr}");
}

#[test]
fn names_that_hide_words() {
    refuse("input-word", "nas: 1\ninput: {relu: [3, 9, 9]}\nnet: {a: {conv: 3, act: relu}}\n", 2, "cannot be an input");
    refuse_net("input-twice", "net:\n  image: {conv: 3}", 4, "`image` is defined twice");
}

#[test]
fn a_batch_that_cannot_be_counted() {
    let folder = folder("batch");
    std::fs::write(folder.join("wide.yaml"), "nas: 1\ninput: {image: [16777216, 4096, 4096]}\nnet: {a: {max: 1}}\n").unwrap();
    assert_eq!(run(&folder, &["analyze", "wide.yaml"]).code, Some(0));
    let Run { code, stderr, .. } = run(&folder, &["analyze", "wide.yaml", "--batch", "65536"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("larger than can be counted"), "{stderr}");
}

#[test]
fn exit_codes() {
    let folder = folder("codes");
    std::fs::write(folder.join("warned.yaml"), format!("{HEAD}vars: {{w: 3}}\nnet: {{a: {{conv: 3}}}}\n")).unwrap();
    std::fs::write(folder.join("wrong.yaml"), format!("{HEAD}net: {{a: {{conf: 3}}}}\n")).unwrap();
    std::fs::create_dir(folder.join("folder.yaml")).unwrap();
    for (code, args) in [
        (0, "check alexnet"),
        (0, "check warned.yaml"),
        (0, "analyze googlenet"),
        (0, "--help"),
        (0, "--version"),
        (1, "check googlenet"),
        (1, "check warned.yaml --deny warnings"),
        (2, ""),
        (2, "measure googlenet"),
        (2, "analyze"),
        (2, "analyze googlenet --depth deepest"),
        (2, "analyze googlenet --input 3x0x3"),
        (2, "analyze googlenet --batch 0"),
        (2, "analyze googlenet --input 3x224"),
        (2, "analyze tiny-space --set nothing=3"),
        (2, "analyze tiny-space --set w"),
        (2, "analyze tiny-space --set w="),
        (2, "check tiny-space --set w=7"),
        (2, "check nowhere.yaml"),
        (2, "analyze googlnet"),
        (2, "check folder.yaml"),
        (2, "analyze googlenet -o nowhere/a.json"),
        (2, "analyze googlenet -o folder.yaml --format json"),
        (2, "analyze googlenet -o a.docx"),
        (3, "check wrong.yaml"),
        (3, "check wrong.yaml --set w"),
        (3, "check alexnet wrong.yaml"),
        (3, "check googlenet wrong.yaml"),
        (3, "analyze alexnet wrong.yaml"),
    ] {
        let args: Vec<&str> = args.split_whitespace().collect();
        let Run { code: found, stderr, .. } = run(&folder, &args);
        assert_eq!(found, Some(code), "nas {args:?}: {stderr}");
        assert!(code < 2 || !stderr.is_empty(), "nas {args:?} says why");
    }
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 5, "nothing half-written is left: {left:?}");
}

/// A reader that closes the pipe has seen enough.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_silent() {
    let binary = env!("CARGO_BIN_EXE_nas");
    for verb in ["analyze googlenet --depth layer", "expand googlenet", "params googlenet", "analyze googlenet --format csv"] {
        // Standard output is closed before the first byte.
        let script = format!("{{ sleep 0.2; \"{binary}\" {verb}; echo $? >&2; }} | true");
        let output = Command::new("bash").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "0\n", "{verb}");
        let first = Command::new("bash").args(["-c", &format!("\"{binary}\" {verb} | head -1")]).output().unwrap();
        assert!(first.stderr.is_empty() && !first.stdout.is_empty(), "{verb}");
    }
}

/// Output that cannot be written is no success.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let script = format!("\"{}\" analyze googlenet > /dev/full", env!("CARGO_BIN_EXE_nas"));
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nas: "), "{output:?}");
}

#[test]
fn what_is_valid_is_taken_up_to_the_limits() {
    accept("long-net", format!("{HEAD}net: {{a: {{conv: 3, norm: batch, act: relu, repeat: 99999}}}}\n"));
    let folder = folder("silent");
    std::fs::write(folder.join("good.yaml"), format!("{HEAD}net: {{a: {{conv: 3}}}}\n")).unwrap();
    let Run { stdout, stderr, .. } = run(&folder, &["analyze", "good.yaml"]);
    assert!(stderr.is_empty() && stdout.contains("good"), "{stderr}{stdout}");
}

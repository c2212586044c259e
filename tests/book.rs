//! The pages are true: every command in `README.md` and `docs/` runs and exits as it says, every output shown is what the command
//! prints, every spec is valid.
//!
//! In a `sh` block, lines that begin with `nas ` or `cargo run --release -- ` are run, one page's in one folder with `specs/` beside
//! them; `# exits N` behind a command states its exit code, 0 otherwise. A `text` block next after an `sh` block is what its commands
//! print. A `yaml` block that begins with `nas: 1` is checked, and lies in the folder under its name; of one that begins with
//! `# .github/workflows/` the lines `- run: nas ...` are run. `docs/codes.md` shows faults on purpose and has a test of its own.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// How lines of `sh` blocks begin that are not run here.
const NOT_RUN: [&str; 6] = ["cargo test", "NAS_UPDATE=1 cargo test", "cargo build", "cargo install", "git ", "#"];

/// A fenced block.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(language) => {
                blocks.push(Block { language: language.trim().to_owned(), text: String::new() });
                open = true;
            }
            None if open => {
                let text = &mut blocks.last_mut().expect("an open block").text;
                text.push_str(line);
                text.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "a block is never closed");
    blocks
}

/// The words of a command, in or without single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in command.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Runs a line; what it printed, if it exited as it states. `2> FILE` at its end keeps what it complained of.
fn run(line: &str, folder: &Path) -> String {
    let (command, note) = line.split_once('#').unwrap_or((line, ""));
    let (command, complaints) =
        command.split_once(" 2> ").map_or((command, None), |(command, file)| (command, Some(file.trim())));
    let expected: i32 = note.trim().strip_prefix("exits ").map_or(0, |code| code.parse().expect("an exit code"));
    let mut printed = Vec::new();
    let mut code = 0;
    for part in command.split('|') {
        let part = part.trim().strip_prefix("nas ").unwrap_or_else(|| panic!("`{line}` runs something else"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_nas"));
        child.args(words(part)).current_dir(folder).env_remove("COLUMNS").env_remove("CLICOLOR_FORCE");
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = child.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let given = std::mem::take(&mut printed);
        // A command that reads nothing closes the pipe.
        let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &given));
        let output = child.wait_with_output().expect("it ends");
        let _ = writer.join();
        code = output.status.code().expect("an exit code");
        if let Some(file) = complaints {
            std::fs::write(folder.join(file), &output.stderr).expect("writable");
        }
        assert!(code == expected, "`{line}` exits {code}: {}", String::from_utf8_lossy(&output.stderr));
        printed = output.stdout;
    }
    assert_eq!(code, expected, "`{line}`");
    String::from_utf8(printed).expect("UTF-8")
}

/// A new folder with the specs in it.
fn folder(page: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("book-{page}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("specs")).expect("a folder");
    for spec in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/specs")).expect("the specs") {
        let path = spec.expect("a spec").path();
        std::fs::copy(&path, folder.join("specs").join(path.file_name().expect("a name"))).expect("a copy");
    }
    folder
}

/// Gives how many commands, outputs and specs a page has.
fn hold(name: &str, page: &str) -> [usize; 3] {
    let folder = folder(name);
    let mut counts = [0; 3];
    let mut printed: Option<String> = None;
    for block in blocks(page) {
        let before = printed.take();
        match &*block.language {
            "yaml" if block.text.starts_with("nas: 1") => {
                let spec = block.text.lines().find_map(|line| line.strip_prefix("name: ")).unwrap_or("page");
                std::fs::write(folder.join(format!("{spec}.yaml")), &block.text).expect("writable");
                run(&format!("nas check {spec}.yaml --deny warnings"), &folder);
                counts[2] += 1;
            }
            "yaml" if block.text.starts_with("# .github/workflows/") => {
                for line in block.text.lines().filter_map(|line| line.trim().strip_prefix("- run: ")) {
                    run(line, &folder);
                    counts[0] += 1;
                }
            }
            "yaml" => panic!("{name}: nobody checks the block\n{}", block.text),
            "sh" => {
                let mut all: Option<String> = None;
                for line in block.text.lines().filter(|line| !line.is_empty()) {
                    let line = line.replacen("cargo run --release -- ", "nas ", 1);
                    if line.starts_with("nas ") {
                        *all.get_or_insert_default() += &run(&line, &folder);
                        counts[0] += 1;
                    } else {
                        assert!(NOT_RUN.iter().any(|begins| line.starts_with(begins)), "{name}: nobody runs `{line}`");
                    }
                }
                printed = all;
            }
            "text" => {
                if let Some(printed) = before {
                    assert_eq!(block.text.trim(), printed.trim(), "{name}: what the commands print");
                    counts[1] += 1;
                }
            }
            _ => {}
        }
    }
    counts
}

#[test]
fn the_readme_is_true() {
    let [commands, outputs, specs] = hold("README", include_str!("../README.md"));
    assert!(commands >= 20 && outputs >= 6 && specs >= 1, "{commands} commands, {outputs} outputs, {specs} specs");
}

#[test]
fn the_other_pages_are_true() {
    let docs = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).expect("docs");
    let mut pages: Vec<PathBuf> = docs.map(|page| page.expect("a page").path()).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md") && !page.ends_with("codes.md"));
    pages.sort();
    assert!(!pages.is_empty());
    for page in pages {
        let name = page.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        hold(&name, &std::fs::read_to_string(page).expect("readable"));
    }
}

#[test]
fn links_of_the_readme_lead_to_files() {
    for link in include_str!("../README.md").split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(link);
        assert!(link.starts_with("https://") || path.exists(), "{link}");
    }
}

/// Every hunk of a diff on a page changes lines that stand so in its file, at the place that its head gives.
#[test]
fn diffs_apply() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/add-an-op.md")).expect("the page");
    let mut hunks = 0;
    for block in text.split("```diff\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        let file = block.lines().find_map(|line| line.strip_prefix("--- a/"));
        for hunk in block.split("\n@@ -").skip(1) {
            let (head, lines) = hunk.split_once('\n').expect("a hunk has lines");
            let Some(file) = file else { continue };
            let old = lines
                .lines()
                .filter(|line| line.is_empty() || line.starts_with([' ', '-']))
                .map(|line| line.get(1..).unwrap_or(""));
            let old: Vec<&str> = old.collect();
            let first: usize = head.split(',').next().and_then(|first| first.parse().ok()).expect("a line's number");
            let now = std::fs::read_to_string(root.join(file)).expect("the file of a diff");
            let there: Vec<&str> = now.lines().skip(first - 1).take(old.len()).collect();
            assert_eq!(there, old, "{file} at line {first}");
            hunks += 1;
        }
    }
    assert!(hunks >= 7, "{hunks} hunks of files that are there");
}

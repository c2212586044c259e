//! The page as a document: what its bytes are, without a browser.

use crate::truth::layers;
use crate::visit::page;

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "input", "br", "link", "img", "hr"];

/// Whether every element that is opened is closed in its order, and every attribute is quoted; scripts and styles are skipped.
fn check_form(html: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a `>` in a text: {}", &rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in order");
            continue;
        }
        let name = tag.split([' ', '\n']).next().unwrap_or_default().trim_end_matches('/').to_owned();
        assert!(tag.matches('"').count().is_multiple_of(2), "quotes of <{tag}>");
        if tag.ends_with('/') || VOID.contains(&&*name) {
            continue;
        }
        if matches!(&*name, "script" | "style") {
            let close = format!("</{name}>");
            rest = &rest[rest.find(&close).expect("it ends") + close.len()..];
            continue;
        }
        open.push(name);
    }
    assert_eq!(open, Vec::<String>::new());
}

fn written(name: &str, specs: &[&str]) -> String {
    std::fs::read_to_string(page(name, specs)).expect("a page")
}

#[test]
fn of_a_batch_what_is_for_one_image_says_so() {
    let one = written("of-one", &["specs/googlenet.yaml"]);
    let eight = written("of-eight", &["specs/googlenet.yaml", "--batch", "8"]);
    // The last is one more filter of a width; the budget of 1.5 G is for one image.
    for words in [
        "12.57\u{202F}G multiply-adds an image",
        "budget 8\u{202F}×\u{202F}1.5\u{202F}G",
        "[\"madds an image\"",
        "+1\u{202F}555\u{202F}456 an image",
    ] {
        assert!(eight.contains(words), "{words}");
        assert!(!one.contains(words), "{words}");
    }
    assert!(eight.contains("[\"params\""), "parameters are no image's");
}

#[test]
fn pages_are_well_formed_and_load_nothing() {
    for spec in ["googlenet", "inception-v4", "densenet121", "mobilenet_v2", "resnet50", "googlenet-space", "lenet5"] {
        let html = written(&format!("form-{spec}"), &[spec]);
        check_form(&html);
        let outside: Vec<_> = html.match_indices("http").map(|(at, _)| &html[at..(at + 40).min(html.len())]).collect();
        let is_name = |found: &&str| found.starts_with("http-equiv") || found.starts_with("http://www.w3.org/2000/svg");
        assert!(outside.iter().all(is_name), "{spec}: {outside:?}");
        for loading in ["url(", "src=", "<link", "@import", "<img", "<iframe", "//cdn"] {
            assert!(!html.contains(loading), "{spec}: {loading}");
        }
        assert!(html.contains("default-src 'none'") || html.contains("default-src &#39;none&#39;"), "{spec}");
    }
}

#[test]
fn rows_are_written_out() {
    let html = written("rows", &["googlenet"]);
    for layer in layers() {
        let name = layer.path.rsplit('/').next().unwrap_or_default();
        assert!(html.contains(&format!("<span>{name}</span>")), "{}", layer.path);
    }
    assert!(html.len() < 600_000, "{} bytes", html.len());
}

#[test]
fn the_same_specs_give_the_same_bytes() {
    assert_eq!(written("once", &["googlenet"]), written("twice", &["googlenet"]));
}

#[test]
fn names_of_specs_are_no_markup() {
    let folder = crate::visit::folder();
    let spec = "nas: 1\ninput: {image: [3, 8, 8]}\nnet:\n  a: {conv: 8, kernel: 3}\n  b: {fc: 10}\n";
    let name = "x'\"><script>alert(1)<!-- &amp;.yaml";
    let file = folder.join(name.replace('/', ""));
    std::fs::write(&file, spec).expect("a spec");
    let relative = file.to_str().expect("a path");
    let html = written("hostile", &[relative]);
    check_form(&html);
    // Two scripts are the page's own: its data and its program.
    assert_eq!(html.matches("<script").count(), 2);
    assert_eq!(html.matches("</script").count(), 2);
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(html.contains("\\u003cscript\\u003ealert(1)"));
}

#[test]
fn what_cannot_be_written_is_told() {
    let folder = crate::visit::folder();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_nas"))
            .arg("report")
            .args(arguments)
            .current_dir(&folder)
            .output()
            .expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), output.stdout)
    };
    std::fs::write(folder.join("bad.yaml"), "nas: 1\nnet: {}\n").expect("a spec");
    let _ = std::fs::remove_file(folder.join("none.html"));
    for (arguments, exit, says) in [
        (&["lenet5", "-o", "no/such/folder/page.html"][..], 2, "cannot write `no/such/folder/page.html`"),
        (&["lenet5", "-o", "page.svg"], 2, "end the file's name in .html"),
        (&["lenet6", "-o", "none.html"], 2, "did you mean `lenet5`?"),
        (&["lenet5", "bad.yaml", "-o", "none.html"], 3, "error["),
        (&["lenet5", "--batch", "0"], 2, "--batch"),
        (&["tiny-space", "--set", "nothing=1", "-o", "none.html"], 2, "E0311"),
        (&[], 2, "<SPEC>"),
    ] {
        let (code, told, _) = run(arguments);
        assert!(code == Some(exit) && told.contains(says), "{arguments:?}: {code:?} {told}");
    }
    assert!(!folder.join("none.html").exists(), "no page that leaves something out");
    let (code, told, page) = run(&["lenet5"]);
    assert_eq!((code, &*told), (Some(0), ""));
    assert!(page.starts_with(b"<!DOCTYPE html>"), "standard output without `-o`");
}

//! One visit of a page: the page written by the program, the browser on it, and at the end the promise that nothing went wrong.

use std::path::PathBuf;
use std::process::Command;

use crate::browser::Browser;
use crate::browser::program;

/// A folder for what the tests write.
pub(crate) fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes the page of some specs; gives its file.
pub(crate) fn page(name: &str, arguments: &[&str]) -> PathBuf {
    let file = folder().join(format!("{name}.html"));
    let output = Command::new(env!("CARGO_BIN_EXE_nas"))
        .arg("report")
        .args(arguments)
        .arg("-o")
        .arg(&file)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    file
}

/// Opens the page of some specs in a browser of the size of a desk's and lets `tour` use it; nothing may be told to the console and
/// nothing asked for. Without a browser nothing is toured.
#[expect(clippy::print_stderr, reason = "what is left out is said")]
pub(crate) fn visit(name: &str, arguments: &[&str], tour: impl FnOnce(&mut Browser)) {
    let Some(program) = program() else {
        assert!(std::env::var("NAS_BROWSER").as_deref() != Ok("required"), "there is no browser, and NAS_BROWSER=required");
        eprintln!("SKIPPED: {name}: no browser (chromium, chromium-browser, google-chrome) is installed; the page was not tried");
        return;
    };
    let file = page(name, arguments);
    let mut browser = Browser::start(program, &folder().join(format!("{name}-profile")));
    browser.media("screen", false);
    browser.resize([1280, 800], false);
    browser.open(&file, "");
    tour(&mut browser);
    assert_eq!(browser.faults(), Vec::<String>::new());
}

/// A file for a picture of what was seen.
pub(crate) fn picture(name: &str) -> PathBuf {
    folder().join(name)
}

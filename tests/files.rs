//! Files as a user has them: outputs onto links, files with a mode, pipes; specs that are not there beside specs that are.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn nas(args: &[&str], folder: &PathBuf) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nas")).args(args).current_dir(folder).output().expect("it runs")
}

#[test]
fn a_link_is_followed_and_a_mode_is_kept() {
    let folder = folder("link");
    let target = folder.join("target.json");
    std::fs::write(&target, "old").expect("a file");
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    std::os::unix::fs::symlink("target.json", folder.join("link.json")).expect("a link");
    assert!(nas(&["analyze", "lenet5", "-o", "link.json"], &folder).status.success());
    assert!(folder.join("link.json").is_symlink());
    assert!(std::fs::read_to_string(&target).expect("written").starts_with('{'));
    assert_eq!(std::fs::metadata(&target).expect("there").permissions().mode() & 0o777, 0o600);
    std::os::unix::fs::symlink("nothing.json", folder.join("dangling.json")).expect("a link");
    assert!(nas(&["analyze", "lenet5", "-o", "dangling.json"], &folder).status.success());
    assert!(folder.join("dangling.json").is_symlink() && folder.join("nothing.json").is_file());
    let left: Vec<_> = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left.len(), 4, "no temporary file stays: {left:?}");
}

/// `/dev/fd/1` is a pipe here: what is written reaches the reader.
#[test]
fn what_is_no_regular_file_is_written_to() {
    let output = nas(&["analyze", "lenet5", "--format", "csv", "-o", "/dev/stdout"], &folder("pipe"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"spec,"), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_spec_that_is_not_there_keeps_nobody_from_the_others() {
    for (form, begins) in
        [("human", "nas: there is no file"), ("json", "{\"severity\":\"error\""), ("github", "::error title=nas::")]
    {
        let output = nas(&["check", "nosuch.yaml", "lenet5", "--diagnostics", form], &folder(form));
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{form}");
        assert!(err.starts_with(begins) && err.lines().count() == 1, "{form}: {err}");
        assert!(out.contains("ok   lenet5") && out.contains("bad  nosuch.yaml"), "{form}: {out}");
    }
}

#[test]
fn a_denied_warning_is_in_the_verdict() {
    let folder = folder("denied");
    let spec = "nas: 1\nname: net\ninput: {image: [3, 8, 8]}\nvars: {idle: 3}\nnet: {a: {conv: 8}}\n";
    std::fs::write(folder.join("net.yaml"), spec).expect("a file");
    for (deny, state, code, more) in [(&[][..], "ok ", 0, ""), (&["--deny", "warnings"], "warn", 1, ", 1 with denied warnings")] {
        let output = nas(&[&["check", "net.yaml"], deny].concat(), &folder);
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code));
        assert!(out.contains(&format!("{state} ")) && out.ends_with(&format!("0 over budget{more}\n")), "{out}");
    }
}

//! The files of `specs/` and what is embedded of them; each is free of findings.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use nas::cli::BUILT_IN;

use crate::network;

#[test]
fn every_file_is_embedded_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let files: BTreeMap<String, String> = (std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "README.md")
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "yaml", "{}", path.display());
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    let embedded: BTreeMap<String, String> =
        BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(files, embedded);
    assert!(BUILT_IN.is_sorted_by_key(|(name, _)| *name));
}

#[test]
fn every_spec_bears_its_files_name_and_has_no_finding() {
    for (name, _) in BUILT_IN {
        let network = network::built_in(name);
        assert_eq!(network.spec.name, *name);
        assert!(network.found.is_empty(), "{name}: {:#?}", network.found);
    }
}

/// `nas check` fails on the three specs that are over the budget they state, and on no other.
#[test]
fn three_specs_are_over_their_budget() {
    for (name, _) in BUILT_IN {
        let check = ["check", name, "--deny", "warnings"];
        let status = Command::new(env!("CARGO_BIN_EXE_nas")).args(check).output().unwrap().status;
        let over = ["googlenet", "googlenet-naive", "googlenet-space"].contains(name);
        assert_eq!(status.code(), Some(i32::from(over)), "{name}");
    }
}

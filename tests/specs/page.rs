//! `specs/README.md` is what the analyzer says of every built-in spec; `NAS_UPDATE=1` rewrites it.

use std::path::Path;

use nas::cli::BUILT_IN;

use crate::network;

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(" ")
}

fn page() -> String {
    let mut page = String::from(
        "# Specs\n\n\
         Every file here is built in: `nas analyze resnet50` works without it. Multiply-adds and parameters are those of the main path at\n\
         the starting point, as `nas analyze` prints them; depth is the longest path, then all layers with weights. The last column is\n\
         the spec's own `doc`. This page is generated from the specs: `NAS_UPDATE=1 cargo test --test specs` rewrites it.\n\n\
         | spec | multiply-adds | parameters | depth | layers | input | what it is and what it was checked against |\n\
         |:--|--:|--:|--:|--:|:--|:--|\n",
    );
    for (name, _) in BUILT_IN {
        let network = network::built_in(name);
        let analysis = network.analysis();
        let doc = network.spec.doc.as_deref().unwrap_or_else(|| panic!("{name} does not say what it is"));
        page += &format!(
            "| [`{name}`]({name}.yaml) | {} | {} | {} | {} | {} | {} |\n",
            grouped(analysis.totals.madds),
            grouped(analysis.totals.params),
            analysis.depth.longest_path,
            analysis.depth.convolutions + analysis.depth.linear,
            network.input().map(|side| side.to_string()).join(" x "),
            doc.trim().replace('|', "\\|"),
        );
    }
    page
}

#[test]
fn the_table_of_specs_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/README.md");
    let page = page();
    if std::env::var_os("NAS_UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "specs/README.md is stale: NAS_UPDATE=1 cargo test --test specs, and read the difference\n{page}");
}

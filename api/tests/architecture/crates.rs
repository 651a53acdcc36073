//! Between crates: the server rests on the contract, the tables and the migrations, which know
//! nothing of each other, and the contract can live on a phone.

use std::collections::BTreeSet;
use std::path::Path;

/// Names under `[dependencies]`, `[dev-dependencies]`, `[build-dependencies]` and those for a
/// target; with `shipped` without those of tests.
fn dependencies(manifest: &str, shipped: bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            // `[dependencies.NAME]` is a table of its own.
            let (table, name) = match table.rsplit_once("dependencies.") {
                Some((before, name)) => (format!("{before}dependencies"), Some(name)),
                None => (table.to_owned(), None),
            };
            let counts = table.ends_with("dependencies") && !(shipped && table.contains("dev-"));
            inside = counts && name.is_none();
            names.extend(name.filter(|_| counts).map(str::to_owned));
        } else if inside
            && !line.starts_with('#')
            && let Some((name, _)) = line.split_once(['.', '=', ' '])
        {
            names.insert(name.trim_matches('"').to_owned());
        }
    }
    names
}

fn manifest_of(package: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(package).join("Cargo.toml")).unwrap()
}

#[test]
fn what_the_server_rests_on_knows_nothing_of_the_workspace() {
    let workspace = ["api", "entities", "migration", "mobile-contract", "acceptance"];
    for package in ["entities", "migration", "mobile-contract"] {
        let all = dependencies(&manifest_of(package), false);
        let known: Vec<_> = workspace.iter().filter(|name| all.contains(**name)).collect();
        assert!(known.is_empty(), "{package} knows {known:?}");
    }
    let api = dependencies(&manifest_of("api"), true);
    for package in ["entities", "migration", "mobile-contract"] {
        assert!(api.contains(package), "api no longer rests on {package}");
    }
    assert!(!api.contains("acceptance"));
}

#[test]
fn the_contract_needs_nothing_of_a_server() {
    let shipped = dependencies(&manifest_of("mobile-contract"), true);
    for name in ["tokio", "sea-orm", "sea-orm-migration", "axum", "async-graphql", "redis"] {
        assert!(!shipped.contains(name), "mobile-contract depends on {name}");
    }
    let entities = dependencies(&manifest_of("entities"), true);
    for name in ["tokio", "axum", "async-graphql"] {
        assert!(!entities.contains(name), "entities depends on {name}");
    }
}

#[test]
fn every_way_of_writing_a_dependency_is_read() {
    let manifest = r#"
[package]
name = "x"

[dependencies]
# a comment
tokio.workspace = true
serde = "1"
"quoted" = { path = "y" }

[dependencies.table]
version = "1"

[target.'cfg(unix)'.dependencies]
unix = "1"

[dev-dependencies]
proptest = "1"

[features]
default = []
"#;
    let names = |shipped| dependencies(manifest, shipped).into_iter().collect::<Vec<_>>();
    assert_eq!(names(true), ["quoted", "serde", "table", "tokio", "unix"]);
    assert_eq!(names(false), ["proptest", "quoted", "serde", "table", "tokio", "unix"]);
}

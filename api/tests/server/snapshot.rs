//! Files that are committed and read by people: a test compares them with what the code gives,
//! and rewrites them with `UPDATE_SNAPSHOTS=1`.

use std::path::Path;

use entities::enums::Role;

/// Compares a file, named from the root of the repository, with what it should hold.
pub fn assert_committed(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var("UPDATE_SNAPSHOTS").is_ok_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if committed == expected {
        return;
    }
    let only = |of: &str, not_of: &str, sign: char| {
        let other: Vec<&str> = not_of.lines().collect();
        let lines = of.lines().filter(|line| !other.contains(line));
        lines.take(40).map(|line| format!("{sign} {line}")).collect::<Vec<_>>().join("\n")
    };
    panic!(
        "{file} is not what the code gives. Review the difference; UPDATE_SNAPSHOTS=1 rewrites it.\n{}\n{}",
        only(&committed, expected, '-'),
        only(expected, &committed, '+'),
    );
}

/// The head of a table of who may do what: nobody, then each role.
pub fn role_heads() -> String {
    let heads = heads();
    role_line("", &heads.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A line of such a table.
pub fn role_line(name: &str, cells: &[&str]) -> String {
    let cells = cells.iter().zip(heads());
    let cells: Vec<String> =
        cells.map(|(cell, head)| format!("{cell:<width$}", width = head.len())).collect();
    format!("{name:<40} {}", cells.join(" ")).trim_end().to_owned()
}

fn heads() -> Vec<String> {
    std::iter::once("NOBODY".to_owned()).chain(Role::all().map(Role::code)).collect()
}

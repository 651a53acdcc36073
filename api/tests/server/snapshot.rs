//! Files that are committed and read by people: a test compares them with what the code gives,
//! and rewrites them with `UPDATE_SNAPSHOTS=1`.

use std::path::Path;

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
